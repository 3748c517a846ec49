//! Order management: the receipt the passenger sees in the app.

use serde::Deserialize;

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
}
