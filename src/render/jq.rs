//! `--jq`: a filter over the JSON that a command would print, in the language of jq.
//!
//! The library `jaq` parses and runs filters. This module has its own values (`value`), functions (`functions`,
//! `prelude.jq`), corrections of differences from jq (`rewrite`), and limits of time and memory (`budget`).

mod budget;
#[cfg(test)]
mod cases;
mod differences;
mod filter;
mod functions;
mod language;
mod rewrite;
mod run;
mod value;
mod world;
mod wrong;

use std::ops::ControlFlow;

pub use differences::{AS_IN_JQ_1_7, Difference, LEFT_OUT, OURS, OUTSIDE};
pub use filter::Jq;
pub(super) use world::Facts;

use crate::{error::CliError, term::Term};
use budget::Limits;
use run::Taken;

impl Jq {
    /// Writes the filter's results for each JSON value in `text`: strings without quotes, everything else as JSON, one
    /// per line. For a `terminal`, control characters are removed.
    ///
    /// # Errors
    /// Fails if the filter fails, exceeds a limit or is interrupted.
    pub(super) fn write(&self, text: String, term: &Term, terminal: bool, facts: Facts) -> Result<(), CliError> {
        let limits = Limits::of(text.len());
        run::run(self, text, facts, limits, |taken| {
            match taken {
                Taken::Result(result) => term.write(&result.line(terminal)),
                Taken::Pause => term.flush(),
            }
            // Without a reader the filter stops, as some filters never end.
            if term.is_read() { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
        })
    }
}

/// Runs a filter and returns its output and its end.
#[cfg(test)]
fn made(code: &str, input: &str) -> (String, Result<(), CliError>) {
    let (term, captured) = Term::captured("", crate::term::Terminals::default(), 80);
    let now = crate::domain::time::Timestamp::from_seconds(1_795_455_600);
    let facts = Facts { now, zone: jiff::tz::TimeZone::UTC };
    let ended = Jq::new(code).and_then(|jq| jq.write(input.to_owned(), &term, false, facts));
    term.flush();
    (captured.out(), ended)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::domain::time::Timestamp;

    fn made(code: &str, input: &str) -> Result<String, CliError> {
        let (made, ended) = super::made(code, input);
        ended.map(|()| made)
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
            (".a |", "at its end: expected a filter"),
            ("include \"a\"; .", "modules"),
            ("env.HOME", "there is no filter env"),
            ("$ENV.HOME", "there is no variable $ENV"),
            ("halt", "there is no filter halt"),
            ("input, inputs", "there is no filter input"),
            (&"[".repeat(20_000), "is too long: a filter has at most 16 KiB"),
            (&"[".repeat(16_000), "at its end: expected closing bracket"),
        ] {
            let error = Jq::new(code).unwrap_err();
            assert_eq!(error.kind().exit_code(), 2, "{code}");
            assert!(error.message().contains(message), "{code}: {}", error.message());
        }
        assert_eq!(Jq::new("selct(.)").unwrap_err().hint_text(), Some("did you mean select?"));
        assert!(Jq::new("env").unwrap_err().hint_text().unwrap().contains("neither the environment"));
    }

    #[test]
    fn a_filter_that_fails_says_why() {
        let error = made(".[] | .name", "{\"a\":1}").unwrap_err();
        assert_eq!(error.kind().exit_code(), 1);
        assert_eq!(error.message(), "--jq: cannot index number with string \"name\"");
        assert!(made("error", "{\"a\":1}").unwrap_err().message().starts_with("--jq: {\"a\":1}"));
        let long = made(".a | error", &format!("{{\"a\":\"{}\"}}", "x".repeat(9_000))).unwrap_err();
        assert!(long.message().chars().count() < 400, "{}", long.message());
        assert!(made(".", "no json").unwrap_err().message().contains("not JSON"));
    }

    #[test]
    fn no_text_is_the_filter_that_changes_nothing() {
        assert_eq!(made("", "[1.50]").unwrap(), "[1.50]\n");
        assert_eq!(made(" # nothing\n", "5").unwrap(), "5\n");
        assert_eq!(made("-1", "5").unwrap(), "-1\n");
    }

    /// Runs a filter with limits and returns its end.
    fn ended(code: &str, limits: Limits, take: impl FnMut(Taken) -> ControlFlow<()>) -> Result<(), CliError> {
        let facts = Facts { now: Timestamp::from_seconds(0), zone: jiff::tz::TimeZone::UTC };
        run::run(&Jq::new(code).unwrap(), "null".to_owned(), facts, limits, take)
    }

    #[test]
    fn a_reader_who_leaves_ends_an_endless_filter() {
        let mut seen = 0;
        let left = ended("repeat(1)", Limits::of(0), |_| {
            seen += 1;
            if seen < 3 { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
        });
        assert!(left.is_ok() && seen == 3, "{seen}");
    }

    #[test]
    fn a_filter_that_takes_too_much_ends_and_says_of_what() {
        for (code, reason) in [
            ("def f: f; f", "too long"),
            ("def f($n): f($n + 1); f(0)", "too long"),
            ("last(range(1e12))", "too long"),
            ("range(infinite) | select(. < 0)", "too long"),
            ("until(false; .)", "too long"),
            ("reduce range(60) as $i (1; [., .]) | . == .", "too long"),
            ("def f: try f catch f; f", "too deeply"),
            ("def f: 1 + f; f", "too deeply"),
            ("def f: [f]; f", "too deeply"),
            ("def f: .a |= f; f", "too deeply"),
            ("def f: f, 1; f", "too much memory"),
            ("def f(g): f(g | .); f(.)", "too much memory"),
            ("[range(1e9)]", "too much memory"),
            ("try [range(1e9)] catch 1", "too much memory"),
            ("[limit(1e9; repeat(1))]", "too much memory"),
            ("\"x\" * 1e9", "too much memory"),
            ("\"x\" * 1e300", "too much memory"),
            ("reduce range(1e9) as $i (\"x\"; . + .)", "too much memory"),
            ("reduce range(60) as $i (1; [., .]) | tojson", "too much memory"),
            ("reduce range(60) as $i (1; [., .])", "too much memory"),
            (".[1e9] = 1", "too much memory"),
            ("[1, 2] | sort_by(range(1e9))", "too much memory"),
            ("[recurse(.)]", "too much memory"),
            ("reduce range(20000) as $i (null; [.])", "nested too deeply"),
            ("repeat(1)", "gives too much"),
            ("repeat(\"x\" * 1000)", "gives too much"),
            ("(\"a\" * 40) + \"!\" | test(\"^(a+)+$\")", "too many tries"),
        ] {
            let mut limits = Limits::of(0);
            match reason {
                "too long" => limits.time = Duration::from_millis(300),
                "too much memory" => limits.memory = 4_000_000,
                "gives too much" => limits.output = 100_000,
                _ => {}
            }
            let error = ended(code, limits, |_| ControlFlow::Continue(())).unwrap_err();
            assert!(error.message().contains(reason), "{code}: {}", error.message());
            assert_eq!(error.kind().exit_code(), 1, "{code}");
        }
    }

    #[test]
    fn a_reader_who_takes_his_time_is_waited_for() {
        let little = Limits { time: Duration::from_millis(300), memory: 4_000_000, output: 100_000 };
        let facts = Facts { now: Timestamp::from_seconds(0), zone: jiff::tz::TimeZone::UTC };
        let (mut first, mut seen) = (true, 0);
        let take = |taken| {
            if std::mem::take(&mut first) {
                std::thread::sleep(Duration::from_millis(600));
            }
            seen += usize::from(matches!(taken, Taken::Result(_)));
            ControlFlow::Continue(())
        };
        run::run(&Jq::new("range(500)").unwrap(), "null".to_owned(), facts, little, take).unwrap();
        assert_eq!(seen, 500);
    }

    #[test]
    fn more_data_may_take_more() {
        let (little, much) = (Limits::of(0), Limits::of(100_000_000));
        assert!(little.time < much.time && little.memory < much.memory && little.output < much.output);
        let input = format!("[{}]", vec!["{\"a\":[1,\"b\"]}"; 20_000].join(","));
        assert_eq!(made("[.[] | .a |= map(tostring)] | length", &input).unwrap(), "20000\n");
    }
}
