//! A page of events, and how much of the history a search has looked at for it.

use serde::{Deserialize, Serialize};

use super::{
    page::{Cursor, Page},
    record::Event,
    time::Timestamp,
};

/// A page of events, newest first.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "service", derive(utoipa::ToSchema))]
pub struct EventPage {
    /// The events.
    pub data: Vec<Event>,
    /// The cursor of the next page; null on the last one. A search may have a next page after one without events.
    pub next: Option<Cursor>,
    /// How much this page has looked at; present only if `user` or `data` is given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub looked_at: Option<LookedAt>,
}

impl From<Page<Event>> for EventPage {
    fn from(Page { data, next }: Page<Event>) -> Self {
        EventPage { data, next, looked_at: None }
    }
}

/// The events that a search has looked at. Those of a whole search are the sums and the outermost times of its pages.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "service", derive(utoipa::ToSchema))]
pub struct LookedAt {
    /// The number of events of the type and the window that were asked for.
    pub events: u64,
    /// The number of those whose data is no longer kept: whom they concerned is not known.
    pub without_data: u64,
    /// The number of those whose data cannot be read, because the database is damaged.
    pub damaged: u64,
    /// When the oldest of them was accepted; null if there are none.
    pub from: Option<Timestamp>,
    /// When the newest of them was accepted; null if there are none.
    pub until: Option<Timestamp>,
}

impl LookedAt {
    /// One event that was accepted at this time.
    pub fn one(accepted_at: Timestamp) -> Self {
        LookedAt { events: 1, from: Some(accepted_at), until: Some(accepted_at), ..LookedAt::default() }
    }

    /// Both together.
    #[must_use]
    pub fn and(self, other: LookedAt) -> Self {
        LookedAt {
            events: self.events + other.events,
            without_data: self.without_data + other.without_data,
            damaged: self.damaged + other.damaged,
            from: self.from.into_iter().chain(other.from).min(),
            until: self.until.into_iter().chain(other.until).max(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_add_up_in_any_order() {
        let [early, late] = [5, 9].map(|second| LookedAt::one(Timestamp::from_seconds(second)));
        let gone = LookedAt { without_data: 1, damaged: 2, ..late };
        let both = LookedAt { events: 2, without_data: 1, damaged: 2, from: early.from, until: late.until };
        assert_eq!((early.and(gone), gone.and(early)), (both, both));
        assert_eq!(LookedAt::default().and(gone), gone);
    }
}
