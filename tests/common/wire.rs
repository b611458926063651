//! Listeners that answer with given bytes, which no real service would send.

use std::{
    io::{Read, Write},
    net::{SocketAddr, TcpListener, TcpStream},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

/// A step that a listener takes with a connection; after the last one it closes the connection.
#[derive(Debug, Clone)]
pub enum Step {
    /// Reads a request's head.
    Head,
    /// Writes these bytes.
    Bytes(Vec<u8>),
    /// Waits this long.
    Pause(Duration),
    /// Waits until the other side has closed.
    UntilClosed,
    /// Resets the connection.
    Reset,
}

/// A listener on loopback that runs as long as the test.
pub struct Wire {
    pub address: SocketAddr,
    requests: Arc<AtomicUsize>,
}

impl Wire {
    /// Passes each connection to `act` with the number of those before.
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

    /// Reads each connection's request and passes it to `act` with the number of those before.
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

    /// Takes these steps with each connection, each on its own thread.
    pub fn script(steps: Vec<Step>) -> Self {
        Self::raw(move |stream, _| {
            let steps = steps.clone();
            std::thread::spawn(move || act(stream, steps));
        })
    }

    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The number of requests so far.
    pub fn requests(&self) -> usize {
        self.requests.load(Ordering::SeqCst)
    }
}

/// Takes the steps as far as the other side allows.
fn act(mut stream: TcpStream, steps: Vec<Step>) {
    for step in steps {
        match step {
            Step::Head => drop(read_head(&mut stream)),
            Step::Bytes(bytes) => drop(stream.write_all(&bytes).and_then(|()| stream.flush())),
            Step::Pause(span) => std::thread::park_timeout(span),
            Step::UntilClosed => drop(std::io::copy(&mut stream, &mut std::io::sink())),
            // Closing with a linger time of zero resets the connection.
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

/// A complete answer.
pub fn http(status: u16, headers: &str, body: &str) -> String {
    format!("HTTP/1.1 {status} X\r\nconnection: close\r\ncontent-length: {}\r\n{headers}\r\n{body}", body.len())
}

/// An answer in JSON.
pub fn json(status: u16, body: &str) -> String {
    http(status, "content-type: application/json\r\n", body)
}

/// A problem as the service answers it.
pub fn problem(status: u16, code: &str, detail: &str, more: &str) -> String {
    let body = format!(
        r#"{{"type":"about:blank","title":"It was refused","status":{status},"detail":"{detail}","code":"{code}","requestId":"rq_1"{more}}}"#
    );
    http(status, "content-type: application/problem+json\r\n", &body)
}
