//! Refuses flags that have no effect for a verb, a target or an output.

use clap::{ArgMatches, parser::ValueSource};

use crate::{error::CliError, render::Format};

/// What a flag affects.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum About {
    /// It affects how data is shown.
    Data,
    /// It chooses the service.
    Service,
    /// It affects the connection to a remote service.
    Way,
}

/// The flags that do not apply to every verb. All others (`--quiet`, `--verbose`, `--color`, `--yes`, `--no-input`)
/// affect messages and questions, and always apply.
const FLAGS: [(&str, &str, About); 13] = [
    ("output", "--output", About::Data),
    ("json", "--json", About::Data),
    ("jq", "--jq", About::Data),
    ("columns", "--columns", About::Data),
    ("table_header", "--table-header", About::Data),
    ("time", "--time", About::Data),
    ("profile", "--profile", About::Service),
    ("service", "--service", About::Service),
    ("request_timeout", "--request-timeout", About::Way),
    ("retries", "--retries", About::Way),
    ("ca_cert", "--ca-cert", About::Way),
    ("proxy", "--proxy", About::Way),
    ("allow_http", "--allow-http", About::Way),
];

/// Flags of a verb with the same name as a global one.
const OWN: [(&str, &str); 1] = [("serve", "--allow-http")];

/// What a verb does, as far as it matters for flags.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Does {
    /// It shows data of a service.
    Asks,
    /// It shows data of a service, and `--time` also decides how that is counted.
    Counts,
    /// It reads or changes this machine's record of services.
    Keeps,
    /// It neither asks a service nor shows data; this is its name.
    Neither(&'static str),
}

/// The [`FLAGS`] that were typed.
#[derive(Debug, Clone, Default)]
pub struct Typed(Vec<(&'static str, About)>);

impl Typed {
    /// Finds the flags that were typed.
    pub fn of(matches: &ArgMatches) -> Self {
        let typed = |id: &str| matches.value_source(id) == Some(ValueSource::CommandLine);
        Typed(FLAGS.into_iter().filter(|(id, ..)| typed(id)).map(|(_, flag, about)| (flag, about)).collect())
    }

    /// Checks that the flags apply to the verb. A verb that prints a document has errors in JSON if `as_json` is set.
    ///
    /// # Errors
    /// Fails if a flag does not apply.
    pub fn check_verb(&self, does: Does, as_json: bool) -> Result<(), CliError> {
        let Does::Neither(verb) = does else { return Ok(()) };
        let is_document = matches!(verb, "completions" | "man" | "help");
        let shapes_errors = |flag: &str| is_document && as_json && matches!(flag, "--output" | "--json");
        let useless = |flag: &str| !OWN.contains(&(verb, flag)) && !shapes_errors(flag);
        let Some((flag, about)) = self.0.iter().find(|(flag, _)| useless(flag)) else { return Ok(()) };
        let hint = match about {
            About::Data => "leave it out: there are no data here that could be shown in another way",
            About::Service | About::Way => "leave it out: no service is asked",
        };
        Err(CliError::usage(format!("tm-hooks {verb} has no use for {flag}")).hint(hint))
    }

    /// Checks that the flags apply to the target and the output.
    ///
    /// # Errors
    /// Fails if a flag does not apply.
    pub fn check_target_and_output(&self, does: Does, is_local: bool, format: Format) -> Result<(), CliError> {
        let asks = matches!(does, Does::Asks | Does::Counts);
        if let Some((flag, _)) = self.0.iter().find(|(_, about)| asks && is_local && *about == About::Way) {
            return Err(CliError::usage(format!("{flag} has no use here: the service is the one inside this program"))
                .hint(format!("name a service with --service URL or --profile NAME, or leave out {flag}")));
        }
        let is_table = format == Format::Table;
        if self.has("--time") && !is_table && does != Does::Counts {
            return Err(CliError::usage("--time has no use here: only tables have times in words or another zone")
                .hint("leave it out: JSON, CSV and TSV have times in UTC"));
        }
        if self.has("--columns") && matches!(format, Format::Json | Format::Ndjson | Format::Id) {
            let refused = CliError::usage("--columns has no use here: this output has no columns");
            return Err(refused.hint(match format {
                Format::Id => "leave it out, or choose -o table, csv or tsv",
                _ => "name the fields with --json=NAMES, or choose -o table, csv or tsv",
            }));
        }
        if self.has("--table-header") && matches!(format, Format::Json | Format::Ndjson | Format::Id) {
            return Err(CliError::usage("--table-header has no use here: this output has no header")
                .hint("leave it out, or choose -o table, csv or tsv"));
        }
        Ok(())
    }

    fn has(&self, flag: &str) -> bool {
        self.0.iter().any(|(typed, _)| *typed == flag)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::commands::command;

    fn typed(words: &str) -> Typed {
        Typed::of(&command().try_get_matches_from(std::iter::once("x").chain(words.split(' '))).unwrap())
    }

    #[test]
    fn every_flag_exists_and_is_found_before_and_behind_the_verb() {
        let program = command();
        for (id, flag, _) in FLAGS {
            let argument = program.get_arguments().find(|argument| argument.get_id() == id).expect(flag);
            assert_eq!(argument.get_long(), flag.strip_prefix("--"));
        }
        assert_eq!(typed("list").0, []);
        for words in ["--time utc list", "list --time utc"] {
            assert!(typed(words).has("--time"), "{words}");
        }
    }

    #[test]
    fn a_verb_without_data_and_service_refuses_what_is_about_them() {
        for flag in
            ["-o json", "--jq .", "--columns id", "--time utc", "-p x", "--service x", "--retries 1", "--allow-http"]
        {
            let refused = typed(&format!("man {flag}")).check_verb(Does::Neither("man"), false).unwrap_err();
            assert!(refused.message().starts_with("tm-hooks man has no use for --"), "{flag}");
            assert!(typed(&format!("list {flag}")).check_verb(Does::Asks, false).is_ok(), "{flag}");
        }
        assert!(typed("man -o json").check_verb(Does::Neither("man"), true).is_ok());
        assert!(typed("man -o json --jq .").check_verb(Does::Neither("man"), true).is_err());
        assert!(typed("man --quiet -v --color never -y --no-input").check_verb(Does::Neither("man"), false).is_ok());
    }

    #[cfg(feature = "service")]
    #[test]
    fn the_service_itself_takes_the_flags_that_it_has_too() {
        assert!(typed("serve -o json").check_verb(Does::Neither("serve"), true).is_err());
        assert!(typed("serve --allow-http").check_verb(Does::Neither("serve"), false).is_ok());
    }

    #[test]
    fn what_is_about_a_network_is_refused_where_there_is_none() {
        let of =
            |words: &str, does, is_local| typed(words).check_target_and_output(does, is_local, Format::Table).is_ok();
        for flag in ["--ca-cert x", "--proxy x", "--request-timeout 1s", "--retries 1", "--allow-http"] {
            assert!(!of(&format!("list {flag}"), Does::Asks, true), "{flag}");
            assert!(of(&format!("list {flag}"), Does::Asks, false), "{flag}");
            assert!(of(&format!("list {flag}"), Does::Keeps, true), "{flag}");
        }
    }

    #[test]
    fn what_is_about_tables_is_refused_elsewhere() {
        let of = |words: &str, does, format| typed(words).check_target_and_output(does, false, format).is_ok();
        for format in [Format::Csv, Format::Tsv, Format::Json, Format::Ndjson, Format::Id] {
            assert!(!of("list --time local", Does::Asks, format) && of("list --time local", Does::Counts, format));
        }
        assert!(of("list --time local", Does::Asks, Format::Table));
        assert!(of("list --table-header never", Does::Asks, Format::Csv));
        for format in [Format::Json, Format::Ndjson, Format::Id] {
            assert!(!of("list --table-header never", Does::Asks, format));
            assert!(
                !of("list --columns name", Does::Asks, format)
                    && !of("config list --columns name", Does::Keeps, format)
            );
        }
        for format in [Format::Table, Format::Csv, Format::Tsv] {
            assert!(of("list --columns name", Does::Asks, format));
        }
    }
}
