//! How many values a filter gives, and what is taken out of a larger filter because it may be any number.

use jaq_core::{
    load::{
        Arena,
        parse::{BinaryOp, Pattern, Term},
    },
    path::{Opt, Part},
};

use super::tree::{Filter, bind, filters_in};

/// Filters that are taken out of a larger one, to be run before it.
pub(super) struct Taken<'s> {
    filters: Vec<(&'s str, Filter<'s>)>,
    arena: &'s Arena,
    /// It makes a difference which of them is run first.
    is_needed: bool,
}

impl<'s> Taken<'s> {
    /// For what has these parts.
    pub(super) fn new<'f>(arena: &'s Arena, parts: impl Iterator<Item = &'f Filter<'s>>) -> Self
    where
        's: 'f,
    {
        let uncertain = parts.filter(|part| giving(part) != Giving::One).take(2).count();
        Taken { filters: Vec::new(), arena, is_needed: uncertain > 1 }
    }

    /// The variable for what `part` gives, or `part` itself where that is the same.
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

/// How many values a filter gives.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Giving {
    /// One.
    One,
    /// One, or it fails.
    OneOrFails,
    /// Any number, as far as can be seen here.
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
