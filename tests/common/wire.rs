//! Listeners that answer what they are told to, byte by byte: what no real service would say.

use std::{
    io::{Read, Write},
    net::{SocketAddr, TcpListener, TcpStream},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

/// A listener on loopback, as long as the test runs.
pub struct Wire {
    pub address: SocketAddr,
    requests: Arc<AtomicUsize>,
}

impl Wire {
    /// Hands each connection to `act`, with how many came before.
    pub fn raw(act: impl Fn(TcpStream, usize) + Send + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let requests = Arc::new(AtomicUsize::new(0));
        let counted = Arc::clone(&requests);
        std::thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                act(stream, counted.fetch_add(1, Ordering::SeqCst));
            }
        });
        Wire { address, requests }
    }

    /// Reads each connection's request and hands it to `act`, with how many came before.
    pub fn new(act: impl Fn(TcpStream, &str, usize) + Send + 'static) -> Self {
        Self::raw(move |mut stream, before| {
            let head = read_head(&mut stream);
            act(stream, &head, before);
        })
    }

    /// Answers everything with the same bytes.
    pub fn saying(answer: impl Into<String>) -> Self {
        let answer = answer.into();
        Wire::new(move |mut stream, _, _| {
            let _ = stream.write_all(answer.as_bytes());
        })
    }

    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// How many requests came so far.
    pub fn requests(&self) -> usize {
        self.requests.load(Ordering::SeqCst)
    }
}

/// Reads up to the blank line that ends a request's head.
fn read_head(stream: &mut TcpStream) -> String {
    let (mut head, mut byte) = (Vec::new(), [0]);
    while !head.ends_with(b"\r\n\r\n") && matches!(stream.read(&mut byte), Ok(1)) {
        head.push(byte[0]);
    }
    String::from_utf8_lossy(&head).into_owned()
}

/// A whole answer.
pub fn http(status: u16, headers: &str, body: &str) -> String {
    format!("HTTP/1.1 {status} X\r\nconnection: close\r\ncontent-length: {}\r\n{headers}\r\n{body}", body.len())
}

/// An answer in JSON.
pub fn json(status: u16, body: &str) -> String {
    http(status, "content-type: application/json\r\n", body)
}

/// A problem as our service tells of it.
pub fn problem(status: u16, code: &str, detail: &str, more: &str) -> String {
    let body = format!(
        r#"{{"type":"about:blank","title":"It was refused","status":{status},"detail":"{detail}","code":"{code}","requestId":"rq_1"{more}}}"#
    );
    http(status, "content-type: application/problem+json\r\n", &body)
}
