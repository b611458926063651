//! Compares values: null, false, true, numbers, strings, arrays, objects.

use std::cmp::Ordering;

use super::{Fields, Kind, Val};
use crate::render::jq::budget;

/// The total order for sorting, in which NaN equals itself.
impl Ord for Val {
    fn cmp(&self, other: &Self) -> Ordering {
        order(self, other, false)
    }
}

/// The order of `<` and similar operators: NaN is less than every number and than itself, as in jq.
#[expect(clippy::non_canonical_partial_ord_impl, reason = "sorting needs a total order, and jq's operators have none")]
impl PartialOrd for Val {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(order(self, other, true))
    }
}

impl PartialEq for Val {
    fn eq(&self, other: &Self) -> bool {
        order(self, other, true) == Ordering::Equal
    }
}

impl Eq for Val {}

fn order(left: &Val, right: &Val, nan_is_less: bool) -> Ordering {
    budget::step();
    match (&left.kind, &right.kind) {
        (Kind::Bool(left), Kind::Bool(right)) => left.cmp(right),
        (Kind::Number(left), Kind::Number(_)) if nan_is_less && left.to_f64().is_nan() => Ordering::Less,
        (Kind::Number(left), Kind::Number(right)) => left.order(right),
        (Kind::Text(left), Kind::Text(right)) => (**left).cmp(right),
        (Kind::List(left), Kind::List(right)) => each(left.items.iter().zip(&right.items), nan_is_less)
            .then_with(|| left.items.len().cmp(&right.items.len())),
        (Kind::Fields(left), Kind::Fields(right)) => order_of_fields(left, right, nan_is_less),
        _ => rank(left).cmp(&rank(right)),
    }
}

/// Compares objects by their keys first, then value by value in the order of the keys.
fn order_of_fields(left: &Fields, right: &Fields, nan_is_less: bool) -> Ordering {
    let sorted = |fields: &Fields| {
        let mut keys: Vec<_> = fields.map.keys().cloned().collect();
        keys.sort_by(|left, right| (**left).cmp(right));
        keys
    };
    let (keys, others) = (sorted(left), sorted(right));
    keys.iter().map(|key| &**key).cmp(others.iter().map(|key| &**key)).then_with(|| {
        each(keys.iter().filter_map(|key| Some((left.map.get(&**key)?, right.map.get(&**key)?))), nan_is_less)
    })
}

fn each<'a>(mut pairs: impl Iterator<Item = (&'a Val, &'a Val)>, nan_is_less: bool) -> Ordering {
    pairs
        .find_map(|(left, right)| Some(order(left, right, nan_is_less)).filter(|order| order.is_ne()))
        .unwrap_or(Ordering::Equal)
}

fn rank(value: &Val) -> u8 {
    match value.kind {
        Kind::Null => 0,
        Kind::Bool(_) => 1,
        Kind::Number(_) => 2,
        Kind::Text(_) => 3,
        Kind::List(_) => 4,
        Kind::Fields(_) => 5,
    }
}
