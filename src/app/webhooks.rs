//! Use cases of the Webhooks API: registrations, and what events say.

use std::sync::Arc;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    customers::CustomerToken,
    details::{ShippingDetailsBody, UserDetailsBody},
    facts::Fact,
    unit::{Change, SalesUnit},
};
use crate::domain::{
    Amount, Delivery, EventType, IdempotencyKey, Payment, PaymentEvent, PhoneNumber, Reference,
    Registration, RegistrationId,
    fault::Stage,
    webhook_effect::{HELD_BACK, WebhookEffect},
};

/// Why a webhook was not registered.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RegistrationError {
    /// There are enough for this event type.
    #[error("there are already {max} registrations for {event}", max = .0.registrations_max(), event = .0.name())]
    TooMany(EventType),
}

/// What a sales unit is born with by way of webhooks.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct WebhookSeed {
    /// The secret of every registration that has none of its own; drawn where there is none.
    pub secret: Option<Arc<str>>,
    /// Registrations that are there from the start, and again after a reset.
    pub registered: Vec<RegistrationSeed>,
}

/// A registration that nobody has to make.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RegistrationSeed {
    /// Where events go.
    pub url: Arc<str>,
    /// Which.
    pub events: Vec<EventType>,
    /// What they are signed with.
    pub secret: Option<Arc<str>>,
}

impl SalesUnit {
    /// Registers a webhook. Never the same as an earlier one: each gets its own id and secret.
    ///
    /// # Errors
    ///
    /// [`RegistrationError`] when there are too many.
    pub fn register(
        &self,
        url: Arc<str>,
        events: Vec<EventType>,
    ) -> Result<Registration, RegistrationError> {
        self.change(|change| change.register(url, events, None))
    }

    /// A customer scans a code of the merchant's, such as a sticker on a seat. The merchant is told
    /// by webhook, and may ask the customer for money by the token for fifteen minutes.
    #[must_use]
    pub fn check_in(&self, code: &str, phone: &PhoneNumber) -> CustomerToken {
        self.change(|change| change.publish_check_in(code, phone))
    }

    /// Every registration, oldest first.
    #[must_use]
    pub fn registrations(&self) -> Vec<Registration> {
        self.look(|state, _| state.registrations.clone())
    }

    /// Deletes a registration, and what it still waits for. Says whether there was one.
    #[must_use]
    pub fn unregister(&self, id: &str) -> bool {
        self.change(|change| {
            let registrations = &mut change.state.registrations;
            let Some(place) = registrations.iter().position(|it| &*it.id.0 == id) else {
                return false;
            };
            let id = registrations.remove(place).id;
            change.state.deliveries.close_outlet(&id);
            change.note(Fact::Unregistered { id });
            true
        })
    }
}

impl Change<'_> {
    pub(super) fn register_seeded(&mut self) {
        for seed in &self.unit.seed().webhooks.registered {
            let RegistrationSeed { url, events, secret } = seed.clone();
            // Whoever wrote them down has counted them.
            let _ = self.register(url, events, secret);
        }
    }

    fn register(
        &mut self,
        url: Arc<str>,
        events: Vec<EventType>,
        secret: Option<Arc<str>>,
    ) -> Result<Registration, RegistrationError> {
        for event in &events {
            let others = self.state.registrations.iter();
            if event.registrations_max() <= others.filter(|it| it.wants(*event)).count() {
                return Err(RegistrationError::TooMany(*event));
            }
        }
        let entropy = self.unit.entropy();
        let id = RegistrationId(entropy.uuid());
        let pinned = secret.or_else(|| self.unit.seed().webhooks.secret.clone());
        let secret = pinned.unwrap_or_else(|| entropy.webhook_secret());
        let registration = Registration { id, url, events, secret };
        self.state.registrations.push(registration.clone());
        self.state.deliveries.open_outlet(registration.id.clone());
        let (id, url) = (registration.id.clone(), registration.url.clone());
        self.note(Fact::Registered { id, url });
        Ok(registration)
    }

    /// Notes an event of a payment, and queues it for every registration that wants it.
    pub(super) fn publish(&mut self, reference: &Reference, event: &PaymentEvent) {
        self.note(Fact::Payment {
            reference: reference.clone(),
            event: event.name,
            amount: event.amount,
        });
        let event_type = EventType::Payment(event.name);
        if !self.state.registrations.iter().any(|it| it.wants(event_type)) {
            return;
        }
        let Some(payment) = self.state.payment(reference) else { return };
        let msn = self.unit.msn().as_str();
        let text: Arc<str> = body(msn, payment, event).into();
        // Nobody needs it but a fault.
        let failed = (!self.state.faults.is_empty()).then(|| {
            let failed = PaymentEvent { success: false, ..event.clone() };
            body(msn, payment, &failed).into()
        });
        self.send_to_all(event_type, Some(reference), &text, failed.as_ref());
    }

    /// Queues an event for every registration that wants it, unless a fault strikes it.
    fn send_to_all(
        &mut self,
        event: EventType,
        reference: Option<&Reference>,
        body: &Arc<str>,
        if_failed: Option<&Arc<str>>,
    ) {
        let registrations = self.state.registrations.iter().filter(|it| it.wants(event));
        let interested: Vec<_> = registrations.map(|it| (it.id.clone(), it.url.clone())).collect();
        for (registration, url) in interested {
            let effect = self.strike_webhook(Stage::Event, event, reference);
            let failed = if_failed.filter(|_| effect == Some(WebhookEffect::Unsuccessful));
            let body = failed.unwrap_or(body);
            let mut make = || {
                let id = self.state.deliveries.next_id();
                let (registration, url) = (registration.clone(), url.clone());
                Delivery::new(id, registration, url, event, reference.cloned(), body.clone())
            };
            let mut delivery = make();
            match effect {
                Some(WebhookEffect::Drop) => {
                    self.state.deliveries.lose(delivery);
                    continue;
                }
                Some(WebhookEffect::Duplicate) => {
                    let second = make();
                    self.enqueue(delivery, self.now);
                    delivery = second;
                }
                Some(WebhookEffect::Delay(by)) => delivery.held_until = Some(self.now + by),
                Some(WebhookEffect::Reorder) => {
                    delivery.held_until = Some(self.now + HELD_BACK);
                    self.state.deliveries.let_overtake(&delivery);
                }
                _ => {}
            }
            self.enqueue(delivery, self.now);
        }
    }

    /// Tells whoever registered for it that a customer has scanned a code of the merchant's.
    fn publish_check_in(&mut self, code: &str, phone: &PhoneNumber) -> CustomerToken {
        let issued = self.issue_customer_token(phone);
        let body = CheckInBody {
            customer_token: &issued.token,
            merchant_qr_id: code,
            msn: self.unit.msn().as_str(),
            initiated_at: ticks_text(self.now),
        };
        // Strings always serialise.
        let body: Arc<str> = serde_json::to_string(&body).unwrap_or_default().into();
        self.send_to_all(EventType::CheckedIn, None, &body, None);
        issued
    }

    /// What a fault does to a webhook at this stage.
    pub(super) fn strike_webhook(
        &mut self,
        stage: Stage,
        event: EventType,
        reference: Option<&Reference>,
    ) -> Option<WebhookEffect> {
        let dice = &mut self.unit.throw();
        let faults = &mut self.state.faults;
        let (fault, effect) = faults.strike_webhook(stage, event, reference, self.now, dice)?;
        self.note(Fact::WebhookStruck { fault, event, reference: reference.cloned() });
        Some(effect)
    }
}

/// The JSON of an event, in the order in which the platform writes it: compact, the absent left
/// out (Webhooks API guide, ePayment events).
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct EventBody<'a> {
    msn: &'a str,
    reference: &'a str,
    psp_reference: &'a str,
    name: &'static str,
    amount: AmountBody,
    timestamp: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    idempotency_key: Option<&'a str>,
    success: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    user_details: Option<UserDetailsBody>,
    #[serde(skip_serializing_if = "Option::is_none")]
    sub: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    shipping_details: Option<ShippingDetailsBody>,
    #[serde(skip_serializing_if = "Option::is_none")]
    capture_guaranteed_until: Option<String>,
}

/// The JSON of a check-in (QR API guide, merchant callback).
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct CheckInBody<'a> {
    customer_token: &'a str,
    merchant_qr_id: &'a str,
    msn: &'a str,
    initiated_at: String,
}

/// A sum as JSON: currency first.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
pub struct AmountBody {
    currency: &'static str,
    /// Minor units.
    value: u64,
}

impl From<Amount> for AmountBody {
    fn from(amount: Amount) -> Self {
        Self { currency: amount.currency().code(), value: amount.minor() }
    }
}

fn body(msn: &str, payment: &Payment, event: &PaymentEvent) -> String {
    let is_approval = event.name.is_approval();
    let held = payment.reservation().filter(|_| is_approval);
    let capture_guaranteed_until = held.map(|held| offset_text(held.guaranteed_until));
    let approval = payment.approval().filter(|_| is_approval);
    let shared = approval.and_then(|it| it.shared.as_ref());
    let body = EventBody {
        msn,
        reference: payment.reference().as_str(),
        psp_reference: &event.psp_reference,
        name: event.name.api(),
        amount: event.amount.into(),
        timestamp: zulu_text(event.at),
        idempotency_key: event.idempotency_key.as_ref().map(IdempotencyKey::as_str),
        success: event.success,
        user_details: shared.map(|it| (&it.details).into()),
        sub: shared.map(|it| &*it.sub),
        shipping_details: approval.and_then(|it| it.shipping.as_ref()).map(Into::into),
        capture_guaranteed_until,
    };
    // Strings, numbers and booleans always serialise.
    serde_json::to_string(&body).unwrap_or_default()
}

/// A time as the platform prints most of them: UTC, three digits, `Z`.
#[must_use]
pub fn zulu_text(at: Timestamp) -> String {
    at.strftime("%Y-%m-%dT%H:%M:%S.%3fZ").to_string()
}

/// A time as the QR API prints it: UTC, in ticks of a tenth of a microsecond, `Z`.
fn ticks_text(at: Timestamp) -> String {
    at.strftime("%Y-%m-%dT%H:%M:%S.%7fZ").to_string()
}

/// A time as the platform prints `captureGuaranteedUntil`: UTC, three digits, `+00:00`.
#[must_use]
pub fn offset_text(at: Timestamp) -> String {
    at.strftime("%Y-%m-%dT%H:%M:%S.%3f+00:00").to_string()
}
