//! What people and programs read: tables with aligned columns, or JSON.
//!
//! Data goes to standard output and everything else to standard error, so that a pipe carries data only.

use std::io::{self, IsTerminal, Write};

use clap::ValueEnum;
use serde_json::Value;

use super::failure::Failure;

/// Who reads the output.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// Aligned columns, for people.
    Table,
    /// One JSON document, for programs.
    Json,
}

/// Whether headings are set in bold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Colour {
    On,
    Off,
}

impl Colour {
    /// On for a terminal, unless `NO_COLOR` says otherwise.
    pub(crate) fn of_stdout() -> Self {
        Self::choose(io::stdout().is_terminal(), std::env::var_os("NO_COLOR").as_deref())
    }

    /// The same for standard error.
    pub(crate) fn of_stderr() -> Self {
        Self::choose(io::stderr().is_terminal(), std::env::var_os("NO_COLOR").as_deref())
    }

    fn choose(terminal: bool, no_color: Option<&std::ffi::OsStr>) -> Self {
        // An empty value counts as not set: so says the convention.
        let forbidden = no_color.is_some_and(|value| !value.is_empty());
        if terminal && !forbidden { Self::On } else { Self::Off }
    }

    /// The text, set in bold where colour is on.
    pub(crate) fn bold(self, text: &str) -> String {
        match self {
            Self::On => format!("\u{1b}[1m{text}\u{1b}[0m"),
            Self::Off => text.to_owned(),
        }
    }
}

/// Writes one line of data.
pub(crate) fn line(text: &str) -> Result<(), Failure> {
    writeln!(io::stdout().lock(), "{text}").map_err(Failure::Output)
}

/// Writes one line that is not data.
pub(crate) fn note(text: &str) {
    // When standard error is gone there is nobody left to tell.
    let _ = writeln!(io::stderr().lock(), "{text}");
}

/// Writes a JSON document.
pub(crate) fn json(document: &Value) -> Result<(), Failure> {
    line(&format!("{document:#}"))
}

/// Writes a table, or a note that there is nothing to list.
pub(crate) fn table(table: &Table, when_empty: &str) -> Result<(), Failure> {
    if table.rows.is_empty() {
        note(when_empty);
        return Ok(());
    }
    let lines = table.lines(Colour::of_stdout()).join("\n");
    line(&lines)
}

/// Which edge of a column its cells share.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Align {
    Left,
    Right,
}

/// Rows under headings.
#[derive(Debug)]
pub(crate) struct Table {
    columns: Vec<(&'static str, Align)>,
    rows: Vec<Vec<String>>,
}

impl Table {
    /// A table without rows.
    pub(crate) fn new(columns: &[(&'static str, Align)]) -> Self {
        Self { columns: columns.to_vec(), rows: Vec::new() }
    }

    /// Adds a row, one cell a column.
    pub(crate) fn row<const N: usize>(&mut self, cells: [String; N]) {
        debug_assert_eq!(cells.len(), self.columns.len());
        self.rows.push(cells.into());
    }

    /// The table as lines, the headings first.
    pub(crate) fn lines(&self, colour: Colour) -> Vec<String> {
        let widths = self.widths();
        let headings: Vec<String> =
            self.columns.iter().map(|(heading, _)| (*heading).to_owned()).collect();
        let mut lines = vec![colour.bold(&self.aligned(&headings, &widths))];
        lines.extend(self.rows.iter().map(|row| self.aligned(row, &widths)));
        lines
    }

    fn widths(&self) -> Vec<usize> {
        let width = |column: usize, heading: &str| {
            let cells = self.rows.iter().map(|row| row[column].chars().count());
            cells.chain([heading.chars().count()]).max().unwrap_or_default()
        };
        self.columns
            .iter()
            .enumerate()
            .map(|(column, (heading, _))| width(column, heading))
            .collect()
    }

    fn aligned(&self, cells: &[String], widths: &[usize]) -> String {
        let aligned =
            cells.iter().zip(&self.columns).zip(widths).map(
                |((cell, column), width)| match column.1 {
                    Align::Left => format!("{cell:<width$}"),
                    Align::Right => format!("{cell:>width$}"),
                },
            );
        aligned.collect::<Vec<_>>().join("  ").trim_end().to_owned()
    }
}

/// Names and values below each other, the values aligned.
pub(crate) fn pairs(pairs: &[(&str, String)]) -> Vec<String> {
    let width = pairs.iter().map(|(name, _)| name.chars().count()).max().unwrap_or_default();
    pairs.iter().map(|(name, value)| format!("{name:<width$}  {value}")).collect()
}

#[cfg(test)]
mod tests {
    use std::ffi::OsStr;

    use super::*;

    #[test]
    fn columns_are_as_wide_as_their_widest_cell() {
        let mut table = Table::new(&[
            ("REFERENCE", Align::Left),
            ("AMOUNT", Align::Right),
            ("STATE", Align::Left),
        ]);
        table.row(["ride-0001".to_owned(), "NOK 1345.92".to_owned(), "CREATED".to_owned()]);
        table.row(["r\u{e5}d".to_owned(), "DKK 5.00".to_owned(), "AUTHORIZED".to_owned()]);
        insta::assert_snapshot!(table.lines(Colour::Off).join("\n"), @r"
        REFERENCE       AMOUNT  STATE
        ride-0001  NOK 1345.92  CREATED
        råd           DKK 5.00  AUTHORIZED
        ");
    }

    #[test]
    fn no_line_ends_in_spaces() {
        let mut table = Table::new(&[("A", Align::Left), ("LONGER", Align::Left)]);
        table.row(["1".to_owned(), String::new()]);
        assert_eq!(table.lines(Colour::Off), ["A  LONGER", "1"]);
    }

    #[test]
    fn colour_is_for_terminals_that_did_not_refuse_it() {
        let cases = [
            (true, None, Colour::On),
            (true, Some(""), Colour::On),
            (true, Some("1"), Colour::Off),
            (false, None, Colour::Off),
        ];
        for (terminal, no_color, expected) in cases {
            assert_eq!(Colour::choose(terminal, no_color.map(OsStr::new)), expected);
        }
    }

    #[test]
    fn values_of_pairs_are_aligned() {
        let lines = pairs(&[("state", "CREATED".to_owned()), ("reference", "r".to_owned())]);
        assert_eq!(lines, ["state      CREATED", "reference  r"]);
    }
}
