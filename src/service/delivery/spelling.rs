//! Restores the documented or given spelling of header names, which the HTTP library writes in lower case.

use std::io::IoSlice;

use memchr::memmem;

/// The names whose spelling is not all lower case.
pub type Spelling = Vec<String>;

/// The head of a request that is being written, with its spelling, which does not change its length.
#[derive(Default)]
pub struct Head {
    bytes: Vec<u8>,
    written: usize,
}

impl Head {
    /// Starts the head of a new request with these first bytes.
    pub fn begin(&mut self, bufs: &[IoSlice<'_>], spelling: &[String]) {
        self.written = 0;
        self.bytes.clear();
        for buf in bufs {
            self.bytes.extend_from_slice(buf);
            if let Some(end) = memmem::find(&self.bytes, b"\r\n\r\n") {
                self.bytes.truncate(end + 4);
                break;
            }
        }
        respell(&mut self.bytes, spelling);
    }

    /// The buffers to write in place of these, which continue the request.
    pub fn instead<'a>(&'a self, bufs: &'a [IoSlice<'a>]) -> Vec<IoSlice<'a>> {
        let head = &self.bytes[self.written.min(self.bytes.len())..];
        let (mut left, mut instead) = (head.len(), Vec::with_capacity(bufs.len() + 1));
        for buf in bufs {
            let part = left.min(buf.len());
            if part > 0 {
                let from = head.len() - left;
                instead.push(IoSlice::new(&head[from..from + part]));
            }
            if part < buf.len() {
                instead.push(IoSlice::new(&buf[part..]));
            }
            left -= part;
        }
        instead
    }

    /// Whether the whole head is written.
    pub fn is_written(&self) -> bool {
        self.written >= self.bytes.len()
    }

    /// Records that `bytes` more bytes are written.
    pub fn wrote(&mut self, bytes: usize) {
        self.written = self.written.saturating_add(bytes);
    }
}

/// Restores the spelling of the names in a head.
fn respell(head: &mut [u8], spelling: &[String]) {
    for line in head.split_mut(|byte| *byte == b'\n') {
        let Some(colon) = line.iter().position(|byte| *byte == b':') else { continue };
        let name = &mut line[..colon];
        if let Some(spelt) = spelling.iter().find(|spelt| spelt.as_bytes().eq_ignore_ascii_case(name)) {
            name.copy_from_slice(spelt.as_bytes());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const REQUEST: &[u8] = b"POST / HTTP/1.1\r\nx-api-key: x-api-key: 1\r\nwebhook-id: 7\r\n\r\nx-api-key: 2\r\n";

    fn sent(cuts: &[usize]) -> String {
        let (mut head, mut sent, mut at) = (Head::default(), Vec::new(), 0);
        head.begin(&[IoSlice::new(&REQUEST[..20]), IoSlice::new(&REQUEST[20..])], &["X-API-Key".to_owned()]);
        for cut in cuts.iter().copied().chain([REQUEST.len()]) {
            let (first, second) = REQUEST[at..].split_at((REQUEST.len() - at) / 2);
            let bufs = [IoSlice::new(first), IoSlice::new(second)];
            let instead: Vec<u8> = head.instead(&bufs).iter().flat_map(|buf| buf.to_vec()).collect();
            assert_eq!(instead.len(), REQUEST.len() - at);
            sent.extend_from_slice(&instead[..cut - at]);
            head.wrote(cut - at);
            at = cut;
        }
        assert!(head.is_written());
        String::from_utf8(sent).unwrap()
    }

    #[test]
    fn names_are_spelt_wherever_the_writing_stops() {
        let expected = "POST / HTTP/1.1\r\nX-API-Key: x-api-key: 1\r\nwebhook-id: 7\r\n\r\nx-api-key: 2\r\n";
        assert_eq!(sent(&[]), expected);
        for cut in 0..REQUEST.len() {
            assert_eq!(sent(&[cut]), expected, "{cut}");
            assert_eq!(sent(&[cut / 2, cut]), expected, "{cut}");
        }
    }
}
