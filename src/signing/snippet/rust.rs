//! Rust, with well-known crates.

use super::{
    super::sender::needs_url,
    words::{order, place, quoted},
};
use crate::domain::scheme::{Encoding, Hash, KeyForm, Piece, Scheme};

pub fn code(scheme: &Scheme) -> Option<String> {
    let (krate, hash) = match scheme.algorithm.hash() {
        Hash::Sha256 => ("sha2", "Sha256"),
        Hash::Sha1 => ("sha1", "Sha1"),
        Hash::Sha512 => ("sha2", "Sha512"),
        Hash::Md5 => ("md5", "Md5"),
    };
    let pieces: Vec<String> = scheme.message.pieces().iter().map(piece).collect::<Option<_>>()?;
    let uses_plain = place(scheme).is_some() || scheme.key == KeyForm::Sha256;
    let mut uses = vec![format!("use {krate}::{hash};"), "use subtle::ConstantTimeEq;".to_owned()];
    if uses_plain {
        uses.push(format!("use {krate}::Digest;"));
    }
    let digest = match place(scheme) {
        None => {
            uses.push("use hmac::{Hmac, KeyInit, Mac};".to_owned());
            format!(
                "Hmac::<{hash}>::new_from_slice(&key).expect(\"a key of any length\").chain_update(&message).finalize().into_bytes()"
            )
        }
        Some(place) => format!("{hash}::digest([{}].concat())", order(place, "&key[..]", "&message[..]").join(", ")),
    };
    if !scheme.encoding.as_str().starts_with("hex") || scheme.key == KeyForm::Base64 {
        uses.push("use base64::{Engine, engine::general_purpose};".to_owned());
    }
    uses.sort();
    let url = if needs_url(scheme) { ", url: &str" } else { "" };
    let given = if scheme.prefix.contains(' ') { "[given].into_iter()" } else { "given.split(' ')" };
    let prefix =
        if scheme.prefix.is_empty() { String::new() } else { format!("{}.to_owned() + &", quoted(&scheme.prefix)) };
    Some(format!(
        r#"// Cargo.toml: hmac = "0.13", sha2 = "0.11" (sha1, md-5 = "0.11"), hex = "0.4", base64 = "0.23", subtle = "2", http = "1", serde_json = "1"
{uses}

/// raw_body: the bytes as they came.
pub fn is_genuine(raw_body: &[u8], headers: &http::HeaderMap, secret: &str{url}) -> bool {{
    let header = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let key = {key};
    let message: Vec<u8> = [{message}].concat();
    let digest = {digest};
    let expected = {prefix}{encoding};
    let given = header({header});
    {given}.fold(false, |genuine, one| genuine | bool::from(one.as_bytes().ct_eq(expected.as_bytes())))
}}
"#,
        uses = uses.join("\n"),
        key = key(scheme.key),
        message = pieces.join(", "),
        encoding = encoding(scheme.encoding),
        header = quoted(&scheme.header),
    ))
}

const BARE: &str = r#"secret.trim_start_matches("tmkey_").trim_start_matches("whsec_")"#;

fn key(form: KeyForm) -> String {
    match form {
        KeyForm::Secret => "secret.as_bytes().to_vec()".to_owned(),
        KeyForm::Bare => format!("{BARE}.as_bytes().to_vec()"),
        KeyForm::Hex => format!("hex::decode({BARE}).unwrap_or_default()"),
        KeyForm::Base64 => {
            format!("general_purpose::STANDARD_NO_PAD.decode({BARE}.trim_end_matches('=')).unwrap_or_default()")
        }
        KeyForm::Utf16le => "secret.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>()".to_owned(),
        KeyForm::Sha256 => "sha2::Sha256::digest(secret).to_vec()".to_owned(),
        KeyForm::Upper => "secret.to_uppercase().into_bytes()".to_owned(),
        KeyForm::Lower => "secret.to_lowercase().into_bytes()".to_owned(),
    }
}

fn piece(piece: &Piece) -> Option<String> {
    Some(match piece {
        Piece::Raw => "raw_body".to_owned(),
        Piece::Data => "{ let body = std::str::from_utf8(raw_body).unwrap_or_default(); \
                        body.split_once(\"\\\"data\\\":\").map_or(\"\", |(_, data)| data.trim().strip_suffix('}').unwrap_or(data).trim_end()).as_bytes() }"
            .to_owned(),
        Piece::Url => "url.as_bytes()".to_owned(),
        Piece::Path => "url.splitn(4, '/').nth(3).map_or(\"/\".to_owned(), |path| format!(\"/{path}\")).as_bytes()".to_owned(),
        Piece::Json(_) => return None,
        Piece::Field(field) => format!(
            "serde_json::from_slice::<serde_json::Value>(raw_body).map(|body| body[\"{field}\"].as_str().map_or_else(|| \
             body[\"{field}\"].to_string(), str::to_owned)).unwrap_or_default().as_bytes()"
        ),
        Piece::Header(name) => format!("header({}).as_bytes()", quoted(name)),
        Piece::Text(text) => format!("{}.as_bytes()", quoted(text)),
    })
}

fn encoding(encoding: Encoding) -> &'static str {
    match encoding {
        Encoding::Hex => "hex::encode(digest)",
        Encoding::HexUpper => "hex::encode_upper(digest)",
        Encoding::Base64 => "general_purpose::STANDARD.encode(digest)",
        Encoding::Base64Nopad => "general_purpose::STANDARD_NO_PAD.encode(digest)",
        Encoding::Base64url => "general_purpose::URL_SAFE.encode(digest)",
        Encoding::Base64urlNopad => "general_purpose::URL_SAFE_NO_PAD.encode(digest)",
    }
}
