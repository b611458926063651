//! Waits until each delivery was tried once.

use std::{
    cell::{Cell, RefCell},
    collections::{BTreeMap, BTreeSet, btree_map::Entry},
    fmt,
    pin::pin,
    time::Duration,
};

use super::{held::Hold, ran_out};
use crate::{
    api::Client,
    commands::{Context, connect::Connection, outcome, polling::Pauses},
    domain::{
        attempt::{Attempt, AttemptStatus},
        delivery::{Delivery, DeliveryStatus},
        ids::WebhookId,
        query::AttemptQuery,
        record::{AcceptedEvent, PlannedDelivery},
        time::Timestamp,
    },
    error::{CliError, Kind},
    render::words::{self, count},
};

/// The time before the first look: fast deliveries of this process need none.
const LOOKED_AT_AFTER: Duration = Duration::from_secs(1);
/// The largest number of untried deliveries, and of webhooks, that are examined before a pause.
const MOST_LOOKED_AT: usize = 20;
/// The time limit of the last look, after the time has run out.
const LONGEST_LAST_LOOK: Duration = Duration::from_secs(5);
const TRIED_LATER: &str = "they are tried later all the same: tm-hooks attempts";
/// The largest number of deliveries that are listed.
const MOST_LISTED: usize = 20;

/// The results of the first attempts.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Tally {
    succeeded: usize,
    failed: usize,
    /// Those not tried until their webhook is enabled.
    disabled: usize,
    /// Those not tried until a pause ends.
    paused: usize,
}

impl Tally {
    fn add(&mut self, delivery: &Delivery) {
        if delivery.status == DeliveryStatus::Succeeded { self.succeeded += 1 } else { self.failed += 1 }
    }

    /// Adds both up.
    pub(super) fn and(self, other: Tally) -> Tally {
        let Tally { succeeded, failed, disabled, paused } = other;
        Tally {
            succeeded: self.succeeded + succeeded,
            failed: self.failed + failed,
            disabled: self.disabled + disabled,
            paused: self.paused + paused,
        }
    }

    /// Returns success if all were delivered, also if there are none. A delivery that waits for a disabled webhook
    /// counts as not delivered; one that is tried later counts as pending.
    pub(super) fn verdict(self) -> Result<(), CliError> {
        let Tally { succeeded, failed, disabled, paused } = self;
        let message = match disabled + paused {
            0 => format!("{failed} of {} failed at the first try", count(succeeded + failed, "delivery")),
            _ => Progress::from(self).to_string(),
        };
        if failed + disabled == 0 && paused > 0 {
            return Err(CliError::new(Kind::StillPending, message).hint(TRIED_LATER));
        }
        outcome::verdict(succeeded as u64, (failed + disabled) as u64, "delivery_failed", message)
    }
}

/// The progress of the deliveries.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Progress {
    total: usize,
    tally: Tally,
    /// Those not tried yet because their webhooks are paused or disabled.
    paused: usize,
}

impl From<Tally> for Progress {
    fn from(tally: Tally) -> Self {
        let Tally { succeeded, failed, disabled, paused } = tally;
        Progress { total: succeeded + failed + disabled + paused, tally, paused: disabled + paused }
    }
}

impl fmt::Display for Progress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Progress { total, tally: Tally { succeeded, failed, .. }, paused } = *self;
        write!(f, "{succeeded} of {total} delivered")?;
        for (number, what) in [(failed, "failed"), (paused, "paused")].into_iter().filter(|(number, _)| *number > 0) {
            write!(f, ", {number} {what}")?;
        }
        Ok(())
    }
}

/// Waits for the first attempts and prints their results, and what waits until when. If the time runs out, prints each
/// webhook's progress.
///
/// # Errors
/// Fails if the time runs out.
pub(super) async fn for_first_attempts(
    connection: &Connection,
    accepted: &[AcceptedEvent],
    timeout: Duration,
    context: &Context,
) -> Result<Tally, CliError> {
    let deliveries: Vec<PlannedDelivery> = accepted.iter().flat_map(|event| event.deliveries.clone()).collect();
    if context.settings.is_local() {
        say_what_else_is_due(&connection.client, deliveries.len(), context).await?;
    }
    let spinner = context.term.spinner(&format!("Delivering {}", count(deliveries.len(), "delivery")));
    let progress = Cell::new(Progress { total: deliveries.len(), ..Progress::default() });
    let say = |now: Progress| {
        progress.set(now);
        spinner.say(&now.to_string());
    };
    let (tried, nobody_delivers) = (Tried::default(), Cell::new(false));
    let looking = Looking { client: &connection.client, deliveries: &deliveries, tried: &tried, context };
    let waiting = async {
        let delivering = async {
            connection.deliver_now().await?;
            nobody_delivers.set(context.settings.is_local());
            Ok(())
        };
        let mut delivering = pin!(delivering);
        match tokio::time::timeout(LOOKED_AT_AFTER, &mut delivering).await {
            Ok(delivered) => delivered?,
            // A longer delivery in this process is watched meanwhile.
            Err(_) => {
                let looking = looking.until_tried(&nobody_delivers, say);
                return tokio::try_join!(delivering, looking).map(|((), kept)| kept);
            }
        }
        looking.until_tried(&nobody_delivers, say).await
    };
    let in_time = tokio::time::timeout(timeout, waiting).await;
    drop(spinner);
    if in_time.is_err() {
        let known = as_they_are(&connection.client, &deliveries, tried.into_inner()).await;
        ran_out::tell(&connection.client, known.iter(), context).await;
        let (waited, progress) = (words::duration(timeout), progress.get());
        return Err(CliError::new(
            Kind::StillPending,
            format!("not every delivery was tried within {waited}: {progress}"),
        )
        .hint(TRIED_LATER));
    }
    let kept = in_time.unwrap_or(Ok(Kept::default()))?;
    let tried: Vec<Delivery> = tried.into_inner().into_values().collect();
    let mut tally =
        Tally { disabled: kept.disabled, paused: kept.deliveries.len() - kept.disabled, ..Tally::default() };
    tried.iter().for_each(|delivery| tally.add(delivery));
    tell(&connection.client, &tried, &kept.deliveries, tally, context).await?;
    Ok(tally)
}

/// The deliveries that nothing tries for now.
#[derive(Debug, Default)]
struct Kept {
    deliveries: Vec<Delivery>,
    /// The number that wait for their webhook to be enabled.
    disabled: usize,
}

/// Notes other due deliveries: this process delivers them too, which may take longer than what was sent now.
pub(in crate::commands) async fn say_what_else_is_due(
    client: &Client,
    own: usize,
    context: &Context,
) -> Result<(), CliError> {
    let others = usize::try_from(client.queue().await?.due).unwrap_or(usize::MAX).saturating_sub(own);
    if others > 0 {
        context.term.note(&format!("Also delivering {} that waited.", count(others, "delivery")));
    }
    Ok(())
}

/// The tried deliveries, by their positions.
type Tried = RefCell<BTreeMap<usize, Delivery>>;

/// Returns the state when the time has run out: the tried deliveries, and a last look at the first untried ones.
async fn as_they_are(
    client: &Client,
    deliveries: &[PlannedDelivery],
    mut known: BTreeMap<usize, Delivery>,
) -> Vec<Delivery> {
    let untried: Vec<_> = deliveries.iter().enumerate().filter(|(at, _)| !known.contains_key(at)).collect();
    let looking = async {
        for (at, planned) in untried.into_iter().take(MOST_LOOKED_AT) {
            if let Ok(delivery) = client.delivery(planned.id).await {
                known.insert(at, delivery);
            }
        }
    };
    let _ = tokio::time::timeout(LONGEST_LAST_LOOK, looking).await;
    known.into_values().collect()
}

/// The state of watching deliveries.
struct Looking<'a> {
    client: &'a Client,
    deliveries: &'a [PlannedDelivery],
    tried: &'a Tried,
    context: &'a Context,
}

impl Looking<'_> {
    /// Polls each delivery until it was tried once or nothing tries it for now, and calls `say` after each look.
    /// Returns the untried ones.
    async fn until_tried(&self, nobody_delivers: &Cell<bool>, say: impl Fn(Progress)) -> Result<Kept, CliError> {
        let mut progress = Progress { total: self.deliveries.len(), ..Progress::default() };
        let (mut holds, mut pauses) = (Holds::new(), Pauses::new());
        loop {
            let idle = nobody_delivers.get();
            let mut look = Look::default();
            // Held deliveries come last: if many wait, only a few are polled.
            let held =
                |webhook: WebhookId| holds.get(&webhook).is_some_and(|hold| hold.keeps(idle, self.context.now()));
            let (later, first): (Vec<_>, Vec<_>) = self.untried().partition(|(_, planned)| held(planned.webhook_id));
            for part in [first, later] {
                self.look_at(part, idle, &holds, &mut look, |delivery| {
                    progress.tally.add(delivery);
                    say(progress);
                })
                .await?;
                if look.waits > 0 {
                    break;
                }
            }
            if look.waits == 0 {
                return Ok(look.kept);
            }
            self.ask_for_holds(&mut holds, idle).await;
            let now = self.context.now();
            let paused = |webhook: WebhookId| holds.get(&webhook).is_some_and(|hold| hold.holds(now));
            progress.paused = self.untried().filter(|(_, planned)| paused(planned.webhook_id)).count();
            say(progress);
            pauses.pause().await;
        }
    }

    fn untried(&self) -> impl Iterator<Item = (usize, &PlannedDelivery)> {
        self.deliveries.iter().enumerate().filter(|(at, _)| !self.tried.borrow().contains_key(at))
    }

    /// Looks at these until enough of them wait.
    async fn look_at(
        &self,
        these: Vec<(usize, &PlannedDelivery)>,
        idle: bool,
        holds: &Holds,
        look: &mut Look,
        mut was_tried_now: impl FnMut(&Delivery),
    ) -> Result<(), CliError> {
        for (at, planned) in these {
            if look.waits == MOST_LOOKED_AT {
                break;
            }
            let delivery = self.client.delivery(planned.id).await?;
            let (hold, now) = (holds.get(&planned.webhook_id), self.context.now());
            if was_tried(&delivery) {
                was_tried_now(&delivery);
                self.tried.borrow_mut().insert(at, delivery);
            } else if !delivery.in_flight && is_kept(delivery.next_attempt_at, hold, idle, now) {
                look.kept.disabled += usize::from(hold == Some(&Hold::Disabled));
                look.kept.deliveries.push(delivery);
            } else {
                look.waits += 1;
            }
        }
        Ok(())
    }

    /// Fetches the holds of some webhooks with untried deliveries.
    async fn ask_for_holds(&self, holds: &mut Holds, idle: bool) {
        let webhooks: BTreeSet<WebhookId> = self.untried().map(|(_, planned)| planned.webhook_id).collect();
        let now = self.context.now();
        let is_open = |webhook: &WebhookId| !holds.get(webhook).is_some_and(|hold| hold.keeps(idle, now));
        let open: Vec<WebhookId> = webhooks.into_iter().filter(is_open).take(MOST_LOOKED_AT).collect();
        for id in open {
            match self.client.webhook(id).await.ok().as_ref().and_then(|webhook| Hold::of(webhook, now)) {
                Some(hold) => drop(holds.insert(id, hold)),
                None => drop(holds.remove(&id)),
            }
        }
    }
}

/// The holds by webhook.
type Holds = BTreeMap<WebhookId, Hold>;

/// The result of a look at untried deliveries.
#[derive(Default)]
struct Look {
    /// The number that will be tried.
    waits: usize,
    kept: Kept,
}

/// Whether nothing tries a delivery for now: its webhook is held, or it is due later and nobody delivers.
fn is_kept(next: Option<Timestamp>, hold: Option<&Hold>, idle: bool, now: Timestamp) -> bool {
    hold.is_some_and(|hold| hold.keeps(idle, now)) || idle && next.is_some_and(|next| next > now)
}

fn was_tried(delivery: &Delivery) -> bool {
    delivery.attempts > 0 || delivery.status != DeliveryStatus::Pending
}

async fn tell(
    client: &Client,
    tried: &[Delivery],
    kept: &[Delivery],
    tally: Tally,
    context: &Context,
) -> Result<(), CliError> {
    if tried.len() <= MOST_LISTED {
        tell_each(client, tried, context).await?;
    }
    let webhooks: BTreeSet<WebhookId> = kept.iter().map(|delivery| delivery.webhook_id).collect();
    if !webhooks.is_empty() {
        let theirs = tried.iter().filter(|delivery| webhooks.contains(&delivery.webhook_id));
        ran_out::tell(client, theirs.chain(kept), context).await;
    }
    let text = Progress::from(tally).to_string();
    match tally {
        // The message about the only delivery or webhook is enough.
        _ if tried.len() + kept.len() < 2 => {}
        _ if webhooks.len() == 1 && tried.iter().all(|delivery| webhooks.contains(&delivery.webhook_id)) => {}
        Tally { disabled: 0, paused: 0, failed: 0, .. } => context.term.success(&text),
        Tally { disabled: 0, paused: 0, .. } => context.term.failure(&format!("{text} at the first try")),
        // The error reports it.
        Tally { disabled: 0, failed: 0, .. } => {}
        _ => context.term.failure(&text),
    }
    Ok(())
}

async fn tell_each(client: &Client, tried: &[Delivery], context: &Context) -> Result<(), CliError> {
    let mut names = BTreeMap::new();
    for delivery in tried {
        let query = AttemptQuery { delivery: Some(delivery.id), limit: Some(1), ..AttemptQuery::default() };
        if let Some(attempt) = client.attempts(&query).await?.data.first() {
            let name = name_of(client, delivery.webhook_id, &mut names).await;
            tell_one(name, attempt, context);
        }
    }
    Ok(())
}

/// Returns a webhook's name, fetched once, or its id if it is gone.
pub(in crate::commands) async fn name_of<'a>(
    client: &Client,
    id: WebhookId,
    names: &'a mut BTreeMap<WebhookId, String>,
) -> &'a str {
    match names.entry(id) {
        Entry::Occupied(known) => known.into_mut(),
        Entry::Vacant(unknown) => {
            unknown.insert(client.webhook(id).await.map_or_else(|_| id.to_string(), |webhook| webhook.name))
        }
    }
}

/// Prints how an attempt ended.
pub(in crate::commands) fn tell_one(name: &str, attempt: &Attempt, context: &Context) {
    let took = attempt.duration_ms.map(words::milliseconds).unwrap_or_default();
    let answer = attempt.http_status.map(|status| format!(" ({status})")).unwrap_or_default();
    let text = format!("{name}: {}{answer} in {took}", attempt.outcome());
    if attempt.status == AttemptStatus::Succeeded {
        return context.term.success(&text);
    }
    let next = attempt.next_retry_at.map(|at| format!("; next try {}", words::time(at, &context.view)));
    context.term.failure(&format!("{text}{}. See: tm-hooks show {}", next.unwrap_or_default(), attempt.id));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_delivery_is_success_and_some_are_told_from_all() {
        let kind = |succeeded, failed, disabled, paused| {
            Tally { succeeded, failed, disabled, paused }.verdict().err().map(|error| error.kind())
        };
        assert_eq!(kind(0, 0, 0, 0), None);
        assert_eq!(kind(3, 0, 0, 0), None);
        assert_eq!(kind(0, 2, 0, 0), Some(Kind::CheckFailed));
        assert_eq!(kind(1, 1, 0, 0), Some(Kind::SomeFailed));
        assert_eq!(kind(0, 0, 2, 1), Some(Kind::CheckFailed), "who must act is told");
        assert_eq!(kind(1, 0, 2, 0), Some(Kind::SomeFailed));
        assert_eq!(kind(0, 1, 0, 2), Some(Kind::CheckFailed));
        assert_eq!(kind(1, 0, 0, 2), Some(Kind::StillPending), "what waits is tried by itself");
    }

    #[test]
    fn what_waits_for_others_than_us_is_not_waited_for() {
        let (now, later) = (Timestamp::from_seconds(1_000), Timestamp::from_seconds(1_060));
        let kept = |next, hold: Option<Hold>, idle| is_kept(next, hold.as_ref(), idle, now);
        for idle in [false, true] {
            assert!(kept(Some(now), Some(Hold::Disabled), idle));
            assert!(!kept(Some(now), None, idle) && !kept(Some(now), Some(Hold::Paused(now)), idle));
            // A remote service tries it when it is due; in this program, somebody must run a command.
            assert_eq!(kept(Some(later), None, idle), idle);
            assert_eq!(kept(Some(now), Some(Hold::Paused(later)), idle), idle);
        }
    }

    #[test]
    fn progress_has_numbers() {
        let of = |succeeded, failed, paused| {
            let tally = Tally { succeeded, failed, ..Tally::default() };
            Progress { total: 24, tally, paused }.to_string()
        };
        assert_eq!(of(18, 2, 4), "18 of 24 delivered, 2 failed, 4 paused");
        assert_eq!(of(24, 0, 0), "24 of 24 delivered");
        assert_eq!(of(0, 0, 24), "0 of 24 delivered, 24 paused");
        let tally = Tally { succeeded: 1, failed: 2, disabled: 3, paused: 4 };
        assert_eq!(Progress::from(tally).to_string(), "1 of 10 delivered, 2 failed, 7 paused");
    }
}
