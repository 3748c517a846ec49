//! What a payment is and what it may do. Pure and synchronous: no I/O, no
//! clock, no randomness. Whatever happens is told the time.
//!
//! Read `payment` first: the rest serves it.

pub mod payment;

pub mod event;

pub mod idempotency;

pub mod money;

pub mod reference;

pub mod merchant;

pub mod phone;

pub mod customer;

pub mod person;

pub mod profile;

pub mod shipping;

pub mod durations;

pub mod user;

pub mod order;

pub mod card;

pub mod typed_card;

pub mod receipt;

pub mod category;

pub mod image;

pub mod webhook;

pub mod webhook_effect;

pub mod delivery;

pub mod token;

pub mod rate_limit;

pub mod operation;

pub mod fault;

pub mod kept;

pub use category::{Category, CategoryId, CategoryKind, Link};
pub use delivery::{Attempt, Delivery, DeliveryId, DeliveryStatus, Outcome};
pub use event::{EventName, PaymentEvent};
pub use idempotency::{Fingerprint, IdempotencyKey};
pub use image::{Image, ImageId};
pub use merchant::{Market, Msn, Permissions, Profile, Strictness};
pub use money::{Amount, Currency};
pub use operation::Operation;
pub use order::{OrderKey, PaymentType};
pub use payment::{Payment, PaymentError, PaymentState, Totals};
pub use person::{Address, Person};
pub use phone::PhoneNumber;
pub use profile::{Consent, Scope, UserDetails};
pub use receipt::Receipt;
pub use reference::Reference;
pub use shipping::{Shipping, ShippingDetails, ShippingError};
pub use user::{Behaviour, Habit, Standing};
pub use webhook::{EventType, Registration, RegistrationId};
