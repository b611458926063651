//! Listeners that answer what they are told to, byte by byte: what no real service would say.

use std::{
    io::{Read, Write},
    net::{SocketAddr, TcpListener, TcpStream},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

/// What a listener does with a connection, one after the other; in the end it closes it.
#[derive(Debug, Clone)]
pub enum Step {
    /// Reads a request's head.
    Head,
    /// Writes these bytes.
    Bytes(Vec<u8>),
    /// Does nothing for so long.
    Pause(Duration),
    /// Does nothing until the other side has closed.
    UntilClosed,
    /// Ends the connection with a reset instead of an end.
    Reset,
}

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

    /// Takes these steps with each connection, each on a thread of its own.
    pub fn script(steps: Vec<Step>) -> Self {
        Self::raw(move |stream, _| {
            let steps = steps.clone();
            std::thread::spawn(move || act(stream, steps));
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

/// Takes the steps, as far as the other side lets it.
fn act(mut stream: TcpStream, steps: Vec<Step>) {
    for step in steps {
        match step {
            Step::Head => drop(read_head(&mut stream)),
            Step::Bytes(bytes) => drop(stream.write_all(&bytes).and_then(|()| stream.flush())),
            Step::Pause(span) => std::thread::park_timeout(span),
            Step::UntilClosed => drop(std::io::copy(&mut stream, &mut std::io::sink())),
            // A close with a linger of no time is a reset.
            Step::Reset => drop(rustix::net::sockopt::set_socket_linger(&stream, Some(Duration::ZERO))),
        }
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
