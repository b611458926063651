//! `POST /in/{source}`: where senders outside deliver their events. No token lets in, but the signature.
//!
//! - `bodies`: reads bodies in bounded memory.
//! - `cache`: the sources as this process knows them.
//! - `receive`: takes a request.
//! - `judge`: whether a request is genuine.
//! - `detector`: tries the requests of sources that are learning, one at a time.
//! - `refusals`: notes what was refused, in bounded memory and disk.
//! - `sender`: whose address counts behind proxies.
//!
//! A genuine request is answered 200 only when its event and its deliveries are durable. Whatever the store cannot do
//! now is a 503, so that the sender tries again.

mod answer;
mod bodies;
mod cache;
mod detector;
mod judge;
pub(super) mod receive;
mod refusals;
mod sender;

use std::sync::Arc;

use url::Url;

use crate::{
    domain::{ids::SourceId, source::Source},
    service::store::{self, Store},
};
use bodies::Bodies;
use cache::{LiveSource, SourceCache};
use detector::Detector;
use refusals::Refusals;
pub use sender::Senders;

/// What the ingress of this process knows.
pub struct Ingress {
    store: Arc<dyn Store>,
    bodies: Bodies,
    cache: SourceCache,
    detector: Detector,
    refusals: Arc<Refusals>,
    senders: Senders,
    public_url: Option<Url>,
}

impl Ingress {
    /// Makes an ingress whose addresses begin with `public_url`, if that is known.
    pub fn new(store: Arc<dyn Store>, senders: Senders, public_url: Option<Url>) -> Self {
        Ingress {
            bodies: Bodies::default(),
            cache: SourceCache::default(),
            detector: Detector::default(),
            refusals: Arc::new(Refusals::new(store.clone())),
            store,
            senders,
            public_url,
        }
    }

    /// Makes the next request read the sources anew, because they were changed.
    pub(super) fn forget_sources(&self) {
        self.cache.forget();
    }

    /// The source with its whole address.
    pub(super) fn with_url(&self, source: Source) -> Source {
        Source { url: self.url(&source.url), ..source }
    }

    fn url(&self, path: &str) -> String {
        let begin = self.public_url.as_ref().map_or("", |url| url.as_str().trim_end_matches('/'));
        format!("{begin}{path}")
    }

    /// A source as requests to it are judged.
    pub(super) async fn live(&self, id: SourceId) -> store::Result<Option<Arc<LiveSource>>> {
        self.cache.find(id, &self.store).await
    }
}
