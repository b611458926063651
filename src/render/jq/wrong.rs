//! Describes what is wrong with a filter, and where.

use jaq_core::{compile, load::lex};

use super::differences::OUTSIDE;
use crate::{domain::text::nearest, error::CliError};

/// The length of an excerpt at a position, in characters.
const MUCH: usize = 20;

/// Makes the error for a filter that is too long.
pub(super) fn too_long(most: usize) -> CliError {
    usage(&format!("is too long: a filter has at most {} KiB", most / 1024))
}

/// Makes the error for characters that are not part of the language.
pub(super) fn no_tokens(code: &str, errors: &[lex::Error<&str>]) -> CliError {
    match errors.first() {
        Some((expected, at)) => expected_at(code, expected.as_str(), at),
        None => usage("is not the language of jq"),
    }
}

/// Makes the error for a syntax error at `found`.
pub(super) fn no_filter(code: &str, expected: Option<&str>, found: &str) -> CliError {
    if ["include", "import", "module"].iter().any(|word| code.trim_start().starts_with(&format!("{word} "))) {
        return usage("modules cannot be included or imported");
    }
    match expected {
        Some(expected) => expected_at(code, words(expected), found),
        None => usage("is not the language of jq"),
    }
}

/// Makes the error for an unknown name.
pub(super) fn unknown(code: &str, errors: &compile::Errors<&str, ()>) -> CliError {
    let Some((name, undefined)) = errors.iter().flat_map(|(_, errors)| errors).next() else {
        return usage("is not the language of jq");
    };
    let arity = match undefined {
        compile::Undefined::Filter(arity) if *arity > 0 => format!("/{arity}"),
        _ => String::new(),
    };
    let error = usage(&format!("{}: there is no {} {name}{arity}", place(code, name), undefined.as_str()));
    if OUTSIDE.split_whitespace().any(|outside| outside == *name) {
        return error
            .hint("a filter sees the data alone, neither the environment nor files, and cannot end the program");
    }
    match nearest(name, KNOWN.iter().copied()).filter(|_| matches!(undefined, compile::Undefined::Filter(_))) {
        Some(known) if known != *name => error.hint(format!("did you mean {known}?")),
        Some(known) => error.hint(format!("{known} takes another number of arguments, or cannot be used here")),
        None => error.hint("tm-hooks help filtering names what there is not"),
    }
}

/// Common names for suggestions.
const KNOWN: [&str; 52] = [
    "select",
    "map",
    "map_values",
    "length",
    "keys",
    "values",
    "to_entries",
    "from_entries",
    "with_entries",
    "add",
    "any",
    "all",
    "first",
    "last",
    "limit",
    "range",
    "empty",
    "error",
    "not",
    "type",
    "tostring",
    "tonumber",
    "tojson",
    "fromjson",
    "sort",
    "sort_by",
    "group_by",
    "unique",
    "unique_by",
    "min",
    "max",
    "min_by",
    "max_by",
    "reverse",
    "contains",
    "has",
    "index",
    "join",
    "split",
    "test",
    "match",
    "capture",
    "sub",
    "gsub",
    "startswith",
    "endswith",
    "ascii_downcase",
    "ascii_upcase",
    "floor",
    "round",
    "flatten",
    "recurse",
];

fn expected_at(code: &str, expected: &str, at: &str) -> CliError {
    let found: String = at.chars().take(MUCH).collect();
    let found = if found.is_empty() { String::new() } else { format!(", not \"{}\"", found.trim_end()) };
    usage(&format!("{}: expected {expected}{found}", place(code, at)))
}

/// Replaces the library's terms by those of the documentation.
fn words(expected: &str) -> &str {
    match expected {
        "term" => "a filter",
        other => other,
    }
}

fn usage(message: &str) -> CliError {
    CliError::usage(format!("--jq {message}")).code("invalid_filter")
}

/// Describes the position of `part`, a slice of `code`, counted from 1.
fn place(code: &str, part: &str) -> String {
    let offset = (part.as_ptr() as usize).wrapping_sub(code.as_ptr() as usize);
    let Some(before) = code.get(..offset) else { return "at some place".to_owned() };
    if before.len() == code.len() {
        return "at its end".to_owned();
    }
    let line = before.matches('\n').count() + 1;
    let character = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
    if line == 1 { format!("at character {character}") } else { format!("at line {line}, character {character}") }
}
