//! What a run has opened at a target that keeps it: payments, registrations, addresses.

use std::fmt;
use std::sync::{Mutex, PoisonError};

use http::Method;
use serde_json::json;

use super::exchange::Exchange;
use super::failure::{Failure, Held};
use super::http_call::Call;
use super::merchant::Merchant;

/// Where registrations are made and listed.
const WEBHOOKS: &str = "/webhooks/v1/webhooks";
/// Where payments are made.
const PAYMENTS: &str = "/epayment/v1/payments";

/// Something that has to be closed again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Thing {
    /// A payment, by its reference.
    Payment(String),
    /// A registration, by its id.
    Registration(String),
    /// Registrations that somebody else made for an address of ours.
    Address(String),
}

impl fmt::Display for Thing {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Payment(reference) => write!(formatter, "the payment {reference}"),
            Self::Registration(id) => write!(formatter, "the registration {id}"),
            Self::Address(url) => write!(formatter, "the registrations of {url}"),
        }
    }
}

/// Everything that is open, each with the mark of the scenario that opened it.
#[derive(Debug, Default)]
pub(super) struct Opened {
    things: Mutex<Vec<(String, Thing)>>,
}

/// What a run has closed behind itself, and what it could not close.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Closing {
    /// Things that were closed after their scenario had ended.
    pub closed: usize,
    /// Things that are still open, each with the reason.
    pub left: Vec<String>,
}

impl Opened {
    /// Notes what an accepted call of a scenario has opened or closed.
    pub(super) fn note(&self, mark: &str, exchange: &Exchange) {
        match (&exchange.method, exchange.path.as_str(), exchange.status) {
            (&Method::POST, PAYMENTS, 201) => {
                if let Ok(reference) = exchange.at("reference") {
                    let reference = reference.as_str().map_or(reference.to_string(), str::to_owned);
                    self.add(mark, Thing::Payment(reference));
                }
            }
            (&Method::POST, WEBHOOKS, 201) => {
                if let Some(id) = exchange.at("id").unwrap_or_default().as_str() {
                    self.add(mark, Thing::Registration(id.to_owned()));
                }
            }
            (&Method::DELETE, path, 204) => {
                let id = path.rsplit('/').next().unwrap_or_default();
                let thing = Thing::Registration(id.to_owned());
                self.with(|things| things.retain(|(_, open)| *open != thing));
            }
            _ => {}
        }
    }

    /// Adds what a scenario has opened.
    pub(super) fn add(&self, mark: &str, thing: Thing) {
        self.with(|things| {
            let entry = (mark.to_owned(), thing);
            if !things.contains(&entry) {
                things.push(entry);
            }
        });
    }

    /// Closes what the scenario with this mark has opened, or everything. What cannot be closed
    /// stays, for the end of the run to try again.
    pub(super) async fn close(&self, mark: Option<&str>, merchant: &mut Merchant) -> Closing {
        let due: Vec<(String, Thing)> = self.with(|things| {
            things.iter().filter(|(by, _)| mark.is_none_or(|mark| mark == by)).cloned().collect()
        });
        let mut closing = Closing::default();
        for entry in due {
            match close(&entry.1, merchant).await {
                Ok(()) => {
                    self.with(|things| things.retain(|open| *open != entry));
                    closing.closed += 1;
                }
                Err(why) => closing.left.push(format!("{}: {why}", entry.1)),
            }
        }
        closing
    }

    // The list is whole between any two statements, whatever panicked elsewhere.
    fn with<T>(&self, act: impl FnOnce(&mut Vec<(String, Thing)>) -> T) -> T {
        act(&mut self.things.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

async fn close(thing: &Thing, merchant: &mut Merchant) -> Held {
    match thing {
        Thing::Payment(reference) => cancel(reference, merchant).await,
        Thing::Registration(id) => delete(id, merchant).await,
        Thing::Address(url) => {
            for id in registrations(merchant, |address| address.starts_with(url)).await? {
                delete(&id, merchant).await?;
            }
            Ok(())
        }
    }
}

/// Whatever is left to cancel of a payment. A refusal says that there is nothing.
async fn cancel(reference: &str, merchant: &mut Merchant) -> Held {
    let path = format!("{PAYMENTS}/{reference}/cancel");
    let call = Call::post(path, &json!({})).key(Some("close"));
    gone(&merchant.call(call).await?, &[400, 404])
}

async fn delete(id: &str, merchant: &mut Merchant) -> Held {
    let exchange = merchant.call(Call::new(Method::DELETE, format!("{WEBHOOKS}/{id}"))).await?;
    gone(&exchange, &[404])
}

fn gone(exchange: &Exchange, also: &[u16]) -> Held {
    if also.contains(&exchange.status) { Ok(()) } else { exchange.expect_success() }
}

/// The ids of the unit's registrations whose address is wanted.
pub(super) async fn registrations(
    merchant: &mut Merchant,
    wanted: impl Fn(&str) -> bool,
) -> Result<Vec<String>, Failure> {
    let exchange = merchant.call(Call::get(WEBHOOKS)).await?;
    exchange.expect_status(200)?;
    let all = exchange.at("webhooks")?;
    let text =
        |entry: &serde_json::Value, name: &str| entry[name].as_str().unwrap_or_default().to_owned();
    Ok(all
        .as_array()
        .into_iter()
        .flatten()
        .filter(|entry| wanted(&text(entry, "url")))
        .map(|entry| text(entry, "id"))
        .collect())
}
