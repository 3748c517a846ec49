//! How uploaded images stand in a snapshot: their bytes as base64 text.

use std::{collections::HashMap, sync::Arc};

use base64::{Engine as _, prelude::BASE64_STANDARD};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use crate::domain::{
    Image, ImageId,
    image::{ImageFormat, Picture},
};

#[derive(Serialize, Deserialize)]
struct Kept {
    id: ImageId,
    format: ImageFormat,
    measures_px: (usize, usize),
    base64: String,
}

type Images = HashMap<ImageId, Arc<Image>>;

pub(super) fn serialize<S: Serializer>(images: &Images, serializer: S) -> Result<S::Ok, S::Error> {
    let mut images: Vec<_> = images.values().collect();
    images.sort_by_key(|image| image.id.as_str());
    serializer.collect_seq(images.into_iter().map(|image| Kept {
        id: image.id.clone(),
        format: image.picture.format(),
        measures_px: image.picture.measures_px(),
        base64: BASE64_STANDARD.encode(image.picture.bytes()),
    }))
}

pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Images, D::Error> {
    let images = Vec::<Kept>::deserialize(deserializer)?;
    images.into_iter().map(|kept| Ok((kept.id.clone(), Arc::new(kept.image()?)))).collect()
}

impl Kept {
    fn image<E: de::Error>(self) -> Result<Image, E> {
        let bytes = BASE64_STANDARD.decode(self.base64).map_err(E::custom)?;
        let picture = Picture::new(self.format, self.measures_px, bytes).map_err(E::custom)?;
        Ok(Image { id: self.id, picture })
    }
}
