//! Maps the names of event types to the small numbers that rows use. A name gets the next number when it is first used.

use std::{cell::RefCell, collections::HashMap};

use rusqlite::{
    Connection, params,
    types::{FromSql, FromSqlError, FromSqlResult, ValueRef},
};

use crate::{
    domain::event::EventType,
    service::store::{Result, sqlite::connection::rows},
};

/// The writer's cache of numbers. A rollback clears it, because it may have undone a new name.
#[derive(Default)]
pub struct TypeNumbers(RefCell<HashMap<EventType, i64>>);

impl TypeNumbers {
    /// The number of a type; a new type gets one.
    pub fn number(&self, connection: &Connection, event_type: EventType) -> Result<i64> {
        if let Some(known) = self.0.borrow().get(&event_type) {
            return Ok(*known);
        }
        let number = match find(connection, event_type)? {
            Some(number) => number,
            None => rows::insert(connection, "INSERT INTO event_types (name) VALUES (?1)", [event_type.as_str()])?,
        };
        self.0.borrow_mut().insert(event_type, number);
        Ok(number)
    }
}

/// The number of a type; none if no event of it was ever accepted.
pub fn find(connection: &Connection, event_type: EventType) -> Result<Option<i64>> {
    rows::value(connection, "SELECT number FROM event_types WHERE name = ?1", params![event_type.as_str()])
}

/// Reads all types of accepted events, in the order of their first event.
pub fn seen(connection: &Connection) -> Result<Vec<EventType>> {
    rows::all(connection, "SELECT name FROM event_types ORDER BY number", [], |row| row.get(0))
}

/// Reads all types by their numbers.
pub fn names(connection: &Connection) -> Result<HashMap<i64, EventType>> {
    let all = rows::all(connection, "SELECT number, name FROM event_types", [], |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(all.into_iter().collect())
}

impl FromSql for EventType {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        value.as_str()?.parse().map_err(|_| FromSqlError::InvalidType)
    }
}
