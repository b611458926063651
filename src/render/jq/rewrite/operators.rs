//! The precedence of jq's operators.

use std::{iter::Peekable, vec};

use jaq_core::{
    load::{
        lex::{StrPart, Tok, Token},
        parse::{BinaryOp, Term},
    },
    ops::Math,
};

use super::tree::Filter;

/// The filters of a chain, in the order they are written, each with the operator before it.
pub(super) type Links<'s> = Peekable<vec::IntoIter<(BinaryOp<&'s str>, Filter<'s>)>>;

/// Inserts `. |` after every opening bracket that groups, so that the tree shows it. It does not change the filter's
/// meaning.
pub(in crate::render::jq) fn mark_brackets(tokens: &mut [Token<&str>]) {
    let mut is_behind_name = false;
    for Token(text, token) in tokens {
        let is_list = is_behind_name;
        is_behind_name = matches!(token, Tok::Word | Tok::Fmt) && !KEYWORDS.contains(text);
        match token {
            Tok::Block(inner) => {
                mark_brackets(inner);
                let is_list = is_list || inner.iter().any(|Token(text, _)| *text == ";");
                if text.starts_with('(') && !is_list {
                    inner.splice(0..0, [Token(".", Tok::Sym), Token("|", Tok::Sym)]);
                }
            }
            Tok::Str(parts) => {
                for part in parts {
                    if let StrPart::Term(Token(_, Tok::Block(inner))) = part {
                        mark_brackets(inner);
                    }
                }
            }
            _ => {}
        }
    }
}

/// Keywords after which a bracket groups.
const KEYWORDS: [&str; 11] = ["and", "or", "if", "then", "elif", "else", "try", "catch", "reduce", "foreach", "as"];

/// Whether this is a filter in brackets, see [`mark_brackets`].
pub(super) fn is_bracketed(left: &Filter<'_>, operator: &BinaryOp<&str>) -> bool {
    matches!((left, operator), (Term::Id, BinaryOp::Pipe(None)))
}

/// Splits a chain of operators, but not inside brackets. The operator before the first filter has no meaning.
pub(super) fn unchain(chain: Filter<'_>) -> Links<'_> {
    let mut links = Vec::new();
    put_links(chain, BinaryOp::Pipe(None), &mut links);
    links.into_iter().peekable()
}

fn put_links<'s>(chain: Filter<'s>, before: BinaryOp<&'s str>, links: &mut Vec<(BinaryOp<&'s str>, Filter<'s>)>) {
    match chain {
        Term::BinOp(left, operator, right) if !is_bracketed(&left, &operator) => {
            put_links(*left, before, links);
            put_links(*right, operator, links);
        }
        filter => links.push((before, filter)),
    }
}

/// Returns the precedence of an operator in jq.
pub(super) fn closeness_of(operator: &BinaryOp<&str>) -> u8 {
    match operator {
        BinaryOp::Pipe(_) => 0,
        BinaryOp::Comma => 1,
        BinaryOp::Alt => 2,
        operator if is_assignment(operator) => 3,
        BinaryOp::Or => 4,
        BinaryOp::And => 5,
        BinaryOp::Cmp(_) => 6,
        BinaryOp::Math(Math::Add | Math::Sub) => 7,
        _ => 8,
    }
}

/// Whether `a o b o c` means `a o (b o c)`.
pub(super) fn is_right_first(operator: &BinaryOp<&str>) -> bool {
    matches!(operator, BinaryOp::Pipe(_) | BinaryOp::Alt) || is_assignment(operator)
}

pub(super) fn is_assignment(operator: &BinaryOp<&str>) -> bool {
    matches!(operator, BinaryOp::Assign | BinaryOp::Update | BinaryOp::UpdateMath(_) | BinaryOp::UpdateAlt)
}
