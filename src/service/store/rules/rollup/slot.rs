//! The key that attempts are counted by: their outcome and the class of their duration.

use std::time::Duration;

use crate::service::store::rules::outcome::Outcome;

/// The number of classes of durations. A class fits into eight bits, where 0 stands for none.
const CLASSES: usize = 255;

/// The least duration of each class, in milliseconds: 6 % above the class before, or one millisecond if that is more.
/// These numbers must never change, because rows store the class.
///
/// Attempts that hit the time limit have a narrow class of their own. So no attempt seems to have taken longer than the
/// limit, and none that succeeded just before seems to have hit it.
static FLOORS: [u64; CLASSES] = floors();

/// The time limit of an attempt, in milliseconds.
const LIMIT: u64 = 20_000;
/// The width of the class of attempts that hit the limit: the time that ending them may take, in milliseconds.
const JUST_OVER: u64 = 100;

const fn floors() -> [u64; CLASSES] {
    let mut floors = [0; CLASSES];
    let mut class = 1;
    while class < CLASSES {
        let before = floors[class - 1];
        let wide = before * 106 / 100;
        floors[class] = match before {
            LIMIT => LIMIT + JUST_OVER,
            0..LIMIT if wide > LIMIT => LIMIT,
            _ if wide > before => wide,
            _ => before + 1,
        };
        class += 1;
    }
    floors
}

/// The approximate duration of an attempt, in whole milliseconds: each duration up to 33 ms has a class of its own, the
/// others are at most 6 % wide, and the last one, from more than two hours, has no end. An attempt takes at most 20 s;
/// it only seems longer if the clock was set meanwhile.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::service::store) struct DurationClass(u8);

impl DurationClass {
    /// The number of classes.
    pub const COUNT: usize = CLASSES;

    /// The class of a duration.
    pub fn of(duration: Duration) -> Self {
        let millis = u64::try_from(duration.as_millis()).unwrap_or(u64::MAX);
        let above = FLOORS.partition_point(|floor| *floor <= millis);
        DurationClass(u8::try_from(above - 1).unwrap_or(u8::MAX))
    }

    /// The class with this number, counted from 0 for the shortest.
    pub fn at(index: usize) -> Option<Self> {
        u8::try_from(index).ok().filter(|_| index < CLASSES).map(DurationClass)
    }

    /// The class's number.
    pub fn index(self) -> usize {
        usize::from(self.0)
    }

    /// The duration that is shown for this class, in milliseconds: its middle, at most 3 % from any duration in it.
    pub fn middle_ms(self) -> u64 {
        let floor = FLOORS[self.index()];
        FLOORS.get(self.index() + 1).map_or(floor, |end| (floor + end - 1) / 2)
    }
}

/// The key that attempts are counted by, beside webhook, type and time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::service::store) struct Slot {
    pub outcome: Outcome,
    /// The class of the duration; none if durations are no longer kept.
    pub duration: Option<DurationClass>,
}

/// The number of classes plus one for none.
const DURATIONS: i64 = 256;

impl Slot {
    /// The first number of failed attempts; all below did not fail.
    pub const FIRST_FAILED: i64 = Outcome::FIRST_FAILED * DURATIONS;

    /// The key's number: the outcome's, then 0 without a duration or the class counted from 1.
    pub fn pack(self) -> i64 {
        self.outcome.code() * DURATIONS + self.duration.map_or(0, |class| i64::from(class.0) + 1)
    }

    /// The slot with this number.
    pub fn unpack(slot: i64) -> Self {
        let duration = usize::try_from(slot % DURATIONS - 1).ok().and_then(DurationClass::at);
        Slot { outcome: Outcome::from_code(slot / DURATIONS), duration }
    }

    /// The key without its duration.
    pub fn folded(self) -> Self {
        Slot { duration: None, ..self }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn millis(duration: u64) -> DurationClass {
        DurationClass::of(Duration::from_millis(duration))
    }

    #[test]
    fn classes_are_at_most_six_percent_wide() {
        for (floor, end) in FLOORS.iter().zip(&FLOORS[1..]) {
            assert!(end > floor, "{floor}");
            let widest = (end - 1) as f64 / (*floor).max(1) as f64;
            assert!(widest <= 1.06, "{floor} to {}", end - 1);
        }
        let last = *FLOORS.last().unwrap();
        assert!(last > 2 * 3600 * 1000 && FLOORS[33] == 33, "{last}");
        assert_eq!([19_999, 20_000, 20_099].map(|ms| millis(ms).middle_ms()), [19_634, 20_049, 20_049]);
        // Stored classes must keep their meaning for ever.
        assert_eq!([34, 35, 100, 254].map(|class| FLOORS[class]), [34, 36, 1255, 9123397]);
    }

    #[test]
    fn slots_say_what_failed_by_their_order() {
        for code in [0, 200, 204, 503, 599, 999] {
            for duration in [None, DurationClass::at(0), DurationClass::at(CLASSES - 1)] {
                for failed in [false, true] {
                    let http_status = (code > 0).then_some(code);
                    let slot = Slot { outcome: Outcome { failed, http_status }, duration };
                    assert_eq!(Slot::unpack(slot.pack()), slot);
                    assert_eq!(slot.pack() >= Slot::FIRST_FAILED, failed);
                    assert_eq!(slot.folded().pack(), slot.pack() / DURATIONS * DURATIONS);
                }
            }
        }
        assert_eq!(DurationClass::at(CLASSES), None);
    }

    proptest! {
        #[test]
        fn a_duration_is_within_six_percent_of_what_is_shown(duration in 0u64..9_000_000) {
            let shown = millis(duration).middle_ms();
            prop_assert!(shown.abs_diff(duration) as f64 <= duration as f64 * 0.03, "{duration} is shown as {shown}");
            prop_assert_eq!(millis(shown), millis(duration));
        }

        #[test]
        fn longer_is_never_in_a_lower_class(one in any::<u64>(), other in any::<u64>()) {
            prop_assert_eq!(millis(one.min(other)).max(millis(one.max(other))), millis(one.max(other)));
        }
    }
}
