//! Go.

use std::collections::BTreeSet;

use super::{
    super::sender::needs_url,
    words::{order, place, quoted},
};
use crate::domain::scheme::{Encoding, Hash, JsonForm, KeyForm, Piece, Scheme};

pub fn code(scheme: &Scheme) -> Option<String> {
    let mut imports = BTreeSet::from(["crypto/subtle", "net/http", "strings"]);
    let (package, new) = match scheme.algorithm.hash() {
        Hash::Sha256 => ("crypto/sha256", "sha256.New"),
        Hash::Sha1 => ("crypto/sha1", "sha1.New"),
        Hash::Sha512 => ("crypto/sha512", "sha512.New"),
        Hash::Md5 => ("crypto/md5", "md5.New"),
    };
    imports.insert(package);
    let hasher = match place(scheme) {
        None => {
            imports.insert("crypto/hmac");
            format!("hmac.New({new}, key)")
        }
        Some(_) => format!("{new}()"),
    };
    let parts = place(scheme).map_or(vec!["message"], |place| order(place, "key", "message"));
    let writes: String = parts.into_iter().map(|part| format!("\tmac.Write({part})\n")).collect();
    let (mut before, mut message) = (String::new(), String::new());
    for piece in scheme.message.pieces() {
        message += &self::piece(piece, &mut imports, &mut before)?;
    }
    let key = key(scheme.key, &mut imports);
    let encoded = encoding(scheme.encoding, &mut imports);
    let prefix = if scheme.prefix.is_empty() { String::new() } else { format!("{} + ", quoted(&scheme.prefix)) };
    let header = format!("headers.Get({})", quoted(&scheme.header));
    let given =
        if scheme.prefix.contains(' ') { format!("[]string{{{header}}}") } else { format!("strings.Fields({header})") };
    if scheme.prefix.contains(' ') && !key.contains("strings.") && !encoded.contains("strings.") {
        imports.remove("strings");
    }
    let imports: String = imports.into_iter().map(|name| format!("\t\"{name}\"\n")).collect();
    let url = if needs_url(scheme) { ", url *url.URL" } else { "" };
    Some(format!(
        r#"import (
{imports})

// rawBody: the bytes as they came.
func IsGenuine(rawBody []byte, headers http.Header, secret string{url}) bool {{
	key := {key}
{before}	var message []byte
{message}	mac := {hasher}
{writes}	expected := {prefix}{encoded}
	for _, one := range {given} {{
		if subtle.ConstantTimeCompare([]byte(one), []byte(expected)) == 1 {{
			return true
		}}
	}}
	return false
}}
"#
    ))
}

const BARE: &str = r#"strings.TrimPrefix(strings.TrimPrefix(secret, "tmkey_"), "whsec_")"#;

fn key(form: KeyForm, imports: &mut BTreeSet<&'static str>) -> String {
    match form {
        KeyForm::Secret => "[]byte(secret)".to_owned(),
        KeyForm::Bare => format!("[]byte({BARE})"),
        KeyForm::Hex => {
            imports.insert("encoding/hex");
            format!("func() []byte {{ key, _ := hex.DecodeString({BARE}); return key }}()")
        }
        KeyForm::Base64 => {
            imports.insert("encoding/base64");
            format!(
                "func() []byte {{ key, _ := base64.RawStdEncoding.DecodeString(strings.TrimRight({BARE}, \"=\")); return key }}()"
            )
        }
        KeyForm::Utf16le => {
            imports.extend(["encoding/binary", "unicode/utf16"]);
            "func() (key []byte) { for _, unit := range utf16.Encode([]rune(secret)) { key = \
             binary.LittleEndian.AppendUint16(key, unit) }; return }()"
                .to_owned()
        }
        KeyForm::Sha256 => {
            imports.insert("crypto/sha256");
            "func() []byte { sum := sha256.Sum256([]byte(secret)); return sum[:] }()".to_owned()
        }
        KeyForm::Upper => "[]byte(strings.ToUpper(secret))".to_owned(),
        KeyForm::Lower => "[]byte(strings.ToLower(secret))".to_owned(),
    }
}

fn piece(piece: &Piece, imports: &mut BTreeSet<&'static str>, before: &mut String) -> Option<String> {
    let text = |text: String| format!("\tmessage = append(message, {text}...)\n");
    Some(match piece {
        Piece::Raw => text("rawBody".to_owned()),
        Piece::Data => {
            imports.insert("bytes");
            let from = "bytes.Index(rawBody, []byte(`\"data\":`))+7";
            text(format!("bytes.TrimSpace(rawBody[{from}:bytes.LastIndexByte(rawBody, '}}')])"))
        }
        Piece::Url => {
            imports.insert("net/url");
            text("url.String()".to_owned())
        }
        Piece::Path => {
            imports.insert("net/url");
            text("url.RequestURI()".to_owned())
        }
        Piece::Json(JsonForm::Minified) => {
            imports.extend(["bytes", "encoding/json"]);
            before.push_str("\tvar minified bytes.Buffer\n\tjson.Compact(&minified, rawBody)\n");
            text("minified.Bytes()".to_owned())
        }
        Piece::Json(_) => return None,
        Piece::Field(field) => {
            imports.insert("encoding/json");
            if !before.contains("var fields") {
                before.push_str("\tvar fields map[string]json.RawMessage\n\tjson.Unmarshal(rawBody, &fields)\n");
            }
            text(format!("strings.Trim(string(fields[\"{field}\"]), `\"`)"))
        }
        Piece::Header(name) => text(format!("headers.Get({})", quoted(name))),
        Piece::Text(literal) => text(quoted(literal)),
    })
}

fn encoding(encoding: Encoding, imports: &mut BTreeSet<&'static str>) -> &'static str {
    imports.insert(if encoding.as_str().starts_with("hex") { "encoding/hex" } else { "encoding/base64" });
    match encoding {
        Encoding::Hex => "hex.EncodeToString(mac.Sum(nil))",
        Encoding::HexUpper => "strings.ToUpper(hex.EncodeToString(mac.Sum(nil)))",
        Encoding::Base64 => "base64.StdEncoding.EncodeToString(mac.Sum(nil))",
        Encoding::Base64Nopad => "base64.RawStdEncoding.EncodeToString(mac.Sum(nil))",
        Encoding::Base64url => "base64.URLEncoding.EncodeToString(mac.Sum(nil))",
        Encoding::Base64urlNopad => "base64.RawURLEncoding.EncodeToString(mac.Sum(nil))",
    }
}
