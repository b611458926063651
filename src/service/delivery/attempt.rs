//! One attempt: the request is made, sent, and what came of it put into the words of the history.

use std::{panic::AssertUnwindSafe, sync::Arc};

use futures_util::FutureExt;
use tokio_util::sync::CancellationToken;

use super::{
    request, retry,
    sender::{Outcome, Sender},
};
use crate::{
    domain::{
        attempt::{AttemptError, AttemptKind},
        random::Random,
        time::{Clock, Timestamp},
        webhook::DisabledReason,
    },
    service::store::{Claim, Completion, Exchange},
};

/// Makes attempts.
pub struct Attempts {
    pub sender: Sender,
    pub clock: Arc<dyn Clock>,
    pub random: Arc<dyn Random>,
    /// Cuts short what is in flight.
    pub interrupted: CancellationToken,
}

impl Attempts {
    /// Makes the attempt of a claim. A panic in it is an answer like any other.
    pub async fn make(&self, claim: &Claim) -> Completion {
        let started_at = self.clock.now();
        let attempted = AssertUnwindSafe(self.exchange(claim, started_at)).catch_unwind().await;
        let (outcome, exchange) = attempted.unwrap_or_else(|_| panicked(claim));
        self.completion(claim, started_at, outcome, exchange)
    }

    async fn exchange(&self, claim: &Claim, started_at: Timestamp) -> (Outcome, Exchange) {
        match request::prepare(claim, started_at) {
            Ok(prepared) => {
                let mut outcome = tokio::select! {
                    outcome = self.sender.send(prepared.request) => outcome,
                    () = self.interrupted.cancelled() => {
                        Outcome::failed(AttemptError::Interrupted, "the program was stopped before the answer was in")
                    }
                };
                let response = outcome.response.take();
                (outcome, Exchange { url: claim.url.clone(), request_headers: prepared.headers, response })
            }
            Err(error) => (Outcome::failed(AttemptError::Internal, error.to_string()), unsent(claim)),
        }
    }

    fn completion(&self, claim: &Claim, started_at: Timestamp, outcome: Outcome, exchange: Exchange) -> Completion {
        let Outcome { status, error, detail, retry_after, response: _ } = outcome;
        let finished_at = self.clock.now().max(started_at);
        let jitter = self.random.fraction();
        if let Some(error) = error {
            let (webhook, attempt, number) = (claim.webhook_id, claim.attempt_id, claim.number);
            tracing::info!(%webhook, %attempt, number, %error, status = status.map(|s| s.as_u16()), "an attempt failed");
        }
        Completion {
            claim: claim.claim,
            delivery_id: claim.delivery_id,
            attempt_id: claim.attempt_id,
            http_status: status.map(|status| status.as_u16()),
            error,
            error_detail: detail,
            started_at,
            finished_at,
            exchange,
            next: retry::next(claim.kind, claim.number, error, retry_after.as_deref(), finished_at, jitter),
            hold: retry::hold(claim.kind, status, retry_after.as_deref(), finished_at),
            disable: (error == Some(AttemptError::Gone) && claim.kind != AttemptKind::Test)
                .then_some(DisabledReason::Gone),
        }
    }
}

fn unsent(claim: &Claim) -> Exchange {
    Exchange { url: claim.url.clone(), request_headers: Vec::new(), response: None }
}

fn panicked(claim: &Claim) -> (Outcome, Exchange) {
    tracing::error!(attempt = %claim.attempt_id, "a delivery panicked");
    (Outcome::failed(AttemptError::Internal, "the delivery panicked; the service's log has more"), unsent(claim))
}
