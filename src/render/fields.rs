//! Which columns and fields were asked for.

use serde_json::{Map, Value};

use super::{Column, Format, Importance, Record, View};
use crate::{domain::text::nearest, error::CliError};

/// The columns to show: those that `--columns` names, in its order; else in tables those that are at least as important
/// as `least`, and elsewhere all.
pub(super) fn choose<T: Record>(view: &View, least: Importance) -> Result<Vec<Column<T>>, CliError> {
    let all = T::columns();
    let known: Vec<&'static str> = all.iter().map(|column| column.name).collect();
    if let Some(fields) = &view.fields {
        check(fields, &known, "--json", "field")?;
    }
    let Some(wanted) = &view.columns else {
        let tabular = view.format == Format::Table;
        let shown = |column: &Column<T>| column.importance <= least && !view.without.contains(&column.name);
        return Ok(all.into_iter().filter(|column| !tabular || shown(column)).collect());
    };
    check(wanted, &known, "--columns", "column")?;
    let mut all: Vec<Option<Column<T>>> = all.into_iter().map(Some).collect();
    let place = |name: &String| known.iter().position(|column| column == name);
    let named = wanted.iter().filter_map(place).filter_map(|place| all[place].take());
    // What was asked for by name does not give way.
    Ok(named.map(|column| Column { importance: Importance::Key, ..column }).collect())
}

fn check(wanted: &[String], known: &[&'static str], flag: &str, noun: &str) -> Result<(), CliError> {
    let Some(unknown) = wanted.iter().find(|name| !known.contains(&name.as_str())) else {
        return if wanted.is_empty() { Err(CliError::usage(format!("{flag} names no {noun}"))) } else { Ok(()) };
    };
    let guess = nearest(unknown, known.iter().copied()).map(|name| format!("did you mean \"{name}\"? "));
    Err(CliError::usage(format!("{flag} names an unknown {noun}: \"{unknown}\"")).code("unknown_field").hint(format!(
        "{}the {noun}s are {}",
        guess.unwrap_or_default(),
        known.join(",")
    )))
}

/// The fields of a record that programs get: those of `--json=…`, those of `--columns` in CSV and TSV, else all.
pub(super) fn pick<T>(whole: Value, view: &View, columns: &[Column<T>]) -> Value {
    let wanted: Vec<&str> = match (&view.fields, view.format) {
        (Some(fields), _) => fields.iter().map(String::as_str).collect(),
        (None, Format::Csv | Format::Tsv) => columns.iter().map(|column| column.name).collect(),
        (None, _) => return whole,
    };
    let Value::Object(mut object) = whole else { return whole };
    let field = |name: &str| (name.to_owned(), object.remove(name).unwrap_or(Value::Null));
    Value::Object(wanted.into_iter().map(field).collect::<Map<_, _>>())
}
