//! Receives the claims that the store makes together with their deliveries.

use std::{
    sync::{Arc, Weak},
    time::Instant,
};

use tokio::runtime::Handle;

use super::dispatcher::Dispatcher;
use crate::{
    domain::ids::WebhookId,
    service::store::{Claim, ClaimSink},
};

/// Passes such claims to the dispatcher as long as it exists.
pub(super) struct Handed {
    dispatcher: Weak<Dispatcher>,
    runtime: Handle,
}

impl Handed {
    /// Passes claims to `dispatcher` on the current runtime.
    pub fn to(dispatcher: &Arc<Dispatcher>) -> Arc<Self> {
        Arc::new(Handed { dispatcher: Arc::downgrade(dispatcher), runtime: Handle::current() })
    }
}

impl ClaimSink for Handed {
    fn reserve(&self, webhook: WebhookId) -> bool {
        self.dispatcher.upgrade().is_some_and(|dispatcher| dispatcher.reserve(webhook, Instant::now()))
    }

    fn give_back(&self, webhook: WebhookId) {
        if let Some(dispatcher) = self.dispatcher.upgrade() {
            dispatcher.give_back(webhook);
        }
    }

    fn take(&self, claims: Vec<Claim>) {
        let Some(dispatcher) = self.dispatcher.upgrade() else { return };
        let _runtime = self.runtime.enter();
        for claim in &claims {
            dispatcher.give_back(claim.webhook_id);
        }
        dispatcher.take_on(claims);
    }
}
