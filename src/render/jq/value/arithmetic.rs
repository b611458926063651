//! Implements `+`, `-`, `*`, `/`, `%` and unary `-`.

use std::{
    collections::BTreeSet,
    ops::{Add, Div, Mul, Neg, Rem, Sub},
    rc::Rc,
};

use super::{Fields, Kind, Text, Thrown, Val};

type Calculated = Result<Val, Thrown>;

/// Makes the error of an operator that these two types do not support.
fn cannot(left: &Val, right: &Val, done: &str) -> Thrown {
    Thrown::str(format_args!("{} and {} cannot be {done}", left.named(), right.named()))
}

impl Add for Val {
    type Output = Calculated;

    fn add(self, other: Self) -> Calculated {
        Ok(match (self.kind, other.kind) {
            (Kind::Null, kind) | (kind, Kind::Null) => kind.into(),
            (Kind::Number(left), Kind::Number(right)) => left.plus(&right).into(),
            (Kind::Text(mut left), Kind::Text(right)) => {
                left.push(&right);
                left.into()
            }
            (Kind::List(mut left), Kind::List(right)) => {
                let list = Rc::make_mut(&mut left);
                list.replace(list.items.len(), list.items.len(), &right.items);
                Kind::List(left).into()
            }
            (Kind::Fields(mut left), Kind::Fields(right)) => {
                let fields = Rc::make_mut(&mut left);
                right.iter().for_each(|(key, value)| fields.put(key.clone(), value.clone()));
                Kind::Fields(left).into()
            }
            (left, right) => return Err(cannot(&left.into(), &right.into(), "added")),
        })
    }
}

impl Sub for Val {
    type Output = Calculated;

    fn sub(self, other: Self) -> Calculated {
        Ok(match (self.kind, other.kind) {
            (Kind::Number(left), Kind::Number(right)) => left.minus(&right).into(),
            (Kind::List(left), Kind::List(right)) => {
                let gone: BTreeSet<_> = right.items.iter().collect();
                // NaN is in the set but equal to nothing.
                let is_gone = |item: &Val| gone.get(item).is_some_and(|other| *other == item);
                left.items.iter().filter(|item| !is_gone(item)).cloned().collect()
            }
            (left, right) => return Err(cannot(&left.into(), &right.into(), "subtracted")),
        })
    }
}

impl Mul for Val {
    type Output = Calculated;

    fn mul(self, other: Self) -> Calculated {
        Ok(match (self.kind, other.kind) {
            (Kind::Number(left), Kind::Number(right)) => left.times(&right).into(),
            (Kind::Text(text), Kind::Number(times)) | (Kind::Number(times), Kind::Text(text)) => {
                repeated(&text, times.to_f64())
            }
            (Kind::Fields(mut left), Kind::Fields(right)) => {
                merge(Rc::make_mut(&mut left), &right)?;
                Kind::Fields(left).into()
            }
            (left, right) => return Err(cannot(&left.into(), &right.into(), "multiplied")),
        })
    }
}

/// Repeats a string; at least once, but null for zero and less.
fn repeated(text: &Text, times: f64) -> Val {
    if times > 0.0 { text.repeat((times as usize).max(1)).into() } else { Val::null() }
}

/// Merges objects recursively; other values are replaced.
fn merge(left: &mut Fields, right: &Fields) -> Result<(), Thrown> {
    for (key, value) in right.iter() {
        let merged = match left.map.get_mut(&**key) {
            Some(old) if old.as_fields().is_some() && value.as_fields().is_some() => {
                (std::mem::replace(old, Val::null()) * value.clone())?
            }
            _ => value.clone(),
        };
        left.put(key.clone(), merged);
    }
    Ok(())
}

impl Div for Val {
    type Output = Calculated;

    fn div(self, other: Self) -> Calculated {
        Ok(match (self.kind, other.kind) {
            (Kind::Number(left), Kind::Number(right)) if right.to_f64() != 0.0 => left.divided_by(&right).into(),
            (Kind::Text(text), Kind::Text(separator)) => split(&text, &separator),
            (left @ Kind::Number(_), right @ Kind::Number(_)) => {
                return Err(cannot(&left.into(), &right.into(), "divided because the divisor is zero"));
            }
            (left, right) => return Err(cannot(&left.into(), &right.into(), "divided")),
        })
    }
}

/// Splits `text` at `separator`, or into characters if it is empty.
pub(super) fn split(text: &str, separator: &str) -> Val {
    if text.is_empty() {
        return Vec::new().into();
    }
    if separator.is_empty() {
        return text.chars().map(|character| Val::from(character.to_string())).collect();
    }
    text.split(separator).map(Val::from).collect()
}

impl Rem for Val {
    type Output = Calculated;

    fn rem(self, other: Self) -> Calculated {
        match (self.as_number(), other.as_number()) {
            (Some(left), Some(right)) => left
                .remainder(right)
                .map(Val::from)
                .ok_or_else(|| cannot(&self, &other, "divided (remainder) because the divisor is zero")),
            _ => Err(cannot(&self, &other, "divided (remainder)")),
        }
    }
}

impl Neg for Val {
    type Output = Calculated;

    fn neg(self) -> Calculated {
        match self.as_number() {
            Some(number) => Ok(number.negated().into()),
            None => Err(Thrown::str(format_args!("{} cannot be negated", self.named()))),
        }
    }
}
