//! Reads what a customer does from the words of a tester: `once: reject, then approve after 5s`.

use std::{borrow::Cow, fmt, str::FromStr};

use jiff::SignedDuration;

use super::{Act, Attempt, Behaviour, Habit, Standing, Step, When, words::ACTS};
use crate::domain::durations::duration;

/// What a tester says comes of a customer's attempt to pay: anything but success.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Outcome(Attempt);

/// Why a text is not a [`Behaviour`] or an [`Outcome`].
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BehaviourError {
    /// These words mean nothing.
    #[error("\"{0}\" is not understood; there are: {words}", words = Words)]
    Unknown(String),
    /// No outcome has these words.
    #[error("\"{0}\" is no outcome; there are: {outcomes}", outcomes = Outcomes)]
    NoOutcome(String),
    /// The text ends too early.
    #[error("something has to follow; there are: {words}", words = Words)]
    Missing,
    /// This is no length of time.
    #[error(
        "\"{0}\" is no length of time: whole numbers with ms, s, m, h or d, such as 5s or 1h30m"
    )]
    NotADuration(String),
    /// No customer waits that long.
    #[error("{0} is too long: the longest is {days}d", days = LONGEST_DAYS)]
    TooLong(String),
    /// This is no age.
    #[error("\"{0}\" is no age: a number of years from 1 to 120, such as under age 16")]
    NotAnAge(String),
    /// The payment is over by then.
    #[error("nothing follows \"{0}\"")]
    NothingFollows(String),
    /// A comma where none belongs.
    #[error(
        "a comma stands only between payments, as in once: reject, then approve; within one it is reject after 5s, or no card then approve"
    )]
    Comma,
    /// The habit for the later payments is missing.
    #[error(
        "after once: it has to say what comes with later payments, as in once: reject, then approve"
    )]
    OnceAndThen,
    /// More than anybody reads.
    #[error("it is too much: at most {most} steps, and as many payments", most = MOST)]
    TooMuch,
}

/// The longest that a customer waits before a step. A whole plan stays within what a clock can show.
const LONGEST_DAYS: i64 = 365;

/// The most steps with one payment, and the most payments that are told apart.
const MOST: usize = 20;

/// All that may be said, for whoever said something else.
struct Words;

/// All that may come of an attempt, for whoever said something else.
struct Outcomes;

impl Outcome {
    /// What comes of the attempt.
    #[must_use]
    pub const fn attempt(self) -> Attempt {
        self.0
    }

    fn all() -> impl Iterator<Item = (Attempt, &'static [&'static str])> {
        ACTS.into_iter().filter_map(|(act, texts)| match act {
            Act::Pay(attempt @ (Attempt::Refused(_) | Attempt::Unanswered)) => {
                Some((attempt, texts))
            }
            Act::Pay(Attempt::Approve | Attempt::WithCommercialCard)
            | Act::Reject
            | Act::Ignore => None,
        })
    }
}

impl FromStr for Outcome {
    type Err = BehaviourError;

    fn from_str(text: &str) -> Result<Self, BehaviourError> {
        let words: Vec<&str> = text.split_whitespace().collect();
        let said = words.join(" ");
        let spaced = |text: &str| text.replace('-', " ");
        let is_said =
            |texts: &[&str]| texts.iter().any(|it| spaced(it).eq_ignore_ascii_case(&spaced(&said)));
        let found = Self::all().find(|(_, texts)| is_said(texts));
        found.map(|(attempt, _)| Self(attempt)).ok_or(BehaviourError::NoOutcome(said))
    }
}

impl FromStr for Behaviour {
    type Err = BehaviourError;

    fn from_str(text: &str) -> Result<Self, BehaviourError> {
        let spaced = text.replace(',', " , ").replace(':', " : ");
        let mut words = Reader { words: spaced.split_whitespace().collect(), at: 0 };
        let mut once = Vec::new();
        while words.take("once") {
            words.take(":");
            if once.len() == MOST {
                return Err(BehaviourError::TooMuch);
            }
            once.push(words.habit()?);
            if words.is_at_end() {
                return Err(BehaviourError::OnceAndThen);
            }
            if !words.take(", then") {
                return Err(words.not_understood());
            }
        }
        let always = words.habit()?;
        if words.is_at_end() { Ok(Self { once, always }) } else { Err(words.not_understood()) }
    }
}

/// The words of a text, and how many of them have been read.
struct Reader<'a> {
    words: Vec<&'a str>,
    at: usize,
}

/// What a step ends before.
const CONNECTORS: [&str; 5] = ["then", "after", "at", "and", ","];

impl<'a> Reader<'a> {
    fn rest(&self) -> &[&'a str] {
        self.words.get(self.at..).unwrap_or_default()
    }

    fn is_at_end(&self) -> bool {
        self.rest().is_empty()
    }

    fn next(&mut self) -> Result<&'a str, BehaviourError> {
        let word = self.words.get(self.at).copied().ok_or(BehaviourError::Missing)?;
        self.at += 1;
        Ok(word)
    }

    /// How many words these are, if they come next.
    fn has(&self, text: &str) -> Option<usize> {
        let mut rest = self.rest().iter();
        let mut count = 0;
        for word in text.split(' ') {
            rest.next().filter(|it| it.eq_ignore_ascii_case(word))?;
            count += 1;
        }
        Some(count)
    }

    /// Reads these words if they come next.
    fn take(&mut self, text: &str) -> bool {
        let count = self.has(text).unwrap_or_default();
        self.at += count;
        0 < count
    }

    /// Names the next words, up to where another part would begin.
    fn not_understood(&self) -> BehaviourError {
        let is_connector = |word: &str| CONNECTORS.iter().any(|it| it.eq_ignore_ascii_case(word));
        match self.rest() {
            [] => BehaviourError::Missing,
            [",", ..] => BehaviourError::Comma,
            [first, others @ ..] => {
                let own = others.iter().copied().take_while(|it| !is_connector(it));
                let words: Vec<&str> = [*first].into_iter().chain(own).collect();
                BehaviourError::Unknown(words.join(" "))
            }
        }
    }

    fn habit(&mut self) -> Result<Habit, BehaviourError> {
        let standing = self.standing()?;
        if standing != Standing::Usual && !self.take("and") {
            return Ok(Habit { standing, steps: Cow::Borrowed(&[]) });
        }
        if standing == Standing::Unknown {
            return Err(BehaviourError::NothingFollows(standing.to_string()));
        }
        if self.take("wait") || self.take("waits") {
            if self.take("then") {
                return Err(BehaviourError::NothingFollows("wait".to_owned()));
            }
            return Ok(Habit { standing, steps: Cow::Borrowed(&[]) });
        }
        let mut steps = vec![self.step()?];
        while let Some(last) = steps.last().copied()
            && self.take("then")
        {
            if last.is_the_end() {
                return Err(BehaviourError::NothingFollows(last.to_string()));
            }
            if steps.len() == MOST {
                return Err(BehaviourError::TooMuch);
            }
            steps.push(self.step()?);
        }
        Ok(Habit { standing, steps: Cow::Owned(steps) })
    }

    fn standing(&mut self) -> Result<Standing, BehaviourError> {
        if self.has("unknown result").is_none() && self.take("unknown") {
            return Ok(Standing::Unknown);
        }
        if self.take("not identified") {
            return Ok(Standing::Unidentified);
        }
        if !self.take("under age") {
            return Ok(Standing::Usual);
        }
        let word = self.next().unwrap_or_default();
        match word.parse() {
            Ok(years @ 1..=120) => Ok(Standing::UnderAge(years)),
            _ => Err(BehaviourError::NotAnAge(word.to_owned())),
        }
    }

    fn step(&mut self) -> Result<Step, BehaviourError> {
        if self.take("slow") {
            let when = When::After(self.duration()?);
            return Ok(Step { act: Act::Pay(Attempt::Approve), when });
        }
        let act = self.act()?;
        let when = if self.take("after") {
            When::After(self.duration()?)
        } else if self.take("at the last second") {
            When::AtTheLastSecond
        } else {
            When::Soon
        };
        Ok(Step { act, when })
    }

    /// Of several that come next, the one with the most words.
    fn act(&mut self) -> Result<Act, BehaviourError> {
        let texts = ACTS.iter().flat_map(|(act, texts)| texts.iter().map(move |it| (*act, it)));
        let found = texts.filter_map(|(act, text)| Some((self.has(text)?, act)));
        let Some((count, act)) = found.max_by_key(|(count, _)| *count) else {
            return Err(self.not_understood());
        };
        self.at += count;
        Ok(act)
    }

    fn duration(&mut self) -> Result<SignedDuration, BehaviourError> {
        let text = self.next()?;
        let length = duration(text).ok_or_else(|| BehaviourError::NotADuration(text.to_owned()))?;
        if SignedDuration::from_hours(LONGEST_DAYS * 24) < length {
            return Err(BehaviourError::TooLong(text.to_owned()));
        }
        Ok(length)
    }
}

impl Step {
    /// Whether the payment is over then, or as good as that.
    fn is_the_end(self) -> bool {
        let ends = match self.act {
            Act::Pay(Attempt::Approve | Attempt::Unanswered) | Act::Reject | Act::Ignore => true,
            Act::Pay(Attempt::Refused(_) | Attempt::WithCommercialCard) => false,
        };
        ends || self.when == When::AtTheLastSecond
    }
}

fn first_words(texts: impl Iterator<Item = &'static [&'static str]>) -> String {
    texts.filter_map(|it| it.first().copied()).collect::<Vec<_>>().join(", ")
}

impl fmt::Display for Words {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let acts = first_words(ACTS.into_iter().map(|(_, texts)| texts));
        write!(
            f,
            "{acts}, slow DURATION, wait, unknown, under age YEARS, not identified; \
             and: X after DURATION, X at the last second, X then Y, once: X, then Y"
        )
    }
}

impl fmt::Display for Outcomes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&first_words(Outcome::all().map(|(_, texts)| texts)))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_testers_say_is_understood() {
        let cases = [
            ("approve after 5s", "approve after 5s"),
            ("  Approves   AFTER 90s ", "approve after 1m30s"),
            ("slow 8m", "approve after 8m"),
            ("card refused then approve", "refused by issuer then approve"),
            ("3-d secure denied", "3-D Secure denied"),
            ("once: reject, then approve", "once: reject, then approve"),
            ("once reject , then approves", "once: reject, then approve"),
            (
                "once: no card then reject, then once: unknown, then wait",
                "once: no card then reject, then once: unknown, then wait",
            ),
            ("under age 16 and approve after 5s", "under age 16 and approve after 5s"),
            ("not identified and wait", "not identified"),
            ("unknown result after 1m", "unknown result after 1m"),
            (
                "approve with a commercial card then approve",
                "approve with a commercial card then approve",
            ),
            ("expired card at the last second", "expired card at the last second"),
        ];
        for (text, expected) in cases {
            let behaviour = text.parse::<Behaviour>();
            assert_eq!(behaviour.map(|it| it.to_string()).as_deref(), Ok(expected), "{text}");
        }
    }

    #[test]
    fn what_is_not_understood_is_named() {
        let cases = [
            ("aprove after 5s", "\"aprove\" is not understood; there are: approve, reject, ignore"),
            ("approve afer 5s", "\"afer 5s\" is not understood"),
            ("insufficient money then approve", "\"insufficient money\" is not understood"),
            ("approve after soon", "\"soon\" is no length of time"),
            ("approve after", "something has to follow"),
            ("", "something has to follow"),
            ("no card then", "something has to follow"),
            ("approve at noon", "\"at noon\" is not understood"),
            ("slow 366d", "366d is too long"),
            ("under age", "\"\" is no age"),
            ("under age 0", "\"0\" is no age"),
            ("approve then reject", "nothing follows \"approve\""),
            ("no card at the last second then approve", "nothing follows \"no card at the last"),
            ("unknown and approve", "nothing follows \"unknown\""),
            ("reject, then approve", "a comma stands only between payments"),
            ("once: reject", "after once: it has to say"),
            ("once: reject, approve", "a comma stands only between payments"),
            ("once: reject, then approve, then reject", "a comma stands only between payments"),
            ("wait then approve", "nothing follows \"wait\""),
        ];
        for (text, expected) in cases {
            let error = text.parse::<Behaviour>().unwrap_err().to_string();
            assert!(error.starts_with(expected), "{text}: {error}");
        }
        let many = vec!["no card"; MOST + 1].join(" then ");
        assert_eq!(many.parse::<Behaviour>(), Err(BehaviourError::TooMuch));
    }

    #[test]
    fn outcomes_are_what_may_go_wrong_with_an_attempt() {
        let cases = [
            ("insufficient funds", true),
            (" Card  refused", true),
            ("insufficient-funds", true),
            ("3-D Secure denied", true),
            ("3-d-secure-denied", true),
            ("insufficient_funds", false),
            ("unknown result", true),
            ("approve", false),
            ("reject", false),
            ("insufficient funds after 5s", false),
            ("", false),
        ];
        for (text, is_one) in cases {
            assert_eq!(text.parse::<Outcome>().is_ok(), is_one, "{text}");
        }
        let error = "broke".parse::<Outcome>().unwrap_err().to_string();
        assert!(error.starts_with("\"broke\" is no outcome; there are: refused by"), "{error}");
        assert!(!error.contains("approve"), "{error}");
    }

    fn a_wait() -> impl Strategy<Value = When> {
        let millis = 0..LONGEST_DAYS * 86_400_000;
        prop_oneof![
            Just(When::Soon),
            millis.prop_map(|it| When::After(SignedDuration::from_millis(it))),
            Just(When::AtTheLastSecond),
        ]
    }

    fn steps() -> impl Strategy<Value = Vec<Step>> {
        let acts = prop::sample::select(ACTS.map(|(act, _)| act).to_vec());
        let step = (acts, a_wait()).prop_map(|(act, when)| Step { act, when });
        prop::collection::vec(step, 0..5).prop_map(|mut steps| {
            let end = steps.iter().position(|it| it.is_the_end());
            steps.truncate(end.map_or(steps.len(), |it| it + 1));
            steps
        })
    }

    fn a_habit() -> impl Strategy<Value = Habit> {
        let standing = prop_oneof![
            4 => Just(Standing::Usual),
            1 => Just(Standing::Unknown),
            1 => (1_u8..=120).prop_map(Standing::UnderAge),
            1 => Just(Standing::Unidentified),
        ];
        (standing, steps()).prop_map(|(standing, steps)| {
            let steps = if standing == Standing::Unknown { Vec::new() } else { steps };
            Habit { standing, steps: steps.into() }
        })
    }

    proptest! {
        #[test]
        fn a_behaviour_is_read_as_it_was_written(
            once in prop::collection::vec(a_habit(), 0..4),
            always in a_habit(),
        ) {
            let behaviour = Behaviour { once, always };
            prop_assert_eq!(behaviour.to_string().parse(), Ok(behaviour));
        }

        #[test]
        fn any_words_are_read_or_refused(
            words in prop::collection::vec(
                prop::sample::select(vec![
                    "approve", "reject", "ignore", "wait", "no", "card", "unknown", "result", "then",
                    "after", "5s", "at", "the", "last", "second", "and", "under", "age", "16", ",",
                    "once:", "slow", "\u{e5}", "not", "identified",
                ]),
                0..12,
            ),
        ) {
            if let Ok(behaviour) = words.join(" ").parse::<Behaviour>() {
                prop_assert_eq!(behaviour.to_string().parse(), Ok(behaviour));
            }
        }
    }
}
