//! The audit log: each entry is written in the transaction of its change, and read by page.

use rusqlite::{Connection, Row, params};
use serde_json::Value;

use crate::{
    domain::{
        audit::{AuditAction, AuditEntry, difference},
        ids::TokenId,
        page::{Cursor, Page, PageRequest},
        query::AuditQuery,
    },
    service::store::{
        Actor, Change, Result,
        rules::webhook::{Audited, StoredWebhook, audited},
        sqlite::connection::rows,
    },
};

/// The most rows that a page looks at.
const MOST_LOOKED_AT: i64 = 10_000;

/// The object that was changed.
pub struct Target<'a> {
    pub id: String,
    pub name: Option<&'a str>,
}

impl<'a> Target<'a> {
    /// An object that has only an id.
    pub fn of(id: impl ToString) -> Self {
        Target { id: id.to_string(), name: None }
    }

    /// An object that also has a name.
    pub fn named(id: impl ToString, name: &'a str) -> Self {
        Target { id: id.to_string(), name: Some(name) }
    }
}

/// Writes the entry of a change. The caller must have removed every secret from `before` and `after`.
pub fn note(
    connection: &Connection,
    change: &Change,
    action: AuditAction,
    target: Target<'_>,
    (before, after): (Option<Value>, Option<Value>),
) -> Result<()> {
    let (actor, token): (&str, Option<TokenId>) = match &change.actor {
        Actor::Local => ("local", None),
        Actor::Admin => ("admin", None),
        Actor::Service => ("service", None),
        Actor::Token { id, name } => (name, Some(*id)),
    };
    let (before, after) = difference(before, after);
    rows::execute(
        connection,
        "INSERT INTO audit (at, actor, token, action, target, target_name, before, after, request_id)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
        params![
            change.now,
            actor,
            token,
            action.as_str(),
            target.id,
            target.name,
            before.map(|value| value.to_string()),
            after.map(|value| value.to_string()),
            change.request_id.as_deref()
        ],
    )
    .map(drop)
}

/// Writes the entry of a webhook that was added, changed or deleted.
pub fn note_webhook(
    connection: &Connection,
    change: &Change,
    before: Option<&StoredWebhook>,
    after: Option<&StoredWebhook>,
) -> Result<()> {
    let Some(row) = after.or(before) else { return Ok(()) };
    let Audited { action, before, after } = audited(before, after);
    note(connection, change, action, Target::named(row.id, &row.name), (before, after))
}

fn read(row: &Row<'_>) -> rusqlite::Result<AuditEntry> {
    let json = |column| -> rusqlite::Result<Option<Value>> {
        Ok(row.get::<_, Option<String>>(column)?.and_then(|text| serde_json::from_str(&text).ok()))
    };
    let action: String = row.get(4)?;
    Ok(AuditEntry {
        number: rows::unsigned(row.get(0)?),
        at: row.get(1)?,
        actor: row.get(2)?,
        token_id: row.get(3)?,
        action: action.parse().map_err(|_| rusqlite::types::FromSqlError::InvalidType)?,
        target: row.get(5)?,
        target_name: row.get(6)?,
        before: json(7)?,
        after: json(8)?,
        request_id: row.get(9)?,
    })
}

/// Reads a page, newest first. It looks at a bounded number of rows and says where the next page begins.
pub fn page(connection: &Connection, query: &AuditQuery, page: &PageRequest) -> Result<Page<AuditEntry>> {
    let AuditQuery { since, until, actor, target, limit: _, cursor: _ } = query;
    let newest = rows::value::<Option<i64>>(connection, "SELECT max(number) FROM audit", [])?.flatten().unwrap_or(0);
    let below = page.cursor.as_ref().map_or(newest + 1, |cursor| cursor.after.min(newest + 1));
    let floor = below.saturating_sub(MOST_LOOKED_AT);
    let token = actor.as_ref().and_then(|actor| actor.parse::<TokenId>().ok());
    let mut found = rows::all(
        connection,
        "SELECT number, at, actor, token, action, target, target_name, before, after, request_id FROM audit
         WHERE number < ?1 AND number >= ?2 AND (?3 IS NULL OR at >= ?3) AND (?4 IS NULL OR at < ?4)
            AND (?5 IS NULL OR actor = ?5 OR token = ?6) AND (?7 IS NULL OR target = ?7 OR target_name = ?7)
         ORDER BY number DESC LIMIT ?8",
        params![below, floor, since, until, actor, token, target, page.limit.get() as i64 + 1],
        read,
    )?;
    let more = found.len() > page.limit.get();
    found.truncate(page.limit.get());
    let next = if more {
        found.last().map(|entry| i64::try_from(entry.number).unwrap_or(i64::MAX))
    } else {
        let older = "SELECT 1 FROM audit WHERE number < ?1 LIMIT 1";
        rows::value::<i64>(connection, older, [floor])?.map(|_| floor)
    };
    Ok(Page { data: found, next: next.map(Cursor::after) })
}
