//! A request's id, which the answer, the log and the audit log share.

use std::sync::Arc;

use uuid::Uuid;

use crate::domain::random::Random;

/// A request's id: `req_` and 32 hex digits.
#[derive(Clone)]
pub(super) struct RequestId(pub Arc<str>);

impl RequestId {
    /// Makes a new id.
    pub fn new(random: &dyn Random) -> Self {
        RequestId(format!("req_{}", Uuid::from_bytes(random.bytes()).simple()).into())
    }
}
