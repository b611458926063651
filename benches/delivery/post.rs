//! The requests, which are made once and written unchanged.

use std::net::SocketAddr;

use serde_json::json;

use crate::{invented, service::TOKEN};

/// The number of different events before they repeat.
const DIFFERENT: u64 = 500;

/// Returns the events for the service: invented, with varying people and times.
pub fn events() -> Vec<String> {
    let event = |seed| {
        let (event_type, data) = invented::event(seed);
        json!({"type": event_type, "data": data}).to_string()
    };
    (0..DIFFERENT).map(event).collect()
}

/// Returns their average length in bytes.
pub fn event_bytes() -> usize {
    events().iter().map(String::len).sum::<usize>() / DIFFERENT as usize
}

/// Requests that are posted in turn, repeatedly.
#[derive(Debug, Clone)]
pub struct Post {
    pub address: SocketAddr,
    requests: Vec<Vec<u8>>,
    /// The position of the 32 digits of its own id, if it has one.
    id_at: Option<usize>,
}

impl Post {
    /// Makes requests to the service.
    pub fn to_service(address: SocketAddr) -> Self {
        let request = |body: String| {
            let head = format!(
                "POST /v1/events HTTP/1.1\r\nhost: {address}\r\nauthorization: Bearer {TOKEN}\r\n\
                 content-type: application/json\r\ncontent-length: {}\r\n\r\n",
                body.len()
            );
            (head + &body).into_bytes()
        };
        Post { address, requests: events().into_iter().map(request).collect(), id_at: None }
    }

    /// Makes requests directly to the receiver, with an id like a delivery's.
    pub fn to_receiver(address: SocketAddr) -> Self {
        let begin = format!("POST /hooks/0 HTTP/1.1\r\nhost: {address}\r\nwebhook-id: tm_");
        let id_at = Some(begin.len());
        let request = |body: String| {
            let rest = format!("\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n", body.len());
            format!("{begin}{:032x}{rest}{body}", 0).into_bytes()
        };
        Post { address, requests: events().into_iter().map(request).collect(), id_at }
    }

    /// Returns the bytes for this number, with it as the id if requests have one.
    pub fn numbered(&mut self, number: u64) -> &[u8] {
        let request = &mut self.requests[(number % DIFFERENT) as usize];
        if let Some(at) = self.id_at {
            let mut left = number;
            for digit in request[at + 16..at + 32].iter_mut().rev() {
                *digit = b"0123456789abcdef"[(left % 16) as usize];
                left /= 16;
            }
        }
        request
    }

    /// Returns the id of the posted event: the request's own, or else the one in the service's answer.
    pub fn event(&self, number: u64, answer: &[u8]) -> Option<u128> {
        if self.id_at.is_some() {
            return Some(u128::from(number));
        }
        let at = answer.windows(4).position(|four| four == b"\"tm_")? + 1;
        crate::wire::event_id(answer.get(at..at + 35)?)
    }
}
