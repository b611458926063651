//! The state that all handlers share.

use std::sync::Arc;

use super::{auth::Auth, ingress::Ingress};
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
    /// Takes in what sources' senders deliver.
    pub ingress: Ingress,
    /// The service's metrics.
    pub metrics: Arc<Metrics>,
}
