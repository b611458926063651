//! The global flags, which are accepted before and after every verb.

mod useful;

use std::{ffi::OsString, path::PathBuf, time::Duration};

use clap::ValueEnum;
use url::Url;

use crate::{
    config::{self, ConfigError, Flags, Setting},
    error::CliError,
    render::{Format, HeaderChoice, Jq, TimeStyle},
    term::{ColorChoice, Environment, OutputFlags, SignChoice},
};

use super::arguments;

pub use useful::{Does, Typed};

/// The heading of the global flags in help.
pub(super) const HEADING: &str = "Global options";

/// The global flags.
#[derive(Debug, Clone, Default, clap::Args)]
#[command(next_help_heading = HEADING)]
pub struct Globals {
    /// How data is written
    ///
    /// A table is aligned on a terminal and tab-separated elsewhere; json, ndjson, csv, tsv and id are the same
    /// everywhere. Default: table, or what TM_HOOKS_OUTPUT says.
    #[arg(short, long, global = true, value_enum, value_name = "FORMAT")]
    pub output: Option<Format>,

    /// JSON; with names, an array of just these fields
    #[arg(long, global = true, num_args = 0..=1, require_equals = true, value_name = "FIELDS")]
    pub json: Option<Option<String>>,

    /// Filter the JSON output, in the language of jq: strings come without quotes, one result per line
    #[arg(long, global = true, value_parser = arguments::filter, value_name = "EXPRESSION", allow_hyphen_values = true)]
    pub jq: Option<String>,

    /// Which columns a table, CSV or TSV has, by their names in JSON
    #[arg(long, global = true, value_delimiter = ',', value_name = "NAMES")]
    pub columns: Option<Vec<String>>,

    /// Whether a table has a header: on a terminal, always, or never
    #[arg(long, global = true, value_enum, value_name = "WHEN", default_value = "auto")]
    pub table_header: HeaderChoice,

    /// How times are written in tables: relative on a terminal, UTC elsewhere
    #[arg(long, global = true, value_enum, value_name = "STYLE")]
    pub time: Option<TimeStyle>,

    /// Which profile to use; "local" is the service inside this program
    ///
    /// `tm-hooks profile list` shows them. Default: what TM_HOOKS_PROFILE says, or the one that `tm-hooks profile use`
    /// has chosen.
    #[arg(short, long, global = true, value_name = "NAME")]
    pub profile: Option<String>,

    /// The service to talk to; else TM_HOOKS_URL, else the one inside this program
    #[arg(long, global = true, value_name = "URL")]
    pub service: Option<String>,

    /// No messages but warnings and errors
    #[arg(short, long, global = true)]
    pub quiet: bool,

    /// Print more details, and failures in the words of the system and libraries
    #[arg(short, long, global = true, action = clap::ArgAction::Count)]
    pub verbose: u8,

    /// Answer yes to "are you sure?"
    #[arg(short, long, global = true)]
    pub yes: bool,

    /// Ask nothing; fail with exit code 2 where an answer is needed
    #[arg(long, global = true)]
    pub no_input: bool,

    /// Whether to use colour
    #[arg(long, global = true, value_enum, value_name = "WHEN", default_value = "auto")]
    pub color: ColorChoice,

    /// How long one request to the service may take (default 30s)
    #[arg(long, global = true, value_parser = arguments::some_duration, value_name = "DURATION")]
    pub request_timeout: Option<Duration>,

    /// How often a temporarily failed request is repeated (default 3)
    #[arg(long, global = true, value_parser = clap::value_parser!(u32).range(0..=20), value_name = "N")]
    pub retries: Option<u32>,

    /// A file with certificates to trust besides the system's, in PEM
    #[arg(long, global = true, value_name = "FILE")]
    pub ca_cert: Option<PathBuf>,

    /// The proxy that leads to the service; else what HTTPS_PROXY and NO_PROXY say
    #[arg(long, global = true, value_name = "URL", value_parser = config::proxy_url)]
    pub proxy: Option<Url>,

    /// Let the token go over plain HTTP to another machine
    #[arg(long, global = true)]
    pub allow_http: bool,
}

impl Globals {
    /// Returns the chosen output and fields.
    ///
    /// # Errors
    /// Fails if two flags contradict each other, or if a setting is not an output and data is `wanted`.
    pub fn output(&self, setting: &Setting<String>, wanted: bool) -> Result<(Format, Option<Vec<String>>), CliError> {
        let by_setting = || match from_setting(setting) {
            Err(_) if !wanted => Ok(Format::Table),
            found => found,
        };
        let flag = if self.json.is_some() { "--json" } else { "--jq" };
        if self.json.is_none() && self.jq.is_none() {
            return Ok((self.output.map_or_else(by_setting, Ok)?, None));
        }
        let format = match self.output {
            None | Some(Format::Json) => Format::Json,
            Some(Format::Ndjson) => Format::Ndjson,
            Some(_) => {
                let message = format!("{flag} and --output contradict each other: {flag} means JSON");
                return Err(CliError::usage(message).hint("give one of them"));
            }
        };
        let names = self.json.as_ref().and_then(Option::as_deref);
        Ok((format, names.map(|names| names.split(',').map(|name| name.trim().to_owned()).collect())))
    }

    /// Returns the names of `--columns`.
    pub fn columns(&self) -> Option<Vec<String>> {
        self.columns.as_ref().map(|names| names.iter().map(|name| name.trim().to_owned()).collect())
    }

    /// Returns the filter of `--jq`.
    ///
    /// # Errors
    /// Fails if it is not a filter.
    pub fn filter(&self) -> Result<Option<Jq>, CliError> {
        self.jq.as_deref().map(Jq::new).transpose()
    }

    /// Returns the flags for the terminal.
    pub fn output_flags(&self, format: Format, signs: SignChoice) -> OutputFlags {
        let Globals { color, quiet, no_input, verbose, .. } = *self;
        OutputFlags { color, signs, quiet, no_input, verbose: verbose > 0, machine: format.is_json() }
    }

    /// Returns the flags for the settings.
    pub fn flags(&self) -> Flags {
        Flags {
            service: self.service.clone(),
            profile: self.profile.clone(),
            output: self.output.and_then(|output| Some(output.to_possible_value()?.get_name().to_owned())),
            retries: self.retries,
            request_timeout: self.request_timeout,
            ca_cert: self.ca_cert.clone(),
            proxy: self.proxy.clone(),
            allow_http: self.allow_http,
        }
    }
}

/// Returns what is wrong with the chosen output, if anything.
pub(super) fn format_problem(setting: &Setting<String>) -> Option<ConfigError> {
    from_setting(setting).err()
}

fn from_setting(Setting { value, source }: &Setting<String>) -> Result<Format, ConfigError> {
    Format::from_str(value, true).map_err(|_| ConfigError::BadValue {
        value: value.clone(),
        from: source.clone(),
        why: "the outputs are table, json, ndjson, csv, tsv and id".to_owned(),
    })
}

/// Whether an error in these arguments must be JSON; this is needed before they are parsed. `--jq` alone does not make
/// it JSON, as its results are not.
pub fn wants_json(arguments: &[OsString], environment: &Environment) -> bool {
    let words: Vec<&str> = arguments.iter().skip(1).filter_map(|argument| argument.to_str()).collect();
    let words = words.split(|word| *word == "--").next().unwrap_or_default();
    let is_json = |format: &str| matches!(format.to_ascii_lowercase().as_str(), "json" | "ndjson");
    let mut chosen = None;
    for (at, word) in words.iter().enumerate() {
        if *word == "--json" || word.starts_with("--json=") {
            return true;
        }
        let value = match word.strip_prefix("--") {
            Some("output") => words.get(at + 1).copied(),
            Some(long) => long.strip_prefix("output="),
            None => output_among(word).and_then(|rest| rest.or_else(|| words.get(at + 1).copied())),
        };
        chosen = value.map(is_json).or(chosen);
    }
    chosen.unwrap_or_else(|| environment.get("TM_HOOKS_OUTPUT").is_some_and(is_json))
}

/// Returns what follows `o` in a word of short flags, such as `-ojson` or `-qo=json`; `Some(None)` means the next word.
fn output_among(word: &str) -> Option<Option<&str>> {
    let short = word.strip_prefix('-')?;
    let rest = short.trim_start_matches(SWITCHES).strip_prefix('o')?;
    let rest = rest.strip_prefix('=').unwrap_or(rest);
    Some(Some(rest).filter(|rest| !rest.is_empty()))
}

/// The short flags without a value, which another flag may follow in the same word.
const SWITCHES: [char; 6] = ['q', 'v', 'y', 'i', 'h', 'V'];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{KEYS, SettingSource};

    fn json(words: &str, variables: &[(&str, &str)]) -> bool {
        let arguments: Vec<OsString> = words.split(' ').map(OsString::from).collect();
        wants_json(&arguments, &variables.iter().copied().collect())
    }

    #[test]
    fn errors_are_json_when_output_is() {
        for yes in [
            "x list -o json",
            "x -ojson list",
            "x list --output=ndjson",
            "x --json list",
            "x list --json=a,b",
            "x list --jq . --json",
            "x -qo json nope",
            "x -vo json --bad",
            "x -qvyo=json list",
            "x -yojson list",
            "x -o csv list -o json",
        ] {
            assert!(json(yes, &[]), "{yes}");
        }
        for no in [
            "x list",
            "x list -o table",
            "x list -o",
            "x list -- --json",
            "x -o json -o csv",
            "x list --jq .",
            "x -po json",
            "x -qv json",
            "x -qocsv",
        ] {
            assert!(!json(no, &[]), "{no}");
        }
        assert!(json("x list", &[("TM_HOOKS_OUTPUT", "json")]));
        assert!(!json("x list -o csv", &[("TM_HOOKS_OUTPUT", "json")]));
    }

    #[test]
    fn json_alone_is_the_whole_document() {
        let csv = Setting { value: "csv".to_owned(), source: SettingSource::Default };
        let of = |json: Option<&str>, output| {
            let json = Some(json.map(str::to_owned));
            Globals { json, output, ..Globals::default() }.output(&csv, true)
        };
        let fields = |names: &[&str]| Some(names.iter().map(ToString::to_string).collect());
        assert_eq!(of(None, None).unwrap(), (Format::Json, None));
        assert_eq!(of(Some("id, name"), Some(Format::Ndjson)).unwrap(), (Format::Ndjson, fields(&["id", "name"])));
        // Invalid names are refused later, where the names are known.
        assert_eq!(of(Some("id,"), None).unwrap().1, fields(&["id", ""]));
        assert_eq!(of(Some(""), None).unwrap().1, fields(&[""]));
        assert!(of(Some("id"), Some(Format::Csv)).is_err());
        let filtered = |output| Globals { jq: Some(".".to_owned()), output, ..Globals::default() }.output(&csv, true);
        assert_eq!(filtered(None).unwrap(), (Format::Json, None));
        assert!(filtered(Some(Format::Id)).is_err());
    }

    #[test]
    fn an_unknown_output_in_the_environment_is_an_error() {
        let yaml = Setting { value: "yaml".to_owned(), source: SettingSource::Environment("TM_HOOKS_OUTPUT") };
        assert!(Globals::default().output(&yaml, true).unwrap_err().message().contains("TM_HOOKS_OUTPUT"));
        assert_eq!(Globals::default().output(&yaml, false).unwrap(), (Format::Table, None), "nothing is written in it");
    }

    #[test]
    fn the_configuration_file_takes_the_same_outputs() {
        for format in Format::value_variants() {
            let name = format.to_possible_value().unwrap().get_name().to_owned();
            assert!(KEYS.iter().find(|key| key.name == "output").unwrap().check(&name).is_ok(), "{name}");
        }
    }
}
