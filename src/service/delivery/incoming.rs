//! Buffers an answer until its head is complete.

use tokio::io::ReadBuf;

use super::{lenient, limits::LARGEST_HEAD};

/// The start of an answer. The HTTP library refuses a head at the first byte that it does not accept, and the rest of a
/// usable head would be lost. So it gets only complete heads, and never interim answers.
#[derive(Default)]
pub struct Incoming {
    bytes: Vec<u8>,
    /// The number of bytes that were passed on.
    handed: usize,
    /// The number of bytes that were searched for the end of the head.
    looked: usize,
    /// Whether there was an interim answer.
    interim: bool,
    /// Whether the head is complete, or there is none to wait for.
    settled: bool,
}

impl Incoming {
    /// Adds received bytes. Returns whether they pass on unchanged; otherwise they wait here.
    pub fn take_in(&mut self, new: &[u8]) -> bool {
        let first = self.bytes.is_empty();
        if self.bytes.len() < LARGEST_HEAD {
            self.bytes.extend_from_slice(new);
        }
        let passes = self.settled || {
            self.look();
            first && self.settled && self.bytes.len() == new.len()
        };
        if passes {
            self.handed = self.bytes.len();
        }
        passes
    }

    /// Looks for the end of the head, and removes blank lines and interim answers before it.
    fn look(&mut self) {
        loop {
            let blank = self.bytes.iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
            self.leave_out(blank);
            match lenient::end_of_head(&self.bytes, self.looked) {
                Some(end) if lenient::is_interim_head(&self.bytes[..end]) => {
                    self.interim = true;
                    self.leave_out(end);
                }
                None if self.bytes.len() < LARGEST_HEAD && lenient::is_half(&self.bytes) => {
                    self.looked = self.bytes.len().saturating_sub(2);
                    return;
                }
                _ => {
                    self.settled = true;
                    return;
                }
            }
        }
    }

    fn leave_out(&mut self, first: usize) {
        if first > 0 {
            self.bytes.drain(..first);
            self.looked = 0;
        }
    }

    /// Handles the end of the data. Returns whether bytes still wait.
    pub fn end(&mut self) -> bool {
        self.settled = true;
        self.handed < self.bytes.len()
    }

    /// Passes on as many finished bytes as fit. Returns whether there were any.
    pub fn hand_on(&mut self, buf: &mut ReadBuf<'_>) -> bool {
        if !self.settled || self.handed == self.bytes.len() {
            return false;
        }
        let waiting = &self.bytes[self.handed..];
        let part = &waiting[..waiting.len().min(buf.remaining())];
        buf.put_slice(part);
        self.handed += part.len();
        true
    }

    /// Whether an answer, or something that may be one, has begun.
    pub fn has_begun(&self) -> bool {
        self.interim || !self.bytes.is_empty() && lenient::may_begin(&self.bytes)
    }

    /// The received bytes: at least the head, if it is complete and not too large.
    pub fn beginning(&self) -> &[u8] {
        &self.bytes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is passed on of an answer that arrives in these parts, read after each part.
    fn handed_on(parts: &[&[u8]]) -> (Vec<u8>, Incoming) {
        let (mut incoming, mut all) = (Incoming::default(), Vec::new());
        for part in parts {
            if incoming.take_in(part) {
                all.extend_from_slice(part);
            }
            take_what_waits(&mut incoming, &mut all);
        }
        incoming.end();
        take_what_waits(&mut incoming, &mut all);
        (all, incoming)
    }

    fn take_what_waits(incoming: &mut Incoming, all: &mut Vec<u8>) {
        // The buffer is smaller than a head, so the head passes on in pieces.
        let mut room = [0; 16];
        let mut buf = ReadBuf::new(&mut room);
        while incoming.hand_on(&mut buf) {
            all.extend_from_slice(buf.filled());
            buf.clear();
        }
    }

    #[test]
    fn an_answer_is_the_same_wherever_it_is_cut() {
        let record = include_str!("../../../tests/fixtures/odd_answers.ndjson");
        for line in record.lines() {
            let line: serde_json::Value = serde_json::from_str(line).unwrap();
            let answer: Vec<u8> = line["answer"].as_str().unwrap().chars().map(|byte| byte as u8).collect();
            let (whole, incoming) = handed_on(&[&answer]);
            let status = |incoming: &Incoming| lenient::head(incoming.beginning()).map(|(status, ..)| status);
            for cut in (0..answer.len()).step_by(answer.len() / 500 + 1) {
                let (parts, cut_one) = handed_on(&[&answer[..cut], &answer[cut..]]);
                assert_eq!(parts, whole, "{} at {cut}", line["name"]);
                assert_eq!(status(&cut_one), status(&incoming), "{} at {cut}", line["name"]);
            }
            let bytes: Vec<&[u8]> = answer.chunks(1).collect();
            let (parts, cut_one) = handed_on(&bytes);
            assert_eq!((parts, status(&cut_one)), (whole, status(&incoming)), "{}", line["name"]);
        }
    }

    #[test]
    fn no_head_goes_on_before_it_is_complete() {
        let head = b"HTTP/1.1 200 O\x01K\r\nx-a: 1\r\n\r\n";
        let mut incoming = Incoming::default();
        for byte in &head[..head.len() - 1] {
            assert!(!incoming.take_in(&[*byte]));
            assert!(!incoming.hand_on(&mut ReadBuf::new(&mut [0; 99])));
        }
        assert!(!incoming.take_in(b"\n"));
        assert!(incoming.hand_on(&mut ReadBuf::new(&mut [0; 99])));
        assert!(incoming.take_in(b"body"), "of a body nothing is held back");
        assert_eq!(incoming.beginning(), [&head[..], b"body"].concat());
    }

    #[test]
    fn what_is_no_head_or_too_large_a_one_goes_on_at_once() {
        for no_head in ["SSH-2.0-x", "220 mail\r\n", "\0", "HTTP/1.1 2x0\r\n"] {
            assert!(Incoming::default().take_in(no_head.as_bytes()), "{no_head:?}");
        }
        let mut incoming = Incoming::default();
        assert!(!incoming.take_in(b"HTTP/1.1 200 OK\r\nx: "));
        assert!(!incoming.take_in(&[b'a'; LARGEST_HEAD]));
        assert!(incoming.hand_on(&mut ReadBuf::new(&mut [0; 99])));
    }

    #[test]
    fn interim_answers_and_blank_lines_are_left_out_however_many() {
        let early = "\r\nHTTP/1.1  103 Early\r\nlink: </a>\r\n\r\n".repeat(3000);
        let (all, incoming) = handed_on(&[early.as_bytes(), b"HTTP/1.1 200 OK\r\n\r\nok"]);
        assert_eq!(all, b"HTTP/1.1 200 OK\r\n\r\nok");
        assert!(incoming.has_begun());
        for (raw, begun) in
            [("", false), ("\r\n", false), ("ok", false), ("HTTP/1.1 100 Go\r\n\r\n", true), ("H", true)]
        {
            assert_eq!(handed_on(&[raw.as_bytes()]).1.has_begun(), begun, "{raw:?}");
        }
    }
}
