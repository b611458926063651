//! Runs the `console` blocks of the pages: each page's in order on one terminal, in a home where time stands still.
//! What is shown below a command must be the program's output.
//!
//! A line `…` stands for omitted lines. Ports differ from run to run, and so do the widths of tables, so blanks do not
//! count.

use crate::common::{Home, terminal::Terminal};

use super::{
    pages::{FOR_PIPELINES, PAGES, blocks, place, read, renewing},
    receivers::Receivers,
};

/// The time in all blocks, a Wednesday afternoon.
const NOW: &str = "2026-11-25T16:55:00Z";
const COLUMNS: u16 = 92;
const CUT: &str = "…";

/// A command and the output shown below it.
struct Example {
    command: String,
    shown: Vec<String>,
}

fn examples(block: &str) -> Vec<Example> {
    let mut examples: Vec<Example> = Vec::new();
    for line in block.trim_end().lines() {
        match line.strip_prefix("$ ") {
            Some(command) => examples.push(Example { command: command.to_owned(), shown: Vec::new() }),
            None => examples.last_mut().expect("a block begins with a command").shown.push(line.to_owned()),
        }
    }
    for Example { shown, .. } in &mut examples {
        while shown.pop_if(|line| line.is_empty()).is_some() {}
    }
    examples
}

/// Whether `said` equals `shown` apart from omitted lines.
fn is_shown(shown: &[String], said: &[String]) -> bool {
    let words = |line: &String| line.split_whitespace().collect::<Vec<_>>().join(" ");
    let (shown, said): (Vec<_>, Vec<_>) = (shown.iter().map(words).collect(), said.iter().map(words).collect());
    match shown.iter().position(|line| line == CUT) {
        None => shown == said,
        Some(cut) => {
            let end = &shown[cut + 1..];
            said.len() > cut + end.len() && said.starts_with(&shown[..cut]) && said.ends_with(end)
        }
    }
}

/// The output, with the lines that were omitted before omitted again.
fn cut_as(shown: &[String], said: Vec<String>) -> Vec<String> {
    match shown.iter().position(|line| line == CUT) {
        Some(cut) if said.len() > shown.len() => {
            let end = said.len() - (shown.len() - cut - 1);
            [&said[..cut], &[CUT.to_owned()], &said[end..]].concat()
        }
        _ => said,
    }
}

/// The program's output on a terminal.
fn said(home: &Home, receivers: &Receivers, command: &str) -> Vec<String> {
    let terminal = Terminal::of(home).columns(COLUMNS).env("NO_COLOR", "1");
    let seen = terminal.shell(&receivers.real(command)).ended();
    let screen = receivers.documented(&seen.screen);
    // The place of `local`'s data differs in every run, and is shown once a day.
    let told = |line: &&str| line.starts_with("local: ") || line.contains(home.path().to_str().unwrap());
    screen.lines().filter(|line| !told(line)).map(str::to_owned).collect()
}

/// The block with current output.
fn renewed(home: &Home, receivers: &Receivers, block: &str) -> String {
    let of_one = |Example { command, shown }: Example| {
        let said = said(home, receivers, &command);
        let lines = if is_shown(&shown, &said) { shown } else { cut_as(&shown, said) };
        format!("$ {command}\n{}", lines.iter().map(|line| format!("{line}\n")).collect::<String>())
    };
    examples(block).into_iter().map(of_one).collect::<Vec<_>>().join("\n")
}

#[test]
fn the_examples_show_what_the_program_says() {
    let pages = PAGES.into_iter().filter(|path| *path != FOR_PIPELINES);
    let (mut wrong, mut count) = (String::new(), 0);
    for path in pages {
        let home = Home::at(NOW);
        let receivers = Receivers::of(&home);
        let mut page = read(path);
        for block in blocks(&page.clone(), "console") {
            count += 1;
            let fresh = renewed(&home, &receivers, &block);
            if fresh != block {
                page = page.replacen(&block, &fresh, 1);
                wrong.push_str(&format!("{path} differs from what the program says:\n{fresh}\n"));
            }
        }
        if renewing() {
            std::fs::write(place(path), page).unwrap();
        }
    }
    assert!(count >= 3, "the pages lost their examples");
    assert!(wrong.is_empty() || renewing(), "{wrong}RENEW_DOCUMENTS=1 cargo test --locked --test it documents");
}

#[test]
fn what_is_left_out_is_marked() {
    let lines = |text: &str| text.lines().map(str::to_owned).collect::<Vec<_>>();
    assert!(is_shown(&lines("a\n…\nd"), &lines("a\nb\nc\nd")));
    assert!(is_shown(&lines("a  b"), &lines("a b")));
    for said in ["a\nd", "a\nb", "x\nb\nd"] {
        assert!(!is_shown(&lines("a\n…\nd"), &lines(said)), "{said}");
    }
    assert_eq!(cut_as(&lines("a\n…\nd"), lines("1\n2\n3\n4")), lines("1\n…\n4"));
}
