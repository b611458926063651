//! The store's interface for sources, and the values that pass through it.

use async_trait::async_trait;

use super::{AcceptEvent, Change, Result, SourceRef, rules::source::StoredSource};
use crate::domain::{
    ids::SourceId,
    page::{Page, PageRequest},
    problem::FieldError,
    scheme::Scheme,
    source::{NewSource, Outcome, ReceivedRequest, Source, SourcePatch},
    time::Timestamp,
};

/// A source to store; its input has been checked.
#[derive(Debug, Clone)]
pub struct AddSource {
    /// The new source's id.
    pub id: SourceId,
    /// The caller's input.
    pub new: NewSource,
}

/// A genuine event of a source, a test included.
#[derive(Debug, Clone)]
pub struct RelayEvent {
    /// The event, with what the source sent.
    pub event: AcceptEvent,
    /// Whether it is delivered once more if it comes again with other content.
    pub redeliver_changed: bool,
    /// How its data departs from the known format.
    pub departures: Vec<FieldError>,
    /// The schemes that are left, if this request has told several apart.
    pub narrowed: Option<Vec<Scheme>>,
}

/// A request of a source that is learning, explained by schemes that use the secret.
#[derive(Debug, Clone)]
pub struct KeepRequest {
    /// The source.
    pub source: SourceRef,
    /// The schemes that explain it, the simplest first.
    pub schemes: Vec<Scheme>,
    /// Its body.
    pub body: Vec<u8>,
    /// Its event's id, type and sequence.
    pub told: Told,
}

/// What a body says of its event.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Told {
    /// Its id.
    pub id: Option<String>,
    /// Its type.
    pub event_type: Option<String>,
    /// The sender's sequence.
    pub sequence: Option<u64>,
}

/// What became of a kept request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kept {
    /// It is kept until the scheme is confirmed.
    Waiting,
    /// It had come before.
    Again,
    /// It has confirmed the scheme: it and all kept ones are events now.
    Confirmed,
    /// The source is no longer learning.
    NotLearning,
    /// The source keeps too many already.
    Full,
}

/// A request to note, as the API shows it.
#[derive(Debug, Clone)]
pub struct Receipt {
    /// The number of the source.
    pub source: i64,
    /// What is noted.
    pub received: ReceivedRequest,
}

/// What the store keeps of sources. `now` is always the time on the caller's clock.
#[async_trait]
pub trait SourceStore: Send + Sync + 'static {
    /// Stores a source. Fails with `SourceNameTaken`.
    async fn add_source(&self, add: AddSource, change: Change) -> Result<Source>;

    /// Reads one source with its sequences and departures.
    async fn source(&self, id: SourceId, now: Timestamp) -> Result<Option<Source>>;

    /// Reads a page of sources, newest first; if a name is given, only the source with this name.
    async fn sources(&self, name: Option<String>, page: PageRequest, now: Timestamp) -> Result<Page<Source>>;

    /// Changes a source if its revision is the expected one. If it has a scheme then and was learning before, what was
    /// kept becomes events. Fails with `NotFound`, `RevisionMismatch`.
    async fn update_source(
        &self,
        id: SourceId,
        patch: SourcePatch,
        expected_revision: Option<i64>,
        change: Change,
    ) -> Result<Source>;

    /// Deletes a source with its secret and what came to it: its name is free at once, and its events stay under its
    /// name. Fails with `NotFound`, `RevisionMismatch`.
    async fn delete_source(&self, id: SourceId, expected_revision: Option<i64>, change: Change) -> Result<()>;

    /// Reads all sources and their generation, which changes with each of them; none if the generation is still `known`.
    async fn sources_since(&self, known: Option<i64>) -> Result<Option<(i64, Vec<StoredSource>)>>;

    /// Stores an event of a source, its deliveries, and that it came. An event that came before is only noted; if its
    /// content differs, it is delivered once more where that is wanted. A test is only noted.
    async fn relay(&self, relay: RelayEvent, now: Timestamp) -> Result<Outcome>;

    /// Keeps a request of a source that is learning. If it and one that was kept before confirm a scheme, that becomes
    /// the source's, and all kept ones become events in the order in which they came, in the same transaction.
    async fn keep_request(&self, keep: KeepRequest, now: Timestamp) -> Result<Kept>;

    /// Notes requests that were refused, and counts these and further ones by the numbers of their sources.
    async fn note_refused(&self, receipts: Vec<Receipt>, counts: Vec<(i64, u64)>, now: Timestamp) -> Result<()>;

    /// Reads a page of what came to a source, newest first. Fails with `NotFound`.
    async fn received(
        &self,
        id: SourceId,
        outcome: Option<Outcome>,
        page: PageRequest,
        now: Timestamp,
    ) -> Result<Page<ReceivedRequest>>;
}
