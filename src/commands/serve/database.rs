//! Parses `--database`, the place of the service's data.

use std::path::Path;

use crate::{commands::Context, error::CliError, service::store::Location, term::Environment};

/// Returns the database of `--database`. An error does not repeat the text, which may hold a password.
pub fn named(text: &str, environment: &Environment) -> Result<Location, CliError> {
    let unusable = |why: &str| CliError::usage(format!("--database cannot be used: {why}"));
    match read(text).map_err(unusable)? {
        Location::File(path) => {
            let path = environment.expanded(&path);
            if path.to_string_lossy().starts_with('~') {
                return Err(unusable("of the names that begin with ~ only ~/ is known; a file of that name is ./~"));
            }
            Ok(Location::File(path))
        }
        Location::Memory => Ok(Location::Memory),
    }
}

/// Parses the text without resolving its path.
fn read(text: &str) -> Result<Location, &'static str> {
    let Some(path) = text.strip_prefix("sqlite:") else {
        return Err(match text.split_once(':') {
            Some(("postgres" | "postgresql", _)) => "this version has no PostgreSQL yet: use sqlite:PATH",
            _ => "it is sqlite:PATH or sqlite::memory:",
        });
    };
    if path == ":memory:" {
        return Ok(Location::Memory);
    }
    if path.strip_prefix("//").and_then(|rest| rest.split_once('/')).is_some_and(|(host, _)| is_this_machine(host)) {
        return Err("a file is on this machine anyway: write its path alone, sqlite:/PATH");
    }
    let path = path.strip_prefix("//").unwrap_or(path);
    if has_options(path) || has_scheme(path) {
        return Err(
            "it takes no options and no other URL: write the path alone, sqlite:PATH, or sqlite::memory:; a file \
                    whose name looks like one is sqlite:./NAME",
        );
    }
    if is_escaped(path) && !Path::new(path).exists() {
        return Err("a path is written as it is, without %20 and the like");
    }
    let bare = path.trim_matches([':', '/']);
    if bare.eq_ignore_ascii_case("memory") || (bare.eq_ignore_ascii_case("mem") && path.starts_with(':')) {
        return Err("sqlite::memory: has a colon at its end; a file of that name is sqlite:./memory");
    }
    if path.is_empty() || path.ends_with('/') || Path::new(path).is_dir() {
        return Err("it is sqlite:PATH, with the path of a file, or sqlite::memory:");
    }
    Ok(Location::File(path.into()))
}

/// Whether URL options follow the path. After a path that begins with `.` or `/`, only a query counts.
fn has_options(path: &str) -> bool {
    let query = path.split_once('?').is_some_and(|(_, behind)| behind.is_empty() || behind.contains('='));
    let is_plain = path.starts_with(['.', '/']);
    query || (!is_plain && path.contains('#')) || path.split_once(';').is_some_and(|(_, behind)| behind.contains('='))
}

fn is_this_machine(host: &str) -> bool {
    host.eq_ignore_ascii_case("localhost") || host.parse::<std::net::IpAddr>().is_ok()
}

/// Whether it begins like a URL: with a word of at least two letters and a colon.
fn has_scheme(path: &str) -> bool {
    let is_word = |word: &str| {
        word.len() > 1 && word.starts_with(|first: char| first.is_ascii_alphabetic()) && word.bytes().all(is_of_scheme)
    };
    // `memory:` means something else and has its own message.
    path.split_once(':').is_some_and(|(word, _)| is_word(word) && !word.eq_ignore_ascii_case("memory"))
}

fn is_of_scheme(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.')
}

/// Whether it contains a percent-encoded character.
fn is_escaped(path: &str) -> bool {
    let hex = |bytes: Option<&[u8]>| bytes.is_some_and(|bytes| bytes.iter().all(u8::is_ascii_hexdigit));
    path.match_indices('%').any(|(at, _)| hex(path.as_bytes().get(at + 1..at + 3)))
}

/// Returns the database of the profile `local`.
pub fn local(context: &Context) -> Result<Location, CliError> {
    Ok(Location::File(context.settings.data_dir()?.database()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(path: &str) -> Result<Location, &'static str> {
        Ok(Location::File(path.into()))
    }

    #[test]
    fn files_and_memory_are_told_apart() {
        assert_eq!(read("sqlite::memory:"), Ok(Location::Memory));
        assert_eq!(read("sqlite:/srv/hooks.db"), file("/srv/hooks.db"));
        assert_eq!(read("sqlite:///srv/hooks.db"), file("/srv/hooks.db"));
        assert_eq!(read("sqlite:hooks.db"), file("hooks.db"));
        assert_eq!(read("sqlite:./memory"), file("./memory"));
        assert_eq!(read("sqlite:what?.db"), file("what?.db"));
        for wrong in ["", "sqlite:", "sqlite://", "hooks.db", "mysql://x", "postgres://localhost/x"] {
            assert!(read(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn what_is_nearly_one_says_what_is_meant() {
        for memory in [
            "sqlite::memory",
            "sqlite:memory:",
            "sqlite:memory",
            "sqlite:///:memory:",
            "sqlite::MEMORY:",
            "sqlite::mem:",
        ] {
            assert!(read(memory).unwrap_err().contains("sqlite::memory: has a colon"), "{memory}");
        }
        for options in [
            "sqlite:x.db?mode=ro",
            "sqlite:x.db#frag",
            "sqlite:x.db;mode=ro",
            "sqlite:/srv/x.db;mode=ro",
            "sqlite:x.db?mode=rwc",
            "sqlite:x.db?",
            "sqlite::memory:?cache=shared",
            "sqlite:///srv/x.db?mode=rwc&cache=shared",
            "sqlite:file:x.db",
            "sqlite:file:x.db?mode=memory",
            "sqlite:FILE:x.db",
            "sqlite://file:/srv/x.db",
            "sqlite:sqlite:x.db",
            "sqlite:jdbc:sqlite:x.db",
        ] {
            assert!(read(options).unwrap_err().contains("no options"), "{options}");
        }
        assert!(read("sqlite:/srv/my%20hooks.db").unwrap_err().contains("without %20"));
        assert_eq!(read("sqlite:./file:x.db"), file("./file:x.db"));
        assert_eq!(read("sqlite:./x#1.db"), file("./x#1.db"));
        for elsewhere in ["sqlite://localhost/srv/x.db", "sqlite://127.0.0.1/x.db"] {
            assert!(read(elsewhere).unwrap_err().contains("on this machine"), "{elsewhere}");
        }
        assert_eq!(read("sqlite:100%.db"), file("100%.db"));
        for folder in ["sqlite:/", "sqlite:/srv/", "sqlite:."] {
            assert!(read(folder).unwrap_err().contains("path of a file"), "{folder}");
        }
    }

    #[test]
    fn a_tilde_is_the_home_folder_or_refused() {
        let environment = [("HOME", "/home/a")].into_iter().collect();
        let named = |text: &str| super::named(text, &environment).map_err(|error| error.to_string());
        assert_eq!(named("sqlite:~/x.db"), Ok(Location::File("/home/a/x.db".into())));
        assert_eq!(named("sqlite:./~"), Ok(Location::File("./~".into())));
        assert!(named("sqlite:~b/x.db").unwrap_err().contains("only ~/ is known"));
    }
}
