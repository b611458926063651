//! The command line so far: the verb, its arguments, and the word that is being typed.

use clap::{Arg, Command};

/// The command line that is being typed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Line {
    /// The words up to the one that is being typed, which is the last. The value of an option is replaced if the engine
    /// could misread it.
    pub words: Vec<String>,
    /// The verb before that word, with its sub-verb: `secret`, `show`.
    pub verb: Vec<String>,
    /// The options on the whole line with their values; the value is empty for a switch.
    options: Vec<(String, String)>,
    /// The other arguments on the whole line, without the word that is being typed.
    pub positionals: Vec<String>,
}

impl Line {
    /// Parses the words of a line; the one at `current` is being typed. The first is the program's name.
    pub(super) fn read(program: &Command, words: &[String], current: usize) -> Self {
        let mut line = Line::default();
        let mut reader = Reader { command: program, option: None, escaped: false };
        for (at, word) in words.iter().enumerate() {
            let kept = match at {
                0 => word.clone(),
                _ if at == current => {
                    reader.option = None;
                    word.clone()
                }
                _ => reader.word(word, at < current, &mut line),
            };
            if at <= current {
                line.words.push(kept);
            }
        }
        line
    }

    /// Returns the word that is being typed.
    pub(super) fn current(&self) -> &str {
        self.words.last().map_or("", String::as_str)
    }

    /// Returns the value of an option; the last one if it was given more than once.
    pub(super) fn option(&self, id: &str) -> Option<&str> {
        self.options.iter().rev().find(|(name, _)| name == id).map(|(_, value)| value.as_str())
    }
}

struct Reader<'a> {
    command: &'a Command,
    /// The option whose value comes next.
    option: Option<&'a Arg>,
    escaped: bool,
}

impl<'a> Reader<'a> {
    /// Records a word, and returns it as the engine should see it.
    fn word(&mut self, word: &str, before: bool, line: &mut Line) -> String {
        if let Some(option) = self.option.take() {
            line.options.push((option.get_id().to_string(), word.to_owned()));
            // The engine takes any word with a command's name for that command: `-p test list`.
            return "_".to_owned();
        }
        if self.escaped {
            line.positionals.push(word.to_owned());
        } else if word == "--" {
            self.escaped = true;
        } else if let Some(flag) = word.strip_prefix("--") {
            return self.long(flag, line);
        } else if let Some(flags) = word.strip_prefix('-').filter(|flags| !flags.is_empty()) {
            self.short(flags, line);
        } else if let Some(command) = self.command.find_subcommand(word).filter(|_| before) {
            self.command = command;
            line.verb.push(command.get_name().to_owned());
        } else {
            line.positionals.push(word.to_owned());
        }
        word.to_owned()
    }

    fn long(&mut self, flag: &str, line: &mut Line) -> String {
        let (name, value) = flag.split_once('=').map_or((flag, None), |(name, value)| (name, Some(value)));
        let is_meant =
            |arg: &&Arg| arg.get_long() == Some(name) || arg.get_all_aliases().is_some_and(|all| all.contains(&name));
        let Some(option) = self.command.get_arguments().find(is_meant) else { return format!("--{flag}") };
        if value.is_none() && takes_value(option) {
            if option.is_require_equals_set() {
                line.options.push((option.get_id().to_string(), String::new()));
                // Otherwise the engine would take the next word as its value.
                return format!("--{name}=");
            }
            self.option = Some(option);
        } else {
            line.options.push((option.get_id().to_string(), value.unwrap_or_default().to_owned()));
        }
        format!("--{flag}")
    }

    fn short(&mut self, flags: &str, line: &mut Line) {
        for (at, letter) in flags.char_indices() {
            let Some(option) = self.command.get_arguments().find(|arg| arg.get_short() == Some(letter)) else { return };
            let value = &flags[at + letter.len_utf8()..];
            if !takes_value(option) {
                line.options.push((option.get_id().to_string(), String::new()));
            } else if value.is_empty() {
                self.option = Some(option);
            } else {
                let value = value.strip_prefix('=').unwrap_or(value);
                line.options.push((option.get_id().to_string(), value.to_owned()));
                return;
            }
        }
    }
}

fn takes_value(option: &Arg) -> bool {
    option.get_num_args().is_some_and(|count| count.takes_values())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(typed: &str) -> Line {
        let mut program = crate::commands::command();
        program.build();
        // `|` marks the cursor.
        let words: Vec<String> = typed.split(' ').map(|word| word.replace('|', "")).collect();
        let current = typed.split(' ').position(|word| word.contains('|')).unwrap();
        Line::read(&program, &words, current)
    }

    #[test]
    fn the_verb_its_options_and_the_rest_are_told_apart() {
        let line = read("tm-hooks -p production secret show Payroll --format=e|");
        assert_eq!(line.verb, ["secret", "show"]);
        assert_eq!(
            (line.option("profile"), line.positionals.as_slice()),
            (Some("production"), &["Payroll".to_owned()][..])
        );
        assert_eq!(line.current(), "--format=e");
        assert_eq!(read("tm-hooks ls --|").verb, ["list"]);
        assert_eq!(read("tm-hooks list -ojson -qv -p=a |").option("profile"), Some("a"));
        assert_eq!(read("tm-hooks show -- -p |").positionals, ["-p"]);
    }

    #[test]
    fn a_value_is_no_command_whatever_it_is_called() {
        let line = read("tm-hooks -p test sh|");
        assert_eq!((line.verb.len(), line.words.join(" ").as_str()), (0, "tm-hooks -p _ sh"));
        assert_eq!(read("tm-hooks --json list --json |").words.join(" "), "tm-hooks --json= list --json= ");
    }

    #[test]
    fn what_stands_behind_the_cursor_counts_too() {
        let line = read("tm-hooks show P| -p production --service http://a.example");
        assert_eq!((line.option("profile"), line.option("service")), (Some("production"), Some("http://a.example")));
        assert_eq!(line.words.join(" "), "tm-hooks show P");
        assert_eq!(read("tm-hooks s| Payroll").positionals, ["Payroll"]);
    }
}
