//! The schema. Until the first release it is edited in place and its number raised; nothing is migrated.

use rusqlite::{Connection, TransactionBehavior};

use crate::service::store::{Result, StoreError};

/// Marks the file as a database of this program: `TMHK` in ASCII.
const APPLICATION_ID: i64 = 0x544d_484b;

/// The schema's number, raised with each change; a database has it as its `user_version`.
const NUMBER: i64 = 19;

const TABLES: &str = include_str!("schema.sql");

/// Creates the tables of a new database. Fails without a change if the database has another schema or belongs to
/// another program.
pub fn prepare(connection: &mut Connection) -> Result<()> {
    if is_ready(connection)? {
        return Ok(());
    }
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    // Another process may have been faster.
    if is_ready(&transaction)? {
        return Ok(());
    }
    transaction.execute_batch(TABLES)?;
    transaction.pragma_update(None, "application_id", APPLICATION_ID)?;
    transaction.pragma_update(None, "user_version", NUMBER)?;
    Ok(transaction.commit()?)
}

/// Whether the database has its tables; a new one has none.
fn is_ready(connection: &Connection) -> Result<bool> {
    let pragma = |name: &str| connection.pragma_query_value(None, name, |row| row.get::<_, i64>(0));
    let (application, number) = (pragma("application_id")?, pragma("user_version")?);
    let tables: i64 = connection.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))?;
    match (application, number) {
        (APPLICATION_ID, NUMBER) => Ok(true),
        (APPLICATION_ID, newer) if newer > NUMBER => Err(StoreError::Internal(format!(
            "it was written by a newer tm-hooks (schema {newer}, this one has {NUMBER}); update this program"
        ))),
        (APPLICATION_ID, older) => Err(StoreError::Internal(format!(
            "it was written by a development version of tm-hooks (schema {older}, this one has {NUMBER}), which is not \
             read any more; move it away, and a new one is made"
        ))),
        (0, 0) if tables == 0 => Ok(false),
        _ => Err(StoreError::Internal("the file is a database of another program".to_owned())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_schema_and_a_foreign_database_are_refused_unchanged() {
        let mut ours = Connection::open_in_memory().unwrap();
        prepare(&mut ours).unwrap();
        prepare(&mut ours).unwrap();
        for (number, said) in [(NUMBER + 1, "newer tm-hooks"), (NUMBER - 1, "development version"), (0, "schema 0")] {
            ours.pragma_update(None, "user_version", number).unwrap();
            let refused = prepare(&mut ours).unwrap_err().to_string();
            assert!(refused.contains(said), "{refused}");
            let kept: i64 = ours.pragma_query_value(None, "user_version", |row| row.get(0)).unwrap();
            assert_eq!(kept, number);
        }

        let mut foreign = Connection::open_in_memory().unwrap();
        foreign.execute_batch("CREATE TABLE cats (name TEXT)").unwrap();
        assert!(prepare(&mut foreign).unwrap_err().to_string().contains("another program"));
        let tables: i64 = foreign.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0)).unwrap();
        assert_eq!(tables, 1);
    }
}
