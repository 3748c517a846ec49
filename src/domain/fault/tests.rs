use super::*;
use crate::domain::EventName;

const NOON: &str = "2030-01-01T12:00:00Z";

fn refuse(code: u16) -> Effect {
    Effect::Refuse { code, commit: Commit::Never }
}

fn wanted(matcher: Matcher, effect: Effect, times: Option<u32>) -> NewFault {
    NewFault { matcher, effect, times, until: None }
}

fn of(reference: &str) -> Matcher {
    Matcher { reference: Some(Glob::new(reference)), ..Matcher::default() }
}

fn captures() -> Matcher {
    Matcher { operation: Some("capture"), ..Matcher::default() }
}

fn call<'a>(operation: &'a str, reference: &'a str) -> Traits<'a> {
    Traits { operation: Some(operation), reference: Some(reference), headers: &[] }
}

/// Which fault strikes at noon, with dice that nobody should need.
fn strike(faults: &mut Faults, operation: &str, reference: &str) -> Option<u64> {
    let mut dice = || unreachable!("nothing is left to chance");
    let call = call(operation, reference);
    let struck = faults.strike(Stage::Operation, call, NOON.parse().unwrap(), &mut dice);
    struck.map(|it| it.id.0)
}

#[test]
fn the_first_that_matches_strikes_as_often_as_it_was_told() {
    let mut faults = Faults::default();
    faults.add(wanted(captures(), refuse(6280), Some(2))).unwrap();
    faults.add(wanted(of("ride-0002"), refuse(3010), Some(1))).unwrap();
    faults.add(wanted(Matcher::default(), refuse(6160), None)).unwrap();
    let calls = [
        ("capture", "ride-0001", Some(1)),
        ("capture", "ride-0002", Some(1)),
        ("capture", "ride-0002", Some(2)),
        ("refund", "ride-0002", Some(3)),
        ("get", "ride-0001", Some(3)),
    ];
    for (operation, reference, expected) in calls {
        assert_eq!(strike(&mut faults, operation, reference), expected, "{operation}");
    }
    assert!(faults.remove(FaultId(3)));
    assert!(!faults.remove(FaultId(3)));
    assert_eq!(strike(&mut faults, "get", "ride-0001"), None);
}

#[test]
fn what_has_struck_is_remembered_for_a_while() {
    let mut faults = Faults::default();
    let noon = NOON.parse().unwrap();
    for _ in 0..=PAST_FAULTS_MAX {
        faults.add(wanted(captures(), refuse(6280), Some(1))).unwrap();
        strike(&mut faults, "capture", "ride-0001").unwrap();
    }
    faults.add(wanted(captures(), refuse(6280), Some(2))).unwrap();
    strike(&mut faults, "capture", "ride-0001").unwrap();
    let told = |it: &Fault| (it.id.0, it.hits, it.left, it.state(noon).name());
    let all: Vec<_> = faults.iter().map(told).collect();
    assert_eq!(all.first(), Some(&(102, 1, Some(1), "waiting")));
    assert_eq!(all.get(1), Some(&(2, 1, Some(0), "spent")), "the first one is forgotten");
    assert_eq!(all.len(), 1 + PAST_FAULTS_MAX);
    assert!(faults.remove(FaultId(2)), "what is past can be taken away as well");
    faults.clear();
    assert_eq!(faults.iter().count(), 0);
}

#[test]
fn the_third_call_is_the_third_whoever_struck_those_before() {
    let mut faults = Faults::default();
    let third = Matcher { nth: 3, ..captures() };
    faults.add(wanted(of("ride-0002"), refuse(3010), Some(1))).unwrap();
    faults.add(wanted(third, refuse(6280), Some(1))).unwrap();
    let calls = [
        ("capture", "ride-0001", None),
        ("refund", "ride-0001", None),
        ("capture", "ride-0002", Some(1)),
        ("capture", "ride-0001", Some(2)),
        ("capture", "ride-0001", None),
    ];
    for (operation, reference, expected) in calls {
        assert_eq!(strike(&mut faults, operation, reference), expected, "{operation} {reference}");
    }
}

#[test]
fn chance_decides_below_the_probability() {
    let mut faults = Faults::default();
    let probability = Probability::of_share(0.3).unwrap();
    let seldom = Matcher { probability, ..captures() };
    faults.add(wanted(seldom, refuse(6280), None)).unwrap();
    let mut strike = |shown| {
        let noon = NOON.parse().unwrap();
        let struck =
            faults.strike(Stage::Operation, call("capture", "ride-0001"), noon, &mut || shown);
        struck.is_some()
    };
    assert_eq!([0, 299_999, 300_000, 999_999].map(&mut strike), [true, true, false, false]);
}

#[test]
fn a_fault_is_over_when_its_time_is() {
    let mut faults = Faults::default();
    let [before, noon]: [Timestamp; 2] =
        ["2030-01-01T11:59:59Z", NOON].map(|it| it.parse().unwrap());
    let ended = NewFault { until: Some(noon), ..wanted(captures(), refuse(6280), None) };
    faults.add(ended).unwrap();
    let strike = |faults: &mut Faults, now| {
        let mut dice = || unreachable!("nothing is left to chance");
        faults.strike(Stage::Operation, call("capture", "ride-0001"), now, &mut dice).is_some()
    };
    assert!(strike(&mut faults, before));
    assert_eq!(faults.expire(FaultId(1), before), None, "not yet");
    assert!(!strike(&mut faults, noon));
    assert!(faults.expire(FaultId(1), noon).is_some());
    assert!(faults.is_empty());
    assert_eq!(faults.iter().map(|it| it.state(noon)).collect::<Vec<_>>(), [FaultState::Expired]);
}

#[test]
fn webhooks_are_struck_by_faults_of_their_own() {
    let mut faults = Faults::default();
    let captured = EventType::Payment(EventName::Captured);
    let lost = Effect::Webhook { event: Some(captured), effect: WebhookEffect::Drop };
    let failed = Effect::Webhook { event: None, effect: WebhookEffect::Unsuccessful };
    let forged = Effect::Webhook { event: None, effect: WebhookEffect::CorruptSignature };
    for effect in [refuse(3010), Effect::Wire(WireEffect::Close), lost, failed, forged] {
        faults.add(wanted(Matcher::default(), effect, Some(1))).unwrap();
    }
    let mut strike = |stage, event| {
        let reference = "ride-0001".parse().unwrap();
        let mut dice = || unreachable!("nothing is left to chance");
        let noon = NOON.parse().unwrap();
        let struck = faults.strike_webhook(stage, event, Some(&reference), noon, &mut dice);
        struck.map(|(_, effect)| effect.name())
    };
    assert_eq!(strike(Stage::Event, EventType::CheckedIn), None, "a check-in cannot fail");
    assert_eq!(strike(Stage::Event, captured), Some("drop"));
    assert_eq!(strike(Stage::Event, captured), Some("unsuccessful"));
    assert_eq!(strike(Stage::Event, captured), None);
    assert_eq!(strike(Stage::Attempt, EventType::CheckedIn), Some("corrupt-signature"));
}

#[test]
fn there_is_a_limit() {
    let mut faults = Faults::default();
    for _ in 0..FAULTS_MAX {
        faults.add(wanted(Matcher::default(), refuse(3010), None)).unwrap();
    }
    let one_more = wanted(Matcher::default(), refuse(3010), None);
    assert_eq!(faults.add(one_more), Err(TooManyFaults));
}
