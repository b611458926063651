//! What a shell is answered.

use crate::domain::name::is_invisible;

/// Something that can be written where the cursor is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Candidate {
    /// What is written.
    pub value: String,
    /// One line for people; may be empty.
    pub about: String,
}

impl Candidate {
    /// A value and what it is.
    pub fn new(value: impl Into<String>, about: impl Into<String>) -> Self {
        Candidate { value: value.into(), about: about.into() }
    }

    /// Whether it can be typed, and harms neither a shell nor a terminal: one line, not empty, nothing invisible.
    pub fn is_safe(&self) -> bool {
        !self.value.is_empty() && !self.value.contains(is_invisible)
    }
}

/// What a shell is answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Answer {
    /// One of these.
    Candidates(Vec<Candidate>),
    /// A file, which shells complete best.
    Files,
}

impl From<Vec<Candidate>> for Answer {
    fn from(candidates: Vec<Candidate>) -> Self {
        Answer::Candidates(candidates)
    }
}

/// Those that begin with what was typed; else the one that does when capitals do not count.
pub(super) fn beginning(candidates: Vec<Candidate>, typed: &str) -> Vec<Candidate> {
    let (exact, others): (Vec<_>, Vec<_>) = candidates.into_iter().partition(|it| it.value.starts_with(typed));
    if !exact.is_empty() {
        return exact;
    }
    let lower = typed.to_lowercase();
    let nearly: Vec<_> = others.into_iter().filter(|it| it.value.to_lowercase().starts_with(&lower)).collect();
    // Of several a shell would take what they have in common, which may be less than what was typed.
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
