//! The sources as this process knows them. Other processes change them too, so the store's generation is read at most
//! once a second, and the sources again when it has changed.

use std::{
    collections::HashMap,
    sync::{
        Arc, PoisonError, RwLock,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

use tokio::sync::Mutex;

use crate::{
    domain::{ids::SourceId, source::SourceScheme},
    service::store::{self, SourceRef, Store, rules::source::StoredSource},
    signing::{Scheme, SharedSecret},
};

/// The longest time that a source is used as it was before another process changed it.
const LOOK_AGAIN: Duration = Duration::from_secs(1);

/// A source with what its requests are judged by.
pub(in crate::service::http) struct LiveSource {
    pub stored: StoredSource,
    /// Its secret in the form that keys are made of.
    pub secret: Option<SharedSecret>,
    /// The schemes that a genuine request may be signed by; empty while it is learning, and where none is demanded.
    pub schemes: Vec<Scheme>,
    name: Arc<str>,
}

impl LiveSource {
    /// Prepares a source.
    pub fn of(stored: StoredSource) -> Self {
        let secret = stored.secret.as_ref().and_then(|secret| SharedSecret::read(secret.expose()).ok());
        let schemes = match (&stored.scheme, &secret) {
            _ if !stored.found.is_empty() => stored.found.clone(),
            (SourceScheme::Known(choice), Some(secret)) => secret.schemes(choice),
            _ => Vec::new(),
        };
        LiveSource { secret, schemes, name: stored.name.as_str().into(), stored }
    }

    /// The source as events refer to it.
    pub fn reference(&self) -> SourceRef {
        SourceRef { number: self.stored.number, name: Arc::clone(&self.name) }
    }
}

/// The sources at one generation.
#[derive(Default)]
struct Known {
    generation: Option<i64>,
    sources: HashMap<SourceId, Arc<LiveSource>>,
    looked_at: Option<Instant>,
}

/// A cache of the store's sources.
#[derive(Default)]
pub(super) struct SourceCache {
    known: RwLock<Known>,
    changed_here: AtomicBool,
    /// Held by the request that reads the store.
    turn: Mutex<()>,
}

impl SourceCache {
    /// Makes the next request read the store.
    pub fn forget(&self) {
        self.changed_here.store(true, Ordering::SeqCst);
    }

    /// The source with this id. Requests for unknown ids read the store no more often than others do.
    pub async fn find(&self, id: SourceId, store: &Arc<dyn Store>) -> store::Result<Option<Arc<LiveSource>>> {
        if self.is_stale() {
            let _turn = self.turn.lock().await;
            if self.is_stale() {
                self.look(store).await?;
            }
        }
        Ok(self.known.read().unwrap_or_else(PoisonError::into_inner).sources.get(&id).cloned())
    }

    fn is_stale(&self) -> bool {
        let looked_at = self.known.read().unwrap_or_else(PoisonError::into_inner).looked_at;
        self.changed_here.load(Ordering::SeqCst) || looked_at.is_none_or(|at| at.elapsed() >= LOOK_AGAIN)
    }

    async fn look(&self, store: &Arc<dyn Store>) -> store::Result<()> {
        let looking_at = Instant::now();
        let changed_here = self.changed_here.swap(false, Ordering::SeqCst);
        let generation = self.known.read().unwrap_or_else(PoisonError::into_inner).generation;
        let newer = match store.sources_since(generation).await {
            Ok(newer) => newer,
            Err(error) => {
                self.changed_here.fetch_or(changed_here, Ordering::SeqCst);
                return Err(error);
            }
        };
        let mut known = self.known.write().unwrap_or_else(PoisonError::into_inner);
        if let Some((generation, sources)) = newer {
            known.generation = Some(generation);
            known.sources = sources.into_iter().map(|stored| (stored.id, Arc::new(LiveSource::of(stored)))).collect();
        }
        known.looked_at = Some(looking_at);
        Ok(())
    }
}
