//! A receiver that answers with raw bytes, so that it can be as wrong as real receivers.

use std::{
    collections::HashMap,
    io,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use tokio::{
    io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader},
    net::{TcpListener, TcpStream},
    sync::{Semaphore, mpsc},
};

use super::within;

/// A receiver's reaction to a request.
pub enum Answer {
    /// Sends these bytes and keeps the connection.
    Whole(String),
    /// Sends these bytes and closes the connection.
    Last(String),
    /// Resets the connection.
    Reset,
}

impl Answer {
    /// A complete answer without a body and with these header lines.
    pub fn status(status: u16, headers: &str) -> Answer {
        Answer::Whole(format!("HTTP/1.1 {status} Answered\r\ncontent-length: 0\r\n{headers}\r\n"))
    }
}

/// A request as it arrived.
#[derive(Debug)]
pub struct Received {
    /// The values by name, in lower case.
    pub headers: HashMap<String, String>,
    /// The raw body.
    pub body: Vec<u8>,
}

impl Received {
    #[track_caller]
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).unwrap_or_else(|| panic!("there is no {name} in {:?}", self.headers))
    }
}

/// A receiver with its own port.
pub struct Receiver {
    pub url: String,
    requests: mpsc::UnboundedReceiver<Received>,
    gate: Arc<Semaphore>,
}

impl Receiver {
    /// Answers the requests in turn with these, and then always with the last one.
    pub async fn answering(answers: impl IntoIterator<Item = Answer>) -> Receiver {
        Self::start(answers.into_iter().collect(), Semaphore::MAX_PERMITS).await
    }

    /// Answers every request with this status.
    pub async fn status(status: u16) -> Receiver {
        Self::answering([Answer::status(status, "")]).await
    }

    /// Answers released requests with 204.
    pub async fn holding() -> Receiver {
        Self::holding_with(204).await
    }

    /// Answers released requests with this status.
    pub async fn holding_with(status: u16) -> Receiver {
        Self::start(vec![Answer::status(status, "")], 0).await
    }

    async fn start(answers: Vec<Answer>, open: usize) -> Receiver {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/hooks", listener.local_addr().unwrap());
        let (sender, requests) = mpsc::unbounded_channel();
        let gate = Arc::new(Semaphore::new(open));
        let script = Arc::new(Script { answers, begun: AtomicUsize::new(0), gate: gate.clone(), sender });
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                // Errors are ignored, because some tests close the connection.
                tokio::spawn(converse(BufReader::new(stream), script.clone()));
            }
        });
        Receiver { url, requests, gate }
    }

    /// Waits for the next request.
    pub async fn next(&mut self) -> Received {
        within(self.requests.recv()).await.unwrap()
    }

    /// Waits for the next request without a limit.
    pub async fn next_whenever(&mut self) -> Received {
        self.requests.recv().await.unwrap()
    }

    /// The number of requests that the test has not read.
    pub fn unseen(&mut self) -> usize {
        self.requests.len()
    }

    /// Lets this number of held requests be answered.
    pub fn release(&self, requests: usize) {
        self.gate.add_permits(requests);
    }
}

struct Script {
    answers: Vec<Answer>,
    begun: AtomicUsize,
    gate: Arc<Semaphore>,
    sender: mpsc::UnboundedSender<Received>,
}

async fn converse(mut stream: BufReader<TcpStream>, script: Arc<Script>) -> io::Result<()> {
    while let Some(request) = read(&mut stream).await? {
        let number = script.begun.fetch_add(1, Ordering::SeqCst).min(script.answers.len() - 1);
        // A test that has ended reads no more requests.
        let _ = script.sender.send(request);
        script.gate.acquire().await.map_err(io::Error::other)?.forget();
        match &script.answers[number] {
            Answer::Whole(bytes) => stream.write_all(bytes.as_bytes()).await?,
            Answer::Last(bytes) => {
                stream.write_all(bytes.as_bytes()).await?;
                return stream.shutdown().await;
            }
            Answer::Reset => return stream.get_ref().set_zero_linger(),
        }
    }
    Ok(())
}

/// Reads the next request; none if the connection was closed.
async fn read(stream: &mut BufReader<TcpStream>) -> io::Result<Option<Received>> {
    let mut line = String::new();
    if stream.read_line(&mut line).await? == 0 {
        return Ok(None);
    }
    let mut headers = HashMap::new();
    loop {
        line.clear();
        stream.read_line(&mut line).await?;
        let Some((name, value)) = line.trim_end().split_once(':') else { break };
        let earlier = headers.insert(name.to_ascii_lowercase(), value.trim().to_owned());
        assert_eq!(earlier, None, "{name} came twice");
    }
    let length = headers.get("content-length").map_or(0, |value| value.parse().unwrap());
    let mut body = vec![0; length];
    stream.read_exact(&mut body).await?;
    Ok(Some(Received { headers, body }))
}
