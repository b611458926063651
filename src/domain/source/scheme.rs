//! How a source's sender signs.

use std::{fmt, str::FromStr};

use crate::domain::{
    scheme::{NotAScheme, SchemeChoice},
    text::serde_as_text,
};

/// How a source's sender signs: a chosen scheme, or one that is learnt from its first requests.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum SourceScheme {
    /// `learn`: the service tries which scheme explains the first requests.
    #[default]
    Learn,
    /// This one. `none` takes unsigned requests.
    Known(SchemeChoice),
}

impl SourceScheme {
    /// The name of [`SourceScheme::Learn`].
    pub const LEARN: &'static str = "learn";

    /// Whether requests need no signature.
    pub fn is_none(&self) -> bool {
        *self == SourceScheme::Known(SchemeChoice::None)
    }
}

impl fmt::Display for SourceScheme {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            SourceScheme::Learn => f.pad(Self::LEARN),
            SourceScheme::Known(choice) => choice.fmt(f),
        }
    }
}

impl FromStr for SourceScheme {
    type Err = NotAScheme;

    fn from_str(text: &str) -> Result<Self, NotAScheme> {
        if text == Self::LEARN { Ok(SourceScheme::Learn) } else { text.parse().map(SourceScheme::Known) }
    }
}

serde_as_text!(SourceScheme);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scheme_is_learnt_or_known() {
        for text in ["learn", "none", "timemoto", "sha1 key=secret place=before message=raw encoding=hex"] {
            assert_eq!(text.parse::<SourceScheme>().unwrap().to_string(), text);
        }
        assert!("none".parse::<SourceScheme>().unwrap().is_none());
        assert!(!SourceScheme::default().is_none());
        assert!("Learn".parse::<SourceScheme>().is_err());
    }
}
