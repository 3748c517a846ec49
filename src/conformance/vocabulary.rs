//! The words that steps are made of: for people who write features, and for steps that nothing
//! answers to.

use std::collections::HashSet;
use std::sync::LazyLock;

use cucumber::World as _;
use cucumber::codegen::{LazyRegex, Regex, StepConstructor, WorldInventory, inventory};
use cucumber::gherkin::{Feature, Step, StepType};
use cucumber::step::{Collection, Context, Location};
use futures::FutureExt as _;
use futures::future::LocalBoxFuture;

use super::catalogue;
use super::parameters;
use super::plan::NOT_RUN;
use super::selection::scenarios;
use super::world::World;

/// A step that features can take.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct KnownStep {
    /// What it is about, `payments`.
    pub concept: String,
    /// `Given`, `When` or `Then`.
    pub keyword: &'static str,
    /// Its words, with a name in braces for each value: `the merchant captures {money}`.
    pub words: String,
    /// Such a step in one of our own features.
    pub example: Option<String>,
}

/// A step's pattern, and what it reads as.
struct Pattern {
    kind: StepType,
    regex: Regex,
    known: KnownStep,
}

static PATTERNS: LazyLock<Vec<Pattern>> = LazyLock::new(patterns);

/// All steps, by what they are about.
#[must_use]
pub fn steps() -> Vec<KnownStep> {
    let mut steps: Vec<KnownStep> = PATTERNS.iter().map(|it| it.known.clone()).collect();
    let order = ["Given", "When", "Then"];
    let place = |step: &KnownStep| order.iter().position(|keyword| *keyword == step.keyword);
    steps.sort_by(|one, other| {
        (&one.concept, place(one), &one.words).cmp(&(&other.concept, place(other), &other.words))
    });
    steps
}

/// The steps for these features: all that are known, and for each that is not one that fails and
/// names the nearest, so that the reason stands in every report.
pub(super) fn steps_for(features: &[Feature]) -> Collection<World> {
    let mut steps = World::collection();
    let mut seen = HashSet::new();
    let all = features.iter().flat_map(scenarios);
    let run = all.filter(|(_, scenario)| !scenario.tags.iter().any(|tag| tag == NOT_RUN));
    for step in run.flat_map(|(_, scenario)| &scenario.steps) {
        if !seen.insert((step.ty, &step.value)) || !matches!(steps.find(step), Ok(None)) {
            continue;
        }
        let Ok(regex) = Regex::new(&format!("^{}$", escape(&step.value))) else { continue };
        steps = match step.ty {
            StepType::Given => steps.given(None, regex, unknown_step),
            StepType::When => steps.when(None, regex, unknown_step),
            StepType::Then => steps.then(None, regex, unknown_step),
        };
    }
    steps
}

fn unknown_step(_: &mut World, context: Context) -> LocalBoxFuture<'_, ()> {
    async move { panic!("{}", unknown(&context.step)) }.boxed_local()
}

/// How it is said that no step is meant.
const NO_STEP: &str = "no step has these words";

/// Whether a failure is about the words of a step, and so not about what was answered.
pub(super) fn is_about_words(failure: &str) -> bool {
    failure.starts_with(NO_STEP)
}

/// What to say of a step that nothing answers to.
pub(super) fn unknown(step: &Step) -> String {
    let others = PATTERNS.iter().filter(|it| it.regex.is_match(&step.value));
    if let Some(Pattern { known, .. }) = others.into_iter().next() {
        let keyword = known.keyword;
        let meant = keyword_of(step.ty);
        return format!("no {meant} step has these words; they are a {keyword} step");
    }
    let closeness = |pattern: &Pattern| {
        let KnownStep { words, example, .. } = &pattern.known;
        let by_example = example.as_ref().map_or(0, |example| alike(&step.value, example));
        let same_kind = usize::from(pattern.kind == step.ty);
        (alike(&step.value, words).max(by_example), same_kind)
    };
    let nearest = PATTERNS.iter().max_by_key(|pattern| closeness(pattern));
    let nearest = nearest.map(|pattern| show(&pattern.known)).unwrap_or_default();
    format!(
        "{NO_STEP}; the nearest is\n{nearest}\nhint: `vipps-mock conformance steps` prints them all"
    )
}

/// What to say of a step that several answer to.
pub(super) fn ambiguous(step: &Step) -> String {
    let meant = PATTERNS.iter().filter(|it| it.kind == step.ty && it.regex.is_match(&step.value));
    let meant: Vec<String> = meant.map(|pattern| show(&pattern.known)).collect();
    format!("these words have more than one meaning:\n{}", meant.join("\n"))
}

fn show(step: &KnownStep) -> String {
    let KnownStep { keyword, words, example, .. } = step;
    match example {
        Some(example) if example != words => format!("  {keyword} {words}\n    as in: {example}"),
        _ => format!("  {keyword} {words}"),
    }
}

/// How much alike two steps are, out of a thousand: the words that they share in their order.
fn alike(one: &str, other: &str) -> usize {
    let one: Vec<&str> = one.split_whitespace().collect();
    let other: Vec<&str> = other.split_whitespace().collect();
    let mut best = vec![0; other.len() + 1];
    for a in &one {
        let mut diagonal = 0;
        for (at, b) in other.iter().enumerate() {
            let above = best[at + 1];
            best[at + 1] = (diagonal + likeness(a, b)).max(above).max(best[at]);
            diagonal = above;
        }
    }
    let shared = best.last().copied().unwrap_or_default();
    2000 * shared / (SAME * (one.len() + other.len())).max(1)
}

/// How much alike two words are that are the same.
const SAME: usize = 4;

/// How much alike two words are. A name in braces is a little like any word.
fn likeness(one: &str, other: &str) -> usize {
    let common = one.bytes().zip(other.bytes()).take_while(|(a, b)| a.eq_ignore_ascii_case(b));
    let (common, longest) = (common.count(), one.len().max(other.len()));
    if common == longest {
        SAME
    } else if common >= 3 && common * 3 >= longest * 2 {
        SAME - 1
    } else {
        usize::from(other.starts_with('{'))
    }
}

fn patterns() -> Vec<Pattern> {
    type Given = <World as WorldInventory>::Given;
    type When = <World as WorldInventory>::When;
    type Then = <World as WorldInventory>::Then;
    let mut patterns = Vec::new();
    let mut add = |kind, (location, regex, _): (Location, LazyRegex, _)| {
        patterns.push(pattern(kind, location, &regex()));
    };
    inventory::iter::<Given>().for_each(|step| add(StepType::Given, step.inner()));
    inventory::iter::<When>().for_each(|step| add(StepType::When, step.inner()));
    inventory::iter::<Then>().for_each(|step| add(StepType::Then, step.inner()));
    find_examples(&mut patterns);
    patterns
}

fn pattern(kind: StepType, location: Location, regex: &Regex) -> Pattern {
    let concept = location.path.rsplit(['/', '\\']).next().unwrap_or_default();
    let concept = concept.trim_end_matches(".rs").to_owned();
    let keyword = keyword_of(kind);
    let words = readable(regex.as_str());
    let known = KnownStep { concept, keyword, words, example: None };
    Pattern { kind, regex: regex.clone(), known }
}

fn keyword_of(kind: StepType) -> &'static str {
    match kind {
        StepType::Given => "Given",
        StepType::When => "When",
        StepType::Then => "Then",
    }
}

/// The first step of our own features that each pattern answers to.
fn find_examples(patterns: &mut [Pattern]) {
    // The embedded features parse: a test loads them.
    let features = catalogue::load(&[], None).unwrap_or_default();
    let mut seen = HashSet::new();
    let steps = features.iter().flat_map(|loaded| scenarios(&loaded.feature));
    for step in steps.flat_map(|(_, scenario)| &scenario.steps) {
        if !seen.insert((step.ty, &step.value)) {
            continue;
        }
        let mut open = patterns.iter_mut().filter(|it| it.known.example.is_none());
        if let Some(found) = open.find(|it| it.kind == step.ty && it.regex.is_match(&step.value)) {
            found.known.example = Some(step.value.clone());
        }
    }
}

/// A pattern as a person would write it: names in braces in place of what they stand for.
fn readable(regex: &str) -> String {
    let mut words = regex.trim_start_matches('^').trim_end_matches('$').to_owned();
    for (name, pattern) in parameters::all() {
        words = words.replace(&format!("({pattern})"), &format!("{{{name}}}"));
    }
    // A quoted text is two groups, numbered by where it stands.
    for place in 0..10 {
        let quoted = |quote: &str, group: u8| {
            format!(r"{quote}(?P<__{place}_{group}>[^{quote}\\]*(?:\\.[^{quote}\\]*)*){quote}")
        };
        let pattern = format!("(?:{}|{})", quoted("\"", 0), quoted("'", 1));
        words = words.replace(&pattern, "{string}");
    }
    for (pattern, name) in PLAIN {
        words = words.replace(pattern, name);
    }
    optional(&words).replace('\\', "")
}

/// What values look like that have no type of their own.
const PLAIN: [(&str, &str); 11] = [
    (r"((?:-?\d+)|(?:\d+))", "{int}"),
    (r"(\d+)", "{int}"),
    (r"([^\s]+)", "{word}"),
    (r"(\S+)", "{word}"),
    (r"(.+)", "{text}"),
    (r"(NOK \d+\.\d\d)", "{money}"),
    ("\"([^\"]*)\"", "{string}"),
    ("\"([^\"]+)\"", "{string}"),
    ("\"([A-Za-z]+)\"", "{string}"),
    ("\"([A-Za-z.]+)\"", "{string}"),
    (r"(\d+ \w+)", "{duration}"),
];

/// Optional letters in brackets, and slashes between alternatives: in braces where it matters
/// which one it is.
fn optional(words: &str) -> String {
    let Some((before, rest)) = words.split_once('(') else { return words.to_owned() };
    let Some((group, after)) = rest.split_once(')') else { return words.to_owned() };
    let after_optional = after.strip_prefix('?');
    let rest = optional(after_optional.unwrap_or(after));
    let bare = group.trim_start_matches("?:").replace('|', "/");
    match (group.starts_with("?:"), after_optional) {
        (true, None) => format!("{before}{bare}{rest}"),
        (_, Some(_)) => format!("{before}({bare}){rest}"),
        (false, None) => format!("{before}{{{bare}}}{rest}"),
    }
}

/// A text as a pattern for itself.
fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for sign in text.chars() {
        if sign.is_ascii_punctuation() {
            escaped.push('\\');
        }
        escaped.push(sign);
    }
    escaped
}

#[cfg(test)]
mod tests {
    use cucumber::gherkin::GherkinEnv;

    use super::*;

    fn step(text: &str) -> Step {
        let text = format!("Feature: F\n  Scenario: S\n    {text}\n");
        Feature::parse(text, GherkinEnv::default()).unwrap().scenarios[0].steps[0].clone()
    }

    #[test]
    fn every_step_reads_as_words_and_is_used_by_a_feature() {
        let steps = steps();
        assert!(steps.len() > 100);
        for step in &steps {
            assert!(!step.words.contains(['|', '[', '^', '$', '?', '+', '*']), "{step:?}");
        }
        let unused: Vec<&KnownStep> = steps.iter().filter(|it| it.example.is_none()).collect();
        assert!(unused.is_empty(), "no feature has these: {unused:#?}");
    }

    #[test]
    fn the_nearest_step_is_named() {
        let cases = [
            ("When the merchant capture NOK 345.92", "the merchant captures {money}"),
            ("Then the payment should be AUTHORIZED", "the payment is {state}"),
            ("Then the merchant captures NOK 1.00", "they are a When step"),
        ];
        for (text, expected) in cases {
            let words = unknown(&step(text));
            assert!(words.contains(expected), "{text}: {words}");
        }
    }

    #[test]
    fn a_text_is_a_pattern_for_itself() {
        for text in ["a (b) [c] {d} \"e\" 1.5 + 2?", "é \\ ^$|*"] {
            let regex = Regex::new(&format!("^{}$", escape(text))).unwrap();
            assert!(regex.is_match(text), "{text}");
        }
    }
}
