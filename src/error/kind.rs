//! The kinds of error and the exit code of each, in one table.

/// The kind of a failure. Scripts see it as the exit code, and as `code` in JSON if the service gave no code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// The failure is unexpected.
    Unexpected,
    /// The person declined.
    Declined,
    /// The command line is wrong.
    Usage,
    /// An id or a name matches several objects.
    Ambiguous,
    /// A question must be answered, and nobody can be asked.
    AnswerNeeded,
    /// The object does not exist.
    NotFound,
    /// The client is not logged in, or the token is not valid (401).
    Unauthenticated,
    /// The token, or the plan, does not allow it (402, 403).
    Forbidden,
    /// The request conflicts with the present state (409, 412).
    Conflict,
    /// The answer is not from a tm-hooks service, or from one that is too old for this program.
    NotThisService,
    /// The service refused the input (400, 422).
    Refused,
    /// The operation was still in progress when the time to wait ran out.
    StillPending,
    /// The network, TLS, 429, or 5xx after retries.
    Temporary,
    /// A check failed.
    CheckFailed,
    /// Some of several operations failed.
    SomeFailed,
    /// Ctrl-C interrupted the command.
    Interrupted,
}

/// The meaning of each exit code: `help exit-codes` prints this table, and scripts rely on it.
pub const EXIT_CODES: [(u8, &str); 13] = [
    (0, "done, an empty list too"),
    (1, "unexpected failure, or the person said no"),
    (2, "usage; ambiguous id; an answer is needed and there is nobody to ask"),
    (3, "not found"),
    (4, "not logged in, or the token is not valid (401)"),
    (5, "not allowed (402, 403): the answer names the scope or the plan"),
    (6, "conflict (409, 412); the service is too old, or is none of ours"),
    (7, "the service refused the input (400, 422)"),
    (8, "still pending when --timeout ran out"),
    (9, "temporary: network, TLS, 429, 5xx after retries"),
    (10, "a check failed: test, verify, send/retry --wait, stats --fail-over, doctor"),
    (11, "of several, some failed"),
    (130, "interrupted"),
];

impl Kind {
    /// Every kind, in the order of their exit codes.
    pub const ALL: [Kind; 16] = [
        Kind::Unexpected,
        Kind::Declined,
        Kind::Usage,
        Kind::Ambiguous,
        Kind::AnswerNeeded,
        Kind::NotFound,
        Kind::Unauthenticated,
        Kind::Forbidden,
        Kind::Conflict,
        Kind::NotThisService,
        Kind::Refused,
        Kind::StillPending,
        Kind::Temporary,
        Kind::CheckFailed,
        Kind::SomeFailed,
        Kind::Interrupted,
    ];

    /// Returns the exit code and the `code` of each kind.
    const fn row(self) -> (u8, &'static str) {
        match self {
            Kind::Unexpected => (1, "unexpected"),
            Kind::Declined => (1, "declined"),
            Kind::Usage => (2, "usage"),
            Kind::Ambiguous => (2, "ambiguous"),
            Kind::AnswerNeeded => (2, "answer_needed"),
            Kind::NotFound => (3, "not_found"),
            Kind::Unauthenticated => (4, "unauthenticated"),
            Kind::Forbidden => (5, "forbidden"),
            Kind::Conflict => (6, "conflict"),
            Kind::NotThisService => (6, "not_this_service"),
            Kind::Refused => (7, "refused"),
            Kind::StillPending => (8, "still_pending"),
            Kind::Temporary => (9, "temporary"),
            Kind::CheckFailed => (10, "check_failed"),
            Kind::SomeFailed => (11, "some_failed"),
            Kind::Interrupted => (130, "interrupted"),
        }
    }

    /// Returns the exit code.
    pub fn exit_code(self) -> u8 {
        self.row().0
    }

    /// Returns its code for programs.
    pub fn code(self) -> &'static str {
        self.row().1
    }

    /// Whether the same command may work later.
    pub fn is_retryable(self) -> bool {
        matches!(self, Kind::Temporary | Kind::StillPending)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use super::*;

    #[test]
    fn every_exit_code_has_a_meaning_and_every_kind_a_name() {
        let used: BTreeSet<u8> = std::iter::once(0).chain(Kind::ALL.map(Kind::exit_code)).collect();
        assert_eq!(EXIT_CODES.map(|(code, _)| code).into_iter().collect::<BTreeSet<u8>>(), used);
        let names: BTreeSet<&str> = Kind::ALL.into_iter().map(Kind::code).collect();
        assert_eq!(names.len(), Kind::ALL.len(), "every kind has a code of its own");
    }

    /// The page for scripts must have the table of `EXIT_CODES`.
    #[test]
    fn the_page_for_scripts_has_this_table() {
        let page = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/scripting.md")).unwrap();
        let table = page.split("| exit | meaning | exit | meaning |").nth(1).unwrap();
        let rows = table.lines().skip(2).take_while(|line| line.starts_with('|'));
        let cells = rows.flat_map(|row| row.trim_matches('|').split('|').map(str::trim).collect::<Vec<_>>());
        let cells: Vec<&str> = cells.filter(|cell| !cell.is_empty()).collect();
        let documented: BTreeMap<u8, String> =
            cells.chunks(2).map(|pair| (pair[0].parse().unwrap(), pair[1].replace('`', ""))).collect();
        let ours: BTreeMap<u8, String> = EXIT_CODES.map(|(code, meaning)| (code, meaning.to_owned())).into();
        assert_eq!(documented, ours);
    }
}
