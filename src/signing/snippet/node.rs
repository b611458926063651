//! JavaScript for Node.js.

use super::words::{hash, order, place, quoted};
use crate::domain::scheme::{Encoding, JsonForm, KeyForm, Piece, Scheme};

pub fn code(scheme: &Scheme) -> Option<String> {
    let pieces: Vec<String> = scheme.message.pieces().iter().map(piece).collect::<Option<_>>()?;
    let message = if pieces.len() == 1 { pieces.concat() } else { format!("Buffer.concat([{}])", pieces.join(", ")) };
    let digest = match place(scheme) {
        None => format!("createHmac(\"{}\", key).update(message)", hash(scheme)),
        Some(place) => {
            let updates = order(place, "key", "message").into_iter().map(|part| format!(".update({part})"));
            format!("createHash(\"{}\"){}", hash(scheme), updates.collect::<String>())
        }
    };
    let prefix = if scheme.prefix.is_empty() { String::new() } else { format!("{} + ", quoted(&scheme.prefix)) };
    let header = format!("headers[{}] ?? \"\"", quoted(&scheme.header.to_lowercase()));
    let given = if scheme.prefix.contains(' ') { format!("[{header}]") } else { format!("({header}).split(\" \")") };
    Some(format!(
        r#"import {{ createHash, createHmac, timingSafeEqual }} from "node:crypto";

// rawBody: a Buffer of the bytes as they came; headers: as req.headers; url: the whole URL of the request.
export function isGenuine(rawBody, headers, secret, url) {{
  const key = {key};
  const message = {message};
  const expected = Buffer.from({prefix}{digest}.{encoding});
  return {given}.some((one) => {{
    const signature = Buffer.from(one);
    return signature.length === expected.length && timingSafeEqual(signature, expected);
  }});
}}
"#,
        key = key(scheme.key),
        encoding = encoding(scheme.encoding),
    ))
}

fn key(form: KeyForm) -> &'static str {
    match form {
        KeyForm::Secret => "Buffer.from(secret)",
        KeyForm::Bare => r#"Buffer.from(secret.replace(/^(tmkey_|whsec_)/, ""))"#,
        KeyForm::Hex => r#"Buffer.from(secret.replace(/^(tmkey_|whsec_)/, ""), "hex")"#,
        KeyForm::Base64 => r#"Buffer.from(secret.replace(/^(tmkey_|whsec_)/, ""), "base64")"#,
        KeyForm::Utf16le => r#"Buffer.from(secret, "utf16le")"#,
        KeyForm::Sha256 => r#"createHash("sha256").update(secret).digest()"#,
        KeyForm::Upper => "Buffer.from(secret.toUpperCase())",
        KeyForm::Lower => "Buffer.from(secret.toLowerCase())",
    }
}

fn piece(piece: &Piece) -> Option<String> {
    Some(match piece {
        Piece::Raw => "rawBody".to_owned(),
        Piece::Data => {
            r#"Buffer.from(rawBody.toString().replace(/^[^]*?"data"\s*:\s*/, "").replace(/\s*\}\s*$/, ""))"#.to_owned()
        }
        Piece::Url => "Buffer.from(url)".to_owned(),
        Piece::Path => "Buffer.from(new URL(url).pathname + new URL(url).search)".to_owned(),
        Piece::Json(JsonForm::Js) => "Buffer.from(JSON.stringify(JSON.parse(rawBody)))".to_owned(),
        Piece::Json(JsonForm::Minified) => {
            r#"Buffer.from(rawBody.toString().replace(/("(?:[^"\\]|\\.)*")|\s+/g, "$1"))"#.to_owned()
        }
        Piece::Json(_) => return None,
        Piece::Field(field) => format!("Buffer.from(String(JSON.parse(rawBody).{field}))"),
        Piece::Header(name) => format!("Buffer.from(headers[{}] ?? \"\")", quoted(&name.to_lowercase())),
        Piece::Text(text) => format!("Buffer.from({})", quoted(text)),
    })
}

fn encoding(encoding: Encoding) -> &'static str {
    match encoding {
        Encoding::Hex => r#"digest("hex")"#,
        Encoding::HexUpper => r#"digest("hex").toUpperCase()"#,
        Encoding::Base64 => r#"digest("base64")"#,
        Encoding::Base64Nopad => r#"digest("base64").replace(/=+$/, "")"#,
        Encoding::Base64url => r#"digest("base64").replaceAll("+", "-").replaceAll("/", "_")"#,
        Encoding::Base64urlNopad => r#"digest("base64url")"#,
    }
}
