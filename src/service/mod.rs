//! The webhook service: stores webhooks, takes in events, delivers them signed, and keeps the history.
//!
//! [`Service`] puts the rooms together: `store` remembers, `delivery` sends, `http` answers.

pub mod delivery;
pub mod http;
pub mod store;

use std::{future::Future, io, sync::Arc};

use tokio::net::TcpListener;

use crate::{
    domain::{random::Random, time::Clock},
    net_guard::NetGuard,
};
use delivery::Engine;
use http::{AppState, Auth};
use store::{
    Store,
    sqlite::{Location, SqliteStore},
};

/// What a service is started with.
pub struct Options {
    /// Where it keeps its data.
    pub location: Location,
    /// Where it may deliver to.
    pub guard: NetGuard,
    /// Who may use its API.
    pub auth: Auth,
    /// What time it is.
    pub clock: Arc<dyn Clock>,
    /// Where ids, secrets and jitter come from.
    pub random: Arc<dyn Random>,
}

/// A service in this process.
pub struct Service {
    engine: Arc<Engine>,
    router: axum::Router,
}

impl Service {
    /// Opens the database, making it when it is absent. Nothing is delivered yet.
    pub fn open(options: Options) -> store::Result<Service> {
        let Options { location, guard, auth, clock, random } = options;
        let store: Arc<dyn Store> = Arc::new(SqliteStore::open(location, random.clone())?);
        let engine = Engine::new(store.clone(), clock.clone(), random.clone(), guard.clone());
        let state = AppState { store, clock, random, guard, engine: engine.clone(), auth };
        Ok(Service { engine, router: http::router(state) })
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

    /// Answers on `listener` and delivers, until `stop` is done; then finishes what is under way: requests that are
    /// being answered, and attempts in flight (at most 20 s).
    pub async fn serve(
        &self,
        listener: TcpListener,
        stop: impl Future<Output = ()> + Send + 'static,
    ) -> io::Result<()> {
        let delivering = self.engine.start();
        let answered = axum::serve(listener, self.router()).with_graceful_shutdown(stop).await;
        let left = self.engine.shutdown().await;
        let _ = delivering.await;
        answered.and(left.map_err(io::Error::other))
    }
}
