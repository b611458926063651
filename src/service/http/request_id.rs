//! A request's id, by which callers, logs and the record of changes know it.

use std::sync::Arc;

use uuid::Uuid;

use crate::domain::random::Random;

/// A request's id, for those who handle it: `req_` and 32 hex digits.
#[derive(Clone)]
pub(super) struct RequestId(pub Arc<str>);

impl RequestId {
    /// A new one.
    pub fn new(random: &dyn Random) -> Self {
        RequestId(format!("req_{}", Uuid::from_bytes(random.bytes()).simple()).into())
    }
}
