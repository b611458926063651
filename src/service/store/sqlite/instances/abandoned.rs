//! Claims left by processes that have ended, for connections that only read: these deliveries wait, although no process
//! has freed them yet. Two SQL functions on the reading connections tell which they are.

use std::{
    collections::{HashMap, HashSet},
    sync::{Arc, PoisonError, RwLock},
};

use rusqlite::{Connection, functions::FunctionFlags, params};

use crate::service::store::{InstanceId, Result, sqlite::connection::rows};

/// The abandoned claims found by the last look.
#[derive(Debug, Default)]
pub struct Abandoned {
    /// The numbers of ended instances.
    instances: HashSet<i64>,
    /// How many deliveries they have claimed, by the webhook's number.
    webhooks: HashMap<i64, i64>,
}

/// [`Abandoned`], shared with connections.
pub type Shared = Arc<RwLock<Abandoned>>;

/// Gives a connection the functions `is_abandoned(instance)` and `abandoned(webhook)`.
pub fn register(connection: &Connection, shared: &Shared) -> Result<()> {
    let (flags, of_instances, of_webhooks) = (FunctionFlags::SQLITE_UTF8, Arc::clone(shared), Arc::clone(shared));
    connection.create_scalar_function("is_abandoned", 1, flags, move |context| {
        let instance = context.get::<Option<i64>>(0)?;
        let abandoned = of_instances.read().unwrap_or_else(PoisonError::into_inner);
        Ok(instance.is_some_and(|instance| abandoned.instances.contains(&instance)))
    })?;
    connection.create_scalar_function("abandoned", 1, flags, move |context| {
        let webhook = context.get::<i64>(0)?;
        let abandoned = of_webhooks.read().unwrap_or_else(PoisonError::into_inner);
        Ok(abandoned.webhooks.get(&webhook).copied().unwrap_or(0))
    })?;
    Ok(())
}

/// Reads the claims of these ended instances.
pub fn claimed_by(connection: &Connection, gone: &[InstanceId]) -> Result<Abandoned> {
    let mut found = Abandoned::default();
    for instance in gone {
        let number = "SELECT number FROM instances WHERE id = ?1";
        found.instances.extend(rows::value::<i64>(connection, number, [instance.0.as_bytes()])?);
    }
    let claimed = "SELECT instance, webhook FROM work WHERE claim IS NOT NULL";
    for (instance, webhook) in rows::all(connection, claimed, params![], |row| Ok((row.get(0)?, row.get(1)?)))? {
        let instance: Option<i64> = instance;
        if instance.is_some_and(|instance| found.instances.contains(&instance)) {
            *found.webhooks.entry(webhook).or_default() += 1;
        }
    }
    Ok(found)
}
