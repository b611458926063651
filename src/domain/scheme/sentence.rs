//! Describes a scheme in a sentence.

use super::{
    message::{Message, Piece},
    parts::{Algorithm, Encoding, JsonForm, KeyForm, Place},
    text::Scheme,
};

/// The scheme in words: `HMAC-SHA-256 of the raw body with the whole secret as the key, in lower-case hex`.
pub fn in_words(scheme: &Scheme) -> String {
    let Scheme { algorithm, key, message, encoding, header, prefix } = scheme;
    let (message, key) = (of_message(message), key_in_words(*key));
    let digest = match algorithm {
        Algorithm::Hmac(hash) => format!("HMAC-{} of {message} with {key} as the key", hash.title()),
        Algorithm::Plain(hash, place) => {
            let place = match place {
                Place::Before => "before",
                Place::After => "behind",
                Place::Both => "before and behind",
            };
            format!("{} of {message} with {key} {place} it", hash.title())
        }
    };
    let prefix = if prefix.is_empty() { String::new() } else { format!(", with \"{prefix}\" before it") };
    format!("{digest}, in {}{prefix}, in the header {header}", of_encoding(*encoding))
}

/// What the key is, in words.
pub fn key_in_words(key: KeyForm) -> &'static str {
    match key {
        KeyForm::Secret => "the whole secret",
        KeyForm::Bare => "the secret without what stands before its _",
        KeyForm::Hex => "the bytes that the secret says in hex",
        KeyForm::Base64 => "the bytes that the secret says in Base64",
        KeyForm::Utf16le => "the secret in UTF-16 (little endian)",
        KeyForm::Sha256 => "the SHA-256 digest of the secret",
        KeyForm::Upper => "the secret in upper case",
        KeyForm::Lower => "the secret in lower case",
    }
}

fn of_message(message: &Message) -> String {
    let words: Vec<String> = message.pieces().iter().map(of_piece).collect();
    words.join(", ")
}

fn of_piece(piece: &Piece) -> String {
    match piece {
        Piece::Raw => "the raw body".to_owned(),
        Piece::Data => "the body's data as they are written there".to_owned(),
        Piece::Url => "the URL".to_owned(),
        Piece::Path => "the URL's path and query".to_owned(),
        Piece::Json(form) => format!("the body {}", of_form(*form)),
        Piece::Field(field) => format!("the body's {field}"),
        Piece::Header(name) => format!("the header {name}"),
        Piece::Text(text) if text == "\n" => "a line break".to_owned(),
        Piece::Text(text) => format!("\"{}\"", text.escape_debug()),
    }
}

fn of_form(form: JsonForm) -> &'static str {
    match form {
        JsonForm::Minified => "without blanks",
        JsonForm::Pretty => "with line breaks and two blanks a level",
        JsonForm::Sorted => "without blanks and with its names in order",
        JsonForm::Js => "as JavaScript writes it again",
        JsonForm::Python => "as Python writes it again",
        JsonForm::Dotnet => "as .NET writes it again",
        JsonForm::Php => "as PHP writes it again",
    }
}

fn of_encoding(encoding: Encoding) -> &'static str {
    match encoding {
        Encoding::Hex => "lower-case hex",
        Encoding::HexUpper => "upper-case hex",
        Encoding::Base64 => "Base64",
        Encoding::Base64Nopad => "Base64 without padding",
        Encoding::Base64url => "Base64 for URLs",
        Encoding::Base64urlNopad => "Base64 for URLs without padding",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scheme_is_told_in_a_sentence() {
        let told = |text: &str| in_words(&text.parse().unwrap());
        assert_eq!(
            told("hmac-sha256"),
            "HMAC-SHA-256 of the raw body with the whole secret as the key, in lower-case hex, in the header \
             Timemoto-Signature"
        );
        assert_eq!(
            told("sha512 key=bare place=after message={id}.{json:js}\\n encoding=base64 header=X-S prefix=v1="),
            "SHA-512 of the body's id, \".\", the body as JavaScript writes it again, a line break with the secret \
             without what stands before its _ behind it, in Base64, with \"v1=\" before it, in the header X-S"
        );
    }
}
