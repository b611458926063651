//! Compares filters with jq: `tests/fixtures/jq-cases.txt` has the results of jq 1.6, and `differences` the
//! differences. If that jq is installed, both are checked against it.

use std::process::Command;

use super::{
    Jq,
    differences::{AS_IN_JQ_1_7, Difference, ENDLESS, FAILS, LEFT_OUT, NOTHING, OURS, OUTSIDE, REFUSED},
    made,
};

const CASES: &str = include_str!("../../../tests/fixtures/jq-cases.txt");
/// The functions of jq 1.6 with their numbers of arguments, as its `builtins` lists them.
const FUNCTIONS: &str = include_str!("../../../tests/fixtures/jq-functions.txt");

struct Case {
    code: &'static str,
    input: &'static str,
    results: Vec<&'static str>,
    /// The error at its end; an empty one matches any message.
    error: Option<&'static str>,
}

fn cases() -> Vec<Case> {
    CASES.trim_end().split("\n\n").skip(1).map(case).collect()
}

fn case(block: &'static str) -> Case {
    let mut lines = block.lines();
    let code = lines.next().and_then(|line| line.strip_prefix("> ")).unwrap();
    let input = lines.next().and_then(|line| line.strip_prefix("< ")).unwrap();
    let (errors, results): (Vec<_>, Vec<_>) = lines.partition(|line| line.starts_with('!'));
    let error = errors.first().map(|error| error.strip_prefix("! ").unwrap_or_default());
    Case { code, input, results, error }
}

/// Converts a line of jq's JSON to this program's output: strings without quotes.
fn printed(line: &str) -> String {
    if line.starts_with('"') { serde_json::from_str(line).unwrap() } else { line.to_owned() }
}

#[test]
fn what_jq_gives_is_given_here() {
    let cases = cases();
    assert!(cases.len() > 400, "{}", cases.len());
    let mut wrong = Vec::new();
    for Case { code, input, results, error } in cases {
        let (made, ended) = made(code, input);
        let given: String = results.iter().map(|line| printed(line) + "\n").collect();
        let said = ended.as_ref().err().map(|failed| failed.message().trim_start_matches("--jq: "));
        let same_end = match error {
            Some("") => said.is_some(),
            Some(error) => said.is_some_and(|said| said.eq_ignore_ascii_case(error)),
            None => said.is_none(),
        };
        if made != given || !same_end {
            wrong.push(format!("{input} | {code}\n  jq   {given:?} {error:?}\n  here {made:?} {said:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Returns the cell of the table of differences: a result, several with commas between them, or a word.
fn as_told(lines: &[String], failed: Option<&str>) -> String {
    match (lines, failed) {
        (_, Some(word)) => word.to_owned(),
        ([], None) => NOTHING.to_owned(),
        ([line], None) => line.clone(),
        (lines, None) => {
            let quoted = |line: &String| if line.trim() == line { line.clone() } else { format!("{line:?}") };
            lines.iter().map(quoted).collect::<Vec<_>>().join(", ")
        }
    }
}

fn differences() -> impl Iterator<Item = &'static Difference> {
    AS_IN_JQ_1_7.iter().chain(OURS)
}

#[test]
fn each_difference_that_help_tells_is_there() {
    for Difference { filter, here, jq } in differences() {
        let (made, ended) = made(filter, "null");
        let failed = ended.err().map(|failed| if failed.kind().exit_code() == 2 { REFUSED } else { FAILS });
        let lines: Vec<_> = made.lines().map(str::to_owned).collect();
        assert_eq!(as_told(&lines, failed), **here, "{filter}");
        assert_ne!(here, jq, "{filter}");
    }
}

#[test]
fn each_function_of_jq_is_there_or_told_to_be_missing() {
    let missing: Vec<_> = OUTSIDE.split_whitespace().chain(LEFT_OUT.split_whitespace()).collect();
    for (name, arguments) in FUNCTIONS.lines().map(|line| line.split_once('/').unwrap()) {
        let arguments = vec!["."; arguments.parse().unwrap()].join("; ");
        let code = if arguments.is_empty() { name.to_owned() } else { format!("{name}({arguments})") };
        assert_eq!(Jq::new(&code).is_err(), missing.contains(&name), "{code}");
    }
    for name in missing.into_iter().filter(|name| !name.starts_with('$')) {
        assert!(FUNCTIONS.contains(&format!("{name}/")), "{name} is none of jq's");
    }
}

/// Whether jq 1.6 is installed.
fn has_jq() -> bool {
    let version = Command::new("jq").arg("--version").output();
    let is_there = version.is_ok_and(|version| version.stdout == b"jq-1.6\n");
    if !is_there {
        eprintln!("skipped: there is no jq 1.6 on this machine");
    }
    is_there
}

fn jq(code: &str) -> std::process::Output {
    Command::new("jq").args(["-nc", code]).env("TZ", "UTC").output().unwrap()
}

#[test]
fn the_facts_are_those_of_the_jq_on_this_machine() {
    if !has_jq() {
        return;
    }
    // All cases run in one program, because starting jq five hundred times takes long.
    let each = |case: &Case| {
        let code = if case.code.starts_with('#') { "." } else { case.code };
        format!("(try [{} | {code}\n] catch {{error: .}})", case.input)
    };
    let cases = cases();
    let functions = jq("builtins | map(select(startswith(\"_\") | not)) | sort | join(\"\\n\") + \"\\n\"").stdout;
    assert_eq!(serde_json::from_slice::<String>(&functions).unwrap(), FUNCTIONS);
    let output = jq(&cases.iter().map(each).collect::<Vec<_>>().join(","));
    let output = String::from_utf8(output.stdout).unwrap();
    let mut lines = output.lines();
    for case in cases {
        let line = lines.next().unwrap();
        match case.error {
            None => assert_eq!(line, format!("[{}]", case.results.join(",")), "{}", case.code),
            Some(_) => assert!(line.starts_with("{\"error\":"), "{}: {line}", case.code),
        }
    }
}

#[test]
fn the_differences_are_to_the_jq_on_this_machine() {
    if !has_jq() {
        return;
    }
    for Difference { filter, jq: told, .. } in differences().filter(|row| row.jq != ENDLESS) {
        let output = jq(filter);
        let failed = match output.status.code() {
            Some(0) => None,
            Some(3) => Some(REFUSED),
            _ => Some(FAILS),
        };
        let lines: Vec<_> = String::from_utf8(output.stdout).unwrap().lines().map(printed).collect();
        assert_eq!(as_told(&lines, failed), **told, "{filter}");
    }
}
