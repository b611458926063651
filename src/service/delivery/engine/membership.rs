//! The engine's registration in the store: it joins when it first claims, and again after another process took it for
//! dead.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use tokio::sync::Mutex;

use crate::{
    domain::time::Clock,
    service::{
        delivery::in_flight::InFlight,
        store::{ClaimSink, InstanceId, Result, Store},
    },
};

/// The engine's instance in the store.
pub(super) struct Membership {
    store: Arc<dyn Store>,
    clock: Arc<dyn Clock>,
    in_flight: Arc<InFlight>,
    instance: Mutex<Option<InstanceId>>,
    /// Whether the store hands over new claims.
    handed: AtomicBool,
    /// Whether the last look for work failed.
    failing: AtomicBool,
}

impl Membership {
    /// Makes a membership that has not joined yet.
    pub fn new(store: Arc<dyn Store>, clock: Arc<dyn Clock>, in_flight: Arc<InFlight>) -> Self {
        let (handed, failing) = (AtomicBool::default(), AtomicBool::default());
        Membership { store, clock, in_flight, instance: Mutex::default(), handed, failing }
    }

    /// Whether the last look for work failed.
    pub fn cannot_claim(&self) -> bool {
        self.failing.load(Ordering::SeqCst)
    }

    /// Records the result of a look for work.
    pub fn looked(&self, ended: &Result<impl Sized>) {
        self.failing.store(ended.is_err(), Ordering::SeqCst);
    }

    /// The engine's instance; joins if it has not joined yet.
    async fn instance(&self) -> Result<InstanceId> {
        let mut instance = self.instance.lock().await;
        if let Some(instance) = *instance {
            return Ok(instance);
        }
        let joined = self.store.join(self.clock.now()).await?;
        Ok(*instance.insert(joined))
    }

    /// The engine's instance, if it has joined.
    pub async fn joined(&self) -> Option<InstanceId> {
        *self.instance.lock().await
    }

    /// Joins again in place of `lost`, which is no longer registered. The engine keeps the attempts that it is sending;
    /// its other claims are lost, and any process may claim them. `claiming` must be held.
    async fn rejoin(&self, lost: InstanceId) -> Result<InstanceId> {
        let mut instance = self.instance.lock().await;
        if let Some(other) = instance.filter(|instance| *instance != lost) {
            return Ok(other);
        }
        let joined = self.store.rejoin(lost, self.in_flight.lost(), self.clock.now()).await?;
        self.handed.store(false, Ordering::SeqCst);
        tracing::warn!("another process took this one for dead; this process has joined again and goes on");
        Ok(*instance.insert(joined))
    }

    /// Runs `work` as an instance, and again as a new one if this one was struck off.
    pub async fn as_instance<T, F: Future<Output = Result<T>>>(&self, work: impl Fn(InstanceId) -> F) -> Result<T> {
        let instance = self.instance().await?;
        match work(instance).await {
            Err(error) if error.is_struck_off() => work(self.rejoin(instance).await?).await,
            ended => ended,
        }
    }

    /// Makes the store hand over new claims to `sink`, if it does not yet. `claiming` must be held.
    pub async fn take_over(&self, sink: impl FnOnce() -> Arc<dyn ClaimSink>) -> Result<()> {
        if self.handed.load(Ordering::SeqCst) {
            return Ok(());
        }
        self.store.hand_over(self.instance().await?, Some(sink())).await?;
        self.handed.store(true, Ordering::SeqCst);
        Ok(())
    }
}
