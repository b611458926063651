//! Regular expressions: what `test`, `match`, `capture`, `scan`, `split`, `sub` and `gsub` are made of.

use jaq_core::{Error, ValR, native};
use jaq_json::Val;
use regex_lite::{Captures, Regex, RegexBuilder};

use super::{Data, Function, string};

/// What is wanted of a text.
#[derive(Clone, Copy)]
struct Wanted {
    /// What lies between the matches.
    between: bool,
    /// The matches.
    matches: bool,
}

/// A function with two arguments, the expression and its flags.
macro_rules! expression {
    ($name:literal, $between:literal, $matches:literal) => {
        native::run::<Data>(($name, native::v(2), |mut cv| {
            let (flags, expression) = (cv.0.pop_var(), cv.0.pop_var());
            let wanted = Wanted { between: $between, matches: $matches };
            native::bome(found(&cv.1, &expression, &flags, wanted))
        }))
    };
}

pub(super) fn all() -> [Function; 3] {
    [expression!("matches", false, true), expression!("split_matches", true, true), expression!("split_", true, false)]
}

fn found(input: &Val, expression: &Val, flags: &Val, wanted: Wanted) -> ValR<Val> {
    let (text, expression, flags) = (string(input)?, string(expression)?, string(flags)?);
    let regex = built(&expression, &flags)?;
    let mut parts: Vec<Val> = Vec::new();
    let (mut end, mut last_counted) = (0, (0, 0));
    for captures in regex.captures_iter(&text) {
        let Some(whole) = captures.get(0) else { continue };
        if flags.contains('n') && whole.is_empty() {
            continue;
        }
        if wanted.between {
            parts.push(text[end..whole.start()].to_owned().into());
            end = whole.end();
        }
        if wanted.matches {
            // Counted from the match before, so that many matches in a long text are not counted again and again.
            let (bytes, characters) = last_counted;
            last_counted = (whole.start(), characters + text[bytes..whole.start()].chars().count());
            parts.push(groups(&regex, &captures, &text, last_counted));
        }
        if !flags.contains('g') {
            break;
        }
    }
    if wanted.between {
        parts.push(text[end..].to_owned().into());
    }
    Ok(parts.into_iter().collect())
}

fn built(expression: &str, flags: &str) -> Result<Regex, Error<Val>> {
    if let Some(unknown) = flags.chars().find(|flag| !"gnimslxp".contains(*flag)) {
        return Err(Error::str(format_args!("there is no flag \"{unknown}\" of regular expressions")));
    }
    let has = |flag| flags.contains(flag);
    RegexBuilder::new(expression)
        .case_insensitive(has('i'))
        .multi_line(has('m') || has('p'))
        .dot_matches_new_line(has('s') || has('p'))
        .swap_greed(has('l'))
        .ignore_whitespace(has('x'))
        .build()
        .map_err(|error| Error::str(format_args!("\"{expression}\" is no regular expression: {error}")))
}

/// The whole match and its groups that matched, each with its place in characters. `counted` is the match's beginning,
/// in bytes and in characters.
fn groups(regex: &Regex, captures: &Captures<'_>, text: &str, counted: (usize, usize)) -> Val {
    let group = |(captured, name): (Option<regex_lite::Match<'_>>, Option<&str>)| {
        let captured = captured?;
        let before = &text[counted.0..captured.start()];
        let mut fields: jaq_json::Map = [
            ("offset", Val::from(counted.1 + before.chars().count())),
            ("length", Val::from(captured.as_str().chars().count())),
            ("string", Val::from(captured.as_str().to_owned())),
        ]
        .into_iter()
        .map(|(name, value)| (Val::from(name.to_owned()), value))
        .collect();
        if let Some(name) = name {
            fields.insert("name".to_owned().into(), name.to_owned().into());
        }
        Some(Val::obj(fields))
    };
    captures.iter().zip(regex.capture_names()).filter_map(group).collect()
}
