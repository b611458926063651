//! Masks what a receiver may echo and the history must not keep: a webhook's secrets and the values of its own headers.

use std::borrow::Cow;

use secrecy::{ExposeSecret, SecretString};

use crate::{domain::secret::MASK, service::store::Claim};

/// The shortest header value that is masked, in bytes. Shorter ones protect nothing, and masking them would remove
/// common words from answers.
const SHORTEST_VALUE: usize = 4;
/// The shortest word of such a value that is masked on its own, in bytes: the token after `Bearer`, not `Bearer`.
const SHORTEST_WORD: usize = 8;

/// The texts to mask in answers of one webhook's receiver. Its `Debug` output shows none of them.
#[derive(Debug, Default)]
pub struct Hidden(Vec<SecretString>);

impl Hidden {
    /// The texts to mask in the answer to a claimed attempt.
    pub fn of(claim: &Claim) -> Self {
        let mut texts = Vec::with_capacity(1 + claim.recipient.headers.len());
        texts.push(claim.recipient.secrets.secret.expose());
        texts.extend(claim.recipient.secrets.previous.as_ref().map(|previous| previous.secret.expose()));
        let values = || claim.recipient.headers.values().map(|value| value.trim());
        texts.extend(values().filter(|value| value.len() >= SHORTEST_VALUE));
        texts.extend(values().flat_map(str::split_whitespace).filter(|word| word.len() >= SHORTEST_WORD));
        Hidden(texts.into_iter().map(SecretString::from).collect())
    }

    /// The first `most` bytes of a text, or a few less so that no character is cut, with hidden texts masked. A hidden
    /// text that begins within them is masked completely.
    pub fn mask<'text>(&self, text: &'text str, most: usize) -> Cow<'text, str> {
        let most = text.floor_char_boundary(most);
        let mut places = self.places(text, most);
        if places.is_empty() {
            return Cow::Borrowed(&text[..most]);
        }
        places.sort_unstable();
        let mut masked = String::with_capacity(most);
        let mut rest = 0;
        for (begin, end) in places {
            if begin >= rest {
                masked.push_str(&text[rest..begin]);
                masked.push_str(MASK);
            }
            rest = rest.max(end);
        }
        masked.push_str(text.get(rest..most).unwrap_or_default());
        Cow::Owned(masked)
    }

    /// The starts, before `most`, and ends of hidden texts.
    fn places(&self, text: &str, most: usize) -> Vec<(usize, usize)> {
        let mut places = Vec::new();
        for hidden in self.0.iter().map(ExposeSecret::expose_secret) {
            let begins = text.match_indices(hidden).map(|(begin, _)| begin).take_while(|begin| *begin < most);
            places.extend(begins.map(|begin| (begin, begin + hidden.len())));
        }
        places
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hidden(texts: &[&str]) -> Hidden {
        Hidden(texts.iter().map(|text| SecretString::from(*text)).collect())
    }

    #[test]
    fn every_occurrence_is_masked_and_the_rest_left() {
        let hidden = hidden(&["Bearer blue-green", "blue-green"]);
        for (text, expected) in [
            ("", String::new()),
            ("nothing here", "nothing here".to_owned()),
            ("blue-green", MASK.to_owned()),
            ("got Bearer blue-green, not blue-green.", format!("got {MASK}, not {MASK}.")),
        ] {
            assert_eq!(hidden.mask(text, 100), expected, "{text}");
        }
    }

    #[test]
    fn the_cut_leaves_no_part_of_a_secret_or_a_character() {
        let hidden = hidden(&["blue-green"]);
        assert_eq!(hidden.mask("it is blue-green, really", 8), format!("it is {MASK}"));
        assert_eq!(hidden.mask("it is blue-green, really", 17), format!("it is {MASK},"));
        assert_eq!(hidden.mask("zwölf", 3), "zw");
        assert_eq!(hidden.mask("zwölf", 4), "zwö");
    }

    #[test]
    fn debug_shows_nothing() {
        assert!(!format!("{:?}", hidden(&["blue-green"])).contains("blue"));
    }
}
