//! Reports wrong command lines: rewrites the parser's message and suggests the command that was meant.

mod library;
mod meant;

use std::process::ExitCode;

use clap::error::{ContextKind, ContextValue, ErrorKind};

use super::ending::conclude;
use crate::{
    domain::version::Version,
    error::{self, CliError, Kind},
    term::Term,
};

/// Reports a parser's result: help and the version go to stdout with 0; everything else is a usage error.
pub(super) fn report(error: &clap::Error, term: &Term, as_json: bool) -> ExitCode {
    let text = error.render();
    if !error.use_stderr() {
        let text = if term.has_color() { text.ansi().to_string() } else { text.to_string() };
        term.line(text.trim_end());
        return conclude(Ok(()), term, as_json);
    }
    if error.kind() == ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand && !as_json {
        term.note(text.to_string().trim_end());
        return ExitCode::from(Kind::Usage.exit_code());
    }
    error::report(&plain_message(error), term, as_json)
}

/// Converts clap's message to an error of this program: its first line is the message. The hint is what was meant, or
/// else its tips and its usage.
fn plain_message(error: &clap::Error) -> CliError {
    let text = error.render().to_string();
    let mut lines = text.lines().map(str::trim_end).filter(|line| !line.is_empty());
    let first = lines.next().unwrap_or("the command line makes no sense");
    let usage = CliError::usage(library::plain_message(first.strip_prefix("error: ").unwrap_or(first)));
    if let Some(meant) = meant(error) {
        return usage.hint(meant);
    }
    if let Some(missing) = missing(error) {
        let usage = lines.find(|line| line.starts_with("Usage: ")).map(library::further_line);
        return CliError::usage(missing).hint(usage.unwrap_or_default());
    }
    let far = far_from_what_was_typed(error);
    let lines = lines.filter(|line| !line.starts_with("For more information"));
    let lines = lines.filter(|line| !(far && line.trim_start().starts_with("tip: a similar argument")));
    let hint: Vec<String> = lines.map(|line| library::further_line(line.trim_start())).collect();
    if hint.is_empty() { usage } else { usage.hint(hint.join("\n")) }
}

/// Whether the parser suggests a flag that is not a plausible typing mistake: `--search` for `--watch`.
fn far_from_what_was_typed(error: &clap::Error) -> bool {
    let (Some(ContextValue::String(typed)), Some(ContextValue::String(suggested))) =
        (error.get(ContextKind::InvalidArg), error.get(ContextKind::SuggestedArg))
    else {
        return false;
    };
    let name = typed.split('=').next().unwrap_or(typed);
    !meant::is_a_slip(name, suggested)
}

/// Returns the arguments that are missing.
fn missing(error: &clap::Error) -> Option<String> {
    if error.kind() != ErrorKind::MissingRequiredArgument {
        return None;
    }
    match error.get(ContextKind::InvalidArg)? {
        ContextValue::Strings(names) => Some(match &names[..] {
            [name] => format!("{name} is missing"),
            names => format!("{} are missing", names.join(" and ")),
        }),
        _ => None,
    }
}

/// Returns the command or the flag that was meant.
fn meant(error: &clap::Error) -> Option<String> {
    let (verb, text) = (verb(error), |kind| match error.get(kind) {
        Some(ContextValue::String(text)) => Some(text.as_str()),
        _ => None,
    });
    match error.kind() {
        ErrorKind::InvalidSubcommand => {
            let command = meant::command(&verb, text(ContextKind::InvalidSubcommand)?)?;
            Some(format!("did you mean \"tm-hooks {command}\"?"))
        }
        ErrorKind::UnknownArgument => {
            let typed = text(ContextKind::InvalidArg)?;
            let flag = meant::flag(&verb, typed).map(str::to_owned);
            flag.or_else(|| {
                let option = meant::option_of_file(&verb).filter(|_| !typed.starts_with('-'))?;
                Some(format!("did you mean \"tm-hooks {verb} {option} {}\"?", quoted(typed)))
            })
        }
        ErrorKind::ValueValidation if text(ContextKind::InvalidArg)?.starts_with("--scheme ") => Some(
            "tm-hooks help schemes has the words; tm-hooks verify --detect finds the scheme of a request".to_owned(),
        ),
        ErrorKind::ValueValidation if text(ContextKind::InvalidArg)? == "<VERSION>" => {
            let webhook = text(ContextKind::InvalidValue)?;
            let looks_like_one = webhook.trim_start_matches(['v', 'V']).starts_with(|c: char| c.is_ascii_digit());
            let version = Version::latest_stable();
            (!looks_like_one).then(|| format!("the version comes last: tm-hooks pin {} {version}", quoted(webhook)))
        }
        _ => None,
    }
}

/// Returns the verb that the parser had reached: `token`, or nothing at the start.
fn verb(error: &clap::Error) -> String {
    let usage = error.get(ContextKind::Usage).map(ToString::to_string).unwrap_or_default();
    let words = usage.split_whitespace().skip_while(|word| *word != "tm-hooks").skip(1);
    let is_verb = |word: &&str| word.starts_with(|c: char| c.is_ascii_lowercase());
    words.take_while(is_verb).collect::<Vec<_>>().join(" ")
}

/// Quotes a word for a shell.
fn quoted(word: &str) -> String {
    let plain = |c: char| c.is_alphanumeric() || "-_.:/@".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', r"'\''"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::commands::command;

    fn said(words: &str) -> CliError {
        let words = std::iter::once("tm-hooks").chain(words.split(' '));
        plain_message(&command().try_get_matches_from(words).unwrap_err())
    }

    fn hint(words: &str) -> String {
        said(words).hint_text().unwrap_or_default().to_owned()
    }

    #[test]
    fn wrong_words_name_the_right_ones() {
        for (wrong, right) in [
            ("update Payroll --name x", "edit"),
            ("-o json remove Payroll", "delete"),
            ("get Payroll", "show"),
            ("logs", "attempts"),
            ("tail --follow", "attempts"),
            ("trigger user.deleted", "send"),
            ("webhooks list", "list"),
            ("token delete x", "token revoke"),
            ("secret reset x", "secret rotate"),
            ("profile create x", "profile add"),
            ("config put x", "config set"),
            ("config reset x", "config set NAME --unset"),
            ("config unset output", "config set NAME --unset"),
            ("versions v2", "versions default v2"),
            ("exit-codes", "help exit-codes"),
            ("verify request.http", "verify --delivery request.http"),
            ("sign body.json --curl", "sign --body body.json"),
        ] {
            assert_eq!(hint(wrong), format!("did you mean \"tm-hooks {right}\"?"), "{wrong}");
        }
        assert!(hint("lst").contains("\"list\""), "a slip of the finger is the parser's");
    }

    #[test]
    fn wrong_flags_name_the_right_ones() {
        for (wrong, right) in [
            ("list --format json", "-o"),
            ("--format=json list", "-o"),
            ("delete Payroll --force", "--yes"),
            ("list --url https://a.example", "--service"),
            ("list --token abc", "TM_HOOKS_TOKEN"),
            ("delete Payroll -f", "--yes"),
            ("list --watch", "watch -n 5 tm-hooks"),
            ("list --serch x", "--search"),
            ("list --colums x", "--columns"),
        ] {
            assert!(hint(wrong).contains(right), "{wrong}: {}", hint(wrong));
        }
        for (wrong, not_meant) in
            [("list -f x", "--yes"), ("stats --zip", "did you mean"), ("list --sorcery", "--sort?")]
        {
            assert!(!hint(wrong).contains(not_meant), "{wrong}: {}", hint(wrong));
        }
    }

    #[test]
    fn a_missing_version_is_shown_where_it_goes() {
        assert_eq!(hint("pin Payroll"), "the version comes last: tm-hooks pin Payroll v1");
        assert_eq!(quoted("Chat bot's"), r"'Chat bot'\''s'");
        assert_eq!(hint("pin Payroll v9"), "");
    }

    #[test]
    fn numbers_are_refused_in_words() {
        let message = said("list --limit 0").message().to_owned();
        assert_eq!(message, "invalid value '0' for '--limit <N>': it is a number from 1 on");
        assert!(said("--retries 99 list").message().ends_with("it is a number from 0 to 20"));
        assert!(said("list --limit many").message().ends_with("it is a whole number"));
    }
}
