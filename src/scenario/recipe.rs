//! A scenario as a file: read, and looked through before anything of it is done.

use std::collections::BTreeSet;

use serde::Deserialize;
use serde_json::{Value, json};
use toml::Spanned;

use super::step::{KINDS, PAYMENT, PHONE, Step};

/// A scenario that can be run.
#[derive(Debug, Clone)]
pub(crate) struct Recipe {
    /// By which it is called.
    pub(crate) name: String,
    /// What it shows, in a sentence.
    pub(crate) shows: String,
    /// What to watch in the integration that is tested.
    pub(crate) watch: String,
    /// Which customer is meant, as long as there is no payment that says so.
    pub(super) phone: Option<String>,
    pub(super) steps: Vec<Placed>,
    /// The file, as it was read.
    pub(crate) text: String,
}

/// A step, and where it stands.
#[derive(Debug, Clone)]
pub(super) struct Placed {
    pub(super) line: usize,
    pub(super) step: Step,
    /// The step as it was read, for people and programs.
    pub(super) read: Value,
}

/// A file is no recipe.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {message}")]
pub(crate) struct RecipeError {
    /// Where, from 1.
    pub(crate) line: usize,
    /// What is wrong there.
    pub(crate) message: String,
    /// What to do about it.
    pub(crate) hint: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    name: String,
    shows: String,
    watch: String,
    #[serde(default)]
    phone: Option<String>,
    #[serde(default, rename = "step")]
    steps: Vec<Spanned<toml::Table>>,
}

/// What a recipe looks like, for whoever wrote one that is none.
const SHAPE: &str = "a scenario has name, shows and watch, then a [[step]] for each step; \
                     see one with: vipps-mock scenario show capture-fails-late";

impl Recipe {
    /// Reads a file.
    ///
    /// # Errors
    ///
    /// [`RecipeError`] names the first line that makes it none.
    pub(crate) fn read(text: &str) -> Result<Self, RecipeError> {
        let file: File = toml::from_str(text).map_err(|error| {
            let at = error.span().map_or(0, |span| span.start);
            wrong(line_of(text, at), error.message().trim(), SHAPE)
        })?;
        let steps = file.steps.into_iter().map(|step| placed(text, step));
        let steps: Vec<Placed> = steps.collect::<Result<_, _>>()?;
        if steps.is_empty() {
            return Err(wrong(line_of(text, text.len()), "a scenario without a step", SHAPE));
        }
        check_order(&steps)?;
        let File { name, shows, watch, phone, .. } = file;
        Ok(Self { name, shows, watch, phone, steps, text: text.to_owned() })
    }

    /// Whether it is about a payment.
    pub(crate) fn has_payment(&self) -> bool {
        self.steps.iter().any(|it| matches!(it.step, Step::Payment { .. }))
    }

    /// For programs.
    pub(crate) fn json(&self) -> Value {
        let steps: Vec<&Value> = self.steps.iter().map(|it| &it.read).collect();
        let mut json = json!({ "name": self.name, "shows": self.shows, "watch": self.watch });
        if let Some(phone) = &self.phone {
            json["phone"] = phone.as_str().into();
        }
        json["steps"] = json!(steps);
        json
    }
}

fn placed(text: &str, step: Spanned<toml::Table>) -> Result<Placed, RecipeError> {
    let line = line_of(text, step.span().start);
    let wrong = |message: &str, hint: &str| wrong(line, message, hint);
    let kinds = format!("a step can do: {}", KINDS.join(", "));
    let read = serde_json::to_value(step.into_inner());
    let read = read.map_err(|error| wrong(&error.to_string(), SHAPE))?;
    match read.get("do").and_then(Value::as_str) {
        Some(kind) if KINDS.contains(&kind) => {}
        Some(kind) => return Err(wrong(&format!("no step can do \"{kind}\""), &kinds)),
        None => return Err(wrong("a step without what to do", &kinds)),
    }
    for word in words_in(&read) {
        if ![PAYMENT, PHONE].contains(&word.as_str()) {
            let hint = format!("there are {PAYMENT} and {PHONE}");
            return Err(wrong(&format!("{word} stands for nothing"), &hint));
        }
    }
    let step = Step::deserialize(&read);
    let step = step.map_err(|error| wrong(&error.to_string(), MEMBERS))?;
    if matches!(&step, Step::Wait(it) if it.kind.is_none() && it.event.is_none() && it.text.is_none())
    {
        return Err(wrong("nothing is waited for", "say which event, or a kind or text"));
    }
    Ok(Placed { line, step, read })
}

const MEMBERS: &str = "docs/scenarios.md has what each step takes";

/// A payment, or the word for it, can be spoken of only when it is known.
fn check_order(steps: &[Placed]) -> Result<(), RecipeError> {
    let mut is_known = false;
    for Placed { line, step, .. } in steps {
        let is_payment = matches!(step, Step::Payment { .. });
        if is_payment && is_known {
            return Err(wrong(*line, "a second payment", "a scenario is about one payment"));
        }
        is_known |= is_payment;
        if step.needs_payment() && !is_known {
            let hint = "put a step before it that says: do = \"payment\"";
            return Err(wrong(*line, "it is not known yet which payment is meant", hint));
        }
    }
    Ok(())
}

/// Every word in braces.
fn words_in(value: &Value) -> BTreeSet<String> {
    let mut words = BTreeSet::new();
    match value {
        Value::String(text) => {
            for (start, _) in text.match_indices('{') {
                let end = text[start..].find('}').map_or(text.len(), |end| start + end + 1);
                words.insert(text[start..end].to_owned());
            }
        }
        Value::Array(items) => words.extend(items.iter().flat_map(words_in)),
        Value::Object(members) => words.extend(members.values().flat_map(words_in)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
    words
}

/// The line of a place in a text, from 1.
fn line_of(text: &str, at: usize) -> usize {
    let before = text.as_bytes().iter().take(at);
    before.filter(|it| **it == b'\n').count() + 1
}

fn wrong(line: usize, message: &str, hint: &str) -> RecipeError {
    RecipeError { line, message: message.to_owned(), hint: hint.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEAD: &str = "name = \"mine\"\nshows = \"Something.\"\nwatch = \"Anything.\"\n";

    fn refused(steps: &str) -> (usize, String, String) {
        let error = Recipe::read(&format!("{HEAD}{steps}")).unwrap_err();
        (error.line, error.message, error.hint)
    }

    #[test]
    fn a_recipe_is_read_with_the_lines_of_its_steps() {
        let steps = "\n[[step]]\ndo = \"payment\"\n\n# Pays.\n[[step]]\ndo = \"approve\"\n";
        let recipe = Recipe::read(&format!("{HEAD}{steps}")).unwrap();
        let lines: Vec<_> = recipe.steps.iter().map(|it| (it.line, &it.step)).collect();
        assert_eq!(lines, [(5, &Step::Payment { new: false }), (9, &Step::Approve {})]);
        assert!(recipe.has_payment());
    }

    #[test]
    fn a_step_that_is_not_known_is_refused_with_its_line_and_those_there_are() {
        let (line, message, hint) = refused("\n[[step]]\ndo = \"aprove\"\n");
        assert_eq!((line, message.as_str()), (5, "no step can do \"aprove\""));
        assert!(hint.contains("approve, reject"), "{hint}");
    }

    #[test]
    fn what_is_wrong_is_named_with_its_line() {
        let payment = "[[step]]\ndo = \"payment\"\n";
        let cases = [
            ("[[step]]\n", 4, "a step without what to do"),
            ("[[step]]\ndo = 1\n", 4, "a step without what to do"),
            ("", 4, "a scenario without a step"),
            ("[[step]]\ndo = \"approve\"\n", 4, "it is not known yet which payment is meant"),
            ("[[step]]\ndo = \"advance\"\n", 4, "missing field `by`"),
            ("[[step]]\ndo = \"freeze\"\nnow = true\n", 4, "unknown field `now`"),
            ("[[step]]\ndo = \"wait\"\n", 4, "nothing is waited for"),
            (
                "[[step]]\ndo = \"wait\"\ntext = \"x\"\nwithin = \"soon\"\n",
                4,
                "soon is no duration",
            ),
            ("[[step]]\ndo = \"fault\"\nreference = \"{ride}\"\n", 4, "{ride} stands for nothing"),
            ("when = \"now\"\n", 4, "unknown field `when`"),
            ("[[step]\n", 4, ""),
        ];
        for (steps, line, words) in cases {
            let (at, message, hint) = refused(steps);
            assert_eq!(at, line, "{steps}: {message}");
            assert!(message.contains(words), "{steps}: {message}");
            assert!(!hint.is_empty(), "{steps}");
        }
        let (line, message, _) = refused(&payment.repeat(2));
        assert_eq!((line, message.as_str()), (6, "a second payment"));
    }

    #[test]
    fn a_recipe_without_a_head_says_what_is_missing() {
        let error = Recipe::read("name = \"mine\"\n").unwrap_err();
        assert!(error.message.contains("missing field `shows`"), "{error}");
    }
}
