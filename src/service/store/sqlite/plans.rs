//! Checks the query plans of all statements that the contract suite runs: none may read a whole growing table.

use std::{
    collections::BTreeMap,
    sync::{LazyLock, Mutex, PoisonError},
};

use rusqlite::{
    Connection,
    trace::{TraceEvent, TraceEventCodes},
};

/// The statements so far, and whether their plans were checked.
static STATEMENTS: LazyLock<Mutex<BTreeMap<String, bool>>> = LazyLock::new(Mutex::default);

/// The start of the folder names whose databases are recorded: those of the contract suite. Other tests run in the same
/// process, and their statements would differ from run to run.
pub(in crate::service::store) const WATCHED: &str = "tm-hooks-contract-";

/// Records all statements of this connection, if its database is in such a folder.
pub(super) fn record(connection: &mut Connection) {
    if !connection.path().is_some_and(|path| path.contains(WATCHED)) {
        return;
    }
    let note = |event: TraceEvent<'_>| {
        if let TraceEvent::Stmt(statement, _) = event {
            let mut statements = STATEMENTS.lock().unwrap_or_else(PoisonError::into_inner);
            let sql = statement.sql();
            if !statements.contains_key(sql.as_ref()) {
                statements.insert(sql.into_owned(), false);
            }
        }
    };
    connection.trace_v2(TraceEventCodes::SQLITE_TRACE_STMT, Some(note)).unwrap();
}
/// Tables that stay small, so that they may be read whole: they contain what people created, or a row for each process
/// or event type.
const SMALL: &[&str] = &[
    "settings",
    "sequences",
    "sqlite_sequence",
    "instances",
    "webhooks",
    "webhook_queues",
    "recoveries",
    "tokens",
    "secret_key",
    "event_types",
    "sources",
    "refusals",
    "departures",
    "kept_requests",
    "sweeps",
];

/// The beginnings of statements that may read a growing table without an index, walk through a range of it or sort,
/// with the reason.
const MAY: &[(&str, &str)] = &[
    ("DELETE FROM audit WHERE number IN", "walks from the oldest row to the limit"),
    ("DELETE FROM idempotency_keys WHERE number IN", "walks from the oldest row to the limit"),
    ("SELECT count(*) FROM (SELECT 1 FROM work WHERE claim IS NULL AND try > 1", "once, when a service starts"),
    ("SELECT DISTINCT instance FROM work WHERE claim IS NOT NULL", "what is claimed just now, when a process joins"),
    ("SELECT max(delivery) FROM (SELECT delivery FROM work WHERE delivery > ?1", "likewise, step by step"),
    ("UPDATE work SET due_at = ?2 + place", "numbers at most 5,001 rows of one webhook, when it is enabled"),
    ("UPDATE work SET due_at = ?3 + (delivery", "likewise, the rows of one step"),
    ("SELECT k.delivery, k.webhook, k.due_at,", "the rows of one step, when a clock was set back"),
    ("SELECT a.number FROM deliveries d CROSS JOIN attempts a", "sorts the few attempts of one event"),
    (
        "SELECT e.number, e.id, t.name, coalesce(e.occurred_at, e.accepted_at), e.accepted_at, e.source, e.sequence,\n        (SELECT s.name FROM sources s WHERE s.number = e.source) FROM events e CROSS JOIN event_types t ON t.number = e.type\n     WHERE ?1 IS NULL",
        "a page without a filter",
    ),
    (
        "SELECT e.number, e.id, t.name, coalesce(e.occurred_at, e.accepted_at), e.accepted_at, e.source, e.sequence,\n        (SELECT s.name FROM sources s WHERE s.number = e.source), e.body, e.given FROM events e",
        "a search, a bounded number of rows for a page",
    ),
    ("SELECT number, at, actor, token, action,", "a page of a bounded number of rows"),
    ("SELECT 1 FROM audit WHERE number < ?1", "whether there is an older row"),
    ("SELECT digest, schemes, body FROM kept_requests", "at most 100 rows of a source"),
    ("SELECT digest, body FROM kept_requests", "likewise"),
    ("SELECT digest FROM kept_requests", "likewise"),
    ("SELECT number, at, outcome, status,", "at most about 1,200 rows of a source"),
    ("SELECT type, field, what, events, last_at FROM departures", "at most 200 rows of a source"),
    ("SELECT number FROM attempts\n    WHERE ?1 IS NULL AND ?2 IS NULL", "a page without a filter"),
    ("SELECT a.number, a.claim, a.id, d.id", "the rows of one page"),
    ("SELECT number, accepted_at, 1 FROM events WHERE number >=", "tidying, from the oldest row to the limit"),
    ("SELECT number, finished_at, 1 FROM attempts WHERE number >=", "likewise"),
    ("SELECT number, accepted_at, body IS NOT NULL FROM events\n    WHERE number >=", "likewise"),
    ("SELECT number, finished_at, exchange IS NOT NULL FROM attempts\n    WHERE number >=", "likewise"),
    (
        "SELECT e.number, e.id, t.name, coalesce(e.occurred_at, e.accepted_at), e.accepted_at,\n        e.body IS NOT NULL",
        "a recovery, step by step",
    ),
];

/// Checks the plans of statements that were not checked yet.
///
/// # Panics
/// When a statement without an exception reads a whole growing table, walks through a range of it, sorts, or makes an
/// index.
pub(in crate::service::store) fn look() {
    let fresh: Vec<String> = {
        let mut statements = STATEMENTS.lock().unwrap_or_else(PoisonError::into_inner);
        let fresh = statements.iter_mut().filter(|(_, seen)| !**seen);
        fresh.map(|(sql, seen)| (*seen = true, sql.clone()).1).collect()
    };
    let connection = super::connection::open_writer(&crate::service::store::Location::Memory, None).unwrap();
    let growing = growing(&connection);
    let slow: Vec<String> = fresh.iter().filter_map(|sql| objection(&connection, sql, &growing)).collect();
    assert!(slow.is_empty(), "these statements slow down as tables grow:\n{}", slow.join("\n"));
}

/// The tables that grow with events and requests.
fn growing(connection: &Connection) -> Vec<String> {
    let mut tables = connection.prepare("SELECT name FROM sqlite_schema WHERE type = 'table'").unwrap();
    let names = tables.query_map([], |row| row.get::<_, String>(0)).unwrap().map(Result::unwrap);
    names.filter(|name| !SMALL.contains(&name.as_str())).collect()
}

/// The objection to a statement, if there is one.
fn objection(connection: &Connection, sql: &str, growing: &[String]) -> Option<String> {
    let mut explain = connection.prepare(&format!("EXPLAIN QUERY PLAN {sql}")).unwrap();
    let unbound = vec![rusqlite::types::Null; explain.parameter_count()];
    let steps = explain.query_map(rusqlite::params_from_iter(unbound), |row| row.get::<_, String>(3)).unwrap();
    let steps: Vec<String> = steps.collect::<rusqlite::Result<_>>().unwrap();
    let sorts = |step: &String| step.contains("TEMP B-TREE") || step.contains("AUTOMATIC");
    let slow = |step: &String| sorts(step) || reads_on(step, sql, growing);
    let may = MAY.iter().any(|(beginning, _)| sql.trim_start().starts_with(beginning));
    (steps.iter().any(slow) && !may).then(|| format!("{sql}\n{steps:#?}"))
}

/// Whether a step of a plan reads all of a growing table, or walks through a range of it by row id alone; the step
/// names the table as the statement does.
fn reads_on(step: &str, sql: &str, growing: &[String]) -> bool {
    let walks = |rest: &&str| ["(rowid<?", "(rowid>?"].iter().any(|range| rest.contains(range));
    let read = step.strip_prefix("SCAN ").or_else(|| step.strip_prefix("SEARCH ").filter(walks));
    let Some(name) = read.and_then(|rest| rest.split(' ').next()) else { return false };
    let is =
        |table: &String| name == table || [" ", " AS "].iter().any(|by| sql.contains(&format!("{table}{by}{name}")));
    growing.iter().any(is)
}

#[test]
fn a_scan_is_seen_under_any_name() {
    let connection = super::connection::open_writer(&crate::service::store::Location::Memory, None).unwrap();
    let objects = |sql: &str| objection(&connection, sql, &growing(&connection)).is_some();
    assert!(objects("SELECT * FROM attempts WHERE error = ?1"));
    assert!(objects("SELECT * FROM webhooks w JOIN attempts AS a ON a.error = w.name"));
    assert!(objects("SELECT * FROM attempts a WHERE a.webhook = ?1 ORDER BY a.started_at"));
    assert!(objects("SELECT * FROM events WHERE number < ?1 AND occurred_at = ?2"));
    assert!(!objects("SELECT * FROM attempts a WHERE a.webhook = ?1 ORDER BY a.facet"));
    assert!(!objects("SELECT * FROM webhooks"));
}
