//! Parses as much of HTTP/1.1 as the benchmark needs.

use anyhow::{Context, Result, ensure};

const MOST_HEADERS: usize = 32;

/// A complete request.
#[derive(Debug, Clone, Copy)]
pub struct Request {
    /// The length of head and body in bytes.
    pub length: usize,
    /// The event's id, as a number.
    pub event: u128,
    /// The number at the end of its path.
    pub place: u32,
    /// Whether it claims to be the first attempt.
    pub first_try: bool,
}

/// A complete answer.
#[derive(Debug, Clone, Copy)]
pub struct Answer {
    /// The length of its head in bytes.
    pub head: usize,
    /// The length of head and body in bytes.
    pub length: usize,
    pub status: u16,
}

/// Parses the request at the beginning of `bytes`, or returns `None` if it is incomplete.
pub fn request(bytes: &[u8]) -> Result<Option<Request>> {
    let mut headers = [httparse::EMPTY_HEADER; MOST_HEADERS];
    let mut parsed = httparse::Request::new(&mut headers);
    let httparse::Status::Complete(head) = parsed.parse(bytes)? else { return Ok(None) };
    let length = head + content_length(parsed.headers)?;
    if bytes.len() < length {
        return Ok(None);
    }
    let event = header(parsed.headers, "webhook-id").and_then(event_id).unwrap_or(0);
    let place = parsed.path.and_then(|path| path.rsplit('/').next()?.parse().ok()).unwrap_or(0);
    let first_try = header(parsed.headers, "webhook-attempt") == Some(b"1");
    Ok(Some(Request { length, event, place, first_try }))
}

/// Parses the answer at the beginning of `bytes`, or returns `None` if it is incomplete.
pub fn answer(bytes: &[u8]) -> Result<Option<Answer>> {
    let mut headers = [httparse::EMPTY_HEADER; MOST_HEADERS];
    let mut parsed = httparse::Response::new(&mut headers);
    let httparse::Status::Complete(head) = parsed.parse(bytes)? else { return Ok(None) };
    let length = head + content_length(parsed.headers)?;
    let status = parsed.code.context("an answer has a status")?;
    ensure!(header(parsed.headers, "transfer-encoding").is_none(), "an answer came in chunks");
    Ok((bytes.len() >= length).then_some(Answer { head, length, status }))
}

/// Parses the number in an event's id: `tm_` and 32 hex digits.
pub fn event_id(text: &[u8]) -> Option<u128> {
    u128::from_str_radix(std::str::from_utf8(text.strip_prefix(b"tm_")?).ok()?, 16).ok()
}

fn content_length(headers: &[httparse::Header<'_>]) -> Result<usize> {
    let Some(length) = header(headers, "content-length") else { return Ok(0) };
    Ok(std::str::from_utf8(length)?.parse()?)
}

fn header<'a>(headers: &[httparse::Header<'a>], name: &str) -> Option<&'a [u8]> {
    headers.iter().find(|header| header.name.eq_ignore_ascii_case(name)).map(|header| header.value)
}
