//! Images: uploaded once under an id, and there for every order.

use std::sync::Arc;

use super::OrderError;
use crate::{
    app::{facts::Fact, unit::SalesUnit},
    domain::{Image, ImageId},
};

impl SalesUnit {
    /// Stores an image.
    ///
    /// # Errors
    ///
    /// [`OrderError::ImageExists`] or [`OrderError::Full`]; then nothing has changed.
    pub fn post_image(&self, image: Image) -> Result<ImageId, OrderError> {
        self.change(|change| {
            let id = image.id.clone();
            if change.state.orders.image(&id).is_some() {
                return Err(OrderError::ImageExists(id));
            }
            change.state.orders.room_for_image(&image)?;
            change.state.orders.put_image(image);
            change.note(Fact::Image { id: id.clone() });
            Ok(id)
        })
    }

    /// The image of this id.
    ///
    /// # Errors
    ///
    /// [`OrderError::UnknownImage`].
    pub fn image(&self, id: &ImageId) -> Result<Arc<Image>, OrderError> {
        self.look(|state, _| state.orders.image(id).cloned())
            .ok_or_else(|| OrderError::UnknownImage(id.clone()))
    }
}
