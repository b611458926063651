//! The webhook service: stores webhooks, accepts events, delivers them signed, and keeps the history.
//!
//! [`Service`] wires the parts together: `store` keeps the data, `delivery` sends, `http` handles the requests that
//! `server` accepts (through `tls` when a certificate is configured), `upkeep` deletes expired history, `metrics`
//! counts, and `descriptors` divides the file descriptors among them. Commands, terminal output and configuration files
//! do not belong here.

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
use url::Url;

use crate::{
    domain::{random::Random, time::Clock},
    net_guard::NetGuard,
};
use delivery::Engine;
use descriptors::Shares;
use http::{App, Auth, Ingress, OverNetwork, Senders};
use metrics::Metrics;
use server::{Limits, Server};
use store::{Location, Retention, Store, secret_keys::SecretKeys};
use tls::Tls;
use upkeep::{Upkeep, disk_of};

/// The longest time that attempts in flight may take to end after a stop is requested; the service then cuts them short
/// and makes them again later.
const LONGEST_DRAIN: Duration = Duration::from_secs(15);
/// The longest time that recording the attempts that were cut short may take.
const LONGEST_CUT: Duration = Duration::from_secs(1);
/// The longest time that callers may take to read the answers under way, counted from the request to stop.
const LONGEST_ANSWERING: Duration = Duration::from_secs(18);
/// The longest time that a stop may take in all; process supervisors kill a process only after a longer time.
const LONGEST_STOP: Duration = Duration::from_secs(19);

/// The settings that a service is started with.
pub struct Options {
    /// The place where the service keeps its data.
    pub location: Location,
    /// Decides which addresses the service may deliver to.
    pub guard: NetGuard,
    /// Decides who may use the API.
    pub auth: Auth,
    /// The URL at which senders outside reach the service, if it is known.
    pub public_url: Option<Url>,
    /// Tells whose address counts behind proxies.
    pub senders: Senders,
    /// Encrypts secrets at rest; without it they are stored as plain text.
    pub secret_keys: Option<Arc<SecretKeys>>,
    /// How long the service keeps history.
    pub keep: Retention,
    /// Tells the time.
    pub clock: Arc<dyn Clock>,
    /// The source of ids, secrets and jitter.
    pub random: Arc<dyn Random>,
}

/// A service in this process.
pub struct Service {
    store: Arc<dyn Store>,
    engine: Arc<Engine>,
    upkeep: Arc<Upkeep>,
    metrics: Arc<Metrics>,
    router: axum::Router,
    /// What senders outside may reach.
    ingress: axum::Router,
}

impl Service {
    /// Opens the database, and creates it if it does not exist. Delivery does not start yet.
    pub fn open(options: Options) -> store::Result<Service> {
        let Options { location, guard, auth, public_url, senders, secret_keys, keep, clock, random } = options;
        let metrics: Arc<Metrics> = Arc::default();
        let disk = disk_of(location.file().map(Path::to_owned));
        let store = store::open(location, secret_keys, random.clone(), metrics.clone())?;
        let upkeep = Arc::new(Upkeep::new(store.clone(), clock.clone(), metrics.clone(), keep, disk));
        let most = Shares::now().in_flight;
        let engine = Engine::new(store.clone(), clock.clone(), random.clone(), guard.clone(), metrics.clone(), most);
        let state = Arc::new(App {
            store: store.clone(),
            clock,
            random,
            guard,
            engine: engine.clone(),
            auth,
            ingress: Ingress::new(store.clone(), senders, public_url),
            metrics: metrics.clone(),
        });
        let ingress = http::ingress_router(state.clone());
        Ok(Service { store, engine, upkeep, metrics, router: http::router(state), ingress })
    }

    /// The API as a router, for calls within this process.
    pub fn router(&self) -> axum::Router {
        self.router.clone()
    }

    /// Looks for attempts claimed by processes that have ended, so that they are not shown as in flight. Writes
    /// nothing.
    pub async fn see_abandoned(&self) {
        if let Err(error) = self.store.see_abandoned().await {
            tracing::warn!(%error, "the service cannot look for attempts claimed by a process that has ended");
        }
    }

    /// How long a write has been waiting for another process's write, if one waits.
    pub fn waits(&self) -> Option<Duration> {
        self.store.waits()
    }

    /// Frees attempts claimed by processes that have ended. A failure is only logged, because the next process that
    /// delivers frees them.
    pub async fn free_abandoned(&self) {
        if let Err(error) = self.engine.free_abandoned().await {
            tracing::warn!(%error, "the service cannot free attempts claimed by a process that has ended");
        }
    }

    /// The delivery engine.
    pub fn engine(&self) -> &Arc<Engine> {
        &self.engine
    }

    /// Deletes a limited amount of expired history, for a process that ends soon.
    pub async fn tidy_briefly(&self) {
        self.upkeep.tidy_briefly().await;
    }

    /// Serves requests on `listener` (over TLS if there is a certificate), and those of senders outside on `ingress`,
    /// delivers events, and maintains the database until `stop` completes. Then it finishes attempts in flight and requests being answered; meanwhile `/readyz`
    /// answers 503. It ends within 19 s of `stop`, even if others do not.
    pub async fn serve(
        &self,
        listener: TcpListener,
        ingress: Option<TcpListener>,
        tls: Option<Arc<Tls>>,
        stop: impl Future<Output = ()> + Send + 'static,
    ) -> io::Result<()> {
        let most = Shares::now().connections;
        // Each listener has connections of its own, so that a flood from outside keeps nobody from administering.
        let (most, most_outside) = if ingress.is_some() { (most / 2, most - most / 2) } else { (most, 0) };
        let server = |router: &axum::Router, most, tls| {
            let router = router.clone().layer(Extension(OverNetwork));
            Server::new(router, tls, most, Limits::default(), self.metrics.clone())
        };
        let outside = ingress.map(|listener| (listener, server(&self.ingress, most_outside, tls.clone())));
        let server = server(&self.router, most, tls);
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
            ended = self.serve_until(drained, async |stopped: CancellationToken| {
                let late = long_after(LONGEST_ANSWERING);
                let outside = async {
                    let Some((listener, server)) = outside else { return };
                    server.serve(listener, stopped.cancelled(), long_after(LONGEST_ANSWERING)).await;
                };
                tokio::join!(server.serve(listener, stopped.cancelled(), late), outside);
            }) => ended.map_err(io::Error::other),
            () = long_after(LONGEST_STOP) => Err(io::Error::other(
                "not everything that was under way could be finished and recorded; what was accepted is tried again",
            )),
        }
    }

    /// Delivers and maintains the database while `answering` answers requests, which it does until the token that it gets
    /// is cancelled: when what was under way is done.
    async fn serve_until(
        &self,
        drained: impl Future<Output = ()>,
        answering: impl AsyncFnOnce(CancellationToken),
    ) -> store::Result<()> {
        let delivering = self.engine.start();
        let stop_upkeep = CancellationToken::new();
        let looked_after = self.upkeep.start(stop_upkeep.clone());
        let stopped = CancellationToken::new();
        let stop = async {
            drained.await;
            stopped.cancel();
        };
        tokio::join!(answering(stopped.clone()), stop);
        stop_upkeep.cancel();
        let _ = looked_after.await;
        let left = self.engine.shutdown().await;
        let _ = delivering.await;
        // Whoever copies the database of a service that has ended copies one file: it must have everything.
        self.upkeep.maintain().await;
        left
    }

    /// Waits for attempts in flight, and cuts short those that take too long. [`Engine::shutdown`] reports what could
    /// not be recorded.
    async fn drain(&self) {
        if timeout(LONGEST_DRAIN, self.engine.drain()).await.is_err() {
            tracing::warn!("the service cuts short the attempts in flight; they will be made again");
            self.engine.cut_short();
            let _ = timeout(LONGEST_CUT, self.engine.drain()).await;
        }
    }
}
