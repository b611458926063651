//! Figures of sources, which are read when somebody asks for the metrics. People make sources, so there are few.

use prometheus::{IntGaugeVec, Registry};

use super::families::gauges;
use crate::domain::source::Source;

/// One figure of each kind for each source.
pub(super) struct BySource {
    last_genuine_at: IntGaugeVec,
    silent: IntGaugeVec,
    missing: IntGaugeVec,
}

impl BySource {
    /// Registers the figures.
    pub fn new(registry: &Registry) -> Self {
        let of = |name, help| gauges(registry, name, help, "source");
        BySource {
            last_genuine_at: of(
                "source_last_genuine_time_seconds",
                "When a source's last genuine request came, in seconds since 1970.",
            ),
            silent: of("source_silent", "1 if nothing genuine came to a source for longer than expected, else 0."),
            missing: of(
                "source_sequence_missing",
                "Numbers that are missing between a source's lowest and highest sequence, of its newest 10,000 events.",
            ),
        }
    }

    /// Replaces the figures of all sources.
    pub fn set(&self, sources: &[Source]) {
        for family in [&self.last_genuine_at, &self.silent, &self.missing] {
            family.reset();
        }
        for source in sources {
            let name = &[source.name.as_str()];
            if let Some(at) = source.last_genuine_at {
                self.last_genuine_at.with_label_values(name).set(at.as_seconds());
            }
            self.silent.with_label_values(name).set(i64::from(source.is_silent));
            if let Some(sequences) = source.sequences {
                let missing = i64::try_from(sequences.missing).unwrap_or(i64::MAX);
                self.missing.with_label_values(name).set(missing);
            }
        }
    }
}
