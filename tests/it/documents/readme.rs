//! The README tells the truth: its `console` blocks are run, one after the other on one terminal, and compared.
//!
//! Ids, times, durations and blanks may differ; everything else must be what the program says.

use crate::common::{
    Home,
    receiver::{Receiver, answer, status},
    terminal::Terminal,
};

/// A command of the README and what it shows below it.
struct Example {
    command: String,
    shown: Vec<String>,
}

fn examples() -> Vec<Example> {
    let readme = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/README.md")).unwrap();
    let blocks = readme.split("```console\n").skip(1).map(|block| block.split("```").next().unwrap().to_owned());
    let mut examples: Vec<Example> = Vec::new();
    for line in blocks.collect::<String>().lines() {
        match line.strip_prefix("$ ") {
            Some(command) => examples.push(Example { command: command.to_owned(), shown: Vec::new() }),
            None if line.is_empty() => {}
            None => examples.last_mut().unwrap().shown.push(line.to_owned()),
        }
    }
    examples
}

/// A line without what differs from run to run.
fn constant(line: &str) -> String {
    let line = line.replace("just now", "0 s ago");
    let words = line.split_whitespace().map(|word| match word {
        "ms" | "s" | "min" => "s".to_owned(),
        _ => match ["wh_", "at_", "tm_", "dl_", "rc_", "v1,"]
            .iter()
            .find(|prefix| word.trim_start_matches('(').starts_with(**prefix))
        {
            Some(prefix) if word.len() > 8 => (*prefix).to_owned(),
            _ if word.len() > 9 && word.bytes().all(|b| b.is_ascii_hexdigit()) => "…".to_owned(),
            _ if word.bytes().all(|b| b.is_ascii_digit()) && word.len() < 3 => "0".to_owned(),
            _ => word.to_owned(),
        },
    });
    words.collect::<Vec<_>>().join(" ")
}

#[test]
fn the_examples_show_what_the_program_says() {
    let (payroll, chat) = (
        Receiver::accepting(),
        Receiver::answering(|_, received| match received.header("webhook-version").as_str() {
            "v2" => answer(401, r#"{"ok":false,"code":"SIGNATURE_INVALID"}"#),
            _ => status(204),
        }),
    );
    let home = Home::new();
    let places = [(payroll.url(), "http://127.0.0.1:8080/hooks"), (chat.url(), "http://127.0.0.1:8081/bot")];
    let examples = examples();
    assert!(examples.len() >= 8, "the README lost its examples");
    let mut wrong = String::new();
    for Example { command, shown } in examples {
        let real = places.iter().fold(command.clone(), |text, (url, shown)| text.replace(shown, url));
        let seen = Terminal::of(&home).columns(130).env("NO_COLOR", "1").shell(&real).ended();
        let screen = places.iter().fold(seen.screen.clone(), |text, (url, shown)| text.replace(url, shown));
        let lines: Vec<&str> = screen.lines().filter(|line| !line.is_empty() && !line.starts_with("local: ")).collect();
        let same = lines.iter().map(|line| constant(line)).eq(shown.iter().map(|line| constant(line)));
        if !same {
            wrong.push_str(&format!("$ {command}\n{}\n", lines.join("\n")));
        }
    }
    assert!(wrong.is_empty(), "the README differs from what the program says:\n{wrong}");
}
