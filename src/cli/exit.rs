//! The one table of exit codes, and the end of every help text.

use std::fmt::Write as _;
use std::process::ExitCode;

/// How a run of the program ended, as a shell sees it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    /// What was asked for happened.
    Done,
    /// The program worked, and what it was to bring about did not come about.
    NotMet,
    /// The command line, or the environment it needs, is wrong.
    Usage,
    /// No mock answers at the address.
    Unreachable,
    /// The mock answered, and said no.
    Refused,
    /// The config file, or a feature file, cannot be used.
    Config,
    /// The address is taken, or may not be listened on.
    Listen,
    /// No feature or scenario matched what was asked for.
    NothingMatched,
    /// At least one scenario failed.
    ScenariosFailed,
    /// A signal ended the run early.
    Stopped,
}

impl Exit {
    /// Every code, in the order they are printed.
    pub const ALL: [Self; 10] = [
        Self::Done,
        Self::NotMet,
        Self::Usage,
        Self::Unreachable,
        Self::Refused,
        Self::Config,
        Self::Listen,
        Self::NothingMatched,
        Self::ScenariosFailed,
        Self::Stopped,
    ];

    /// The number the shell gets.
    #[must_use]
    pub const fn code(self) -> u8 {
        match self {
            Self::Done => 0,
            Self::NotMet => 1,
            Self::Usage => 2,
            Self::Unreachable => 3,
            Self::Refused => 4,
            Self::Config => 5,
            Self::Listen => 6,
            Self::NothingMatched => 7,
            Self::ScenariosFailed => 100,
            Self::Stopped => 130,
        }
    }

    const fn meaning(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::NotMet => {
                "the money is not where it should be, two strings to sign differ, a scenario waited in \
                 vain, or output or a report could not be written"
            }
            Self::Usage => "wrong flags, or credentials missing from the environment",
            Self::Unreachable => "no mock answers at the address",
            Self::Refused => "the mock, or the API, said no",
            Self::Config => {
                "the config file, a feature file or a scenario cannot be read or is not valid"
            }
            Self::Listen => "the address is in use or cannot be listened on",
            Self::NothingMatched => "no feature or scenario matched, or none could run",
            Self::ScenariosFailed => "at least one scenario failed",
            Self::Stopped => "stopped before the end",
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit.code())
    }
}

/// The end of a help text: examples, then the exit codes that can occur.
pub(crate) fn help(examples: &[&str], exits: &[Exit]) -> String {
    let mut text = String::new();
    if !examples.is_empty() {
        text.push_str("Examples:\n");
        for example in examples {
            line(&mut text, example);
        }
        text.push('\n');
    }
    text.push_str("Exit codes:\n");
    for exit in exits {
        line(&mut text, &format!("{:>3}  {}", exit.code(), exit.meaning()));
    }
    text.truncate(text.trim_end().len());
    text
}

fn line(text: &mut String, content: &str) {
    // Writing to a string cannot fail.
    let _ = writeln!(text, "  {content}");
}

/// What a command that talks to a running mock can end with.
pub(crate) const CLIENT: &[Exit] = &[Exit::Done, Exit::Usage, Exit::Unreachable, Exit::Refused];

/// What a taxi can end with.
pub(crate) const TAXI: &[Exit] = &[
    Exit::Done,
    Exit::NotMet,
    Exit::Usage,
    Exit::Unreachable,
    Exit::Refused,
    Exit::Listen,
    Exit::Stopped,
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_endings_share_a_code() {
        let mut codes: Vec<_> = Exit::ALL.iter().map(|exit| exit.code()).collect();
        codes.sort_unstable();
        codes.dedup();
        assert_eq!(codes, [0, 1, 2, 3, 4, 5, 6, 7, 100, 130]);
    }

    #[test]
    fn help_ends_in_examples_and_codes() {
        insta::assert_snapshot!(help(&["vipps-mock serve"], &[Exit::Done, Exit::ScenariosFailed]), @"
        Examples:
          vipps-mock serve

        Exit codes:
            0  done
          100  at least one scenario failed
        ");
    }
}
