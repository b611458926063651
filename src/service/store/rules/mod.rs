//! What the store decides, as functions of values: no statement of any database, and so the same for all of them.

pub(super) mod due;
pub mod follow;
pub(super) mod list;
pub(super) mod outcome;
pub(super) mod page;
pub(super) mod recover;
pub(super) mod replan;
pub(super) mod rollup;
pub(super) mod webhook;
