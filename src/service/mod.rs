//! The webhook service: stores webhooks, takes in events, delivers them signed, and keeps the history.
//!
//! [`Service`] puts the rooms together: `store` remembers, `delivery` sends, `http` answers those whom `server` lets in,
//! over `tls` if need be; `upkeep` lets old history go, and `metrics` counts what all of them do. `descriptors` says how
//! many connections each may have.

pub mod delivery;
pub mod descriptors;
pub mod http;
pub mod metrics;
mod server;
pub mod store;
pub mod tls;
pub mod upkeep;

use std::{future::Future, io, path::Path, sync::Arc, time::Duration};

use axum::Extension;
use tokio::{
    net::TcpListener,
    time::{sleep, timeout},
};
use tokio_util::sync::CancellationToken;

use crate::{
    domain::{random::Random, time::Clock},
    net_guard::NetGuard,
};
use delivery::Engine;
use descriptors::Shares;
use http::{App, Auth, OverNetwork};
use metrics::Metrics;
use server::{Limits, Server};
use store::{Location, Retention, Store, vault::Vault};
use tls::Tls;
use upkeep::{Upkeep, disk_of};

/// How long attempts in flight may take to end when the service stops; then they are cut short, to be made again.
const LONGEST_DRAIN: Duration = Duration::from_secs(15);
/// How long it may take to record that they were.
const LONGEST_CUT: Duration = Duration::from_secs(1);
/// How long callers may take for the answers that are under way, from when it was asked to stop.
const LONGEST_ANSWERING: Duration = Duration::from_secs(18);
/// How long stopping may take in all. Whoever supervises processes kills them later than that.
const LONGEST_STOP: Duration = Duration::from_secs(19);

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
    store: Arc<dyn Store>,
    engine: Arc<Engine>,
    upkeep: Arc<Upkeep>,
    metrics: Arc<Metrics>,
    router: axum::Router,
}

impl Service {
    /// Opens the database, making it when it is absent. Nothing is delivered yet.
    pub fn open(options: Options) -> store::Result<Service> {
        let Options { location, guard, auth, vault, keep, clock, random } = options;
        let metrics: Arc<Metrics> = Arc::default();
        let disk = disk_of(location.file().map(Path::to_owned));
        let store = store::open(location, vault, random.clone(), metrics.clone())?;
        let upkeep = Arc::new(Upkeep::new(store.clone(), clock.clone(), metrics.clone(), keep, disk));
        let most = Shares::now().in_flight;
        let engine =
            Engine::measured(store.clone(), clock.clone(), random.clone(), guard.clone(), metrics.clone(), most);
        let state = Arc::new(App {
            store: store.clone(),
            clock,
            random,
            guard,
            engine: engine.clone(),
            auth,
            metrics: metrics.clone(),
        });
        Ok(Service { store, engine, upkeep, metrics, router: http::router(state) })
    }

    /// The API, to be asked without a network.
    pub fn router(&self) -> axum::Router {
        self.router.clone()
    }

    /// Looks for what processes that are gone had claimed, so that it is not shown as in flight; writes nothing.
    pub async fn see_abandoned(&self) {
        if let Err(error) = self.store.see_abandoned().await {
            tracing::warn!(%error, "cannot look for what a process that is gone had claimed");
        }
    }

    /// For how long a write has been waiting for another process that writes, if one is.
    pub fn waits(&self) -> Option<Duration> {
        self.store.waits()
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

    /// Answers on `listener`, over TLS if there is a certificate, delivers, and looks after the database, until `stop` is
    /// done; then finishes what is under way: attempts in flight (requests are answered meanwhile, `/readyz` with 503),
    /// and requests that are being answered. It ends within 19 s, whatever others do.
    pub async fn serve(
        &self,
        listener: TcpListener,
        tls: Option<Arc<Tls>>,
        stop: impl Future<Output = ()> + Send + 'static,
    ) -> io::Result<()> {
        let most = Shares::now().connections;
        let router = self.router().layer(Extension(OverNetwork));
        let server = Server::new(router, tls, most, Limits::default(), self.metrics.clone());
        let asked = CancellationToken::new();
        let drained = async {
            stop.await;
            asked.cancel();
            self.drain().await;
        };
        let long_after = async |longest| {
            asked.cancelled().await;
            sleep(longest).await;
        };
        tokio::select! {
            ended = self.serve_until(&server, listener, drained, long_after(LONGEST_ANSWERING)) => {
                ended.map_err(io::Error::other)
            }
            () = long_after(LONGEST_STOP) => Err(io::Error::other(
                "not everything that was under way could be finished and recorded; what was accepted is tried again",
            )),
        }
    }

    async fn serve_until(
        &self,
        server: &Server,
        listener: TcpListener,
        drained: impl Future<Output = ()>,
        out_of_time: impl Future<Output = ()>,
    ) -> store::Result<()> {
        let delivering = self.engine.start();
        let stop_upkeep = CancellationToken::new();
        let looked_after = self.upkeep.start(stop_upkeep.clone());
        server.serve(listener, drained, out_of_time).await;
        stop_upkeep.cancel();
        let _ = looked_after.await;
        let left = self.engine.shutdown().await;
        let _ = delivering.await;
        left
    }

    /// Waits for attempts in flight, and cuts short what takes too long. What could not be done is told when the engine
    /// is shut down.
    async fn drain(&self) {
        if timeout(LONGEST_DRAIN, self.engine.drain()).await.is_err() {
            tracing::warn!("attempts in flight are cut short, and made again later");
            self.engine.cut_short();
            let _ = timeout(LONGEST_CUT, self.engine.drain()).await;
        }
    }
}
