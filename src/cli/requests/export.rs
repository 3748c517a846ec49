//! `vipps-mock requests export`: the calls as an HTTP archive.

use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::cli::control::UnitControl;
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::output;

/// How many calls a journal holds: all of them are wanted, unless a filter says otherwise.
const ALL: &str = "2000";

/// Writes an archive of the calls that are wanted, to a file or to standard output.
pub(super) async fn run(
    unit: &UnitControl,
    wanted: &[(&'static str, String)],
    file: Option<&Path>,
) -> Result<Exit, Failure> {
    let mut query = wanted.to_vec();
    query.push(("limit", ALL.to_owned()));
    let mut archive = unit.archive(&query).await?.json;
    let strays = unit.control().stray_archive(&query).await?.json;
    let added = add(&mut archive, &strays);
    match file {
        None => output::json(&archive)?,
        Some(file) => {
            fs::write(file, format!("{archive:#}\n")).map_err(Failure::Output)?;
            output::note(&format!("{}: an archive of {added} call(s)", file.display()));
        }
    }
    Ok(Exit::Done)
}

/// Adds the calls of one archive to those of another, and says how many there are then.
fn add(archive: &mut Value, others: &Value) -> usize {
    let Some(entries) = archive["log"]["entries"].as_array_mut() else { return 0 };
    entries.extend(others["log"]["entries"].as_array().into_iter().flatten().cloned());
    entries.len()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn two_archives_become_one() {
        let mut archive = json!({ "log": { "version": "1.2", "entries": [{ "_id": "1" }] } });
        let strays = json!({ "log": { "version": "1.2", "entries": [{ "_id": "s1" }] } });
        assert_eq!(add(&mut archive, &strays), 2);
        let expected = json!({ "version": "1.2", "entries": [{ "_id": "1" }, { "_id": "s1" }] });
        assert_eq!(archive["log"], expected);
    }
}
