//! Codes to scan: the pictures are what they say they are, and a scanner reads them.

use axum::{body::Body, http::Request};
use serde_json::json;

use crate::support::TestMock;

/// The width of a picture, and what a scanner reads in it.
fn read(picture: &[u8]) -> (u32, String) {
    assert_eq!(picture[..8], *b"\x89PNG\r\n\x1a\n");
    let mut reader = png::Decoder::new(std::io::Cursor::new(picture)).read_info().unwrap();
    let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
    let info = reader.next_frame(&mut pixels).unwrap();
    assert_eq!((info.width, info.bit_depth), (info.height, png::BitDepth::One));
    let bit = |x: usize, y: usize| pixels[y * info.line_size + x / 8] >> (7 - x % 8) & 1;
    (info.width, scan(info.width as usize, |x, y| bit(x, y) == 0))
}

fn scan(width: usize, is_dark: impl Fn(usize, usize) -> bool) -> String {
    let grey = |x, y| if is_dark(x, y) { 0 } else { 255 };
    let mut image = rqrr::PreparedImage::prepare_from_greyscale(width, width, grey);
    let codes = image.detect_grids();
    assert_eq!(codes.len(), 1, "codes in the picture");
    codes[0].decode().unwrap().1
}

#[tokio::test]
async fn pictures_of_pixels_say_where_to_pay() {
    let mock = TestMock::start().await;
    for size in [100, 101, 512, 1024, 2000] {
        let reference = format!("ride-{size:04}");
        let format = json!({"format": "IMAGE/PNG", "size": size});
        let link = mock.link(&reference, json!({"userFlow": "QR", "qrFormat": format})).await;
        let request = Request::get(&link).body(Body::empty()).unwrap();
        let (status, headers, picture) = mock.send_for_bytes(request).await;
        assert_eq!((status.as_u16(), headers["content-type"].as_bytes()), (200, &b"image/png"[..]));
        assert_eq!(headers["cross-origin-resource-policy"], "cross-origin");
        let (width, text) = read(&picture);
        assert_eq!(width, size);
        let target = link.replace("/qr-image/v1?", "/?");
        assert_eq!(text, format!("http://mock.test{target}"));
        assert!(mock.look(&target).await.text.contains("NOK 345.92"));
    }
}

#[tokio::test]
async fn picture_of_lines_says_where_to_pay() {
    let mock = TestMock::start().await;
    let link = mock.link("ride-0001", json!({"userFlow": "QR"})).await;
    let picture = mock.look(&link).await.text;
    let width = picture.split("viewBox=\"0 0 ").nth(1).unwrap().split(' ').next().unwrap();
    let width: usize = width.parse().unwrap();
    let path = picture.split("<path d=\"").nth(1).unwrap().split('"').next().unwrap();
    let mut dark = vec![false; width * width];
    for run in path.split('M').skip(1) {
        let numbers: Vec<usize> =
            run.split([' ', 'h', 'v']).take(3).map(|it| it.parse().unwrap()).collect();
        let start = numbers[1] * width + numbers[0];
        dark[start..start + numbers[2]].fill(true);
    }
    let scale = 4;
    let text = scan(width * scale, |x, y| dark[y / scale * width + x / scale]);
    assert_eq!(text, format!("http://mock.test{}", link.replace("/qr-image/v1?", "/?")));
}

#[tokio::test]
async fn only_payments_to_be_scanned_have_a_picture_and_only_while_they_wait() {
    let mock = TestMock::start().await;
    let web = mock.link("ride-0001", json!({})).await;
    assert_eq!(mock.look(&web.replace("/?", "/qr-image/v1?")).await.status, 404);
    let qr = mock.link("ride-0002", json!({"userFlow": "QR"})).await;
    assert_eq!(mock.look(&qr).await.status, 200);
    mock.unit().approve(&"ride-0002".parse().unwrap()).unwrap();
    assert_eq!(mock.look(&qr).await.status, 410);
}
