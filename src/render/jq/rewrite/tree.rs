//! The library's syntax trees, and functions that build them.

use jaq_core::load::{
    lex::StrPart,
    parse::{BinaryOp, Pattern, Term},
};

pub(super) type Filter<'s> = Term<&'s str>;

/// Returns the parts of a string that are filters.
pub(super) fn filters_in<'f, 's>(parts: &'f [StrPart<&'s str, Filter<'s>>]) -> impl Iterator<Item = &'f Filter<'s>> {
    parts.iter().filter_map(|part| if let StrPart::Term(filter) = part { Some(filter) } else { None })
}

pub(super) fn word(text: &str) -> Filter<'_> {
    Term::Str(None, vec![StrPart::Str(text)])
}

pub(super) fn call<'s, const N: usize>(name: &'s str, arguments: [Filter<'s>; N]) -> Filter<'s> {
    Term::Call(name, arguments.into())
}

pub(super) fn pipe<'s>(first: Filter<'s>, then: Filter<'s>) -> Filter<'s> {
    Term::BinOp(Box::new(first), BinaryOp::Pipe(None), Box::new(then))
}

/// Builds `of as $name | filter`.
pub(super) fn bind<'s>(of: Filter<'s>, name: &'s str, filter: Filter<'s>) -> Filter<'s> {
    Term::BinOp(Box::new(of), BinaryOp::Pipe(Some(Pattern::Var(name))), Box::new(filter))
}
