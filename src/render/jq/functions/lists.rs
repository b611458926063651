//! Functions of arrays, and those that arrays, strings and objects share.

use jaq_core::{
    Error,
    box_iter::box_once,
    native::{self, v},
};

use super::native::{Given, of, with};
use crate::render::jq::{
    budget,
    value::{Kind, Thrown, Val, get, places},
    world::{Function, Language},
};

pub(super) fn all() -> Vec<Function> {
    vec![
        of!("null", |_: Val| Ok(Val::null())),
        of!("true", |_: Val| Ok(true.into())),
        of!("false", |_: Val| Ok(false.into())),
        of!("type", |value: Val| Ok(value.type_name().into())),
        of!("length", length),
        of!("add", add),
        of!("reverse", reverse),
        with!("contains", 1, |value, part| contains(&value, &part).map(Val::from)),
        with!("_indices", 1, indices),
        with!("join", 1, join),
        with!("_list", 1, list),
        range(),
    ]
}

fn length(value: Val) -> Given {
    Ok(match &value.kind {
        Kind::Null => 0_usize.into(),
        Kind::Bool(_) => return Err(Error::str(format_args!("{} has no length", value.named()))),
        Kind::Number(number) if number.to_f64() < 0.0 => (-value)?,
        Kind::Number(_) => value,
        Kind::Text(text) => text.chars().count().into(),
        Kind::List(list) => list.items().len().into(),
        Kind::Fields(fields) => fields.iter().len().into(),
    })
}

fn add(value: Val) -> Given {
    jaq_core::ValT::values(value).try_fold(Val::null(), |sum, item| {
        budget::step();
        sum + item?
    })
}

fn reverse(value: Val) -> Given {
    match &value.kind {
        Kind::Null => Ok(Vec::new().into()),
        Kind::Fields(fields) if fields.iter().len() == 0 => Ok(Vec::new().into()),
        Kind::Text(text) => Ok(text.chars().rev().collect::<String>().into()),
        Kind::List(list) => Ok(list.items().iter().rev().cloned().collect()),
        _ => Err(Error::str(format_args!("Cannot reverse {}", value.named()))),
    }
}

/// Whether a string contains a substring, an array contains items that contain the part's, or an object contains fields
/// that contain the part's.
fn contains(value: &Val, part: &Val) -> Result<bool, Thrown> {
    budget::step();
    Ok(match (&value.kind, &part.kind) {
        (Kind::Text(text), Kind::Text(part)) => text.contains(&**part),
        (Kind::List(list), Kind::List(parts)) => {
            parts.items().iter().all(|part| list.items().iter().any(|item| contains(item, part).unwrap_or(false)))
        }
        (Kind::Fields(fields), Kind::Fields(parts)) => {
            parts.iter().all(|(key, part)| fields.get(key).is_some_and(|field| contains(field, part).unwrap_or(false)))
        }
        _ if value.type_name() == part.type_name() => value == part,
        _ => {
            let (value, part) = (value.named(), part.named());
            return Err(Error::str(format_args!("{value} and {part} cannot have their containment checked")));
        }
    })
}

/// Returns the positions of a part: in characters of a string, or in items of an array.
fn indices(value: Val, part: Val) -> Given {
    match (&value.kind, &part.kind) {
        (Kind::Text(text), Kind::Text(part)) => Ok(begins(text, part)),
        (Kind::List(list), Kind::List(part)) => Ok(places(list.items(), part.items())),
        (Kind::List(list), _) => Ok(places(list.items(), std::slice::from_ref(&part))),
        _ => get(&value, &part),
    }
}

fn begins(text: &str, part: &str) -> Val {
    if part.is_empty() {
        return Vec::new().into();
    }
    let characters = text.char_indices().enumerate();
    characters.filter(|(_, (at, _))| text[*at..].starts_with(part)).map(|(character, _)| Val::from(character)).collect()
}

/// Joins the items of an array: null is empty, numbers and booleans are JSON.
fn join(value: Val, separator: Val) -> Given {
    let mut joined: Option<Val> = None;
    for item in jaq_core::ValT::values(value) {
        let item = match item? {
            item if item.kind.is_null() => "".into(),
            item if matches!(item.kind, Kind::Bool(_) | Kind::Number(_)) => item.to_json().into(),
            item => item,
        };
        let before = match joined {
            Some(joined) => (joined + separator.clone())?,
            None => "".into(),
        };
        joined = Some((before + item)?);
    }
    Ok(joined.unwrap_or_else(|| "".into()))
}

/// Returns an array, or the error that only arrays can be `done`.
fn list(value: Val, done: Val) -> Given {
    if value.as_list().is_some() {
        return Ok(value);
    }
    Err(Error::str(format_args!("{} cannot be {done}, as it is not an array", value.named())))
}

/// `range($from; $upto; $by)`.
fn range() -> Function {
    native::run::<Language>(("_range", v(3), |mut cv| {
        let (by, upto, from) = (cv.0.pop_var(), cv.0.pop_var(), cv.0.pop_var());
        if [&from, &upto, &by].iter().any(|bound| bound.as_number().is_none()) {
            return box_once(Err(Error::str("Range bounds must be numeric").into()));
        }
        let zero = Val::from(0_usize);
        let (up, down) = (by > zero, by < zero);
        let mut next = Ok(from);
        Box::new(std::iter::from_fn(move || {
            budget::step();
            match &next {
                Ok(here) if up && *here < upto || down && *here > upto => {
                    let following = here.clone() + by.clone();
                    Some(std::mem::replace(&mut next, following).map_err(Into::into))
                }
                _ => None,
            }
        }))
    }))
}
