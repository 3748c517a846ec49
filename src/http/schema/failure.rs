//! One failure of a schema, and its wording: that of the platform's framework.

use std::fmt;

/// What stands for the body as a whole.
pub(super) const ROOT: &str = "$";

/// One field that is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::http) struct Failure {
    /// From the root, in the casing of the JSON: `receipt.orderLines[0].name`.
    pub(in crate::http) path: String,
    /// Which rule it breaks.
    pub(in crate::http) rule: Rule,
}

/// What a field must be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::http) enum Rule {
    /// There.
    Required,
    /// Like this regular expression.
    Pattern(&'static str),
    /// This many characters long.
    Length(usize, usize),
    /// At most this many characters long.
    LengthMax(usize),
    /// Between these two.
    Range(i64, i64),
    /// Of this type, by the name the platform's framework has for it.
    Type(&'static str),
    /// A list of something.
    NotEmpty,
    /// Not there: the type of this name has no such member.
    Unknown(&'static str),
    /// Something else, said in full.
    Said(String),
}

impl Failure {
    /// The path with each name as the platform's classes have it: `OrderLines[0].Name`.
    pub(in crate::http) fn class_path(&self) -> String {
        self.path.split('.').map(capitalised).collect::<Vec<_>>().join(".")
    }

    /// What is wrong, in the words of the platform's framework.
    pub(in crate::http) fn reason(&self) -> String {
        let last = self.path.rsplit('.').next().unwrap_or_default();
        let field = capitalised(last.split('[').next().unwrap_or_default());
        match &self.rule {
            Rule::Required => format!("The {field} field is required."),
            Rule::Pattern(pattern) => {
                format!("The field {field} must match the regular expression '{pattern}'.")
            }
            Rule::Length(min, max) => format!(
                "The field {field} must be a string with a minimum length of {min} and a maximum \
                 length of {max}."
            ),
            Rule::LengthMax(max) => {
                format!("The field {field} must be a string with a maximum length of {max}.")
            }
            Rule::Range(min, max) => {
                format!("The field {field} must be between {min} and {max}.")
            }
            Rule::Type(name) => {
                let path = if self.path.is_empty() {
                    ROOT.into()
                } else {
                    format!("{ROOT}.{}", self.path)
                };
                format!("The JSON value could not be converted to {name}. Path: {path}.")
            }
            Rule::NotEmpty => format!("The field {field} must have at least 1 element."),
            Rule::Unknown(name) => format!(
                "The JSON property '{last}' could not be mapped to any .NET member contained in \
                 type '{name}'."
            ),
            Rule::Said(text) => text.clone(),
        }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.path, self.reason())
    }
}

fn capitalised(name: &str) -> String {
    let mut letters = name.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}
