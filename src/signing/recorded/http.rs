//! Parses a request from its HTTP/1.1 text.

use super::super::request::Request;
use crate::domain::attempt::Header;

/// Parses a request: its request line, headers, a blank line and the body.
pub fn read(bytes: &[u8]) -> Result<Request, &'static str> {
    let (head, body) = split(bytes);
    let head = std::str::from_utf8(head).map_err(|_| "its head is no text")?;
    let mut lines = head.lines();
    let target = target(lines.next().unwrap_or_default())?;
    let headers = headers(lines)?;
    let mut request = Request { url: None, headers, body: Vec::new() };
    request.url = url(target, &request);
    request.body = match request.header("transfer-encoding") {
        Some(coding) if coding.to_ascii_lowercase().contains("chunked") => {
            joined(body).ok_or("its body is not in chunks, as its head says")?
        }
        _ => whole(body, request.header("content-length"))?.to_vec(),
    };
    Ok(request)
}

/// Splits at the first blank line.
fn split(bytes: &[u8]) -> (&[u8], &[u8]) {
    let blank = |window: &[u8]| bytes.windows(window.len()).position(|at| at == window).map(|at| (at, window.len()));
    match [blank(b"\r\n\r\n"), blank(b"\n\n")].into_iter().flatten().min() {
        Some((at, length)) => (&bytes[..at], &bytes[at + length..]),
        None => (bytes, &[]),
    }
}

fn target(line: &str) -> Result<&str, &'static str> {
    let mut words = line.split(' ');
    let (method, target, version) = (words.next(), words.next(), words.next());
    let is_method =
        method.is_some_and(|method| !method.is_empty() && method.bytes().all(|byte| byte.is_ascii_uppercase()));
    match (target, version) {
        (Some(target), Some(version)) if is_method && version.starts_with("HTTP/") => Ok(target),
        _ => Err("its first line is none such as POST /hooks HTTP/1.1"),
    }
}

fn headers<'a>(lines: impl Iterator<Item = &'a str>) -> Result<Vec<Header>, &'static str> {
    let mut headers: Vec<Header> = Vec::new();
    for line in lines {
        match (line.starts_with([' ', '\t']), headers.last_mut()) {
            (true, Some(last)) => last.value = format!("{} {}", last.value, line.trim()),
            _ => {
                let (name, value) = line.split_once(':').ok_or("a line of its head is without a colon")?;
                headers.push(Header { name: name.trim().to_owned(), value: value.trim().to_owned() });
            }
        }
    }
    Ok(headers)
}

/// Builds the URL from the head. The scheme is https unless a proxy's header names another.
fn url(target: &str, request: &Request) -> Option<String> {
    if target.contains("://") {
        return Some(target.to_owned());
    }
    let scheme = request.header("x-forwarded-proto").unwrap_or("https");
    request.header("host").map(|host| format!("{scheme}://{host}{target}"))
}

/// Cuts the body to its Content-Length: an editor may have added a line break.
fn whole<'a>(body: &'a [u8], length: Option<&str>) -> Result<&'a [u8], &'static str> {
    match length.and_then(|length| length.parse().ok()) {
        None => Ok(body),
        Some(length) => body.get(..length).ok_or("its body is shorter than its Content-Length says"),
    }
}

/// Joins a chunked body.
fn joined(mut rest: &[u8]) -> Option<Vec<u8>> {
    let mut body = Vec::new();
    loop {
        let end = rest.iter().position(|byte| *byte == b'\n')?;
        let line = std::str::from_utf8(&rest[..end]).ok()?.split(';').next()?.trim();
        let length = usize::from_str_radix(line, 16).ok()?;
        rest = &rest[end + 1..];
        if length == 0 {
            return Some(body);
        }
        body.extend_from_slice(rest.get(..length)?);
        rest = rest.get(length..)?;
        rest = rest.strip_prefix(b"\r\n").or_else(|| rest.strip_prefix(b"\n"))?;
    }
}
