//! Idempotency keys: a request that is repeated by its caller is answered as the first time and done once.

use std::time::Duration;

use rusqlite::params;
use serde::{Serialize, de::DeserializeOwned};

use super::session::Session;
use crate::{
    domain::time::Timestamp,
    service::store::{
        Change, Once, Result, StoreError,
        sqlite::{connection::rows, instances::believed},
    },
};

/// How long a key counts.
const KEPT: Duration = Duration::from_secs(24 * 3600);

/// Does what a request asks for, unless it was done before; the answer must hold no secret.
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

/// What the same request was answered before. Fails when its caller has used the key with another one.
pub fn answer_before<T: DeserializeOwned>(session: &Session, change: &Change) -> Result<Option<T>> {
    let (Some(own), Some(Once { key: _, fingerprint })) = (change.own_key(), &change.once) else { return Ok(None) };
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

/// Remembers the answer, within the transaction of its effect.
pub fn record(session: &Session, change: &Change, answer: &impl Serialize) -> Result<()> {
    let (Some(own), Some(Once { key: _, fingerprint })) = (change.own_key(), &change.once) else { return Ok(()) };
    rows::execute(
        &session.connection,
        "INSERT OR REPLACE INTO idempotency_keys (key, fingerprint, answer, created_at) VALUES (?1, ?2, ?3, ?4)",
        params![own, fingerprint, rows::to_json(answer)?, change.now],
    )
    .map(drop)
}

/// Keys that were recorded by then count no more.
pub fn oldest(now: Timestamp) -> Timestamp {
    now.minus(KEPT)
}

/// Forgets keys that no longer count, the oldest first, at most `most`. How many those were.
pub fn forget(session: &mut Session, now: Timestamp, most: usize) -> Result<usize> {
    let most = i64::try_from(most).unwrap_or(i64::MAX);
    let newest = rows::value::<Option<i64>>(
        &session.connection,
        "SELECT max(number) FROM (SELECT number, created_at FROM idempotency_keys ORDER BY number LIMIT ?1)
         WHERE created_at <= ?2",
        params![most, now.minus(KEPT)],
    )?;
    let Some(newest) = newest.flatten() else { return Ok(0) };
    rows::execute(
        &session.connection,
        "DELETE FROM idempotency_keys WHERE number <= ?1 AND created_at <= ?2",
        params![newest, now.minus(KEPT)],
    )
}
