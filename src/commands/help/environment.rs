//! The environment variables, in one table.

use crate::term::Environment;

/// Each variable and its effect; further lines are indented below the first.
const VARIABLES: [(&str, &str); 18] = [
    ("TM_HOOKS_URL", "the service to talk to, as --service"),
    ("TM_HOOKS_TOKEN", "the token to show it; it goes before what login has kept"),
    ("TM_HOOKS_TOKEN_FILE", "a file that holds the token and nothing else"),
    ("TM_HOOKS_PROFILE", "the profile, as --profile"),
    ("TM_HOOKS_OUTPUT", "the output, as --output"),
    ("TM_HOOKS_NO_INPUT", "ask nothing, as --no-input"),
    ("TM_HOOKS_CONFIG_DIR", "where the configuration lies;\nelse $XDG_CONFIG_HOME/tm-hooks, else ~/.config/tm-hooks"),
    (
        "TM_HOOKS_DATA_DIR",
        "where the profile \"local\" keeps its data;\nelse $XDG_DATA_HOME/tm-hooks, else ~/.local/share/tm-hooks",
    ),
    ("TM_HOOKS_ADMIN_TOKEN", "the token that `serve` asks for"),
    (
        "TM_HOOKS_SECRET_KEY_FILE",
        "a file with the key that secrets are encrypted with in the database,\nfor `serve` and the profile \"local\"",
    ),
    ("CI", "ask nothing, as --no-input"),
    ("NO_COLOR", "no colour"),
    ("CLICOLOR_FORCE", "colour even where nobody looks"),
    ("COLUMNS", "how wide a table may be on a terminal"),
    ("TZ", "the time zone for --time local: a name, a file, or a rule"),
    (
        "HTTPS_PROXY",
        "the proxy to a service at https://, by HTTP or by SOCKS (socks5h://);\nHTTP_PROXY is for http://, ALL_PROXY for both",
    ),
    (
        "NO_PROXY",
        "services that are reached without one: names, .domains, addresses, networks, *;\nthis machine is one of them",
    ),
    ("SSL_CERT_FILE", "the certificates to trust, instead of the system's; SSL_CERT_DIR is a folder of them"),
];

/// Writes the table.
pub(super) fn text() -> String {
    let width = VARIABLES.iter().map(|(name, _)| name.len()).max().unwrap_or_default();
    let line = |(name, meaning): (&str, &str)| {
        let meaning = meaning.replace('\n', &format!("\n{:width$}  ", ""));
        format!("{name:width$}  {meaning}\n")
    };
    let lines: String = VARIABLES.map(line).concat();
    format!(
        "{lines}\nA flag comes before a variable, a variable before the configuration file, the file before the default:\n\
         tm-hooks config list names the source of each value.\n"
    )
}

/// Returns this program's variables that are set and unknown, with the known name that is similar.
pub(super) fn misspelt(environment: &Environment) -> Vec<(&str, &'static str)> {
    let names = || VARIABLES.iter().map(|(name, _)| *name);
    let unknown = environment.ours().filter(|name| !names().any(|known| known == *name));
    let nearest = |name| names().map(|known| (strsim::osa_distance(name, known), known)).min();
    // More than two differences make it another word.
    let meant = |name| nearest(name).filter(|(apart, _)| *apart <= 2).map(|(_, known)| (name, known));
    unknown.filter_map(meant).collect()
}

#[cfg(test)]
mod tests {
    use std::{collections::BTreeSet, fs, path::PathBuf};

    use super::*;

    /// Returns the names of this program's variables in the sources.
    fn mentioned() -> BTreeSet<String> {
        let (mut folders, mut names) =
            (vec![PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/src"))], BTreeSet::new());
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path);
                    continue;
                }
                // Not all files are texts: dictionaries of packed bodies are not.
                for part in String::from_utf8_lossy(&fs::read(path).unwrap()).split("TM_HOOKS_").skip(1) {
                    let end = part.find(|c: char| !c.is_ascii_uppercase() && c != '_').unwrap_or(part.len());
                    names.insert(format!("TM_HOOKS_{}", &part[..end]));
                }
            }
        }
        names.remove("TM_HOOKS_");
        // Only a debug build reads these, for tests.
        names.retain(|name| !name.starts_with("TM_HOOKS_TEST_"));
        // Only completion scripts set these.
        names.retain(|name| !name.starts_with("TM_HOOKS_COMPLETE"));
        names
    }

    #[test]
    fn a_name_that_is_nearly_known_is_told() {
        let ours = |name: &str| format!("{}{name}", "TM_HOOKS_");
        let environment: Environment =
            ["TOKN", "URI", "TOKEN", "TEAM_CALENDAR"].into_iter().map(|name| (ours(name), "x")).collect();
        let told = misspelt(&environment);
        assert_eq!(told, [(ours("TOKN").as_str(), "TM_HOOKS_TOKEN"), (ours("URI").as_str(), "TM_HOOKS_URL")]);
    }

    #[test]
    fn every_variable_of_ours_is_in_the_table() {
        let listed: BTreeSet<String> =
            VARIABLES.iter().map(|(name, _)| (*name).to_owned()).filter(|name| name.starts_with("TM_HOOKS_")).collect();
        assert_eq!(listed, mentioned());
    }
}
