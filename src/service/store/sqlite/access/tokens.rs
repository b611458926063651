//! Creates, lists, finds and revokes tokens.

use rusqlite::{Connection, Row, params};
use serde_json::json;

use super::audit::{self, Target};
use crate::{
    domain::{
        audit::AuditAction,
        ids::TokenId,
        page::{Page, PageRequest},
        time::Timestamp,
        token::{NewToken, Token},
    },
    service::store::{
        AddToken, Change, Result, StoreError,
        rules::page::cut,
        sqlite::{
            connection::rows,
            writer::{idempotency, session::Session},
        },
    },
};

/// The query that [`read`] reads; conditions follow.
macro_rules! select_tokens {
    ($conditions:literal) => {
        concat!("SELECT number, id, name, scopes, created_at, expires_at, last_used_at FROM tokens ", $conditions)
    };
}

fn read(row: &Row<'_>) -> rusqlite::Result<(i64, String, Token)> {
    let token = Token {
        id: row.get(1)?,
        name: row.get(2)?,
        scopes: Vec::new(),
        created_at: row.get(4)?,
        expires_at: row.get(5)?,
        last_used_at: row.get(6)?,
    };
    Ok((row.get(0)?, row.get(3)?, token))
}

fn with_scopes((number, scopes, token): (i64, String, Token)) -> Result<(i64, Token)> {
    Ok((number, Token { scopes: rows::from_json(&scopes)?, ..token }))
}

fn all(connection: &Connection, sql: &str, params: impl rusqlite::Params) -> Result<Vec<(i64, Token)>> {
    rows::all(connection, sql, params, read)?.into_iter().map(with_scopes).collect()
}

/// Creates a token. If the same request is repeated, the token gets a new text's digest, because nobody received the
/// first text.
pub fn add(session: &mut Session, add: &AddToken, change: &Change) -> Result<Token> {
    let before = idempotency::answer_before::<TokenId>(session, change)?;
    let connection = &session.connection;
    let id = match before {
        Some(id) => {
            rows::execute(connection, "UPDATE tokens SET digest = ?2 WHERE id = ?1", params![id, add.digest])?;
            id
        }
        None => {
            insert(connection, add, change.now)?;
            let NewToken { name, scopes, expires_at } = &add.new;
            let after = json!({ "name": name, "scopes": scopes, "expiresAt": expires_at });
            let target = Target::named(add.id, name);
            audit::note(connection, change, AuditAction::TokenCreate, target, (None, Some(after)))?;
            idempotency::record(session, change, &add.id)?;
            add.id
        }
    };
    existing(connection, id)
}

fn insert(connection: &Connection, AddToken { id, new, digest }: &AddToken, now: Timestamp) -> Result<()> {
    let NewToken { name, scopes, expires_at } = new;
    if let Some(other) = rows::value(connection, "SELECT id FROM tokens WHERE name = ?1", [name])? {
        return Err(StoreError::TokenNameTaken(other));
    }
    rows::execute(
        connection,
        "INSERT INTO tokens (id, name, scopes, digest, created_at, expires_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        params![id, name, rows::to_json(scopes)?, digest, now, expires_at],
    )
    .map(drop)
}

fn existing(connection: &Connection, id: TokenId) -> Result<Token> {
    let found = all(connection, select_tokens!("WHERE id = ?1"), params![id])?.pop();
    found.map(|(_, token)| token).ok_or_else(|| StoreError::NotFound { what: "token", id: id.to_string() })
}

/// Reads a page of tokens, newest first.
pub fn page(connection: &Connection, name: Option<&str>, page: &PageRequest) -> Result<Page<Token>> {
    let below = page.cursor.as_ref().map_or(i64::MAX, |cursor| cursor.after);
    let sql = select_tokens!("WHERE number < ?1 AND (?2 IS NULL OR name = ?2) ORDER BY number DESC LIMIT ?3");
    let found = all(connection, sql, params![below, name, page.limit.get() as i64 + 1])?;
    Ok(cut(found, page.limit.get(), |(number, _)| *number).map(|(_, token)| token))
}

/// Revokes a token.
pub fn revoke(session: &mut Session, id: TokenId, change: &Change) -> Result<()> {
    let connection = &session.connection;
    let Token { name, scopes, expires_at, .. } = existing(connection, id)?;
    let before = json!({ "name": name, "scopes": scopes, "expiresAt": expires_at });
    let target = Target::named(id, &name);
    audit::note(connection, change, AuditAction::TokenRevoke, target, (Some(before), None))?;
    rows::execute(connection, "DELETE FROM tokens WHERE id = ?1", params![id]).map(drop)
}

/// Reads the token whose text has this digest.
pub fn with_digest(connection: &Connection, digest: [u8; 32]) -> Result<Option<Token>> {
    Ok(all(connection, select_tokens!("WHERE digest = ?1"), params![digest])?.pop().map(|(_, token)| token))
}

/// Records that a token was used at `at`.
pub fn note_use(connection: &Connection, id: TokenId, at: Timestamp) -> Result<()> {
    let sql = "UPDATE tokens SET last_used_at = max(coalesce(last_used_at, ?2), ?2) WHERE id = ?1";
    rows::execute(connection, sql, params![id, at]).map(drop)
}
