//! The endpoints that add, find, change and delete sources, and show what came to them. What senders deliver to is
//! `ingress`.

pub(super) mod create;
pub(super) mod delete;
pub(super) mod list;
pub(super) mod read;
pub(super) mod received;
pub(super) mod update;
