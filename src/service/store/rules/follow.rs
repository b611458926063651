//! Decides what follows from an ended attempt for its delivery and its webhook.
//!
//! The process that made the attempt knows its result and plans ([`planned`]). The store knows what has become of the
//! delivery and the webhook meanwhile, and decides ([`next`], [`judge`]).

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

/// An ended attempt, as the process that made it knows it.
#[derive(Debug, Clone, Copy)]
pub struct Ended<'a> {
    /// The reason for the attempt.
    pub kind: AttemptKind,
    /// The attempt's number within its delivery, from 1.
    pub number: u32,
    /// The answer's status, if there was an answer.
    pub http_status: Option<u16>,
    /// The reason of the failure; none for a success.
    pub error: Option<AttemptError>,
    /// Whether no request could be made from the webhook's current settings.
    pub unmade: bool,
    /// The answer's `Retry-After`.
    pub retry_after: Option<&'a str>,
    /// The time at which it ended.
    pub finished_at: Timestamp,
    /// The random part of the next wait, from 0 to 1.
    pub jitter: f64,
}

/// What follows if nothing changes meanwhile.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Planned {
    /// The delivery's next step.
    pub next: Next,
    /// The time until which the whole webhook is held.
    pub hold: Option<Timestamp>,
    /// The reason to disable the webhook, if there is one.
    pub disable: Option<DisabledReason>,
}

/// Plans what follows an attempt. A test does not affect its webhook's health and is never tried again.
pub fn planned(ended: &Ended<'_>) -> Planned {
    let is_gone = ended.error == Some(AttemptError::Gone) && ended.kind != AttemptKind::Test;
    Planned { next: by_schedule(ended), hold: hold(ended), disable: is_gone.then_some(DisabledReason::Gone) }
}

/// Plans the delivery's next step. `Retry-After` may only delay it. If no request could be made, the delivery ends,
/// because a retry would fail too until somebody changes the webhook.
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

/// Holds the webhook for at most an hour after a 429 or 503 with `Retry-After`, which concern the whole receiver and
/// not only this delivery.
fn hold(ended: &Ended<'_>) -> Option<Timestamp> {
    let &Ended { kind, http_status, retry_after, finished_at, .. } = ended;
    let about_the_receiver = matches!(http_status, Some(429 | 503));
    let asked = retry_after.filter(|_| about_the_receiver && kind != AttemptKind::Test)?;
    Some(finished_at.plus(retry_after::wait(asked, finished_at)?.min(LONGEST_HOLD)))
}

/// What has become of a delivery during its attempt.
#[derive(Debug, Clone, Copy)]
pub struct Delivering {
    /// Whether its webhook was deleted.
    pub is_deleted: bool,
    /// The status with which it ends if this attempt fails; if none, it follows its schedule.
    pub ends_as: Option<DeliveryStatus>,
}

/// The delivery's next step, given the plan and whether its attempt failed.
pub fn next(planned: Next, failed: bool, delivering: Delivering) -> Next {
    match delivering {
        Delivering { is_deleted: true, .. } => Next::End(DeliveryStatus::Cancelled),
        Delivering { ends_as: Some(status), .. } if failed => Next::End(status),
        _ => planned,
    }
}

/// The kind of the attempt that follows a failed one of this kind.
pub fn kind_of_next(kind: AttemptKind) -> AttemptKind {
    if kind == AttemptKind::Test { AttemptKind::Test } else { AttemptKind::Retry }
}

/// What an attempt shows about its webhook's health, judged from these two alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Says {
    /// Nothing: it was a test, or failed because of the service itself.
    Nothing,
    /// The webhook is still healthy.
    StillWell,
    /// Something new; [`judge`] decides what.
    Something,
}

/// What an attempt shows about a webhook with this health. Most attempts show nothing new.
pub fn says(kind: AttemptKind, error: Option<AttemptError>, before: &Health) -> Says {
    match error {
        _ if kind == AttemptKind::Test => Says::Nothing,
        Some(error) if error.is_our_own() => Says::Nothing,
        None if before.proven && before.failing.is_none() => Says::StillWell,
        _ => Says::Something,
    }
}

/// What [`judge`] must know about an attempt and its webhook.
#[derive(Debug, Clone, Copy)]
pub struct AttemptFacts<'a> {
    /// The webhook's health before.
    pub before: &'a Health,
    /// How the attempt failed; none for a success.
    pub failure: Option<Failure>,
    /// The planned reason to disable the webhook, if there is one.
    pub disable: Option<DisabledReason>,
    /// Whether the attempt went to the webhook's current URL and not to a former one.
    pub is_at_its_url: bool,
    /// Whether the webhook is neither disabled nor deleted.
    pub is_live: bool,
    /// The trusted time, which a jump of the clock does not change.
    pub age_at: Timestamp,
}

/// What an attempt changes about its webhook.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct HealthChange {
    /// The webhook's new health; none if it is unchanged.
    pub health: Option<Health>,
    /// The changes of the webhook's health.
    pub transitions: Vec<Transition>,
    /// The reason to disable it, if there is one.
    pub disable: Option<DisabledReason>,
    /// What the webhook's owner should know.
    pub notice: Option<Notice>,
}

/// Decides what an attempt means for its webhook. An attempt at a former URL means nothing, and there are no notices
/// about a webhook that is already disabled or deleted.
pub fn judge(seen: &AttemptFacts<'_>) -> HealthChange {
    if !seen.is_at_its_url {
        return HealthChange::default();
    }
    let mut after = seen.before.clone();
    let Some(failure) = &seen.failure else {
        let transitions = after.succeeded();
        return HealthChange { health: Some(after), transitions, ..HealthChange::default() };
    };
    let mut transitions = after.failed(failure);
    // A clock that has jumped ahead must not disable a webhook.
    let really = after.failing.as_ref().is_some_and(|failing| disables_at(failing.since) <= seen.age_at);
    transitions.retain(|transition| *transition != Transition::Disabled || really);
    let disable = seen.disable.filter(|_| seen.is_live);
    let is_left = seen.is_live && disable.is_none();
    let notice = transitions.iter().filter_map(|transition| transition.notice()).next_back().filter(|_| is_left);
    let disable = disable.or((notice == Some(Notice::Disabled)).then_some(DisabledReason::Failing));
    HealthChange { health: Some(after), transitions, disable, notice }
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

    /// A webhook that the next failure disables.
    fn nearly_disabled() -> Health {
        let since = at(0).minus(DISABLED_AFTER);
        let (failures, events) = (19, FailedEvents::Enough);
        let failing = Failing { since, failures, events, pauses: 0, paused_until: None, warned: None };
        Health { proven: true, failing: Some(failing), asked_until: None }
    }

    fn seen(before: &Health) -> AttemptFacts<'_> {
        let failure = Failure { event: 1, started_at: at(0), finished_at: at(0), hold: None };
        let (failure, disable, age_at) = (Some(failure), None, at(0));
        AttemptFacts { before, failure, disable, is_at_its_url: true, is_live: true, age_at }
    }

    #[test]
    fn a_failure_too_many_disables_once_and_not_by_a_clock_that_has_jumped() {
        let before = nearly_disabled();
        let verdict = judge(&seen(&before));
        assert_eq!((verdict.disable, verdict.notice), (Some(DisabledReason::Failing), Some(Notice::Disabled)));
        assert_eq!(verdict.transitions.last(), Some(&Transition::Disabled));
        let doubted = judge(&AttemptFacts { age_at: at(-1), ..seen(&before) });
        assert_eq!((doubted.disable, doubted.notice), (None, None));
        assert!(doubted.health.is_some() && !doubted.transitions.contains(&Transition::Disabled));
        let disabled = judge(&AttemptFacts { is_live: false, ..seen(&before) });
        assert_eq!((disabled.disable, disabled.notice), (None, None), "it is disabled already");
        let gone = judge(&AttemptFacts { disable: Some(DisabledReason::Gone), ..seen(&before) });
        assert_eq!((gone.disable, gone.notice), (Some(DisabledReason::Gone), None), "for one reason");
    }

    #[test]
    fn an_attempt_at_another_url_means_nothing() {
        let before = nearly_disabled();
        let (failure, disable) = (None, Some(DisabledReason::Gone));
        for elsewhere in
            [seen(&before), AttemptFacts { failure, ..seen(&before) }, AttemptFacts { disable, ..seen(&before) }]
        {
            assert_eq!(judge(&AttemptFacts { is_at_its_url: false, ..elsewhere }), HealthChange::default());
        }
    }

    #[test]
    fn a_success_tells_of_the_recovery() {
        let before = nearly_disabled();
        let verdict = judge(&AttemptFacts { failure: None, ..seen(&before) });
        let since = at(0).minus(Duration::from_secs(5 * 24 * 3600));
        assert_eq!(verdict.transitions, [Transition::Recovered { since, failures: 19 }]);
        assert_eq!(verdict.health, Some(Health { proven: true, ..Health::default() }));
        assert_eq!((verdict.disable, verdict.notice), (None, None));
    }
}
