//! Regular expressions. Oniguruma runs them, as in jq.

use jaq_core::Error;
use onig::{MatchParam, Regex, RegexOptions, Region, SearchOptions, Syntax};

use super::native::{self, Given, text, with};
use crate::render::jq::{
    budget,
    value::{Kind, Text, Thrown, Val},
    world::Function,
};

/// The largest number of attempts for one match, which takes less than a second.
const TRIES: u32 = 5_000_000;
/// The largest stack of one match: some 100 MB.
const REMEMBERED: u32 = 2_000_000;

pub(super) fn all() -> Vec<Function> {
    vec![
        with!("_match", 2, |input: Val, expression: Val, flags: Val| Ok(matches(&input, &expression, &flags)?.into())),
        with!("_test", 2, |input: Val, expression: Val, flags: Val| {
            let search = Search::new(&input, &expression, &flags)?;
            Ok(search.next(0, &mut Region::new())?.is_some().into())
        }),
        with!("_replaced", 2, |text: Val, matches: Val, parts: Val| replaced(&text, &matches, &parts)),
    ]
}

/// A search in one text.
struct Search<'a> {
    text: &'a str,
    regex: Regex,
    global: bool,
}

impl<'a> Search<'a> {
    fn new(input: &'a Val, expression: &Val, flags: &Val) -> Result<Self, Thrown> {
        let text = text(input, "cannot be matched, as it is not a string")?;
        let expression = native::text(expression, "cannot be matched, as it is not a string")?;
        let (options, global) = options(flags)?;
        let regex = Regex::with_options(expression, options, Syntax::perl_ng())
            .map_err(|error| Error::str(format_args!("Regex failure: {}", error.description())))?;
        Ok(Search { text, regex, global })
    }

    /// Returns the start and the end of the first match from the byte `start` on.
    fn next(&self, start: usize, region: &mut Region) -> Result<Option<(usize, usize)>, Thrown> {
        budget::step();
        let mut parameters = MatchParam::default();
        parameters.set_retry_limit_in_match(TRIES);
        parameters.set_match_stack_limit(REMEMBERED);
        let (text, none) = (self.text, SearchOptions::SEARCH_OPTION_NONE);
        let found = self.regex.search_with_param(text, start, text.len(), none, Some(region), parameters);
        match found {
            Ok(found) => Ok(found.and_then(|_| region.pos(0))),
            Err(_) => Err(Error::str("the regular expression takes too many tries to match, or too much memory")),
        }
    }

    /// Returns the names of its groups by number.
    fn names(&self) -> Vec<Option<Text>> {
        let mut names = vec![None; self.regex.captures_len() + 1];
        self.regex.foreach_name(|name, groups| {
            for group in groups {
                if let Some(known) = names.get_mut(*group as usize) {
                    *known = Some(Text::from(name));
                }
            }
            true
        });
        names
    }
}

/// Parses flags; the boolean means all matches.
fn options(flags: &Val) -> Result<(RegexOptions, bool), Thrown> {
    let flags = match &flags.kind {
        Kind::Null => "",
        Kind::Text(flags) => flags,
        _ => return Err(Error::str(format_args!("{} is not a string", flags.named()))),
    };
    let mut options = RegexOptions::REGEX_OPTION_CAPTURE_GROUP;
    for flag in flags.chars() {
        options |= match flag {
            'g' => continue,
            'i' => RegexOptions::REGEX_OPTION_IGNORECASE,
            'x' => RegexOptions::REGEX_OPTION_EXTEND,
            's' => RegexOptions::REGEX_OPTION_SINGLELINE,
            'p' => RegexOptions::REGEX_OPTION_MULTILINE | RegexOptions::REGEX_OPTION_SINGLELINE,
            'l' => RegexOptions::REGEX_OPTION_FIND_LONGEST,
            'n' => RegexOptions::REGEX_OPTION_FIND_NOT_EMPTY,
            _ => return Err(Error::str(format_args!("{flags} is not a valid modifier string"))),
        };
    }
    Ok((options, flags.contains('g')))
}

fn matches(input: &Val, expression: &Val, flags: &Val) -> Result<Vec<Val>, Thrown> {
    let search = Search::new(input, expression, flags)?;
    let (names, mut region) = (search.names(), Region::new());
    let mut places = Places { text: search.text, byte: 0, character: 0 };
    let (mut matches, mut start) = (Vec::new(), 0);
    while let Some((begin, end)) = search.next(start, &mut region)? {
        matches.push(found(&mut places, &region, &names));
        // After an empty match, the search continues one character later.
        let after = search.text[end..].chars().next().map_or(1, char::len_utf8);
        start = if end > begin { end } else { end + after };
        if !search.global || start >= search.text.len() {
            break;
        }
    }
    Ok(matches)
}

/// Makes a match in jq's form.
fn found(places: &mut Places<'_>, region: &Region, names: &[Option<Text>]) -> Val {
    let groups = (0..region.len()).map(|group| region.pos(group)).zip(names).skip(1);
    let (begin, end) = region.pos(0).unwrap_or_default();
    let whole = places.part(begin, end);
    let captures = groups.map(|(group, name)| {
        let name = ("name", name.clone().map_or_else(Val::null, Val::from));
        match group {
            Some((begin, end)) => places.part(begin, end).into_iter().chain([name]).collect::<Val>(),
            None => {
                let nothing = [("offset", Val::from(-1_isize)), ("string", Val::null()), ("length", 0_usize.into())];
                nothing.into_iter().chain([name]).collect()
            }
        }
    });
    let captures = ("captures", captures.collect::<Val>());
    whole.into_iter().chain([captures]).collect()
}

/// Replaces each match by its part.
fn replaced(value: &Val, matches: &Val, parts: &Val) -> Given {
    let (Some(text), Some(matches), Some(parts)) = (value.as_text(), matches.as_list(), parts.as_list()) else {
        return Ok(Val::null());
    };
    let number = |found: &Val, name: &str| {
        let number = found.as_fields().and_then(|fields| fields.get(name)).and_then(Val::as_number);
        number.map_or(0, |number| number.truncated() as usize)
    };
    let (mut rest, mut before, mut new) = (&**text, 0, Val::from(""));
    for (found, part) in matches.items().iter().zip(parts.items()) {
        let (gap, further) = split_at(rest, number(found, "offset") - before);
        let length = number(found, "length");
        rest = split_at(further, length).1;
        before = number(found, "offset") + length;
        new = ((new + gap.into())? + part.clone())?;
    }
    new + rest.into()
}

/// Splits a text at a character.
fn split_at(text: &str, character: usize) -> (&str, &str) {
    text.split_at(text.char_indices().nth(character).map_or(text.len(), |(at, _)| at))
}

/// Counts characters from the last match on, so that many matches in a long text stay fast.
struct Places<'a> {
    text: &'a str,
    byte: usize,
    character: usize,
}

impl Places<'_> {
    fn part(&mut self, begin: usize, end: usize) -> [(&'static str, Val); 3] {
        // A group within a look-behind may begin before the last position.
        if begin < self.byte {
            (self.byte, self.character) = (0, 0);
        }
        self.character += self.text[self.byte..begin].chars().count();
        self.byte = begin;
        let part = &self.text[begin..end];
        [("offset", self.character.into()), ("length", part.chars().count().into()), ("string", part.into())]
    }
}
