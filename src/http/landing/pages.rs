//! The pages, as data for their templates.

use askama::Template;
use jiff::{SignedDuration, Timestamp};

use super::brand::Brand;
use crate::{
    app::links::{Followed, Visit},
    domain::{Market, PaymentState, PhoneNumber, payment::Payer},
};

/// How every page looks.
pub(super) const STYLE: &str = include_str!("templates/style.css");

/// What every page does by itself, where scripts run.
pub(super) const SCRIPT: &str = include_str!("templates/script.js");

/// What stands around every page.
#[derive(Debug)]
pub(super) struct Frame {
    brand: Brand,
    /// What addresses of the payment's other pages begin with, seen from this one.
    base: String,
    /// What the script is to watch, where the page may become out of date.
    watch: Option<Watch>,
}

#[derive(Debug, Clone, Copy)]
struct Watch {
    stage: &'static str,
}

/// What every page says of a payment.
#[derive(Debug)]
pub(super) struct PaymentView {
    merchant: String,
    amount: String,
    description: Option<String>,
    reference: String,
    left: String,
}

/// Who pays?
#[derive(Debug, Template)]
#[template(path = "form.html", config = "src/http/landing/askama.toml")]
pub(super) struct Form {
    frame: Frame,
    payment: PaymentView,
    phone: String,
    problem: Option<&'static str>,
}

/// Which card pays?
#[derive(Debug, Template)]
#[template(path = "card.html", config = "src/http/landing/askama.toml")]
pub(super) struct CardForm {
    frame: Frame,
    payment: PaymentView,
    number: String,
    expiry: String,
    problem: Option<String>,
}

/// The customer is to confirm.
#[derive(Debug, Template)]
#[template(path = "waiting.html", config = "src/http/landing/askama.toml")]
pub(super) struct Waiting {
    frame: Frame,
    payment: PaymentView,
    payer: String,
    by_card: bool,
    shares: String,
    problem: Option<String>,
}

/// How it ended, for whom nobody waits elsewhere.
#[derive(Debug, Template)]
#[template(path = "ended.html", config = "src/http/landing/askama.toml")]
pub(super) struct Ended {
    frame: Frame,
    payment: PaymentView,
    headline: &'static str,
    mood: &'static str,
    sign: &'static str,
    at: String,
    return_url: Option<String>,
}

/// Something that is not about how a payment stands.
#[derive(Debug, Template)]
#[template(path = "message.html", config = "src/http/landing/askama.toml")]
pub(super) struct Message {
    frame: Frame,
    headline: &'static str,
    text: &'static str,
}

impl Frame {
    fn of(followed: &Followed, base: &str, watch: Option<Watch>) -> Self {
        let brand = Brand::of(followed.unit.seed().market);
        Self { brand, base: base.to_owned(), watch }
    }
}

impl PaymentView {
    fn of(followed: &Followed, visit: &Visit) -> Self {
        let request = visit.payment.request();
        Self {
            merchant: followed.unit.seed().name.to_string(),
            amount: visit.payment.amount().to_string(),
            description: request.description.as_ref().map(ToString::to_string),
            reference: request.reference.to_string(),
            left: left(visit),
        }
    }
}

impl Form {
    /// The question, with the number that the merchant or the customer gave before.
    pub(super) fn new(followed: &Followed, visit: &Visit, base: &str) -> Self {
        let phone = visit.payment.request().phone.as_ref();
        Self {
            frame: Frame::of(followed, base, Some(Watch { stage: "asking" })),
            payment: PaymentView::of(followed, visit),
            phone: phone.map(spaced).unwrap_or_default(),
            problem: None,
        }
    }

    /// The question again, because of what was typed.
    pub(super) fn with_problem(self, phone: String, problem: &'static str) -> Self {
        Self { phone, problem: Some(problem), ..self }
    }
}

impl CardForm {
    pub(super) fn new(followed: &Followed, visit: &Visit, base: &str) -> Self {
        Self {
            frame: Frame::of(followed, base, Some(Watch { stage: "asking" })),
            payment: PaymentView::of(followed, visit),
            number: String::new(),
            expiry: String::new(),
            problem: None,
        }
    }

    /// The question again, with all but the code, which no page repeats.
    pub(super) fn with_problem(self, number: String, expiry: String, problem: String) -> Self {
        Self { number, expiry, problem: Some(problem), ..self }
    }
}

impl Waiting {
    pub(super) fn new(followed: &Followed, visit: &Visit, payer: &Payer) -> Self {
        let (payer, by_card) = match payer {
            Payer::Phone(phone) => (spaced(phone), false),
            Payer::Card { bin } => (format!("{bin}\u{2026}"), true),
        };
        let words = visit.payment.request().scope.iter().map(AsRef::as_ref);
        Self {
            frame: Frame::of(followed, "", Some(Watch { stage: "confirming" })),
            payment: PaymentView::of(followed, visit),
            payer,
            by_card,
            shares: words.collect::<Vec<&str>>().join(", "),
            problem: None,
        }
    }

    /// The same, because it could not be confirmed.
    pub(super) fn with_problem(self, problem: String) -> Self {
        Self { problem: Some(problem), ..self }
    }
}

impl Ended {
    pub(super) fn new(followed: &Followed, visit: &Visit) -> Self {
        let (headline, mood, sign) = match visit.payment.state() {
            PaymentState::Authorized(_) => ("Payment approved", "good", "\u{2713}"),
            PaymentState::Aborted => ("Payment cancelled", "calm", "\u{d7}"),
            PaymentState::Terminated => ("Cancelled by the merchant", "calm", "\u{d7}"),
            PaymentState::Expired => ("The request has expired", "calm", "\u{d7}"),
            PaymentState::Processing => ("The bank has not answered yet", "calm", "\u{2026}"),
            PaymentState::Created => ("Waiting for you", "calm", "\u{2026}"),
        };
        let ended_at = visit.payment.events().get(1).map_or(visit.now, |event| event.at);
        Self {
            frame: Frame::of(followed, "", None),
            payment: PaymentView::of(followed, visit),
            headline,
            mood,
            sign,
            at: minute(ended_at),
            return_url: visit.return_url().map(str::to_owned),
        }
    }
}

impl Message {
    /// In the colours of nobody in particular.
    pub(super) fn new(headline: &'static str, text: &'static str) -> Self {
        let brand = Brand::of(Market::Norway);
        let frame = Frame { brand, base: String::new(), watch: None };
        Self { frame, headline, text }
    }

    /// The link has been used: it says what for.
    pub(super) fn used(followed: &Followed, visit: &Visit) -> Self {
        let text = match visit.payment.state() {
            PaymentState::Authorized(_) => "The payment was approved.",
            PaymentState::Aborted => "The payment was cancelled.",
            PaymentState::Terminated => "The merchant has cancelled the payment.",
            PaymentState::Expired => "The request has expired.",
            PaymentState::Processing => "The bank has not answered yet.",
            PaymentState::Created => "The payment is under way elsewhere.",
        };
        let frame = Frame::of(followed, "", None);
        let headline =
            if visit.is_closed() { "This browser was closed" } else { "This link has been used" };
        Self { frame, headline, text }
    }
}

/// The time until the request expires, as the unit's clock has it: `9:59`, `1:00:00`, `12 d 3 h`.
pub(super) fn left(visit: &Visit) -> String {
    let left = visit.payment.expires_at().duration_since(visit.now).max(SignedDuration::ZERO);
    let seconds = left.as_secs() + i64::from(0 < left.subsec_nanos());
    let (days, hours, minutes) = (seconds / 86_400, seconds / 3_600 % 24, seconds / 60 % 60);
    let seconds = seconds % 60;
    match (days, hours) {
        (0, 0) => format!("{minutes}:{seconds:02}"),
        (0, _) => format!("{hours}:{minutes:02}:{seconds:02}"),
        (_, _) => format!("{days} d {hours} h"),
    }
}

/// A moment as a receipt has it.
fn minute(at: Timestamp) -> String {
    at.strftime("%Y-%m-%d %H:%M UTC").to_string()
}

/// A number in groups that can be read out.
fn spaced(phone: &PhoneNumber) -> String {
    let digits = phone.as_str();
    let code = ["358", "299"].iter().any(|code| digits.starts_with(code));
    let (code, national) = digits.split_at(if code { 3 } else { 2 });
    let groups = national.as_bytes().chunks(3).map(String::from_utf8_lossy);
    format!("+{code} {}", groups.collect::<Vec<_>>().join(" "))
}
