//! The engine as one of the processes that deliver from a store: it joins when it first claims, and again when somebody
//! took it for dead.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use tokio::sync::Mutex;

use crate::{
    domain::time::Clock,
    service::{
        delivery::flight::Flight,
        store::{InstanceId, Result, Store, Taker},
    },
};

/// What it is in the store.
pub(super) struct Membership {
    store: Arc<dyn Store>,
    clock: Arc<dyn Clock>,
    flight: Arc<Flight>,
    instance: Mutex<Option<InstanceId>>,
    /// Whether the store hands over what it makes.
    handed: AtomicBool,
    /// Whether the last look for work failed.
    failing: AtomicBool,
}

impl Membership {
    /// It has not joined yet.
    pub fn new(store: Arc<dyn Store>, clock: Arc<dyn Clock>, flight: Arc<Flight>) -> Self {
        let (handed, failing) = (AtomicBool::default(), AtomicBool::default());
        Membership { store, clock, flight, instance: Mutex::default(), handed, failing }
    }

    /// Whether it could not claim when it last looked for work.
    pub fn cannot_claim(&self) -> bool {
        self.failing.load(Ordering::SeqCst)
    }

    /// Notes how a look for work went.
    pub fn looked(&self, ended: &Result<impl Sized>) {
        self.failing.store(ended.is_err(), Ordering::SeqCst);
    }

    /// Who it is; it joins when it has not yet.
    async fn instance(&self) -> Result<InstanceId> {
        let mut instance = self.instance.lock().await;
        if let Some(instance) = *instance {
            return Ok(instance);
        }
        let joined = self.store.join(self.clock.now()).await?;
        Ok(*instance.insert(joined))
    }

    /// Who it is, if it has joined.
    pub async fn joined(&self) -> Option<InstanceId> {
        *self.instance.lock().await
    }

    /// Joins anew in place of `lost`, which is entered no more. What it is sending stays its own; whatever else it had
    /// claimed is lost, and claimed again by whoever comes first. `claiming` must be held.
    async fn rejoin(&self, lost: InstanceId) -> Result<InstanceId> {
        let mut instance = self.instance.lock().await;
        if let Some(other) = instance.filter(|instance| *instance != lost) {
            return Ok(other);
        }
        let joined = self.store.rejoin(lost, self.flight.lost(), self.clock.now()).await?;
        self.handed.store(false, Ordering::SeqCst);
        tracing::warn!("another process took this one for dead; it has joined anew and goes on");
        Ok(*instance.insert(joined))
    }

    /// Does what needs an instance; once more when it turns out that it was struck off.
    pub async fn as_instance<T, F: Future<Output = Result<T>>>(&self, work: impl Fn(InstanceId) -> F) -> Result<T> {
        let instance = self.instance().await?;
        match work(instance).await {
            Err(error) if error.is_struck_off() => work(self.rejoin(instance).await?).await,
            ended => ended,
        }
    }

    /// Has the store hand over what it makes, already claimed, to `taker`, if it does not yet. `claiming` must be held.
    pub async fn take_over(&self, taker: impl FnOnce() -> Arc<dyn Taker>) -> Result<()> {
        if self.handed.load(Ordering::SeqCst) {
            return Ok(());
        }
        self.store.hand_over(self.instance().await?, Some(taker())).await?;
        self.handed.store(true, Ordering::SeqCst);
        Ok(())
    }
}
