//! URLs as they may be shown: many receivers carry what lets somebody in in the URL's query.

use std::borrow::Cow;

/// What stands for a value that is not shown. A value that holds it is refused: it was copied from a screen.
pub const HIDDEN: &str = "••••";

/// Parts of parameters' names whose values let somebody in: `api_key`, `access_token`, `sig`, `code`, `clientSecret`.
const SECRET: [&str; 7] = ["secret", "token", "key", "sig", "code", "password", "auth"];

/// The URL with [`HIDDEN`] for the values in its query that let somebody in.
pub fn masked(url: &str) -> Cow<'_, str> {
    let Some((before, query)) = url.split_once('?') else { return Cow::Borrowed(url) };
    let (query, fragment) = query.split_at(query.find('#').unwrap_or(query.len()));
    let shown: Vec<Cow<'_, str>> = query.split('&').map(parameter).collect();
    if shown.iter().all(|part| matches!(part, Cow::Borrowed(_))) {
        return Cow::Borrowed(url);
    }
    Cow::Owned(format!("{before}?{}{fragment}", shown.join("&")))
}

fn parameter(text: &str) -> Cow<'_, str> {
    match text.split_once('=') {
        Some((name, value)) if !value.is_empty() && is_secret(name) => Cow::Owned(format!("{name}={HIDDEN}")),
        _ => Cow::Borrowed(text),
    }
}

fn is_secret(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    SECRET.iter().any(|part| name.contains(part))
}

/// Whether a text holds what stands for a value that is not shown, as it is or as it stands in a URL.
pub fn is_masked(text: &str) -> bool {
    let encoded: String = HIDDEN.bytes().map(|byte| format!("%{byte:02x}")).collect();
    text.contains(HIDDEN) || text.to_ascii_lowercase().contains(&encoded)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_that_let_somebody_in_are_hidden() {
        for (url, shown) in [
            ("https://a.example/x", "https://a.example/x"),
            ("https://a.example/x?team=hr", "https://a.example/x?team=hr"),
            ("https://a.example/x?token=", "https://a.example/x?token="),
            ("https://a.example/x?token", "https://a.example/x?token"),
            ("https://a.example/x?sig=abc%3D&sv=1.0", "https://a.example/x?sig=••••&sv=1.0"),
            ("https://a.example/?team=hr&API_KEY=x&code=1==2", "https://a.example/?team=hr&API_KEY=••••&code=••••"),
            ("https://a.example/?clientSecret=a?b&x=1#top", "https://a.example/?clientSecret=••••&x=1#top"),
        ] {
            assert_eq!(masked(url), shown);
        }
    }

    #[test]
    fn what_was_copied_from_a_screen_is_recognised() {
        assert!(is_masked("https://a.example/?token=••••"));
        assert!(is_masked(url::Url::parse("https://a.example/?token=••••").unwrap().as_str()));
        assert!(is_masked("Bearer ••••••••"));
        assert!(!is_masked("https://a.example/?x=•"));
    }
}
