//! A service with an address for senders outside, and requests to it, byte for byte.

use std::{
    io::{Read, Write},
    net::{SocketAddr, TcpStream},
};

use hmac::{Hmac, KeyInit, Mac};
use serde_json::{Value, json};
use sha2::Sha256;

use crate::common::{
    Home, PATIENCE,
    api::{Answered, Api},
    service::{Served, sqlite},
    trace, until,
};

/// An invented secret of a sender.
pub const SECRET: &str = "tmkey_Pq4Xs81Kq0aVb7LmN3pRt6UwYc2EdFgH";

/// A service with `--ingress`, and its database.
pub struct Outside {
    pub home: Home,
    pub served: Served,
    pub api: Api,
    pub senders: SocketAddr,
}

impl Outside {
    /// Starts one that may deliver to loopback.
    pub fn new() -> Self {
        Self::with(&[])
    }

    /// Starts one with further arguments.
    pub fn with(more: &[&str]) -> Self {
        let home = Home::new();
        let served = serve(&home, "127.0.0.1:0", more);
        Outside { senders: served.senders(), api: Api::of(&served), home, served }
    }

    /// Adds a source, and returns it.
    pub fn source(&self, name: &str, scheme: &str) -> Value {
        self.add(json!({"name": name, "secret": SECRET, "scheme": scheme}))
    }

    /// Adds a source with these settings, and returns it.
    pub fn add(&self, new: Value) -> Value {
        new["secret"].as_str().map(trace::secret);
        self.api.post("/v1/sources", new).of_status(201).json()
    }

    /// A source as it is now.
    pub fn now(&self, source: &Value) -> Value {
        self.api.get(&format!("/v1/sources/{}", text(&source["id"]))).of_status(200).json()
    }

    /// Waits until this many requests to a source are noted that match a filter; returns them, newest first.
    pub fn received(&self, source: &Value, filter: &str, number: usize) -> Vec<Value> {
        let path = format!("/v1/sources/{}/received?limit=250&{filter}", text(&source["id"]));
        until("requests to be noted", || {
            let found = self.api.get(&path).of_status(200).json()["data"].as_array().unwrap().clone();
            (found.len() >= number).then_some(found)
        })
    }

    /// Delivers a body as TimeMoto is thought to sign it.
    pub fn deliver(&self, source: &Value, body: &[u8]) -> Answered {
        post(self.senders, path(source), &[("Timemoto-Signature", &signature(body))], body)
    }

    /// Delivers a body with this signature.
    pub fn deliver_signed(&self, source: &Value, body: &[u8], signature: &str) -> Answered {
        post(self.senders, path(source), &[("Timemoto-Signature", signature)], body)
    }

    /// Expects the service to end well.
    pub fn ends(self) {
        let (code, log) = self.served.stopped();
        assert_eq!(code, Some(0), "{log}");
        drop(self.home);
    }

    /// Waits until this many deliveries have been made, and none waits.
    pub fn delivered(&self, number: usize) {
        let is_done = || self.api.attempts("status=succeeded").len() >= number && self.api.pending() == 0;
        until("deliveries", || is_done().then_some(()));
    }
}

/// Starts a service on the database of this home, with an address for senders.
pub fn serve(home: &Home, senders: &str, more: &[&str]) -> Served {
    let database = sqlite(home.path().join("served/hooks.db"));
    let needed = ["--database", &database, "--allow-http", "--allow-cidr", "127.0.0.0/8", "--ingress", senders];
    Served::start(home.program(), &[&needed, more].concat())
}

pub fn text(value: &Value) -> &str {
    value.as_str().unwrap()
}

/// The path of a source's address.
pub fn path(source: &Value) -> &str {
    let url = text(&source["url"]);
    &url[url.find("/in/").unwrap()..]
}

/// The signature of a body with [`SECRET`].
pub fn signature(body: &[u8]) -> String {
    hex_hmac(SECRET.as_bytes(), body)
}

/// A HMAC-SHA256 in hex.
pub fn hex_hmac(key: &[u8], message: &[u8]) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).unwrap();
    mac.update(message);
    hex::encode(mac.finalize().into_bytes())
}

/// An event's body.
pub fn event(number: u64, event_type: &str) -> Vec<u8> {
    format!(
        r#"{{"id":"tm_{number:032x}","event":"{event_type}","sequence":{number},"data":{{"recordHash":{number}}}}}"#
    )
    .into_bytes()
}

/// Sends JSON on a connection of its own.
pub fn post(to: SocketAddr, path: &str, headers: &[(&str, &str)], body: &[u8]) -> Answered {
    let mut request = format!("POST {path} HTTP/1.1\r\nHost: {to}\r\nContent-Length: {}\r\n", body.len());
    if !headers.iter().any(|(name, _)| name.eq_ignore_ascii_case("content-type")) {
        request.push_str("Content-Type: application/json\r\n");
    }
    for (name, value) in headers {
        request.push_str(&format!("{name}: {value}\r\n"));
    }
    let whole = [request.as_bytes(), b"Connection: close\r\n\r\n", body].concat();
    answered(&exchange(to, &whole))
}

/// Sends these bytes, and returns all that comes back until the connection is closed.
pub fn exchange(to: SocketAddr, bytes: &[u8]) -> String {
    let mut stream = connect(to);
    // The service may have answered and closed before it has read everything.
    let _ = stream.write_all(bytes);
    read_all(&mut stream)
}

/// A connection that does not wait for ever.
pub fn connect(to: SocketAddr) -> TcpStream {
    let stream = TcpStream::connect(to).unwrap();
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    stream
}

/// What comes until the connection is closed, or reset.
pub fn read_all(stream: &mut TcpStream) -> String {
    let mut all = Vec::new();
    let mut part = [0; 16 * 1024];
    while let Ok(read @ 1..) = stream.read(&mut part) {
        all.extend_from_slice(&part[..read]);
    }
    String::from_utf8_lossy(&all).into_owned()
}

/// The status and the body of an answer.
#[track_caller]
pub fn answered(answer: &str) -> Answered {
    let (head, body) = answer.split_once("\r\n\r\n").unwrap_or((answer, ""));
    let status = head.get(9..12).and_then(|status| status.parse().ok());
    Answered { status: status.unwrap_or_else(|| panic!("no answer: {answer:?}")), body: body.to_owned() }
}
