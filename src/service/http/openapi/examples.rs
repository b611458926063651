//! An example of each operation: a request and the service's answer. A test sends all of them to a real service and
//! compares (`tests/it/documents/api_examples.rs`).

use std::collections::HashMap;

use serde::Deserialize;
use serde_json::Value;
use utoipa::openapi::{Content, OpenApi, RefOr};

/// A request and its answer.
#[derive(Deserialize)]
pub(in crate::service::http) struct Example {
    pub method: String,
    /// The path with its query, and with ids in place of the document's parameters.
    pub path: String,
    pub request: Option<Value>,
    pub status: u16,
    pub answer: Option<Value>,
}

/// The key of the one example that belongs to no operation: a refusal.
pub(in crate::service::http) const REFUSED: &str = "refused";

/// All examples by the operation's id.
pub(in crate::service::http) fn all() -> HashMap<String, Example> {
    // A test reads the file, so that it is always valid in a shipped program.
    serde_json::from_str(include_str!("examples.json")).unwrap_or_default()
}

/// Adds the examples to the document's bodies.
pub(super) fn put(document: &mut OpenApi) {
    let mut examples = all();
    for item in document.paths.paths.values_mut() {
        let slots = [&mut item.get, &mut item.put, &mut item.post, &mut item.delete, &mut item.patch];
        for operation in slots.into_iter().flatten() {
            let id = operation.operation_id.as_deref().unwrap_or_default();
            let Some(example) = examples.remove(id) else { continue };
            if let Some(RefOr::T(body)) = &mut operation.request_body {
                set(body.content.values_mut(), &example.request);
            }
            if let Some(RefOr::T(response)) = operation.responses.responses.get_mut(&example.status.to_string()) {
                set(response.content.values_mut(), &example.answer);
            }
        }
    }
}

fn set<'a>(contents: impl Iterator<Item = &'a mut RefOr<Content>>, example: &Option<Value>) {
    for content in contents {
        if let RefOr::T(content) = content {
            content.example = example.clone();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_file_can_be_read_and_has_the_refusal() {
        let examples = all();
        assert!(examples.len() > 30);
        assert_eq!(examples[REFUSED].status, 404);
    }
}
