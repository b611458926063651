//! Headers that pack a time and signatures as labelled parts, as Stripe does: `t=1614265330,v1=5257a8…`. No scheme's text
//! says such a header; whoever sees one is told so.

use super::request::Request;

/// The labels of a value's parts, where it has at least two and one tells the time.
pub fn labels(value: &str) -> Option<Vec<&str>> {
    let parts = value.split(',').map(|part| part.trim().split_once('='));
    let parts = parts.collect::<Option<Vec<_>>>().filter(|parts| parts.len() > 1)?;
    let is_label = |text: &str| (1..=16).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_alphanumeric());
    let is_time = |text: &str| text.len() >= 10 && text.bytes().all(|byte| byte.is_ascii_digit());
    let labelled = parts.iter().all(|(label, _)| is_label(label)) && parts.iter().any(|(_, value)| is_time(value));
    labelled.then(|| parts.into_iter().map(|(label, _)| label).collect())
}

/// The first header of a request that is such a one, in words.
pub fn told(request: &Request) -> Option<String> {
    request.headers.iter().find_map(|header| {
        let labels = labels(&header.value)?;
        Some(format!(
            "the header {} packs several parts ({}), as Stripe's does, and no scheme's text says such a header",
            header.name,
            labels.join(", ")
        ))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_with_labels_are_known() {
        assert_eq!(labels("t=1614265330,v1=00ff,v0=11ee"), Some(vec!["t", "v1", "v0"]));
        assert_eq!(labels("ts=1614265330, h1=00ff"), Some(vec!["ts", "h1"]));
        for other in ["sha256=00ff", "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=", "00ff", "a=1,b=2", ""] {
            assert_eq!(labels(other), None, "{other}");
        }
    }
}
