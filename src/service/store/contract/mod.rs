//! What every store must do: one suite of tests, run on each of them.

use std::sync::Arc;

use async_trait::async_trait;

use super::{
    Store,
    sqlite::{Location, SqliteStore},
};
use crate::domain::random::SystemRandom;

mod deliveries;
mod world;

/// Where the stores of one test come from.
#[async_trait]
trait Source: Send + Sync {
    /// Opens the store: each time another handle on the same data, as another process has it.
    async fn open(&self) -> Arc<dyn Store>;

    /// Whether a second handle sees the data of the first, during its life and after it.
    fn is_shared(&self) -> bool;
}

struct SqliteFile(tempfile::TempDir);

#[async_trait]
impl Source for SqliteFile {
    async fn open(&self) -> Arc<dyn Store> {
        let location = Location::File(self.0.path().join("hooks.db"));
        Arc::new(SqliteStore::open(location, Arc::new(SystemRandom)).unwrap())
    }

    fn is_shared(&self) -> bool {
        true
    }
}

struct SqliteMemory;

#[async_trait]
impl Source for SqliteMemory {
    async fn open(&self) -> Arc<dyn Store> {
        Arc::new(SqliteStore::open(Location::Memory, Arc::new(SystemRandom)).unwrap())
    }

    fn is_shared(&self) -> bool {
        false
    }
}

/// Runs each test of the suite on each store.
macro_rules! contract {
    ($($room:ident: $($test:ident)+;)+) => {
        mod sqlite_file {
            $($(
                #[tokio::test]
                async fn $test() {
                    super::$room::$test(&super::SqliteFile(tempfile::tempdir().unwrap())).await;
                }
            )+)+
        }

        mod sqlite_memory {
            $($(
                #[tokio::test]
                async fn $test() {
                    super::$room::$test(&super::SqliteMemory).await;
                }
            )+)+
        }
    };
}

contract! {
    deliveries: an_event_is_delivered_and_its_history_seen;
}
