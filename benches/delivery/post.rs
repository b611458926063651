//! The requests that are sent: made once, written as they are.

use std::net::SocketAddr;

use anyhow::{Result, ensure};
use serde_json::json;
use tm_hooks::domain::{event::EventType, payload::EventData};

use crate::service::TOKEN;

/// How long an event is, in bytes, as it is posted.
pub const EVENT_BYTES: usize = 1300;

/// An event as it is posted to the service: invented, of a usual kind, of the benchmark's length.
pub fn event() -> Result<String> {
    let mut data = EventData::example(EventType::ATTENDANCE_INSERTED).object().to_value();
    let text = |data: &serde_json::Value| json!({"type": "attendance.inserted", "data": data}).to_string();
    // Nobody works for a project here: the example with one is longer.
    for name in ["projectId", "projectName", "projectCode"] {
        data[name] = json!(null);
    }
    data["comment"] = json!("");
    let missing = EVENT_BYTES.checked_sub(text(&data).len());
    ensure!(missing.is_some(), "the example is longer than {EVENT_BYTES} bytes");
    data["comment"] = json!("x".repeat(missing.unwrap_or(0)));
    Ok(text(&data))
}

/// A request that is posted again and again.
#[derive(Debug, Clone)]
pub struct Post {
    pub address: SocketAddr,
    bytes: Vec<u8>,
    /// Where the 32 digits of its own id are, when it carries one.
    id_at: Option<usize>,
}

impl Post {
    /// To the service.
    pub fn to_service(address: SocketAddr, body: &str) -> Self {
        let head = format!(
            "POST /v1/events HTTP/1.1\r\nhost: {address}\r\nauthorization: Bearer {TOKEN}\r\n\
             content-type: application/json\r\ncontent-length: {}\r\n\r\n",
            body.len()
        );
        Post { address, bytes: (head + body).into_bytes(), id_at: None }
    }

    /// To the receiver directly, with an id as a delivery has it.
    pub fn to_receiver(address: SocketAddr, body: &str) -> Self {
        let begin = format!("POST /hooks/0 HTTP/1.1\r\nhost: {address}\r\nwebhook-id: tm_");
        let rest = format!("\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n", body.len());
        let id_at = Some(begin.len());
        Post { address, bytes: format!("{begin}{:032x}{rest}{body}", 0).into_bytes(), id_at }
    }

    /// The bytes to write, with the next id where the request carries one.
    pub fn numbered(&mut self, number: u64) -> &[u8] {
        if let Some(at) = self.id_at {
            let mut left = number;
            for digit in self.bytes[at + 16..at + 32].iter_mut().rev() {
                *digit = b"0123456789abcdef"[(left % 16) as usize];
                left /= 16;
            }
        }
        &self.bytes
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
