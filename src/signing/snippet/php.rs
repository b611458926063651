//! PHP 8.

use super::words::{hash, order, place, quoted};
use crate::domain::scheme::{Encoding, JsonForm, KeyForm, Piece, Scheme};

pub fn code(scheme: &Scheme) -> Option<String> {
    let pieces: Vec<String> = scheme.message.pieces().iter().map(piece).collect::<Option<_>>()?;
    let digest = match place(scheme) {
        None => format!("hash_hmac('{}', $message, $key, true)", hash(scheme)),
        Some(place) => format!("hash('{}', {}, true)", hash(scheme), order(place, "$key", "$message").join(" . ")),
    };
    let prefix = if scheme.prefix.is_empty() { String::new() } else { format!("{} . ", literal(&scheme.prefix)) };
    let header = format!("$headers[{}] ?? ''", literal(&scheme.header.to_lowercase()));
    let given = if scheme.prefix.contains(' ') { format!("[{header}]") } else { format!("explode(' ', {header})") };
    Some(format!(
        r#"<?php
// $rawBody: file_get_contents('php://input'); $headers: array_change_key_case(getallheaders()); $url: the whole URL.
function is_genuine(string $rawBody, array $headers, string $secret, string $url = ''): bool
{{
    $key = {key};
    $message = {message};
    $digest = {digest};
    $expected = {prefix}{encoding};
    $genuine = false;
    foreach ({given} as $one) {{
        $genuine = hash_equals($expected, $one) || $genuine;
    }}
    return $genuine;
}}
"#,
        key = key(scheme.key),
        message = pieces.join(" . "),
        encoding = encoding(scheme.encoding),
    ))
}

/// Writes a string literal. PHP would read a dollar sign in double quotes as a variable.
fn literal(text: &str) -> String {
    quoted(text).replace('$', "\\$")
}

fn key(form: KeyForm) -> &'static str {
    match form {
        KeyForm::Secret => "$secret",
        KeyForm::Bare => "preg_replace('/^(tmkey_|whsec_)/', '', $secret)",
        KeyForm::Hex => "hex2bin(preg_replace('/^(tmkey_|whsec_)/', '', $secret))",
        KeyForm::Base64 => "base64_decode(strtr(preg_replace('/^(tmkey_|whsec_)/', '', $secret), '-_', '+/'))",
        KeyForm::Utf16le => "iconv('UTF-8', 'UTF-16LE', $secret)",
        KeyForm::Sha256 => "hash('sha256', $secret, true)",
        KeyForm::Upper => "strtoupper($secret)",
        KeyForm::Lower => "strtolower($secret)",
    }
}

fn piece(piece: &Piece) -> Option<String> {
    Some(match piece {
        Piece::Raw => "$rawBody".to_owned(),
        Piece::Data => r#"preg_replace('/^.*?"data"\s*:\s*|\s*}\s*$/s', '', $rawBody)"#.to_owned(),
        Piece::Url => "$url".to_owned(),
        Piece::Path => "preg_replace('~^[a-z]+://[^/]*~', '', $url)".to_owned(),
        Piece::Json(JsonForm::Php) => "json_encode(json_decode($rawBody, true))".to_owned(),
        Piece::Json(JsonForm::Minified) => {
            r#"preg_replace('/("(?:[^"\\\\]|\\\\.)*")|\s+/', '$1', $rawBody)"#.to_owned()
        }
        Piece::Json(_) => return None,
        Piece::Field(field) => format!("json_decode($rawBody)->{field}"),
        Piece::Header(name) => format!("($headers[{}] ?? '')", literal(&name.to_lowercase())),
        Piece::Text(text) => literal(text),
    })
}

fn encoding(encoding: Encoding) -> &'static str {
    match encoding {
        Encoding::Hex => "bin2hex($digest)",
        Encoding::HexUpper => "strtoupper(bin2hex($digest))",
        Encoding::Base64 => "base64_encode($digest)",
        Encoding::Base64Nopad => "rtrim(base64_encode($digest), '=')",
        Encoding::Base64url => "strtr(base64_encode($digest), '+/', '-_')",
        Encoding::Base64urlNopad => "rtrim(strtr(base64_encode($digest), '+/', '-_'), '=')",
    }
}
