//! Order management: the receipt the passenger sees in the app, and the link beside it.

use std::fmt::Write as _;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};
use serde_json::json;
use sha2::{Digest as _, Sha256};

use super::Client;
use super::call::Call;
use crate::taxi::error::Error;
use crate::taxi::receipt::Receipt;
use crate::taxi::reference::Reference;

/// What order management holds for a payment.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Order {
    /// The receipt, once there is one. It never changes.
    pub receipt: Option<Receipt>,
    /// The link, once there is one. It can be replaced.
    pub category: Option<Link>,
}

/// A button in the app that leads to a page of ours.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Link {
    /// What is behind it: for a taxi, `RECEIPT`.
    pub category: String,
    /// The page. It opens in an ordinary browser, where nobody is logged in.
    pub order_details_url: String,
    /// An image that was uploaded before.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub image_id: Option<ImageId>,
}

/// The name of an image, made of what is in it: the same image is never uploaded under two names,
/// and one that changed gets another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ImageId(String);

impl ImageId {
    /// The name of these bytes.
    #[must_use]
    pub fn of(bytes: &[u8]) -> Self {
        let mut text = String::new();
        for byte in Sha256::digest(bytes) {
            // Writing to a string cannot fail.
            let _ = write!(text, "{byte:02x}");
        }
        Self(text)
    }
}

impl Link {
    /// A link to the full receipt, with all that the law wants on it.
    #[must_use]
    pub fn to_receipt(url: impl Into<String>, image_id: Option<ImageId>) -> Self {
        Self { category: "RECEIPT".to_owned(), order_details_url: url.into(), image_id }
    }
}

impl Client {
    /// Stores the receipt of a payment, once and for all.
    ///
    /// # Errors
    ///
    /// See [`Error`]; 409 when a receipt is stored already, 400 when lines do not add up.
    pub async fn post_receipt(
        &self,
        reference: &Reference,
        receipt: &Receipt,
    ) -> Result<(), Error> {
        let path = ["order-management", "v2", "ecom", "receipts", reference.as_str()];
        // Without a key, but a repetition is harmless: it is answered with 409.
        self.send(&Call::post(path).json(receipt)?).await.map(drop)
    }

    /// Reads back what is stored for a payment.
    ///
    /// # Errors
    ///
    /// See [`Error`]; 404 when nothing is stored.
    pub async fn order(&self, reference: &Reference) -> Result<Order, Error> {
        let call = Call::get(["order-management", "v2", "ecom", reference.as_str()]);
        self.send(&call).await?.json()
    }

    /// Shows a link beside the receipt, in place of an earlier one.
    ///
    /// # Errors
    ///
    /// See [`Error`]; 404 when its image was not uploaded.
    pub async fn put_link(&self, reference: &Reference, link: &Link) -> Result<(), Error> {
        let path = ["order-management", "v2", "ecom", "categories", reference.as_str()];
        self.send(&Call::put(path).json(link)?).await.map(drop)
    }

    /// Shows a link, and goes without its image rather than without the link.
    ///
    /// Says whether the image is shown.
    ///
    /// # Errors
    ///
    /// See [`Error`].
    pub async fn put_link_at_least(
        &self,
        reference: &Reference,
        link: &Link,
    ) -> Result<bool, Error> {
        match self.put_link(reference, link).await {
            // Which of the two a missing image is answered with is nowhere published.
            Err(error) if link.image_id.is_some() && matches!(error.status(), Some(400 | 404)) => {
                let plain = Link { image_id: None, ..link.clone() };
                self.put_link(reference, &plain).await.map(|()| false)
            }
            shown => shown.map(|()| link.image_id.is_some()),
        }
    }

    /// Uploads a PNG or JPEG of at least 167 pixels in height and at most 2 MB.
    ///
    /// # Errors
    ///
    /// See [`Error`]; 400 when the image is none of that. One that is there already is no error:
    /// its name says that it is the same.
    pub async fn post_image(&self, bytes: &[u8]) -> Result<ImageId, Error> {
        let id = ImageId::of(bytes);
        let body = json!({ "imageId": id, "src": STANDARD.encode(bytes), "type": "base64" });
        let call = Call::post(["order-management", "v1", "images"]).json(&body)?;
        match self.send(&call).await {
            Err(error) if error.status() != Some(409) => Err(error),
            _ => Ok(id),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::taxi::clock::fake::FakeClock;
    use crate::taxi::stand_in::{Reply, StandIn};

    #[tokio::test]
    async fn an_image_that_is_there_already_is_the_same() {
        let server = StandIn::start(|_| Reply::Json(409, json!({"title": "Conflict"}))).await;
        let id = server.client(FakeClock::new()).post_image(b"abc").await.unwrap();
        let sha = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(id, ImageId(sha.to_owned()));
    }

    #[tokio::test]
    async fn a_link_is_shown_without_an_image_that_is_not_there() {
        let server = StandIn::start(|asked| match asked.json().get("imageId") {
            Some(_) => Reply::Json(404, json!({"title": "Not Found", "detail": "no image"})),
            None => Reply::Json(200, json!("16328cb8-d769-4c53-90ad-e19777823f0a")),
        })
        .await;
        let client = server.client(FakeClock::new());
        let reference = "ride-0001-1".parse().unwrap();
        let link = Link::to_receipt("https://taxi.example/r/1", Some(ImageId::of(b"abc")));
        assert!(!client.put_link_at_least(&reference, &link).await.unwrap());
        assert!(client.put_link(&reference, &link).await.is_err());
    }
}
