//! Estimates how many values a filter gives, and moves filters out of a larger one if the number is not one.

use jaq_core::{
    load::{
        Arena,
        parse::{BinaryOp, Pattern, Term},
    },
    path::{Opt, Part},
};

use super::tree::{Filter, bind, filters_in};

/// Filters that are moved out of a larger one to run before it.
pub(super) struct Taken<'s> {
    filters: Vec<(&'s str, Filter<'s>)>,
    arena: &'s Arena,
    /// Whether the order of evaluation matters.
    is_needed: bool,
}

impl<'s> Taken<'s> {
    /// Makes it for a filter with these parts.
    pub(super) fn new<'f>(arena: &'s Arena, parts: impl Iterator<Item = &'f Filter<'s>>) -> Self
    where
        's: 'f,
    {
        let uncertain = parts.filter(|part| giving(part) != Giving::One).take(2).count();
        Taken { filters: Vec::new(), arena, is_needed: uncertain > 1 }
    }

    /// Returns a variable for the values of `part`, or `part` itself if that is equivalent.
    pub(super) fn take(&mut self, part: Filter<'s>) -> Filter<'s> {
        if !self.is_needed || giving(&part) == Giving::One {
            return part;
        }
        let name: &'s str = self.arena.alloc(format!("$!{}", self.filters.len()));
        self.filters.push((name, part));
        Term::Var(name)
    }

    pub(super) fn last_first(self, whole: Filter<'s>) -> Filter<'s> {
        self.filters.into_iter().fold(whole, |whole, (name, part)| bind(part, name, whole))
    }

    pub(super) fn in_turn(self, whole: Filter<'s>) -> Filter<'s> {
        self.filters.into_iter().rev().fold(whole, |whole, (name, part)| bind(part, name, whole))
    }
}

/// The number of values that a filter gives.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Giving {
    /// It gives exactly one value.
    One,
    /// It gives one value or fails.
    OneOrFails,
    /// The number is unknown.
    Any,
}

pub(super) fn giving(filter: &Filter<'_>) -> Giving {
    use Giving::{Any, One, OneOrFails};
    match filter {
        Term::Id | Term::Num(_) | Term::Var(_) | Term::Arr(None) => One,
        Term::Arr(Some(_)) => OneOrFails,
        Term::Str(_, parts) => filters_in(parts).map(giving).max().unwrap_or(One),
        Term::Obj(fields) => {
            let parts = fields.iter().map(|(key, value)| {
                let key =
                    if matches!(key, Term::Str(..) | Term::Var(_)) { giving(key) } else { giving(key).max(OneOrFails) };
                key.max(value.as_ref().map_or(One, giving))
            });
            parts.max().unwrap_or(One)
        }
        Term::Neg(filter) => giving(filter).max(OneOrFails),
        Term::BinOp(left, operator, right) => match operator {
            BinaryOp::Comma | BinaryOp::Pipe(Some(Pattern::Arr(_) | Pattern::Obj(_))) => Any,
            BinaryOp::Math(_) => giving(left).max(giving(right)).max(OneOrFails),
            _ => giving(left).max(giving(right)),
        },
        Term::Call("_modify" | "_assign", _) => OneOrFails,
        Term::IfThenElse(branches, otherwise) => {
            let branches = branches.iter().map(|(when, then)| giving(when).max(giving(then))).max();
            branches.into_iter().chain(otherwise.iter().map(|otherwise| giving(otherwise))).max().unwrap_or(One)
        }
        Term::Path(of, path) => {
            let parts = path.0.iter().map(|(part, optional)| match part {
                _ if matches!(optional, Opt::Optional) => Any,
                Part::Index(index) => giving(index),
                Part::Range(None, None) => Any,
                Part::Range(start, end) => start.iter().chain(end).map(giving).max().unwrap_or(One),
            });
            parts.max().unwrap_or(One).max(giving(of)).max(OneOrFails)
        }
        _ => Any,
    }
}
