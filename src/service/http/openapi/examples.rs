//! An example of each operation: what a service was asked, and what it answered. A test asks a real one for all of them and
//! compares (`tests/it/documents/api_examples.rs`).

use std::collections::HashMap;

use serde::Deserialize;
use serde_json::Value;
use utoipa::openapi::{Content, OpenApi, RefOr};

/// One exchange.
#[derive(Deserialize)]
pub(in crate::service::http) struct Example {
    pub method: String,
    /// With its query, and ids where the document's path has names.
    pub path: String,
    pub request: Option<Value>,
    pub status: u16,
    pub answer: Option<Value>,
}

/// Under what an example stands that is no operation's: how the service says no.
pub(in crate::service::http) const REFUSED: &str = "refused";

/// All of them, by the operation's id.
pub(in crate::service::http) fn all() -> HashMap<String, Example> {
    // A test reads the file: it is never wrong in a program that is shipped.
    serde_json::from_str(include_str!("examples.json")).unwrap_or_default()
}

/// Puts them into the document, where its bodies are described.
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
