//! Makes a filter ready: reads it, rewrites it, and finds what it names.

use std::thread;

use jaq_core::{
    Compiler, Filter,
    load::{
        Arena, File, Lexer, Loader, Parser,
        lex::{Tok, Token},
        parse::Def,
    },
};

use super::{
    functions,
    rewrite::{Rewriter, mark_brackets},
    world::Language,
    wrong,
};
use crate::error::{CliError, Kind};

/// What the language is written in itself.
const PRELUDE: &str = include_str!("prelude.jq");
/// The name that a user's filter has among the definitions.
const MAIN: &str = "_main";
/// The longest filter there may be, in bytes: what is read is nested at most as deeply as it is long.
const LONGEST: usize = 16 * 1024;
/// The stack for reading it. Only what is used is taken from the machine: some 6 KiB a level at most.
const STACK: usize = 256 * 1024 * 1024;

/// Makes `code` ready.
///
/// # Errors
/// When it is no filter: a usage error with the place and the reason.
pub(super) fn compile(code: &str) -> Result<Filter<Language>, CliError> {
    if code.len() > LONGEST {
        return Err(wrong::too_long(LONGEST));
    }
    // On a stack of its own: brackets may be nested deeply.
    thread::scope(|scope| {
        let reading = thread::Builder::new().stack_size(STACK).spawn_scoped(scope, || read(code));
        let reading =
            reading.map_err(|error| CliError::new(Kind::Unexpected, "--jq: could not start").source(error))?;
        reading.join().unwrap_or_else(|_| Err(CliError::new(Kind::Unexpected, "--jq: could not be read")))
    })
}

fn read(code: &str) -> Result<Filter<Language>, CliError> {
    let arena = Arena::default();
    let mut tokens = Lexer::new(code).lex().map_err(|errors| wrong::no_tokens(code, &errors))?;
    if tokens.is_empty() {
        tokens.push(Token(".", Tok::Sym));
    }
    mark_brackets(&mut tokens);
    let filter = Parser::new(&tokens).parse(|parser| parser.term()).map_err(|errors| {
        let (expected, found) = match errors.into_iter().next() {
            Some((expected, found)) => (Some(expected), Token::opt_as_str(found, code)),
            None => (None, code),
        };
        wrong::no_filter(code, expected.as_ref().map(|expected| expected.as_str()), found)
    })?;
    let body = Rewriter::new(code, &arena).filter(filter);
    let main = Def { name: MAIN, args: Vec::new(), body };
    let modules = Loader::new(prelude(&arena).into_iter().chain([main]))
        .load(&arena, File { code: MAIN, path: () })
        .map_err(|_| wrong::no_filter(code, None, code))?;
    Compiler::default().with_funs(functions::all()).compile(modules).map_err(|errors| wrong::unknown(code, &errors))
}

fn prelude(arena: &Arena) -> Vec<Def<&str>> {
    let mut tokens = Lexer::new(PRELUDE).lex().unwrap_or_default();
    mark_brackets(&mut tokens);
    let definitions = Parser::new(&tokens).parse(|parser| parser.defs()).unwrap_or_default();
    let rewriter = Rewriter::trusting(PRELUDE, arena);
    definitions.into_iter().map(|definition| rewriter.definition(definition)).collect()
}
