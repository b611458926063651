//! Native functions that replace the library's: those behave differently from jq's, need crates that duplicate others,
//! or read the clock and the environment.

mod formats;
mod lists;
mod native;
mod numbers;
mod places;
mod regex;
mod strings;
mod times;

use super::{
    value::Val,
    world::{Function, Language},
};
use native::of;

/// The library's functions that behave as jq's do, with their names in `prelude.jq`.
const KEPT: [(&str, &str); 10] = [
    ("error_empty", "error_empty"),
    ("path", "path"),
    ("path_value", "path_value"),
    ("first", "first"),
    ("limit", "_limit"),
    ("skip", "_skip"),
    ("sort_by", "_sort_by"),
    ("group_by", "_group_by"),
    ("min_by_or_empty", "_min_by"),
    ("max_by_or_empty", "_max_by"),
];

/// Returns all native functions.
pub(super) fn all() -> impl Iterator<Item = Function> {
    let library = jaq_core::funs::<Language>().chain(jaq_std::base_funs());
    let kept = library.filter_map(|(name, arguments, function)| {
        let (_, ours) = KEPT.iter().find(|(kept, _)| *kept == name)?;
        Some((*ours, arguments, function))
    });
    kept.chain(places::all())
        .chain(lists::all())
        .chain(strings::all())
        .chain(formats::all())
        .chain(numbers::all())
        .chain(times::all())
        .chain(regex::all())
        .chain([frame()])
}

/// Makes a value that counts the memory of one more level of nested filters, see `rewrite`.
fn frame() -> Function {
    of!("_frame", |_: Val| Ok(Val::from(" ".repeat(2_000))))
}
