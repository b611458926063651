//! The store's decisions as pure functions, the same for every database. SQL and other I/O do not belong here.

pub(super) mod attempts;
pub(super) mod codes;
pub(super) mod due;
pub(super) mod facet;
pub mod follow;
pub(super) mod list;
pub(super) mod outcome;
pub(super) mod page;
pub(super) mod recover;
pub(super) mod replan;
pub(super) mod retention;
pub(super) mod rollup;
pub mod source;
pub(super) mod webhook;
