//! The engine as one of the processes that deliver from a store: it joins when it first claims, and again when somebody
//! took it for dead.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use tokio::{runtime::Handle, sync::Mutex};

use super::{Engine, Handed, log_claim_error};
use crate::service::store::{InstanceId, Result};

/// What it is in the store.
#[derive(Default)]
pub(super) struct Membership {
    instance: Mutex<Option<InstanceId>>,
    /// Whether the store hands over what it makes.
    handed: AtomicBool,
    /// Whether the last look for work failed.
    failing: AtomicBool,
}

impl Engine {
    /// Whether it could not claim when it last looked for work.
    pub fn cannot_claim(&self) -> bool {
        self.membership.failing.load(Ordering::SeqCst)
    }

    /// Notes how a look for work went.
    pub(super) fn looked(&self, ended: &Result<impl Sized>) {
        self.membership.failing.store(ended.is_err(), Ordering::SeqCst);
    }

    /// Who it is; it joins when it has not yet.
    pub(super) async fn instance(&self) -> Result<InstanceId> {
        let mut instance = self.membership.instance.lock().await;
        if let Some(instance) = *instance {
            return Ok(instance);
        }
        let joined = self.store.join(self.clock.now()).await?;
        Ok(*instance.insert(joined))
    }

    /// Who it is, if it has joined.
    pub(super) async fn joined(&self) -> Option<InstanceId> {
        *self.membership.instance.lock().await
    }

    /// Joins anew in place of `lost`, which is entered no more. What it is sending stays its own; whatever else it had
    /// claimed is lost, and claimed again by whoever comes first. `claiming` must be held.
    pub(super) async fn rejoin(&self, lost: InstanceId) -> Result<InstanceId> {
        let mut instance = self.membership.instance.lock().await;
        if let Some(other) = instance.filter(|instance| *instance != lost) {
            return Ok(other);
        }
        let joined = self.store.rejoin(lost, self.flight.lost(), self.clock.now()).await?;
        self.membership.handed.store(false, Ordering::SeqCst);
        tracing::warn!("another process took this one for dead; it has joined anew and goes on");
        Ok(*instance.insert(joined))
    }

    /// Does what needs an instance; once more when it turns out that it was struck off.
    pub(super) async fn as_instance<T, F: Future<Output = Result<T>>>(
        &self,
        work: impl Fn(InstanceId) -> F,
    ) -> Result<T> {
        let instance = self.instance().await?;
        match work(instance).await {
            Err(error) if error.is_struck_off() => work(self.rejoin(instance).await?).await,
            ended => ended,
        }
    }

    /// Has the store hand over what it makes, already claimed, if it does not yet.
    pub(super) async fn take_over(self: &Arc<Self>) {
        // Who stops waits for this, and then lets nobody hand over any more.
        let _claiming = self.claiming.lock().await;
        if self.membership.handed.load(Ordering::SeqCst) || self.is_stopping() {
            return;
        }
        let handing = async {
            let handed = Handed { engine: Arc::downgrade(self), runtime: Handle::current() };
            self.store.hand_over(self.instance().await?, Some(Arc::new(handed))).await
        };
        let handed = handing.await.inspect_err(log_claim_error).is_ok();
        self.membership.handed.store(handed, Ordering::SeqCst);
    }
}
