//! Rewrites the messages of the parser and of libraries for values that they cannot read.

/// The largest values of integer types; a range that ends at one has no meaningful upper bound.
const ENDS: [u64; 3] = [u64::MAX, u32::MAX as u64, i64::MAX as u64];

/// Rewrites a line after the first one: a suggestion, the possible values, or the usage.
pub(super) fn further_line(line: &str) -> String {
    if let Some(usage) = line.strip_prefix("Usage: ") {
        return format!("usage: {usage}");
    }
    if let Some(values) = line.strip_prefix("[possible values: ").and_then(|rest| rest.strip_suffix(']')) {
        return format!("it is one of {values}");
    }
    let Some(tip) = line.strip_prefix("tip: ") else { return line.to_owned() };
    match tip.split_once(" exists: ").or_else(|| tip.split_once(" exist: ")) {
        Some((what, names)) if what.contains("similar") => format!("did you mean {}?", alternatives(names)),
        _ => tip.to_owned(),
    }
}

/// Writes `'a', 'b', 'c'` as `"a", "b" or "c"`.
fn alternatives(names: &str) -> String {
    let names = names.replace('\'', "\"");
    match names.rsplit_once(", ") {
        Some((all, last)) => format!("{all} or {last}"),
        None => names,
    }
}

/// Rewrites a message, including the library's reason at its end.
pub(super) fn plain_message(message: &str) -> String {
    let quoted = |before: &str, behind: &str| message.strip_prefix(before)?.strip_suffix(behind);
    if let Some(command) = quoted("unrecognized subcommand '", "'") {
        return format!("there is no command \"{command}\"");
    }
    match quoted("unexpected argument '", "' found") {
        Some(option) if option.starts_with('-') => return format!("there is no option {option} here"),
        Some(word) => return format!("\"{word}\" is one word too many"),
        None => {}
    }
    match message.rsplit_once(": ").and_then(|(what, why)| Some((what, reason(why)?))) {
        Some((what, why)) => format!("{what}: {why}"),
        None => message.to_owned(),
    }
}

fn reason(why: &str) -> Option<String> {
    let ours = match why {
        "invalid digit found in string" | "cannot parse integer from empty string" => "it is a whole number",
        "number too large to fit in target type" => "it is too large a number",
        "number too small to fit in target type" => "it is too small a number",
        "invalid socket address syntax" => "it is an address and a port, such as 127.0.0.1:8471",
        _ => return range(why.split_once(" is not in ")?.1),
    };
    Some(ours.to_owned())
}

/// Describes a range: `1..18446744073709551615` is "a number from 1 on".
fn range(text: &str) -> Option<String> {
    let (from, to) = text.split_once("..")?;
    let (to, less) = to.strip_prefix('=').map_or((to, 1), |to| (to, 0));
    let from: u64 = from.parse().ok()?;
    match to.parse::<u64>() {
        Ok(to) if !ENDS.contains(&to) => Some(format!("it is a number from {from} to {}", to.saturating_sub(less))),
        _ => Some(format!("it is a number from {from} on")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_meant_is_asked_for() {
        for (library, ours) in [
            ("tip: a similar value exists: 'bash'", "did you mean \"bash\"?"),
            ("tip: some similar subcommands exist: 'test', 'ls', 'list'", "did you mean \"test\", \"ls\" or \"list\"?"),
            ("tip: to pass '-x' as a value, use '-- -x'", "to pass '-x' as a value, use '-- -x'"),
            ("[possible values: auto, never]", "it is one of auto, never"),
            ("Usage: tm-hooks list", "usage: tm-hooks list"),
        ] {
            assert_eq!(further_line(library), ours);
        }
    }

    #[test]
    fn ranges_are_read_by_people() {
        for (library, ours) in [
            ("a: 0 is not in 1..18446744073709551615", "a: it is a number from 1 on"),
            ("a: 0 is not in 1..=4294967295", "a: it is a number from 1 on"),
            ("a: 99 is not in 0..=20", "a: it is a number from 0 to 20"),
            ("a: 99 is not in 0..20", "a: it is a number from 0 to 19"),
            ("a: b: invalid digit found in string", "a: b: it is a whole number"),
            ("unexpected argument 'x' found", "\"x\" is one word too many"),
            ("unexpected argument '--x' found", "there is no option --x here"),
            ("unrecognized subcommand 'lst'", "there is no command \"lst\""),
            ("a: \"v9\" is not a version", "a: \"v9\" is not a version"),
        ] {
            assert_eq!(plain_message(library), ours);
        }
    }
}
