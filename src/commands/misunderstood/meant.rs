//! The names that other tools use for this program's commands and flags. The parser detects typing mistakes; these are
//! other words.

use crate::{commands::help, domain::version::Version};

/// A parent command, other tools' words, and this program's command.
const COMMANDS: &[(&str, &[&str], &str)] = &[
    ("", &["update", "modify", "change", "set", "patch", "rename", "put"], "edit"),
    ("", &["remove", "del", "destroy", "erase", "unregister", "unsubscribe"], "delete"),
    ("", &["get", "describe", "info", "view", "inspect", "cat", "details", "read"], "show"),
    (
        "",
        &["logs", "log", "tail", "history", "deliveries", "delivery", "attempt", "tries", "watch", "follow"],
        "attempts",
    ),
    ("", &["trigger", "emit", "publish", "fire", "push", "post", "dispatch", "notify"], "send"),
    (
        "",
        &["webhooks", "webhook", "hooks", "hook", "endpoints", "endpoint", "subscriptions", "status", "all", "ps"],
        "list",
    ),
    ("", &["create", "new", "register", "subscribe", "insert", "make"], "add"),
    ("", &["ping", "check", "try", "probe"], "test"),
    ("", &["resend", "replay", "redeliver", "rerun", "recover", "repeat", "requeue"], "retry"),
    ("", &["stop", "pause", "suspend", "deactivate", "off"], "disable"),
    ("", &["resume", "unpause", "activate", "on"], "enable"),
    ("", &["signin", "sign-in", "auth", "authenticate"], "login"),
    ("", &["signout", "sign-out"], "logout"),
    ("", &["me", "who", "user", "id"], "whoami"),
    ("", &["settings", "setting", "configure", "configuration", "options"], "config"),
    ("", &["profiles", "context", "contexts", "account", "accounts"], "profile"),
    ("", &["tokens", "apikey", "apikeys", "api-key", "api-keys", "keys"], "token"),
    ("", &["secrets", "key", "signing-secret"], "secret"),
    ("", &["rotate"], "secret rotate"),
    ("", &["detect", "validate"], "verify"),
    ("", &["signature", "hmac"], "sign"),
    ("", &["revoke"], "token revoke"),
    ("", &["event"], "events"),
    ("", &["sources", "ingress", "inbound", "incoming", "receive", "forward"], "source"),
    ("", &["type", "event-types", "event-type", "catalog", "catalogue", "schema"], "types"),
    ("", &["version"], "--version"),
    ("", &["stat", "statistics", "metrics", "rates", "report"], "stats"),
    ("", &["health", "diagnose", "diagnostics", "debug"], "doctor"),
    ("", &["completion", "autocomplete"], "completions"),
    ("", &["manual", "manpage"], "man"),
    ("", &["docs", "usage", "commands"], "help"),
    ("", &["request", "curl", "http", "call"], "api"),
    ("", &["audit-log", "auditlog", "changes"], "audit"),
    #[cfg(feature = "service")]
    ("", &["start", "server", "run", "daemon", "listen"], "serve"),
    #[cfg(feature = "service")]
    ("", &["example", "examples", "tutorial", "sandbox", "play"], "demo"),
    ("token", &["add", "new", "make", "generate", "issue"], "token create"),
    ("token", &["ls", "get", "show", "all"], "token list"),
    ("token", &["delete", "remove", "rm", "del", "disable"], "token revoke"),
    ("secret", &["get", "view", "reveal", "print", "list", "ls"], "secret show"),
    (
        "secret",
        &["reset", "new", "create", "renew", "regenerate", "roll", "replace", "change", "update"],
        "secret rotate",
    ),
    ("secret", &["delete", "remove", "rm", "expire", "end"], "secret revoke"),
    ("source", &["create", "new", "make", "register", "insert"], "source add"),
    ("source", &["get", "describe", "info", "view", "inspect", "details", "status", "url"], "source show"),
    ("source", &["all"], "source list"),
    ("source", &["update", "modify", "change", "set", "patch", "rename"], "source edit"),
    ("source", &["remove", "del", "destroy", "unregister"], "source delete"),
    ("source", &["stop", "pause", "off"], "source disable"),
    ("source", &["start", "resume", "on"], "source enable"),
    ("source", &["requests", "request", "logs", "log", "tail", "history", "events", "refused"], "source received"),
    ("source", &["listen", "watch", "test", "check"], "source wait"),
    ("source", &["rotate", "key"], "source secret set"),
    ("source secret", &["add", "edit", "rotate", "replace", "change", "update", "new"], "source secret set"),
    ("profile", &["create", "new", "set", "update", "edit", "change"], "profile add"),
    ("profile", &["delete", "rm", "del"], "profile remove"),
    ("profile", &["ls", "get", "show", "current", "all"], "profile list"),
    ("profile", &["switch", "select", "default", "activate"], "profile use"),
    ("config", &["ls", "show", "all"], "config list"),
    ("config", &["read", "print"], "config get"),
    ("config", &["add", "put", "update", "edit"], "config set"),
    ("config", &["unset", "reset", "remove", "delete", "rm", "clear"], "config set NAME --unset"),
    ("config", &["where", "file", "dir"], "config path"),
    ("versions", &["ls", "list", "show", "all"], "versions"),
    ("versions", &["set", "use", "global", "select", "pin"], "versions default"),
];

/// Other tools' flags, and a sentence that names this program's.
const FLAGS: &[(&[&str], &str)] = &[
    (
        &["--format", "--out", "--out-format", "--output-format", "--outputformat"],
        "did you mean -o (--output), as in -o json?",
    ),
    (
        &["--csv", "--tsv", "--ndjson", "--yaml", "--table"],
        "-o chooses the output: table, json, ndjson, csv, tsv or id",
    ),
    (
        &["--url", "--host", "--endpoint", "--server", "--base-url", "--api-url", "--address"],
        "did you mean --service, as in --service https://hooks.example.com?",
    ),
    (&["--force", "--assume-yes", "--confirm", "--no-confirm"], "did you mean --yes?"),
    (&["--silent", "-s"], "did you mean --quiet?"),
    (&["--debug", "--trace"], "did you mean --verbose?"),
    (&["--no-color", "--no-colour", "--colour"], "did you mean --color never?"),
    (&["--filter", "--query", "--jmespath", "--template"], "did you mean --jq, as in --jq '.data[].name'?"),
    (&["--fields", "--field"], "did you mean --json=NAMES, or --columns NAMES for a table?"),
    (&["--column", "--cols"], "did you mean --columns?"),
    (&["--no-headers", "--no-header", "--noheader", "--noheaders"], "did you mean --table-header never?"),
    (
        &["--token", "--api-key", "--apikey", "--password", "--auth", "--bearer"],
        "a token is never an argument: set TM_HOOKS_TOKEN or TM_HOOKS_TOKEN_FILE, or tm-hooks login",
    ),
    (
        &["--insecure", "-k", "--no-verify", "--skip-verify", "--cacert", "--ca", "--ca-file", "--cafile"],
        "a certificate of your own authority is trusted with --ca-cert FILE",
    ),
    (&["--timeout", "--max-time"], "did you mean --request-timeout?"),
    (&["--retry"], "did you mean --retries?"),
    (&["--context", "--env", "--environment", "--account"], "did you mean --profile?"),
    (&["--non-interactive", "--batch", "--no-prompt"], "did you mean --no-input?"),
    (&["--watch", "-w", "--follow"], "no command goes on by itself: watch -n 5 tm-hooks list repeats one"),
    (&["--utc", "--timezone", "--tz", "--time-format"], "did you mean --time?"),
];

/// The commands that ask for a confirmation.
const ASKING: [&str; 6] = ["delete", "source delete", "token revoke", "secret revoke", "profile remove", "logout"];

/// Whether two words are so similar that one may be a typing mistake.
pub(super) fn is_a_slip(typed: &str, other: &str) -> bool {
    let [typed, other] = [typed, other].map(|word| word.trim_start_matches('-').to_lowercase());
    let may_differ = (typed.chars().count().min(other.chars().count()) / 3).clamp(1, 3);
    strsim::damerau_levenshtein(&typed, &other) <= may_differ || !typed.is_empty() && other.starts_with(&typed)
}

/// Returns the command below `verb` that `typed` meant.
pub(super) fn command(verb: &str, typed: &str) -> Option<String> {
    let typed = typed.to_lowercase();
    let word = COMMANDS.iter().find(|(below, words, _)| *below == verb && words.contains(&typed.as_str()));
    if let Some((.., ours)) = word {
        return Some((*ours).to_owned());
    }
    match verb {
        "" if help::named_topics().any(|(name, _)| name == typed) => Some(format!("help {typed}")),
        "versions" => typed.parse::<Version>().ok().map(|version| format!("versions default {version}")),
        _ => None,
    }
}

/// Returns a sentence with the flag that `typed` after `verb` meant.
pub(super) fn flag(verb: &str, typed: &str) -> Option<&'static str> {
    let name = typed.split('=').next().unwrap_or(typed);
    // For other commands `-f` means a file, a filter or a format; it means "force" only where a question may be asked.
    if name == "-f" {
        return ASKING.contains(&verb).then_some("did you mean --yes?");
    }
    FLAGS.iter().find(|(words, _)| words.contains(&name)).map(|(_, ours)| *ours)
}

/// The option of a verb that takes the file which is given as a word of its own.
pub(super) fn option_of_file(verb: &str) -> Option<&'static str> {
    match verb {
        "verify" => Some("--delivery"),
        "sign" => Some("--body"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_named_exists_and_what_is_not_does_not() {
        let program = crate::commands::command();
        for (verb, words, ours) in COMMANDS {
            let parent = verb
                .split(' ')
                .filter(|word| !word.is_empty())
                .fold(&program, |it, word| it.find_subcommand(word).unwrap());
            words.iter().for_each(|word| assert!(parent.find_subcommand(word).is_none(), "{verb} {word} exists"));
            if !ours.starts_with('-') {
                let command = ours.split(' ').take_while(|word| word.starts_with(|c: char| c.is_ascii_lowercase()));
                command.fold(&program, |it, word| it.find_subcommand(word).expect(ours));
            }
        }
        let globals: Vec<&str> = program.get_arguments().filter_map(clap::Arg::get_long).collect();
        for (words, ours) in FLAGS {
            for word in *words {
                assert!(!globals.contains(&word.trim_start_matches('-')), "{word} exists");
            }
            let named = ours.split([' ', '=', ',', '?', '(', ')']).filter_map(|word| word.strip_prefix("--"));
            named.for_each(|name| assert!(globals.contains(&name), "{name} does not exist"));
        }
    }

    #[test]
    fn each_word_means_one_thing() {
        let mut seen = std::collections::BTreeSet::new();
        for (verb, words, _) in COMMANDS {
            words.iter().for_each(|word| assert!(seen.insert((verb, word)), "{verb} {word} stands twice"));
        }
    }
}
