//! Runs a scenario, step by step, through whoever can call the control API.

use std::fmt;

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use super::recipe::{Placed, Recipe};
use super::step::{Call, PAYMENT, PHONE, Step, Wanted, get, set};

/// Whoever can call the control API of a sales unit, and hears what happens in it.
pub(crate) trait Bench {
    /// Why a call could not be made, or was refused.
    type Error: fmt::Display;

    /// Makes a call: what it is answered with, nothing as null.
    async fn call(&mut self, call: Call) -> Result<Value, Self::Error>;

    /// The next event since before the scenario began; none if there is none within this real time.
    async fn next_event(&mut self, within: SignedDuration) -> Result<Option<Value>, Self::Error>;

    /// A step waits for this.
    fn waits(&mut self, _for_what: &str) {}

    /// A step is done.
    fn did(&mut self, _done: &Done) {}
}

/// What whoever runs a scenario may decide.
#[derive(Debug, Clone, Default)]
pub(crate) struct Given {
    /// Which payment it is about, whether it is there already or not.
    pub(crate) payment: Option<String>,
    /// Which customer it is about.
    pub(crate) phone: Option<String>,
}

/// A step that is done.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Done {
    /// Where it stands in the file.
    pub(crate) line: usize,
    /// What it does.
    pub(crate) kind: String,
    /// What it did, in a few words.
    pub(crate) text: String,
    /// What happened on the way, where time was moved.
    pub(crate) happened: Vec<String>,
    /// What the mock said to it.
    pub(crate) answer: Value,
}

/// A scenario that has come to its end.
#[derive(Debug, Clone, Default)]
pub(crate) struct Report {
    /// Which payment it was about.
    pub(crate) payment: Option<String>,
    pub(crate) done: Vec<Done>,
}

/// A scenario broke off.
#[derive(Debug)]
pub(crate) struct RunError<E> {
    /// At which line.
    pub(crate) line: usize,
    pub(crate) cause: Cause<E>,
}

/// Why.
#[derive(Debug)]
pub(crate) enum Cause<E> {
    /// A call came to nothing.
    Call(E),
    /// What was waited for did not happen.
    InVain { for_what: String, otherwise: Option<String> },
    /// The payment was there already, and must not be.
    NotNew { reference: String },
    /// Nobody says which customer is meant.
    WhichCustomer,
    /// What the mock said makes no sense.
    Unreadable(String),
}

impl<E: fmt::Display> fmt::Display for Cause<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Call(error) => error.fmt(f),
            Self::InVain { for_what, .. } => write!(f, "waited in vain for {for_what}"),
            Self::NotNew { reference } => {
                write!(f, "payment {reference} was there before, and a new one is needed")
            }
            Self::WhichCustomer => f.write_str("it is not known which customer is meant"),
            Self::Unreadable(what) => write!(f, "the mock's answer has no {what}"),
        }
    }
}

impl<E> Cause<E> {
    /// What to do about it.
    pub(crate) fn hint(&self) -> Option<String> {
        match self {
            Self::Call(_) | Self::Unreadable(_) => None,
            Self::InVain { otherwise, .. } => otherwise.clone(),
            Self::NotNew { .. } => Some(
                "start the scenario first, and then create the payment; --payment may name it \
                 beforehand"
                    .to_owned(),
            ),
            Self::WhichCustomer => Some("say it with --phone".to_owned()),
        }
    }
}

/// Runs all of it.
///
/// # Errors
///
/// [`RunError`] at the first step that fails. What was done before stays done.
pub(crate) async fn run<B: Bench>(
    recipe: &Recipe,
    given: Given,
    bench: &mut B,
) -> Result<Report, RunError<B::Error>> {
    let phone = given.phone.or_else(|| recipe.phone.clone());
    let mut running = Running { given: given.payment, payment: None, phone, bench };
    let mut report = Report::default();
    for placed in &recipe.steps {
        let done = running.make(placed).await;
        let done = done.map_err(|cause| RunError { line: placed.line, cause })?;
        running.bench.did(&done);
        report.done.push(done);
    }
    report.payment = running.payment;
    Ok(report)
}

/// What is known while a scenario runs.
struct Running<'a, B> {
    given: Option<String>,
    payment: Option<String>,
    phone: Option<String>,
    bench: &'a mut B,
}

impl<B: Bench> Running<'_, B> {
    async fn make(&mut self, placed: &Placed) -> Result<Done, Cause<B::Error>> {
        let Placed { line, step, read } = placed;
        if step.needs_phone() && self.phone.is_none() {
            return Err(Cause::WhichCustomer);
        }
        let answer = match step {
            Step::Payment { new } => self.find(*new).await?,
            Step::Wait(wanted) => self.wait(wanted).await?,
            Step::AdvanceToExpiry { less } => self.advance_to_expiry(*less).await?,
            other => {
                let call = other.call(|text| self.fill(text));
                let call =
                    call.ok_or_else(|| Cause::Unreadable("call for this step".to_owned()))?;
                self.call(call).await?
            }
        };
        Ok(Done {
            line: *line,
            kind: read["do"].as_str().unwrap_or_default().to_owned(),
            text: self.text(step, read, &answer),
            happened: texts(&answer["happened"]),
            answer,
        })
    }

    async fn call(&mut self, call: Call) -> Result<Value, Cause<B::Error>> {
        self.bench.call(call).await.map_err(Cause::Call)
    }

    fn fill(&self, text: &str) -> String {
        let or_none = |text: &Option<String>| text.clone().unwrap_or_default();
        text.replace(PAYMENT, &or_none(&self.payment)).replace(PHONE, &or_none(&self.phone))
    }

    /// Finds the payment, or waits until it is made.
    async fn find(&mut self, must_be_new: bool) -> Result<Value, Cause<B::Error>> {
        let there = self.there().await?;
        let payment = match (there, must_be_new) {
            (Some(reference), false) => self.call(get(&["payments", &reference])).await?,
            (Some(reference), true) if self.given.is_some() => {
                return Err(Cause::NotNew { reference });
            }
            _ => self.next_made().await?,
        };
        if let Some(phone) = payment["phoneNumber"].as_str() {
            self.phone = Some(phone.to_owned());
        }
        self.payment = payment["reference"].as_str().map(str::to_owned);
        Ok(payment)
    }

    /// The payment that was named, or the newest that waits, if it is there.
    async fn there(&mut self) -> Result<Option<String>, Cause<B::Error>> {
        let payments = self.call(get(&["payments"])).await?;
        let payments = payments.as_array().map(Vec::as_slice).unwrap_or_default();
        let is_meant = |payment: &&Value| match &self.given {
            Some(reference) => payment["reference"] == reference.as_str(),
            None => payment["state"] == "CREATED" && self.may_be_meant(payment),
        };
        let meant = payments.iter().rfind(is_meant);
        Ok(meant.and_then(|payment| payment["reference"].as_str()).map(str::to_owned))
    }

    /// Whether it may be the payment of the customer who is meant. One that names nobody may be.
    fn may_be_meant(&self, payment: &Value) -> bool {
        let digits = |text: &str| text.chars().filter(char::is_ascii_digit).collect::<String>();
        match (&self.phone, payment["phoneNumber"].as_str()) {
            (Some(phone), Some(theirs)) => digits(phone) == digits(theirs),
            (None, _) | (_, None) => true,
        }
    }

    async fn next_made(&mut self) -> Result<Value, Cause<B::Error>> {
        let for_what = match (&self.given, &self.phone) {
            (Some(reference), _) => format!("payment {reference} to be created"),
            (None, Some(phone)) => format!("a payment of {phone} to be created"),
            (None, None) => "a payment to be created".to_owned(),
        };
        let given = self.given.clone();
        let is_it = |event: &Value| {
            let is_meant = given.as_ref().is_none_or(|it| event["reference"] == it.as_str());
            event["kind"] == "payment" && event["event"] == "CREATED" && is_meant
        };
        loop {
            let event = self.hear(&for_what, PAYMENT_WITHIN, None, &is_it).await?;
            let reference = event["reference"].as_str();
            let reference = reference.ok_or_else(|| Cause::Unreadable("reference".to_owned()))?;
            let payment = self.call(get(&["payments", reference])).await?;
            if self.given.is_some() || self.may_be_meant(&payment) {
                return Ok(payment);
            }
        }
    }

    async fn wait(&mut self, wanted: &Wanted) -> Result<Value, Cause<B::Error>> {
        let text = wanted.text.as_deref().map(|text| self.fill(text));
        let named = wanted.event.as_deref().map(|_| "payment");
        let kind = wanted.kind.as_deref().or(named);
        let payment = self.payment.clone();
        let is_it = |event: &Value| {
            let about = |wanted: Option<&str>, member: &str| {
                wanted.is_none_or(|wanted| event[member] == wanted)
            };
            // Who asks for an event of the log means that of the payment.
            let reference = wanted.event.as_ref().and(payment.as_deref());
            let said = event["text"].as_str().unwrap_or_default();
            about(kind, "kind")
                && about(wanted.event.as_deref(), "event")
                && about(reference, "reference")
                && text.as_deref().is_none_or(|text| said.contains(text))
        };
        let words = [kind, wanted.event.as_deref(), text.as_deref()];
        let words: Vec<&str> = words.into_iter().flatten().collect();
        let for_what = format!("the event: {}", words.join(" "));
        let otherwise = wanted.otherwise.as_deref().map(|text| self.fill(text));
        self.hear(&for_what, wanted.within, otherwise, is_it).await
    }

    /// Listens until something like this is said.
    async fn hear(
        &mut self,
        for_what: &str,
        within: SignedDuration,
        otherwise: Option<String>,
        is_it: impl Fn(&Value) -> bool,
    ) -> Result<Value, Cause<B::Error>> {
        self.bench.waits(for_what);
        while let Some(event) = self.bench.next_event(within).await.map_err(Cause::Call)? {
            if is_it(&event) {
                return Ok(event);
            }
        }
        Err(Cause::InVain { for_what: for_what.to_owned(), otherwise })
    }

    async fn advance_to_expiry(&mut self, less: SignedDuration) -> Result<Value, Cause<B::Error>> {
        let payment = self.payment.clone().unwrap_or_default();
        let payment = self.call(get(&["payments", &payment])).await?;
        let expires = payment["expiresAt"].as_str().and_then(|it| it.parse::<Timestamp>().ok());
        let expires = expires.ok_or_else(|| Cause::Unreadable("expiresAt".to_owned()))?;
        // It is shown in whole milliseconds, the last of which has to be over for the payment to be.
        let rest = if less.is_zero() { SignedDuration::from_millis(1) } else { -less };
        self.call(set(&(expires + rest).to_string())).await
    }

    /// What a step did, in a few words.
    fn text(&self, step: &Step, read: &Value, answer: &Value) -> String {
        let said = |member: &str| answer[member].as_str().unwrap_or_default().to_owned();
        match step {
            Step::Payment { .. } => format!("{} {}", said("reference"), said("state")),
            Step::Wait(_) => said("text"),
            Step::CheckIn { code, .. } => {
                format!("{} at {code}: {}", self.fill(PHONE), said("customerToken"))
            }
            Step::Freeze {} | Step::Resume {} | Step::Set { .. } | Step::AdvanceToExpiry { .. } => {
                said("now")
            }
            Step::Advance { by } => format!("{by}, to {}", said("now")),
            _ => {
                let about = match (step.needs_payment(), step.needs_phone()) {
                    (true, _) => Some(self.fill(PAYMENT)),
                    (false, true) => Some(self.fill(PHONE)),
                    (false, false) => None,
                };
                let is_news = |name: &str| !["do", "reference"].contains(&name);
                let rest = read.as_object().into_iter().flatten();
                let rest = rest.filter(|(name, _)| is_news(name));
                let rest = rest.map(|(name, value)| format!("{name} {}", self.fill(&words(value))));
                about.into_iter().chain(rest).collect::<Vec<_>>().join(", ")
            }
        }
    }
}

/// A value without the signs of JSON.
fn words(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Object(members) => {
            let members = members.iter().map(|(name, value)| format!("{name} {}", words(value)));
            members.collect::<Vec<_>>().join(" ")
        }
        other => other.to_string(),
    }
}

/// How long a scenario waits for its payment, in real time.
const PAYMENT_WITHIN: SignedDuration = SignedDuration::from_mins(10);

fn texts(happened: &Value) -> Vec<String> {
    let happened = happened.as_array().into_iter().flatten();
    happened.filter_map(|it| it["text"].as_str()).map(str::to_owned).collect()
}

impl Done {
    /// For programs.
    pub(crate) fn json(&self) -> Value {
        json!({ "line": self.line, "do": self.kind, "text": self.text, "answer": self.answer })
    }
}

#[cfg(test)]
mod tests {
    use std::collections::VecDeque;

    use futures::executor::block_on;

    use super::*;

    /// Says to each call what it is told to, and writes down what was called.
    #[derive(Default)]
    struct Told {
        payments: Value,
        events: VecDeque<Value>,
        calls: Vec<String>,
        waited: Vec<String>,
    }

    impl Bench for Told {
        type Error = String;

        async fn call(&mut self, call: Call) -> Result<Value, String> {
            let body = call.body.map_or_else(String::new, |body| format!(" {body}"));
            let path = call.path.join("/");
            let is_list = path == "payments";
            self.calls.push(format!("{} {path}{body}", call.method));
            match path.as_str() {
                _ if is_list => Ok(self.payments.clone()),
                "payments/ride-1" | "payments/ride-2" => Ok(json!({
                    "reference": path.rsplit('/').next(), "state": "CREATED",
                    "phoneNumber": "4791234567", "expiresAt": "2030-01-01T12:10:00.000Z"})),
                "payments/ride-1/reject" => Err("payment ride-1 is EXPIRED".to_owned()),
                _ => Ok(json!({"now": "2030-01-01T12:00:00Z"})),
            }
        }

        async fn next_event(&mut self, _: SignedDuration) -> Result<Option<Value>, String> {
            Ok(self.events.pop_front())
        }

        fn waits(&mut self, for_what: &str) {
            self.waited.push(for_what.to_owned());
        }
    }

    fn recipe(steps: &str) -> Recipe {
        let head = "name = \"mine\"\nshows = \"Something.\"\nwatch = \"Anything.\"\n";
        let steps = steps.lines().map(|step| format!("[[step]]\n{}\n", step.replace("; ", "\n")));
        Recipe::read(&(head.to_owned() + &steps.collect::<String>())).unwrap()
    }

    fn created(reference: &str) -> Value {
        json!({"kind": "payment", "event": "CREATED", "reference": reference, "text": "made"})
    }

    fn waiting(references: &[&str]) -> Value {
        references.iter().map(|it| json!({"reference": it, "state": "CREATED"})).collect()
    }

    fn made(steps: &str, given: Given, bench: &mut Told) -> Result<Report, RunError<String>> {
        block_on(run(&recipe(steps), given, bench))
    }

    #[test]
    fn steps_are_calls_about_the_newest_payment_that_waits() {
        let mut bench = Told { payments: waiting(&["ride-1", "ride-2"]), ..Told::default() };
        let steps = "do = \"payment\"\n\
                     do = \"fault\"; code = 6260; reference = \"{payment}\"; times = \"always\"\n\
                     do = \"approve\"\n\
                     do = \"user\"; behaviour = \"approve after 5s\"\n\
                     do = \"advance\"; by = \"8d\"\n\
                     do = \"advance-to-expiry\"; less = \"1s\"";
        let report = made(steps, Given::default(), &mut bench).unwrap();
        assert_eq!(report.payment.as_deref(), Some("ride-2"));
        let texts: Vec<_> = report.done.iter().map(|it| it.text.as_str()).collect();
        insta::assert_debug_snapshot!((texts, bench.calls), @r#"
        (
            [
                "ride-2 CREATED",
                "ride-2, code 6260, times always",
                "ride-2",
                "4791234567, behaviour approve after 5s",
                "8d, to 2030-01-01T12:00:00Z",
                "2030-01-01T12:00:00Z",
            ],
            [
                "GET payments",
                "GET payments/ride-2",
                "POST faults {\"code\":6260,\"reference\":\"ride-2\",\"times\":\"always\"}",
                "POST payments/ride-2/approve",
                "PUT users/4791234567 {\"behaviour\":\"approve after 5s\"}",
                "POST clock/advance {\"by\":\"8d\"}",
                "GET payments/ride-2",
                "POST clock/set {\"to\":\"2030-01-01T12:09:59Z\"}",
            ],
        )
        "#);
    }

    #[test]
    fn a_payment_that_is_not_there_is_waited_for() {
        let mut bench = Told { payments: waiting(&[]), ..Told::default() };
        bench.events = [created("ride-1"), created("ride-2")].into();
        let report = made("do = \"payment\"", Given::default(), &mut bench).unwrap();
        assert_eq!(report.payment.as_deref(), Some("ride-1"));

        let given = || Given { payment: Some("ride-2".to_owned()), phone: None };
        bench.events = [created("ride-1"), created("ride-2")].into();
        let report = made("do = \"payment\"", given(), &mut bench).unwrap();
        assert_eq!(report.payment.as_deref(), Some("ride-2"));

        bench.payments = waiting(&["ride-2", "ride-1"]);
        let steps = "do = \"payment\"; new = true";
        let error = made(steps, given(), &mut bench).unwrap_err();
        assert!(error.cause.to_string().contains("was there before"), "{}", error.cause);
        bench.events = [created("ride-2")].into();
        let report = made(steps, Given::default(), &mut bench).unwrap();
        assert_eq!(report.payment.as_deref(), Some("ride-2"));
    }

    #[test]
    fn payments_of_other_customers_are_passed_over() {
        let theirs = json!({
            "reference": "ride-2", "state": "CREATED", "phoneNumber": "4799999999"});
        let ours = json!({"reference": "ride-1", "state": "CREATED", "phoneNumber": "4791234567"});
        let of = |phone: &str| Given { payment: None, phone: Some(phone.to_owned()) };
        let mut bench = Told { payments: json!([ours, theirs]), ..Told::default() };
        let report = made("do = \"payment\"", of("+47 912 34 567"), &mut bench).unwrap();
        assert_eq!(report.payment.as_deref(), Some("ride-1"));

        // All payments of this bench are of one customer, so this one waits in vain.
        bench.payments = json!([theirs]);
        bench.events = [created("ride-1")].into();
        let error = made("do = \"payment\"", of("4790000003"), &mut bench).unwrap_err();
        assert_eq!(
            error.cause.to_string(),
            "waited in vain for a payment of 4790000003 to be created"
        );
    }

    #[test]
    fn what_is_waited_for_must_be_all_that_was_said() {
        let event = |kind: &str, reference: &str, event: &str| {
            let text = format!("{kind} {reference} {event}");
            json!({"kind": kind, "reference": reference, "event": event, "text": text})
        };
        let mut bench = Told { payments: waiting(&["ride-1"]), ..Told::default() };
        bench.events = [
            event("payment", "ride-2", "CAPTURED"),
            event("delivery", "ride-1", "CAPTURED"),
            event("payment", "ride-1", "AUTHORIZED"),
            event("payment", "ride-1", "CAPTURED"),
        ]
        .into();
        let steps = "do = \"payment\"\ndo = \"wait\"; event = \"CAPTURED\"";
        let report = made(steps, Given::default(), &mut bench).unwrap();
        assert_eq!(report.done[1].text, "payment ride-1 CAPTURED");
        assert!(bench.events.is_empty());

        let steps = "do = \"wait\"; kind = \"delivery\"; otherwise = \"register first\"";
        let error = made(steps, Given::default(), &mut bench).unwrap_err();
        assert_eq!(error.cause.to_string(), "waited in vain for the event: delivery");
        assert_eq!(error.cause.hint().as_deref(), Some("register first"));
    }

    #[test]
    fn the_first_step_that_fails_is_the_last() {
        let mut bench = Told { payments: waiting(&["ride-1"]), ..Told::default() };
        let steps = "do = \"payment\"\ndo = \"reject\"\ndo = \"freeze\"";
        let error = made(steps, Given::default(), &mut bench).unwrap_err();
        assert_eq!(
            (error.line, error.cause.to_string().as_str()),
            (6, "payment ride-1 is EXPIRED")
        );
        assert!(bench.calls.iter().all(|call| !call.contains("freeze")), "{:?}", bench.calls);

        let steps = "do = \"user\"; behaviour = \"reject\"";
        let error = made(steps, Given::default(), &mut bench).unwrap_err();
        assert_eq!(error.cause.hint().as_deref(), Some("say it with --phone"));
    }
}
