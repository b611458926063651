//! Paths, and functions that change values at paths.

use jaq_core::{
    Error, Exn, Native,
    box_iter::box_once,
    native::{bome, v},
};

use super::native::{Given, of, with};
use crate::render::jq::{
    value::{Kind, Thrown, Val, delete_paths, get_path, set_path},
    world::{Function, Language},
};

pub(super) fn all() -> Vec<Function> {
    vec![
        getpath(),
        with!("_setpath", 2, |value, path, item| set_path(value, keys(&path)?, item)),
        with!("delpaths", 1, delpaths),
        modify(),
        assign(),
        last_or_null(),
        alternative(),
        of!("keys_unsorted", |value: Val| Ok(own_keys(&value)?.into())),
        of!("keys", |value: Val| {
            let mut keys = own_keys(&value)?;
            keys.sort();
            Ok(keys.into())
        }),
        with!("has", 1, has),
    ]
}

fn keys(path: &Val) -> Result<&[Val], Thrown> {
    path.as_list().map(|list| list.items()).ok_or_else(|| Error::str("Path must be specified as an array"))
}

fn getpath() -> Function {
    let native = Native::<Language>::new(|mut cv| {
        let path = cv.0.pop_var();
        bome(keys(&path).and_then(|path| get_path(&cv.1, path)))
    });
    let native = native.with_paths(|mut cv| {
        let path = cv.0.pop_var();
        let (value, place) = cv.1;
        let found = keys(&path).and_then(|path| Ok((get_path(&value, path)?, place.extend(path.iter().cloned()))));
        box_once(found.map_err(Exn::from))
    });
    ("getpath", v(1), native)
}

fn delpaths(value: Val, paths: Val) -> Given {
    let Some(paths) = paths.as_list() else { return Err(Error::str("Paths must be specified as an array")) };
    let path = |path: &Val| match path.as_list() {
        Some(path) => Ok(path.items().to_vec()),
        None => Err(Error::str(format_args!("Path must be specified as array, not {}", path.type_name()))),
    };
    delete_paths(value, paths.items().iter().map(path).collect::<Result<_, _>>()?)
}

/// `_modify(places; f)` replaces each place by the first result of `f`, and deletes it if there is none.
fn modify() -> Function {
    let native = Native::<Language>::new(|mut cv| {
        let (change, context) = cv.0.pop_fun();
        let (places, places_context) = cv.0.pop_fun();
        let places = places.paths((places_context, (cv.1.clone(), Default::default())));
        let changed = (|| {
            // The paths are collected before any change, so that the value is not shared with the iterator.
            let places = places.map(|place| Ok(backwards(place?.1.iter()))).collect::<Result<Vec<_>, Exn<'_, _>>>()?;
            let (mut value, mut gone) = (cv.1, Vec::new());
            for place in places {
                match change.run((context.clone(), get_path(&value, &place)?)).next() {
                    Some(item) => value = set_path(value, &place, item?)?,
                    None => gone.push(place),
                }
            }
            Ok(delete_paths(value, gone)?)
        })();
        box_once(changed)
    });
    ("_modify", [jaq_core::Bind::Fun(()), jaq_core::Bind::Fun(())].into(), native)
}

/// `_assign(places; $item)` sets each place to `$item`.
fn assign() -> Function {
    let native = Native::<Language>::new(|mut cv| {
        let item = cv.0.pop_var();
        let (places, context) = cv.0.pop_fun();
        let places = places.paths((context, (cv.1.clone(), Default::default())));
        let changed = (|| {
            let places = places.map(|place| Ok(backwards(place?.1.iter()))).collect::<Result<Vec<_>, Exn<'_, _>>>()?;
            places.into_iter().try_fold(cv.1, |value, place| Ok(set_path(value, &place, item.clone())?))
        })();
        box_once(changed)
    });
    ("_assign", [jaq_core::Bind::Fun(()), jaq_core::Bind::Var(())].into(), native)
}

/// Reverses a path, as the library stores paths from their end.
fn backwards<'a>(keys: impl Iterator<Item = &'a Val>) -> Vec<Val> {
    let mut keys: Vec<_> = keys.cloned().collect();
    keys.reverse();
    keys
}

/// `_last_or_null(f)` gives the value with which `reduce` continues if its update gives many values or none.
fn last_or_null() -> Function {
    let native = Native::<Language>::new(|mut cv| {
        let (filter, context) = cv.0.pop_fun();
        let last = filter.run((context, cv.1)).try_fold(Val::null(), |_, next| next);
        box_once(last)
    });
    let native = native.with_paths(|mut cv| {
        let (filter, context) = cv.0.pop_fun();
        let nothing = (Val::null(), Default::default());
        box_once(filter.paths((context, cv.1)).try_fold(nothing, |_, next| next))
    });
    ("_last_or_null", [jaq_core::Bind::Fun(())].into(), native)
}

/// `_alternative(f; g)` is `//` for paths with any number of results.
fn alternative() -> Function {
    let native = Native::<Language>::new(|mut cv| {
        let (other, other_context) = cv.0.pop_fun();
        let (filter, context) = cv.0.pop_fun();
        let found = filter.run((context, cv.1.clone()));
        let mut found = found.filter(|next| next.as_ref().map_or(true, Val::is_truthy)).peekable();
        if found.peek().is_some() { Box::new(found) } else { other.run((other_context, cv.1)) }
    });
    let native = native.with_paths(|mut cv| {
        let (other, other_context) = cv.0.pop_fun();
        let (filter, context) = cv.0.pop_fun();
        let found = filter.paths((context, cv.1.clone()));
        let mut found = found.filter(|next| next.as_ref().map_or(true, |(value, _)| value.is_truthy())).peekable();
        if found.peek().is_some() { Box::new(found) } else { other.paths((other_context, cv.1)) }
    });
    ("_alternative", [jaq_core::Bind::Fun(()), jaq_core::Bind::Fun(())].into(), native)
}

fn own_keys(value: &Val) -> Result<Vec<Val>, Thrown> {
    match &value.kind {
        Kind::List(list) => Ok((0..list.items().len()).map(Val::from).collect()),
        Kind::Fields(fields) => Ok(fields.iter().map(|(key, _)| key.clone().into()).collect()),
        _ => Err(Error::str(format_args!("{} has no keys", value.named()))),
    }
}

fn has(value: Val, key: Val) -> Given {
    Ok(match (&value.kind, &key.kind) {
        (Kind::Null, _) => false.into(),
        (Kind::Fields(fields), Kind::Text(key)) => fields.get(key).is_some().into(),
        (Kind::List(list), Kind::Number(at)) => (0..list.items().len() as i128).contains(&at.truncated()).into(),
        _ => {
            let (value, key) = (value.type_name(), key.type_name());
            return Err(Error::str(format_args!("Cannot check whether {value} has a {key} key")));
        }
    })
}
