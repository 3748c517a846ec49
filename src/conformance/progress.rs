//! What the terminal shows while scenarios run: one line that changes, or a line a feature.

use std::collections::BTreeMap;
use std::io::{self, Write as _};

use super::summary::{Outcome, ScenarioResult};

/// How a run's progress is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Show {
    /// Not at all.
    Nothing,
    /// On a line that is written over, for a terminal.
    Line,
    /// A line for each feature that is done and each scenario that breaks the run, for a log.
    Log,
}

/// Counts results and shows them on standard error.
#[derive(Debug)]
pub(super) struct Progress {
    show: Show,
    /// How many scenarios each feature still has.
    open: BTreeMap<String, usize>,
    total: usize,
    done: usize,
    failed: usize,
    width: usize,
}

impl Progress {
    /// Of scenarios in these files, a name for each.
    pub(super) fn new(show: Show, paths: impl Iterator<Item = String>) -> Self {
        let mut open = BTreeMap::new();
        for path in paths {
            *open.entry(path).or_insert(0) += 1;
        }
        let total = open.values().sum();
        Self { show, open, total, done: 0, failed: 0, width: 0 }
    }

    /// Counts a result.
    pub(super) fn tell(&mut self, result: &ScenarioResult) {
        self.done += 1;
        let failed = result.outcome == Outcome::Failed;
        self.failed += usize::from(failed);
        let left = self.open.get_mut(&result.path).map(|left| {
            *left = left.saturating_sub(1);
            *left
        });
        match self.show {
            Show::Line => self.rewrite(&self.line(&result.path)),
            Show::Log if failed => note(&format!("  failed: {} {}", result.place(), result.name)),
            Show::Log if left == Some(0) => note(&self.line(&result.path)),
            Show::Log | Show::Nothing => {}
        }
    }

    /// Takes the line away.
    pub(super) fn end(&mut self) {
        if self.show == Show::Line && self.width > 0 {
            self.rewrite("");
            let _ = write!(io::stderr(), "\r");
        }
    }

    fn line(&self, path: &str) -> String {
        let Self { done, total, failed, .. } = self;
        let failed = if *failed > 0 { format!(", {failed} failed") } else { String::new() };
        format!("{done}/{total} scenarios{failed}  {path}")
    }

    fn rewrite(&mut self, text: &str) {
        // When standard error is gone there is nobody left to tell.
        let _ = write!(io::stderr(), "\r{text:<width$}", width = self.width);
        let _ = io::stderr().flush();
        self.width = text.chars().count();
    }
}

fn note(text: &str) {
    let _ = writeln!(io::stderr(), "{text}");
}
