//! The possible values of each verb's arguments, as far as they are known.

use clap::{Command, ValueEnum};

use crate::{
    commands::help,
    config::{KEYS, SettingKey, SettingScope, TokenPlace},
    domain::{
        attempt::{AttemptKind, AttemptStatus},
        event::{EventFilter, EventType},
        payload::{CASES, EventData},
        query::WebhookSort,
        scheme::{NAMED, SchemeChoice},
        source::SourceScheme,
        stats::GroupBy,
        token::Scope,
        version::Version,
    },
    render::Format,
};

use super::{
    candidate::{Candidate, Completion},
    engine::{self, Values},
    fields::{self, Flag},
    live::Live,
};

/// Returns how the argument `id` of a verb is completed, or `None` if its values are unknown, if clap knows them, or if
/// it is a file.
pub(super) fn of(verb: &[&str], id: &str) -> Option<Values> {
    Some(match (verb, id) {
        (_, "profile") | (["profile", "use" | "add" | "remove"], "name") => |_, live| live.profiles().into(),
        (_, "service") | (["login"] | ["profile", "add"], "url") => |_, live| services(live).into(),
        (_, "json") => |typed, live| field_list(typed, live).into(),
        (_, "columns") => |_, live| unused(names(&fields::of(&live.line, Flag::Columns)), live).into(),
        (["pin"], "webhooks") => |typed, live| webhooks_or_version(typed, live).into(),
        (["retry"], "things") => |typed, live| to_retry(typed, live).into(),
        (["show"], "ids") => |typed, live| [live.webhooks(typed), live.newest(typed)].concat().into(),
        (_, "webhook" | "webhooks" | "target") => |typed, live| live.webhooks(typed).into(),
        (["token", "revoke"], "token") => |typed, live| live.tokens(typed).into(),
        (["audit"], "actor") => |typed, live| actors(typed, live).into(),
        (["add" | "edit"], "sources") => |typed, live| unused(live.sources(typed), live).into(),
        (["source", ..], "source" | "sources") | (["show" | "retry"], "source") => {
            |typed, live| live.sources(typed).into()
        }
        (["source", ..], "scheme") => |_, _| source_schemes().into(),
        (["source", ..], "expect_within") => |_, _| names(&["1h", "12h", "24h", "2d"]).into(),
        (["source", ..], "expect_days") => |_, _| names(&["mon-fri", "mon-sat", "mon-sun"]).into(),
        (["add" | "edit"], "events") => |typed, live| filters(typed, live).into(),
        (_, "event" | "event_type") => |_, _| types().into(),
        (_, "pin" | "protocol" | "version") => |_, _| versions().into(),
        (_, "status") => |_, _| words(AttemptStatus::ALL).into(),
        (_, "kind") => |_, _| words(AttemptKind::ALL).into(),
        (_, "sort") => |_, _| words(WebhookSort::ALL).into(),
        (_, "by") => |_, _| words(GroupBy::ALL).into(),
        (_, "scopes") => |_, live| unused(words(Scope::ALL), live).into(),
        (_, "code") => |_, _| names(&["2xx", "3xx", "4xx", "5xx"]).into(),
        (_, "since" | "until") => |_, _| names(&["1h", "24h", "7d", "30d"]).into(),
        (_, "log_format") => |_, _| names(&["text", "json"]).into(),
        (["api"], "method") => |_, _| names(&["GET", "POST", "PUT", "PATCH", "DELETE"]).into(),
        (["config", "get"], "name") => |_, live| settings(live, true).into(),
        (["config", "set"], "name") => |_, live| settings(live, false).into(),
        (["config", "set"], "value") => |_, live| setting(live),
        (["help"], "words") => |_, live| help_words(&(live.program)(), &live.line.positionals).into(),
        (["send"], "example") => |_, _| cases().into(),
        (_, "set") => |_, live| data_fields(live, "=").into(),
        (_, "unset") => |_, live| data_fields(live, "").into(),
        (["verify" | "sign"], "scheme") => |_, _| schemes(|choice| *choice != SchemeChoice::None).into(),
        (["add" | "edit"], "scheme") => |_, _| schemes(|_| true).into(),
        (_, "headers" | "header" | "data") => |typed, _| at_file(typed).into(),
        _ => return None,
    })
}

fn names(names: &[&str]) -> Vec<Candidate> {
    names.iter().map(|name| Candidate::new(*name, "")).collect()
}

fn words(words: &[impl ToString]) -> Vec<Candidate> {
    words.iter().map(|word| Candidate::new(word.to_string(), "")).collect()
}

fn cases() -> Vec<Candidate> {
    CASES.iter().map(|case| Candidate::new(case.name, case.description)).collect()
}

fn schemes(fits: fn(&SchemeChoice) -> bool) -> Vec<Candidate> {
    let fitting = NAMED.iter().filter(|(choice, ..)| fits(choice));
    fitting.map(|(_, name, about)| Candidate::new(*name, *about)).collect()
}

/// Returns how a source's sender may sign.
fn source_schemes() -> Vec<Candidate> {
    let learn = Candidate::new(SourceScheme::LEARN, "find it out from the first requests");
    std::iter::once(learn).chain(schemes(|_| true)).collect()
}

fn versions() -> Vec<Candidate> {
    Version::ALL.map(|version| Candidate::new(version.as_str(), version.description())).to_vec()
}

fn types() -> Vec<Candidate> {
    EventType::KNOWN.map(|event_type| Candidate::new(event_type.as_str(), event_type.description())).to_vec()
}

/// Returns the filters of a webhook; in changes, after the typed sign.
fn filters(typed: &str, live: &Live) -> Vec<Candidate> {
    let sign = if typed.starts_with(['+', '-']) { &typed[..1] } else { "" };
    let groups = std::iter::once(EventFilter::All).chain(EventFilter::known_groups());
    let groups = groups.map(|filter| Candidate::new(filter.to_string(), "all of them"));
    let single = types().into_iter().filter(|it| it.value.parse::<EventFilter>().is_ok());
    let taken = earlier_parts(live.line.current());
    let is_new = |it: &Candidate| !taken.iter().any(|part| part.trim_start_matches(['+', '-']) == it.value);
    let all = single.chain(groups).filter(is_new);
    all.map(|it| Candidate::new(format!("{sign}{}", it.value), it.about)).collect()
}

/// Returns the parts of a list before the typed one.
fn earlier_parts(current: &str) -> Vec<&str> {
    let value = current.strip_prefix("--").and_then(|flag| flag.split_once('=')).map_or(current, |(_, value)| value);
    let mut parts: Vec<&str> = value.split(',').collect();
    parts.pop();
    parts
}

/// Removes candidates that the list already has.
fn unused(candidates: Vec<Candidate>, live: &Live) -> Vec<Candidate> {
    let taken = earlier_parts(live.line.current());
    candidates.into_iter().filter(|it| !taken.contains(&it.value.as_str())).collect()
}

/// Completes `--json`, whose list is a single value.
fn field_list(typed: &str, live: &Live) -> Vec<Candidate> {
    let before = typed.rfind(',').map_or("", |comma| &typed[..=comma]);
    let fields = unused(names(&fields::of(&live.line, Flag::Json)), live);
    fields.into_iter().map(|it| Candidate::new(format!("{before}{}", it.value), it.about)).collect()
}

/// Completes `pin`, which takes webhooks and then a version.
fn webhooks_or_version(typed: &str, live: &Live) -> Vec<Candidate> {
    let version = if live.line.positionals.is_empty() { Vec::new() } else { versions() };
    [version, live.webhooks(typed)].concat()
}

fn to_retry(typed: &str, live: &Live) -> Vec<Candidate> {
    if live.line.option("failed").is_some() {
        return live.webhooks(typed);
    }
    live.newest(if typed.is_empty() { "at_" } else { typed })
}

fn actors(typed: &str, live: &Live) -> Vec<Candidate> {
    let others = ["admin", "local", "service"].map(|name| Candidate::new(name, "no token"));
    others.into_iter().chain(live.tokens(typed)).collect()
}

/// Returns the services of the profiles.
fn services(live: &Live) -> Vec<Candidate> {
    let elsewhere = live.profiles().into_iter().filter(|it| it.about.contains("://"));
    elsewhere.map(|Candidate { value, about }| Candidate::new(about, value)).collect()
}

/// Returns the settings at the top of the file and of profiles, and with `shown` also those that are only listed.
fn settings(live: &Live, shown: bool) -> Vec<Candidate> {
    let fits = |key: &&SettingKey, place: SettingScope| key.scope == place || key.scope == SettingScope::Both;
    let top =
        KEYS.iter().filter(|key| fits(key, SettingScope::Everywhere)).map(|key| Candidate::new(key.name, key.about));
    let mut all: Vec<Candidate> = top.collect();
    if shown {
        let others = live
            .settings()
            .into_iter()
            .filter(|(name, ..)| !KEYS.iter().any(|key| key.name == *name && key.scope != SettingScope::Profile));
        all.extend(others.map(|(name, value, _)| Candidate::new(name, value)));
    }
    // Their common prefix keeps them out of the way.
    for profile in live.profiles().iter().filter(|it| it.value != crate::config::LOCAL) {
        let keys = KEYS.iter().filter(|key| fits(key, SettingScope::Profile));
        all.extend(keys.map(|key| Candidate::new(format!("profiles.{}.{}", profile.value, key.name), key.about)));
    }
    all
}

/// Returns the values of the named setting.
fn setting(live: &Live) -> Completion {
    let name = live.line.positionals.first().map_or("", String::as_str);
    let values = match name.rsplit('.').next().unwrap_or_default() {
        "output" => engine::possible(Format::value_variants().iter().filter_map(ValueEnum::to_possible_value)),
        "profile" => live.profiles(),
        "protected" | "allow-http" => names(&["true", "false"]),
        "token" => names(&[TokenPlace::Keyring.as_str(), TokenPlace::File.as_str()]),
        "ca-cert" => return Completion::Files,
        _ => Vec::new(),
    };
    values.into()
}

/// Returns the commands below the named ones; at the top, the topics too.
fn help_words(program: &Command, named: &[String]) -> Vec<Candidate> {
    let Some(found) = named.iter().try_fold(program, |found: &Command, word| found.find_subcommand(word)) else {
        return Vec::new();
    };
    let about = |command: &Command| command.get_about().map(ToString::to_string).unwrap_or_default();
    let commands = found.get_subcommands().map(|command| Candidate::new(command.get_name(), about(command)));
    let topics = help::named_topics().filter(|_| named.is_empty()).map(|(name, about)| Candidate::new(name, about));
    commands.chain(topics).collect()
}

/// Returns the fields of an event's data, each with `end`.
fn data_fields(live: &Live, end: &str) -> Vec<Candidate> {
    let typed = live.line.option("event").or(live.line.positionals.first().map(String::as_str));
    let Some(event_type) = typed.and_then(|typed| typed.parse::<EventType>().ok()) else { return Vec::new() };
    let Ok(serde_json::Value::Object(example)) = serde_json::to_value(EventData::example(event_type)) else {
        return Vec::new();
    };
    example.iter().map(|(field, value)| Candidate::new(format!("{field}{end}"), value.to_string())).collect()
}

/// Returns files after an `@`.
fn at_file(typed: &str) -> Vec<Candidate> {
    let Some(path) = typed.strip_prefix('@') else { return Vec::new() };
    engine::files(path).into_iter().map(|it| Candidate::new(format!("@{}", it.value), it.about)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Values that people invent: names, addresses, numbers, durations.
    const MADE_UP: &[&str] = &[
        "database",
        "delivery",
        "expires",
        "fail_over",
        "fields",
        "filter",
        "jq",
        "keep_bodies",
        "keep_history",
        "limit",
        "listen",
        "name",
        "occurred_at",
        "overlap",
        "path",
        "proxy",
        "rate",
        "rate_limit",
        "remove_header",
        "request_timeout",
        "retries",
        "search",
        "time_zone",
        "timeout",
        "tolerance",
        "url",
        "user",
        "allow_cidr",
        "ingress",
        "public_url",
        "trusted_proxy",
        "count",
        "cursor",
        "id",
    ];

    fn commands(command: &Command, path: &[String], seen: &mut Vec<(Vec<String>, Vec<clap::Arg>)>) {
        seen.push((path.to_vec(), command.get_arguments().cloned().collect()));
        for below in command.get_subcommands() {
            commands(below, &[path, &[below.get_name().to_owned()]].concat(), seen);
        }
    }

    #[test]
    fn every_argument_is_completed_or_made_up() {
        let mut program = crate::commands::command();
        program.build();
        let mut all = Vec::new();
        commands(&program, &[], &mut all);
        for (path, arguments) in all {
            let verb: Vec<&str> = path.iter().map(String::as_str).collect();
            for argument in arguments.iter().filter(|it| it.get_num_args().is_some_and(|count| count.takes_values())) {
                let id = argument.get_id().as_str();
                let known = of(&verb, id).is_some()
                    || !argument.get_possible_values().is_empty()
                    || engine::is_path(argument)
                    || MADE_UP.contains(&id);
                assert!(
                    known,
                    "{}: what are the values of {id}? Say so in values::of, or that it is made up",
                    verb.join(" ")
                );
            }
        }
    }

    #[test]
    fn of_a_list_only_the_last_part_is_being_typed() {
        assert_eq!(earlier_parts("--json=id,name,u"), ["id", "name"]);
        assert_eq!(earlier_parts("attendance.inserted,"), ["attendance.inserted"]);
        assert!(earlier_parts("--events").is_empty());
    }

    #[test]
    fn help_knows_topics_and_what_is_below_a_command() {
        let words = |named: &[&str]| {
            let named: Vec<String> = named.iter().map(ToString::to_string).collect();
            help_words(&crate::commands::command(), &named).into_iter().map(|it| it.value).collect::<Vec<_>>()
        };
        assert!(words(&[]).contains(&"exit-codes".to_owned()) && words(&[]).contains(&"list".to_owned()));
        assert!(
            words(&["secret"]).contains(&"rotate".to_owned()) && !words(&["secret"]).contains(&"output".to_owned())
        );
        assert!(words(&["nothing"]).is_empty());
    }
}
