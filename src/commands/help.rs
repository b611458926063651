//! `tm-hooks help` shows help for a command or on a topic.

mod environment;
mod pages;
mod topics;

use clap::Command;

use crate::{
    domain::text::nearest,
    error::CliError,
    term::{Environment, Term},
};

use super::Context;
pub(super) use pages::laid_out;
use topics::TOPICS;

/// Show help for a command, or on a topic
///
/// The topics are options, exit-codes, environment, configuration, output, filtering, schemes and scripting.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  tm-hooks help add
  tm-hooks help exit-codes")]
pub struct Args {
    /// A command, or a topic
    #[arg(value_name = "COMMAND|TOPIC")]
    words: Vec<String>,
}

/// The largest width of a help page.
pub(super) const WIDEST: usize = 100;

pub(super) fn run(args: &Args, program: Command, context: &Context) -> Result<(), CliError> {
    context.term.write(&text(&args.words, program, context.term.width(), context.term.has_color())?);
    Ok(())
}

/// Warns about an unknown variable with a name similar to a known one.
pub(super) fn warn_of_misspelt_variables(environment: &Environment, term: &Term) {
    for (name, meant) in environment::misspelt(environment) {
        term.warning(&format!("{name} is no variable of tm-hooks; did you mean {meant}? tm-hooks help environment"));
    }
}

fn text(words: &[String], program: Command, width: usize, color: bool) -> Result<String, CliError> {
    let width = width.min(WIDEST);
    if let [word] = words
        && let Some((_, _, text)) = TOPICS.iter().find(|(topic, ..)| topic == word)
    {
        return Ok(text(program, width));
    }
    let mut program = laid_out(program).term_width(width);
    program.build();
    let mut found = &mut program;
    for word in words {
        found = match found.find_subcommand(word) {
            Some(_) => found.find_subcommand_mut(word).ok_or_else(|| unknown(word, &[]))?,
            None => {
                let known: Vec<&str> = found.get_subcommands().map(Command::get_name).collect();
                return Err(unknown(word, &known));
            }
        };
    }
    let help = found.render_long_help();
    let help = if color { help.ansi().to_string() } else { help.to_string() };
    Ok(help.trim_end().to_owned() + "\n")
}

fn unknown(word: &str, commands: &[&str]) -> CliError {
    let topics = TOPICS.map(|(topic, ..)| topic);
    let guess = nearest(word, commands.iter().copied().chain(topics));
    let guess = guess.map(|guess| format!("did you mean \"{guess}\"? ")).unwrap_or_default();
    CliError::usage(format!("there is no command and no topic \"{word}\""))
        .hint(format!("{guess}the topics are {}", topics.join(", ")))
}

/// Returns the topics with their descriptions.
pub(super) fn named_topics() -> impl Iterator<Item = (&'static str, &'static str)> {
    TOPICS.iter().map(|(name, about, _)| (*name, *about))
}

/// Returns the topics for the end of the program's own help.
pub(super) fn topics() -> String {
    let line = |(topic, about, _): topics::Topic| format!("  tm-hooks help {topic:<13} {about}");
    TOPICS.map(line).join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_and_topics_are_found() {
        let of = |words: &[&str]| {
            let words: Vec<String> = words.iter().map(ToString::to_string).collect();
            text(&words, crate::commands::command(), 80, false)
        };
        assert!(of(&[]).unwrap().contains("Usage: tm-hooks"));
        assert!(of(&["completions"]).unwrap().contains("Usage: tm-hooks completions"));
        assert!(of(&["exit-codes"]).unwrap().contains("\n 10  a check failed"));
        let error = of(&["enviroment"]).unwrap_err();
        assert!(error.hint_text().unwrap().starts_with("did you mean \"environment\"?"), "{error:?}");
    }
}
