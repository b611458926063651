//! Waiting until each delivery was tried once.

use std::{
    cell::{Cell, RefCell},
    collections::{BTreeMap, btree_map::Entry},
    fmt,
    pin::pin,
    time::Duration,
};

use super::ran_out;
use crate::{
    api::Client,
    commands::{Context, connect::Connection},
    domain::{
        attempt::{Attempt, AttemptStatus},
        delivery::{Delivery, DeliveryStatus},
        ids::WebhookId,
        query::AttemptQuery,
        record::{AcceptedEvent, PlannedDelivery},
    },
    error::{CliError, Kind},
    render::words::{self, count},
};

/// The first pause between two looks; it doubles up to the longest.
const FIRST_PAUSE: Duration = Duration::from_millis(50);
const LONGEST_PAUSE: Duration = Duration::from_secs(1);
/// What this process delivers within this time nobody needs to watch.
const LOOKED_AT_AFTER: Duration = Duration::from_secs(1);
/// So many deliveries that were not tried yet are looked at, one after the other, before a pause; so many webhooks too.
const MOST_LOOKED_AT: usize = 20;
/// How long it is looked once more when the time has run out.
const LONGEST_LAST_LOOK: Duration = Duration::from_secs(5);
/// Up to so many deliveries are told one by one.
const TOLD_ONE_BY_ONE: usize = 20;

/// How the first attempts ended.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Tally {
    succeeded: usize,
    failed: usize,
}

impl Tally {
    fn add(&mut self, delivery: &Delivery) {
        if delivery.status == DeliveryStatus::Succeeded { self.succeeded += 1 } else { self.failed += 1 }
    }

    /// Success when none failed: no delivery at all is success too.
    pub(super) fn verdict(self) -> Result<(), CliError> {
        let Tally { succeeded, failed } = self;
        let message = format!("{failed} of {} failed at the first try", count(succeeded + failed, "delivery"));
        match (failed, succeeded) {
            (0, _) => Ok(()),
            (_, 0) => Err(CliError::told(Kind::CheckFailed, message).code("delivery_failed")),
            _ => Err(CliError::told(Kind::SomeFailed, message)),
        }
    }
}

/// How far the deliveries are that are waited for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Progress {
    total: usize,
    tally: Tally,
    /// Not tried yet, because nothing is sent to their webhooks for a while.
    paused: usize,
}

impl fmt::Display for Progress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Progress { total, tally: Tally { succeeded, failed }, paused } = *self;
        write!(f, "{succeeded} of {total} delivered")?;
        for (number, what) in [(failed, "failed"), (paused, "paused")].into_iter().filter(|(number, _)| *number > 0) {
            write!(f, ", {number} {what}")?;
        }
        Ok(())
    }
}

/// Waits for them, and tells how they ended; when the time runs out first, how far each webhook is.
///
/// # Errors
/// When the time runs out first.
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
    let tried = Tried::default();
    let waiting = async {
        let mut delivering = pin!(connection.deliver());
        match tokio::time::timeout(LOOKED_AT_AFTER, &mut delivering).await {
            Ok(delivered) => delivered?,
            // Whoever delivers here for longer looks meanwhile how far it is.
            Err(_) => {
                let looking = all_tried(&connection.client, &deliveries, &tried, say, context);
                return tokio::try_join!(delivering, looking).map(drop);
            }
        }
        all_tried(&connection.client, &deliveries, &tried, say, context).await
    };
    let in_time = tokio::time::timeout(timeout, waiting).await;
    drop(spinner);
    if in_time.is_err() {
        let known = as_they_are(&connection.client, &deliveries, tried.into_inner()).await;
        ran_out::tell(&connection.client, &known, context).await;
        let (waited, progress) = (words::duration(timeout), progress.get());
        return Err(CliError::new(
            Kind::StillPending,
            format!("not every delivery was tried within {waited}: {progress}"),
        )
        .hint("they are tried later all the same: tm-hooks attempts"));
    }
    in_time.unwrap_or(Ok(()))?;
    let tried: Vec<Delivery> = tried.into_inner().into_values().collect();
    let mut tally = Tally::default();
    tried.iter().for_each(|delivery| tally.add(delivery));
    tell(&connection.client, &tried, tally, context).await?;
    Ok(tally)
}

/// Delivering in this process delivers whatever is due: said, because it may take longer than what was sent now.
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

/// The deliveries that were tried, by their places.
type Tried = RefCell<BTreeMap<usize, Delivery>>;

/// All that is known when the time has run out: what was tried, and a last look at the first ones that were not.
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

/// Looks at each delivery until it was tried once, and says after each look how far they are.
async fn all_tried(
    client: &Client,
    deliveries: &[PlannedDelivery],
    tried: &Tried,
    say: impl Fn(Progress),
    context: &Context,
) -> Result<(), CliError> {
    let mut progress = Progress { total: deliveries.len(), ..Progress::default() };
    let mut pause = FIRST_PAUSE;
    loop {
        let mut untried = 0;
        for (at, planned) in deliveries.iter().enumerate() {
            if untried == MOST_LOOKED_AT || tried.borrow().contains_key(&at) {
                continue;
            }
            let delivery = client.delivery(planned.id).await?;
            if was_tried(&delivery) {
                progress.tally.add(&delivery);
                say(progress);
                tried.borrow_mut().insert(at, delivery);
            } else {
                untried += 1;
            }
        }
        if untried == 0 {
            return Ok(());
        }
        let is_tried = |at: &usize| tried.borrow().contains_key(at);
        let waiting = deliveries.iter().enumerate().filter(|(at, _)| !is_tried(at));
        let waiting: Vec<WebhookId> = waiting.map(|(_, planned)| planned.webhook_id).collect();
        progress.paused = paused(client, waiting.into_iter(), context).await;
        say(progress);
        tokio::time::sleep(pause).await;
        pause = (pause * 2).min(LONGEST_PAUSE);
    }
}

/// How many of the deliveries to these webhooks are to one to which nothing is sent for a while.
async fn paused(client: &Client, waiting: impl Iterator<Item = WebhookId>, context: &Context) -> usize {
    let mut by_webhook: BTreeMap<WebhookId, usize> = BTreeMap::new();
    waiting.for_each(|webhook| *by_webhook.entry(webhook).or_default() += 1);
    let mut paused = 0;
    for (webhook, number) in by_webhook.into_iter().take(MOST_LOOKED_AT) {
        let held = client.webhook(webhook).await.ok().and_then(|webhook| webhook.held_until);
        paused += if held.is_some_and(|until| until > context.now()) { number } else { 0 };
    }
    paused
}

fn was_tried(delivery: &Delivery) -> bool {
    delivery.attempts > 0 || delivery.status != DeliveryStatus::Pending
}

async fn tell(client: &Client, tried: &[Delivery], tally: Tally, context: &Context) -> Result<(), CliError> {
    if tried.len() <= TOLD_ONE_BY_ONE {
        tell_each(client, tried, context).await?;
    }
    let text = Progress { total: tried.len(), tally, paused: 0 }.to_string();
    match (tried.len(), tally.failed) {
        (0 | 1, _) => {}
        (_, 0) => context.term.success(&text),
        _ => context.term.failure(&format!("{text} at the first try")),
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

/// A webhook's name, asked for once; its id when it has none any more.
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

/// Tells how an attempt ended.
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
        let kind = |succeeded, failed| Tally { succeeded, failed }.verdict().err().map(|error| error.kind());
        assert_eq!(kind(0, 0), None);
        assert_eq!(kind(3, 0), None);
        assert_eq!(kind(0, 2), Some(Kind::CheckFailed));
        assert_eq!(kind(1, 1), Some(Kind::SomeFailed));
    }

    #[test]
    fn progress_has_numbers() {
        let of =
            |succeeded, failed, paused| Progress { total: 24, tally: Tally { succeeded, failed }, paused }.to_string();
        assert_eq!(of(18, 2, 4), "18 of 24 delivered, 2 failed, 4 paused");
        assert_eq!(of(24, 0, 0), "24 of 24 delivered");
        assert_eq!(of(0, 0, 24), "0 of 24 delivered, 24 paused");
    }
}
