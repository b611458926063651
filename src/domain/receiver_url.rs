//! Checks the URLs of receivers: an accepted URL can be sent to, and is stored as it is sent.

use std::net::Ipv6Addr;

use url::{Host, Url};

use super::{problem::FieldError, text::url_fault};

/// The longest URL in bytes: common servers still accept it as a request line.
pub const LONGEST: usize = 2048;
/// The longest name of a host in bytes (RFC 1035, section 2.3.4).
const LONGEST_NAME: usize = 253;
/// The longest part of a host's name between dots, in bytes (RFC 1035, section 2.3.4).
const LONGEST_LABEL: usize = 63;

/// Checks a URL's form: absolute, `https` or `http`, a valid host, no user, no password, no fragment. Whether the
/// scheme and the address may be used is the service's rule (see `net_guard`).
pub fn check(text: &str) -> Result<Url, FieldError> {
    read(text).map_err(|message| FieldError::new("url", message))
}

/// Returns a URL as it is stored and sent: a host's letters of other alphabets as `xn--…`, elsewhere as `%…`. A URL
/// that is not valid stays unchanged.
pub fn as_sent(text: &str) -> String {
    read(text).map_or_else(|_| text.to_owned(), String::from)
}

/// Returns the readable form of a URL's host, if it is sent in another one: `münchen.example` for
/// `xn--mnchen-3ya.example`.
pub fn host_in_letters(url: &str) -> Option<String> {
    let url = Url::parse(url).ok()?;
    let host = url.domain()?;
    let (letters, read) = idna::domain_to_unicode(host);
    read.is_ok().then_some(letters).filter(|letters| letters != host)
}

fn read(text: &str) -> Result<Url, String> {
    let too_long = || format!("is longer than {LONGEST} bytes");
    if text.len() > LONGEST {
        return Err(too_long());
    }
    if text.chars().any(|c| c.is_control() || c.is_whitespace()) {
        return Err("must not contain blanks or control characters".to_owned());
    }
    let url = Url::parse(text)
        .map_err(|error| format!("is not a URL: {}; one looks like https://example.com/hooks", url_fault(error)))?;
    if !matches!(url.scheme(), "https" | "http") {
        return Err(format!("must start with https://, not {}:", url.scheme()));
    }
    if !has_its_slashes(text) {
        return Err(format!("must have // and a host behind {}:, as in https://example.com/hooks", url.scheme()));
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err("must not contain a user or a password; use a header instead".to_owned());
    }
    if url.fragment().is_some() {
        return Err("must not have a fragment (the part from #): it is never sent".to_owned());
    }
    if url.port() == Some(0) {
        return Err("has port 0, which nothing can listen on".to_owned());
    }
    check_host(&url)?;
    if url.as_str().len() > LONGEST {
        return Err(format!("{} as it is sent, with %… for other characters", too_long()));
    }
    match request_uri(url.as_str()) {
        Some(_) => Ok(url),
        None => Err("has a character that no request can have; write it as %…".to_owned()),
    }
}

/// Whether exactly two slashes follow the scheme. Parsers guess the meaning of any other number, and they differ.
fn has_its_slashes(text: &str) -> bool {
    let behind = text.split_once(':').map_or("", |(_, behind)| behind);
    behind.strip_prefix("//").is_some_and(|host| !host.starts_with(['/', '\\']))
}

/// Checks that the host's name can be resolved.
fn check_host(url: &Url) -> Result<(), String> {
    let Some(Host::Domain(host)) = url.host() else { return url.host().map(drop).ok_or("has no host".to_owned()) };
    let name = host.strip_suffix('.').unwrap_or(host);
    if name.len() > LONGEST_NAME {
        return Err(format!("has a host of more than {LONGEST_NAME} characters"));
    }
    for label in name.split('.') {
        if label.is_empty() {
            return Err("has a host with nothing between two dots".to_owned());
        }
        if label.len() > LONGEST_LABEL {
            return Err(format!("has a host with more than {LONGEST_LABEL} characters between two dots"));
        }
        if label.starts_with('-') || label.ends_with('-') {
            return Err("has a host with a part that begins or ends with -".to_owned());
        }
    }
    match name.chars().find(|c| !c.is_ascii_alphanumeric() && !matches!(c, '-' | '_' | '.')) {
        Some(wrong) => Err(format!("has a host with {wrong}, which no name has")),
        None => Ok(()),
    }
}

/// Converts the URL to the type of requests, if that preserves its meaning.
pub fn request_uri(url: &str) -> Option<http::Uri> {
    let uri: http::Uri = url.parse().ok()?;
    let host = uri.host()?;
    let is_host = match host.strip_prefix('[') {
        Some(literal) => literal.strip_suffix(']').is_some_and(|literal| literal.parse::<Ipv6Addr>().is_ok()),
        None => !host.is_empty(),
    };
    let whole = matches!(uri.scheme_str(), Some("http" | "https")) && uri.path().starts_with('/');
    (is_host && whole).then_some(uri)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn urls_of_every_wrong_form_are_refused() {
        for (wrong, part) in [
            ("ftp://example.com", "must start with https://"),
            ("payroll.example.com/hooks", "is not a URL"),
            ("https://", "is not a URL"),
            ("https://user@example.com", "user or a password"),
            ("https://:word@example.com", "user or a password"),
            ("https://example.com/#top", "fragment"),
            ("https://example.com/#", "fragment"),
            ("https://example.com/a b", "blanks"),
            ("https://example.com/\n", "blanks"),
            ("https:example.com", "must have // and a host"),
            ("https:/example.com", "must have // and a host"),
            ("https:///x", "must have // and a host"),
            ("https:\\\\example.com", "must have // and a host"),
            ("https://\\example.com", "must have // and a host"),
            ("https://example.com:0/", "port 0"),
            ("https://example.com:65536/", "is not a URL"),
            ("https://[fe80::1%25eth0]/", "is not a URL"),
            ("https://1.2.3.4.5/", "is not a URL"),
            ("https://xn--a.example/", "is not a URL"),
            ("https://a..example/", "nothing between two dots"),
            ("https://.example/", "nothing between two dots"),
            ("https://。example/", "nothing between two dots"),
            ("https://example../", "nothing between two dots"),
            ("https://./", "nothing between two dots"),
            ("https://-a.example/", "begins or ends with -"),
            ("https://a\"b.example/", "host with \""),
            ("https://a`b.example/", "host with `"),
            ("https://{tenant}.example/", "host with {"),
            ("https://*.example.com/", "host with *"),
            ("https://a!b.example/", "host with !"),
        ] {
            let error = check(wrong).unwrap_err();
            assert!(error.message.contains(part), "{wrong}: {error}");
        }
        let label = "a".repeat(64);
        assert!(check(&format!("https://{label}.example/")).unwrap_err().message.contains("more than 63"));
        let name = "abcdefg.".repeat(32) + "example";
        assert!(check(&format!("https://{name}/")).unwrap_err().message.contains("more than 253"));
        assert!(check(&format!("https://example.com/{}", "a".repeat(LONGEST))).is_err());
        let error = check(&format!("https://example.com/{}", "ä".repeat(LONGEST / 3))).unwrap_err();
        assert!(error.message.contains("as it is sent"), "{error}");
    }

    #[test]
    fn a_url_is_stored_as_it_is_sent() {
        for (given, sent) in [
            ("https://example.com/hooks?a=1", "https://example.com/hooks?a=1"),
            ("HTTPS://Example.COM:443", "https://example.com/"),
            ("https://münchen.example/ä?ö", "https://xn--mnchen-3ya.example/%C3%A4?%C3%B6"),
            ("https://ex%61mple.com/%zz%", "https://example.com/%zz%"),
            ("https://example.com/a|b^c[d]\\e\"f{g}", "https://example.com/a|b^c[d]/e%22f%7Bg%7D"),
            ("https://example.com/?a|b^c[d]\\e\"f{g}<h>`'", "https://example.com/?a|b^c[d]\\e%22f{g}%3Ch%3E`%27"),
            ("https://example.com/a/../b/./c", "https://example.com/b/c"),
            ("https://example.com./", "https://example.com./"),
            ("https://@example.com:/", "https://example.com/"),
            ("https://a_b.example/", "https://a_b.example/"),
            ("http://0x7f.1/", "http://127.0.0.1/"),
            ("https://[0:0::1]:8443/x", "https://[::1]:8443/x"),
            ("https://example。com/", "https://example.com/"),
        ] {
            assert_eq!(check(given).unwrap().as_str(), sent, "{given}");
            assert_eq!(as_sent(given), sent);
        }
        assert_eq!(as_sent("no URL"), "no URL");
    }

    #[test]
    fn a_host_is_shown_in_its_letters_too() {
        for (url, letters) in [
            ("https://xn--mnchen-3ya.example/x", Some("münchen.example")),
            ("https://xn--fiq228c.xn--55qx5d/", Some("中文.公司")),
            ("https://example.com/xn--mnchen-3ya", None),
            ("https://[::1]/", None),
            ("no URL", None),
        ] {
            assert_eq!(host_in_letters(url).as_deref(), letters, "{url}");
        }
    }

    proptest! {
        #[test]
        fn what_is_accepted_can_be_sent_to_and_stays_as_it_is(
            url in "(https?|HTTPS)?:?[/\\\\]{0,3}[a-zäß0-9.@:\\[\\]%|^\"`{}*!'$&()+,;=~_-]{0,12}(:[0-9]{0,5})?(/.{0,12})?(\\?.{0,12})?|https?://[a-z0-9ä._-]{1,10}(/.{0,12})?(\\?.{0,12})?"
        ) {
            if let Ok(accepted) = check(&url) {
                let uri = request_uri(accepted.as_str()).expect("a request");
                prop_assert_eq!(uri.host(), accepted.host_str());
                prop_assert_eq!(uri.port_u16(), accepted.port());
                prop_assert_eq!(uri.scheme_str(), Some(accepted.scheme()));
                prop_assert_eq!(uri.path(), accepted.path());
                prop_assert_eq!(uri.query(), accepted.query());
                let again = check(accepted.as_str()).expect("it is accepted as it is stored");
                prop_assert_eq!(again, accepted);
            }
        }
    }
}
