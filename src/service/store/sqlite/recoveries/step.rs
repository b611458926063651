//! Runs one step of a recovery: its deliveries and its progress are one transaction.
//!
//! Bodies that the step will need are made before the writer's turn, from what a reader found. The writer looks again
//! and takes them; when one is missing, because a webhook's version has changed meanwhile, nothing is done and the step
//! is planned again. So even slow rendering delays nobody's commit.

use std::{collections::HashSet, time::Duration};

use rusqlite::{Connection, Row, params};

use super::{
    counting::finish_if_done,
    look::{FailedDelivery, Job, Missed, RecoveryBatch, RecoveryPosition, look},
    made::Made,
};
use crate::{
    domain::{attempt::AttemptKind, delivery::DeliveryStatus, recovery::interval, time::Timestamp},
    service::store::{
        Result,
        rules::recover::RecoveryPace,
        sqlite::{
            connection::rows,
            deliveries::{self, NewDelivery, manual::reopen, webhook_queues},
            events::bodies::Unrendered,
            writer::session::Session,
        },
    },
};

const TO_ADVANCE: &str =
    "SELECT number, targets, what, since, until, stage, failed_at, failed_number, next_event, events_end, rate, next_due
     FROM recoveries WHERE status = 0 AND stage < 2 ORDER BY number LIMIT 1";

fn read(row: &Row<'_>) -> rusqlite::Result<(Job, RecoveryPace)> {
    let place = RecoveryPosition {
        stage: row.get(5)?,
        failed_at: row.get(6)?,
        failed_number: row.get(7)?,
        next_event: row.get(8)?,
        events_end: row.get(9)?,
    };
    let job = Job {
        number: row.get(0)?,
        targets: row.get(1)?,
        what: row.get(2)?,
        since: row.get(3)?,
        until: row.get(4)?,
        place,
    };
    let apart = row.get::<_, Option<f64>>(10)?.map_or(Duration::ZERO, interval);
    Ok((job, RecoveryPace { apart, next_due: row.get(11)? }))
}

/// Reads what the next step of the oldest unfinished recovery has to render. None if no recovery is unfinished.
pub fn plan(connection: &Connection) -> Result<Option<Vec<Unrendered>>> {
    let Some((job, _)) = rows::first(connection, TO_ADVANCE, [], read)? else { return Ok(None) };
    let (mut seen, mut unrendered) = (HashSet::new(), Vec::new());
    for Missed { event, webhook: _, version } in look(connection, &job)?.missed {
        if seen.insert((event.number, version)) {
            unrendered.extend(Unrendered::read(connection, event.number, version, event.envelope())?);
        }
    }
    Ok(Some(unrendered))
}

/// What has become of a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stepped {
    /// It is done.
    Done,
    /// Nothing was done, because it needs a body that was not made.
    PlanAgain,
    /// No recovery is unfinished.
    Idle,
}

/// Advances the oldest unfinished recovery by one step, with the bodies that were made for it.
pub fn advance(session: &mut Session, made: &Made, now: Timestamp) -> Result<Stepped> {
    let Some((job, mut pace)) = rows::first(&session.connection, TO_ADVANCE, [], read)? else {
        return Ok(Stepped::Idle);
    };
    let found = look(&session.connection, &job)?;
    for Missed { event, webhook: _, version } in &found.missed {
        if made.lacks(&session.connection, event.number, *version)? {
            return Ok(Stepped::PlanAgain);
        }
    }
    for delivery in &found.failed {
        make_due(&session.connection, &job, delivery, pace.next(now))?;
    }
    for missed in &found.missed {
        make(session, &job, missed, made, pace.next(now), now)?;
    }
    session.work_arrived |= !found.failed.is_empty() || !found.missed.is_empty();
    save(&session.connection, &job, &found, &pace)?;
    finish_if_done(&session.connection, job.number, now)?;
    Ok(Stepped::Done)
}

fn save(connection: &Connection, job: &Job, found: &RecoveryBatch, pace: &RecoveryPace) -> Result<()> {
    let RecoveryBatch { looked, skipped, failed, missed, next } = found;
    let RecoveryPosition { stage, failed_at, failed_number, next_event, events_end: _ } = next;
    rows::execute(
        connection,
        "UPDATE recoveries SET stage = ?2, failed_at = ?3, failed_number = ?4, next_event = ?5, next_due = ?6,
            looked = looked + ?7, skipped = skipped + ?8, made = made + ?9
         WHERE number = ?1",
        params![
            job.number,
            stage,
            failed_at,
            failed_number,
            next_event,
            pace.next_due,
            looked,
            skipped,
            (failed.len() + missed.len()) as i64
        ],
    )
    .map(drop)
}

/// Gives a failed delivery one more attempt.
fn make_due(connection: &Connection, job: &Job, delivery: &FailedDelivery, due_at: Timestamp) -> Result<()> {
    reopen(connection, delivery.number)?;
    mark(connection, delivery.number, job)?;
    rows::execute(
        connection,
        "INSERT INTO work (delivery, webhook, event_type, kind, try, due_at, recovery, ends_as)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
        params![
            delivery.number,
            delivery.webhook,
            delivery.event_type,
            AttemptKind::Recover,
            delivery.attempts + 1,
            due_at,
            job.number,
            DeliveryStatus::Exhausted
        ],
    )?;
    webhook_queues::arrived(connection, delivery.webhook, due_at)
}

/// Makes a missing delivery with a schedule of its own.
fn make(session: &Session, job: &Job, missed: &Missed, made: &Made, due_at: Timestamp, now: Timestamp) -> Result<()> {
    let connection = &session.connection;
    let Missed { event, webhook, version } = missed;
    let new = NewDelivery {
        event: event.number,
        event_type: event.event_type,
        webhook: *webhook,
        version: Some(*version),
        body: made.stored(connection, event.number, *version)?,
        kind: AttemptKind::Recover,
        created_at: now,
    };
    let (delivery, _) = deliveries::insert(session, new, None)?;
    mark(connection, delivery, job)?;
    rows::execute(
        connection,
        "UPDATE work SET due_at = ?2, recovery = ?3 WHERE delivery = ?1",
        params![delivery, due_at, job.number],
    )?;
    webhook_queues::arrived(connection, *webhook, due_at)
}

fn mark(connection: &Connection, delivery: i64, job: &Job) -> Result<()> {
    let sql = "UPDATE deliveries SET recovery = ?2 WHERE number = ?1";
    rows::execute(connection, sql, [delivery, job.number]).map(drop)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::{
        domain::{
            event::EventType,
            ids::{RecoveryId, WebhookId},
            patch::Patch,
            recovery::{Recovery, RecoveryWhat},
            version::Version,
            webhook::WebhookPatch,
        },
        service::store::{
            AddRecovery, Change, RecoveryWindow, Store,
            sqlite::{
                SqliteStore,
                events::slow::{accept, add, now, slow_store, until_begun},
            },
        },
    };

    async fn patch(store: &SqliteStore, webhook: WebhookId, patch: WebhookPatch) {
        store.update_webhook(webhook, patch, None, Change::at(now(), None)).await.unwrap();
    }

    async fn switch(store: &SqliteStore, webhook: WebhookId, on: bool) {
        patch(store, webhook, WebhookPatch { enabled: Patch::Value(on), ..WebhookPatch::default() }).await;
    }

    async fn pin(store: &SqliteStore, webhook: WebhookId, version: Version) {
        patch(store, webhook, WebhookPatch { pinned_version: Patch::Value(version), ..WebhookPatch::default() }).await;
    }

    /// Makes a webhook of `v2` miss this many events, and begins a recovery of them.
    async fn missed(store: &SqliteStore, events: usize) -> (WebhookId, Recovery) {
        let slow = add(store, "Slow", "user.*", Version::V2).await;
        switch(store, slow, false).await;
        for _ in 0..events {
            assert_eq!(accept(store, EventType::USER_DELETED).await.unwrap().deliveries, []);
        }
        switch(store, slow, true).await;
        let window = RecoveryWindow {
            webhook: Some(slow),
            since: Timestamp::from_seconds(0),
            until: now().plus(Duration::from_micros(1)),
            what: RecoveryWhat::Missed,
        };
        let add = AddRecovery { id: RecoveryId::new(now(), [1; 10]), window, rate: None };
        (slow, store.add_recovery(add, Change::at(now(), None)).await.unwrap())
    }

    /// How many of the deliveries in a version have a row of this many bodies.
    async fn stored(store: &SqliteStore, version: Version) -> (i64, i64) {
        let sql = "SELECT count(*), (SELECT count(*) FROM bodies) FROM deliveries d WHERE version = ?1
            AND (version = 1) = (body IS NULL)";
        let read = move |connection: &Connection| {
            rows::first(connection, sql, params![version], |row| Ok((row.get(0)?, row.get(1)?)))
        };
        store.read(read).await.unwrap().unwrap()
    }

    fn stepping(store: &Arc<SqliteStore>) -> tokio::task::JoinHandle<Result<bool>> {
        let store = Arc::clone(store);
        tokio::spawn(async move { store.advance_recovery(now()).await })
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn a_step_whose_rendering_takes_its_whole_budget_keeps_nobody_from_a_commit() {
        let (store, has_begun, go) = slow_store();
        let (_, recovery) = missed(&store, 1).await;
        add(&store, "Quick", "attendance.*", Version::V1).await;
        let step = stepping(&store);
        let _has_begun = until_begun(has_begun).await;
        for _ in 0..20 {
            assert_eq!(accept(&store, EventType::ATTENDANCE_INSERTED).await.unwrap().deliveries.len(), 1);
        }
        assert!(!step.is_finished());
        go.send(()).unwrap();
        assert!(step.await.unwrap().unwrap());
        assert_eq!(store.recovery(recovery.id).await.unwrap().unwrap().made, 1);
        assert_eq!(stored(&store, Version::V2).await, (1, 1));
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn a_step_that_lost_the_race_with_a_change_is_planned_again() {
        let (store, has_begun, go) = slow_store();
        let (slow, recovery) = missed(&store, 2).await;
        pin(&store, slow, Version::V1).await;
        let other = add(&store, "Other", "attendance.*", Version::V1).await;
        assert_eq!(store.recovery(recovery.id).await.unwrap().unwrap().made, 0);
        // The version changes between the plan and the commit, which the writer holds up.
        let plan = store.read(plan).await.unwrap().unwrap();
        assert!(plan.is_empty(), "its own body needs no rendering");
        pin(&store, slow, Version::V2).await;
        let made = store.rendered(move |rendering| Made::of(&plan, rendering)).await.unwrap();
        let stepped = store.write(move |session| advance(session, &made, now())).await.unwrap();
        assert_eq!(stepped, Stepped::PlanAgain);
        assert_eq!(stored(&store, Version::V2).await, (0, 0), "nothing was done");

        let step = stepping(&store);
        let has_begun = until_begun(has_begun).await;
        pin(&store, slow, Version::V1).await;
        pin(&store, other, Version::V2).await;
        go.send(()).unwrap();
        go.send(()).unwrap();
        assert!(step.await.unwrap().unwrap());
        assert_eq!(stored(&store, Version::V1).await, (2, 0), "what was rendered in vain is not stored");
        assert_eq!(store.recovery(recovery.id).await.unwrap().unwrap().made, 2);
        assert_eq!(has_begun.try_iter().count(), 1);
    }

    #[tokio::test]
    async fn a_body_that_is_gone_when_the_step_is_made_is_skipped() {
        let (store, _has_begun, go) = slow_store();
        let (_, recovery) = missed(&store, 2).await;
        go.send(()).unwrap();
        go.send(()).unwrap();
        let plan = store.read(plan).await.unwrap().unwrap();
        assert_eq!(plan.len(), 2);
        let made = store.rendered(move |rendering| Made::of(&plan, rendering)).await.unwrap();
        let step = move |session: &mut Session| {
            rows::execute(&session.connection, "UPDATE events SET body = NULL WHERE number = 1", [])?;
            advance(session, &made, now())
        };
        assert_eq!(store.write(step).await.unwrap(), Stepped::Done);
        let Recovery { made, skipped, .. } = store.recovery(recovery.id).await.unwrap().unwrap();
        assert_eq!((made, skipped), (1, 1));
    }
}
