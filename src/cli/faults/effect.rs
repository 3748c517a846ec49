//! The effect that is typed: a code, or a word and what it needs.

use serde_json::{Value, json};

use crate::cli::duration::DurationText;
use crate::cli::failure::Failure;

/// What there is to type.
pub(super) const TABLE: &str = "\
Effects:
  CODE                 refused with this published error code (ePayment)
  locked               refused with 423 and code 6160 (ePayment)
  status STATUS        refused with this status, in the shape of its API
  gateway STATUS       the same, in the shape of the gateway
  rate-limit [TIME]    refused with 429 and Retry-After, 60s if no time is given
  html [STATUS]        answered with a page of HTML, of 502 if no status is given
  latency TIME         answered so much later; TIME..TIME leaves it to chance
  hang                 never answered
  close                closed without an answer, and not carried out
  drop-reply           carried out, and closed without an answer
  truncate [BYTES]     carried out, and closed within the body of the answer";

/// The effect as the control API wants it.
///
/// # Errors
///
/// [`Failure::Usage`], which says what is missing, or what there is too much of. Whether there is such an
/// effect is for the mock to say.
pub(super) fn wanted(word: &str, value: Option<&str>) -> Result<Value, Failure> {
    if let Ok(code) = word.parse::<u16>() {
        return match value {
            None => Ok(json!({ "kind": "problem", "code": code })),
            Some(value) => Err(wrong(format!("{value}: an error code needs nothing else"))),
        };
    }
    let mut effect = json!({ "kind": word });
    match (word, value) {
        ("problem", _) => effect["code"] = number(word, value, "an error code, such as 6280")?,
        ("status" | "gateway", _) | ("html", Some(_)) => {
            effect["status"] = number(word, value, "the status of the answer, such as 503")?;
        }
        ("truncate", Some(_)) => effect["bytes"] = number(word, value, "a number of bytes")?,
        ("rate-limit", Some(value)) => effect["retryAfter"] = time(word, value)?,
        ("latency", None) => {
            return Err(wrong("latency needs a length of time, such as 2s".to_owned()));
        }
        ("latency", Some(value)) => match value.split_once("..") {
            Some((from, to)) => {
                effect["from"] = time(word, from)?;
                effect["to"] = time(word, to)?;
            }
            None => effect["by"] = time(word, value)?,
        },
        (_, None) => {}
        (_, Some(value)) => return Err(wrong(format!("{value}: {word} needs nothing else"))),
    }
    Ok(effect)
}

fn number(word: &str, value: Option<&str>, what: &str) -> Result<Value, Failure> {
    let needs = || wrong(format!("{word} needs {what}"));
    value.ok_or_else(needs)?.parse::<u32>().map(Value::from).map_err(|_| needs())
}

fn time(word: &str, value: &str) -> Result<Value, Failure> {
    match value.parse::<DurationText>() {
        Ok(time) => Ok(time.to_string().into()),
        Err(error) => Err(wrong(format!("{word} {value}: {error}"))),
    }
}

fn wrong(message: String) -> Failure {
    let hint = Some("vipps-mock faults add --help lists the effects".to_owned());
    Failure::Usage { message, hint }
}

#[cfg(test)]
mod tests {
    use super::wanted;

    #[test]
    fn what_is_wrong_is_said() {
        let cases = [
            ("status", None, "status needs the status of the answer, such as 503"),
            ("status", Some("bad"), "status needs the status of the answer, such as 503"),
            ("latency", None, "latency needs a length of time"),
            ("latency", Some("1s.."), "latency : expected whole numbers with ms, s, m, h or d"),
            ("hang", Some("2s"), "2s: hang needs nothing else"),
            ("6280", Some("2"), "2: an error code needs nothing else"),
        ];
        for (word, value, expected) in cases {
            let failure = wanted(word, value).expect_err("wrong").to_string();
            assert!(failure.starts_with(expected), "{word} {value:?}: {failure}");
        }
    }
}
