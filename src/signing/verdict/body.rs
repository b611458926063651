//! Guesses the signed body from one that was parsed and re-serialized.

use super::super::{
    json::{Json, before_rounding},
    request::Request,
};
use crate::domain::scheme::JsonForm;

/// A change of the body that explains a signature.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BodyChange {
    /// Describes the signed body.
    pub name: String,
    /// The body that was signed.
    pub signed: Vec<u8>,
}

impl BodyChange {
    /// Returns excerpts of the signed body and of `there` around their first difference.
    pub fn difference(&self, there: &[u8]) -> (String, String) {
        const BEFORE: usize = 24;
        const BEHIND: usize = 40;
        let same = self.signed.iter().zip(there).take_while(|(one, other)| one == other).count();
        let excerpt = |bytes: &[u8]| {
            let (from, to) = (same.saturating_sub(BEFORE), bytes.len().min(same + BEHIND));
            let text = String::from_utf8_lossy(&bytes[from.min(to)..to]).into_owned();
            text.trim_matches('\u{fffd}').replace('\r', "\\r").replace('\n', "\\n")
        };
        (excerpt(&self.signed), excerpt(there))
    }
}

/// Returns the bodies that may have been signed, the likely ones first.
pub fn variants(request: &Request) -> impl Iterator<Item = BodyChange> {
    let text = request.text().unwrap_or_default();
    let ends = line_breaks(text).into_iter().filter(|_| !text.is_empty());
    let forms = JsonForm::ALL.iter().filter_map(move |form| {
        let signed = Json::read(text.trim_start_matches('\u{feff}'))?.write(*form);
        Some((format!("the same JSON {}", described(*form)), signed))
    });
    let all = ends.chain(forms).chain(unrounded(text));
    all.map(|(name, signed)| BodyChange { name, signed: signed.into_bytes() })
}

fn line_breaks(text: &str) -> Vec<(String, String)> {
    let end = text.trim_end_matches(['\r', '\n']);
    [
        ("the body without the line break at its end", end.to_owned()),
        ("the body with a line break at its end", format!("{end}\n")),
        ("the body with a line break (CRLF) at its end", format!("{end}\r\n")),
        ("the body with the line breaks of Unix", text.replace("\r\n", "\n")),
        ("the body with the line breaks of Windows", text.replace("\r\n", "\n").replace('\n', "\r\n")),
        ("the body without the byte order mark before it", text.trim_start_matches('\u{feff}').to_owned()),
        ("the body without the blanks around it", text.trim().to_owned()),
    ]
    .map(|(name, text)| (name.to_owned(), text))
    .into()
}

fn described(form: JsonForm) -> &'static str {
    match form {
        JsonForm::Minified => "without blanks",
        JsonForm::Pretty => "with line breaks and two blanks a level",
        JsonForm::Sorted => "with its names in order",
        JsonForm::Js => "as JavaScript writes it",
        JsonForm::Python => "as Python writes it",
        JsonForm::Dotnet => "as .NET writes it",
        JsonForm::Php => "as PHP writes it",
    }
}

/// Returns bodies in which one number is not rounded to a double. A large number has about a thousand candidates.
fn unrounded(text: &str) -> impl Iterator<Item = (String, String)> {
    let numbers = Json::read(text).map(|json| json.rounded()).unwrap_or_default();
    numbers.into_iter().take(4).flat_map(move |written| {
        before_rounding(written).map(move |exact| {
            let exact = exact.to_string();
            let name =
                format!("the same JSON with {exact} instead of {written}, which is that number rounded to a double");
            let signed = text.replacen(written, &exact, 1);
            (name, signed)
        })
    })
}
