//! What follows when an attempt has ended, for its delivery and for its webhook.
//!
//! Whoever made the attempt knows what came of it, and plans ([`planned`]). Whoever records it knows what the delivery and
//! the webhook have become meanwhile, and decides ([`next`], [`judge`]).

use crate::{
    domain::{
        attempt::{AttemptError, AttemptKind},
        delivery::{DeliveryStatus, wait_after},
        health::{Failure, Health, LONGEST_HOLD, Notice, Transition, disables_at},
        retry_after,
        time::Timestamp,
        webhook::DisabledReason,
    },
    service::store::Next,
};

/// How an attempt ended, for whoever made it.
#[derive(Debug, Clone, Copy)]
pub struct Ended<'a> {
    /// Why it was made.
    pub kind: AttemptKind,
    /// Which try of its delivery it was, from 1.
    pub number: u32,
    /// The status of the answer, when there was one.
    pub http_status: Option<u16>,
    /// Why it failed; none when it succeeded.
    pub error: Option<AttemptError>,
    /// Whether no request could be made of its webhook, as it is now.
    pub unmade: bool,
    /// The answer's `Retry-After`.
    pub retry_after: Option<&'a str>,
    /// When it ended.
    pub finished_at: Timestamp,
    /// From 0 to 1.
    pub jitter: f64,
}

/// What follows if nothing has changed meanwhile.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Planned {
    /// What is next for the delivery.
    pub next: Next,
    /// Until when the whole webhook is held.
    pub hold: Option<Timestamp>,
    /// Disables the webhook, with this reason.
    pub disable: Option<DisabledReason>,
}

/// What follows an attempt. A test says nothing of how its webhook fares, and is never tried again.
pub fn planned(ended: &Ended<'_>) -> Planned {
    let is_gone = ended.error == Some(AttemptError::Gone) && ended.kind != AttemptKind::Test;
    Planned { next: by_schedule(ended), hold: hold(ended), disable: is_gone.then_some(DisabledReason::Gone) }
}

/// `Retry-After` may only delay. What cannot be made of a webhook now cannot be made of it later, as long as nobody
/// changes it.
fn by_schedule(ended: &Ended<'_>) -> Next {
    let &Ended { kind, number, error, unmade, retry_after, finished_at, jitter, http_status: _ } = ended;
    if error.is_none() {
        return Next::End(DeliveryStatus::Succeeded);
    }
    match wait_after(number, jitter) {
        Some(wait) if kind != AttemptKind::Test && !unmade => {
            let asked = retry_after.and_then(|line| retry_after::wait(line, finished_at)).unwrap_or_default();
            Next::Retry(finished_at.plus(wait.max(asked)))
        }
        _ => Next::End(DeliveryStatus::Exhausted),
    }
}

/// 429 and 503 with a `Retry-After` are about the receiver, not about the one delivery. At most an hour.
fn hold(ended: &Ended<'_>) -> Option<Timestamp> {
    let &Ended { kind, http_status, retry_after, finished_at, .. } = ended;
    let about_the_receiver = matches!(http_status, Some(429 | 503));
    let asked = retry_after.filter(|_| about_the_receiver && kind != AttemptKind::Test)?;
    Some(finished_at.plus(retry_after::wait(asked, finished_at)?.min(LONGEST_HOLD)))
}

/// What has become of a delivery while its attempt was made.
#[derive(Debug, Clone, Copy)]
pub struct Delivering {
    /// Its webhook was deleted.
    pub is_deleted: bool,
    /// How it ends when this try fails; by its schedule when absent.
    pub ends_as: Option<DeliveryStatus>,
}

/// What is next for a delivery, given what was planned and whether its attempt failed.
pub fn next(planned: Next, failed: bool, delivering: Delivering) -> Next {
    match delivering {
        Delivering { is_deleted: true, .. } => Next::End(DeliveryStatus::Cancelled),
        Delivering { ends_as: Some(status), .. } if failed => Next::End(status),
        _ => planned,
    }
}

/// Why a delivery's next try is made when one of this kind has failed.
pub fn kind_of_next(kind: AttemptKind) -> AttemptKind {
    if kind == AttemptKind::Test { AttemptKind::Test } else { AttemptKind::Retry }
}

/// What an attempt says of its webhook, as far as the two alone tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Says {
    /// Nothing: it was a test, or failed for a reason of our own.
    Nothing,
    /// That all is well, as it was before.
    StillWell,
    /// Something, which [`judge`] decides.
    Something,
}

/// What an attempt says of a webhook in this health. Most say nothing new.
pub fn says(kind: AttemptKind, error: Option<AttemptError>, before: &Health) -> Says {
    match error {
        _ if kind == AttemptKind::Test => Says::Nothing,
        Some(error) if error.is_our_own() => Says::Nothing,
        None if before.proven && before.failing.is_none() => Says::StillWell,
        _ => Says::Something,
    }
}

/// What is to be known of an attempt that says something, and of its webhook by now.
#[derive(Debug, Clone, Copy)]
pub struct Seen<'a> {
    /// The webhook's health before.
    pub before: &'a Health,
    /// How it failed; none when it succeeded.
    pub failure: Option<Failure>,
    /// Disables the webhook, as was planned.
    pub disable: Option<DisabledReason>,
    /// Whether it went to the webhook's URL, and not to one that it had before.
    pub is_at_its_url: bool,
    /// Whether the webhook is neither disabled nor deleted.
    pub is_live: bool,
    /// The time by what is believed of the clock, which may have jumped ahead.
    pub age_at: Timestamp,
}

/// What follows for a webhook.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Verdict {
    /// Its health from now on; as before when absent.
    pub health: Option<Health>,
    /// How that differs from before.
    pub transitions: Vec<Transition>,
    /// Disables it, with this reason.
    pub disable: Option<DisabledReason>,
    /// What its owner should know.
    pub notice: Option<Notice>,
}

/// What an attempt means for its webhook. One at a URL that the webhook had before means nothing; nothing is left to say
/// of one that is disabled or deleted already.
pub fn judge(seen: &Seen<'_>) -> Verdict {
    if !seen.is_at_its_url {
        return Verdict::default();
    }
    let mut after = seen.before.clone();
    let Some(failure) = &seen.failure else {
        let transitions = after.succeeded();
        return Verdict { health: Some(after), transitions, ..Verdict::default() };
    };
    let mut transitions = after.failed(failure);
    // A clock that has jumped ahead disables nothing.
    let really = after.failing.as_ref().is_some_and(|failing| disables_at(failing.since) <= seen.age_at);
    transitions.retain(|transition| *transition != Transition::Disabled || really);
    let disable = seen.disable.filter(|_| seen.is_live);
    let is_left = seen.is_live && disable.is_none();
    let notice = transitions.iter().filter_map(|transition| transition.notice()).next_back().filter(|_| is_left);
    let disable = disable.or((notice == Some(Notice::Disabled)).then_some(DisabledReason::Failing));
    Verdict { health: Some(after), transitions, disable, notice }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::domain::health::{DISABLED_AFTER, FailedEvents, Failing};

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_seconds(1_795_455_600 + seconds)
    }

    fn ended(kind: AttemptKind, number: u32, http_status: u16, retry_after: Option<&str>) -> Ended<'_> {
        let error = match http_status {
            200..=299 => None,
            410 => Some(AttemptError::Gone),
            _ => Some(AttemptError::UnexpectedStatus),
        };
        let (http_status, unmade) = (Some(http_status), false);
        Ended { kind, number, http_status, error, unmade, retry_after, finished_at: at(0), jitter: 0.0 }
    }

    #[test]
    fn success_ends_and_failure_follows_the_schedule() {
        let next = |kind, number, status| planned(&ended(kind, number, status, None)).next;
        assert_eq!(next(AttemptKind::Event, 1, 204), Next::End(DeliveryStatus::Succeeded));
        assert_eq!(next(AttemptKind::Event, 1, 500), Next::Retry(at(5)));
        assert_eq!(next(AttemptKind::Retry, 10, 500), Next::End(DeliveryStatus::Exhausted));
        assert_eq!(next(AttemptKind::Test, 1, 500), Next::End(DeliveryStatus::Exhausted));
        let unmade = Ended { unmade: true, http_status: None, ..ended(AttemptKind::Event, 1, 500, None) };
        assert_eq!(planned(&unmade).next, Next::End(DeliveryStatus::Exhausted));
    }

    #[test]
    fn retry_after_may_only_delay() {
        let after = |value| planned(&ended(AttemptKind::Event, 1, 500, Some(value))).next;
        assert_eq!(after("120"), Next::Retry(at(120)));
        assert_eq!(after("Mon, 23 Nov 2026 17:42:00 GMT"), Next::Retry(at(120)));
        for no_longer in ["0", "3", "-7", "soon", "", "Sun, 22 Nov 2026 17:42:00 GMT", "1e9", "١٢٠"] {
            assert_eq!(after(no_longer), Next::Retry(at(5)), "{no_longer}");
        }
        for absurd in ["999999", "99999999999999999999999", "Fri, 23 Nov 2046 17:42:00 GMT"] {
            assert_eq!(after(absurd), Next::Retry(at(24 * 3600)), "{absurd}");
        }
    }

    #[test]
    fn only_429_and_503_that_say_how_long_hold_the_webhook() {
        let held = |status, asked| planned(&ended(AttemptKind::Event, 1, status, asked)).hold;
        assert_eq!(held(429, Some("120")), Some(at(120)));
        assert_eq!(held(503, Some("Mon, 23 Nov 2026 17:42:00 GMT")), Some(at(120)));
        assert_eq!(held(503, Some("86400")), Some(at(3600)), "at most an hour");
        for (status, asked) in
            [(503, None), (503, Some("soon")), (429, Some("0")), (500, Some("120")), (200, Some("9"))]
        {
            assert_eq!(held(status, asked), None, "{status} {asked:?}");
        }
        assert_eq!(planned(&ended(AttemptKind::Test, 1, 429, Some("120"))).hold, None);
        let silent = Ended { http_status: None, ..ended(AttemptKind::Event, 1, 500, Some("120")) };
        assert_eq!(planned(&silent).hold, None);
    }

    #[test]
    fn a_410_disables_unless_it_answers_a_test() {
        let disable = |kind, status| planned(&ended(kind, 1, status, None)).disable;
        assert_eq!(disable(AttemptKind::Event, 410), Some(DisabledReason::Gone));
        assert_eq!(disable(AttemptKind::Manual, 410), Some(DisabledReason::Gone));
        assert_eq!((disable(AttemptKind::Test, 410), disable(AttemptKind::Event, 404)), (None, None));
    }

    #[test]
    fn what_the_delivery_has_become_overrules_what_was_planned() {
        let (retry, cancelled) = (Next::Retry(at(5)), Next::End(DeliveryStatus::Cancelled));
        let succeeded = Next::End(DeliveryStatus::Succeeded);
        let free = Delivering { is_deleted: false, ends_as: None };
        let once = Delivering { ends_as: Some(DeliveryStatus::Exhausted), ..free };
        let deleted = Delivering { is_deleted: true, ..once };
        assert_eq!((next(retry, true, free), next(succeeded, false, free)), (retry, succeeded));
        assert_eq!(next(retry, true, once), Next::End(DeliveryStatus::Exhausted));
        assert_eq!(next(succeeded, false, once), succeeded, "it has not failed");
        assert_eq!((next(retry, true, deleted), next(succeeded, false, deleted)), (cancelled, cancelled));
        assert_eq!(kind_of_next(AttemptKind::Manual), AttemptKind::Retry);
        assert_eq!(kind_of_next(AttemptKind::Test), AttemptKind::Test);
    }

    #[test]
    fn most_attempts_say_nothing_new() {
        let proven = Health { proven: true, ..Health::default() };
        let failed = Some(AttemptError::UnexpectedStatus);
        assert_eq!(says(AttemptKind::Event, None, &proven), Says::StillWell);
        assert_eq!(says(AttemptKind::Event, None, &Health::default()), Says::Something);
        assert_eq!(says(AttemptKind::Event, failed, &proven), Says::Something);
        assert_eq!(says(AttemptKind::Test, failed, &proven), Says::Nothing);
        assert_eq!(says(AttemptKind::Event, Some(AttemptError::Interrupted), &proven), Says::Nothing);
    }

    /// A webhook that has failed for as long as makes the next failure the last.
    fn nearly_disabled() -> Health {
        let since = at(0).minus(DISABLED_AFTER);
        let (failures, events) = (19, FailedEvents::Enough);
        let failing = Failing { since, failures, events, pauses: 0, paused_until: None, warned: None };
        Health { proven: true, failing: Some(failing), asked_until: None }
    }

    fn seen(before: &Health) -> Seen<'_> {
        let failure = Failure { event: 1, started_at: at(0), finished_at: at(0), hold: None };
        let (failure, disable, age_at) = (Some(failure), None, at(0));
        Seen { before, failure, disable, is_at_its_url: true, is_live: true, age_at }
    }

    #[test]
    fn a_failure_too_many_disables_once_and_not_by_a_clock_that_has_jumped() {
        let before = nearly_disabled();
        let verdict = judge(&seen(&before));
        assert_eq!((verdict.disable, verdict.notice), (Some(DisabledReason::Failing), Some(Notice::Disabled)));
        assert_eq!(verdict.transitions.last(), Some(&Transition::Disabled));
        let doubted = judge(&Seen { age_at: at(-1), ..seen(&before) });
        assert_eq!((doubted.disable, doubted.notice), (None, None));
        assert!(doubted.health.is_some() && !doubted.transitions.contains(&Transition::Disabled));
        let disabled = judge(&Seen { is_live: false, ..seen(&before) });
        assert_eq!((disabled.disable, disabled.notice), (None, None), "it is disabled already");
        let gone = judge(&Seen { disable: Some(DisabledReason::Gone), ..seen(&before) });
        assert_eq!((gone.disable, gone.notice), (Some(DisabledReason::Gone), None), "for one reason");
    }

    #[test]
    fn an_attempt_at_another_url_means_nothing() {
        let before = nearly_disabled();
        let (failure, disable) = (None, Some(DisabledReason::Gone));
        for elsewhere in [seen(&before), Seen { failure, ..seen(&before) }, Seen { disable, ..seen(&before) }] {
            assert_eq!(judge(&Seen { is_at_its_url: false, ..elsewhere }), Verdict::default());
        }
    }

    #[test]
    fn a_success_tells_of_the_recovery() {
        let before = nearly_disabled();
        let verdict = judge(&Seen { failure: None, ..seen(&before) });
        let since = at(0).minus(Duration::from_secs(5 * 24 * 3600));
        assert_eq!(verdict.transitions, [Transition::Recovered { since, failures: 19 }]);
        assert_eq!(verdict.health, Some(Health { proven: true, ..Health::default() }));
        assert_eq!((verdict.disable, verdict.notice), (None, None));
    }
}
