//! Events: taking them in, and looking at what was taken in.

pub(super) mod content;
pub(super) mod create;
pub(super) mod list;
pub(super) mod read;
