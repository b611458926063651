//! The state of a webhook for people: its sign and its description.

use crate::{
    domain::{
        time::Timestamp,
        webhook::{DisabledReason, Webhook, WebhookStatus},
    },
    render::{View, words},
    term::{Sign, Tone},
};

/// The state of a webhook, the worst first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum State {
    /// Its newest attempt failed.
    Failing,
    /// Its receiver asked for a pause.
    Paused,
    /// The service has disabled it.
    GivenUp,
    /// Its newest attempt succeeded, but many did not.
    Flaky,
    /// The webhook works.
    Enabled,
    /// A person has disabled it.
    Off,
}

/// The least number of attempts from which the failure rate is meaningful.
pub(super) const ENOUGH_ATTEMPTS: u64 = 20;

impl State {
    /// Returns the state of a webhook.
    pub fn of(webhook: &Webhook) -> Self {
        let fails_often = webhook.attempts24h >= ENOUGH_ATTEMPTS && webhook.failed24h * 20 >= webhook.attempts24h;
        match (webhook.status, webhook.disabled_reason) {
            (WebhookStatus::Disabled, Some(DisabledReason::Gone | DisabledReason::Failing)) => State::GivenUp,
            (WebhookStatus::Disabled, _) => State::Off,
            _ if webhook.held_until.is_some() => State::Paused,
            (WebhookStatus::Failing, _) => State::Failing,
            (WebhookStatus::Enabled, _) if fails_often => State::Flaky,
            (WebhookStatus::Enabled, _) => State::Enabled,
        }
    }

    /// Returns the sign of its row.
    pub fn sign(self) -> Sign {
        match self {
            State::Failing | State::Paused | State::GivenUp => Sign::Failed,
            State::Flaky => Sign::Look,
            State::Enabled => Sign::Nothing,
            State::Off => Sign::Off,
        }
    }

    /// Returns the colour of its problem.
    pub fn tone(self) -> Tone {
        if self.sign() == Sign::Failed { Tone::Trouble } else { Tone::Plain }
    }

    /// Returns the colour of its name.
    pub fn subject(self) -> Tone {
        if self.sign() == Sign::Failed { Tone::Subject } else { Tone::Plain }
    }

    /// Describes the state briefly: `failing 1d`, `paused, 22m left`.
    pub fn in_words(self, webhook: &Webhook, view: &View) -> String {
        let since = |at: Option<Timestamp>| at.map(|at| format!(" {}", words::brief(view.now.since(at))));
        match self {
            State::Failing => format!("failing{}", since(webhook.failing_since).unwrap_or_default()),
            State::Paused => match webhook.held_until.filter(|until| *until > view.now) {
                Some(until) => format!("paused, {} left", words::brief(until.since(view.now))),
                None => "paused".to_owned(),
            },
            State::GivenUp if webhook.disabled_reason == Some(DisabledReason::Gone) => "disabled: 410".to_owned(),
            State::GivenUp => "disabled: failed".to_owned(),
            State::Flaky | State::Enabled => "enabled".to_owned(),
            State::Off => "disabled".to_owned(),
        }
    }
}

/// Sorts webhooks for a terminal: those with problems first, those disabled by a person last, then by name.
pub fn worst_first(webhooks: &mut [Webhook]) {
    webhooks.sort_by_cached_key(|webhook| (State::of(webhook), webhook.name.to_lowercase(), webhook.id.to_string()));
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::{
        render::sample_webhook,
        term::{Term, Terminals},
    };

    /// Returns the sign and the description of a webhook after a change.
    fn shown(change: impl Fn(&mut Webhook, Timestamp)) -> (Sign, String) {
        let now = Timestamp::from_seconds(1_795_455_600);
        let (term, _) = Term::captured("", Terminals { stdout: true, ..Terminals::default() }, 80);
        let mut webhook = sample_webhook("wh_k3v9m2x7qd", "Payroll");
        change(&mut webhook, now);
        let state = State::of(&webhook);
        (state.sign(), state.in_words(&webhook, &View::new(&term, now)))
    }

    fn disabled(reason: DisabledReason) -> (Sign, String) {
        shown(|webhook, _| {
            (webhook.status, webhook.disabled_reason) = (WebhookStatus::Disabled, Some(reason));
        })
    }

    #[test]
    fn each_state_has_its_sign_and_words() {
        let is = |sign, words: &str| (sign, words.to_owned());
        assert_eq!(shown(|_, _| {}), is(Sign::Nothing, "enabled"));
        let failing = |webhook: &mut Webhook, now: Timestamp| {
            webhook.status = WebhookStatus::Failing;
            webhook.failing_since = Some(now.minus(Duration::from_secs(90_000)));
        };
        assert_eq!(shown(failing), is(Sign::Failed, "failing 1d"));
        let held = |seconds| {
            shown(move |webhook, now| {
                failing(webhook, now);
                webhook.held_until = Some(now.plus(Duration::from_secs(seconds)));
            })
        };
        assert_eq!(held(1_350), is(Sign::Failed, "paused, 22m left"));
        assert_eq!(held(0), is(Sign::Failed, "paused"));
        assert_eq!(disabled(DisabledReason::Gone), is(Sign::Failed, "disabled: 410"));
        assert_eq!(disabled(DisabledReason::Failing), is(Sign::Failed, "disabled: failed"));
        assert_eq!(disabled(DisabledReason::Manual), is(Sign::Off, "disabled"));
    }

    #[test]
    fn many_failures_of_enough_attempts_are_looked_at() {
        let sign =
            |failed, attempts| shown(move |webhook, _| (webhook.failed24h, webhook.attempts24h) = (failed, attempts)).0;
        assert_eq!([sign(1, 20), sign(5, 100), sign(20, 20)], [Sign::Look; 3]);
        assert_eq!([sign(19, 19), sign(4, 100), sign(0, 0)], [Sign::Nothing; 3]);
    }
}
