//! The fields of an event while it is made: those that were given stay, the others follow.

use std::collections::BTreeSet;

use serde_json::{Map, Value};
use sha2::{Digest, Sha256};

/// Fields that are being made to agree.
pub(super) struct Making<'a> {
    fields: &'a mut Map<String, Value>,
    given: &'a BTreeSet<String>,
}

impl<'a> Making<'a> {
    pub(super) fn of(fields: &'a mut Map<String, Value>, given: &'a BTreeSet<String>) -> Self {
        Making { fields, given }
    }

    pub(super) fn is_given(&self, name: &str) -> bool {
        self.given.contains(name)
    }

    /// Whether one of these was given.
    pub(super) fn is_any_given(&self, names: &[&str]) -> bool {
        names.iter().any(|name| self.is_given(name))
    }

    /// The value of a field, `null` when it is missing.
    pub(super) fn value(&self, name: &str) -> Value {
        self.fields.get(name).cloned().unwrap_or_default()
    }

    /// The text of a field, empty when it is `null` or missing. None when it is no text.
    pub(super) fn text(&self, name: &str) -> Option<&str> {
        text(self.fields, name)
    }

    /// Whether a field is there and says something.
    pub(super) fn says(&self, name: &str) -> bool {
        self.text(name) != Some("")
    }

    /// Lets a field follow: it gets this value unless it was given.
    pub(super) fn put(&mut self, name: &str, value: impl Into<Value>) {
        if !self.is_given(name) {
            self.fields.insert(name.to_owned(), value.into());
        }
    }

    /// The fields that make up the record: all but its own hash and the mark of a deletion.
    pub(super) fn record(&self) -> impl Iterator<Item = (&String, &Value)> {
        self.fields.iter().filter(|(name, _)| !matches!(name.as_str(), "recordHash" | "isDeleted"))
    }
}

/// The text of a field, empty when it is `null` or missing. None when it is no text.
pub(super) fn text<'a>(fields: &'a Map<String, Value>, name: &str) -> Option<&'a str> {
    match fields.get(name) {
        None | Some(Value::Null) => Some(""),
        Some(Value::String(text)) => Some(text),
        Some(_) => None,
    }
}

/// Bytes that follow from these texts, and from nothing else.
pub(super) fn digest<'a>(parts: impl IntoIterator<Item = &'a str>) -> [u8; 32] {
    let mut hasher = Sha256::new();
    for part in parts {
        hasher.update((part.len() as u64).to_be_bytes());
        hasher.update(part);
    }
    hasher.finalize().into()
}

/// A UUID that follows from these texts. It looks like a random one, as those of the wire do.
pub(super) fn uuid<'a>(parts: impl IntoIterator<Item = &'a str>) -> String {
    let bytes = digest(parts).first_chunk().copied().unwrap_or_default();
    uuid::Builder::from_random_bytes(bytes).into_uuid().to_string()
}
