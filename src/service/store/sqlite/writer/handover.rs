//! Claims that are made together with their deliveries, and handed to whoever delivers in this process as soon as they
//! are committed: such a delivery is sent without being looked up again.

use std::{mem, sync::Arc};

use crate::{
    domain::ids::WebhookId,
    service::store::{Claim, Taker},
};

/// Who takes such claims, if anybody does, and the claims of the transaction under way.
#[derive(Default)]
pub struct Handover {
    taker: Option<(i64, Arc<dyn Taker>)>,
    claims: Vec<Claim>,
}

impl Handover {
    /// From now on, claims for the instance with this number go to this taker.
    pub fn set(&mut self, taker: Option<(i64, Arc<dyn Taker>)>) {
        self.taker = taker;
    }

    /// The number of the instance that claims go to, if there is one.
    pub fn instance(&self) -> Option<i64> {
        self.taker.as_ref().map(|(instance, _)| *instance)
    }

    /// Keeps room for a delivery to a webhook. The number of the instance that will have claimed it; none when nobody
    /// takes it.
    pub fn reserve(&self, webhook: WebhookId) -> Option<i64> {
        self.taker.as_ref().filter(|(_, taker)| taker.reserve(webhook)).map(|(instance, _)| *instance)
    }

    /// Gives room back that a failed job had kept.
    pub fn cancel(&self, webhook: WebhookId) {
        if let Some((_, taker)) = &self.taker {
            taker.give_back(webhook);
        }
    }

    /// Notes a claim for which room is kept.
    pub fn add(&mut self, claim: Claim) {
        self.claims.push(claim);
    }

    /// How many claims there are.
    pub fn len(&self) -> usize {
        self.claims.len()
    }

    /// Forgets the claims after the first `kept`: they are rolled back.
    pub fn give_back(&mut self, kept: usize) {
        for claim in self.claims.split_off(kept) {
            self.cancel(claim.webhook_id);
        }
    }

    /// Hands the claims on: they are committed. Those of a taker that is gone are freed when its instance leaves.
    pub fn hand_on(&mut self) {
        let claims = mem::take(&mut self.claims);
        if let (Some((_, taker)), false) = (&self.taker, claims.is_empty()) {
            taker.take(claims);
        }
    }
}
