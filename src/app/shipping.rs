//! Express with options that the merchant is asked for: what it is asked, and what it answers
//! (ePayment API description, dynamic options; ePayment API guide, Express).

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use tokio::sync::oneshot;

use super::{
    facts::Fact,
    payments::{CommandError, Wish},
    unit::{Change, SalesUnit},
};
use crate::domain::{
    Address, Amount, Reference, ShippingError,
    shipping::{Callback, ShippingBrand, ShippingGroup, ShippingOption, ShippingType},
};

/// How the members of the callback's body are written.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum CallbackCasing {
    /// `addressLine1`: as has been seen on the wire.
    #[default]
    Camel,
    /// `AddressLine1`: as the description has it.
    Pascal,
}

/// A question to a merchant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CallbackRequest {
    /// Where to.
    pub url: Arc<str>,
    /// What stands in the `Authorization` header, if anything does.
    pub token: Option<Arc<str>>,
    /// The exact bytes.
    pub body: Arc<str>,
}

/// What came back: a status and a body, or why nothing did.
pub type CallbackAnswer = Result<(u16, Vec<u8>), String>;

/// A customer who waits for the merchant's options.
#[derive(Debug)]
pub(super) struct ShippingCall {
    pub(super) reference: Reference,
    pub(super) wish: Wish,
    pub(super) request: CallbackRequest,
    /// Who wants to know what becomes of it.
    pub(super) reply: Option<oneshot::Sender<Result<(), CommandError>>>,
}

/// What the merchant is asked. The reference is written alike in both casings.
#[derive(Serialize)]
struct CamelBody<'a> {
    reference: &'a str,
    #[serde(rename = "addressLine1")]
    line1: &'a str,
    #[serde(rename = "addressLine2")]
    line2: Option<&'a str>,
    city: &'a str,
    #[serde(rename = "postCode")]
    post_code: &'a str,
    country: &'a str,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct PascalBody<'a> {
    #[serde(rename = "reference")]
    reference: &'a str,
    #[serde(rename = "AddressLine1")]
    line1: &'a str,
    #[serde(rename = "AddressLine2")]
    line2: Option<&'a str>,
    city: &'a str,
    post_code: &'a str,
    country: &'a str,
}

impl CallbackRequest {
    pub(super) fn new(
        callback: &Callback,
        reference: &Reference,
        address: &Address,
        casing: CallbackCasing,
    ) -> Self {
        let Address { line1, line2, city, post_code, country } = address;
        let (reference, line2) = (reference.as_str(), line2.as_deref());
        let body = match casing {
            CallbackCasing::Camel => serde_json::to_string(&CamelBody {
                reference,
                line1,
                line2,
                city,
                post_code,
                country,
            }),
            CallbackCasing::Pascal => {
                let body = PascalBody { reference, line1, line2, city, post_code, country };
                serde_json::to_string(&body)
            }
        };
        // Strings always serialise.
        let body = body.unwrap_or_default().into();
        Self { url: callback.url.clone(), token: callback.token.clone(), body }
    }
}

#[derive(Deserialize)]
struct AnswerBody {
    groups: Vec<GroupBody>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct GroupBody {
    r#type: String,
    brand: String,
    is_default: Option<bool>,
    priority: Option<i64>,
    options: Vec<OptionBody>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct OptionBody {
    id: String,
    amount: CostBody,
    name: String,
    is_default: Option<bool>,
    priority: Option<i64>,
    meta: Option<String>,
    estimated_delivery: Option<String>,
}

#[derive(Deserialize)]
struct CostBody {
    currency: String,
    value: u64,
}

/// What the merchant offers, in the currency of the payment.
///
/// # Errors
///
/// [`ShippingError`] when it does not ship there, or its answer is none.
pub(super) fn read_offer(
    answer: &CallbackAnswer,
    price: Amount,
) -> Result<Vec<ShippingGroup>, ShippingError> {
    let failed = |reason: String| ShippingError::CallbackFailed(reason.into());
    let body = match answer {
        Ok((200, body)) => body,
        Ok((400, _)) => return Err(ShippingError::NotShippedThere),
        Ok((status, _)) => return Err(failed(format!("it answered {status}"))),
        Err(reason) => return Err(failed(reason.clone())),
    };
    let mut json = serde_json::Deserializer::from_slice(body);
    let answer: AnswerBody = serde_path_to_error::deserialize(&mut json)
        .map_err(|error| failed(format!("{}: {}", error.path(), error.inner())))?;
    let groups = answer.groups.into_iter().map(|group| group.read(price));
    groups.collect::<Result<_, _>>().map_err(failed)
}

impl GroupBody {
    fn read(self, price: Amount) -> Result<ShippingGroup, String> {
        let kind = ShippingType::ALL.into_iter().find(|it| it.code() == self.r#type);
        let brand = ShippingBrand::ALL.into_iter().find(|it| it.code() == self.brand);
        let options = self.options.into_iter().map(|option| option.read(price));
        Ok(ShippingGroup {
            kind: kind.ok_or_else(|| format!("{} is no type of delivery", self.r#type))?,
            brand: brand.ok_or_else(|| format!("{} is no brand", self.brand))?,
            is_default: self.is_default.unwrap_or_default(),
            priority: self.priority,
            options: options.collect::<Result<_, _>>()?,
        })
    }
}

impl OptionBody {
    fn read(self, price: Amount) -> Result<ShippingOption, String> {
        let currency = price.currency();
        if self.amount.currency != currency.code() {
            let asked = self.amount.currency;
            return Err(format!("option {} is paid in {asked}, the goods in {currency}", self.id));
        }
        Ok(ShippingOption {
            id: self.id.into(),
            amount: Amount::new(currency, self.amount.value),
            name: self.name.into(),
            is_default: self.is_default.unwrap_or_default(),
            priority: self.priority,
            meta: self.meta.map(Arc::from),
            estimated_delivery: self.estimated_delivery.map(Arc::from),
        })
    }
}

impl SalesUnit {
    /// How the callback's body is written.
    #[must_use]
    pub fn callback_casing(&self) -> CallbackCasing {
        self.look(|state, _| state.callback_casing)
    }

    /// Writes the callback's body in this way from now on.
    pub fn write_callbacks(&self, casing: CallbackCasing) {
        self.change(|change| change.state.callback_casing = casing);
    }

    /// The merchant has answered, or not: the customer goes on with that.
    pub(super) fn take_offer(&self, call: ShippingCall, answer: &CallbackAnswer) {
        let ShippingCall { reference, wish, reply, .. } = call;
        let result = self.change(|change| change.take_offer(&reference, &wish, answer));
        // Nobody may want to know.
        let _ = reply.map(|reply| reply.send(result));
    }
}

impl Change<'_> {
    /// Hands over the questions that are to be put to the merchant.
    pub(super) fn take_questions(&mut self) -> Vec<ShippingCall> {
        std::mem::take(&mut self.state.questions)
    }

    fn take_offer(
        &mut self,
        reference: &Reference,
        wish: &Wish,
        answer: &CallbackAnswer,
    ) -> Result<(), CommandError> {
        let price = self.find(reference)?.amount();
        let result = read_offer(answer, price)
            .map_err(|error| CommandError::Shipping { error, reference: reference.clone() })
            .and_then(|groups| self.approve_offered(reference, wish, Some(&groups)));
        if let Err(CommandError::Shipping { error, .. }) = &result {
            let (reference, error) = (reference.clone(), error.clone());
            self.note(Fact::NotShipped { reference, error });
        }
        result
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{Currency, shipping::choose};

    fn offer(status: u16, body: &str) -> Result<String, String> {
        let answer = Ok((status, body.as_bytes().to_vec()));
        let groups = read_offer(&answer, Amount::new(Currency::Nok, 1000));
        let groups = groups.map_err(|error| error.to_string())?;
        choose(&groups, None).map(|it| it.id.to_string()).map_err(|error| error.to_string())
    }

    #[test]
    fn an_offer_is_read_or_said_to_be_none() {
        let group = |amount: &str| {
            format!(
                r#"{{"groups":[{{"type":"MAILBOX","brand":"POSTEN","options":[{{"id":"a",
                "amount":{amount},"name":"A","colour":"blue"}}]}}]}}"#
            )
        };
        let good = group(r#"{"currency":"NOK","value":4900}"#);
        let euro = group(r#"{"currency":"EUR","value":4900}"#);
        let odd = good.replace("MAILBOX", "PIGEON");
        let failed = "the merchant's shipping callback failed: ";
        let cases = [
            (200, good.as_str(), Ok("a".to_owned())),
            (400, "", Err("the merchant cannot ship to this address".to_owned())),
            (200, r#"{"groups":[]}"#, Err("the merchant cannot ship to this address".to_owned())),
            (500, good.as_str(), Err(format!("{failed}it answered 500"))),
            (200, odd.as_str(), Err(format!("{failed}PIGEON is no type of delivery"))),
            (200, euro.as_str(), Err(format!("{failed}option a is paid in EUR, the goods in NOK"))),
        ];
        for (status, body, expected) in cases {
            assert_eq!(offer(status, body), expected, "{body}");
        }
        let nothing = offer(200, "{}").unwrap_err();
        assert!(nothing.contains("missing field `groups`"), "{nothing}");
    }

    #[test]
    fn the_question_is_written_in_either_casing() {
        let callback = Callback { url: "http://shop.test/".into(), token: None };
        let address = Address {
            line1: "Testveien 3".into(),
            line2: None,
            city: "Bergen".into(),
            post_code: "5003".into(),
            country: "NO".into(),
        };
        let reference = "order-0001".parse().unwrap();
        let body = |casing| CallbackRequest::new(&callback, &reference, &address, casing).body;
        assert_eq!(
            &*body(CallbackCasing::Camel),
            r#"{"reference":"order-0001","addressLine1":"Testveien 3","addressLine2":null,"city":"Bergen","postCode":"5003","country":"NO"}"#
        );
        assert_eq!(
            &*body(CallbackCasing::Pascal),
            r#"{"reference":"order-0001","AddressLine1":"Testveien 3","AddressLine2":null,"City":"Bergen","PostCode":"5003","Country":"NO"}"#
        );
    }
}
