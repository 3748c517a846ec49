//! What changed in a sales unit: what the report of an advance, the log, the live stream and,
//! later, a store on disk are made of.

use std::{fmt, sync::Arc};

use jiff::Timestamp;

use crate::domain::{
    Amount, CategoryKind, DeliveryId, EventName, EventType, ImageId, Outcome, PhoneNumber,
    Reference, RegistrationId, ShippingError,
    card::Decline,
    fault::{Fault, Glob},
    reference::OrderId,
};

/// A change, and when it happened by the unit's clock.
#[derive(Debug, Clone)]
pub struct DatedFact {
    /// When.
    pub at: Timestamp,
    /// What.
    pub fact: Fact,
}

/// A change.
#[derive(Debug, Clone)]
pub enum Fact {
    /// A line was added to a payment's log.
    Payment {
        /// Which payment.
        reference: Reference,
        /// What happened to it.
        event: EventName,
        /// How much it was about.
        amount: Amount,
    },
    /// A customer tried to pay, which came to nothing.
    Declined {
        /// Which payment.
        reference: Reference,
        /// Why.
        reason: Decline,
    },
    /// A customer does something that answers nothing yet.
    Shopper {
        /// With which payment.
        reference: Reference,
        /// What it has done.
        what: &'static str,
    },
    /// A customer pays, and the bank has not answered yet.
    BankAsked {
        /// Which payment.
        reference: Reference,
    },
    /// A time that a reservation is counted by has come, with money still on it.
    Deadline {
        /// Of which payment.
        reference: Reference,
        /// Which time.
        deadline: Deadline,
        /// What was neither captured nor released.
        left: Amount,
    },
    /// A webhook was registered.
    Registered {
        /// Its id.
        id: RegistrationId,
        /// Where its events go.
        url: Arc<str>,
    },
    /// A webhook was deleted.
    Unregistered {
        /// Its id.
        id: RegistrationId,
    },
    /// A webhook was removed, because its receiver had failed for two weeks.
    Removed {
        /// Its id.
        id: RegistrationId,
        /// When that began.
        failing_since: Timestamp,
    },
    /// An attempt to deliver an event came back.
    Attempted {
        /// Which delivery.
        delivery: DeliveryId,
        /// Which payment it is about, if it is about one.
        reference: Option<Reference>,
        /// Which event.
        event: EventType,
        /// The how-manieth attempt, from 1.
        number: usize,
        /// How it went.
        outcome: Outcome,
        /// When it is tried again.
        next_at: Option<Timestamp>,
    },
    /// A receipt was stored.
    Receipt {
        /// Of which order.
        order: OrderId,
    },
    /// An order got a link.
    Category {
        /// Which order.
        order: OrderId,
        /// What is behind the link.
        kind: CategoryKind,
    },
    /// An order lost a link.
    CategoryDeleted {
        /// Which order.
        order: OrderId,
    },
    /// An image was uploaded.
    Image {
        /// Its id.
        id: ImageId,
    },
    /// Goods could not be shipped, so the customer did not approve.
    NotShipped {
        /// Of which payment.
        reference: Reference,
        /// Why not.
        error: ShippingError,
    },
    /// A tester asked for something to go wrong.
    FaultAdded {
        /// What.
        fault: Arc<Fault>,
    },
    /// It did.
    FaultStruck {
        /// What, as it was when it had struck.
        fault: Arc<Fault>,
        /// Which call it struck.
        operation: Arc<str>,
        /// Of which payment or order, if it is about one.
        reference: Option<Arc<str>>,
    },
    /// The time of a fault was over.
    FaultExpired {
        /// Which one.
        fault: Arc<Fault>,
    },
    /// A fault struck a webhook.
    WebhookStruck {
        /// What, as it was when it had struck.
        fault: Arc<Fault>,
        /// Which event.
        event: EventType,
        /// Of which payment, if it is about one.
        reference: Option<Reference>,
    },
    /// A customer can be named by something new.
    Customer {
        /// Whose number it stands for.
        phone: PhoneNumber,
        /// What happened.
        what: &'static str,
    },
    /// A tester has changed what a customer does by itself.
    Behaviour {
        /// Whose number it is.
        phone: PhoneNumber,
        /// What it does from now on; nothing if that is what its number says.
        behaviour: Option<Arc<str>>,
    },
    /// The sales unit itself was opened, emptied or dropped.
    Unit {
        /// What was done.
        what: &'static str,
    },
    /// The clock was frozen, resumed or moved on.
    Clock {
        /// What was done.
        what: &'static str,
    },
}

/// A time that a reservation is counted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Deadline {
    /// Until here a capture is sure to succeed.
    Guarantee,
    /// Until here there can be a capture.
    Capture,
}

impl Fact {
    /// What the change is about: `payment`, `deadline`, `registration`, `delivery`, `receipt`, `category`,
    /// `image`, `shipping`, `customer`, `fault`, `sales-unit` or `clock`.
    #[must_use]
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Payment { .. } => "payment",
            Self::Declined { .. }
            | Self::Shopper { .. }
            | Self::BankAsked { .. }
            | Self::Customer { .. }
            | Self::Behaviour { .. } => "customer",
            Self::Deadline { .. } => "deadline",
            Self::Registered { .. } | Self::Unregistered { .. } | Self::Removed { .. } => {
                "registration"
            }
            Self::Attempted { .. } => "delivery",
            Self::Receipt { .. } => "receipt",
            Self::Category { .. } | Self::CategoryDeleted { .. } => "category",
            Self::Image { .. } => "image",
            Self::NotShipped { .. } => "shipping",
            Self::FaultAdded { .. }
            | Self::FaultStruck { .. }
            | Self::FaultExpired { .. }
            | Self::WebhookStruck { .. } => "fault",
            Self::Unit { .. } => "sales-unit",
            Self::Clock { .. } => "clock",
        }
    }

    /// The payment or order it concerns.
    #[must_use]
    pub fn reference(&self) -> Option<&str> {
        match self {
            Self::Payment { reference, .. }
            | Self::Declined { reference, .. }
            | Self::Shopper { reference, .. }
            | Self::BankAsked { reference }
            | Self::Deadline { reference, .. }
            | Self::NotShipped { reference, .. } => Some(reference.as_str()),
            Self::FaultStruck { reference, .. } => reference.as_deref(),
            Self::Attempted { reference, .. } | Self::WebhookStruck { reference, .. } => {
                reference.as_ref().map(Reference::as_str)
            }
            Self::FaultAdded { fault } | Self::FaultExpired { fault } => {
                fault.matcher.reference.as_ref().map(Glob::as_str)
            }
            Self::Receipt { order }
            | Self::Category { order, .. }
            | Self::CategoryDeleted { order } => Some(order.as_str()),
            Self::Registered { .. }
            | Self::Unregistered { .. }
            | Self::Removed { .. }
            | Self::Image { .. }
            | Self::Customer { .. }
            | Self::Behaviour { .. }
            | Self::Unit { .. }
            | Self::Clock { .. } => None,
        }
    }
}

impl Fact {
    /// Which event it is, by its name in the event log or its type as a webhook.
    #[must_use]
    pub fn event(&self) -> Option<&'static str> {
        match self {
            Self::Payment { event, .. } => Some(event.api()),
            Self::Attempted { event, .. } | Self::WebhookStruck { event, .. } => Some(event.name()),
            _ => None,
        }
    }

    /// How much money it is about.
    #[must_use]
    pub const fn amount(&self) -> Option<Amount> {
        match self {
            Self::Payment { amount, .. } => Some(*amount),
            _ => None,
        }
    }

    /// Which delivery it is about.
    #[must_use]
    pub const fn delivery(&self) -> Option<DeliveryId> {
        match self {
            Self::Attempted { delivery, .. } => Some(*delivery),
            _ => None,
        }
    }
}

impl fmt::Display for Fact {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Payment { reference, event, amount } => {
                write!(f, "payment {reference}: {event} {amount}")
            }
            Self::Declined { reference, reason } => {
                write!(f, "payment {reference}: the customer tried to pay: {reason}")
            }
            Self::Shopper { reference, what } => write!(f, "payment {reference}: {what}"),
            Self::BankAsked { reference } => {
                write!(f, "payment {reference}: the customer paid, and the bank has not answered")
            }
            Self::Deadline { reference, deadline, left } => {
                write!(f, "payment {reference}: {deadline}, with {left} not captured")
            }
            Self::Registered { id, url } => write!(f, "webhook {id}: registered for {url}"),
            Self::Unregistered { id } => write!(f, "webhook {id}: deleted"),
            Self::Removed { id, failing_since } => {
                write!(f, "webhook {id}: removed, without a success since {failing_since:.0}")
            }
            Self::Attempted { delivery, reference, event, number, outcome, next_at } => {
                write!(f, "delivery {delivery}: {event}")?;
                if let Some(reference) = reference {
                    write!(f, " of {reference}")?;
                }
                write!(f, ", attempt {number}: {outcome}")?;
                match next_at {
                    Some(at) => write!(f, ", again at {at:.0}"),
                    None => Ok(()),
                }
            }
            Self::Receipt { order } => write!(f, "order {order}: receipt stored"),
            Self::Category { order, kind } => write!(f, "order {order}: link stored, {kind}"),
            Self::CategoryDeleted { order } => write!(f, "order {order}: link deleted"),
            Self::Image { id } => write!(f, "image {id}: stored"),
            Self::NotShipped { reference, error } => write!(f, "payment {reference}: {error}"),
            Self::FaultAdded { fault } => {
                write!(f, "fault {}: {} is to be {}", fault.id, fault.matcher, fault.effect)
            }
            Self::WebhookStruck { fault, event, reference } => {
                write!(f, "fault {}: webhook {event}", fault.id)?;
                if let Some(reference) = reference {
                    write!(f, " of {reference}")?;
                }
                write!(f, " is {}", fault.effect)
            }
            Self::FaultStruck { fault, operation, reference } => {
                write!(f, "fault {}: {operation}", fault.id)?;
                if let Some(reference) = reference {
                    write!(f, " of {reference}")?;
                }
                write!(f, " was {}", fault.effect)
            }
            Self::FaultExpired { fault } => {
                write!(f, "fault {}: its time is over (hits: {})", fault.id, fault.hits)
            }
            Self::Customer { phone, what } => write!(f, "customer {phone}: {what}"),
            Self::Behaviour { phone, behaviour: Some(behaviour) } => {
                write!(f, "customer {phone}: from now on: {behaviour}")
            }
            Self::Behaviour { phone, behaviour: None } => {
                write!(f, "customer {phone}: does again what its number says")
            }
            Self::Unit { what } | Self::Clock { what } => f.write_str(what),
        }
    }
}

impl fmt::Display for Deadline {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Guarantee => "a capture is no longer guaranteed",
            Self::Capture => "the capture deadline has come",
        })
    }
}
