//! Idempotency keys: a repeated request gets the first answer and has no further effect.

use std::time::Duration;

use rusqlite::params;
use serde::{Serialize, de::DeserializeOwned};

use super::session::Session;
use crate::{
    domain::time::Timestamp,
    service::store::{
        Change, IdempotencyKey, Result, StoreError,
        sqlite::{connection::rows, instances::believed},
    },
};

/// How long a key is valid.
const KEPT: Duration = Duration::from_secs(24 * 3600);

/// Runs `effect` unless the same request was answered before. The answer must contain no secret.
pub fn guarded<T: Serialize + DeserializeOwned>(
    session: &mut Session,
    change: &Change,
    effect: impl FnOnce(&mut Session) -> Result<T>,
) -> Result<T> {
    if let Some(answer) = answer_before(session, change)? {
        return Ok(answer);
    }
    let answer = effect(session)?;
    record(session, change, &answer)?;
    Ok(answer)
}

/// The earlier answer to the same request. Fails if the caller used the key with another request.
pub fn answer_before<T: DeserializeOwned>(session: &Session, change: &Change) -> Result<Option<T>> {
    let (Some(own), Some(IdempotencyKey { key: _, fingerprint })) = (change.own_key(), &change.idempotency_key) else {
        return Ok(None);
    };
    let oldest = oldest(believed::age_at(&session.connection, change.now)?);
    let found = rows::first(
        &session.connection,
        "SELECT fingerprint, answer FROM idempotency_keys WHERE key = ?1 AND created_at > ?2",
        params![own, oldest],
        |row| Ok((row.get::<_, [u8; 32]>(0)?, row.get::<_, String>(1)?)),
    )?;
    match found {
        None => Ok(None),
        Some((before, answer)) if before == *fingerprint => rows::from_json(&answer).map(Some),
        Some(_) => Err(StoreError::IdempotencyKeyReused),
    }
}

/// Stores the answer in the transaction of its effect.
pub fn record(session: &Session, change: &Change, answer: &impl Serialize) -> Result<()> {
    let (Some(own), Some(IdempotencyKey { key: _, fingerprint })) = (change.own_key(), &change.idempotency_key) else {
        return Ok(());
    };
    rows::execute(
        &session.connection,
        "INSERT OR REPLACE INTO idempotency_keys (key, fingerprint, answer, created_at) VALUES (?1, ?2, ?3, ?4)",
        params![own, fingerprint, rows::to_json(answer)?, change.now],
    )
    .map(drop)
}

/// The time up to which recorded keys are no longer valid.
pub fn oldest(now: Timestamp) -> Timestamp {
    now.minus(KEPT)
}
