//! What attempts that are counted together have in common: how they ended, and about how long they took.

use std::time::Duration;

use crate::service::store::rules::outcome::Outcome;

/// How many classes of durations there are. A class fits into eight bits beside 0, which stands for none.
const CLASSES: usize = 255;

/// The least duration of each class, in milliseconds. Each is 6 % above the one before, or a millisecond where that is
/// more. These numbers must never change: what is stored is the class.
///
/// What ran into the limit of an attempt has a narrow class of its own, so that nothing seems to have taken longer than it
/// may, nor what succeeded just before as long.
static FLOORS: [u64; CLASSES] = floors();

/// The most that an attempt may take, and what is spent beyond that to end it.
const LIMIT: u64 = 20_000;
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

/// About how long an attempt took, in whole milliseconds as they are shown of one: each up to 33 ms has a class of its
/// own, the others are at most 6 % wide, and the last one, of more than two hours, has no end. An attempt takes 20 s
/// at most; what seems to have taken longer, a clock was set in between.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::service::store) struct DurationClass(u8);

impl DurationClass {
    /// How many there are.
    pub const COUNT: usize = CLASSES;

    /// The class of a duration.
    pub fn of(duration: Duration) -> Self {
        let millis = u64::try_from(duration.as_millis()).unwrap_or(u64::MAX);
        let above = FLOORS.partition_point(|floor| *floor <= millis);
        DurationClass(u8::try_from(above - 1).unwrap_or(u8::MAX))
    }

    /// The class with this number, from 0 on, the shortest first.
    pub fn at(index: usize) -> Option<Self> {
        u8::try_from(index).ok().filter(|_| index < CLASSES).map(DurationClass)
    }

    /// Its number.
    pub fn index(self) -> usize {
        usize::from(self.0)
    }

    /// What is shown of a duration in this class, in milliseconds: its middle, at most 3 % beside any duration in it.
    pub fn middle_ms(self) -> u64 {
        let floor = FLOORS[self.index()];
        FLOORS.get(self.index() + 1).map_or(floor, |end| (floor + end - 1) / 2)
    }
}

/// What attempts that are counted together have in common, beside webhook, type and time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::service::store) struct Slot {
    pub outcome: Outcome,
    /// None where durations are not kept any more.
    pub duration: Option<DurationClass>,
}

/// More than any class's number, and one for none.
const DURATIONS: i64 = 256;

impl Slot {
    /// The first number of those that failed; all below did not.
    pub const FIRST_FAILED: i64 = Outcome::FIRST_FAILED * DURATIONS;

    /// Its number: the outcome's, then 0 without a duration, or the class counted from 1.
    pub fn pack(self) -> i64 {
        self.outcome.code() * DURATIONS + self.duration.map_or(0, |class| i64::from(class.0) + 1)
    }

    /// The slot with this number.
    pub fn unpack(slot: i64) -> Self {
        let duration = usize::try_from(slot % DURATIONS - 1).ok().and_then(DurationClass::at);
        Slot { outcome: Outcome::from_code(slot / DURATIONS), duration }
    }

    /// The same without its duration.
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
        // What is stored means the same for ever.
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
