//! Who may do what, and who did it: tokens, and the audit log.

pub mod audit;
pub mod tokens;
