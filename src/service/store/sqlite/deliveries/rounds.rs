//! Whose turn it is while more is due than claims may take.

/// One of so many limited claims goes round the webhooks.
const EACH: u32 = 4;

/// The claims of this process that may not have taken all. They take the oldest work; but where many webhooks have
/// backlogs, what is new of another would wait behind all of them. So one of [`EACH`] goes round the webhooks instead.
#[derive(Debug, Default)]
pub struct Rounds {
    limited: u32,
    /// The number of the webhook that the last round ended with.
    pub after: i64,
}

impl Rounds {
    /// Whether the next claim goes round.
    pub fn is_next(&self) -> bool {
        self.limited % EACH == EACH - 1
    }

    /// Counts a claim that may not have taken all.
    pub fn was_limited(&mut self) {
        self.limited = self.limited.wrapping_add(1);
    }
}
