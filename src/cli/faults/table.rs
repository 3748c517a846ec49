//! Faults as people read them.

use crate::cli::output::{Align, Table};
use crate::cli::wire::Fault;

/// One a row, in the order in which they strike; then those that cannot strike any more.
pub(super) fn table(faults: &[Fault]) -> Table {
    let mut table = Table::new(&[
        ("ID", Align::Right),
        ("ON", Align::Left),
        ("REFERENCE", Align::Left),
        ("EFFECT", Align::Left),
        ("HITS", Align::Right),
        ("LEFT", Align::Right),
        ("EXPIRES", Align::Left),
    ]);
    for fault in faults {
        let left = match (fault.state.as_str(), fault.left) {
            ("waiting", None) => "always".to_owned(),
            ("waiting", Some(left)) => left.to_string(),
            (over, _) => over.to_owned(),
        };
        table.row([
            fault.id.to_string(),
            on(fault),
            fault.reference.clone().unwrap_or_else(|| "any".to_owned()),
            effect(fault),
            fault.hits.to_string(),
            left,
            fault.expires_at.clone().unwrap_or_else(|| "-".to_owned()),
        ]);
    }
    table
}

/// Which calls or webhooks, but for what they are about.
fn on(fault: &Fault) -> String {
    let what = fault.operation.as_ref().or(fault.event.as_ref());
    let header = fault.header.as_ref().map(|it| match &it.value {
        Some(value) => format!("{}={value}", it.name),
        None => it.name.clone(),
    });
    let parts = [
        Some(what.map_or_else(|| "any".to_owned(), String::clone)),
        header,
        fault.nth.map(|nth| format!("from no. {nth}")),
        fault.probability.map(|share| format!("in {share} of all cases")),
    ];
    parts.into_iter().flatten().collect::<Vec<_>>().join(", ")
}

fn effect(fault: &Fault) -> String {
    let range = fault.from.as_ref().zip(fault.to.as_ref());
    let parts = [
        Some(fault.effect.clone()),
        fault.code.map(|it| it.to_string()),
        fault.status.map(|it| it.to_string()),
        fault.by.clone(),
        range.map(|(from, to)| format!("{from}..{to}")),
        fault.bytes.map(|it| it.to_string()),
        fault.retry_after.clone(),
        fault.commit.then(|| "after it took effect".to_owned()),
    ];
    parts.into_iter().flatten().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::output::Colour;

    #[test]
    fn faults_are_listed_in_the_order_in_which_they_strike() {
        let faults: Vec<Fault> = serde_json::from_str(
            r#"[{"id": 1, "operation": "capture", "reference": "ride-0001", "effect": "problem",
                 "code": 6280, "commit": false, "hits": 1, "left": 2, "state": "waiting"},
                {"id": 3, "effect": "latency", "from": "1s", "to": "3s", "commit": false,
                 "header": {"name": "x-try", "value": "1*"}, "nth": 2, "probability": 0.3,
                 "hits": 0, "state": "waiting", "expiresAt": "2030-01-01T12:10:00.000Z"},
                {"id": 2, "effect": "status", "status": 503, "commit": true, "hits": 1,
                 "left": 0, "state": "spent"}]"#,
        )
        .expect("valid");
        let lines = table(&faults).lines(Colour::Off);
        insta::assert_snapshot!(lines.join("\n"), @r"
        ID  ON                                              REFERENCE  EFFECT                           HITS    LEFT  EXPIRES
         1  capture                                         ride-0001  problem 6280                        1       2  -
         3  any, x-try=1*, from no. 2, in 0.3 of all cases  any        latency 1s..3s                      0  always  2030-01-01T12:10:00.000Z
         2  any                                             any        status 503 after it took effect     1   spent  -
        ");
    }
}
