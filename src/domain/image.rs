//! Images, which are uploaded once and shown with any number of orders.

use std::{fmt, str::FromStr, sync::Arc};

use serde::{Deserialize, Serialize};

/// The merchant's name for an image: 1 to 128 letters, digits, `-`, `_` and `.`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct ImageId(Arc<str>);

/// The text is not a valid [`ImageId`].
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("an image id is 1 to 128 letters, digits, hyphens, underscores and full stops")]
pub struct InvalidImageId;

/// The pattern of an image id, as the Order Management API description writes it.
pub const IMAGE_ID_PATTERN: &str = r"^[0-9A-Za-z-_\.]+$";

/// The longest image id, in characters.
pub const IMAGE_ID_LENGTH_MAX: usize = 128;

/// The lowest image, in pixels (Order Management API description, `Image`).
pub const HEIGHT_MIN_PX: usize = 167;

/// The largest image, in bytes. The description says 2 MB; this is the larger reading of it.
pub const SIZE_MAX_BYTES: usize = 2 * 1024 * 1024;

/// An image: a picture under its name. Immutable once stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Image {
    /// The merchant's name for it.
    pub id: ImageId,
    /// What is to be seen.
    pub picture: Picture,
}

/// A picture that may be shown: high enough, and not too large.
#[derive(Clone, PartialEq, Eq)]
pub struct Picture {
    format: ImageFormat,
    width_px: usize,
    height_px: usize,
    bytes: Arc<[u8]>,
}

/// What an image's bytes are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum ImageFormat {
    /// PNG.
    Png,
    /// JPEG.
    Jpeg,
}

/// Why an image may not be shown.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ImageError {
    /// It is too low.
    #[error("the image height must be at least {HEIGHT_MIN_PX} pixels, and is {height_px}")]
    TooLow {
        /// How high it is.
        height_px: usize,
    },
    /// It is too large.
    #[error("the image size must be at most {SIZE_MAX_BYTES} bytes (2 MB), and is {bytes}")]
    TooLarge {
        /// How large it is.
        bytes: usize,
    },
}

impl Picture {
    /// A picture of these bytes, whose format and measures somebody has read from them.
    ///
    /// # Errors
    ///
    /// [`ImageError`] when it is too low or too large.
    pub fn new(
        format: ImageFormat,
        (width_px, height_px): (usize, usize),
        bytes: Vec<u8>,
    ) -> Result<Self, ImageError> {
        check_size(bytes.len())?;
        if height_px < HEIGHT_MIN_PX {
            return Err(ImageError::TooLow { height_px });
        }
        Ok(Self { format, width_px, height_px, bytes: bytes.into() })
    }

    /// What its bytes are.
    #[must_use]
    pub fn format(&self) -> ImageFormat {
        self.format
    }

    /// Width and height in pixels.
    #[must_use]
    pub fn measures_px(&self) -> (usize, usize) {
        (self.width_px, self.height_px)
    }

    /// Its bytes.
    #[must_use]
    pub fn bytes(&self) -> &Arc<[u8]> {
        &self.bytes
    }
}

/// Whether an image may have this many bytes, before anybody looks at them.
///
/// # Errors
///
/// [`ImageError::TooLarge`].
pub fn check_size(bytes: usize) -> Result<(), ImageError> {
    if SIZE_MAX_BYTES < bytes { Err(ImageError::TooLarge { bytes }) } else { Ok(()) }
}

impl ImageFormat {
    /// The media type.
    #[must_use]
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Png => "image/png",
            Self::Jpeg => "image/jpeg",
        }
    }
}

impl ImageId {
    /// The text of the id.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for ImageId {
    type Err = InvalidImageId;

    fn from_str(text: &str) -> Result<Self, InvalidImageId> {
        let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
        if (1..=IMAGE_ID_LENGTH_MAX).contains(&text.len()) && text.bytes().all(allowed) {
            Ok(Self(text.into()))
        } else {
            Err(InvalidImageId)
        }
    }
}

impl fmt::Display for ImageId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for Picture {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Picture")
            .field("format", &self.format)
            .field("width_px", &self.width_px)
            .field("height_px", &self.height_px)
            .field("bytes", &self.bytes.len())
            .finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn picture(height_px: usize, bytes: usize) -> Result<Picture, ImageError> {
        Picture::new(ImageFormat::Png, (400, height_px), vec![0; bytes])
    }

    #[test]
    fn a_picture_is_high_enough_and_not_too_large() {
        assert!(picture(HEIGHT_MIN_PX, SIZE_MAX_BYTES).is_ok());
        assert_eq!(picture(166, 10), Err(ImageError::TooLow { height_px: 166 }));
        let bytes = SIZE_MAX_BYTES + 1;
        assert_eq!(picture(200, bytes), Err(ImageError::TooLarge { bytes }));
    }

    #[test]
    fn image_id_accepts_only_the_documented_shape() {
        let longest = "i".repeat(128);
        let too_long = "i".repeat(129);
        let cases = [
            ("logo_v1.2-a", true),
            (longest.as_str(), true),
            (too_long.as_str(), false),
            ("", false),
            ("logo v1", false),
        ];
        for (text, valid) in cases {
            assert_eq!(text.parse::<ImageId>().is_ok(), valid, "{text}");
        }
    }
}
