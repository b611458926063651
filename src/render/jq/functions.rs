//! Functions of the language that are ours, because the library's own would bring crates that we have already, or would
//! read the clock and the environment: formats, times, regular expressions, and what mathematics people use.

mod regex;

use base64::{Engine, engine::general_purpose::STANDARD};
use jaq_core::{Error, native};
use jaq_json::Val;
use jaq_std::ValT;

use super::Data;
use crate::domain::time::Timestamp;

/// A function of the language.
type Function = native::Fun<Data>;

/// A function without arguments that takes text.
macro_rules! of_text {
    ($name:literal, $make:expr) => {
        native::run::<Data>(($name, native::v(0), |cv| native::bome(string(&cv.1).and_then($make))))
    };
}

/// A function without arguments that takes a number.
macro_rules! of_number {
    ($name:literal, $make:expr) => {
        native::run::<Data>(($name, native::v(0), |cv| native::bome(number(&cv.1).map($make).map(Val::from))))
    };
}

/// All of them.
pub(super) fn all() -> Vec<Function> {
    let mut all = formats();
    all.extend(times());
    all.extend(mathematics());
    all.extend(regex::all());
    all
}

fn formats() -> Vec<Function> {
    vec![
        of_text!("escape_html", |text| Ok(replaced(&text, &HTML, false))),
        of_text!("unescape_html", |text| Ok(replaced(&text, &HTML, true))),
        of_text!("escape_tsv", |text| Ok(replaced(&text, &TSV, false))),
        of_text!("encode_uri", |text| Ok(percent(&text).into())),
        of_text!("decode_uri", |text| Ok(Val::utf8_str(unpercent(text.as_bytes())))),
        of_text!("encode_base64", |text| Ok(STANDARD.encode(text).into())),
        of_text!("decode_base64", |text| STANDARD.decode(text).map(Val::utf8_str).map_err(Error::str)),
    ]
}

fn times() -> [Function; 2] {
    [
        of_text!("fromdateiso8601", |text| text.parse().map(seconds).map_err(Error::str)),
        native::run::<Data>(("todateiso8601", native::v(0), |cv| native::bome(number(&cv.1).map(date)))),
    ]
}

fn mathematics() -> Vec<Function> {
    vec![
        of_number!("sqrt", f64::sqrt),
        of_number!("exp", f64::exp),
        of_number!("log", f64::ln),
        of_number!("log2", f64::log2),
        of_number!("log10", f64::log10),
        of_number!("fabs", f64::abs),
        of_number!("trunc", f64::trunc),
        native::run::<Data>(("pow", native::v(2), |mut cv| {
            let (exponent, base) = (cv.0.pop_var(), cv.0.pop_var());
            native::bome(number(&base).and_then(|base| Ok(base.powf(number(&exponent)?).into())))
        })),
    ]
}

fn string(value: &Val) -> Result<String, Error<Val>> {
    value.try_as_utf8_bytes().map(|bytes| String::from_utf8_lossy(bytes).into_owned())
}

fn number(value: &Val) -> Result<f64, Error<Val>> {
    value.as_f64().ok_or_else(|| Error::typ(value.clone(), "number"))
}

/// Seconds since 1970: whole ones where it has no fraction.
fn seconds(time: Timestamp) -> Val {
    if time.as_micros() % 1_000_000 == 0 {
        return time.as_seconds().try_into().map_or_else(|_| Val::from(time.as_seconds() as f64), |n: isize| n.into());
    }
    Val::from(time.as_micros() as f64 / 1e6)
}

fn date(seconds: f64) -> Val {
    Timestamp::from_micros((seconds * 1e6) as i64).to_jiff().to_string().into()
}

const HTML: [(&str, &str); 5] = [("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ("'", "&#39;"), ("\"", "&quot;")];
const TSV: [(&str, &str); 4] = [("\\", "\\\\"), ("\t", "\\t"), ("\n", "\\n"), ("\r", "\\r")];

/// Each of a pair's first by its second; backwards the other way, in the other order.
fn replaced(text: &str, pairs: &[(&str, &str)], backwards: bool) -> Val {
    let text = if backwards {
        pairs.iter().rev().fold(text.to_owned(), |text, (first, second)| text.replace(second, first))
    } else {
        pairs.iter().fold(text.to_owned(), |text, (first, second)| text.replace(first, second))
    };
    text.into()
}

/// Everything but RFC 3986's unreserved characters as `%` and two digits.
fn percent(text: &str) -> String {
    let byte = |byte: u8| match byte {
        b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => char::from(byte).to_string(),
        other => format!("%{other:02X}"),
    };
    text.bytes().map(byte).collect()
}

fn unpercent(text: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text;
    while let [first, further @ ..] = rest {
        let coded = (*first == b'%').then(|| further.get(..2).and_then(|digits| hex::decode(digits).ok())).flatten();
        match coded {
            Some(byte) => {
                bytes.extend(byte);
                rest = &further[2..];
            }
            None => {
                bytes.push(*first);
                rest = further;
            }
        }
    }
    bytes
}
