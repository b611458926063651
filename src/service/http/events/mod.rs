//! The endpoints that accept events and show accepted ones. How an event is planned and delivered does not belong here.

pub(super) mod content;
pub(super) mod create;
pub(super) mod list;
pub(super) mod read;
