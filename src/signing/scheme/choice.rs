//! A scheme as a person names it: by its text, or by the name of one of the two that the service signs with.

use std::str::FromStr;

use super::{
    super::secret::SharedSecret,
    text::{NotAScheme, Scheme},
};

/// A scheme that was chosen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SchemeChoice {
    /// `timemoto`: the one that receivers of TimeMoto assume.
    Timemoto,
    /// `standard`: Standard Webhooks.
    Standard,
    /// `both` of them, each in its own headers.
    Both,
    /// Any other, by its text.
    Text(Scheme),
}

impl SchemeChoice {
    /// Returns the scheme for this secret, as the key of Standard Webhooks depends on the form of the secret. Returns
    /// `None` for `both`.
    pub fn with(&self, secret: &SharedSecret) -> Option<Scheme> {
        match self {
            SchemeChoice::Timemoto => Some(Scheme::timemoto()),
            SchemeChoice::Standard => Some(Scheme::standard(secret.standard_key())),
            SchemeChoice::Both => None,
            SchemeChoice::Text(scheme) => Some(scheme.clone()),
        }
    }

    /// Returns all schemes that it stands for, for this secret.
    pub fn all(&self, secret: &SharedSecret) -> Vec<Scheme> {
        self.with(secret)
            .map_or_else(|| vec![Scheme::timemoto(), Scheme::standard(secret.standard_key())], |it| vec![it])
    }
}

impl FromStr for SchemeChoice {
    type Err = NotAScheme;

    fn from_str(text: &str) -> Result<Self, NotAScheme> {
        match text {
            "timemoto" => Ok(SchemeChoice::Timemoto),
            "standard" => Ok(SchemeChoice::Standard),
            "both" => Ok(SchemeChoice::Both),
            _ => text.parse().map(SchemeChoice::Text),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scheme_has_a_name_or_a_text() {
        let secret = SharedSecret::read("whsec_MfKQ9r8G").unwrap();
        let all = |text: &str| {
            let schemes = text.parse::<SchemeChoice>().unwrap().all(&secret);
            schemes.iter().map(|scheme| format!("{} {}", scheme.header, scheme.key)).collect::<Vec<_>>()
        };
        assert_eq!(all("both"), ["Timemoto-Signature secret", "webhook-signature base64"]);
        assert_eq!(all("standard"), ["webhook-signature base64"]);
        assert_eq!(all("timemoto"), ["Timemoto-Signature secret"]);
        assert_eq!(all("sha1 header=X-A"), ["X-A secret"]);
        assert!("neither".parse::<SchemeChoice>().is_err());
    }
}
