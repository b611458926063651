//! A connection's knowledge of its current exchange.

use std::{
    io,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use tokio::io::ReadBuf;

use super::{incoming::Incoming, limits::MOST_RECEIVED, spelling::Spelling};

/// The current exchange on a connection: the spelling of its request's header names, and the received bytes.
#[derive(Default)]
pub struct Received(Mutex<WireExchange>);

#[derive(Default)]
struct WireExchange {
    is_under_way: bool,
    /// The request's spelling, until writing it begins.
    unsent: Option<Arc<Spelling>>,
    bytes: usize,
    answer: Incoming,
}

impl Received {
    fn exchange(&self) -> MutexGuard<'_, WireExchange> {
        // The state is valid between any two statements.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Begins an exchange with this spelling of its request.
    pub fn begin(&self, spelling: Arc<Spelling>) {
        *self.exchange() = WireExchange { is_under_way: true, unsent: Some(spelling), ..WireExchange::default() };
    }

    /// Ends the exchange, so that an idle connection keeps no memory for the last answer.
    pub fn forget(&self) {
        *self.exchange() = WireExchange::default();
    }

    /// Whether no byte of the request was written.
    pub fn is_unsent(&self) -> bool {
        self.exchange().unsent.is_some()
    }

    /// Takes the spelling of a request whose writing begins.
    pub fn spelling(&self) -> Option<Arc<Spelling>> {
        self.exchange().unsent.take()
    }

    /// Whether something arrived that may be an answer.
    pub fn has_begun(&self) -> bool {
        self.exchange().answer.has_begun()
    }

    /// The received bytes: at least the head, if it is complete and not too large.
    pub fn beginning(&self) -> Vec<u8> {
        self.exchange().answer.beginning().to_vec()
    }

    /// Adds received bytes. Returns whether they pass on unchanged; otherwise they wait. Bytes from before the request
    /// was written are an error, because they cannot be its answer.
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

    /// Passes on as many finished bytes as fit. Returns whether there were any.
    pub fn hand_on(&self, buf: &mut ReadBuf<'_>) -> bool {
        self.exchange().answer.hand_on(buf)
    }

    /// Handles the end of the data. Returns whether bytes still wait.
    pub fn end(&self) -> bool {
        self.exchange().answer.end()
    }
}
