//! Strings that count their memory.

use std::{borrow::Borrow, fmt, ops::Deref, rc::Rc};

use super::super::budget::{self, CountedBytes};

/// A string. Copies share it until one is changed.
#[derive(Debug, Clone)]
pub(in crate::render::jq) struct Text(Rc<Inner>);

#[derive(Debug)]
struct Inner {
    text: String,
    held: CountedBytes,
}

impl Text {
    /// Appends `other`.
    pub(super) fn push(&mut self, other: &str) {
        budget::room(self.len() + other.len());
        let inner = Rc::make_mut(&mut self.0);
        inner.held.grow(cost(inner.text.len() + other.len()));
        inner.text.push_str(other);
    }

    /// Repeats the string.
    pub(super) fn repeat(&self, times: usize) -> Self {
        budget::room(self.len().saturating_mul(times));
        self.0.text.repeat(times).into()
    }
}

/// Returns the memory of a string with its overhead. A growing string may allocate twice its length.
fn cost(bytes: usize) -> usize {
    64 + 2 * bytes
}

impl Clone for Inner {
    fn clone(&self) -> Self {
        Inner { held: CountedBytes::new(cost(self.text.len())), text: self.text.clone() }
    }
}

impl From<String> for Text {
    fn from(text: String) -> Self {
        Text(Rc::new(Inner { held: CountedBytes::new(cost(text.len())), text }))
    }
}

impl From<&str> for Text {
    fn from(text: &str) -> Self {
        text.to_owned().into()
    }
}

impl Deref for Text {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0.text
    }
}

impl Borrow<str> for Text {
    fn borrow(&self) -> &str {
        self
    }
}

impl PartialEq for Text {
    fn eq(&self, other: &Self) -> bool {
        **self == **other
    }
}

impl Eq for Text {}

impl std::hash::Hash for Text {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        (**self).hash(state);
    }
}

impl fmt::Display for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self)
    }
}
