//! What the program says of itself, on terminals of every width: no sentence is broken inside a word, none is wider than
//! the terminal, and no command is broken. The sentences are those of all faces.

use std::{collections::BTreeSet, fs, path::Path};

use tm_hooks::term::wrap;
use unicode_width::UnicodeWidthStr;

use super::lived_in;
use crate::common::terminal::Terminal;

/// Every line that a face shows on standard error of a pipe: there it is as it was written.
fn sentences() -> BTreeSet<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/faces");
    let files = fs::read_dir(folder).unwrap().map(|file| file.unwrap().path());
    let texts = files.filter(|path| path.extension().is_some_and(|it| it == "rs")).map(fs::read_to_string);
    let lines = |text: String| {
        let said = text.lines().filter_map(|line| line.trim_start().strip_prefix("2> ").map(str::to_owned));
        said.collect::<Vec<_>>()
    };
    texts.flat_map(|text| lines(text.unwrap())).filter(|line| !line.starts_with('{')).collect()
}

/// The commands that are told in a sentence: in backticks, or its end from the program's name on.
fn commands(line: &str) -> Vec<&str> {
    let quoted = line.split('`').skip(1).step_by(2).filter(|command| command.starts_with("tm-hooks "));
    let last = line.rsplit_once(": ").map(|(_, end)| end).filter(|end| end.starts_with("tm-hooks "));
    let alone = last.filter(|end| !end.contains(['.', ',', ';', '"', '`']) && !end.contains(" shows "));
    quoted.chain(alone).collect()
}

#[test]
fn every_sentence_is_broken_between_words_at_every_width() {
    let sentences = sentences();
    assert!(sentences.len() > 100, "the faces lost their sentences");
    for line in &sentences {
        let words: Vec<&str> = line.split_whitespace().collect();
        for columns in 40..=200 {
            let wrapped = wrap(line, columns);
            assert_eq!(wrapped.split_whitespace().collect::<Vec<_>>(), words, "at {columns} columns:\n{wrapped}");
            for command in commands(line) {
                assert!(wrapped.contains(command), "{command} is broken at {columns} columns:\n{wrapped}");
            }
            for shown in wrapped.lines().filter(|shown| shown.width() > columns.min(100)) {
                let text = shown.trim_start();
                let text = text.split_once(": ").map_or(text, |(_, rest)| rest);
                let whole = text.split(' ').count() == 1 || text.contains("tm-hooks ");
                assert!(whole, "{shown:?} is wider than {columns} columns");
            }
        }
    }
}

/// The wrapper is in use: what a terminal gets is never broken by the terminal.
#[test]
fn nothing_is_left_to_the_terminal_to_break() {
    let home = lived_in();
    for arguments in [
        &["list", "--sort", "age"][..],
        &["types", "users.deleted"],
        &["-p", "nowhere", "list"],
        &["show", "Payrol"],
        &["doctor"],
        &["stats", "--by", "day"],
        &["enable", "Canteen"],
        &["secret", "rotate", "Canteen", "--yes"],
        &["delete", "Canteen", "--no-input"],
    ] {
        for columns in [40, 59, 80, 133] {
            let seen = Terminal::of(&home).columns(columns).rows(60).env("NO_COLOR", "1").run(arguments);
            for line in seen.raw.lines().map(|line| line.trim_end_matches('\r')) {
                let text = line.trim_start();
                // A word that is wider than the terminal may stand behind a label.
                let whole = text.rsplit("  ").next().is_some_and(|end| end.trim().split(' ').count() < 3);
                let whole = whole || text.contains("tm-hooks ");
                assert!(line.width() <= usize::from(columns) || whole, "{columns} columns: {line:?}\n{seen}");
            }
        }
    }
}
