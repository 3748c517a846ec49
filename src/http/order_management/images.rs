//! Images: base64 text that must be a PNG or a JPEG, whatever it is called.

use axum::body::Bytes;
use base64::{Engine as _, engine::general_purpose::STANDARD};
use imagesize::{ImageSize, ImageType, blob_size, image_type};
use serde::Serialize;

use super::{headers::Begun, link_body::image_id};
use crate::{
    domain::{
        Image,
        image::{ImageError, ImageFormat, Picture, check_size},
    },
    http::{
        error::{ApiError, sentence},
        json::Json,
        schema::{Check, Node, Rule},
        unit::Unit,
    },
};

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ImageReply {
    image_id: String,
}

pub(super) async fn upload(
    unit: Unit,
    Begun(mut check): Begun,
    body: Bytes,
) -> Result<Json<ImageReply>, ApiError> {
    let json = check.json(&body);
    let image = json.as_ref().and_then(|json| image(&mut check, &Node::root(json)));
    let (image, _) = check.finish(image)?;
    let id = unit.post_image(image)?;
    Ok(Json(ImageReply { image_id: id.to_string() }))
}

/// What is wrong with the bytes is said whatever is wrong with the id, and the other way round.
fn image(check: &mut Check, root: &Node<'_>) -> Option<Image> {
    check.members(root, "Image", &["imageId", "src", "type"])?;
    let id = check.required(root, "imageId").and_then(|it| image_id(check, it));
    let words = [("base64", ())];
    let kind = check.required(root, "type").and_then(|it| check.word(it, "ImageType", words));
    let picture = check.required(root, "src").and_then(|src| {
        let picture = picture(check.string(src)?);
        picture.map_err(|text| check.fail_at(&src, Rule::Said(text))).ok()
    });
    kind?;
    Some(Image { id: id?, picture: picture? })
}

/// Looks at the first bytes for what they are and how high they are.
fn picture(src: &str) -> Result<Picture, String> {
    let said = |error: ImageError| sentence(&error.to_string());
    let unknown = || "The image must be a PNG or a JPEG.".to_owned();
    let bytes = STANDARD
        .decode(src)
        .map_err(|_| "The field Src must be the bytes of an image in base64.".to_owned())?;
    // First of all: a large file need not be read to be refused.
    check_size(bytes.len()).map_err(said)?;
    let format = match image_type(&bytes) {
        Ok(ImageType::Png) => ImageFormat::Png,
        Ok(ImageType::Jpeg) => ImageFormat::Jpeg,
        Ok(_) | Err(_) => return Err(unknown()),
    };
    let ImageSize { width, height } = blob_size(&bytes).map_err(|_| unknown())?;
    Picture::new(format, (width, height), bytes).map_err(said)
}
