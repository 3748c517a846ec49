//! Which payments wait, which of them is chosen, and what a key means. No terminal, no network.

use crate::cli::events::{EventBody, harmless};
use crate::cli::wire::{Move, Payment};

/// The state of a payment that waits, which is also the name of the event that begins it.
pub(super) const CREATED: &str = "CREATED";

/// The keys there are.
pub(super) const HELP: &str = "a approves, r rejects, e lets expire; up and down choose another payment \
                               than the newest; q leaves";

/// A payment that waits for its customer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Waiting {
    reference: String,
    amount: String,
    phone: Option<String>,
    description: Option<String>,
}

/// What somebody at the keyboard pressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Key {
    Sign(char),
    Up,
    Down,
    /// Ctrl-C.
    Interrupt,
    /// There will be no more keys.
    End,
    Other,
}

/// What a key asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Wish {
    Nothing,
    /// Do this in place of the customer of this payment.
    Make(Move, String),
    Help,
    Leave,
    Stop,
}

/// The payments that wait, oldest first.
#[derive(Debug)]
pub(super) struct Watch {
    waiting: Vec<Waiting>,
    /// The reference that was chosen; as long as none is, the newest payment is meant.
    chosen: Option<String>,
}

impl Watch {
    pub(super) fn new(waiting: Vec<Waiting>) -> Self {
        Self { waiting, chosen: None }
    }

    /// Takes another list for true. What was chosen stays so, if it is still there.
    pub(super) fn replace(&mut self, waiting: Vec<Waiting>) {
        self.waiting = waiting;
        self.forget_choice_of_what_is_gone();
    }

    pub(super) fn arrive(&mut self, waiting: Waiting) {
        if self.waiting.iter().all(|it| it.reference != waiting.reference) {
            self.waiting.push(waiting);
        }
    }

    /// A payment that was answered does not wait any more.
    pub(super) fn hear(&mut self, event: &EventBody) {
        if is_of_payment(event) && !is_arrival(event) {
            self.waiting.retain(|it| Some(&it.reference) != event.reference.as_ref());
            self.forget_choice_of_what_is_gone();
        }
    }

    pub(super) fn press(&mut self, key: Key) -> Wish {
        match key {
            Key::Sign(sign) => self.press_sign(sign.to_ascii_lowercase()),
            Key::Up => self.choose(|at| at.saturating_sub(1)),
            Key::Down => self.choose(|at| at + 1),
            Key::Interrupt => Wish::Stop,
            Key::End => Wish::Leave,
            Key::Other => Wish::Nothing,
        }
    }

    fn press_sign(&mut self, sign: char) -> Wish {
        let make = |step| {
            let meant = self.meant().map(|at| self.waiting[at].reference.clone());
            meant.map_or(Wish::Nothing, |reference| Wish::Make(step, reference))
        };
        match sign {
            'a' => make(Move::Approve),
            'r' => make(Move::Reject),
            'e' => make(Move::Expire),
            'k' => self.press(Key::Up),
            'j' => self.press(Key::Down),
            'h' | '?' => Wish::Help,
            'q' => Wish::Leave,
            _ => Wish::Nothing,
        }
    }

    /// The place of the payment that a key is about.
    fn meant(&self) -> Option<usize> {
        let chosen = self.chosen.as_ref();
        let chosen = chosen.and_then(|it| self.waiting.iter().position(|at| at.reference == *it));
        chosen.or_else(|| self.waiting.len().checked_sub(1))
    }

    fn choose(&mut self, next: impl Fn(usize) -> usize) -> Wish {
        let newest = self.waiting.len().saturating_sub(1);
        if let Some(at) = self.meant() {
            let at = next(at).min(newest);
            // At the end of the list it is again the newest that is meant, whichever that will be.
            self.chosen = (at < newest).then(|| self.waiting[at].reference.clone());
        }
        Wish::Nothing
    }

    fn forget_choice_of_what_is_gone(&mut self) {
        let chosen = self.chosen.take();
        self.chosen = chosen.filter(|it| self.waiting.iter().any(|at| at.reference == *it));
    }

    /// The payment that is meant, and what can be done about it.
    pub(super) fn prompt(&self) -> String {
        let Some(at) = self.meant() else { return "no payment waits | q quit".to_owned() };
        let keys = "a approve  r reject  e expire";
        match self.waiting.len() {
            1 => format!("{} | {keys}  q quit", self.waiting[at].line()),
            count => {
                let place = format!("[{}/{count}]", at + 1);
                format!("{place} {} | {keys}  up/down choose  q quit", self.waiting[at].line())
            }
        }
    }

    /// Every payment that waits, as a line.
    pub(super) fn lines(&self) -> Vec<String> {
        self.waiting.iter().map(|it| format!("waiting: {}", it.line())).collect()
    }
}

impl Waiting {
    fn line(&self) -> String {
        format!("{} {}{}", self.reference, self.amount, self.who())
    }

    /// For whom it waits, and what for, as the end of a line.
    pub(super) fn who(&self) -> String {
        let phone = self.phone.iter().map(|phone| format!(", {phone}"));
        let description = self.description.iter().map(|text| format!(", {}", harmless(text)));
        phone.chain(description).collect()
    }
}

impl From<&Payment> for Waiting {
    fn from(payment: &Payment) -> Self {
        Self {
            reference: payment.reference.clone(),
            amount: payment.amount.to_string(),
            phone: payment.phone_number.clone(),
            description: payment.description.clone(),
        }
    }
}

/// Whether a line was added to a payment's log.
fn is_of_payment(event: &EventBody) -> bool {
    event.kind == "payment"
}

/// Whether a payment has been made.
pub(super) fn is_arrival(event: &EventBody) -> bool {
    is_of_payment(event) && event.event.as_deref() == Some(CREATED)
}

/// Whether more may have changed than the event says: payments are gone, or events were missed.
pub(super) fn needs_a_look(event: &EventBody) -> bool {
    matches!(event.kind.as_str(), "sales-unit" | "missed")
}

/// Whether whoever watches payments wants to know.
pub(super) fn is_shown(event: &EventBody) -> bool {
    let kinds = ["payment", "customer", "deadline", "shipping", "sales-unit", "missed"];
    kinds.contains(&event.kind.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn waiting(reference: &str) -> Waiting {
        Waiting {
            reference: reference.to_owned(),
            amount: "NOK 345.92".to_owned(),
            phone: Some("4791234567".to_owned()),
            description: None,
        }
    }

    fn watch(references: &[&str]) -> Watch {
        Watch::new(references.iter().map(|it| waiting(it)).collect())
    }

    fn payment_event(reference: &str, event: &str) -> EventBody {
        let json = serde_json::json!({
            "id": "a-1", "at": "2030-01-01T12:00:00.000Z", "msn": "900001", "kind": "payment",
            "reference": reference, "event": event, "text": format!("payment {reference}: {event}"),
        });
        serde_json::from_value(json).unwrap()
    }

    fn press(watch: &mut Watch, keys: &str) -> Vec<Wish> {
        keys.chars().map(|sign| watch.press(Key::Sign(sign))).collect()
    }

    fn make(step: Move, reference: &str) -> Wish {
        Wish::Make(step, reference.to_owned())
    }

    #[test]
    fn a_key_is_about_the_newest_payment() {
        let mut watch = watch(&["ride-1", "ride-2"]);
        let wishes = [(Move::Approve, 'a'), (Move::Reject, 'r'), (Move::Expire, 'E')];
        for (step, sign) in wishes {
            assert_eq!(watch.press(Key::Sign(sign)), make(step, "ride-2"));
        }
        watch.arrive(waiting("ride-3"));
        assert_eq!(press(&mut watch, "a"), [make(Move::Approve, "ride-3")]);
    }

    #[test]
    fn a_payment_that_was_chosen_stays_so_until_it_is_answered() {
        let mut watch = watch(&["ride-1", "ride-2", "ride-3"]);
        watch.press(Key::Up);
        watch.arrive(waiting("ride-4"));
        assert_eq!(press(&mut watch, "r"), [make(Move::Reject, "ride-2")]);
        watch.hear(&payment_event("ride-1", "EXPIRED"));
        assert_eq!(press(&mut watch, "r"), [make(Move::Reject, "ride-2")]);
        watch.hear(&payment_event("ride-2", "ABORTED"));
        assert_eq!(press(&mut watch, "a"), [make(Move::Approve, "ride-4")]);
    }

    #[test]
    fn choosing_ends_at_both_ends_and_the_last_place_is_that_of_the_newest() {
        let mut watch = watch(&["ride-1", "ride-2"]);
        press(&mut watch, "kkk");
        assert_eq!(press(&mut watch, "a"), [make(Move::Approve, "ride-1")]);
        press(&mut watch, "jjj");
        assert_eq!(press(&mut watch, "a"), [make(Move::Approve, "ride-2")]);
        watch.arrive(waiting("ride-3"));
        assert_eq!(press(&mut watch, "a"), [make(Move::Approve, "ride-3")]);
    }

    #[test]
    fn without_a_payment_keys_do_nothing() {
        let mut watch = watch(&[]);
        assert_eq!(press(&mut watch, "arekjx"), vec![Wish::Nothing; 6]);
        assert_eq!(press(&mut watch, "?q"), [Wish::Help, Wish::Leave]);
        assert_eq!(watch.press(Key::Interrupt), Wish::Stop);
        assert_eq!(watch.prompt(), "no payment waits | q quit");
    }

    #[test]
    fn a_payment_arrives_once_and_what_is_captured_does_not_wait() {
        let mut watch = watch(&["ride-1"]);
        watch.arrive(waiting("ride-1"));
        watch.hear(&payment_event("ride-1", "CREATED"));
        assert_eq!(watch.lines().len(), 1);
        watch.hear(&payment_event("ride-1", "CAPTURED"));
        assert!(watch.lines().is_empty());
    }

    #[test]
    fn a_new_list_keeps_what_was_chosen_if_it_is_still_there() {
        let mut watch = watch(&["ride-1", "ride-2", "ride-3"]);
        watch.press(Key::Up);
        watch.replace(vec![waiting("ride-2"), waiting("ride-5")]);
        assert_eq!(press(&mut watch, "a"), [make(Move::Approve, "ride-2")]);
        watch.replace(vec![waiting("ride-5"), waiting("ride-6")]);
        assert_eq!(press(&mut watch, "a"), [make(Move::Approve, "ride-6")]);
    }

    #[test]
    fn the_prompt_says_which_payment_is_meant() {
        let mut watch = watch(&["ride-1"]);
        insta::assert_snapshot!(watch.prompt(), @"ride-1 NOK 345.92, 4791234567 | a approve  r reject  e expire  q quit");
        let tip = Waiting { description: Some("Tip\u{1b}[2J".to_owned()), ..waiting("ride-2") };
        watch.arrive(tip);
        assert!(
            watch.prompt().starts_with("[2/2] ride-2 NOK 345.92, 4791234567, Tip\u{fffd}[2J | ")
        );
        watch.press(Key::Up);
        assert!(watch.prompt().starts_with("[1/2] ride-1 "), "{}", watch.prompt());
    }

    #[test]
    fn what_is_not_about_payments_is_not_shown() {
        let event =
            |kind: &str| EventBody { kind: kind.to_owned(), ..payment_event("r", "CREATED") };
        assert!(is_shown(&event("payment")) && is_shown(&event("customer")));
        assert!(!is_shown(&event("delivery")) && !is_shown(&event("clock")));
        assert!(needs_a_look(&event("missed")) && !needs_a_look(&event("payment")));
        assert!(!is_arrival(&event("delivery")), "a webhook that tells of it is not the payment");
    }
}
