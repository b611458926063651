//! The state that all handlers share.

use std::sync::Arc;

use super::auth::Auth;
use crate::{
    domain::{random::Random, time::Clock},
    net_guard::NetGuard,
    service::{delivery::Engine, metrics::Metrics, store::Store},
};

/// The state that handlers get.
pub type AppState = Arc<App>;

/// The parts of the service that handlers use.
pub struct App {
    /// The service's data.
    pub store: Arc<dyn Store>,
    /// Tells the time.
    pub clock: Arc<dyn Clock>,
    /// The source of ids and secrets.
    pub random: Arc<dyn Random>,
    /// Decides which URLs a webhook may have.
    pub guard: NetGuard,
    /// Makes test deliveries and retries.
    pub engine: Arc<Engine>,
    /// Decides who may call the API.
    pub auth: Auth,
    /// The service's metrics.
    pub metrics: Arc<Metrics>,
}
