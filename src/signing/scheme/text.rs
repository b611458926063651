//! Parses a scheme from its text and writes it.

use std::{fmt, str::FromStr};

use super::{
    escape::{escaped, plain},
    message::{Message, Piece, header_name},
    parts::{Algorithm, Encoding, Hash, KeyForm, Place},
};
use crate::{
    domain::text::serde_as_text,
    signing::attempt::{TIMEMOTO_SIGNATURE, WEBHOOK_ID, WEBHOOK_SIGNATURE, WEBHOOK_TIMESTAMP},
};

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

/// The text is not a scheme.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("it is no scheme: {0}")]
pub struct NotAScheme(String);

/// The `name=value` words of a text, before they are parsed.
#[derive(Default)]
struct Given<'a> {
    key: Option<&'a str>,
    place: Option<&'a str>,
    message: Option<&'a str>,
    encoding: Option<&'a str>,
    header: Option<&'a str>,
    prefix: Option<&'a str>,
}

impl<'a> Given<'a> {
    fn read(words: impl Iterator<Item = &'a str>) -> Result<Self, String> {
        let mut given = Given::default();
        for word in words {
            let (name, value) = word.split_once('=').ok_or_else(|| format!("\"{word}\" is no name=value"))?;
            let known = match name {
                "key" => &mut given.key,
                "place" => &mut given.place,
                "message" => &mut given.message,
                "encoding" => &mut given.encoding,
                "header" => &mut given.header,
                "prefix" => &mut given.prefix,
                _ => {
                    return Err(format!(
                        "\"{name}\" is nothing that a scheme has; it has key, place, message, encoding, header and prefix"
                    ));
                }
            };
            if known.replace(value).is_some() {
                return Err(format!("{name} stands there twice"));
            }
        }
        Ok(given)
    }
}

impl FromStr for Scheme {
    type Err = NotAScheme;

    fn from_str(text: &str) -> Result<Self, NotAScheme> {
        read(text).map_err(NotAScheme)
    }
}

serde_as_text!(Scheme);

fn read(text: &str) -> Result<Scheme, String> {
    let mut words = text.split_ascii_whitespace();
    let algorithm = words.next().ok_or("it is empty")?;
    let given = Given::read(words)?;
    let default = Scheme::timemoto();
    Ok(Scheme {
        algorithm: read_algorithm(algorithm, given.place)?,
        key: given.key.map_or(Ok(default.key), str::parse)?,
        message: given.message.map_or(Ok(default.message), str::parse)?,
        encoding: given.encoding.map_or(Ok(default.encoding), str::parse)?,
        header: given.header.map_or(Ok(default.header), header_name)?,
        prefix: given.prefix.map_or(Ok(default.prefix), plain)?,
    })
}

fn read_algorithm(name: &str, place: Option<&str>) -> Result<Algorithm, String> {
    let unknown = |_| {
        format!(
            "\"{name}\" is no algorithm; there are hmac-sha256, hmac-sha1, hmac-sha512, hmac-md5, sha256, sha1, sha512 and md5"
        )
    };
    match (name.strip_prefix("hmac-"), place) {
        (Some(hash), None) => hash.parse().map(Algorithm::Hmac).map_err(unknown),
        (Some(_), Some(_)) => Err(format!("{name} takes no place: an HMAC has a key of its own")),
        (None, place) => {
            let hash: Hash = name.parse().map_err(unknown)?;
            Ok(Algorithm::Plain(hash, place.map_or(Ok(Place::Before), str::parse)?))
        }
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
        assert!(refused("hmac-sha256 place=after").contains("takes no place"));
        assert!(refused("hmac-sha256 raw").contains("\"raw\" is no name=value"));
        assert!(refused("hmac-sha256 salt=1").contains("it has key, place"));
        assert!(refused("hmac-sha256 key=hex key=hex").contains("key stands there twice"));
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
