//! Compiles a filter: parses it, rewrites it, and resolves its names.

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

/// The definitions that are written in the language itself.
const PRELUDE: &str = include_str!("prelude.jq");
/// The name of a user's filter among the definitions.
const MAIN: &str = "_main";
/// The longest filter in bytes, which also limits its nesting.
const LONGEST: usize = 16 * 1024;
/// The stack size for parsing: at most some 6 KiB per level. The machine only provides the used part.
const STACK: usize = 256 * 1024 * 1024;

/// Compiles `code`.
///
/// # Errors
/// Fails with a usage error that gives the position and the reason if it is not a filter.
pub(super) fn compile(code: &str) -> Result<Filter<Language>, CliError> {
    if code.len() > LONGEST {
        return Err(wrong::too_long(LONGEST));
    }
    // A separate thread has a large stack, as brackets may be nested deeply.
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
