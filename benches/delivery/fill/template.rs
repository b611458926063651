//! A row to copy: all columns keep their values unless they are set.

use anyhow::{Context, Result, bail};
use rusqlite::{Connection, params_from_iter, types::Value};

/// A row of a table.
pub struct Template {
    table: &'static str,
    columns: Vec<String>,
    values: Vec<Value>,
    insert: String,
}

impl Template {
    /// Reads the first row that passes a filter.
    pub fn read(connection: &Connection, table: &'static str, filter: &str) -> Result<Self> {
        let mut statement = connection.prepare(&format!("SELECT * FROM {table} WHERE {filter} LIMIT 1"))?;
        let columns: Vec<_> = statement.column_names().map(str::to_owned).collect();
        let values = statement
            .query_row([], |row| (0..columns.len()).map(|index| row.get(index)).collect())
            .with_context(|| format!("no row of {table} where {filter}"))?;
        let places: Vec<_> = (1..=columns.len()).map(|place| format!("?{place}")).collect();
        let insert = format!("INSERT INTO {table} ({}) VALUES ({})", columns.join(", "), places.join(", "));
        Ok(Template { table, columns, values, insert })
    }

    /// Returns the number in a column.
    pub fn integer(&self, column: &str) -> Result<i64> {
        match self.values[self.place(column)?] {
            Value::Integer(number) => Ok(number),
            _ => bail!("{}.{column} is no number", self.table),
        }
    }

    /// Returns the value of a column.
    pub fn value(&self, column: &str) -> Result<Value> {
        Ok(self.values[self.place(column)?].clone())
    }

    /// Sets the value of a column for further copies.
    pub fn set(&mut self, column: &str, value: impl Into<Value>) -> Result<()> {
        let place = self.place(column)?;
        self.values[place] = value.into();
        Ok(())
    }

    /// Inserts a copy.
    pub fn insert(&self, connection: &Connection) -> Result<()> {
        connection.prepare_cached(&self.insert)?.execute(params_from_iter(&self.values))?;
        Ok(())
    }

    fn place(&self, column: &str) -> Result<usize> {
        let place = self.columns.iter().position(|name| name == column);
        place.with_context(|| format!("{} has no column {column}", self.table))
    }
}
