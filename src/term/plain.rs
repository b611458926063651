//! Describes the failures of the system and of libraries in plain words. `--verbose` shows the originals.

use std::borrow::Cow;

use super::Term;

impl Term {
    /// Returns a failure of this program in plain words, or in the libraries' words with `--verbose`. Failures that a
    /// receiver reported stay unchanged.
    pub fn in_plain_words<'a>(&self, failure: &'a str) -> Cow<'a, str> {
        if self.verbose { failure.into() } else { plain(failure) }
    }
}

/// Prefixes of the layers that a failure has passed, which carry no information.
const LAYERS: [&str; 13] = [
    "client error (Connect)",
    "client error (SendRequest)",
    "error sending request",
    "error trying to connect",
    "connection error",
    "tcp connect error",
    "dns error",
    "error resolving DNS",
    "failed to lookup address information",
    "error connecting to socks proxy",
    "SOCKS error",
    "tunnel error",
    "http2 error",
];

/// The system's messages, and their plain words.
const SYSTEM: [(&str, &str); 46] = [
    ("Connection refused", "nothing listens there"),
    ("Connection reset by peer", "the connection was reset"),
    ("Connection timed out", "the connection timed out"),
    ("Network is unreachable", "there is no way to its network"),
    ("No route to host", "there is no way to it"),
    ("Name or service not known", "its name is not known"),
    ("No address associated with hostname", "its name has no address"),
    ("Temporary failure in name resolution", "names cannot be looked up at the moment"),
    ("Address already in use", "the address is in use already"),
    ("Cannot assign requested address", "the address is none of this machine's"),
    ("No such file or directory", "it does not exist"),
    ("Permission denied", "permission denied"),
    ("Operation not permitted", "the system does not permit it"),
    ("Not a directory", "a part of the path is no folder"),
    ("Is a directory", "it is a folder"),
    ("Read-only file system", "the disk can only be read"),
    ("No space left on device", "the disk is full"),
    ("Too many open files", "too many files are open"),
    ("Broken pipe", "the connection was closed"),
    ("failed to create underlying connection", "no connection to it could be made"),
    ("io error during SOCKS handshake", "it does not speak SOCKS, or closed the connection"),
    ("io error establishing tunnel", "the connection to it broke"),
    ("failed parsing server response", "it does not speak SOCKS"),
    ("could not resolve to acceptable address type", "it has no address of a kind that the proxy takes"),
    ("missing destination host", "the URL names no host"),
    ("missing destination port", "the URL names no port"),
    ("server failed to execute command", "the proxy could not connect to it"),
    ("general server failure", "the proxy could not connect to it"),
    ("connection not allowed", "the proxy does not allow it"),
    ("network unreachable", "the proxy has no way to its network"),
    ("host unreachable", "the proxy has no way to it"),
    ("connection refused", "nothing listens there"),
    ("ttl expired", "the proxy could not reach it in time"),
    ("command not supported", "the proxy does not do that"),
    ("address type not supported", "the proxy takes no such address"),
    ("server implements authentication incorrectly", "it asks for a login in a way that nobody knows"),
    ("proxy response headers too long", "its answer is too long"),
    ("unexpected end of file", "the connection was closed"),
    ("unsuccessful", "it said no"),
    ("invalid HTTP version parsed", "its answer does not begin with HTTP/1.1"),
    ("invalid HTTP status-code parsed", "its answer begins with no status"),
    ("invalid HTTP header parsed", "its answer has a header that is none"),
    ("message head is too large", "the head of its answer is too long"),
    ("connection closed before message completed", "there was no whole answer"),
    ("received unexpected message from connection", "it spoke before it was asked"),
    ("IncompleteMessage", "there was no whole answer"),
];

/// Removes layers and error numbers from `text`, and replaces the system's messages by plain words.
fn plain(text: &str) -> Cow<'_, str> {
    let mut text = Cow::Borrowed(text);
    for layer in LAYERS {
        replace(&mut text, &format!("{layer}: "), "");
    }
    while let Some((start, end)) = error_number(&text) {
        text.to_mut().replace_range(start..end, "");
    }
    for (system, words) in SYSTEM {
        replace(&mut text, &format!(": {system}"), &format!(": {words}"));
    }
    text
}

fn replace(text: &mut Cow<'_, str>, from: &str, to: &str) {
    if text.contains(from) {
        *text = Cow::Owned(text.replace(from, to));
    }
}

/// Finds ` (os error 111)`.
fn error_number(text: &str) -> Option<(usize, usize)> {
    const BEGIN: &str = " (os error ";
    let start = text.find(BEGIN)?;
    let number = &text[start + BEGIN.len()..];
    let digits = number.bytes().take_while(u8::is_ascii_digit).count();
    number[digits..].starts_with(')').then(|| (start, start + BEGIN.len() + digits + 1))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::term::{Environment, OutputFlags, Terminals};

    #[test]
    fn failures_of_our_own_are_told_in_plain_words_and_what_a_receiver_says_as_it_is() {
        const SAID: &str = "bot: Connection refused (os error 111)";
        let (term, captured) = Term::captured("", Terminals::default(), 80);
        term.error(SAID, "");
        term.failure(SAID);
        assert_eq!(captured.err(), format!("error: bot: nothing listens there\n✗ {SAID}\n"));
        let (mut verbose, captured) = Term::captured("", Terminals::default(), 80);
        verbose.configure(OutputFlags { verbose: true, ..OutputFlags::default() }, &Environment::default());
        verbose.error(SAID, "");
        assert_eq!(captured.err(), format!("error: {SAID}\n"));
    }

    #[test]
    fn nobody_reads_the_words_of_libraries() {
        for (library, ours) in [
            (
                "http://a cannot be reached: client error (Connect): tcp connect error: Connection refused (os error 111)",
                "http://a cannot be reached: nothing listens there",
            ),
            (
                "x cannot be reached: client error (Connect): dns error: error resolving DNS: failed to lookup address \
                 information: Name or service not known; trying again in 1 s (1/3)",
                "x cannot be reached: its name is not known; trying again in 1 s (1/3)",
            ),
            ("could not read /nope: No such file or directory (os error 2)", "could not read /nope: it does not exist"),
            (
                "the proxy socks5://a cannot be reached: error connecting to socks proxy: SOCKS error: failed to create \
                 underlying connection: tcp connect error: Connection refused (os error 111)",
                "the proxy socks5://a cannot be reached: no connection to it could be made: nothing listens there",
            ),
            (
                "http://a does not answer in HTTP: invalid HTTP version parsed",
                "http://a does not answer in HTTP: its answer does not begin with HTTP/1.1",
            ),
            ("x closed: connection closed before message completed", "x closed: there was no whole answer"),
            ("two: a (os error 5): b (os error 28)", "two: a: b"),
        ] {
            assert_eq!(plain(library), ours);
        }
    }

    #[test]
    fn what_is_plain_stays_as_it_is() {
        for text in
            ["there is no webhook \"Connection refused\"", "a (os error x)", "Permission denied by the service", ""]
        {
            assert!(matches!(plain(text), Cow::Borrowed(same) if same == text), "{text}");
        }
    }
}
