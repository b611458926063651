//! Reads, sets and deletes places in values: `.a`, `.[0]` and `.[1:2]`.

use std::{cmp::Ordering, rc::Rc};

use super::{Fields, Kind, List, Number, Text, Thrown, Val};
use crate::render::jq::budget;

/// Returns the value at `key`, or null if there is none.
pub(in crate::render::jq) fn get(value: &Val, key: &Val) -> Result<Val, Thrown> {
    Ok(match (&value.kind, &key.kind) {
        (Kind::Fields(fields), Kind::Text(key)) => fields.get(key).cloned().unwrap_or_else(Val::null),
        (Kind::List(list), Kind::Number(number)) => {
            index(number, list.items.len()).and_then(|at| list.items.get(at).cloned()).unwrap_or_else(Val::null)
        }
        (Kind::List(list), Kind::List(part)) => places(&list.items, &part.items),
        (Kind::List(list), Kind::Fields(slice)) => {
            let (start, end) = range(slice, list.items.len())?;
            list.items[start..end].iter().cloned().collect()
        }
        (Kind::Text(text), Kind::Fields(slice)) => sliced(text, slice)?,
        (Kind::Null, Kind::Fields(slice)) => {
            range(slice, 0)?;
            Val::null()
        }
        (Kind::Null, Kind::Text(_) | Kind::Number(_)) => Val::null(),
        (_, Kind::Text(name)) => return Err(cannot_index(value, &format!("string \"{name}\""))),
        _ => return Err(cannot_index(value, key.type_name())),
    })
}

fn cannot_index(value: &Val, key: &str) -> Thrown {
    Thrown::str(format_args!("Cannot index {} with {key}", value.type_name()))
}

/// Returns the index for a number in a list of `length` items, or `None` if it is not an integer or points before the
/// list.
fn index(number: &Number, length: usize) -> Option<usize> {
    let number = if number.to_f64().fract() == 0.0 { number.truncated() } else { return None };
    let number = if number < 0 { number + length as i128 } else { number };
    usize::try_from(number).ok()
}

/// Returns the positions at which `part` begins in `items`.
pub(in crate::render::jq) fn places(items: &[Val], part: &[Val]) -> Val {
    if part.is_empty() {
        return Vec::new().into();
    }
    let begins = items.windows(part.len()).enumerate().filter(|(_, window)| *window == part);
    begins.map(|(at, _)| Val::from(at)).collect()
}

/// Returns start and end of a slice of something with `length` items.
fn range(slice: &Fields, length: usize) -> Result<(usize, usize), Thrown> {
    let bound = |name: &str, otherwise: f64, round: fn(f64) -> f64| match slice.get(name).map(|bound| &bound.kind) {
        Some(Kind::Null) => Ok(otherwise),
        Some(Kind::Number(number)) => {
            let number = number.to_f64();
            Ok(round(if number < 0.0 { number + length as f64 } else { number }).clamp(0.0, length as f64))
        }
        _ => Err(Thrown::str("Start and end indices of an array slice must be numbers")),
    };
    let (start, end) = (bound("start", 0.0, f64::floor)?, bound("end", length as f64, f64::ceil)?);
    Ok((start as usize, (end as usize).max(start as usize)))
}

/// Returns a slice of a string, in characters.
fn sliced(text: &Text, slice: &Fields) -> Result<Val, Thrown> {
    let (start, end) = range(slice, text.chars().count())?;
    let at = |character: usize| text.char_indices().nth(character).map_or(text.len(), |(at, _)| at);
    Ok(text[at(start)..at(end)].into())
}

/// Sets `item` at `key`.
fn put(value: Val, key: &Val, item: Val) -> Result<Val, Thrown> {
    Ok(match (value.kind, &key.kind) {
        (Kind::Null, Kind::Text(key)) => [(key.clone(), item)].into_iter().collect(),
        (Kind::Fields(mut fields), Kind::Text(key)) => {
            Rc::make_mut(&mut fields).put(key.clone(), item);
            Kind::Fields(fields).into()
        }
        (Kind::Null, Kind::Number(number)) => put_at(Rc::new(List::new(Vec::new())), number, item)?,
        (Kind::List(list), Kind::Number(number)) => put_at(list, number, item)?,
        (Kind::Null, Kind::Fields(slice)) => put_slice(Rc::new(List::new(Vec::new())), slice, &item)?,
        (Kind::List(list), Kind::Fields(slice)) => put_slice(list, slice, &item)?,
        (kind, _) => return Err(cannot_index(&kind.into(), key.type_name())),
    })
}

fn put_at(mut list: Rc<List>, number: &Number, item: Val) -> Result<Val, Thrown> {
    let whole = Number::whole(number.truncated());
    let Some(at) = index(&whole, list.items.len()) else {
        return Err(Thrown::str("Out of bounds negative array index"));
    };
    budget::room(at.saturating_mul(size_of::<Val>()));
    Rc::make_mut(&mut list).put(at, item);
    Ok(Kind::List(list).into())
}

fn put_slice(mut list: Rc<List>, slice: &Fields, items: &Val) -> Result<Val, Thrown> {
    let (start, end) = range(slice, list.items.len())?;
    let Kind::List(items) = &items.kind else {
        return Err(Thrown::str("A slice of an array can only be assigned another array"));
    };
    Rc::make_mut(&mut list).replace(start, end, &items.items);
    Ok(Kind::List(list).into())
}

/// Returns the value at `path`, or null as soon as a value on the path is null.
pub(in crate::render::jq) fn get_path(value: &Val, path: &[Val]) -> Result<Val, Thrown> {
    path.iter().try_fold(value.clone(), |value, key| if value.kind.is_null() { Ok(value) } else { get(&value, key) })
}

/// Sets `item` at `path`.
pub(in crate::render::jq) fn set_path(value: Val, path: &[Val], item: Val) -> Result<Val, Thrown> {
    let Some((key, rest)) = path.split_first() else { return Ok(item) };
    let inner = get(&value, key)?;
    // The inner value is moved out, so that it is not shared and need not be copied.
    let value = if rest.is_empty() { value } else { without_at(value, key) };
    let inner = set_path(inner, rest, item)?;
    put(value, key, inner)
}

/// Sets null at `key` if it exists.
fn without_at(mut value: Val, key: &Val) -> Val {
    match (&mut value.kind, &key.kind) {
        (Kind::Fields(fields), Kind::Text(key)) => {
            if let Some(inner) = Rc::make_mut(fields).map.get_mut(&**key) {
                *inner = Val::null();
            }
        }
        (Kind::List(list), Kind::Number(number)) => {
            let at = index(number, list.items.len());
            if let Some(inner) = at.and_then(|at| Rc::make_mut(list).items.get_mut(at)) {
                *inner = Val::null();
            }
        }
        _ => {}
    }
    value
}

/// Deletes the values at `paths`, as they were before the first deletion.
pub(in crate::render::jq) fn delete_paths(value: Val, mut paths: Vec<Vec<Val>>) -> Result<Val, Thrown> {
    if paths.iter().any(Vec::is_empty) {
        return Ok(Val::null());
    }
    paths.sort();
    let mut value = value;
    let mut here: Vec<Val> = Vec::new();
    for group in paths.chunk_by(|left, right| left[0].cmp(&right[0]) == Ordering::Equal).rev() {
        let key = &group[0][0];
        if group.iter().any(|path| path.len() == 1) {
            here.push(key.clone());
            continue;
        }
        let inner = get(&value, key)?;
        if !inner.kind.is_null() {
            let rests = group.iter().map(|path| path[1..].to_vec()).collect();
            value = set_path(value, std::slice::from_ref(key), delete_paths(inner, rests)?)?;
        }
    }
    delete(value, &here)
}

/// Deletes the values at `keys`.
fn delete(value: Val, keys: &[Val]) -> Result<Val, Thrown> {
    if keys.is_empty() || value.kind.is_null() {
        return Ok(value);
    }
    match value.kind {
        Kind::Fields(mut fields) => {
            for key in keys {
                let Some(key) = key.as_text() else { return Err(cannot_delete("object", key)) };
                Rc::make_mut(&mut fields).map.shift_remove(&**key);
            }
            Ok(Kind::Fields(fields).into())
        }
        Kind::List(list) => delete_items(&list, keys),
        kind => Err(Thrown::str(format_args!("Cannot delete fields from {}", Val::from(kind).type_name()))),
    }
}

fn delete_items(list: &List, keys: &[Val]) -> Result<Val, Thrown> {
    let mut stays = vec![true; list.items.len()];
    for key in keys {
        match &key.kind {
            Kind::Number(number) => {
                let whole = Number::whole(number.truncated());
                if let Some(stays) = index(&whole, list.items.len()).and_then(|at| stays.get_mut(at)) {
                    *stays = false;
                }
            }
            Kind::Fields(slice) => {
                let (start, end) = range(slice, list.items.len())?;
                stays[start..end].fill(false);
            }
            _ => return Err(cannot_delete("array", key)),
        }
    }
    Ok(list.items.iter().zip(stays).filter(|(_, stays)| *stays).map(|(item, _)| item.clone()).collect())
}

fn cannot_delete(from: &str, key: &Val) -> Thrown {
    Thrown::str(format_args!("Cannot delete {} at {} key", from, key.type_name()))
}

impl Kind {
    pub(in crate::render::jq) const fn is_null(&self) -> bool {
        matches!(self, Kind::Null)
    }
}
