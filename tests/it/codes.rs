//! Every published code is produced by a scenario, and mostly by an honest path.

use std::fs;

use vipps_mock::conformance::{LoadedFeature, load};

/// A row of the table of problems that has a code, as its snapshot prints it.
struct Row {
    code: String,
    status: String,
    evidence: String,
    title: String,
}

/// The snapshot of the table, which a test of the table keeps current.
const TABLE: &str = "src/http/snapshots/vipps_mock__http__problem__tests__problem_table.snap";

fn rows() -> Vec<Row> {
    let text = fs::read_to_string(format!("{}/{TABLE}", env!("CARGO_MANIFEST_DIR"))).unwrap();
    let table = text.rsplit("---\n").next().unwrap();
    let row = |line: &str| {
        let mut words = line.split_whitespace().map(str::to_owned);
        let [code, status, evidence] = [(); 3].map(|()| words.next().unwrap());
        Row { code, status, evidence, title: words.collect::<Vec<_>>().join(" ") }
    };
    table.lines().map(row).filter(|row| row.code != "-").collect()
}

/// A scenario that expects a refusal, and how the mock was brought to it.
struct Proof {
    name: String,
    refusal: String,
    by_fault: bool,
}

fn proofs(loaded: &LoadedFeature) -> Vec<Proof> {
    let rules = loaded.feature.rules.iter().flat_map(|rule| &rule.scenarios);
    let scenarios = loaded.feature.scenarios.iter().chain(rules);
    let of = |scenario: &cucumber::gherkin::Scenario| {
        let refused = scenario.steps.iter().filter(|it| it.value.contains("refused with "));
        // A named scenario brings about what faults do.
        let marks = ["is to ", "are to ", "the tester has run "];
        let by_fault =
            scenario.steps.iter().any(|it| marks.iter().any(|mark| it.value.contains(mark)));
        let file = loaded.path.trim_start_matches("features/");
        let name = format!("{file}: {}", scenario.name);
        refused
            .map(|it| Proof { name: name.clone(), refusal: it.value.clone(), by_fault })
            .collect::<Vec<_>>()
    };
    scenarios.flat_map(of).collect()
}

impl Row {
    /// Two problems share a code; only the title tells them apart.
    fn is_proved_by(&self, proof: &Proof, is_shared: bool) -> bool {
        let Some((_, rest)) = proof.refusal.split_once("refused with ") else { return false };
        let (code, title) = rest.split_once(' ').unwrap_or((rest, ""));
        let title_fits = title.trim_matches('"') == self.title || (title.is_empty() && !is_shared);
        code == self.code && title_fits
    }
}

#[test]
fn every_code_is_produced_by_a_scenario() {
    let proofs: Vec<Proof> = load(&[], None).unwrap().iter().flat_map(proofs).collect();
    let rows = rows();
    let mut table = Vec::new();
    for row in &rows {
        let is_shared = 1 < rows.iter().filter(|it| it.code == row.code).count();
        let mut fitting: Vec<_> =
            proofs.iter().filter(|it| row.is_proved_by(it, is_shared)).collect();
        // The features of the API itself come first: in the others a code is not the subject.
        fitting.sort_by_key(|it| (it.by_fault, it.name.starts_with("control/")));
        let proof = match fitting.first() {
            Some(Proof { name, by_fault: true, .. }) => format!("by fault: {name}"),
            Some(Proof { name, by_fault: false, .. }) => name.clone(),
            None => "NO SCENARIO".to_owned(),
        };
        let Row { code, status, evidence, title } = row;
        table.push(format!("{code:>5} {status} {evidence:<8} {title} <- {proof}"));
    }
    insta::assert_snapshot!(table.join("\n"));
    let unproved: Vec<_> = table.iter().filter(|it| it.contains("NO SCENARIO")).collect();
    assert!(unproved.is_empty(), "{unproved:#?}");
    // The causes of these lie outside of merchant, customer and mock.
    let by_fault: Vec<_> = table.iter().filter(|it| it.contains("<- by fault")).collect();
    assert_eq!(by_fault.len(), 3, "only 6160, 6260 and 6280 need a fault: {by_fault:#?}");
}
