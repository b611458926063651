//! Whether a request is genuine, and why not.

mod body;
mod check;
mod code;
mod form;
mod said;
#[cfg(test)]
mod tests;
mod time;

pub use body::BodyChange;
pub use check::Check;
pub use code::Code;
pub use said::Verdict;
pub use time::DEFAULT_TOLERANCE;
