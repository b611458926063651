//! A scheme as a person names it: by its text, or by a name of what the service signs with.

use std::{fmt, str::FromStr};

use super::text::{NotAScheme, Scheme};
use crate::domain::text::serde_as_text;

/// A scheme that was chosen.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum SchemeChoice {
    /// `timemoto`: the one that receivers of TimeMoto assume.
    Timemoto,
    /// `standard`: Standard Webhooks.
    Standard,
    /// `both` of them, each in its own headers. Webhooks are signed so unless they say otherwise.
    #[default]
    Both,
    /// `none`: nothing is signed.
    None,
    /// Any other, by its text.
    Text(Scheme),
}

/// Those that have a name, and what it stands for.
pub const NAMED: [(SchemeChoice, &str, &str); 4] = [
    (SchemeChoice::Timemoto, "timemoto", "the one that receivers of TimeMoto assume"),
    (SchemeChoice::Standard, "standard", "Standard Webhooks"),
    (SchemeChoice::Both, "both", "each in its own headers"),
    (SchemeChoice::None, "none", "no signature, and no header of ours"),
];

impl fmt::Display for SchemeChoice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            SchemeChoice::Text(scheme) => scheme.fmt(f),
            named => f.pad(NAMED.iter().find(|(choice, ..)| choice == named).map_or("", |(_, name, _)| *name)),
        }
    }
}

impl FromStr for SchemeChoice {
    type Err = NotAScheme;

    fn from_str(text: &str) -> Result<Self, NotAScheme> {
        let named = NAMED.into_iter().find(|(_, name, _)| *name == text).map(|(choice, ..)| choice);
        named.map_or_else(|| text.parse().map(SchemeChoice::Text).map_err(NotAScheme::or_a_name), Ok)
    }
}

serde_as_text!(SchemeChoice);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scheme_has_a_name_or_a_text() {
        for name in ["timemoto", "standard", "both", "none", "sha1 key=secret place=before message=raw encoding=hex"] {
            assert_eq!(name.parse::<SchemeChoice>().unwrap().to_string(), name);
        }
        assert!(matches!("hmac-sha256 header=X-A".parse(), Ok(SchemeChoice::Text(_))));
        let refused = |text: &str| text.parse::<SchemeChoice>().unwrap_err().to_string();
        assert!(refused("neither").contains("timemoto, standard, both and none have a name"), "{}", refused("neither"));
        assert!(!refused("hmac-sha256 key=rot13").contains("have a name"));
    }
}
