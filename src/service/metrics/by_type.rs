//! Counts events by type. Only a bounded number of types have a series of their own, so that senders of events cannot
//! make the metrics grow without bound.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

use prometheus::{IntCounter, IntCounterVec};

use crate::domain::event::EventType;

/// The number of types with a series of their own; all others share one.
const MOST_TYPES: usize = 200;
/// The label of the shared series.
const OTHER: &str = "other";

/// One counter for each type.
pub(super) struct AcceptedByType {
    family: IntCounterVec,
    counters: Mutex<HashMap<EventType, IntCounter>>,
}

impl AcceptedByType {
    /// Makes the counters of this family; the known types have theirs from the start.
    pub fn new(family: IntCounterVec) -> Self {
        let of = |event_type: EventType| (event_type, family.with_label_values(&[event_type.as_str()]));
        let counters = Mutex::new(EventType::KNOWN.map(of).into_iter().collect());
        AcceptedByType { family, counters }
    }

    /// Counts these events.
    pub fn count(&self, events: &[EventType]) {
        if events.is_empty() {
            return;
        }
        let mut counters = self.counters.lock().unwrap_or_else(PoisonError::into_inner);
        for event_type in events {
            match counters.get(event_type) {
                Some(counter) => counter.inc(),
                None if counters.len() < MOST_TYPES => {
                    let counter = self.family.with_label_values(&[event_type.as_str()]);
                    counter.inc();
                    counters.insert(*event_type, counter);
                }
                None => self.family.with_label_values(&[OTHER]).inc(),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use prometheus::{Encoder, Opts, TextEncoder};

    use super::*;

    #[test]
    fn types_beyond_the_bound_are_counted_together() {
        let family = IntCounterVec::new(Opts::new("events", "Events."), &["type"]).unwrap();
        let counters = AcceptedByType::new(family.clone());
        let all: Vec<EventType> = (0..300).map(|n| format!("metered.n{n}").parse().unwrap()).collect();
        counters.count(&all);
        counters.count(&all);
        let mut text = Vec::new();
        TextEncoder::new().encode(&prometheus::core::Collector::collect(&family), &mut text).unwrap();
        let text = String::from_utf8(text).unwrap();
        let own = MOST_TYPES - EventType::KNOWN.len();
        let count = |end: &str| text.lines().filter(|line| line.starts_with("events{") && line.ends_with(end)).count();
        assert_eq!((count(" 2"), count(" 0")), (own, EventType::KNOWN.len()));
        assert!(text.contains(&format!("events{{type=\"other\"}} {}", 2 * (300 - own))), "{text}");
    }
}
