//! What the handlers work with.

use std::sync::Arc;

use super::auth::Auth;
use crate::{
    domain::{random::Random, time::Clock},
    net_guard::NetGuard,
    service::{delivery::Engine, metrics::Metrics, store::Store},
};

/// What the handlers work with, shared by all of them.
pub type AppState = Arc<App>;

/// What the handlers work with.
pub struct App {
    /// The service's memory.
    pub store: Arc<dyn Store>,
    /// What time it is.
    pub clock: Arc<dyn Clock>,
    /// Where ids and secrets come from.
    pub random: Arc<dyn Random>,
    /// Which URLs a webhook may have.
    pub guard: NetGuard,
    /// Who makes test deliveries.
    pub engine: Arc<Engine>,
    /// Who may ask.
    pub auth: Auth,
    /// What the service measures of itself.
    pub metrics: Arc<Metrics>,
}
