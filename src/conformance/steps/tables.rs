//! Data tables of steps, read by the names of their columns.

use cucumber::gherkin::Step;

use crate::conformance::failure::Failure;

/// The rows below the head of a step's table, each cell in the order of `columns`.
pub(super) fn rows<const N: usize>(
    step: &Step,
    columns: [&str; N],
) -> Result<Vec<[String; N]>, Failure> {
    let Some((head, rows)) = step.table.as_ref().and_then(|table| table.rows.split_first()) else {
        return Err(Failure::new("the step needs a table"));
    };
    let cell = |row: &Vec<String>, column: &str| {
        let place = head.iter().position(|name| name == column);
        place.and_then(|place| row.get(place)).cloned().unwrap_or_default()
    };
    Ok(rows.iter().map(|row| columns.map(|column| cell(row, column))).collect())
}

/// The first column of a table without a head.
pub(super) fn column(step: &Step) -> Result<Vec<String>, Failure> {
    let table = step.table.as_ref().ok_or_else(|| Failure::new("the step needs a table"))?;
    Ok(table.rows.iter().filter_map(|row| row.first().cloned()).collect())
}
