//! Parses a scheme from its text and writes it.

use std::{fmt, str::FromStr};

use super::{
    escape::{escaped, plain},
    headers::{TIMEMOTO_SIGNATURE, WEBHOOK_ID, WEBHOOK_SIGNATURE, WEBHOOK_TIMESTAMP},
    message::{Message, Piece, header_name},
    parts::{Algorithm, Encoding, Hash, KeyForm, Place},
};
use crate::domain::text::serde_as_text;

/// How a request is signed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scheme {
    /// What is computed.
    pub algorithm: Algorithm,
    /// How the key is derived from the secret.
    pub key: KeyForm,
    /// What is signed.
    pub message: Message,
    /// How the digest is written.
    pub encoding: Encoding,
    /// The header that carries the signature.
    pub header: String,
    /// The text before the digest in that header.
    pub prefix: String,
}

impl Scheme {
    /// Returns the scheme that receivers of TimeMoto assume.
    pub fn timemoto() -> Self {
        Scheme {
            algorithm: Algorithm::Hmac(Hash::Sha256),
            key: KeyForm::Secret,
            message: Message::raw(),
            encoding: Encoding::Hex,
            header: TIMEMOTO_SIGNATURE.to_owned(),
            prefix: String::new(),
        }
    }

    /// Returns the scheme of Standard Webhooks. `SharedSecret::standard_key` chooses its key.
    pub fn standard(key: KeyForm) -> Self {
        let header = |name: &str| Piece::Header(name.to_owned());
        let dot = || Piece::Text(".".to_owned());
        let pieces = vec![header(WEBHOOK_ID), dot(), header(WEBHOOK_TIMESTAMP), dot(), Piece::Raw];
        Scheme {
            key,
            message: Message::of(pieces),
            encoding: Encoding::Base64,
            header: WEBHOOK_SIGNATURE.to_owned(),
            prefix: "v1,".to_owned(),
            ..Scheme::timemoto()
        }
    }

    /// Whether several signatures may stand in the header, with blanks between: so it is in Standard Webhooks, and where
    /// its prefix is used. A receiver takes the request when one of them is right.
    pub fn takes_several(&self) -> bool {
        self.prefix == "v1,"
    }
}

impl fmt::Display for Scheme {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Scheme { algorithm, key, message, encoding, header, prefix } = self;
        write!(f, "{algorithm} key={key}")?;
        if let Algorithm::Plain(_, place) = algorithm {
            write!(f, " place={place}")?;
        }
        write!(f, " message={message} encoding={encoding}")?;
        if header != TIMEMOTO_SIGNATURE {
            write!(f, " header={header}")?;
        }
        if !prefix.is_empty() {
            write!(f, " prefix={}", escaped(prefix, false))?;
        }
        Ok(())
    }
}

/// A text that is no scheme: where in it that shows, and why.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("it is no scheme: {why} (at character {at})")]
pub struct NotAScheme {
    /// Which character it is, from 1.
    at: usize,
    why: String,
}

impl NotAScheme {
    /// The same of a text that could have been a name too: it has one word.
    pub(super) fn or_a_name(self) -> Self {
        if self.at > 1 {
            return self;
        }
        NotAScheme { why: format!("{}; timemoto, standard, both and none have a name", self.why), ..self }
    }
}

/// A word of a text, or the value in one.
#[derive(Clone, Copy)]
struct Word<'a> {
    /// Which character of the text is its first, from 1.
    at: usize,
    text: &'a str,
}

impl<'a> Word<'a> {
    /// What blanks stand between.
    fn all(text: &'a str) -> impl Iterator<Item = Self> {
        let place = |word: &str| word.as_ptr() as usize - text.as_ptr() as usize;
        text.split_ascii_whitespace().map(move |word| Word { at: text[..place(word)].chars().count() + 1, text: word })
    }

    /// The name and the value of a `name=value`.
    fn named(self) -> Result<(&'a str, Self), NotAScheme> {
        let (name, value) =
            self.text.split_once('=').ok_or_else(|| self.wrong(format!("\"{}\" is no name=value", self.text)))?;
        Ok((name, Word { at: self.at + name.chars().count() + 1, text: value }))
    }

    fn wrong(self, why: impl Into<String>) -> NotAScheme {
        NotAScheme { at: self.at, why: why.into() }
    }

    fn read<T>(self, read: impl Fn(&str) -> Result<T, String>) -> Result<T, NotAScheme> {
        read(self.text).map_err(|why| self.wrong(why))
    }
}

/// The `name=value` words of a text, before they are parsed.
#[derive(Default)]
struct Given<'a> {
    key: Option<Word<'a>>,
    place: Option<Word<'a>>,
    message: Option<Word<'a>>,
    encoding: Option<Word<'a>>,
    header: Option<Word<'a>>,
    prefix: Option<Word<'a>>,
}

impl<'a> Given<'a> {
    fn read(words: impl Iterator<Item = Word<'a>>) -> Result<Self, NotAScheme> {
        let mut given = Given::default();
        for word in words {
            let (name, value) = word.named()?;
            let known = match name {
                "key" => &mut given.key,
                "place" => &mut given.place,
                "message" => &mut given.message,
                "encoding" => &mut given.encoding,
                "header" => &mut given.header,
                "prefix" => &mut given.prefix,
                _ => {
                    return Err(word.wrong(format!(
                        "\"{name}\" is nothing that a scheme has; it has key, place, message, encoding, header and prefix"
                    )));
                }
            };
            if known.replace(value).is_some() {
                return Err(word.wrong(format!("{name} stands there twice")));
            }
        }
        Ok(given)
    }
}

impl FromStr for Scheme {
    type Err = NotAScheme;

    fn from_str(text: &str) -> Result<Self, NotAScheme> {
        let mut words = Word::all(text);
        let algorithm = words.next().ok_or_else(|| Word { at: 1, text }.wrong("it is empty"))?;
        let given = Given::read(words)?;
        let default = Scheme::timemoto();
        Ok(Scheme {
            algorithm: read_algorithm(algorithm, given.place)?,
            key: or(given.key, default.key, str::parse)?,
            message: or(given.message, default.message, str::parse)?,
            encoding: or(given.encoding, default.encoding, str::parse)?,
            header: or(given.header, default.header, header_name)?,
            prefix: or(given.prefix, default.prefix, plain)?,
        })
    }
}

serde_as_text!(Scheme);

/// What was given, or else the default.
fn or<T>(given: Option<Word<'_>>, default: T, read: impl Fn(&str) -> Result<T, String>) -> Result<T, NotAScheme> {
    given.map_or(Ok(default), |word| word.read(read))
}

fn read_algorithm(name: Word<'_>, place: Option<Word<'_>>) -> Result<Algorithm, NotAScheme> {
    let of_hmac = name.text.strip_prefix("hmac-");
    let is_hmac = of_hmac.is_some();
    let hash: Hash = of_hmac.unwrap_or(name.text).parse().map_err(|_| {
        name.wrong(format!(
            "\"{}\" is no algorithm; there are hmac-sha256, hmac-sha1, hmac-sha512, hmac-md5, sha256, sha1, sha512 and md5",
            name.text
        ))
    })?;
    match place {
        Some(place) if is_hmac => {
            Err(place.wrong(format!("{} takes no place: an HMAC has a key of its own", name.text)))
        }
        _ if is_hmac => Ok(Algorithm::Hmac(hash)),
        place => Ok(Algorithm::Plain(hash, or(place, Place::Before, str::parse)?)),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::signing::scheme::{BodyField, JsonForm};

    fn printed(text: &str) -> String {
        text.parse::<Scheme>().unwrap_or_else(|error| panic!("{text}: {error}")).to_string()
    }

    fn refused(text: &str) -> String {
        text.parse::<Scheme>().unwrap_err().to_string()
    }

    #[test]
    fn ours_is_the_one_of_the_defaults() {
        let whole = "hmac-sha256 key=secret message=raw encoding=hex";
        assert_eq!(Scheme::timemoto().to_string(), whole);
        assert_eq!(printed("hmac-sha256"), whole);
        assert_eq!(printed("  hmac-sha256   header=Timemoto-Signature prefix= "), whole);
        assert_eq!(printed("hmac-sha256 encoding=hex key=secret"), whole, "words may come in any order");
    }

    #[test]
    fn what_is_printed_is_read_as_the_same() {
        for text in [
            "hmac-sha512 key=base64 message={id}.{raw} encoding=base64url-nopad header=X-Signature prefix=v1,",
            "sha256 key=bare place=after message={raw}\\n encoding=hex-upper",
            "md5 key=upper place=both message={header:X-Timestamp}:{raw} encoding=base64 prefix=HMAC\\x20",
            "hmac-sha1 key=utf16le message=json:dotnet encoding=base64-nopad",
            "hmac-sha256 key=secret message={url}\\\\{json:js}\\x7b\\t encoding=hex",
            "hmac-sha256 key=secret message={dispatchedAt}{event}{sequence}{data} encoding=hex prefix=sha256=",
        ] {
            assert_eq!(printed(text), text);
        }
        assert_eq!(printed("sha1"), "sha1 key=secret place=before message=raw encoding=hex");
        assert_eq!(printed("sha1 message={raw}"), "sha1 key=secret place=before message=raw encoding=hex");
        assert_eq!(
            Scheme::standard(KeyForm::Base64).to_string(),
            "hmac-sha256 key=base64 message={webhook-id}.{webhook-timestamp}.{raw} encoding=base64 \
             header=webhook-signature prefix=v1,"
                .replace("{webhook", "{header:webhook")
        );
    }

    #[test]
    fn what_is_no_scheme_is_said_with_what_would_be_one() {
        assert!(refused("").contains("it is empty"));
        assert!(refused("sha384").contains("\"sha384\" is no algorithm; there are hmac-sha256"));
        assert!(refused("hmac-sha256 key=rot13").contains("there are secret, bare"));
        assert!(refused(" hmac-sha256  encoding=hex\tkey=rot13").ends_with("(at character 32)"));
        assert!(refused("hmac-sha256 prefix=é key=rot13").ends_with("(at character 26)"), "characters, not bytes");
        assert!(refused("hmac-sha256 place=after").contains("takes no place"));
        assert!(refused("hmac-sha256 raw").contains("\"raw\" is no name=value"));
        assert!(refused("hmac-sha256 salt=1").contains("it has key, place"));
        assert!(refused("hmac-sha256 key=hex key=hex").contains("key stands there twice (at character 21)"));
        assert!(refused("hmac-sha256 message=id").contains("write {id}"));
        assert!(refused("hmac-sha256 message={id").contains("not closed"));
        assert!(refused("hmac-sha256 message={raw}}").contains("closes nothing"));
        assert!(refused("hmac-sha256 message={raw}\\q").contains("known are"));
        assert!(refused("hmac-sha256 message={raw}\\xzz").contains("known are"));
        assert!(
            refused("hmac-sha256 message={header:a b}").contains("\"b}\" is no name=value"),
            "a value has no blanks"
        );
        assert!(refused("hmac-sha256 header=a/b").contains("no name of a header"));
    }

    fn any_message() -> impl Strategy<Value = Message> {
        let piece = prop_oneof![
            Just(Piece::Raw),
            Just(Piece::Data),
            Just(Piece::Url),
            Just(Piece::Path),
            proptest::sample::select(JsonForm::ALL).prop_map(Piece::Json),
            proptest::sample::select(BodyField::ALL).prop_map(Piece::Field),
            "[a-zA-Z-]{1,12}".prop_map(Piece::Header),
        ];
        let texts = proptest::option::of("[ -~\n\r\té]{1,4}".prop_map(Piece::Text));
        proptest::collection::vec((piece, texts), 1..4).prop_map(|pairs| {
            Message::of(pairs.into_iter().flat_map(|(piece, text)| std::iter::once(piece).chain(text)).collect())
        })
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn every_scheme_is_read_back(
            hash in proptest::sample::select(Hash::ALL),
            place in proptest::option::of(proptest::sample::select(Place::ALL)),
            key in proptest::sample::select(KeyForm::ALL),
            message in any_message(),
            encoding in proptest::sample::select(Encoding::ALL),
            header in "[a-zA-Z-]{1,20}",
            prefix in "[ -~\n]{0,8}",
        ) {
            let algorithm = place.map_or(Algorithm::Hmac(hash), |place| Algorithm::Plain(hash, place));
            let scheme = Scheme { algorithm, key, message, encoding, header, prefix };
            prop_assert_eq!(scheme.to_string().parse::<Scheme>(), Ok(scheme));
        }
    }
}
