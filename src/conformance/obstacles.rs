//! Why a scenario cannot run at a target: for each, a reason that a person can act on.

use cucumber::gherkin::Step;

use super::capabilities::Capabilities;

/// Steps that need a control API, by words of theirs, and what for.
const NEEDS_CONTROL: [(&str, &str); 15] = [
    ("another merchant", "it needs a second sales unit"),
    ("that may not ", "it needs a sales unit with other permissions"),
    ("that may ", "it needs a sales unit with other permissions"),
    ("was rejected", "it needs a customer who rejects"),
    ("has expired", "it moves time"),
    ("the customer rejects", "it needs a customer who rejects"),
    ("the customer tries", "it looks into the customer's app"),
    ("a customer who ", "it needs one of the mock's customers"),
    ("a passenger who ", "it needs one of the mock's customers"),
    ("the tester ", "it takes a tester's part"),
    ("the clock ", "it moves time"),
    ("on the clock", "it moves time"),
    ("attempt", "it looks at a mock's deliveries"),
    ("fault", "it asks a mock for faults"),
    ("in the unit", "it lists the payments of a sales unit"),
];

/// Words like those of [`NEEDS_CONTROL`] that need none.
const PORTABLE: [&str; 3] =
    ["a customer who is unknown", "a passenger who is unknown", "a passenger who approves"];

/// Steps that need webhooks to arrive.
const NEEDS_WEBHOOKS: [&str; 7] = [
    "a receiver of ",
    "every webhook",
    "of its webhooks",
    "by webhook",
    "the webhooks that come",
    "the taxi rejects",
    "webhooks of ",
];

/// Steps that count all registrations of the sales unit.
const COUNTS_REGISTRATIONS: [&str; 4] =
    ["registration is left", "registrations are left", "registrations for", "the list has "];

/// Why the scenario with these tags and steps cannot run, if it cannot.
pub(super) fn obstacle<'a>(
    tags: &[String],
    steps: impl Iterator<Item = &'a Step> + Clone,
    can: &Capabilities,
) -> Option<String> {
    let texts: Vec<&str> = steps.map(|step| step.value.as_str()).collect();
    if !can.has_control
        && let Some(reason) = without_control(tags, &texts, can)
    {
        return Some(reason);
    }
    if let Some(reason) = &can.no_webhooks
        && any(&texts, &NEEDS_WEBHOOKS)
    {
        return Some(format!("it needs webhooks: {reason}"));
    }
    if can.has_tunnel && any(&texts, &["these headers and no others"]) {
        return Some("it looks at all headers of a webhook, and a tunnel adds its own".to_owned());
    }
    None
}

/// Whether a scenario must have a shared sales unit for itself.
pub(super) fn is_alone<'a>(mut steps: impl Iterator<Item = &'a Step>, can: &Capabilities) -> bool {
    // A taxi registers its address, if it can have one.
    let taxi = if can.no_webhooks.is_none() { "the taxi " } else { "regist" };
    !can.has_control && steps.any(|step| any(&[&step.value], &["regist", "a receiver of ", taxi]))
}

fn without_control(tags: &[String], texts: &[&str], can: &Capabilities) -> Option<String> {
    if let Some(reason) = texts.iter().find_map(|text| need(text)) {
        return Some(format!("{reason}, for which there is no control API here"));
    }
    if tags.iter().any(|tag| tag == "mock-only") {
        return Some("it needs what only a mock can do (@mock-only)".to_owned());
    }
    let market = market(texts);
    if market != can.market {
        return Some(format!(
            "it needs a sales unit in {market}, and this one is in {}",
            can.market
        ));
    }
    if can.foreign_registrations > 0 && any(texts, &COUNTS_REGISTRATIONS) {
        let count = can.foreign_registrations;
        return Some(format!(
            "it counts registrations, and the sales unit has {count} from elsewhere"
        ));
    }
    None
}

fn need(text: &str) -> Option<&'static str> {
    if text.starts_with(|first: char| first.is_ascii_digit()) && text.contains(" pass") {
        return Some("it moves time");
    }
    if PORTABLE.contains(&text) {
        return None;
    }
    NEEDS_CONTROL.iter().find(|(words, _)| text.contains(words)).map(|(_, need)| *need)
}

/// The market a scenario is about, which is Norway when it says nothing.
fn market(texts: &[&str]) -> &'static str {
    let markets = [("Denmark", "DK"), ("Finland", "FI"), ("Norway", "NO")];
    let named = |(country, _): &&(&str, &str)| {
        let ends = [format!("merchant in {country}"), format!("taxi in {country}")];
        texts.iter().any(|text| ends.iter().any(|end| text.ends_with(end.as_str())))
    };
    markets.iter().find(named).map_or("NO", |(_, market)| market)
}

fn any(texts: &[&str], words: &[&str]) -> bool {
    texts.iter().any(|text| words.iter().any(|word| text.contains(word)))
}

#[cfg(test)]
mod tests {
    use cucumber::gherkin::{Feature, GherkinEnv};

    use super::*;

    fn official() -> Capabilities {
        Capabilities { has_control: false, ..Capabilities::all() }
    }

    fn reason(tags: &str, step: &str, can: &Capabilities) -> Option<String> {
        let text = format!("Feature: F\n  Scenario: S\n    When {step}\n");
        let feature = Feature::parse(text, GherkinEnv::default()).unwrap();
        let tags: Vec<String> = tags.split_whitespace().map(str::to_owned).collect();
        obstacle(&tags, feature.scenarios[0].steps.iter(), can)
    }

    #[test]
    fn without_a_control_api_the_reason_says_what_is_missing() {
        let cases = [
            ("official", "the merchant captures NOK 1.00", None),
            ("official", "a customer who is unknown", None),
            ("official mock-only", "1 hour passes", Some("moves time")),
            ("official", "20 seconds have passed", Some("moves time")),
            ("official", "another merchant reads the payment", Some("second sales unit")),
            ("official", "a merchant in Denmark", Some("in DK")),
            ("official", "a merchant in Norway", None),
            ("official mock-only", "the merchant captures NOK 1.00", Some("@mock-only")),
        ];
        for (tags, step, expected) in cases {
            let reason = reason(tags, step, &official());
            match expected {
                None => assert_eq!(reason, None, "{step}"),
                Some(words) => assert!(reason.unwrap().contains(words), "{step}"),
            }
            assert_eq!(super::tests::reason(tags, step, &Capabilities::all()), None, "{step}");
        }
    }

    #[test]
    fn webhooks_and_registrations_are_needed_by_some() {
        let deaf = Capabilities { no_webhooks: Some("none came".into()), ..Capabilities::all() };
        let busy = Capabilities { foreign_registrations: 2, ..official() };
        let tunnel = Capabilities { has_tunnel: true, ..official() };
        assert!(reason("", "a receiver of CREATED", &deaf).unwrap().contains("none came"));
        assert_eq!(reason("", "the taxi drives a ride of NOK 1.00", &deaf), None);
        assert!(reason("", "no registration is left", &busy).unwrap().contains('2'));
        assert_eq!(reason("", "no registration is left", &official()), None);
        let headers = "each delivery has these headers and no others:";
        assert!(reason("", headers, &tunnel).unwrap().contains("tunnel"));
    }
}
