//! Sales units in files.

use std::io::{self, Read as _};
use std::path::Path;

use serde_json::{Value, json};

use super::super::exit::Exit;
use super::super::failure::Failure;
use super::super::output::{self, Format};

/// Writes what the mock has given.
pub(super) fn save(
    snapshot: &Value,
    msn: &str,
    file: Option<&Path>,
    format: Format,
) -> Result<Exit, Failure> {
    let Some(file) = file.filter(|it| *it != Path::new("-")) else {
        output::json(snapshot)?;
        return Ok(Exit::Done);
    };
    std::fs::write(file, format!("{snapshot:#}\n")).map_err(|error| Failure::NotMet {
        message: format!("cannot write {}: {error}", file.display()),
        hint: Some("without a file it is written to standard output".to_owned()),
    })?;
    let name = file.display();
    match format {
        Format::Json => output::json(&json!({ "saved": msn, "file": name.to_string() }))?,
        Format::Table => output::note(&format!("sales unit {msn} is saved in {name}")),
    }
    Ok(Exit::Done)
}

/// Reads what was saved, and says which sales unit it is.
pub(super) fn read(file: &Path) -> Result<(String, Value), Failure> {
    let unusable = |reason: String| Failure::Usage {
        message: format!("cannot load {}: {reason}", file.display()),
        hint: Some("vipps-mock sales-units save FILE writes what can be loaded".to_owned()),
    };
    let mut text = String::new();
    let read = if file == Path::new("-") {
        io::stdin().read_to_string(&mut text)
    } else {
        std::fs::File::open(file).and_then(|mut it| it.read_to_string(&mut text))
    };
    read.map_err(|error| unusable(error.to_string()))?;
    let snapshot: Value = serde_json::from_str(&text).map_err(|it| unusable(it.to_string()))?;
    let msn = snapshot.get("msn").and_then(Value::as_str).filter(|it| !it.is_empty());
    let msn =
        msn.ok_or_else(|| unusable("it does not say of which sales unit it is".to_owned()))?;
    Ok((msn.to_owned(), snapshot))
}
