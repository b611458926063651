//! C#, .NET 6 and later.

use super::words::{order, place, quoted};
use crate::domain::scheme::{Encoding, Hash, JsonForm, KeyForm, Piece, Scheme};

pub fn code(scheme: &Scheme) -> Option<String> {
    let pieces: Vec<String> = scheme.message.pieces().iter().map(piece).collect::<Option<_>>()?;
    let hash = match scheme.algorithm.hash() {
        Hash::Sha256 => "SHA256",
        Hash::Sha1 => "SHA1",
        Hash::Sha512 => "SHA512",
        Hash::Md5 => "MD5",
    };
    let digest = match place(scheme) {
        None => format!("HMAC{hash}.HashData(key, message)"),
        Some(place) => format!("{hash}.HashData({})", joined(&order(place, "key", "message"))),
    };
    let pieces: Vec<&str> = pieces.iter().map(String::as_str).collect();
    let prefix = if scheme.prefix.is_empty() { String::new() } else { format!("{} + ", quoted(&scheme.prefix)) };
    let given = if scheme.prefix.contains(' ') { "new[] { given }" } else { "given.Split(' ')" };
    Some(format!(
        r#"using System;
using System.Linq;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

public static class Signature
{{
    // rawBody: the bytes as they came; header: gives a header's value by its name; url: the whole URL of the request.
    public static bool IsGenuine(byte[] rawBody, Func<string, string?> header, string secret, string url = "")
    {{
        var key = {key};
        var message = {message};
        var digest = {digest};
        var expected = Encoding.UTF8.GetBytes({prefix}{encoding});
        var given = header({header}) ?? "";
        return {given}.Any(one => CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(one), expected));
    }}
}}
"#,
        key = key(scheme.key),
        message = joined(&pieces),
        encoding = encoding(scheme.encoding),
        header = quoted(&scheme.header),
    ))
}

fn joined(parts: &[&str]) -> String {
    let (first, rest) = parts.split_first().unwrap_or((&"rawBody", &[]));
    let rest: String = rest.iter().map(|part| format!(".Concat({part})")).collect();
    if rest.is_empty() { (*first).to_owned() } else { format!("{first}{rest}.ToArray()") }
}

const BARE: &str = r#"Regex.Replace(secret, "^(tmkey_|whsec_)", "")"#;

fn key(form: KeyForm) -> String {
    match form {
        KeyForm::Secret => "Encoding.UTF8.GetBytes(secret)".to_owned(),
        KeyForm::Bare => format!("Encoding.UTF8.GetBytes({BARE})"),
        KeyForm::Hex => format!("Convert.FromHexString({BARE})"),
        KeyForm::Base64 => {
            format!(
                "Convert.FromBase64String({BARE}.TrimEnd('=').PadRight(({BARE}.TrimEnd('=').Length + 3) / 4 * 4, '='))"
            )
        }
        KeyForm::Utf16le => "Encoding.Unicode.GetBytes(secret)".to_owned(),
        KeyForm::Sha256 => "SHA256.HashData(Encoding.UTF8.GetBytes(secret))".to_owned(),
        KeyForm::Upper => "Encoding.UTF8.GetBytes(secret.ToUpperInvariant())".to_owned(),
        KeyForm::Lower => "Encoding.UTF8.GetBytes(secret.ToLowerInvariant())".to_owned(),
    }
}

fn piece(piece: &Piece) -> Option<String> {
    let bytes = |text: &str| format!("Encoding.UTF8.GetBytes({text})");
    Some(match piece {
        Piece::Raw => "rawBody".to_owned(),
        Piece::Data => bytes(r#"JsonDocument.Parse(rawBody).RootElement.GetProperty("data").GetRawText()"#),
        Piece::Url => bytes("url"),
        Piece::Path => bytes("new Uri(url).PathAndQuery"),
        Piece::Json(JsonForm::Dotnet) => "JsonSerializer.SerializeToUtf8Bytes(JsonDocument.Parse(rawBody))".to_owned(),
        Piece::Json(JsonForm::Minified) => {
            bytes(r#"Regex.Replace(Encoding.UTF8.GetString(rawBody), @"(""(?:[^""\\]|\\.)*"")|\s+", "$1")"#)
        }
        Piece::Json(_) => return None,
        Piece::Field(field) => {
            bytes(&format!("JsonDocument.Parse(rawBody).RootElement.GetProperty(\"{field}\").ToString()"))
        }
        Piece::Header(name) => bytes(&format!("header({}) ?? \"\"", quoted(name))),
        Piece::Text(text) => bytes(&quoted(text)),
    })
}

fn encoding(encoding: Encoding) -> &'static str {
    match encoding {
        Encoding::Hex => "Convert.ToHexString(digest).ToLowerInvariant()",
        Encoding::HexUpper => "Convert.ToHexString(digest)",
        Encoding::Base64 => "Convert.ToBase64String(digest)",
        Encoding::Base64Nopad => "Convert.ToBase64String(digest).TrimEnd('=')",
        Encoding::Base64url => "Convert.ToBase64String(digest).Replace('+', '-').Replace('/', '_')",
        Encoding::Base64urlNopad => "Convert.ToBase64String(digest).Replace('+', '-').Replace('/', '_').TrimEnd('=')",
    }
}
