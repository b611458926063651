//! Checks which registered processes live, and registers this one.

use std::sync::{Arc, PoisonError};

use super::{
    Lives, Locks,
    abandoned::{self, Abandoned},
    entered,
};
use crate::{
    domain::{ids::AttemptId, time::Timestamp},
    service::store::{
        ClaimId, InstanceId, Result, StoreError,
        sqlite::{deliveries::overdue, handle::SqliteStore, instances, writer::steps::Step},
    },
};

impl SqliteStore {
    /// Looks for abandoned claims without writing. An instance whose lock file is missing is left time to restore it.
    pub async fn look_for_abandoned(&self) -> Result<()> {
        let probed = self.probed_instances().await?;
        let gone: Vec<_> = probed.into_iter().filter(|(_, lives)| *lives == Lives::No).map(|(id, _)| id).collect();
        if gone.is_empty() {
            return Ok(());
        }
        let found = self.read(move |connection| abandoned::claimed_by(connection, &gone)).await?;
        *self.abandoned.write().unwrap_or_else(PoisonError::into_inner) = found;
        Ok(())
    }

    /// Clears the abandoned claims, because they have been freed.
    pub fn forget_abandoned(&self) {
        *self.abandoned.write().unwrap_or_else(PoisonError::into_inner) = Abandoned::default();
    }

    /// Runs file operations on the locks on a thread that may block.
    pub async fn with_locks<T: Send + 'static>(
        &self,
        function: impl FnOnce(&Locks) -> T + Send + 'static,
    ) -> Result<T> {
        let locks = Arc::clone(&self.locks);
        let done = tokio::task::spawn_blocking(move || function(&locks)).await;
        done.map_err(|_| StoreError::Internal("a file operation has stopped".to_owned()))
    }

    /// Spreads the retries that became overdue while no process delivered. Each step is a commit of its own.
    pub async fn spread_overdue_if_first(&self, now: Timestamp) -> Result<()> {
        let somebody_lives = self.probed_instances().await?.iter().any(|(_, lives)| *lives == Lives::Yes);
        if somebody_lives || !self.read(move |connection| overdue::is_much(connection, now)).await? {
            return Ok(());
        }
        let mut step = Some(Step::FIRST);
        while let Some(next) = step {
            step = self.write(move |session| overdue::spread_some(&session.connection, next, now)).await?;
        }
        Ok(())
    }

    /// The registered instances, and whether each of them lives.
    pub async fn probed_instances(&self) -> Result<Vec<(InstanceId, Lives)>> {
        let entered = self.read(entered::entered).await?;
        let probe = |locks: &Locks| entered.into_iter().map(|id| (id, locks.state(id))).collect();
        self.with_locks(probe).await
    }

    /// The instances that have certainly ended. One whose lock file is missing gets time to restore it.
    pub async fn gone_instances(&self) -> Result<Vec<InstanceId>> {
        self.with_locks(Locks::restore).await?;
        let mut probed = self.probed_instances().await?;
        if probed.iter().any(|(_, lives)| *lives == Lives::Missing) {
            tokio::time::sleep(instances::RESTORED_WITHIN).await;
            probed = self.probed_instances().await?;
        }
        Ok(probed.into_iter().filter(|(_, lives)| *lives != Lives::Yes).map(|(id, _)| id).collect())
    }

    /// Takes the lock of a new instance and registers it.
    pub async fn enter(&self, sending: Vec<(ClaimId, AttemptId)>, now: Timestamp) -> Result<InstanceId> {
        let random = Arc::clone(&self.random);
        let instance = self.with_locks(move |locks| locks.take(&*random)).await??;
        let entered = self.write(move |session| instances::enter(session, instance, &sending, now)).await;
        if entered.is_err() {
            self.with_locks(move |locks| locks.give_up(instance)).await?;
        }
        entered.map(|()| instance)
    }
}
