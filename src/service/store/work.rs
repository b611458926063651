//! Work in progress: what an instance claims, and what it reports after an attempt.

use std::{collections::BTreeMap, fmt, sync::Arc};

use crate::domain::{
    attempt::{AttemptError, AttemptKind, Header, ReceivedResponse},
    delivery::DeliveryStatus,
    event::EventType,
    health::Notice,
    ids::{AttemptId, DeliveryId, EventId, WebhookId},
    scheme::SchemeChoice,
    secret::{PreviousSecret, Secrets},
    time::Timestamp,
    version::Version,
    webhook::DisabledReason,
};

use super::{AcceptEvent, Body};

/// A process that delivers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct InstanceId(pub uuid::Uuid);

impl fmt::Display for InstanceId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.simple().fmt(f)
    }
}

/// One claim of one delivery. Its completion must name it, so that an overtaken worker changes nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct ClaimId(pub i64);

/// A request for claims: how much an instance can take now.
#[derive(Debug, Clone)]
pub struct ClaimRequest {
    /// The claiming instance.
    pub instance: InstanceId,
    /// The time up to which due work is claimed.
    pub now: Timestamp,
    /// The most claims.
    pub most: usize,
    /// The most claims of webhooks in trouble: whose newest attempt failed, or that have not succeeded yet.
    pub most_in_trouble: usize,
    /// The most claims of one webhook, unless `capacities` names it.
    pub most_per_webhook: usize,
    /// The most requests in flight of a webhook that has not succeeded yet, in all processes together.
    pub most_unproven: usize,
    /// The capacity of each of these webhooks; 0 for a saturated one.
    pub capacities: Vec<(WebhookId, usize)>,
}

/// The result of a request for claims.
#[derive(Debug)]
pub struct Claimed {
    /// The claims; if there are as many as requested, there may be more.
    pub claims: Vec<Claim>,
    /// The time at which the next delivery of an enabled webhook can be claimed because it is due and its webhook not
    /// held. Deliveries without capacity, their webhook's or that of all in trouble, are left out. None if there is
    /// none; not after `now` if more could be claimed at once.
    pub next_due: Option<Timestamp>,
}

/// A delivery to attempt now, with everything that its request needs.
#[derive(Debug, Clone)]
pub struct Claim {
    /// This claim.
    pub claim: ClaimId,
    /// The delivery.
    pub delivery_id: DeliveryId,
    /// The attempt to make.
    pub attempt_id: AttemptId,
    /// The webhook.
    pub webhook_id: WebhookId,
    /// Whether the webhook is in trouble, so that its attempt takes one of the places that such webhooks share.
    pub in_trouble: bool,
    /// The due time of the attempt.
    pub due_at: Timestamp,
    /// The event.
    pub event_id: EventId,
    /// The event's type.
    pub event_type: EventType,
    /// The reason for the attempt.
    pub kind: AttemptKind,
    /// The attempt's number, from 1.
    pub number: u32,
    /// The version of the frozen body; none if it has no version's format.
    pub version: Option<Version>,
    /// The webhook's current part of the request.
    pub recipient: Arc<Recipient>,
    /// The frozen body.
    pub body: Body,
}

/// A webhook's part of its requests, shared by all its claims until the webhook is changed.
#[derive(Debug, Clone)]
pub struct Recipient {
    /// The URL of requests.
    pub url: String,
    /// The webhook's own headers.
    pub headers: BTreeMap<String, String>,
    /// How they are signed.
    pub scheme: SchemeChoice,
    /// The live secrets.
    pub secrets: Secrets,
}

impl Recipient {
    /// The same with the secrets that are live at `now`; a previous one may have expired.
    pub fn live_at(self: &Arc<Self>, now: Timestamp) -> Arc<Self> {
        let ended = |previous: &PreviousSecret| previous.expires_at <= now;
        if !self.secrets.previous.as_ref().is_some_and(ended) {
            return Arc::clone(self);
        }
        Arc::new(Recipient { secrets: self.secrets.clone().live_at(now), ..Recipient::clone(self) })
    }
}

/// The request and the answer of an attempt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exchange {
    /// The URL of the request.
    pub url: String,
    /// The request's headers, with the webhook's own masked.
    pub request_headers: Vec<Header>,
    /// The answer, if there was one.
    pub response: Option<ReceivedResponse>,
}

/// The next step of a delivery after an attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Next {
    /// It has ended with this status.
    End(DeliveryStatus),
    /// It is tried again at this time.
    Retry(Timestamp),
}

/// The end of an attempt.
#[derive(Debug, Clone)]
pub struct Completion {
    /// The claim under which it was made.
    pub claim: ClaimId,
    /// The attempt.
    pub attempt_id: AttemptId,
    /// The answer's status, if there was an answer.
    pub http_status: Option<u16>,
    /// The reason of the failure; none for a success.
    pub error: Option<AttemptError>,
    /// Details of the failure.
    pub error_detail: Option<String>,
    /// The start of the request.
    pub started_at: Timestamp,
    /// The end of the attempt.
    pub finished_at: Timestamp,
    /// The request and the answer.
    pub exchange: Exchange,
    /// The delivery's next step.
    pub next: Next,
    /// The time until which the receiver asked for a pause, which holds the whole webhook.
    pub hold: Option<Timestamp>,
    /// The reason to disable the webhook, if there is one.
    pub disable: Option<DisabledReason>,
}

/// Takes claims in this process as soon as they are made. It is called while others wait for a commit, so it must not
/// block.
pub trait ClaimSink: Send + Sync {
    /// Reserves capacity for a delivery to a webhook; `false` if there is none.
    fn reserve(&self, webhook: WebhookId) -> bool;

    /// Gives back reserved capacity.
    fn give_back(&self, webhook: WebhookId);

    /// Takes durable claims for which capacity is reserved.
    fn take(&self, claims: Vec<Claim>);
}

/// The effect of a completion.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Completed {
    /// It changed nothing, because its claim was no longer held.
    Overtaken,
    /// It is recorded; a notice tells what the webhook's owner should know.
    Recorded(Option<(WebhookId, Notice)>),
}

/// A test of one webhook.
#[derive(Debug, Clone)]
pub struct TestDelivery {
    /// The webhook.
    pub webhook_id: WebhookId,
    /// The event of the test.
    pub event: AcceptEvent,
    /// The version to send; the webhook's version in force if absent.
    pub version: Option<Version>,
    /// The instance that makes the attempt.
    pub instance: InstanceId,
}

/// A started test.
#[derive(Debug)]
pub enum StartedTest {
    /// The test is new: this claim is to be attempted.
    New(Box<Claim>),
    /// A request with the same idempotency key started this attempt before.
    Before(AttemptId),
}
