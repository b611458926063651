//! Reads heads of answers that the HTTP library refuses but common HTTP clients accept.

use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};

/// The start of every head of an answer, in any case.
const PROTOCOL: &[u8] = b"HTTP/";

/// The status and headers of an answer, and the position of its body; none if the head is incomplete, has no status, or
/// is an interim one. Unreadable headers are left out.
pub fn head(raw: &[u8]) -> Option<(StatusCode, HeaderMap, usize)> {
    let end = end_of_head(raw, 0)?;
    let mut lines = raw[..end].split(|byte| *byte == b'\n').map(<[u8]>::trim_ascii_end);
    let status = status(lines.next()?).filter(|status| !is_interim(*status))?;
    Some((status, lines.filter_map(header).collect(), end))
}

/// The end of a head, searched from `from`.
pub fn end_of_head(raw: &[u8], from: usize) -> Option<usize> {
    let ends = |until: usize, end: &[u8]| {
        raw[from..until].windows(end.len()).position(|window| window == end).map(|at| from + at + end.len())
    };
    let with_cr = ends(raw.len(), b"\n\r\n");
    ends(with_cr.unwrap_or(raw.len()), b"\n\n").or(with_cr)
}

/// Whether a complete head belongs to an interim answer, which another follows.
pub fn is_interim_head(head: &[u8]) -> bool {
    first_line(head).and_then(status).is_some_and(is_interim)
}

/// Whether these bytes may be the start of an incomplete head.
pub fn is_half(raw: &[u8]) -> bool {
    match first_line(raw) {
        Some(line) => status(line).is_some(),
        // A CR that ends no line now will not end one when more arrives.
        None => may_begin(raw) && !raw[..raw.len().saturating_sub(1)].contains(&b'\r'),
    }
}

/// Whether an answer may begin with these bytes.
pub fn may_begin(raw: &[u8]) -> bool {
    let raw = raw.trim_ascii_start();
    let length = raw.len().min(PROTOCOL.len());
    raw[..length].eq_ignore_ascii_case(&PROTOCOL[..length])
}

fn first_line(raw: &[u8]) -> Option<&[u8]> {
    Some(raw[..raw.iter().position(|byte| *byte == b'\n')?].trim_ascii_end())
}

/// The status of a status line, with any version and any separators.
fn status(line: &[u8]) -> Option<StatusCode> {
    let (protocol, rest) = line.trim_ascii_start().split_at_checked(PROTOCOL.len())?;
    let version = rest.iter().take_while(|byte| byte.is_ascii_digit() || **byte == b'.').count();
    let behind = &rest[version..];
    let code = behind.trim_ascii_start();
    if !protocol.eq_ignore_ascii_case(PROTOCOL) || version == 0 || code.len() == behind.len() {
        return None;
    }
    match code.get(3) {
        Some(more) if more.is_ascii_digit() => None,
        _ => StatusCode::from_bytes(code.get(..3)?).ok(),
    }
}

/// No other answer follows 101, so it is not interim.
fn is_interim(status: StatusCode) -> bool {
    status.is_informational() && status != StatusCode::SWITCHING_PROTOCOLS
}

fn header(line: &[u8]) -> Option<(HeaderName, HeaderValue)> {
    let colon = line.iter().position(|byte| *byte == b':')?;
    let name = HeaderName::from_bytes(line[..colon].trim_ascii_end()).ok()?;
    Some((name, HeaderValue::from_bytes(line[colon + 1..].trim_ascii()).ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_head_is_read_as_far_as_it_can_be() {
        let raw = b"HTTP/1.0  201 Made\r\nX-A : 1\r\nodd\r\nX B: 2\r\nx-c: a\0\r\n\r\nbody";
        let (status, headers, body) = head(raw).unwrap();
        assert_eq!((status.as_u16(), headers.len(), &raw[body..]), (201, 1, &b"body"[..]));
        assert_eq!(headers["x-a"], "1");
    }

    #[test]
    fn a_status_is_found_whatever_stands_around_it() {
        for line in [
            "HTTP/1.1 200 OK",
            "HTTP/1.1 200",
            "HTTP/1.1  200  OK",
            "HTTP/2.0 200 OK",
            "HTTP/2 200",
            "HTTP/0.9 200 OK",
            "http/1.1 200 ok",
            "HTTP/1.1 200: OK",
            "HTTP/1.1 200OK",
            "HTTP/1.1\t200\tOK",
            " HTTP/1.1 200 OK",
            "HTTP/1.1 200 O\u{1}K",
        ] {
            assert_eq!(status(line.as_bytes()), Some(StatusCode::OK), "{line:?}");
            let half = format!("{line}\r\nx-a: 1\r\n");
            assert!((1..=half.len()).all(|end| is_half(&half.as_bytes()[..end])), "{line:?}");
        }
    }

    #[test]
    fn what_is_not_complete_or_has_no_status_is_no_head() {
        for raw in [
            "",
            "ok",
            "HTTP/1.1 200 OK\r\n",
            "HTTP/1.1 200 OK\r\nx: 1\r\n",
            "HTTP/1.1 20 OK\r\n\r\n",
            "HTTP/1.1 2000 OK\r\n\r\n",
            "HTTP/1.1\r\n\r\n",
            "HTTP/1.1200 OK\r\n\r\n",
            "HTTP/ 200 OK\r\n\r\n",
            "HTTP 200 OK\r\n\r\n",
            "ICY 200 OK\r\n\r\n",
            "SSH-2.0\r\n\r\n",
            "HTTP/1.1 100 Continue\r\n\r\n",
            "okHTTP/1.1 200 OK\r\n\r\n",
        ] {
            assert!(head(raw.as_bytes()).is_none(), "{raw:?}");
        }
        for raw in ["ok", "HTTP/1.1 20 OK\r\n", "SSH", "HTTP/1.1 200 OK\rx: 1", "220 mail\r\n"] {
            assert!(!is_half(raw.as_bytes()), "{raw:?}");
        }
    }
}
