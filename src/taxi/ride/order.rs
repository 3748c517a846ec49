//! What the passenger ordered in the taxi app.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::taxi::client::CreatePayment;
use crate::taxi::client::wire::UserFlow;
use crate::taxi::fare::{Fare, ReceiptDetails};
use crate::taxi::money::Amount;
use crate::taxi::phone::Phone;
use crate::taxi::receipt::Receipt;
use crate::taxi::reference::{Attempt, Purpose, RideKey};

/// A ride, and how it is to be paid.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RideOrder {
    /// What the payment is named after.
    pub ride: RideKey,
    /// The number the passenger ordered with, where the request for payment goes.
    pub phone: Phone,
    /// What the ride costs, and what the passenger gives on top.
    pub fare: Fare,
    /// How much the passenger is asked to approve.
    pub reserve: Reserve,
    /// Which attempt to begin with: 1, or more if earlier ones were declined.
    pub attempt: u8,
    /// Which car, for the receipt.
    pub vehicle: Option<String>,
    /// Whether this is about the ride or about its tip alone.
    pub purpose: Purpose,
    /// How the passenger is asked.
    #[serde(default)]
    pub reach: Reach,
    /// When the ride is to begin, if it was ordered ahead.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pick_up: Option<Timestamp>,
}

/// How the passenger is asked to pay.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Reach {
    /// By a request that is pushed to the phone. The sales unit must be allowed to.
    #[default]
    Push,
    /// By a code on a screen of ours, which needs no number.
    Qr,
    /// In the taxi company's app or page, which the payment returns to at this address.
    Redirect(String),
}

/// How much the passenger is asked to approve.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Reserve {
    /// The fare: the ride is over, or its price was agreed.
    Final,
    /// More than the fare will be: the ride has not ended. What is not used is released.
    Estimate(Amount),
}

/// Under which name our note of the ride goes into the payment.
const RIDE_NOTE: &str = "rideId";

impl RideOrder {
    /// An order whose fare is known, to be paid at the first attempt.
    #[must_use]
    pub fn new(ride: RideKey, phone: Phone, fare: Fare) -> Self {
        let (reserve, purpose) = (Reserve::Final, Purpose::Fare);
        Self {
            ride,
            phone,
            fare,
            reserve,
            attempt: 1,
            vehicle: None,
            purpose,
            reach: Reach::Push,
            pick_up: None,
        }
    }

    /// The order of the tip alone, for which the ride's payment had no room.
    #[must_use]
    pub fn of_tip(&self, tip: Fare) -> Self {
        let (reserve, purpose) = (Reserve::Final, Purpose::Tip);
        Self { fare: tip, reserve, attempt: 1, purpose, ..self.clone() }
    }

    /// The attempt of this number to get it paid.
    #[must_use]
    pub fn attempt(&self, number: u8) -> Attempt {
        match self.purpose {
            Purpose::Fare => self.ride.attempt(number),
            Purpose::Extra => self.ride.extra(number),
            Purpose::Tip => self.ride.tip(number),
        }
    }

    /// What is taken out of a reservation of this sum: the fare with its tip, or without when
    /// there is no room for both.
    #[must_use]
    pub fn charge(&self, reserved: Amount) -> Fare {
        if self.fare.to_pay().value() <= reserved.value() {
            self.fare.clone()
        } else {
            self.fare.without_tip()
        }
    }

    /// What the passenger is asked to approve.
    #[must_use]
    pub fn reservation(&self) -> Amount {
        match self.reserve {
            Reserve::Final => self.fare.to_pay(),
            Reserve::Estimate(amount) => amount,
        }
    }

    /// The order of an extra payment, or of the tip, of this sum.
    #[must_use]
    pub fn also(&self, purpose: Purpose, fare: Fare, reach: Reach) -> Self {
        let reserve = Reserve::Final;
        Self { fare, reserve, attempt: 1, purpose, reach, ..self.clone() }
    }

    /// The request for payment. No receipt in it: it could not be changed if the fare is.
    #[must_use]
    pub fn payment(&self, attempt: &Attempt) -> CreatePayment {
        let ride = &self.ride;
        let mut notes = Map::new();
        notes.insert(RIDE_NOTE.to_owned(), Value::from(ride.as_str()));
        let description = match (self.purpose, self.reserve) {
            (Purpose::Tip, _) => format!("Tip for taxi ride {ride}"),
            (Purpose::Extra, _) => format!("Taxi ride {ride}: what is still owed"),
            (Purpose::Fare, Reserve::Final) => format!("Taxi ride {ride}"),
            (Purpose::Fare, Reserve::Estimate(_)) => {
                format!("Taxi ride {ride}: a temporary hold, only the fare is charged")
            }
        };
        let phone = self.phone.clone();
        let mut payment = CreatePayment {
            payment_description: Some(description),
            metadata: notes,
            ..CreatePayment::push(attempt.reference(), self.reservation(), phone)
        };
        match &self.reach {
            Reach::Push => {}
            // Whoever holds the device is the customer, so no number is sent.
            Reach::Qr => {
                payment.user_flow = UserFlow::Qr;
                payment.customer = None;
            }
            Reach::Redirect(return_url) => {
                payment.user_flow = UserFlow::WebRedirect;
                payment.return_url = Some(return_url.clone());
                payment.customer = None;
            }
        }
        payment
    }

    /// Whether a payment with these notes was asked for by this ride.
    pub(super) fn wrote(&self, notes: Option<&Map<String, Value>>) -> bool {
        let note = notes.and_then(|notes| notes.get(RIDE_NOTE)).and_then(Value::as_str);
        note == Some(self.ride.as_str())
    }

    /// The receipt of what is taken.
    #[must_use]
    pub fn receipt(&self, charge: &Fare) -> Receipt {
        charge.receipt(ReceiptDetails {
            vehicle: self.vehicle.clone(),
            receipt_number: Some(self.ride.as_str().to_owned()),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn order() -> RideOrder {
        let fare = Fare::taxi_ride(Amount::nok(34592)).unwrap();
        let phone = "4790000001".parse().unwrap();
        RideOrder::new("ride-0001".parse().unwrap(), phone, fare)
    }

    #[test]
    fn the_request_asks_for_the_fare_or_for_the_estimate() {
        let exact = order();
        let attempt = exact.ride.attempt(1);
        assert_eq!(exact.payment(&attempt).amount, Amount::nok(34592));

        let estimate = RideOrder { reserve: Reserve::Estimate(Amount::nok(50000)), ..exact };
        insta::assert_json_snapshot!(estimate.payment(&attempt), @r#"
        {
          "amount": {
            "currency": "NOK",
            "value": 50000
          },
          "paymentMethod": {
            "type": "WALLET"
          },
          "customer": {
            "phoneNumber": "4790000001"
          },
          "customerInteraction": "CUSTOMER_PRESENT",
          "reference": "ride-0001-1",
          "userFlow": "PUSH_MESSAGE",
          "paymentDescription": "Taxi ride ride-0001: a temporary hold, only the fare is charged",
          "metadata": {
            "rideId": "ride-0001"
          }
        }
        "#);
    }

    #[test]
    fn a_tip_is_taken_with_the_fare_where_there_is_room() {
        let plain = order();
        let fare = plain.fare.clone().with_tip(Amount::nok(3459)).unwrap();
        let order = RideOrder { fare, ..plain };
        assert_eq!(order.reservation(), Amount::nok(38051));
        assert_eq!(order.charge(Amount::nok(38051)).to_pay(), Amount::nok(38051));
        assert_eq!(order.charge(Amount::nok(38050)).to_pay(), Amount::nok(34592));
    }

    #[test]
    fn a_description_is_never_too_long_for_the_api() {
        let ride = "r".repeat(37).parse().unwrap();
        let reserve = Reserve::Estimate(Amount::nok(50000));
        let order = RideOrder { ride, reserve, ..order() };
        let description = order.payment(&order.ride.attempt(1)).payment_description.unwrap();
        assert!(description.len() <= 100, "{description}");
    }

    #[test]
    fn a_ride_knows_its_own_payments_by_their_note() {
        let order = order();
        let notes = order.payment(&order.ride.attempt(1)).metadata;
        assert!(order.wrote(Some(&notes)));
        assert!(!order.wrote(Some(&Map::new())));
        assert!(!order.wrote(None));
    }
}
