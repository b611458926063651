//! What was most likely meant by a name that is not known.

use crate::domain::text::nearest;

/// Those of `names` that begin as was typed; else the one that is nearest.
pub(super) fn meant<'a>(typed: &str, names: &[&'a str]) -> Vec<&'a str> {
    let beginning = typed.trim_end_matches(['.', '*']).to_lowercase();
    let begun = names.iter().copied().filter(|name| !beginning.is_empty() && name.starts_with(&beginning));
    let begun: Vec<&str> = begun.collect();
    if begun.is_empty() { nearest(typed, names.iter().copied()).into_iter().collect() } else { begun }
}

/// Asks whether that was meant.
pub(super) fn sentence(meant: &[&str]) -> Option<String> {
    match meant.split_last()? {
        (last, []) => Some(format!("did you mean \"{last}\"?")),
        (last, others) => Some(format!("did you mean \"{}\" or \"{last}\"?", others.join("\", \""))),
    }
}
