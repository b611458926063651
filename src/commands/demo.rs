//! `tm-hooks demo` shows everything in a few seconds: real requests, but in memory.

mod receiver;
mod stage;

use std::time::Duration;

use super::{Context, stats};
use crate::{
    domain::{
        attempt::{Attempt, AttemptStatus},
        delivery::DeliveryStatus,
        event::EventType,
        payload::EventData,
        query::{AttemptQuery, StatsQuery, WebhookQuery},
        record::{NewEvent, TestRequest},
        stats::GroupBy,
    },
    error::{CliError, Kind},
    render::{self, HeaderChoice, View, columns::worst_first},
};
use stage::{SPEED, Stage};

/// The events to send: several types, and more of the common one.
const EVENTS: [EventType; 6] = [
    EventType::ATTENDANCE_INSERTED,
    EventType::ATTENDANCE_INSERTED,
    EventType::ATTENDANCE_UPDATED,
    EventType::ATTENDANCE_INSERTED,
    EventType::USER_INSERTED,
    EventType::USER_DELETED,
];

/// The longest time for the deliveries, by the machine's own clock.
const PATIENCE: Duration = Duration::from_secs(30);
/// The interval of checks whether they have ended.
const POLL: Duration = Duration::from_millis(20);

/// See it work: a receiver fails, recovers, and gets everything
///
/// It adds webhooks, sends events, watches a receiver fail and recover, and looks at the history. It runs a service in
/// memory and a receiver on this machine, and uses both as you would: real HTTP, real signatures, real retries. Only
/// the clock is sped up, so that you need not wait for them. Nothing is kept and nothing leaves this machine. It ends
/// with exit code 1 if anything did not happen as it should.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  tm-hooks demo
  tm-hooks demo --table-header always | less")]
pub struct Args {}

pub(super) async fn run(_: &Args, context: &Context) -> Result<(), CliError> {
    context.term.note(&format!(
        "A webhook service in memory, two receivers on this machine, and a clock that runs {SPEED} times as fast."
    ));
    let stage = Stage::set(context).await?;
    let played = play(&stage, context).await;
    stage.clear().await?;
    played
}

async fn play(stage: &Stage, context: &Context) -> Result<(), CliError> {
    context.term.success("Added Payroll (attendance.*) and Chat bot (attendance.inserted, user.*)");
    let tested = stage.client.test_webhook(stage.payroll, &TestRequest::default()).await?;
    ensure(tested.status == AttemptStatus::Succeeded, "the test of Payroll was not answered with 2xx")?;
    context.term.success("Payroll answered a signed test with 204 No Content");
    let sent = send(stage).await?;
    context.term.success(&format!("Sent {sent} events; Chat bot is down and answers 503"));
    deliver(stage, context).await?;
    context.term.success("Chat bot is up again: its deliveries were retried by the schedule, and all have arrived");
    let attempts = show(stage, context).await?;
    check(stage, &attempts)?;
    next_steps(context);
    Ok(())
}

/// Sends the events and returns their number.
async fn send(stage: &Stage) -> Result<usize, CliError> {
    for event_type in EVENTS {
        let data = EventData::example(event_type).object().clone();
        let event = NewEvent { event_type, data, id: None, occurred_at: None };
        let accepted = stage.client.send_event(&event).await?;
        let wanted = stage.expected(event_type);
        ensure(accepted.deliveries.len() == wanted, "an event did not make the deliveries it should")?;
        stage.planned.lock().await.extend(accepted.deliveries.iter().map(|delivery| delivery.id));
    }
    Ok(EVENTS.len())
}

/// Waits until every delivery has arrived.
async fn deliver(stage: &Stage, context: &Context) -> Result<(), CliError> {
    let spinner = context.term.spinner("Delivering, and retrying what failed");
    let arrived = tokio::time::timeout(PATIENCE, async {
        for id in stage.planned.lock().await.iter() {
            while stage.client.delivery(*id).await?.status != DeliveryStatus::Succeeded {
                tokio::time::sleep(POLL).await;
            }
        }
        Ok::<_, CliError>(())
    });
    let ended = arrived.await;
    drop(spinner);
    ended.unwrap_or_else(|_| Err(CliError::new(Kind::Unexpected, "the deliveries did not arrive in time")))
}

/// Shows the tables that a user will see. Returns all attempts.
async fn show(stage: &Stage, context: &Context) -> Result<Vec<Attempt>, CliError> {
    let (client, term) = (&stage.client, &context.term);
    let (now, header) = (stage.clock.now(), HeaderChoice::Always);
    let view = View { now, header, tells_hidden: false, ..context.view.clone() };
    headline(context, "tm-hooks list");
    let mut webhooks = client.webhooks(&WebhookQuery::default()).await?.data;
    if view.is_for_people() {
        worst_first(&mut webhooks);
    }
    render::list(term, &view, &webhooks)?;
    headline(context, "tm-hooks attempts \"Chat bot\" --limit 6");
    let of_chat = AttemptQuery { webhook: Some(stage.chat), limit: Some(6), ..AttemptQuery::default() };
    let without: &[&str] = if view.is_for_people() { &["webhook"] } else { &[] };
    let of_one = View { without, ..view.clone() };
    render::list(term, &of_one, &client.attempts(&of_chat).await?.data)?;
    headline(context, "tm-hooks stats --by webhook");
    let by_webhook = StatsQuery { by: Some(GroupBy::Webhook), ..StatsQuery::default() };
    let mut groups = client.stats(&by_webhook).await?.groups;
    // By the fast clock, every receiver seems slow.
    groups.iter_mut().for_each(|group| (group.p50_ms, group.p95_ms) = (None, None));
    if view.is_for_people() {
        stats::worst_first(&mut groups);
    }
    render::list(term, &view, &groups)?;
    let all = AttemptQuery { limit: Some(250), ..AttemptQuery::default() };
    Ok(client.attempts(&all).await?.data)
}

fn headline(context: &Context, command: &str) {
    context.term.line(&format!("\n$ {command}"));
}

/// Checks that everything happened as promised.
fn check(stage: &Stage, attempts: &[Attempt]) -> Result<(), CliError> {
    let ledger = stage.ledger();
    let failed = attempts.iter().filter(|attempt| attempt.status == AttemptStatus::Failed).count();
    ensure(ledger.iter().all(|entry| entry.verified), "a receiver got a request whose signatures are wrong")?;
    ensure(failed == receiver::OUTAGE, "Chat bot's outage is not in the history as it happened")?;
    ensure(attempts.len() == ledger.len(), "the history and the receivers disagree on how many attempts there were")?;
    let retried = attempts.iter().filter(|attempt| attempt.number > 1 && attempt.status == AttemptStatus::Succeeded);
    ensure(retried.count() > 0, "nothing was delivered by a retry")
}

fn ensure(holds: bool, otherwise: &str) -> Result<(), CliError> {
    if holds { Ok(()) } else { Err(CliError::new(Kind::Unexpected, format!("the demo failed: {otherwise}"))) }
}

fn next_steps(context: &Context) {
    context.term.note("\nAll of it happened. Try it with a receiver of your own, on this machine or anywhere:");
    context.term.note("  add it    tm-hooks add http://127.0.0.1:8080/hooks --name Mine --events 'attendance.*'");
    context.term.note("  test it   tm-hooks test Mine");
    context.term.note("  send one  tm-hooks send attendance.inserted");
}
