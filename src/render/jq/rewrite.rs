//! Rewrites a parsed filter so that the library runs it as jq does. These are the differences:
//!
//! - `%` has the precedence of `*`; `=` and similar operators bind more tightly than `//`, and `as` more tightly than
//!   all.
//! - jq evaluates the right side of an operator first, so that its error counts, and combines its first value with all
//!   of the left side. The same holds for the parts of a string and for `[…]` after a term; the parts of an object are
//!   evaluated in order.
//! - `=`, `|=`, `+=` and similar operators change a value at its paths one after the other, and delete those without a
//!   result.
//! - `reduce` and `foreach` continue with the last value of their update, or with null if it gives none.
//! - `$__loc__` is a position in the filter's text, and an argument `$a` is also the filter `a`.
//!
//! The names of generated variables cannot be written in a filter.

mod giving;
mod operators;
mod tree;

use jaq_core::{
    load::{
        Arena,
        lex::StrPart,
        parse::{BinaryOp, Def, Pattern, Term},
    },
    path::{Opt, Part, Path},
};

use giving::{Giving, Taken, giving};
pub(super) use operators::mark_brackets;
use operators::{Links, closeness_of, is_bracketed, is_right_first, unchain};
use tree::{Filter, bind, call, filters_in, pipe, word};

type Field<'s> = (Filter<'s>, Option<Filter<'s>>);

/// The variable with the position in a filter.
const LOCATION: &str = "$__loc__";
/// The variable for an operand that is evaluated first.
const TAKEN: &str = "$!taken";

/// Rewrites the parsed form of `code`.
pub(super) struct Rewriter<'s> {
    code: &'s str,
    arena: &'s Arena,
    /// Whether it is a built-in definition, which needs no limits.
    is_trusted: bool,
}

impl<'s> Rewriter<'s> {
    /// Makes a rewriter for a user's filter.
    pub(super) fn new(code: &'s str, arena: &'s Arena) -> Self {
        Rewriter { code, arena, is_trusted: false }
    }

    /// Makes a rewriter for built-in definitions.
    pub(super) fn trusting(code: &'s str, arena: &'s Arena) -> Self {
        Rewriter { code, arena, is_trusted: true }
    }

    /// Rewrites a filter.
    pub(super) fn filter(&self, filter: Filter<'s>) -> Filter<'s> {
        match filter {
            Term::Id | Term::Recurse | Term::Num(_) | Term::Break(_) => filter,
            Term::Var(name) if name == LOCATION => self.place(name),
            Term::Var(_) => filter,
            Term::Str(format, parts) => self.text(format, parts),
            Term::Arr(items) => Term::Arr(items.map(|items| Box::new(self.filter(*items)))),
            Term::Obj(fields) => self.object(fields),
            Term::Neg(filter) => Term::Neg(self.boxed(*filter)),
            Term::BinOp(left, operator, right) if is_bracketed(&left, &operator) => self.filter(*right),
            Term::BinOp(..) => self.operators(filter),
            Term::Label(name, filter) => Term::Label(name, self.boxed(*filter)),
            Term::Fold(kind, of, pattern, arguments) => self.fold(kind, *of, pattern, arguments),
            Term::TryCatch(filter, otherwise) => {
                Term::TryCatch(self.boxed(*filter), otherwise.map(|otherwise| self.boxed(*otherwise)))
            }
            Term::IfThenElse(branches, otherwise) => {
                let branches = branches.into_iter().map(|(when, then)| (self.filter(when), self.filter(then)));
                Term::IfThenElse(branches.collect(), otherwise.map(|otherwise| self.boxed(*otherwise)))
            }
            Term::Def(definitions, filter) => {
                let definitions = definitions.into_iter().map(|definition| self.definition(definition)).collect();
                Term::Def(definitions, self.boxed(*filter))
            }
            Term::Call(name, arguments) => Term::Call(name, self.all(arguments)),
            Term::Path(of, path) => self.path(*of, path),
        }
    }

    /// Rewrites a definition. In a user's definition, each level of filters passed as arguments holds a counted value,
    /// as nothing else counts them.
    pub(super) fn definition(&self, definition: Def<&'s str>) -> Def<&'s str> {
        let Def { name, args, body } = definition;
        let body = self.filter(body);
        let body = if self.is_trusted { body } else { with_filters_of(&args, body) };
        let hands_down = args.iter().any(|argument| !argument.starts_with('$'));
        let body = if hands_down && !self.is_trusted { bind(call("_frame", []), "$!frame", body) } else { body };
        Def { name, args, body }
    }

    fn boxed(&self, filter: Filter<'s>) -> Box<Filter<'s>> {
        Box::new(self.filter(filter))
    }

    fn all(&self, filters: Vec<Filter<'s>>) -> Vec<Filter<'s>> {
        filters.into_iter().map(|filter| self.filter(filter)).collect()
    }

    /// Returns `{"file": …, "line": …}` for the position of `name`.
    fn place(&self, name: &'s str) -> Filter<'s> {
        let offset = (name.as_ptr().addr()).wrapping_sub(self.code.as_ptr().addr());
        let line = self.code.get(..offset).map_or(1, |before| before.matches('\n').count() + 1);
        let line: &'s str = self.arena.alloc(line.to_string());
        Term::Obj(vec![(word("file"), Some(word("<top-level>"))), (word("line"), Some(Term::Num(line)))])
    }

    fn object(&self, fields: Vec<Field<'s>>) -> Filter<'s> {
        let fields: Vec<_> = fields.into_iter().map(|field| self.field(field)).collect();
        let parts = fields.iter().flat_map(|(key, value)| [Some(key), value.as_ref()]).flatten();
        let mut taken = Taken::new(self.arena, parts);
        let fields = fields.into_iter().map(|(key, value)| {
            let key = taken.take(key);
            (key, value.map(|value| taken.take(value)))
        });
        let object = Term::Obj(fields.collect());
        taken.in_turn(object)
    }

    /// Writes out a field's value, as `Taken` must see it.
    fn field(&self, (key, value): Field<'s>) -> Field<'s> {
        match (key, value) {
            (Term::Var(name), None) if name == LOCATION => (word(&name[1..]), Some(self.place(name))),
            (key @ Term::Var(_), None) => (key, None),
            (key, None) => {
                let value = Path(vec![(Part::Index(key.clone()), Opt::Essential)]);
                (self.filter(key), Some(self.path(Term::Id, value)))
            }
            (key, Some(value)) => (self.filter(key), Some(self.filter(value))),
        }
    }

    fn text(&self, format: Option<&'s str>, parts: Vec<StrPart<&'s str, Filter<'s>>>) -> Filter<'s> {
        let part = |part| match part {
            StrPart::Term(filter) => StrPart::Term(self.filter(filter)),
            other => other,
        };
        let parts: Vec<_> = parts.into_iter().map(part).collect();
        let mut taken = Taken::new(self.arena, filters_in(&parts));
        let part = |part| match part {
            StrPart::Term(filter) => StrPart::Term(taken.take(filter)),
            other => other,
        };
        let text = Term::Str(format, parts.into_iter().map(part).collect());
        taken.last_first(text)
    }

    /// Rewrites a path: the brackets are evaluated before the term.
    fn path(&self, of: Filter<'s>, path: Path<Filter<'s>>) -> Filter<'s> {
        let part = |part| match part {
            Part::Index(index) => Part::Index(self.filter(index)),
            Part::Range(start, end) => {
                Part::Range(start.map(|start| self.filter(start)), end.map(|end| self.filter(end)))
            }
        };
        let of = self.filter(of);
        let path: Vec<_> = path.0.into_iter().map(|(each, optional)| (part(each), optional)).collect();
        let indices = path.iter().flat_map(|(part, _)| match part {
            Part::Index(index) => [Some(index), None],
            Part::Range(start, end) => [start.as_ref(), end.as_ref()],
        });
        let mut taken = Taken::new(self.arena, indices.flatten().chain([&of]));
        let mut part = |part| match part {
            Part::Index(index) => Part::Index(taken.take(index)),
            Part::Range(start, end) => {
                let end = end.map(|end| taken.take(end));
                Part::Range(start.map(|start| taken.take(start)), end)
            }
        };
        let path = path.into_iter().map(|(each, optional)| (part(each), optional)).collect();
        taken.last_first(Term::Path(Box::new(of), Path(path)))
    }

    fn fold(&self, kind: &'s str, of: Filter<'s>, pattern: Pattern<&'s str>, arguments: Vec<Filter<'s>>) -> Filter<'s> {
        let (of, pattern) = (Box::new(self.filter(of)), self.pattern(pattern));
        let plain = arguments.get(1).is_some_and(|update| giving(update) != Giving::Any);
        let mut arguments = self.all(arguments);
        match (kind, arguments.len()) {
            ("reduce", 2) if !plain => {
                let update = arguments.pop().unwrap_or_default();
                arguments.push(call("_last_or_null", [update]));
            }
            ("foreach", 2 | 3) if !plain => {
                // The fold goes from one list of an update's results to the next.
                let mut given = arguments.into_iter();
                let (first, update) = (given.next().unwrap_or_default(), given.next().unwrap_or_default());
                let last = Term::Path(
                    Box::default(),
                    Path(vec![(Part::Index(Term::Neg(Box::new(Term::Num("1")))), Opt::Essential)]),
                );
                let each = Term::Path(Box::default(), Path(vec![(Part::Range(None, None), Opt::Essential)]));
                arguments = vec![
                    pipe(first, Term::Arr(Some(Box::default()))),
                    Term::Arr(Some(Box::new(pipe(last, update)))),
                    given.next().map_or_else(|| each.clone(), |make| pipe(each.clone(), make)),
                ];
            }
            _ => {}
        }
        Term::Fold(kind, of, pattern, arguments)
    }

    fn pattern(&self, pattern: Pattern<&'s str>) -> Pattern<&'s str> {
        match pattern {
            Pattern::Var(_) => pattern,
            Pattern::Arr(items) => Pattern::Arr(items.into_iter().map(|item| self.pattern(item)).collect()),
            Pattern::Obj(fields) => {
                Pattern::Obj(fields.into_iter().map(|(key, value)| (self.filter(key), self.pattern(value))).collect())
            }
        }
    }

    /// Rewrites a chain of operators with jq's precedence.
    fn operators(&self, chain: Filter<'s>) -> Filter<'s> {
        let mut links = unchain(chain);
        links.next().map_or_else(Term::default, |(_, first)| self.bound(first, &mut links, 0))
    }

    /// Binds `first` with the following links whose precedence is at least `closeness`.
    fn bound(&self, first: Filter<'s>, links: &mut Links<'s>, closeness: u8) -> Filter<'s> {
        let named = links.next_if(|(operator, _)| matches!(operator, BinaryOp::Pipe(Some(_))));
        let mut left = match named {
            Some((BinaryOp::Pipe(Some(pattern)), then)) => self.named(first, pattern, then, links),
            _ => self.filter(first),
        };
        while let Some((operator, right)) = links.next_if(|(operator, _)| closeness_of(operator) >= closeness) {
            let closer = closeness_of(&operator) + u8::from(!is_right_first(&operator));
            left = self.operator(left, operator, self.bound(right, links, closer));
        }
        left
    }

    /// Rewrites `of as pattern | then …` to the end of the chain.
    fn named(&self, of: Filter<'s>, pattern: Pattern<&'s str>, then: Filter<'s>, links: &mut Links<'s>) -> Filter<'s> {
        if let Term::Neg(of) = of {
            return Term::Neg(Box::new(self.named(*of, pattern, then, links)));
        }
        let (of, pattern) = (Box::new(self.filter(of)), self.pattern(pattern));
        Term::BinOp(of, BinaryOp::Pipe(Some(pattern)), Box::new(self.bound(then, links, 0)))
    }

    /// Combines two sides that are already rewritten.
    fn operator(&self, left: Filter<'s>, operator: BinaryOp<&'s str>, right: Filter<'s>) -> Filter<'s> {
        let taken = Term::Var(TAKEN);
        match operator {
            BinaryOp::Math(_) | BinaryOp::Cmp(_) if [&left, &right].iter().all(|side| giving(side) != Giving::One) => {
                bind(right, TAKEN, Term::BinOp(Box::new(left), operator, Box::new(taken)))
            }
            BinaryOp::Alt if giving(&left) == Giving::Any => call("_alternative", [left, right]),
            BinaryOp::Update => call("_modify", [left, right]),
            BinaryOp::Assign => bind(right, TAKEN, call("_assign", [left, taken])),
            BinaryOp::UpdateMath(with) => {
                let change = Term::BinOp(Box::default(), BinaryOp::Math(with), Box::new(taken));
                bind(right, TAKEN, call("_modify", [left, change]))
            }
            BinaryOp::UpdateAlt => {
                let change = Term::BinOp(Box::default(), BinaryOp::Alt, Box::new(taken));
                bind(right, TAKEN, call("_modify", [left, change]))
            }
            operator => Term::BinOp(Box::new(left), operator, Box::new(right)),
        }
    }
}

/// Adds a filter to `body` for each variable argument: `$a` may be written as `a`.
fn with_filters_of<'s>(arguments: &[&'s str], body: Filter<'s>) -> Filter<'s> {
    let filters: Vec<_> = arguments
        .iter()
        .filter_map(|variable| {
            Some(Def { name: variable.strip_prefix('$')?, args: Vec::new(), body: Term::Var(*variable) })
        })
        .collect();
    if filters.is_empty() { body } else { Term::Def(filters, Box::new(body)) }
}
