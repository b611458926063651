//! The answer to a shell.

use crate::domain::name::is_invisible;

/// A possible text at the cursor.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Candidate {
    /// The text.
    pub value: String,
    /// A description of one line, for people; may be empty.
    pub about: String,
}

impl Candidate {
    /// Makes a candidate of a text and its description.
    pub fn new(value: impl Into<String>, about: impl Into<String>) -> Self {
        Candidate { value: value.into(), about: about.into() }
    }

    /// Whether it can be typed and is safe for shells and terminals: one line, not empty, nothing invisible.
    pub fn is_safe(&self) -> bool {
        !self.value.is_empty() && !self.value.contains(is_invisible)
    }
}

/// The answer to a shell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Completion {
    /// The possible texts.
    Candidates(Vec<Candidate>),
    /// A request to complete files, which shells do best.
    Files,
}

impl From<Vec<Candidate>> for Completion {
    fn from(candidates: Vec<Candidate>) -> Self {
        Completion::Candidates(candidates)
    }
}

/// Returns the candidates that begin with what was typed, or else the only one that does so ignoring case.
pub(super) fn beginning(candidates: Vec<Candidate>, typed: &str) -> Vec<Candidate> {
    let (exact, others): (Vec<_>, Vec<_>) = candidates.into_iter().partition(|it| it.value.starts_with(typed));
    if !exact.is_empty() {
        return exact;
    }
    let lower = typed.to_lowercase();
    let nearly: Vec<_> = others.into_iter().filter(|it| it.value.to_lowercase().starts_with(&lower)).collect();
    // Of several, a shell would insert the common beginning, which may be shorter than what was typed.
    if nearly.len() == 1 { nearly } else { Vec::new() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn capitals_count_unless_only_one_is_meant() {
        let found = |typed: &str| {
            let all = ["Payroll", "Payments", "pay", "ERP"].map(|name| Candidate::new(name, ""));
            beginning(all.to_vec(), typed).len()
        };
        assert_eq!((found("Pay"), found("pay"), found("e"), found("PAY"), found("x")), (2, 1, 1, 0, 0));
    }
}
