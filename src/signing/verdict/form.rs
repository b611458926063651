//! Explains signatures that are right but are not written in the scheme's form.

use super::{
    super::{
        digest::{encode, encoded_length},
        labelled,
        request::Request,
    },
    code::Code,
    said::Verdict,
};
use crate::domain::scheme::{Encoding, Scheme};

/// Explains why a signature with the right digest does not match.
pub fn explain(scheme: &Scheme, entries: &[&str], digest: &[u8]) -> Option<Verdict> {
    entries.iter().find_map(|entry| {
        let all = std::iter::once(scheme.encoding).chain(Encoding::ALL.iter().copied());
        all.into_iter().find_map(|encoding| written_so(scheme, entry, encoding, &encode(digest, encoding)))
    })
}

fn written_so(scheme: &Scheme, entry: &str, encoding: Encoding, written: &str) -> Option<Verdict> {
    let is_hex = |encoding| matches!(encoding, Encoding::Hex | Encoding::HexUpper);
    // The case is ignored here, because hex digits may be in upper, lower or mixed case.
    let ends = |entry: &str| match is_hex(encoding) {
        true => entry.to_ascii_lowercase().ends_with(&written.to_ascii_lowercase()),
        false => entry.ends_with(written),
    };
    let at = entry.len().checked_sub(written.len()).filter(|at| entry.is_char_boundary(*at) && ends(entry))?;
    let prefix = &entry[..at];
    let encoding = match &entry[at..] {
        digits if is_hex(encoding) && *digits == written.to_ascii_uppercase() => Encoding::HexUpper,
        digits if is_hex(encoding) && *digits == written.to_ascii_lowercase() => Encoding::Hex,
        _ => encoding,
    };
    let instead = Scheme { encoding, prefix: prefix.to_owned(), ..scheme.clone() };
    let (code, sentence) = if encoding == scheme.encoding && entry.ends_with(written) {
        match prefix {
            "" => (
                Code::PrefixMissing,
                format!("the signature is right, but \"{}\" does not stand before it", scheme.prefix),
            ),
            _ => (Code::Prefixed, format!("the signature is right, but \"{prefix}\" stands before it")),
        }
    } else if is_hex(encoding) && is_hex(scheme.encoding) {
        let case = if scheme.encoding == Encoding::Hex { "lower" } else { "upper" };
        (Code::UpperCaseHex, format!("the signature is right, but its hex digits are not in {case} case"))
    } else {
        (Code::OtherEncoding, format!("the signature is right, but written as {encoding}, not as {}", scheme.encoding))
    };
    Some(Verdict { instead: Some(instead), ..Verdict::new(code, sentence) })
}

/// What is said when nothing in the header can be a digest of the scheme.
pub fn malformed(scheme: &Scheme, request: &Request, entries: &[&str]) -> Option<Verdict> {
    if entries.iter().any(|entry| labelled::labels(entry).is_some()) {
        return labelled::told(request).map(|told| Verdict::new(Code::MalformedSignature, told));
    }
    let length = encoded_length(scheme.algorithm.hash(), scheme.encoding);
    let found: Vec<usize> =
        entries.iter().map(|entry| entry.strip_prefix(scheme.prefix.as_str()).unwrap_or(entry).len()).collect();
    if found.contains(&length) {
        return None;
    }
    let found = found.iter().map(ToString::to_string).collect::<Vec<_>>().join(" and ");
    let sentence = format!(
        "the header {} holds no such signature: {length} characters are expected, and {found} are there",
        scheme.header
    );
    Some(Verdict::new(Code::MalformedSignature, sentence))
}
