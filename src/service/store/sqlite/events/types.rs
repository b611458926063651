//! The names of event types, and the small numbers that rows have in their place: each name gets the next number when it
//! is first met.

use std::{cell::RefCell, collections::HashMap};

use rusqlite::{
    Connection, params,
    types::{FromSql, FromSqlError, FromSqlResult, ValueRef},
};

use crate::{
    domain::event::EventType,
    service::store::{Result, sqlite::connection::rows},
};

/// The numbers that the writer knows. Forgotten when anything is rolled back: a name may have been written with it.
#[derive(Default)]
pub struct Known(RefCell<HashMap<EventType, i64>>);

impl Known {
    /// The number of a type, which it has from now on.
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

/// The number of a type; none when no event of it was ever taken in.
pub fn find(connection: &Connection, event_type: EventType) -> Result<Option<i64>> {
    rows::value(connection, "SELECT number FROM event_types WHERE name = ?1", params![event_type.as_str()])
}

/// Every type of which an event was taken in, the first before the others.
pub fn seen(connection: &Connection) -> Result<Vec<EventType>> {
    rows::all(connection, "SELECT name FROM event_types ORDER BY number", [], |row| row.get(0))
}

/// Every type by its number.
pub fn names(connection: &Connection) -> Result<HashMap<i64, EventType>> {
    let all = rows::all(connection, "SELECT number, name FROM event_types", [], |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(all.into_iter().collect())
}

impl FromSql for EventType {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        value.as_str()?.parse().map_err(|_| FromSqlError::InvalidType)
    }
}
