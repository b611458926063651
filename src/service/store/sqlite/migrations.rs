//! The schema, step by step; `user_version` of a database says how many steps it has taken.

use rusqlite::{Connection, TransactionBehavior};

use crate::service::store::{Result, StoreError};

/// Marks the file as ours: `TMHK` in ASCII.
const APPLICATION_ID: i64 = 0x544d_484b;

const STEPS: &[&str] = &[
    include_str!("migrations/0001_first.sql"),
    include_str!("migrations/0002_health.sql"),
    include_str!("migrations/0003_recoveries.sql"),
    include_str!("migrations/0004_totals.sql"),
    include_str!("migrations/0005_tokens.sql"),
    include_str!("migrations/0006_audit.sql"),
    include_str!("migrations/0007_vault.sql"),
];

/// Brings a database to this program's schema. Fails, and changes nothing, when it is a newer program's or not ours.
pub(super) fn migrate(connection: &mut Connection) -> Result<()> {
    if check(connection)? == STEPS.len() {
        return Ok(());
    }
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    // Another process may have been faster.
    for step in &STEPS[check(&transaction)?..] {
        transaction.execute_batch(step)?;
    }
    transaction.pragma_update(None, "application_id", APPLICATION_ID)?;
    transaction.pragma_update(None, "user_version", STEPS.len() as i64)?;
    Ok(transaction.commit()?)
}

/// How many steps the database has taken.
fn check(connection: &Connection) -> Result<usize> {
    let pragma = |name: &str| connection.pragma_query_value(None, name, |row| row.get::<_, i64>(0));
    let (application, version) = (pragma("application_id")?, pragma("user_version")?);
    let tables: i64 = connection.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))?;
    if application != APPLICATION_ID && (application != 0 || version != 0 || tables != 0) {
        return Err(StoreError::Internal("the file is a database of another program".to_owned()));
    }
    match usize::try_from(version) {
        Ok(version) if version <= STEPS.len() => Ok(version),
        _ => Err(StoreError::Internal(format!(
            "it was written by a newer tm-hooks (schema {version}, this one knows {}); update this program",
            STEPS.len()
        ))),
    }
}

#[cfg(test)]
mod tests;
