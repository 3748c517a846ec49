//! The picture of a payment to be scanned. Anybody may embed it, and it dies with the payment
//! (ePayment API guide, QR payments).

use std::fmt::Write as _;

use axum::{
    extract::{RawQuery, State},
    http::{
        HeaderName, HeaderValue, StatusCode,
        header::{CACHE_CONTROL, CONTENT_TYPE},
    },
    response::{IntoResponse as _, Response},
};
use qrcode::{Color, EcLevel, QrCode};

use super::{
    answer::unknown_link,
    links::landing_url,
    visits::{dead, token_in},
};
use crate::{
    app::links::Stage,
    domain::payment::{Link, LinkKind, QrFormat},
    http::Edge,
};

/// How many squares of light a scanner needs around a code (ISO/IEC 18004).
const QUIET_ZONE: usize = 4;

/// How wide a picture of lines says it is. It can be drawn at any size.
const SVG_SIZE_PX: u16 = 1024;

pub(super) async fn image(State(edge): State<Edge>, RawQuery(query): RawQuery) -> Response {
    let token = token_in(query.as_deref()).unwrap_or_default();
    let followed = edge.mock.follow(&token);
    let Some((followed, visit)) = followed.and_then(|it| it.look().map(|visit| (it, visit))) else {
        return unknown_link();
    };
    let format = match visit.payment.link().map(Link::address).map(|it| it.kind) {
        Some(LinkKind::Code(format @ (QrFormat::Svg | QrFormat::Png { .. }))) => format,
        Some(LinkKind::Page | LinkKind::App(_) | LinkKind::Code(QrFormat::TargetUrl)) | None => {
            return unknown_link();
        }
    };
    if let Stage::Ended | Stage::Dead = visit.stage {
        return dead(&followed, &visit);
    }
    // An address that is too long for any code was not listened on.
    let Some(squares) = Squares::of(&landing_url(&edge, &token)) else { return unknown_link() };
    let (media_type, bytes) = match format {
        QrFormat::Png { size } => ("image/png", squares.png(size)),
        QrFormat::Svg | QrFormat::TargetUrl => ("image/svg+xml", Some(squares.svg().into())),
    };
    let headers: [(HeaderName, HeaderValue); 3] = [
        (CONTENT_TYPE, HeaderValue::from_static(media_type)),
        (CACHE_CONTROL, HeaderValue::from_static("no-store")),
        (
            HeaderName::from_static("cross-origin-resource-policy"),
            HeaderValue::from_static("cross-origin"),
        ),
    ];
    (StatusCode::OK, headers, bytes.unwrap_or_default()).into_response()
}

/// A code as a square of squares, row by row, true where it is dark.
struct Squares {
    width: usize,
    dark: Vec<bool>,
}

impl Squares {
    fn of(text: &str) -> Option<Self> {
        let code = QrCode::with_error_correction_level(text, EcLevel::M).ok()?;
        let width = code.width();
        let dark = code.into_colors().into_iter().map(|it| it == Color::Dark).collect();
        Some(Self { width, dark })
    }

    /// Its width with the light around it.
    fn outer_width(&self) -> usize {
        self.width + 2 * QUIET_ZONE
    }

    /// One path, in which every run of dark squares of a row is a rectangle.
    fn svg(&self) -> String {
        let mut path = String::new();
        for (y, row) in self.dark.chunks(self.width).enumerate() {
            let mut x = 0;
            for run in row.chunk_by(|left, right| left == right) {
                if run[0] {
                    let (left, top, length) = (x + QUIET_ZONE, y + QUIET_ZONE, run.len());
                    // Writing to a string does not fail.
                    let _ = write!(path, "M{left} {top}h{length}v1h-{length}z");
                }
                x += run.len();
            }
        }
        let width = self.outer_width();
        format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{SVG_SIZE_PX}\" \
             height=\"{SVG_SIZE_PX}\" viewBox=\"0 0 {width} {width}\" \
             shape-rendering=\"crispEdges\"><path fill=\"#fff\" d=\"M0 0h{width}v{width}H0z\"/>\
             <path d=\"{path}\"/></svg>\n"
        )
    }

    /// This many pixels wide and high, in black and white. Squares are of whole pixels, so what does
    /// not divide evenly is added to the light around.
    fn png(&self, size: u16) -> Option<Vec<u8>> {
        let size = usize::from(size);
        let scale = (size / self.outer_width()).max(1);
        let margin = size.saturating_sub(scale * self.width) / 2;
        let is_dark = |x: usize, y: usize| {
            let square = |pixel: usize| Some(pixel.checked_sub(margin)? / scale);
            let place =
                square(x).zip(square(y)).filter(|(x, y)| *x < self.width && *y < self.width);
            place.is_some_and(|(x, y)| self.dark[y * self.width + x])
        };
        // One bit a pixel, the leftmost first, and whole bytes a row.
        let row = |y: usize| {
            (0..size.div_ceil(8)).map(move |byte| {
                (0..8).fold(0_u8, |bits, bit| {
                    let x = 8 * byte + bit;
                    bits << 1 | u8::from(size <= x || !is_dark(x, y))
                })
            })
        };
        let pixels: Vec<u8> = (0..size).flat_map(row).collect();
        encode(u32::try_from(size).ok()?, &pixels)
    }
}

fn encode(size: u32, pixels: &[u8]) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, size, size);
    encoder.set_color(png::ColorType::Grayscale);
    encoder.set_depth(png::BitDepth::One);
    let mut writer = encoder.write_header().ok()?;
    writer.write_image_data(pixels).ok()?;
    writer.finish().ok()?;
    Some(bytes)
}
