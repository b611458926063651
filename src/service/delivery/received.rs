//! What a connection knows of the exchange under way.

use std::{
    io,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use tokio::io::ReadBuf;

use super::{incoming::Incoming, limits::MOST_RECEIVED, spelling::Spelling};

/// The exchange under way on a connection: how the names of its request are spelt, and what came in.
#[derive(Default)]
pub struct Received(Mutex<Exchange>);

#[derive(Default)]
struct Exchange {
    is_under_way: bool,
    /// How the request is spelt, until it is begun to be written.
    unsent: Option<Arc<Spelling>>,
    bytes: usize,
    answer: Incoming,
}

impl Received {
    fn exchange(&self) -> MutexGuard<'_, Exchange> {
        // It is whole between any two statements.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// An exchange begins, whose request is spelt so.
    pub fn begin(&self, spelling: Arc<Spelling>) {
        *self.exchange() = Exchange { is_under_way: true, unsent: Some(spelling), ..Exchange::default() };
    }

    /// It has ended. An idle connection takes no room for the answer before.
    pub fn forget(&self) {
        *self.exchange() = Exchange::default();
    }

    /// Whether not one byte of the request was written.
    pub fn is_unsent(&self) -> bool {
        self.exchange().unsent.is_some()
    }

    /// The spelling of a request that is written now, once.
    pub fn spelling(&self) -> Option<Arc<Spelling>> {
        self.exchange().unsent.take()
    }

    /// Whether something came that may be an answer.
    pub fn has_begun(&self) -> bool {
        self.exchange().answer.has_begun()
    }

    /// The answer as it came, its head at least when that is complete and not too large.
    pub fn beginning(&self) -> Vec<u8> {
        self.exchange().answer.beginning().to_vec()
    }

    /// Takes in what came. Says whether it goes on as it came; otherwise it waits. What comes before the request was
    /// written is no answer to it.
    pub fn take_in(&self, new: &[u8]) -> io::Result<bool> {
        let mut exchange = self.exchange();
        if exchange.unsent.is_some() {
            return Err(io::Error::other("something came before the request was sent"));
        }
        if !exchange.is_under_way {
            return Ok(true);
        }
        exchange.bytes = exchange.bytes.saturating_add(new.len());
        if exchange.bytes > MOST_RECEIVED {
            let detail = format!("the receiver sent more than {MOST_RECEIVED} bytes");
            return Err(io::Error::new(io::ErrorKind::InvalidData, detail));
        }
        Ok(exchange.answer.take_in(new))
    }

    /// Hands on as much as there is room for of what waits for nothing. Says whether that is anything.
    pub fn hand_on(&self, buf: &mut ReadBuf<'_>) -> bool {
        self.exchange().answer.hand_on(buf)
    }

    /// Nothing more comes. Says whether something waits.
    pub fn end(&self) -> bool {
        self.exchange().answer.end()
    }
}
