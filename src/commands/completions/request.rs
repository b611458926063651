//! The requests of the scripts and the answers, for each shell.
//!
//! | shell | arguments behind `--` |
//! | --- | --- |
//! | Bash | the line up to the cursor, what is behind it, the text that Readline replaces |
//! | PowerShell | none: [`WORDS`] has the words, one a line, the last being typed |
//! | the others | the number of the word that is being typed, and all words; the first is the program's |
//!
//! The answer has a line for each candidate: in Bash as it is to be written, elsewhere the value, a tab, and what it is.
//! [`FILES`] alone has the shell complete files by itself.

use std::{ffi::OsString, sync::Arc, time::Instant};

use clap::{Command, ValueEnum};

use crate::term::{Environment, sanitise};

use super::{
    candidate::{Candidate, Completion},
    engine,
    line::Line,
    live::{Live, Outside},
    quoting::{self, Word},
    shell::{Shell, VARIABLE},
    values,
};

/// The words, for a shell that cannot pass an empty argument.
const WORDS: &str = "TM_HOOKS_COMPLETE_WORDS";
/// The answer that makes the shell complete files.
const FILES: &str = "\tfiles\n";
/// Bash only lists the candidates and inserts none.
const LISTING: &str = "63";

/// The request of a script.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Request {
    shell: Shell,
    words: Vec<String>,
    /// The index of the word that is being typed.
    current: usize,
    /// The unchanged beginning of that word: Bash replaces only the rest.
    kept: Word,
    /// Whether the candidates are only listed.
    listing: bool,
}

impl Request {
    /// Parses the arguments, or returns `None` if they are not from one of the scripts.
    pub(super) fn read(arguments: &[OsString], environment: &Environment) -> Option<Self> {
        let shell = Shell::from_str(environment.get(VARIABLE)?, true).ok()?;
        let words = arguments.get(2..)?.iter().map(|word| word.to_str().map(str::to_owned));
        let mut words = words.collect::<Option<Vec<String>>>()?;
        let kept = Word::read("");
        match shell {
            Shell::Bash => {
                let [before, behind, replaced] = words.try_into().ok()?;
                let listing = environment.get("COMP_TYPE") == Some(LISTING);
                Self::of_bash(&before, &behind, &replaced, listing)
            }
            Shell::Pwsh => {
                let words: Vec<String> = environment.get(WORDS)?.split('\n').map(unquoted).collect();
                Some(Request { shell, current: words.len().checked_sub(1)?, words, kept, listing: false })
            }
            Shell::Elvish | Shell::Fish | Shell::Zsh => {
                if words.is_empty() {
                    return None;
                }
                let current: usize = words.remove(0).parse().ok()?;
                let typed = words.get_mut(current)?;
                if shell != Shell::Elvish {
                    *typed = Word::read(typed).text;
                }
                Some(Request { shell, words, current, kept, listing: false })
            }
        }
    }

    fn of_bash(before: &str, behind: &str, replaced: &str, listing: bool) -> Option<Self> {
        let mut words = quoting::words(before);
        let current = words.len() - 1;
        let typed = words.last()?.raw.clone();
        // Readline also splits words at = and :, unless COMP_WORDBREAKS says otherwise.
        let kept = Word::read(typed.strip_suffix(replaced).unwrap_or_default());
        // The rest of the typed word is after the cursor, up to a space.
        words.extend(quoting::words(behind).into_iter().skip(1).filter(|word| !word.raw.is_empty()));
        let words = words.into_iter().map(|word| word.text).collect();
        Some(Request { shell: Shell::Bash, words, current, kept, listing })
    }

    /// Returns the answer for the script, with the arguments of `program`.
    pub(super) fn answer(self, program: fn() -> Command, outside: Outside, until: Instant) -> String {
        let mut built = program();
        built.build();
        let line = Arc::new(Line::read(&built, &self.words, self.current));
        match engine::answer(built, &Live { program, outside, line, until }, values::of) {
            Completion::Files => FILES.to_owned(),
            Completion::Candidates(candidates) => self.written(&candidates),
        }
    }

    fn written(&self, candidates: &[Candidate]) -> String {
        match self.shell {
            Shell::Bash => self.written_for_bash(candidates),
            Shell::Pwsh => lines(candidates, quoting::for_powershell),
            Shell::Elvish | Shell::Fish | Shell::Zsh => lines(candidates, str::to_owned),
        }
    }

    /// Returns a value for listing: of a list, only its new part.
    fn listed(&self, value: &str) -> String {
        let typed = self.words.get(self.current).map_or("", String::as_str);
        let typed = typed.strip_prefix(&self.kept.text).unwrap_or_default();
        let before = typed.rfind(',').map_or(0, |comma| comma + 1);
        value.get(before..).unwrap_or(value).to_owned()
    }

    fn written_for_bash(&self, candidates: &[Candidate]) -> String {
        let values = candidates.iter().map(|candidate| candidate.value.as_str());
        let values: Vec<&str> = values.filter_map(|value| value.strip_prefix(&self.kept.text)).collect();
        // A single candidate may be inserted even if several were listed before.
        match values.as_slice() {
            [value] => quoting::last_for_bash(value, self.kept.open) + "\n",
            values if self.listing => values.iter().map(|value| self.listed(value) + "\n").collect(),
            values => values.iter().map(|value| quoting::for_bash(value, self.kept.open) + "\n").collect(),
        }
    }
}

/// Writes values with their descriptions.
fn lines(candidates: &[Candidate], write: impl Fn(&str) -> String) -> String {
    let line = |Candidate { value, about }: &Candidate| format!("{}\t{}\n", write(value), sanitise(about));
    candidates.iter().map(line).collect()
}

/// Removes the quotes of a PowerShell word; the closing one may be missing.
fn unquoted(word: &str) -> String {
    for quote in ['\'', '"'] {
        if let Some(inside) = word.strip_prefix(quote) {
            let inside = inside.strip_suffix(quote).unwrap_or(inside);
            return inside.replace(&format!("{quote}{quote}"), &quote.to_string());
        }
    }
    word.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(shell: &str, variables: &[(&str, &str)], arguments: &[&str]) -> Option<Request> {
        let variables = variables.iter().copied().chain([(VARIABLE, shell)]).collect();
        let arguments = ["tm-hooks", "--"].iter().chain(arguments).map(OsString::from).collect::<Vec<_>>();
        Request::read(&arguments, &variables)
    }

    /// Returns what Bash inserts for these values on this line, if Readline replaces `replaced`.
    fn in_bash(line: &str, replaced: &str, values: &[&str]) -> String {
        let candidates: Vec<Candidate> = values.iter().map(|value| Candidate::new(*value, "")).collect();
        asked("bash", &[], &[line, "", replaced]).unwrap().written(&candidates)
    }

    #[test]
    fn bash_replaces_what_readline_takes_for_the_word() {
        assert_eq!(in_bash("x list --json=na", "na", &["--json=name"]), "name\n");
        assert_eq!(in_bash("x list --json=na", "--json=na", &["--json=name"]), "--json=name\n");
        assert_eq!(in_bash("x show ERP:", "", &["ERP: prod"]), "\\ prod\n");
        assert_eq!(in_bash("x show Pay\"roll E", "roll E", &["Payroll EU"]), "roll EU\n");
        assert_eq!(in_bash("x edit A --name=\"Pay r", "Pay r", &["--name=Pay roll"]), "Pay roll\n");
    }

    #[test]
    fn quotes_are_closed_where_nothing_else_fits() {
        assert_eq!(in_bash("x show \"it", "it", &["it's \"x\""]), "it's \\\"x\\\"\"\n");
        assert_eq!(in_bash("x show 'it", "it", &["it'"]), "it'\\'''\n");
        assert_eq!(in_bash("x show 'it", "it", &["it'", "its"]), "it'\\''\nits\n");
    }

    #[test]
    fn what_is_only_listed_is_easy_to_read() {
        let request = asked("bash", &[("COMP_TYPE", "63")], &["x --json=id,", "", "id,"]).unwrap();
        let candidates = |values: &[&str]| values.iter().map(|value| Candidate::new(*value, "")).collect::<Vec<_>>();
        assert_eq!(request.written(&candidates(&["--json=id,a b", "--json=id,c"])), "a b\nc\n");
        assert_eq!(request.written(&candidates(&["--json=id,a b"])), "id,a\\ b\n");
    }

    #[test]
    fn what_no_script_of_ours_says_is_not_understood() {
        let none = |shell: &str, arguments: &[&str]| asked(shell, &[], arguments).is_none();
        assert!(none("tcsh", &["1", "tm-hooks", ""]) && none("zsh", &[]) && none("zsh", &["x", "tm-hooks"]));
        assert!(none("zsh", &["2", "tm-hooks"]) && none("bash", &["tm-hooks show "]) && none("powershell", &[]));
    }

    #[test]
    fn powershell_hands_its_words_over_as_they_are_written() {
        let request = asked("powershell", &[(WORDS, "tm-hooks\nshow\n'it''s")], &[]).unwrap();
        assert_eq!((request.words, request.current), (vec!["tm-hooks".into(), "show".into(), "it's".to_owned()], 2));
    }
}
