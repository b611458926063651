//! Claims that are made together with their deliveries, and handed to this process's engine after the commit. Such
//! deliveries are sent without another look-up.

use std::{mem, sync::Arc};

use crate::{
    domain::ids::WebhookId,
    service::store::{Claim, Taker},
};

/// The taker of such claims, if there is one, and the claims of the current transaction.
#[derive(Default)]
pub struct Handover {
    taker: Option<(i64, Arc<dyn Taker>)>,
    claims: Vec<Claim>,
}

impl Handover {
    /// Sets the taker and the number of its instance.
    pub fn set(&mut self, taker: Option<(i64, Arc<dyn Taker>)>) {
        self.taker = taker;
    }

    /// The number of the instance that claims go to, if there is one.
    pub fn instance(&self) -> Option<i64> {
        self.taker.as_ref().map(|(instance, _)| *instance)
    }

    /// Reserves capacity for a delivery to a webhook. Returns the number of the claiming instance; none if nobody takes
    /// the delivery.
    pub fn reserve(&self, webhook: WebhookId) -> Option<i64> {
        self.taker.as_ref().filter(|(_, taker)| taker.reserve(webhook)).map(|(instance, _)| *instance)
    }

    /// Gives back the capacity that a failed job reserved.
    pub fn cancel(&self, webhook: WebhookId) {
        if let Some((_, taker)) = &self.taker {
            taker.give_back(webhook);
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

    /// Hands over the committed claims. If the taker has ended, they are freed when its instance leaves.
    pub fn hand_on(&mut self) {
        let claims = mem::take(&mut self.claims);
        if let (Some((_, taker)), false) = (&self.taker, claims.is_empty()) {
            taker.take(claims);
        }
    }
}
