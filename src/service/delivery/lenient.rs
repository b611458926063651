//! Heads of answers that the HTTP library refuses, though what receivers are tried with takes them.

use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};

use super::limits::MOST_HEADERS;

/// The status and headers of the first answer that is no interim one, and where its body begins; none when its head is not
/// complete, or has no status. Of its headers those are left out that cannot be read.
pub fn head(raw: &[u8]) -> Option<(StatusCode, HeaderMap, usize)> {
    let mut from = 0;
    loop {
        let end = from + end_of_head(&raw[from..])?;
        let mut lines = raw[from..end].split(|byte| *byte == b'\n').map(<[u8]>::trim_ascii_end);
        let status = status(lines.next()?)?;
        if !status.is_informational() || status == StatusCode::SWITCHING_PROTOCOLS {
            return Some((status, lines.filter_map(header).collect(), end));
        }
        from = end;
    }
}

/// Whether these are the first lines of a head, more than the HTTP library takes, and there are more to come.
pub fn is_half_of_a_long_one(raw: &[u8]) -> bool {
    raw.iter().filter(|byte| **byte == b'\n').count() > MOST_HEADERS && end_of_head(raw).is_none()
}

fn end_of_head(raw: &[u8]) -> Option<usize> {
    let with_cr = raw.windows(3).position(|end| end == b"\n\r\n").map(|at| at + 3);
    let bare = raw.windows(2).position(|end| end == b"\n\n").map(|at| at + 2);
    with_cr.into_iter().chain(bare).min()
}

fn status(line: &[u8]) -> Option<StatusCode> {
    let rest = line.strip_prefix(b"HTTP/1.")?;
    let mut words = rest.split(|byte| *byte == b' ').filter(|word| !word.is_empty());
    words.next().filter(|minor| minor.len() == 1 && minor[0].is_ascii_digit())?;
    StatusCode::from_bytes(words.next()?).ok()
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
        let raw =
            b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.0  201 Made\r\nX-A : 1\r\nodd\r\nX B: 2\r\nx-c: a\0\r\n\r\nbody";
        let (status, headers, body) = head(raw).unwrap();
        assert_eq!((status.as_u16(), headers.len(), &raw[body..]), (201, 1, &b"body"[..]));
        assert_eq!(headers["x-a"], "1");
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
            "HTTP/2.0 200\r\n\r\n",
            "SSH-2.0\r\n\r\n",
            "HTTP/1.1 100 Continue\r\n\r\n",
            "okHTTP/1.1 200 OK\r\n\r\n",
        ] {
            assert!(head(raw.as_bytes()).is_none(), "{raw:?}");
        }
    }
}
