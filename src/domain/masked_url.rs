//! Masks secrets in URLs for display, as many receivers put credentials into the URL.

use std::borrow::Cow;

use percent_encoding::percent_decode_str;

/// The replacement for a masked value. The API refuses a value that contains it: it was copied from a screen.
pub const HIDDEN: &str = "••••";

/// Substrings of parameter names whose values are secret: `api_key`, `access_token`, `sig`, `code`, `clientSecret`.
const SECRET: [&str; 15] = [
    "secret",
    "token",
    "key",
    "sig",
    "code",
    "password",
    "passwd",
    "passphrase",
    "auth",
    "pwd",
    "credential",
    "hmac",
    "jwt",
    "bearer",
    "session",
];

/// Whole words of parameter names whose values are secret: `pass` and `user_pass`, but not `passenger`.
const SECRET_WORDS: [&str; 8] = ["pass", "pw", "pin", "otp", "totp", "cred", "creds", "sas"];

/// How many times a text is percent-decoded, as proxies may decode it again.
const ROUNDS: usize = 3;

/// Replaces secrets in a URL by [`HIDDEN`]: user and password, and the values of secret parameters in its path
/// (`;token=…`), query and fragment.
pub fn masked(url: &str) -> Cow<'_, str> {
    let (before, fragment) = url.split_at(url.find('#').unwrap_or(url.len()));
    let (before, query) = before.split_at(before.find('?').unwrap_or(before.len()));
    let path_from = before.find("://").map_or(0, |scheme| {
        let host = scheme + "://".len();
        before[host..].find('/').map_or(before.len(), |path| host + path)
    });
    let (origin, path) = before.split_at(path_from);
    let parts = [origin_masked(origin), list(path, '/'), list(query, '&'), list(fragment, '&')];
    if parts.iter().all(|part| matches!(part, Cow::Borrowed(_))) {
        return Cow::Borrowed(url);
    }
    Cow::Owned(parts.concat())
}

/// Masks the user and the password in `https://user:password@host`: either may be the secret.
fn origin_masked(origin: &str) -> Cow<'_, str> {
    let Some((before, host)) = origin.rsplit_once('@') else { return Cow::Borrowed(origin) };
    let (scheme, user) = before.split_at(before.find("://").map_or(0, |at| at + "://".len()));
    if user.is_empty() { Cow::Borrowed(origin) } else { Cow::Owned(format!("{scheme}{HIDDEN}@{host}")) }
}

/// Masks a list of parameters that `between` separates.
fn list(text: &str, between: char) -> Cow<'_, str> {
    let parts: Vec<Cow<'_, str>> = text.split_inclusive(between).map(|part| part_masked(part, between)).collect();
    if parts.iter().all(|part| matches!(part, Cow::Borrowed(_))) {
        return Cow::Borrowed(text);
    }
    Cow::Owned(parts.concat())
}

/// Masks one parameter and keeps its separator. Some readers split at `;` and others do not, so everything after the
/// first secret is masked.
fn part_masked(part: &str, between: char) -> Cow<'_, str> {
    let (text, end) = part.split_at(part.trim_end_matches(between).len());
    let mut from = 0;
    for parameter in text.split(';') {
        if let Some((name, value)) = parameter.split_once('=')
            && !value.is_empty()
            && (is_secret(&decoded(name)) || leads_to_a_secret(value))
        {
            return Cow::Owned(format!("{}{HIDDEN}{end}", &text[..=from + name.len()]));
        }
        from += parameter.len() + 1;
    }
    Cow::Borrowed(part)
}

/// Whether a value is or contains a URL with a secret: `next=https%3A%2F%2Fa.example%2F%3Ftoken%3Dx`.
fn leads_to_a_secret(value: &str) -> bool {
    let value = decoded(value);
    value
        .split(['?', '&', '#', ';', '/'])
        .any(|part| part.split_once('=').is_some_and(|(name, value)| !value.is_empty() && is_secret(name)))
}

fn is_secret(name: &str) -> bool {
    let joined: String = name.chars().filter(|c| !c.is_control()).collect::<String>().to_lowercase();
    SECRET.iter().any(|part| joined.contains(part))
        || words(name).iter().any(|word| SECRET_WORDS.contains(&word.as_str()))
}

/// Splits a name into lower-case words: `userPass`, `user_pass` and `user[pass]` have two.
fn words(name: &str) -> Vec<String> {
    let mut spread = String::with_capacity(name.len() + 8);
    let mut small = false;
    for c in name.chars() {
        if c.is_uppercase() && small {
            spread.push(' ');
        }
        small = c.is_lowercase();
        spread.push(if c.is_alphabetic() { c } else { ' ' });
    }
    spread.to_lowercase().split(' ').filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

/// Percent-decodes a text (`%74` is `t`), up to `ROUNDS` times.
fn decoded(text: &str) -> Cow<'_, str> {
    let mut text = Cow::Borrowed(text);
    for _ in 0..ROUNDS {
        match percent_decode_str(&text).decode_utf8_lossy() {
            Cow::Owned(once) => text = Cow::Owned(once),
            Cow::Borrowed(_) => break,
        }
    }
    text
}

/// Whether a text contains [`HIDDEN`], also in a percent-encoded form.
pub fn is_masked(text: &str) -> bool {
    decoded(text).contains(HIDDEN)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_that_let_somebody_in_are_hidden() {
        for (url, shown) in [
            ("https://a.example/x?sig=abc%3D&sv=1.0", "https://a.example/x?sig=••••&sv=1.0"),
            ("https://a.example/?team=hr&API_KEY=x&code=1==2", "https://a.example/?team=hr&API_KEY=••••&code=••••"),
            ("https://a.example/?clientSecret=a?b&x=1#top", "https://a.example/?clientSecret=••••&x=1#top"),
            ("https://a.example/?%74oken=x&%54OKEN=y", "https://a.example/?%74oken=••••&%54OKEN=••••"),
            ("https://a.example/?%2574oken=x", "https://a.example/?%2574oken=••••"),
            ("https://a.example/?to%00ken=x", "https://a.example/?to%00ken=••••"),
            ("https://a.example/?a=1;token=x", "https://a.example/?a=1;token=••••"),
            ("https://a.example/?token=x;y&a=1", "https://a.example/?token=••••&a=1"),
            ("https://a.example/?auth[user]=x&b[pass]=y", "https://a.example/?auth[user]=••••&b[pass]=••••"),
            ("https://a.example/x;jwt=y/z;v=1?a=1", "https://a.example/x;jwt=••••/z;v=1?a=1"),
            ("https://a.example/#access_token=x&a=1", "https://a.example/#access_token=••••&a=1"),
            ("https://a.example/#/in?token=x", "https://a.example/#/in?token=••••"),
            ("https://kim:word@a.example/x", "https://••••@a.example/x"),
            ("https://word@a.example", "https://••••@a.example"),
            ("https://a.example/?next=https%3A%2F%2Fb.example%2F%3Ftoken%3Dx", "https://a.example/?next=••••"),
            ("https://a.example/?next=https://b.example/?token=x", "https://a.example/?next=••••"),
            ("https://a.example/?a=1%26token=x", "https://a.example/?a=••••"),
            ("/hooks?token=x", "/hooks?token=••••"),
        ] {
            // A `?` in a query is a part of a value.
            assert_eq!(masked(url), shown);
            assert_eq!(masked(shown), shown, "what is masked stays as it is");
        }
        let names = "pwd pass passwd password userPass user_pass db.pass jwt credential credentials hmac auth apikey \
                     access_key X-Amz-Signature sas pin otp sessionId bearer passphrase PASS";
        for name in names.split(' ') {
            assert_eq!(masked(&format!("https://a.example/?{name}=x")), format!("https://a.example/?{name}=••••"));
        }
    }

    #[test]
    fn what_lets_nobody_in_is_shown() {
        for url in [
            "",
            "no URL",
            "https://a.example",
            "https://a.example/x",
            "https://a.example/x?team=hr",
            "https://a.example/x?token=",
            "https://a.example/x?token",
            "https://a.example/token/x?passenger=1&compass=n&machine=2&spin=3&side=4",
            "https://@a.example/",
            "https://a.example/@kim/x?mail=kim@b.example",
            "https://a.example/?next=https%3A%2F%2Fb.example%2F%3Fteam%3Dhr",
            "https://a.example/?&&;;=&=x#",
            "https://a.example/?a=100%&b=%zz",
        ] {
            assert!(matches!(masked(url), Cow::Borrowed(same) if same == url), "{url}: {}", masked(url));
        }
    }

    #[test]
    fn what_was_copied_from_a_screen_is_recognised_however_it_is_spelled() {
        for text in [
            "https://a.example/?token=••••",
            url::Url::parse("https://a.example/?token=••••").unwrap().as_str(),
            "Bearer ••••••••",
            "https://a.example/?x=%e2%80%a2•••",
            "https://a.example/?x=%E2%80%a2%e2%80%A2•%e2%80%a2",
            "https://a.example/?x=%25e2%2580%25a2•••",
        ] {
            assert!(is_masked(text), "{text}");
        }
        for text in ["https://a.example/?x=•", "https://a.example/?x=%e2%80%a2%e2%80", "100%", ""] {
            assert!(!is_masked(text), "{text}");
        }
    }
}
