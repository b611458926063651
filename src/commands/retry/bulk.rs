//! Starts a recovery: the service retries everything undelivered of a window of time.

use std::time::Duration;

use crate::{
    api::Client,
    commands::{
        Context,
        arguments::Window,
        connect::Connection,
        outcome,
        polling::{Pauses, within},
        reference,
        send::wait,
    },
    domain::{
        ids::RecoveryId,
        recovery::{NewRecovery, Recovery, RecoveryEstimate, RecoveryStatus},
        webhook::Webhook,
    },
    error::{CliError, Kind},
    render::{
        self,
        words::{self, count},
    },
    term::Spinner,
};

use super::{arguments::Args, verdict::verdict, waiting};

pub(super) async fn run(args: &Args, context: &Context) -> Result<(), CliError> {
    check_fields(args, context)?;
    let window = Window::of(args.since, args.until, context.now())?;
    let connection = context.connect()?;
    let client = &connection.client;
    let new = asked_for(args, window, client).await?;
    let estimate = client.estimate_recovery(&new).await?;
    let waiting = waiting::sentences(client, &new, &estimate, context).await?;
    if args.dry_run {
        render::one(&context.term, &context.view, &estimate)?;
        context.term.terminal_note(&format!("Nothing was done: {}.", in_words(&estimate)));
        waiting.iter().for_each(|sentence| context.term.note(sentence));
        return Ok(());
    }
    if estimate.deliveries > 0 {
        context.agree(&format!("Deliver again: {}?", in_words(&estimate))).await?;
    }
    let recovery = client.add_recovery(&new).await?;
    context.term.success(&format!("Began {}: {}", recovery.id, in_words(&estimate)));
    waiting.iter().for_each(|sentence| context.term.note(sentence));
    if !args.wait && !context.settings.is_local() {
        context.term.terminal_note(&format!("See how far it is: tm-hooks show {}", recovery.id));
        return context.give_one(&recovery);
    }
    let (waited, held) = wait_for(&connection, recovery.id, args.timeout, context).await?;
    say(&waited, context);
    held.iter().for_each(|webhook| context.term.note(&waiting::until_enabled(webhook)));
    let shown = context.give_one(&waited);
    outcome::both(ended(&waited, !held.is_empty()), shown)
}

/// Returns how it ended, if it has. `is_held` means that the rest waits for disabled webhooks, and counts as not
/// delivered.
fn ended(waited: &Recovery, is_held: bool) -> Result<(), CliError> {
    if is_held {
        return verdict(waited.succeeded, waited.failed + waited.cancelled + waited.pending);
    }
    if waited.status == RecoveryStatus::Running {
        let error = CliError::new(Kind::StillPending, format!("{} is not finished yet", waited.id));
        return Err(error.hint(format!("it goes on all the same: tm-hooks show {}", waited.id)));
    }
    verdict(waited.succeeded, waited.failed + waited.cancelled)
}

fn check_fields(args: &Args, context: &Context) -> Result<(), CliError> {
    if args.dry_run {
        render::check::<RecoveryEstimate>(&context.view)
    } else {
        render::check::<Recovery>(&context.view)
    }
}

async fn asked_for(args: &Args, window: Window, client: &Client) -> Result<NewRecovery, CliError> {
    let webhook_id = match args.things.as_slice() {
        [] => None,
        [one] => Some(reference::find(client, one).await?.id),
        _ => return Err(CliError::usage("--failed is for one webhook, or for all").hint("name one, or none")),
    };
    let since = window.since.ok_or_else(|| CliError::usage("--failed needs --since"))?;
    Ok(NewRecovery {
        webhook_id,
        since,
        until: window.until,
        what: None,
        rate: args.rate.map(|apart| 1.0 / apart.as_secs_f64()),
        dry_run: false,
    })
}

/// Describes an estimate: `12 deliveries, 9 failed before and 3 never made`.
fn in_words(estimate: &RecoveryEstimate) -> String {
    let RecoveryEstimate { deliveries, failed, missed, skipped, waiting, complete } = *estimate;
    if (deliveries, skipped, complete) == (0, 0, true) {
        return if waiting == 0 { "nothing was left undelivered" } else { "nothing is left but what waits" }.to_owned();
    }
    let at_least = if complete { "" } else { "at least " };
    let parts = match (failed, missed) {
        (0, 0) => String::new(),
        (_, 0) => ", all failed before".to_owned(),
        (0, _) => ", none of them made before".to_owned(),
        _ => format!(", {failed} failed before and {missed} never made"),
    };
    let skipped = match skipped {
        0 => String::new(),
        _ => format!("; {skipped} more cannot be, as their content is no longer kept"),
    };
    let deliveries = usize::try_from(deliveries).unwrap_or(usize::MAX);
    format!("{at_least}{}{parts}{skipped}", count(deliveries, "delivery"))
}

/// Waits until each delivery was tried once, the time is over, or the rest waits for these disabled webhooks.
async fn wait_for(
    connection: &Connection,
    id: RecoveryId,
    timeout: Option<Duration>,
    context: &Context,
) -> Result<(Recovery, Vec<Webhook>), CliError> {
    let local = context.settings.is_local();
    if local {
        wait::say_what_else_is_due(&connection.client, 0, context).await?;
    }
    let leaving = Leaving { id, context, over: false };
    let spinner = context.term.spinner("Recovering");
    let ended = until_ended(&connection.client, id, &spinner);
    let ended =
        if local { connection.deliver_while(within(timeout, ended)).await } else { within(timeout, ended).await };
    drop(spinner);
    leaving.stay();
    match ended? {
        // With the service in this program, attempts in flight have ended since the last look.
        Some((_, held)) if !held.is_empty() => Ok((connection.client.recovery(id).await?, held)),
        Some(ended) => Ok(ended),
        None => Ok((connection.client.recovery(id).await?, Vec::new())),
    }
}

async fn until_ended(client: &Client, id: RecoveryId, spinner: &Spinner) -> Result<(Recovery, Vec<Webhook>), CliError> {
    let (mut pauses, mut before) = (Pauses::new(), None);
    loop {
        let recovery = client.recovery(id).await?;
        if recovery.status != RecoveryStatus::Running {
            return Ok((recovery, Vec::new()));
        }
        // The reason is only asked for if nothing changes.
        if recovery.pending > 0 && before.as_ref() == Some(&recovery) {
            let held = waiting::disabled_ones(client, recovery.webhook_id).await?;
            if !held.is_empty() {
                return Ok((recovery, held));
            }
        }
        let Recovery { made, succeeded, failed, pending, .. } = recovery;
        spinner.say(&format!("Recovering: {succeeded} of {made} succeeded, {failed} failed, {pending} to go"));
        before = Some(recovery);
        pauses.pause().await;
    }
}

fn say(recovery: &Recovery, context: &Context) {
    let Recovery { id, succeeded, failed, cancelled, pending, skipped, .. } = recovery;
    let others = [(cancelled, "cancelled"), (pending, "to go"), (skipped, "no longer kept")];
    let others = others.iter().filter(|(number, _)| **number > 0).map(|(number, what)| format!("{number} {what}"));
    let mut parts = vec![format!("{succeeded} succeeded"), format!("{failed} failed")];
    parts.extend(others);
    let text = words::listed(&parts);
    if *failed + *cancelled == 0 {
        context.term.success(&text);
    } else {
        context
            .term
            .failure(&format!("{text}. See: tm-hooks attempts --kind recover --status failed, tm-hooks show {id}"));
    }
}

/// Prints what happens to the recovery if the wait is interrupted.
struct Leaving<'a> {
    id: RecoveryId,
    context: &'a Context,
    over: bool,
}

impl Leaving<'_> {
    fn stay(mut self) {
        self.over = true;
    }
}

impl Drop for Leaving<'_> {
    fn drop(&mut self) {
        if !self.over {
            let goes_on = if self.context.settings.is_local() {
                "goes on when something is delivered again"
            } else {
                "goes on by itself"
            };
            self.context.term.note(&format!("{} {goes_on}. See how far it is: tm-hooks show {}", self.id, self.id));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_estimate_says_what_and_how_much() {
        let estimate = |failed, missed, skipped, complete| RecoveryEstimate {
            deliveries: failed + missed,
            failed,
            missed,
            skipped,
            waiting: 0,
            complete,
        };
        let words = |failed, missed, skipped, complete| in_words(&estimate(failed, missed, skipped, complete));
        assert_eq!(words(0, 0, 0, true), "nothing was left undelivered");
        let held = RecoveryEstimate { waiting: 2, ..estimate(0, 0, 0, true) };
        assert_eq!(in_words(&held), "nothing is left but what waits");
        assert_eq!(words(0, 0, 2, true), "0 deliveries; 2 more cannot be, as their content is no longer kept");
        assert_eq!(words(9, 3, 0, true), "12 deliveries, 9 failed before and 3 never made");
        assert_eq!(words(1, 0, 0, true), "1 delivery, all failed before");
        assert_eq!(
            words(0, 500, 2, false),
            "at least 500 deliveries, none of them made before; 2 more cannot be, as their content is no longer kept"
        );
    }
}
