//! Work in progress: what an instance claims, and what it reports when an attempt has ended.

use std::{collections::BTreeMap, fmt, sync::Arc};

use crate::domain::{
    attempt::{AttemptError, AttemptKind, Header, ReceivedResponse},
    delivery::DeliveryStatus,
    event::EventType,
    health::Notice,
    ids::{AttemptId, DeliveryId, EventId, WebhookId},
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

/// One claim of one delivery: its completion must name it, so that a worker that was overtaken changes nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct ClaimId(pub i64);

/// What an instance can take on now.
#[derive(Debug, Clone)]
pub struct ClaimRequest {
    /// Who claims.
    pub instance: InstanceId,
    /// What is due by then is claimed.
    pub now: Timestamp,
    /// How many at most.
    pub most: usize,
    /// How many of them may be of webhooks in trouble: whose newest attempt failed, or that have not succeeded yet.
    pub most_in_trouble: usize,
    /// How many of one webhook, unless it is named in `rooms`.
    pub most_per_webhook: usize,
    /// How many of one webhook that has not succeeded yet, what all processes have in flight included.
    pub most_unproven: usize,
    /// How many more each of these webhooks may be given; none for one that is saturated.
    pub rooms: Vec<(WebhookId, usize)>,
}

/// What was claimed.
#[derive(Debug)]
pub struct Claimed {
    /// The claims; as many as were asked for means there may be more.
    pub claims: Vec<Claim>,
    /// When the next delivery of an enabled webhook can be claimed: it is due, and its webhook not held. What could not
    /// be claimed for want of room, its webhook's or that of all in trouble, is left out. None when there is none; not
    /// after `now` when more could be claimed at once.
    pub next_due: Option<Timestamp>,
}

/// A delivery that is to be tried now, with all that its request needs.
#[derive(Debug, Clone)]
pub struct Claim {
    /// This claim.
    pub claim: ClaimId,
    /// The delivery.
    pub delivery_id: DeliveryId,
    /// The attempt that is to be made.
    pub attempt_id: AttemptId,
    /// The webhook.
    pub webhook_id: WebhookId,
    /// Whether the webhook is in trouble: its attempt takes one of the places that such webhooks share.
    pub in_trouble: bool,
    /// Since when the attempt is due.
    pub due_at: Timestamp,
    /// The event.
    pub event_id: EventId,
    /// The event's type.
    pub event_type: EventType,
    /// Why the attempt is made.
    pub kind: AttemptKind,
    /// Which try it is, from 1.
    pub number: u32,
    /// How many there are at most.
    pub max_attempts: u32,
    /// The version the body is frozen in; none when it is in no version's format.
    pub version: Option<Version>,
    /// Where and how it goes, as the webhook says now.
    pub recipient: Arc<Recipient>,
    /// The frozen body.
    pub body: Body,
}

/// What a request needs of its webhook, shared by all its claims until the webhook is changed.
#[derive(Debug, Clone)]
pub struct Recipient {
    /// Where requests go.
    pub url: String,
    /// The webhook's own headers.
    pub headers: BTreeMap<String, String>,
    /// Those that are live.
    pub secrets: Secrets,
}

impl Recipient {
    /// With the secrets that are live at this time: a former one may have ended since.
    pub fn live_at(self: &Arc<Self>, now: Timestamp) -> Arc<Self> {
        let ended = |previous: &PreviousSecret| previous.expires_at <= now;
        if !self.secrets.previous.as_ref().is_some_and(ended) {
            return Arc::clone(self);
        }
        Arc::new(Recipient { secrets: self.secrets.clone().live_at(now), ..Recipient::clone(self) })
    }
}

/// What was sent and what came back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exchange {
    /// Where the request went.
    pub url: String,
    /// Its headers, the webhook's own masked.
    pub request_headers: Vec<Header>,
    /// The answer, when there was one.
    pub response: Option<ReceivedResponse>,
}

/// What is next for a delivery whose attempt has ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Next {
    /// Nothing: it has reached this end.
    End(DeliveryStatus),
    /// It is tried again at this time.
    Retry(Timestamp),
}

/// How an attempt ended.
#[derive(Debug, Clone)]
pub struct Completion {
    /// The claim it was made under.
    pub claim: ClaimId,
    /// The delivery.
    pub delivery_id: DeliveryId,
    /// The attempt.
    pub attempt_id: AttemptId,
    /// The status of the answer, when there was one.
    pub http_status: Option<u16>,
    /// Why it failed; none when it succeeded.
    pub error: Option<AttemptError>,
    /// The failure in more words.
    pub error_detail: Option<String>,
    /// When the request was begun.
    pub started_at: Timestamp,
    /// When it ended.
    pub finished_at: Timestamp,
    /// What was sent and what came back.
    pub exchange: Exchange,
    /// What is next for the delivery.
    pub next: Next,
    /// Until when the receiver asked not to be sent anything: the whole webhook is held.
    pub hold: Option<Timestamp>,
    /// Disables the webhook, with this reason.
    pub disable: Option<DisabledReason>,
}

/// Whoever delivers in this process, and takes claims as soon as they are made. Called while others wait for a commit:
/// it must not block.
pub trait Taker: Send + Sync {
    /// Keeps room for one more delivery to a webhook; `false` when there is none.
    fn reserve(&self, webhook: WebhookId) -> bool;

    /// The room that was kept is not needed.
    fn give_back(&self, webhook: WebhookId);

    /// Takes claims, now durable, for which room was kept.
    fn take(&self, claims: Vec<Claim>);
}

/// What a completion did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Completed {
    /// Nothing: its claim was no longer held.
    Overtaken,
    /// It is recorded; with what the owner of its webhook should know.
    Recorded(Option<(WebhookId, Notice)>),
}

/// A test of one webhook.
#[derive(Debug, Clone)]
pub struct TestDelivery {
    /// The webhook.
    pub webhook_id: WebhookId,
    /// The event made for it.
    pub event: AcceptEvent,
    /// The version to send it in; the webhook's version in force when absent.
    pub version: Option<Version>,
    /// Who makes the attempt.
    pub instance: InstanceId,
}

/// A test that was begun.
#[derive(Debug)]
pub enum StartedTest {
    /// Now: the attempt is to be made.
    New(Box<Claim>),
    /// Before, by a request with the same idempotency key: this attempt was or is being made.
    Before(AttemptId),
}
