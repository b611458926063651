//! `--jq`: a filter over the JSON that a command would print, in the language of jq.

mod functions;
mod run;
mod wrong;

use std::{fmt, ops::ControlFlow, sync::Arc};

use jaq_core::{
    Compiler, Filter,
    data::JustLut,
    load::{Arena, File, Loader, parse},
};
use jaq_json::Val;

use super::View;
use crate::{domain::time::Timestamp, error::CliError, term::Term};
use run::Taken;

/// The kind of values that filters work on.
type Data = JustLut<Val>;

/// What `now` gives is handed to a filter in a variable.
const NOW: &str = "$__now";

/// Definitions of the library that need what is left out: the process's streams and end, and mathematics that nobody
/// does with webhooks.
const LEFT_OUT: [&str; 10] =
    ["stderr", "debug", "halt", "halt_error", "logb", "significand", "drem", "nexttoward", "scalb", "gamma"];

/// Definitions of the language that the library leaves to programs.
const OURS: &str = r#"
def now: $__now;
def @csv: [.[] | if isstring then "\"" + (split("\"") | join("\"\"")) + "\"" elif . == null then "" else tostring end]
  | join(",");
def @tsv: [.[] | if isstring then escape_tsv elif . == null then "" else tostring end] | join("\t");
"#;

/// A filter that is ready to run.
#[derive(Clone)]
pub struct Jq {
    filter: Arc<Filter<Data>>,
}

impl Jq {
    /// Makes a filter ready.
    ///
    /// # Errors
    /// When `code` is no filter: a usage error with the place and the reason.
    pub fn new(code: &str) -> Result<Self, CliError> {
        let library = jaq_core::defs().chain(jaq_std::defs()).chain(jaq_json::defs());
        let library = library.filter(|def| !LEFT_OUT.contains(&def.name)).chain(ours());
        let arena = Arena::default();
        let modules = Loader::new(library)
            .load(&arena, File { code, path: () })
            .map_err(|errors| wrong::unreadable(code, &errors))?;
        let natives = jaq_core::funs().chain(jaq_std::base_funs()).chain(jaq_json::funs());
        let natives = natives.filter(|(name, ..)| !LEFT_OUT.contains(name)).chain(functions::all());
        let filter = Compiler::default()
            .with_funs(natives)
            .with_global_vars([NOW])
            .compile(modules)
            .map_err(|errors| wrong::unknown(code, &errors))?;
        Ok(Jq { filter: Arc::new(filter) })
    }

    /// Writes what the filter makes of each JSON value in `text`: strings without quotes, everything else as JSON, one
    /// a line.
    ///
    /// # Errors
    /// When the filter fails, takes too long or is interrupted.
    pub(super) fn write(&self, text: String, now: Timestamp, term: &Term, view: &View) -> Result<(), CliError> {
        run::run(self, text, now, |taken| {
            match taken {
                Taken::Result(result) => term.write(&result.line(view.terminal)),
                Taken::Pause => term.flush(),
            }
            // For nobody a filter need not go on, and some never end.
            if term.is_read() { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
        })
    }
}

impl fmt::Debug for Jq {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Jq")
    }
}

fn ours() -> Vec<parse::Def<&'static str>> {
    parse(OURS, |parser| parser.defs()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::term::Terminals;

    const NOON: i64 = 1_795_455_600;

    fn made(code: &str, input: &str) -> Result<String, CliError> {
        let (term, captured) = Term::captured("", Terminals::default(), 80);
        let view = View::new(&term, Timestamp::from_seconds(NOON));
        Jq::new(code)?.write(input.to_owned(), Timestamp::from_seconds(NOON), &term, &view)?;
        term.flush();
        Ok(captured.out())
    }

    #[test]
    fn strings_stand_bare_and_the_rest_is_json() {
        let input = r#"{"data":[{"name":"ERP \"1\"","n":1.50},{"name":null,"n":[1,{"a":true}]}]}"#;
        assert_eq!(made(".data[].name", input).unwrap(), "ERP \"1\"\nnull\n");
        assert_eq!(made(".data[].n", input).unwrap(), "1.50\n[1,{\"a\":true}]\n");
        assert_eq!(made("empty", input).unwrap(), "");
        assert_eq!(made(".a", "{\"a\":1}\n{\"a\":2}\n").unwrap(), "1\n2\n");
    }

    #[test]
    fn large_numbers_keep_their_digits() {
        let input =
            r#"{"recordHash":-8123456789012345678,"more":123456789012345678901234567890,"d":0.10000000000000000001}"#;
        assert_eq!(made(".", input).unwrap(), format!("{input}\n"));
        assert_eq!(
            made(".recordHash, .more + 1", input).unwrap(),
            "-8123456789012345678\n123456789012345678901234567891\n"
        );
    }

    #[test]
    fn the_usual_functions_are_there() {
        for (code, input, output) in [
            ("map(select(.n > 1) | .n) | add / length", r#"[{"n":1},{"n":2},{"n":4}]"#, "3"),
            (
                "group_by(.a) | map({key: (.[0].a | tostring), value: length}) | from_entries",
                r#"[{"a":1},{"a":1}]"#,
                r#"{"1":2}"#,
            ),
            (r#"[.[] | select(test("^pay"; "i"))]"#, r#"["Payroll","ERP"]"#, r#"["Payroll"]"#),
            (r#"sub("(?<x>[0-9]+)"; "<\(.x)>"), gsub("[0-9]"; "_")"#, r#""a12b3""#, "a<12>b3\na__b_"),
            (r#"[match("b"; "g").offset], capture("(?<first>.)").first"#, r#""äbcb""#, "[1,3]\nä"),
            ("[scan(\"[a-z]+\")], [splits(\", *\")]", r#""a, b""#, "[\"a\",\"b\"]\n[\"a\",\"b\"]"),
            (
                r#"@csv, @tsv, @json, @sh"#,
                r#"["a \"b\"",1,null]"#,
                "\"a \"\"b\"\"\",1,\na \"b\"\t1\t\n[\"a \\\"b\\\"\",1,null]\n'a \"b\"' 1 null",
            ),
            (
                r#"@base64, (@base64|@base64d), @uri, @html"#,
                r#""<a b&ä>""#,
                "PGEgYibDpD4=\n<a b&ä>\n%3Ca%20b%26%C3%A4%3E\n&lt;a b&amp;ä&gt;",
            ),
            ("fromdate, (fromdate | todate)", r#""2026-11-23T17:40:00Z""#, "1795455600\n2026-11-23T17:40:00Z"),
            ("now | floor", "null", "1795455600"),
            ("(sqrt, pow(.; 2), log2, floor, fabs)", "4", "2\n16\n2\n4\n4"),
            ("ascii_upcase, ltrimstr(\"a\"), length, (explode|implode)", r#""abc""#, "ABC\nbc\n3\nabc"),
            ("reduce .[] as [$a, $b] (0; . + $a * $b) | if . > 1 then \"yes\" else \"no\" end", "[[1,2],[3,4]]", "yes"),
            ("nan, infinite, (try error(\"x\") catch .)", "null", "null\n1.7976931348623157e+308\nx"),
            ("to_entries[] | \"\\(.key)=\\(.value)\"", r#"{"a":1,"b":[2]}"#, "a=1\nb=[2]"),
        ] {
            assert_eq!(made(code, input).unwrap(), format!("{output}\n"), "{code}");
        }
    }

    #[test]
    fn what_is_no_filter_is_a_usage_error_with_its_place() {
        for (code, message) in [
            (".data[", "at its end: expected"),
            (".data[] | nme(.)", "at character 11: there is no filter nme/1"),
            ("map(\n  $x)", "at line 2, character 3: there is no variable $x"),
            ("\"abc", "at "),
            ("", "at its end: expected a filter"),
            ("include \"a\"; .", "modules"),
            ("env.HOME", "there is no filter env"),
            ("halt", "there is no filter halt"),
        ] {
            let error = Jq::new(code).unwrap_err();
            assert_eq!(error.kind().exit_code(), 2, "{code}");
            assert!(error.message().contains(message), "{code}: {}", error.message());
        }
        assert_eq!(Jq::new("selct(.)").unwrap_err().hint_text(), Some("did you mean select?"));
    }

    #[test]
    fn a_filter_that_fails_says_why() {
        let error = made(".[] | .name", "{\"a\":1}").unwrap_err();
        assert_eq!(error.kind().exit_code(), 1);
        assert_eq!(error.message(), "--jq: cannot index 1 with \"name\"");
        assert!(made("error", "{\"a\":1}").unwrap_err().message().starts_with("--jq: {\"a\":1}"));
        let long = made(".a.b", &format!("{{\"a\":\"{}\"}}", "x".repeat(9_000))).unwrap_err();
        assert!(long.message().chars().count() < 400, "{}", long.message());
        assert!(made(".", "no json").unwrap_err().message().contains("not JSON"));
    }

    #[test]
    fn a_reader_who_leaves_ends_an_endless_filter() {
        let jq = Jq::new("repeat(1)").unwrap();
        let mut seen = 0;
        let ended = run::run(&jq, "null".to_owned(), Timestamp::from_seconds(NOON), |_| {
            seen += 1;
            if seen < 3 { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
        });
        assert!(ended.is_ok() && seen == 3, "{seen}");
    }
}
