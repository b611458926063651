//! Makes one attempt: prepares and sends the request, and turns the result into a record of the history.

use std::{
    panic::AssertUnwindSafe,
    sync::Arc,
    time::{Duration, Instant},
};

use futures_util::FutureExt;
use tokio_util::sync::CancellationToken;

use super::{
    pool::RequestSlot,
    request,
    sender::{SendOutcome, Sender},
};
use crate::{
    domain::{
        attempt::{AttemptError, AttemptKind},
        random::Random,
        time::{Clock, Timestamp},
    },
    service::store::{
        Claim, Completion, Exchange,
        rules::follow::{self, Ended, Planned},
    },
};

/// How much longer than in reality an attempt may have taken by the clock; beyond that the clock was set.
const LARGEST_DRIFT: Duration = Duration::from_secs(60);

/// Makes attempts.
pub struct Attempts {
    pub sender: Sender,
    pub clock: Arc<dyn Clock>,
    pub random: Arc<dyn Random>,
    /// Interrupts the attempts in flight.
    pub interrupted: CancellationToken,
    /// Set if what is cut short is no attempt and is made again.
    pub made_again: CancellationToken,
}

/// The reason why a claim gave no attempt. It says nothing about the receiver.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoAttempt {
    /// Nothing was sent because the system gave no file descriptor.
    NoDescriptor,
    /// The service stopped before the answer came.
    CutShort,
}

impl Attempts {
    /// Makes the attempt of a claim. A panic counts as a failure like any other. A test always gives an attempt, because
    /// somebody waits for it and it is never made again.
    pub async fn make(&self, claim: &Claim) -> Result<Completion, NoAttempt> {
        let urgent = claim.kind == AttemptKind::Test;
        let slot = tokio::select! {
            slot = self.sender.slot(&claim.recipient.url, urgent) => slot,
            () = self.interrupted.cancelled() => None,
        };
        let (began, started_at) = (Instant::now(), self.clock.now());
        let attempted = AssertUnwindSafe(self.exchange(claim, slot, started_at)).catch_unwind().await;
        let (outcome, exchange) = attempted.unwrap_or_else(|_| panicked(claim));
        if let Some(unmade) = self.unmade(&outcome).filter(|_| claim.kind != AttemptKind::Test) {
            return Err(unmade);
        }
        let finished_at = self.clock.now();
        let started_at = self.start_as_seen_from(finished_at, started_at, began.elapsed());
        Ok(self.completion(claim, (started_at, finished_at), outcome, exchange))
    }

    fn unmade(&self, outcome: &SendOutcome) -> Option<NoAttempt> {
        match outcome.error {
            Some(AttemptError::Interrupted) if self.made_again.is_cancelled() => Some(NoAttempt::CutShort),
            _ if outcome.lacked_descriptor() => Some(NoAttempt::NoDescriptor),
            _ => None,
        }
    }

    /// The start of an attempt by the clock at its end, because the clock may have been set meanwhile. The end is what
    /// is counted and what the next attempt waits from, so an impossible start is moved to it.
    fn start_as_seen_from(&self, finished_at: Timestamp, started_at: Timestamp, took: Duration) -> Timestamp {
        let was_set = self.clock.real(finished_at.since(started_at)) > took + LARGEST_DRIFT;
        if was_set { finished_at.minus(took) } else { started_at.min(finished_at) }
    }

    async fn exchange(
        &self,
        claim: &Claim,
        slot: Option<RequestSlot>,
        started_at: Timestamp,
    ) -> (SendOutcome, Exchange) {
        match request::prepare(claim, started_at) {
            Ok(prepared) => {
                let mut outcome = self.sender.send(prepared.request, slot, self.interrupted.cancelled()).await;
                let response = outcome.response.take();
                (outcome, Exchange { url: claim.recipient.url.clone(), request_headers: prepared.headers, response })
            }
            Err(error) => (SendOutcome::failed(AttemptError::Internal, error.to_string()), unsent(claim)),
        }
    }

    fn completion(
        &self,
        claim: &Claim,
        (started_at, finished_at): (Timestamp, Timestamp),
        outcome: SendOutcome,
        exchange: Exchange,
    ) -> Completion {
        let SendOutcome { status, error, detail, retry_after, response: _ } = outcome;
        let jitter = self.random.fraction();
        let http_status = status.map(|status| status.as_u16());
        let Planned { next, hold, disable } = follow::planned(&Ended {
            kind: claim.kind,
            number: claim.number,
            http_status,
            error,
            unmade: error == Some(AttemptError::Internal) && exchange.request_headers.is_empty(),
            retry_after: retry_after.as_deref(),
            finished_at,
            jitter,
        });
        if let Some(error) = error {
            let (webhook, attempt, number) = (claim.webhook_id, claim.attempt_id, claim.number);
            tracing::info!(%webhook, %attempt, number, %error, status = http_status, "an attempt failed");
        }
        Completion {
            claim: claim.claim,
            attempt_id: claim.attempt_id,
            http_status,
            error,
            error_detail: detail,
            started_at,
            finished_at,
            exchange,
            next,
            hold,
            disable,
        }
    }
}

fn unsent(claim: &Claim) -> Exchange {
    Exchange { url: claim.recipient.url.clone(), request_headers: Vec::new(), response: None }
}

fn panicked(claim: &Claim) -> (SendOutcome, Exchange) {
    tracing::error!(attempt = %claim.attempt_id, "a delivery panicked");
    (SendOutcome::failed(AttemptError::Internal, "the delivery panicked; the service's log has more"), unsent(claim))
}
