//! How requests are signed: verified, found out, signed by, and verified by the code that is printed.

mod detect;
mod libraries;
mod sign;
mod snippets;
mod verify;
mod webhooks;

use std::fs;

use serde_json::{Value, json};

use crate::common::Home;

/// Requests that a program of its own has signed: `tests/fixtures/schemes.py`.
fn fixtures() -> Vec<Value> {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/schemes.ndjson");
    fs::read_to_string(path).unwrap().lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// A home with a secret in `secret`, and these requests, one a line, in `requests`.
fn home_with(secret: &str, requests: &[Value]) -> Home {
    let home = Home::new();
    fs::write(home.path().join("secret"), format!("{secret}\n")).unwrap();
    let lines: String = requests.iter().map(|request| format!("{request}\n")).collect();
    fs::write(home.path().join("requests"), lines).unwrap();
    home
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap()
}

/// A request whose body says another thing.
fn altered(request: &Value) -> Value {
    let body = text(&request["body"]).replacen("\"comment\": null", "\"comment\": \"no\"", 1);
    json!({ "url": request["url"], "headers": request["headers"], "body": body })
}
