//! Starts a test: an event for one webhook only, with a delivery that is claimed as it is made.

use rusqlite::params;

use super::{claim_one::take, recipients::Recipients};
use crate::{
    domain::{
        attempt::AttemptKind,
        ids::{AttemptId, WebhookId},
        time::Timestamp,
        version::Version,
    },
    service::store::{
        Change, Claim, InstanceId, Result, StartedTest, StoreError, TestDelivery,
        sqlite::{
            connection::rows,
            deliveries::{self, NewDelivery},
            events::{
                self,
                bodies::{PreparedEvent, Rendered, Versions},
            },
            instances::entered,
            webhooks::{global_version::global_version, row},
            writer::{idempotency, session::Session},
        },
    },
};

/// A test whose event is ready to be stored.
pub struct Test {
    webhook_id: WebhookId,
    prepared: PreparedEvent,
    /// Its bodies, because only the webhook decides which one is sent, unless the test names a version.
    bodies: Vec<Rendered>,
    version: Option<Version>,
    instance: InstanceId,
}

impl Test {
    /// Prepares a test that starts now.
    pub fn of(test: TestDelivery, now: Timestamp) -> Test {
        let TestDelivery { webhook_id, event, version, instance } = test;
        let prepared = PreparedEvent::of(event, now);
        let versions = version.map_or_else(|| Version::ALL.to_vec(), |version| vec![version]);
        let bodies = versions.into_iter().map(|version| prepared.render(version, &Versions)).collect();
        Test { webhook_id, prepared, bodies, version, instance }
    }
}

/// Starts a test, or answers with the attempt of the same request's test.
pub fn start(session: &mut Session, test: &Test, change: &Change) -> Result<StartedTest> {
    if let Some(attempt) = idempotency::answer_before::<AttemptId>(session, change)? {
        return Ok(StartedTest::Before(attempt));
    }
    let claim = claimed(session, test, change.now)?;
    idempotency::record(session, change, &claim.attempt_id)?;
    Ok(StartedTest::New(Box::new(claim)))
}

fn claimed(session: &mut Session, test: &Test, now: Timestamp) -> Result<Claim> {
    let Test { webhook_id, prepared, bodies, version, instance } = test;
    let event = &prepared.event;
    let connection = &session.connection;
    let found = rows::first(
        connection,
        "SELECT number, pinned_version FROM webhooks WHERE id = ?1 AND deleted_at IS NULL",
        params![webhook_id],
        |row| Ok((row.get(0)?, row.get(1)?)),
    )?;
    let (webhook, pinned) = found.ok_or_else(|| row::not_found(*webhook_id))?;
    let version = version.unwrap_or(Version::resolve(pinned, global_version(connection)?).0);
    let body = bodies.iter().find(|body| body.version == version);
    let body = body.ok_or_else(|| StoreError::Internal(format!("a test is not rendered in {version}")))?;
    let number = events::insert(session, prepared, now)?.ok_or_else(|| StoreError::EventIdReused(event.id.into()))?;
    let new = NewDelivery {
        event: number,
        event_type: event.event_type,
        webhook,
        version: Some(version),
        body: body.freeze(session, number, &prepared.row)?.key,
        kind: AttemptKind::Test,
        created_at: now,
    };
    let (delivery, _) = deliveries::insert(session, new, None)?;
    let instance = entered::number(connection, *instance)?;
    let claim = session.next_claim()?;
    take(session, delivery, claim, instance, now, &mut Recipients::of(session)?)?
        .ok_or_else(|| StoreError::Internal("the body of the test is missing".to_owned()))
}
