//! Generates load: many connections on one thread that each wait for their answer, or events at a steady rate.

use std::{
    io::{ErrorKind, Read, Write},
    sync::atomic::{AtomicU64, Ordering},
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, anyhow, ensure};
use mio::{Events, Interest, Poll, Token, net::TcpStream};

use crate::{client::Client, post::Post, wire};

/// The number of parallel connections.
pub const CONNECTIONS: usize = 32;
/// The buffer size in bytes; answers, which name every delivery, are smaller.
const BUFFER: usize = 256 * 1024;

/// The times of the first request and the last answer.
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

/// Posts this many requests as fast as they are answered.
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
    /// Reads available bytes; returns whether the answer is complete.
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

/// An event that was posted.
#[derive(Debug, Clone, Copy)]
pub struct Posted {
    /// Its id, as a number.
    pub event: u128,
    /// When its first byte was written, or when it should have been if all connections were busy.
    pub at: Instant,
}

/// Posts this many events per second for a while, without waiting for earlier answers.
pub fn steady(post: &Post, rate: u32, duration: Duration) -> Result<Vec<Posted>> {
    let total = u64::from(rate) * duration.as_secs();
    let next = AtomicU64::new(0);
    let began = Instant::now();
    let take_turns = || -> Result<Vec<Posted>> {
        let (mut post, mut client) = (post.clone(), Client::connect(post.address)?);
        let mut posted = Vec::new();
        loop {
            let number = next.fetch_add(1, Ordering::Relaxed);
            if number >= total {
                return Ok(posted);
            }
            let at = wait_until(began + Duration::from_secs(number) / rate);
            let (status, answer) = client.exchange(post.numbered(number))?;
            ensure!((200..300).contains(&status), "answered {status}: {}", String::from_utf8_lossy(&answer));
            posted.push(Posted { event: post.event(number, &answer).context("an answer names the event")?, at });
        }
    };
    let posted: Result<Vec<_>> = thread::scope(|scope| {
        let threads: Vec<_> = (0..CONNECTIONS).map(|_| scope.spawn(take_turns)).collect();
        let joined = threads.into_iter().map(|thread| thread.join());
        joined.map(|joined| joined.unwrap_or_else(|_| Err(anyhow!("a thread of the load panicked")))).collect()
    });
    Ok(posted?.concat())
}

/// Sleeps until `due` and returns the time after that, or `due` if it had passed.
fn wait_until(due: Instant) -> Instant {
    let left = due.saturating_duration_since(Instant::now());
    if left.is_zero() {
        return due;
    }
    thread::sleep(left);
    Instant::now()
}
