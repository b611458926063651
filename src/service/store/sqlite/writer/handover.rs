//! Claims that are made together with their deliveries, and handed to this process's engine after the commit. Such
//! deliveries are sent without another look-up.

use std::{mem, sync::Arc};

use crate::{
    domain::ids::WebhookId,
    service::store::{Claim, ClaimSink},
};

/// The sink of such claims, if there is one, and the claims of the current transaction.
#[derive(Default)]
pub struct Handover {
    sink: Option<(i64, Arc<dyn ClaimSink>)>,
    claims: Vec<Claim>,
}

impl Handover {
    /// Sets the sink and the number of its instance.
    pub fn set(&mut self, sink: Option<(i64, Arc<dyn ClaimSink>)>) {
        self.sink = sink;
    }

    /// The number of the instance that claims go to, if there is one.
    pub fn instance(&self) -> Option<i64> {
        self.sink.as_ref().map(|(instance, _)| *instance)
    }

    /// Reserves capacity for a delivery to a webhook. Returns the number of the claiming instance; none if nobody takes
    /// the delivery.
    pub fn reserve(&self, webhook: WebhookId) -> Option<i64> {
        self.sink.as_ref().filter(|(_, sink)| sink.reserve(webhook)).map(|(instance, _)| *instance)
    }

    /// Gives back the capacity that a failed job reserved.
    pub fn cancel(&self, webhook: WebhookId) {
        if let Some((_, sink)) = &self.sink {
            sink.give_back(webhook);
        }
    }

    /// Adds a claim for which capacity is reserved.
    pub fn add(&mut self, claim: Claim) {
        self.claims.push(claim);
    }

    /// The number of claims.
    pub fn len(&self) -> usize {
        self.claims.len()
    }

    /// Drops the claims after the first `kept`, because they were rolled back.
    pub fn give_back(&mut self, kept: usize) {
        for claim in self.claims.split_off(kept) {
            self.cancel(claim.webhook_id);
        }
    }

    /// Hands over the committed claims. If the sink has ended, they are freed when its instance leaves.
    pub fn hand_on(&mut self) {
        let claims = mem::take(&mut self.claims);
        if let (Some((_, sink)), false) = (&self.sink, claims.is_empty()) {
            sink.take(claims);
        }
    }
}
