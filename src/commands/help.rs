//! `tm-hooks help`: help for a command, or on a topic.

use crate::{domain::text::nearest, error::CliError};

use super::{Context, command};

/// Topics, each with its one line and its text.
const TOPICS: [(&str, &str, &str); 3] = [
    ("exit-codes", "what the exit codes mean", EXIT_CODES),
    ("environment", "the environment variables", ENVIRONMENT),
    ("output", "outputs, and what scripts may rely on", OUTPUT),
];

const EXIT_CODES: &str = "\
  0  done, an empty list too
  1  unexpected failure, or the person said no
  2  usage; an ambiguous id; an answer is needed and there is nobody to ask
  3  not found
  4  not logged in, or the token is not valid (401)
  5  not allowed (402, 403)
  6  conflict (409, 412); the service is too old, or is none of ours
  7  the service refused the input (400, 422)
  8  still pending when --timeout ran out
  9  temporary: network, TLS, 429, 5xx after retries
 10  a check failed: a test that was not answered with 2xx, a retry that failed, stats --fail-over
 11  of several, some failed
130  interrupted
";

const ENVIRONMENT: &str = "\
TM_HOOKS_URL          the service to talk to, as --service
TM_HOOKS_TOKEN        the token to show it
TM_HOOKS_TOKEN_FILE   a file that holds the token and nothing else
TM_HOOKS_PROFILE      the profile, as --profile
TM_HOOKS_OUTPUT       the output, as --output
TM_HOOKS_NO_INPUT     ask nothing, as --no-input; so does CI
TM_HOOKS_SECRET_KEY_FILE
                      a file with the key that secrets are encrypted with in the database, for serve and \"local\"
TM_HOOKS_DATA_DIR     where the profile \"local\" keeps its data;
                      else $XDG_DATA_HOME/tm-hooks, else ~/.local/share/tm-hooks
NO_COLOR              no colour
CLICOLOR_FORCE        colour even where nobody looks
COLUMNS               how wide a table may be on a terminal
TZ                    the time zone for --time local

A flag comes before a variable, and a variable before the default.
";

const OUTPUT: &str = "\
Data goes to stdout, all else to stderr.

table   on a terminal aligned and fitted to its width, with relative times; in a pipe the same rows tab-separated,
        never cut, without a header, with times in UTC
json    {\"data\": [...], \"next\": null or a cursor} for a list, the bare object for one thing;
        --json=id,name gives a bare array of these fields
ndjson  one object a line
csv     RFC 4180 with a header; --columns chooses
tsv     tab-separated with a header; a tab, a line break and a backslash in a value are written \\t, \\n, \\r and \\\\
id      ids, one a line

With json and ndjson an error is one JSON object on stderr:
{\"error\": {\"code\", \"message\", \"hint\", \"status\", \"requestId\", \"retryable\"}}
";

/// Show help for a command, or on a topic
///
/// The topics are exit-codes, environment and output.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  tm-hooks help add
  tm-hooks help exit-codes")]
pub struct Args {
    /// A command, or a topic
    #[arg(value_name = "COMMAND|TOPIC")]
    words: Vec<String>,
}

pub(super) fn run(args: &Args, context: &Context) -> Result<(), CliError> {
    context.term.write(&text(&args.words, context.term.width(), context.term.has_color())?)?;
    Ok(context.term.flush()?)
}

fn text(words: &[String], width: usize, color: bool) -> Result<String, CliError> {
    if let [word] = words
        && let Some((_, _, text)) = TOPICS.iter().find(|(topic, ..)| topic == word)
    {
        return Ok((*text).to_owned());
    }
    let mut program = command().term_width(width.min(100));
    program.build();
    let mut found = &mut program;
    for word in words {
        found = match found.find_subcommand(word) {
            Some(_) => found.find_subcommand_mut(word).ok_or_else(|| unknown(word, &[]))?,
            None => {
                let known: Vec<&str> = found.get_subcommands().map(clap::Command::get_name).collect();
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

/// The topics, for the end of the program's own help.
pub(super) fn topics() -> String {
    let line = |(topic, about, _): (&str, &str, &str)| format!("  tm-hooks help {topic:<12} {about}");
    TOPICS.map(line).join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Kind;

    #[test]
    fn the_topic_names_every_exit_code_once() {
        let listed: Vec<u8> =
            EXIT_CODES.lines().filter_map(|line| line.trim_start().split(' ').next()?.parse().ok()).collect();
        let mut known: Vec<u8> = Kind::ALL.map(Kind::exit_code).to_vec();
        known.dedup();
        assert_eq!(listed, known);
    }

    #[test]
    fn commands_and_topics_are_found() {
        let of = |words: &[&str]| text(&words.iter().map(ToString::to_string).collect::<Vec<_>>(), 80, false);
        assert!(of(&[]).unwrap().contains("Usage: tm-hooks"));
        assert!(of(&["completions"]).unwrap().contains("Usage: tm-hooks completions"));
        assert_eq!(of(&["exit-codes"]).unwrap(), EXIT_CODES);
        let error = of(&["enviroment"]).unwrap_err();
        assert!(error.hint_text().unwrap().starts_with("did you mean \"environment\"?"), "{error:?}");
    }
}
