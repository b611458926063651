//! What the store hands over as it makes it, already claimed.

use std::{
    sync::{Arc, Weak},
    time::Instant,
};

use tokio::runtime::Handle;

use super::dispatcher::Dispatcher;
use crate::{
    domain::ids::WebhookId,
    service::store::{Claim, Taker},
};

/// Takes what is claimed as it is made, while there is somebody to make its attempts.
pub(super) struct Handed {
    dispatcher: Weak<Dispatcher>,
    runtime: Handle,
}

impl Handed {
    /// Hands on to `dispatcher`, on the runtime that this is called on.
    pub fn to(dispatcher: &Arc<Dispatcher>) -> Arc<Self> {
        Arc::new(Handed { dispatcher: Arc::downgrade(dispatcher), runtime: Handle::current() })
    }
}

impl Taker for Handed {
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
