//! What is left of a run: reports for people and for programs, all made from one summary.

mod html;
mod junit;
mod markdown;
mod terminal;

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use super::error::RunError;
use super::summary::Summary;

pub use terminal::write as write_terminal;

/// Where a report is written.
pub(super) type Stream = Box<dyn Write>;

/// The reports to write beside what the terminal shows.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Reports {
    /// Where to write `JUnit` XML.
    pub junit: Option<PathBuf>,
    /// Where to write Cucumber JSON.
    pub json: Option<PathBuf>,
    /// Where to write one page of HTML with everything in it.
    pub html: Option<PathBuf>,
    /// Where to write a summary in Markdown, for the page of a CI run.
    pub summary: Option<PathBuf>,
}

/// The files of the reports, opened before the run, so that a bad path shows at once.
#[derive(Debug)]
pub(super) struct Files {
    junit: Option<Output>,
    json: Option<Output>,
    html: Option<Output>,
    summary: Option<Output>,
}

#[derive(Debug)]
struct Output {
    path: PathBuf,
    file: File,
}

impl Files {
    /// Creates the files that were asked for.
    pub(super) fn create(reports: &Reports) -> Result<Self, RunError> {
        let Reports { junit, json, html, summary } = reports;
        Ok(Self {
            junit: create(junit.as_deref())?,
            json: create(json.as_deref())?,
            html: create(html.as_deref())?,
            summary: create(summary.as_deref())?,
        })
    }

    /// Where Cucumber JSON goes, which is written while the features run; nowhere if not asked for.
    pub(super) fn json(&self) -> Result<Stream, RunError> {
        let Some(Output { path, file }) = &self.json else { return Ok(Box::new(io::sink())) };
        let file = file.try_clone().map_err(|source| failed(path, source))?;
        Ok(Box::new(BufWriter::new(file)))
    }

    /// Writes all the others.
    pub(super) fn write(self, summary: &Summary) -> Result<(), RunError> {
        let reports: [(_, Text); 3] =
            [(self.junit, junit::text), (self.html, html::text), (self.summary, markdown::text)];
        for (output, text) in reports {
            if let Some(Output { path, mut file }) = output {
                file.write_all(text(summary).as_bytes()).map_err(|source| failed(&path, source))?;
            }
        }
        Ok(())
    }
}

/// Words a whole report.
type Text = fn(&Summary) -> String;

fn create(path: Option<&Path>) -> Result<Option<Output>, RunError> {
    let Some(path) = path else { return Ok(None) };
    let file = File::create(path).map_err(|source| failed(path, source))?;
    Ok(Some(Output { path: path.to_owned(), file }))
}

fn failed(path: &Path, source: io::Error) -> RunError {
    RunError::Report { path: path.display().to_string(), source }
}

/// Seconds with as many places as a person reads, `0.04 s` or `12 s`.
fn seconds(duration: std::time::Duration) -> String {
    let seconds = duration.as_secs_f64();
    if seconds < 10.0 { format!("{seconds:.2} s") } else { format!("{seconds:.0} s") }
}
