//! Handles a command line without a required webhook or id. A script gets the parser's error; a person at a terminal is
//! asked.

use std::ffi::OsString;

use clap::{Arg, ArgAction, ArgMatches, Command, FromArgMatches, error::ErrorKind};

use crate::term::Term;

use super::cli::{Cli, command};

/// The verbs that need a webhook or a source, with the arguments that may be missing if a person can be asked.
const ASKS: [(&[&str], &[&str]); 14] = [
    (&["show"], &["ids"]),
    (&["edit"], &["webhook"]),
    (&["unpin"], &["webhooks"]),
    (&["delete"], &["webhooks"]),
    (&["test"], &["webhooks"]),
    (&["secret", "show"], &["webhook"]),
    (&["secret", "rotate"], &["webhook"]),
    (&["secret", "revoke"], &["webhook"]),
    (&["source", "add"], &["name"]),
    (&["source", "show"], &["source"]),
    (&["source", "edit"], &["source"]),
    (&["source", "secret", "set"], &["source"]),
    (&["source", "received"], &["source"]),
    (&["source", "wait"], &["source"]),
];

/// The verbs that require webhooks or `--all`.
const TAKE_ALL: [&str; 2] = ["enable", "disable"];

/// Parses a command line again if only arguments are missing that can be asked for.
///
/// # Errors
/// Returns the original error for everything else.
pub(super) fn read(error: clap::Error, arguments: &[OsString], term: &Term) -> Result<ArgMatches, clap::Error> {
    if error.kind() != ErrorKind::MissingRequiredArgument || !term.may_ask() {
        return Err(error);
    }
    let Ok(matches) = lenient(command()).try_get_matches_from(arguments) else { return Err(error) };
    match Cli::from_arg_matches(&matches) {
        Ok(cli) if !cli.globals.no_input => Ok(matches),
        _ => Err(error),
    }
}

/// Makes the arguments optional that can be asked for.
fn lenient(program: Command) -> Command {
    let program = ASKS.iter().fold(program, |program, (verbs, arguments)| within(program, verbs, arguments));
    let program = TAKE_ALL.iter().fold(program, |program, verb| {
        program.mut_subcommand(verb, |verb| verb.mut_group("Which", |group| group.required(false)))
    });
    // A requirement that depends on another flag cannot be removed, so the argument is replaced.
    let program = program.mut_subcommand("retry", |retry| retry.mut_arg("things", anything));
    // Only no argument or a single version gets here: it is parsed as a webhook and recognised by its form.
    program.mut_subcommand("pin", |pin| {
        let pin = pin.mut_arg("webhooks", |webhook| webhook.required(false).action(ArgAction::Set).num_args(1));
        pin.mut_arg("version", |version| version.required(false))
    })
}

fn anything(argument: Arg) -> Arg {
    Arg::new(argument.get_id().clone()).num_args(0..).action(ArgAction::Append)
}

fn within(command: Command, verbs: &[&str], arguments: &[&str]) -> Command {
    match verbs {
        [] => {
            let free =
                |command: Command, argument: &&str| command.mut_arg(argument, |argument| argument.required(false));
            arguments.iter().fold(command, free)
        }
        [verb, further @ ..] => command.mut_subcommand(verb, |command| within(command, further, arguments)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::term::{Environment, OutputFlags, Terminals};

    fn read_on(words: &str, terminals: Terminals) -> Result<ArgMatches, ErrorKind> {
        let arguments: Vec<OsString> = std::iter::once("tm-hooks").chain(words.split(' ')).map(Into::into).collect();
        let (mut term, _) = Term::captured("", terminals, 80);
        term.configure(OutputFlags::default(), &Environment::default());
        let error = command().try_get_matches_from(&arguments).unwrap_err();
        read(error, &arguments, &term).map_err(|error| error.kind())
    }

    const PERSON: Terminals = Terminals { stdin: true, stdout: true, stderr: true };

    #[test]
    fn a_person_may_leave_out_what_can_be_asked_for() {
        lenient(command()).debug_assert();
        for words in [
            "show",
            "edit",
            "edit --name x",
            "pin",
            "unpin",
            "delete --yes",
            "test",
            "enable",
            "disable",
            "secret show",
            "secret rotate --overlap 1h",
            "secret revoke",
            "source add",
            "source secret set --secret-file -",
            "source wait",
            "pin v2",
            "retry",
            "retry --wait --timeout 5s",
        ] {
            assert!(read_on(words, PERSON).is_ok(), "{words}");
        }
    }

    #[test]
    fn scripts_and_all_else_that_is_missing_get_the_error_there_was() {
        for words in ["show", "enable", "secret show", "pin", "retry"] {
            let (error, silent) = (ErrorKind::MissingRequiredArgument, Terminals { stdin: false, ..PERSON });
            assert_eq!(read_on(words, silent).unwrap_err(), error, "{words}");
            assert_eq!(read_on(&format!("{words} --no-input"), PERSON).unwrap_err(), error, "{words}");
        }
        for words in
            ["send", "retry --failed", "retry --since 1h", "token revoke", "api", "source delete", "source enable"]
        {
            assert_eq!(read_on(words, PERSON).unwrap_err(), ErrorKind::MissingRequiredArgument, "{words}");
        }
    }
}
