//! Selects the requested columns and fields.

use serde_json::{Map, Value};

use super::{Column, Format, Importance, Record, View};
use crate::{domain::text::nearest, error::CliError};

/// Whether a list or a single record is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    List,
    One,
}

/// Returns the columns to show: those of `--columns` in its order and number, or else the important ones in tables, and
/// all fields of the records elsewhere.
pub(super) fn choose<T: Record>(view: &View, shape: Shape) -> Result<Vec<Column<T>>, CliError> {
    let all = T::columns();
    let known: Vec<&'static str> = all.iter().map(|column| column.name).collect();
    if let Some(fields) = &view.fields {
        check(fields, &known, "--json", "field")?;
    }
    let Some(wanted) = &view.columns else { return Ok(usual(all, view, shape)) };
    check(wanted, &known, "--columns", "column")?;
    let for_people = if view.is_for_people() { T::table() } else { Vec::new() };
    let find = |name: &String| for_people.iter().chain(&all).find(|column| column.name == *name);
    // A column that was requested by name is never omitted.
    let chosen = wanted.iter().filter_map(find);
    Ok(chosen.map(|column| Column { importance: Importance::Key, ..*column }).collect())
}

/// Returns the columns that are shown by default.
fn usual<T: Record>(all: Vec<Column<T>>, view: &View, shape: Shape) -> Vec<Column<T>> {
    let shown = |column: &Column<T>| !view.without.contains(&column.name);
    match (view.format, shape) {
        (Format::Table, Shape::List) if view.terminal => T::table().into_iter().filter(shown).collect(),
        (Format::Table, Shape::One) if view.terminal => T::card().into_iter().filter(shown).collect(),
        (Format::Table, _) => {
            let least = if shape == Shape::List { Importance::Low } else { Importance::Detail };
            all.into_iter().filter(|column| column.importance <= least && shown(column)).collect()
        }
        _ => all.into_iter().filter(|column| !view.lacking.contains(&column.name)).collect(),
    }
}

fn check(wanted: &[String], known: &[&'static str], flag: &str, noun: &str) -> Result<(), CliError> {
    let Some(unknown) = wanted.iter().find(|name| !known.contains(&name.as_str())) else {
        return if wanted.is_empty() { Err(CliError::usage(format!("{flag} names no {noun}"))) } else { Ok(()) };
    };
    if unknown.is_empty() {
        return Err(CliError::usage(format!("{flag} lacks the name of a {noun}"))
            .code("unknown_field")
            .hint(format!("write names with one comma between two; the {noun}s are {}", known.join(","))));
    }
    let guess = nearest(unknown, known.iter().copied()).map(|name| format!("did you mean \"{name}\"? "));
    Err(CliError::usage(format!("{flag} names an unknown {noun}: \"{unknown}\"")).code("unknown_field").hint(format!(
        "{}the {noun}s are {}",
        guess.unwrap_or_default(),
        known.join(",")
    )))
}

/// Returns the fields of a record for programs: those of `--json=…`, or those of `--columns` in CSV and TSV, or else
/// all.
pub(super) fn pick<T>(whole: Value, view: &View, columns: &[Column<T>]) -> Value {
    let wanted: Vec<&str> = match (&view.fields, view.format) {
        (Some(fields), _) => fields.iter().map(String::as_str).collect(),
        (None, Format::Csv | Format::Tsv) => columns.iter().map(|column| column.name).collect(),
        (None, _) => return whole,
    };
    let Value::Object(object) = whole else { return whole };
    // A field that was named twice appears once, at its first position.
    let field = |name: &str| (name.to_owned(), object.get(name).cloned().unwrap_or(Value::Null));
    Value::Object(wanted.into_iter().map(field).collect::<Map<_, _>>())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        domain::time::Timestamp,
        render::{list, sample_attempt},
        term::{Term, Terminals},
    };

    /// Writes a list of one attempt with these `--columns` and these fields of `--json`.
    fn made(format: Format, columns: Option<&str>, fields: Option<&str>) -> String {
        let (term, captured) = Term::captured("", Terminals::default(), 80);
        let names = |names: &str| names.split(',').map(str::to_owned).collect();
        let (columns, fields) = (columns.map(names), fields.map(names));
        let lacking = &["request", "response"];
        let view = View { format, columns, fields, lacking, ..View::new(&term, Timestamp::from_seconds(0)) };
        list(&term, &view, &[sample_attempt()]).unwrap();
        captured.out()
    }

    #[test]
    fn a_name_that_comes_twice_is_filled_twice() {
        assert_eq!(made(Format::Csv, Some("kind,id,kind"), None).lines().next(), Some("kind,id,kind"));
        assert!(made(Format::Csv, Some("kind,number,kind"), None).ends_with("\r\nretry,2,retry\r\n"));
        assert_eq!(made(Format::Tsv, Some("kind,kind"), None), "kind\tkind\nretry\tretry\n");
        assert_eq!(made(Format::Table, Some("kind,kind"), None), "retry\tretry\n");
        assert_eq!(made(Format::Json, None, Some("kind,number,kind")), "[{\"kind\":\"retry\",\"number\":2}]\n");
    }

    #[test]
    fn a_name_that_is_missing_is_refused_by_both_flags_alike() {
        let names = |names: &str| names.split(',').map(str::to_owned).collect::<Vec<_>>();
        for wrong in ["", "id,", ",id", "id,,kind"] {
            for (flag, noun) in [("--json", "field"), ("--columns", "column")] {
                let error = check(&names(wrong), &["id", "kind"], flag, noun).unwrap_err();
                assert_eq!(error.message(), format!("{flag} lacks the name of a {noun}"), "{wrong}");
            }
        }
        assert!(check(&names("id,kind"), &["id", "kind"], "--json", "field").is_ok());
    }

    #[test]
    fn what_records_do_not_carry_is_no_column_unless_it_is_named() {
        let all = made(Format::Csv, None, None);
        assert!(all.starts_with("startedAt,id,") && !all.contains("request"), "{all}");
        assert!(made(Format::Csv, Some("id,request"), None).contains("https://bot.example.com/tm"));
    }
}
