//! Images as a merchant uploads them.

use std::str::FromStr;

use cucumber::Parameter;

use crate::conformance::failure::Failure;

/// The bytes of an image, `a PNG of 200 pixels`, that is of this height.
///
/// Only what tells format and height is there: whoever looked further would find nothing.
#[derive(Debug, Clone, PartialEq, Eq, Parameter)]
#[param(name = "picture", regex = r"a (?:PNG|JPEG|GIF) of \d+ pixels|a PNG of \d+ bytes|a text")]
pub(in crate::conformance) struct Picture(pub(in crate::conformance) Vec<u8>);

impl FromStr for Picture {
    type Err = Failure;

    fn from_str(text: &str) -> Result<Self, Failure> {
        let wrong = || Failure::new(format!("there is no image like {text}"));
        let words: Vec<_> = text.split(' ').collect();
        let [_, format, _, number, unit] = words[..] else {
            return if text == "a text" { Ok(Self(b"Taxi".to_vec())) } else { Err(wrong()) };
        };
        let number: u16 =
            if unit == "bytes" { 200 } else { number.parse().map_err(|_| wrong())? };
        let mut bytes = match format {
            "PNG" => png(number),
            "JPEG" => jpeg(number),
            "GIF" => b"GIF89a\x90\x01\x90\x01\0\0\0".to_vec(),
            _ => return Err(wrong()),
        };
        if unit == "bytes" {
            bytes.resize(words[3].parse().map_err(|_| wrong())?, 0);
        }
        Ok(Self(bytes))
    }
}

/// The signature, and the header with width and height.
fn png(height: u16) -> Vec<u8> {
    let mut bytes = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\x01\x90\0\0".to_vec();
    bytes.extend(height.to_be_bytes());
    bytes.extend([8, 6, 0, 0, 0, 0, 0, 0, 0]);
    bytes
}

/// The start, and the frame header with height and width.
fn jpeg(height: u16) -> Vec<u8> {
    let mut bytes = b"\xff\xd8\xff\xe0\0\x10JFIF\0\x01\x01\0\0\x01\0\x01\0\0".to_vec();
    bytes.extend(b"\xff\xc0\0\x11\x08");
    bytes.extend(height.to_be_bytes());
    bytes.extend([1, 144, 3, 1, 0x22, 0, 2, 0x11, 1, 3, 0x11, 1, 0xff, 0xd9]);
    bytes
}
