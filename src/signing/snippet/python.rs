//! Python 3.

use super::words::{hash, order, place, quoted};
use crate::domain::scheme::{Encoding, JsonForm, KeyForm, Piece, Scheme};

pub fn code(scheme: &Scheme) -> Option<String> {
    let pieces: Vec<String> = scheme.message.pieces().iter().map(piece).collect::<Option<_>>()?;
    let digest = match place(scheme) {
        None => format!("hmac.new(key, message, hashlib.{}).digest()", hash(scheme)),
        Some(place) => format!("hashlib.{}({}).digest()", hash(scheme), order(place, "key", "message").join(" + ")),
    };
    let prefix = if scheme.prefix.is_empty() { String::new() } else { format!("{} + ", quoted(&scheme.prefix)) };
    let header = format!("headers.get({}, \"\")", quoted(&scheme.header.to_lowercase()));
    let given = if scheme.prefix.contains(' ') { format!("[{header}]") } else { format!("{header}.split(\" \")") };
    Some(format!(
        r#"import base64, hashlib, hmac, json, re, urllib.parse

# raw_body: the bytes as they came; headers: a dict with names in lower case; url: the whole URL of the request.
def is_genuine(raw_body, headers, secret, url=""):
    key = {key}
    message = {message}
    digest = {digest}
    expected = {prefix}{encoding}
    return any(hmac.compare_digest(one.encode(), expected.encode()) for one in {given})
"#,
        key = key(scheme.key),
        message = pieces.join(" + "),
        encoding = encoding(scheme.encoding),
    ))
}

fn key(form: KeyForm) -> &'static str {
    match form {
        KeyForm::Secret => "secret.encode()",
        KeyForm::Bare => r#"re.sub("^(tmkey_|whsec_)", "", secret).encode()"#,
        KeyForm::Hex => r#"bytes.fromhex(re.sub("^(tmkey_|whsec_)", "", secret))"#,
        KeyForm::Base64 => r#"base64.b64decode(re.sub("^(tmkey_|whsec_)", "", secret) + "==")"#,
        KeyForm::Utf16le => r#"secret.encode("utf-16-le")"#,
        KeyForm::Sha256 => "hashlib.sha256(secret.encode()).digest()",
        KeyForm::Upper => "secret.upper().encode()",
        KeyForm::Lower => "secret.lower().encode()",
    }
}

fn piece(piece: &Piece) -> Option<String> {
    Some(match piece {
        Piece::Raw => "raw_body".to_owned(),
        Piece::Data => r#"re.sub(rb'^.*?"data"\s*:\s*|\s*}\s*$', b"", raw_body, flags=re.S)"#.to_owned(),
        Piece::Url => "url.encode()".to_owned(),
        Piece::Path => r#"re.sub("^[a-z]+://[^/]*", "", url).encode()"#.to_owned(),
        Piece::Json(form) => json(*form)?.to_owned(),
        Piece::Field(field) => format!("str(json.loads(raw_body)[\"{field}\"]).encode()"),
        Piece::Header(name) => format!("headers.get({}, \"\").encode()", quoted(&name.to_lowercase())),
        Piece::Text(text) => format!("{}.encode()", quoted(text)),
    })
}

fn json(form: JsonForm) -> Option<&'static str> {
    Some(match form {
        JsonForm::Python => "json.dumps(json.loads(raw_body)).encode()",
        JsonForm::Minified => r#"re.sub(r'("(?:[^"\\]|\\.)*")|\s+', r"\1", raw_body.decode()).encode()"#,
        JsonForm::Sorted => {
            r#"json.dumps(json.loads(raw_body), sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()"#
        }
        JsonForm::Pretty => "json.dumps(json.loads(raw_body), ensure_ascii=False, indent=2).encode()",
        JsonForm::Js | JsonForm::Dotnet | JsonForm::Php => return None,
    })
}

fn encoding(encoding: Encoding) -> &'static str {
    match encoding {
        Encoding::Hex => "digest.hex()",
        Encoding::HexUpper => "digest.hex().upper()",
        Encoding::Base64 => "base64.b64encode(digest).decode()",
        Encoding::Base64Nopad => r#"base64.b64encode(digest).decode().rstrip("=")"#,
        Encoding::Base64url => "base64.urlsafe_b64encode(digest).decode()",
        Encoding::Base64urlNopad => r#"base64.urlsafe_b64encode(digest).decode().rstrip("=")"#,
    }
}
