//! Waiting until each delivery was tried once.

use std::{
    collections::{BTreeMap, btree_map::Entry},
    time::Duration,
};

use crate::{
    api::Client,
    commands::{Context, connect::Connection},
    domain::{
        attempt::{Attempt, AttemptStatus},
        delivery::{Delivery, DeliveryStatus},
        ids::{DeliveryId, WebhookId},
        query::AttemptQuery,
        record::AcceptedEvent,
    },
    error::{CliError, Kind},
    render::words::{self, count},
};

/// The first pause between two looks; it doubles up to the longest.
const FIRST_PAUSE: Duration = Duration::from_millis(50);
const LONGEST_PAUSE: Duration = Duration::from_secs(1);
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

/// Waits for them, and tells how they ended.
///
/// # Errors
/// When the time runs out first.
pub(super) async fn for_first_attempts(
    connection: &Connection,
    accepted: &[AcceptedEvent],
    timeout: Duration,
    context: &Context,
) -> Result<Tally, CliError> {
    let deliveries: Vec<DeliveryId> = accepted.iter().flat_map(|event| event.deliveries.iter().map(|d| d.id)).collect();
    if context.settings.is_local() {
        say_what_else_is_due(&connection.client, deliveries.len(), context).await?;
    }
    let spinner = context.term.spinner(&format!("Delivering {}", count(deliveries.len(), "delivery")));
    let waiting = async {
        connection.deliver().await?;
        all_tried(&connection.client, &deliveries).await
    };
    let tried = tokio::time::timeout(timeout, waiting).await.map_err(|_| {
        let waited = words::duration(timeout);
        CliError::new(Kind::StillPending, format!("not every delivery was tried within {waited}"))
            .hint("they are tried later all the same: tm-hooks attempts")
    })??;
    drop(spinner);
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

/// Looks at each delivery until it was tried once.
async fn all_tried(client: &Client, deliveries: &[DeliveryId]) -> Result<Vec<Delivery>, CliError> {
    let mut tried = Vec::with_capacity(deliveries.len());
    let mut pause = FIRST_PAUSE;
    for id in deliveries {
        loop {
            let delivery = client.delivery(*id).await?;
            if was_tried(&delivery) {
                tried.push(delivery);
                break;
            }
            tokio::time::sleep(pause).await;
            pause = (pause * 2).min(LONGEST_PAUSE);
        }
    }
    Ok(tried)
}

fn was_tried(delivery: &Delivery) -> bool {
    delivery.attempts > 0 || delivery.status != DeliveryStatus::Pending
}

async fn tell(client: &Client, tried: &[Delivery], tally: Tally, context: &Context) -> Result<(), CliError> {
    if tried.len() > TOLD_ONE_BY_ONE {
        let Tally { succeeded, failed } = tally;
        let text = format!("{succeeded} succeeded and {failed} failed at the first try");
        if failed == 0 {
            context.term.success(&text)
        } else {
            context.term.failure(&text)
        }
        return Ok(());
    }
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
}
