//! The requests that are sent: made once, written as they are.

use std::net::SocketAddr;

use serde_json::json;

use crate::{invented, service::TOKEN};

/// How many different events are posted before they come again.
const DIFFERENT: u64 = 500;

/// Events as they are posted to the service: invented, of other people, at other times.
pub fn events() -> Vec<String> {
    let event = |seed| {
        let (event_type, data) = invented::event(seed);
        json!({"type": event_type, "data": data}).to_string()
    };
    (0..DIFFERENT).map(event).collect()
}

/// How long they are on average, in bytes.
pub fn event_bytes() -> usize {
    events().iter().map(String::len).sum::<usize>() / DIFFERENT as usize
}

/// Requests that are posted one after the other, and again.
#[derive(Debug, Clone)]
pub struct Post {
    pub address: SocketAddr,
    requests: Vec<Vec<u8>>,
    /// Where the 32 digits of its own id are, when it carries one.
    id_at: Option<usize>,
}

impl Post {
    /// To the service.
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

    /// To the receiver directly, with an id as a delivery has it.
    pub fn to_receiver(address: SocketAddr) -> Self {
        let begin = format!("POST /hooks/0 HTTP/1.1\r\nhost: {address}\r\nwebhook-id: tm_");
        let id_at = Some(begin.len());
        let request = |body: String| {
            let rest = format!("\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n", body.len());
            format!("{begin}{:032x}{rest}{body}", 0).into_bytes()
        };
        Post { address, requests: events().into_iter().map(request).collect(), id_at }
    }

    /// The bytes to write for this number, with it as id where requests carry one.
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

    /// The id of the event that was posted: the request's own, else the one that the service answered with.
    pub fn event(&self, number: u64, answer: &[u8]) -> Option<u128> {
        if self.id_at.is_some() {
            return Some(u128::from(number));
        }
        let at = answer.windows(4).position(|four| four == b"\"tm_")? + 1;
        crate::wire::event_id(answer.get(at..at + 35)?)
    }
}
