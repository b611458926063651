//! A sender of events, such as TimeMoto Cloud: it signs and posts to a source's address.

use std::fmt::Write;

use hmac::{Hmac, KeyInit, Mac};
use reqwest::Client;
use serde_json::Value;
use sha2::Sha256;
use tokio::runtime::Runtime;

use super::service::Served;

/// A sender to one address.
pub struct Sender {
    url: String,
    secret: String,
    client: Client,
    runtime: Runtime,
}

impl Sender {
    /// A sender to this path of the service that signs with this secret.
    pub fn to(served: &Served, path: &str, secret: &str) -> Self {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let client = Client::builder().no_proxy().timeout(super::PATIENCE).build().unwrap();
        Sender {
            url: format!("{}{path}", served.url.trim_end_matches('/')),
            secret: secret.to_owned(),
            client,
            runtime,
        }
    }

    /// Posts an event as TimeMoto does, and returns the status of the answer.
    pub fn sends(&self, body: &Value) -> u16 {
        let body = body.to_string();
        self.posts(&[("Timemoto-Signature", &hex_hmac(&self.secret, &body))], &body)
    }

    /// Posts a body with these headers, and returns the status of the answer.
    pub fn posts(&self, headers: &[(&str, &str)], body: &str) -> u16 {
        let mut request = self.client.post(&self.url).header("content-type", "application/json").body(body.to_owned());
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        self.runtime.block_on(async { request.send().await }).unwrap().status().as_u16()
    }
}

fn hex_hmac(secret: &str, body: &str) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).unwrap();
    mac.update(body.as_bytes());
    mac.finalize().into_bytes().iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}
