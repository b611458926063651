//! The webhook service: stores webhooks, takes in events, delivers them signed, and keeps the history.
//!
//! [`Service`] puts the rooms together: `store` remembers, `delivery` sends, `http` answers; `upkeep` lets old history
//! go, and `metrics` counts what all of them do.

pub mod delivery;
pub mod http;
pub mod metrics;
pub mod store;
pub mod tls;
pub mod upkeep;

use std::{future::Future, io, sync::Arc, time::Duration};

use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use crate::{
    domain::{random::Random, time::Clock},
    net_guard::NetGuard,
};
use delivery::Engine;
use http::{App, Auth};
use metrics::Metrics;
use store::{
    Retention, Store,
    sqlite::{Location, SqliteStore},
    vault::Vault,
};
use tls::{Tls, TlsListener};
use upkeep::{Upkeep, disk_of};

/// How long attempts in flight may take to end before new requests are refused: longer than any attempt takes.
const LONGEST_DRAIN: Duration = Duration::from_secs(25);

/// What a service is started with.
pub struct Options {
    /// Where it keeps its data.
    pub location: Location,
    /// Where it may deliver to.
    pub guard: NetGuard,
    /// Who may use its API.
    pub auth: Auth,
    /// What secrets are sealed with at rest; without it they lie there in the clear.
    pub vault: Option<Arc<Vault>>,
    /// How long history is kept.
    pub keep: Retention,
    /// What time it is.
    pub clock: Arc<dyn Clock>,
    /// Where ids, secrets and jitter come from.
    pub random: Arc<dyn Random>,
}

/// A service in this process.
pub struct Service {
    engine: Arc<Engine>,
    upkeep: Arc<Upkeep>,
    router: axum::Router,
}

impl Service {
    /// Opens the database, making it when it is absent. Nothing is delivered yet.
    pub fn open(options: Options) -> store::Result<Service> {
        let Options { location, guard, auth, vault, keep, clock, random } = options;
        let metrics: Arc<Metrics> = Arc::default();
        let disk = disk_of(match &location {
            Location::File(path) => Some(path.clone()),
            Location::Memory => None,
        });
        let store: Arc<dyn Store> =
            Arc::new(SqliteStore::open_sealed(location, random.clone(), metrics.clone(), vault)?);
        let upkeep = Arc::new(Upkeep::new(store.clone(), clock.clone(), metrics.clone(), keep, disk));
        let engine = Engine::measured(store.clone(), clock.clone(), random.clone(), guard.clone(), metrics.clone());
        let state = Arc::new(App { store, clock, random, guard, engine: engine.clone(), auth, metrics });
        Ok(Service { engine, upkeep, router: http::router(state) })
    }

    /// The API, to be asked without a network.
    pub fn router(&self) -> axum::Router {
        self.router.clone()
    }

    /// Frees what processes that are gone had claimed. That it could not be done is logged: the next to deliver does.
    pub async fn free_abandoned(&self) {
        if let Err(error) = self.engine.free_abandoned().await {
            tracing::warn!(%error, "cannot free what a process that is gone had claimed");
        }
    }

    /// Who delivers.
    pub fn engine(&self) -> &Arc<Engine> {
        &self.engine
    }

    /// Lets a little of what is too old go: for a process that soon ends.
    pub async fn tidy_briefly(&self) {
        self.upkeep.tidy_briefly().await;
    }

    /// Answers on `listener`, over TLS if there is a certificate, delivers, and looks after the database, until `stop` is done; then finishes what is under
    /// way: attempts in flight (at most 20 s; requests are answered meanwhile, `/readyz` with 503), and requests that
    /// are being answered.
    pub async fn serve(
        &self,
        listener: TcpListener,
        tls: Option<Arc<Tls>>,
        stop: impl Future<Output = ()> + Send + 'static,
    ) -> io::Result<()> {
        let delivering = self.engine.start();
        let stop_upkeep = CancellationToken::new();
        let looked_after = self.upkeep.start(stop_upkeep.clone());
        let engine = self.engine.clone();
        let drained = async move {
            stop.await;
            // What could not be done is told when the engine is shut down.
            let _ = tokio::time::timeout(LONGEST_DRAIN, engine.drain()).await;
        };
        let router = self.router();
        let answered = match tls {
            None => axum::serve(listener, router).with_graceful_shutdown(drained).await,
            Some(tls) => axum::serve(TlsListener::new(listener, tls), router).with_graceful_shutdown(drained).await,
        };
        stop_upkeep.cancel();
        let _ = looked_after.await;
        let left = self.engine.shutdown().await;
        let _ = delivering.await;
        answered.and(left.map_err(io::Error::other))
    }
}
