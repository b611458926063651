//! Load: many connections that each wait for their answer, on one thread; and events at a steady rate.

use std::{
    io::{ErrorKind, Read, Write},
    time::Instant,
};

use anyhow::{Context, Result, ensure};
use mio::{Events, Interest, Poll, Token, net::TcpStream};

use crate::{post::Post, wire};

/// How many connections post at once.
pub const CONNECTIONS: usize = 32;
/// Larger than any answer, in bytes.
const BUFFER: usize = 16 * 1024;

/// When the first request was written and the last answer read.
#[derive(Debug, Clone, Copy)]
pub struct Span {
    pub began: Instant,
    pub ended: Instant,
}

struct Connection {
    stream: TcpStream,
    buffer: Box<[u8]>,
    filled: usize,
}

/// Posts that many requests, as fast as they are answered.
pub fn closed_loop(post: &mut Post, requests: u64) -> Result<Span> {
    let mut poll = Poll::new()?;
    let mut connections = (0..CONNECTIONS).map(|index| connect(&poll, post, index)).collect::<Result<Vec<_>>>()?;
    let mut events = Events::with_capacity(CONNECTIONS);
    let (mut sent, mut answered) = (0, 0);
    let began = Instant::now();
    for connection in &mut connections {
        if sent < requests {
            sent += 1;
            connection.stream.write_all(post.numbered(sent))?;
        }
    }
    while answered < requests {
        match poll.poll(&mut events, None) {
            Err(error) if error.kind() == ErrorKind::Interrupted => continue,
            other => other?,
        }
        for event in &events {
            let connection = &mut connections[event.token().0];
            if !connection.answered()? {
                continue;
            }
            answered += 1;
            if sent < requests {
                sent += 1;
                connection.stream.write_all(post.numbered(sent))?;
            }
        }
    }
    Ok(Span { began, ended: Instant::now() })
}

fn connect(poll: &Poll, post: &Post, index: usize) -> Result<Connection> {
    let stream = std::net::TcpStream::connect(post.address).context("connecting for load")?;
    stream.set_nodelay(true)?;
    stream.set_nonblocking(true)?;
    let mut stream = TcpStream::from_std(stream);
    poll.registry().register(&mut stream, Token(index), Interest::READABLE)?;
    Ok(Connection { stream, buffer: vec![0; BUFFER].into(), filled: 0 })
}

impl Connection {
    /// Reads what there is. Whether the answer is whole now.
    fn answered(&mut self) -> Result<bool> {
        match self.stream.read(&mut self.buffer[self.filled..]) {
            Err(error) if error.kind() == ErrorKind::WouldBlock => return Ok(false),
            other => {
                let read = other?;
                ensure!(read > 0, "the connection was closed instead of an answer");
                self.filled += read;
            }
        }
        let Some(answer) = wire::answer(&self.buffer[..self.filled])? else { return Ok(false) };
        let text = || String::from_utf8_lossy(&self.buffer[answer.head..answer.length]);
        ensure!((200..300).contains(&answer.status), "answered {}: {}", answer.status, text());
        self.filled = 0;
        Ok(true)
    }
}
