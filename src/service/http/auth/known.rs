//! The tokens in memory, so that a request costs one hash and one look-up. Other processes make and revoke tokens too:
//! a generation, read at most once a second, tells when the list is to be read again.

use std::{
    collections::HashMap,
    sync::{
        Arc, PoisonError, RwLock,
        atomic::{AtomicBool, AtomicI64, Ordering},
    },
    time::{Duration, Instant},
};

use tokio::sync::{Mutex, MutexGuard};

use crate::{
    domain::{
        ids::TokenId,
        time::Timestamp,
        token::{Scope, Token},
    },
    service::store::{self, Store, StoredToken},
};

/// How long a token that another process has revoked may still be taken.
const LOOK_AGAIN: Duration = Duration::from_secs(1);
/// How often it is written down that a token is used.
const NOTE_EVERY: Duration = Duration::from_secs(60);

/// A token as it is known.
pub(super) struct KnownToken {
    pub id: TokenId,
    pub name: Arc<str>,
    pub scopes: Arc<[Scope]>,
    pub expires_at: Option<Timestamp>,
    /// In microseconds; 0 for never.
    noted_use: AtomicI64,
}

impl KnownToken {
    fn new(token: Token) -> Self {
        let Token { id, name, scopes, created_at: _, expires_at, last_used_at } = token;
        let noted_use = AtomicI64::new(last_used_at.map_or(0, Timestamp::as_micros));
        KnownToken { id, name: name.into(), scopes: scopes.into(), expires_at, noted_use }
    }

    /// Has it written down that it is used, once a minute; nobody waits for that.
    pub fn note_use(&self, store: &Arc<dyn Store>, now: Timestamp) {
        let noted = self.noted_use.load(Ordering::Relaxed);
        if noted != 0 && now.since(Timestamp::from_micros(noted)) < NOTE_EVERY {
            return;
        }
        let first = self.noted_use.compare_exchange(noted, now.as_micros(), Ordering::Relaxed, Ordering::Relaxed);
        if first.is_ok() {
            let (store, id) = (Arc::clone(store), self.id);
            tokio::spawn(async move {
                if let Err(error) = store.note_token_use(id, now).await {
                    tracing::warn!(%error, "cannot note that a token was used");
                }
            });
        }
    }
}

/// The tokens as they were at a generation.
#[derive(Default)]
struct Known {
    generation: Option<i64>,
    tokens: HashMap<[u8; 32], Arc<KnownToken>>,
    /// When it was last made sure that they are of now.
    looked_at: Option<Instant>,
}

/// The tokens of a store.
#[derive(Default)]
pub(super) struct KnownTokens {
    known: RwLock<Known>,
    changed_here: AtomicBool,
    /// Held by whoever looks again.
    turn: Mutex<()>,
}

impl KnownTokens {
    /// The token with this digest, for a request that arrived then. One that is not known yet is looked for in the
    /// store; requests that wait for the same look share it.
    pub async fn find(
        &self,
        digest: &[u8; 32],
        store: &Arc<dyn Store>,
        arrived: Instant,
    ) -> store::Result<Option<Arc<KnownToken>>> {
        let (found, looked_at) = self.get(digest);
        let changed_here = self.changed_here.load(Ordering::SeqCst);
        if found.is_none() || changed_here {
            self.look(self.turn.lock().await, store, arrived).await?;
        } else if looked_at.is_none_or(|at| at.elapsed() >= LOOK_AGAIN)
            && let Ok(turn) = self.turn.try_lock()
        {
            self.look(turn, store, arrived).await?;
        } else {
            return Ok(found);
        }
        Ok(self.get(digest).0)
    }

    /// Has the next request look again.
    pub fn forget(&self) {
        self.changed_here.store(true, Ordering::SeqCst);
    }

    fn get(&self, digest: &[u8; 32]) -> (Option<Arc<KnownToken>>, Option<Instant>) {
        let known = self.known.read().unwrap_or_else(PoisonError::into_inner);
        (known.tokens.get(digest).cloned(), known.looked_at)
    }

    async fn look(&self, _turn: MutexGuard<'_, ()>, store: &Arc<dyn Store>, arrived: Instant) -> store::Result<()> {
        let looking_at = Instant::now();
        let (generation, looked_at) = {
            let known = self.known.read().unwrap_or_else(PoisonError::into_inner);
            (known.generation, known.looked_at)
        };
        let changed_here = self.changed_here.swap(false, Ordering::SeqCst);
        if !changed_here && looked_at.is_some_and(|at| at > arrived) {
            return Ok(());
        }
        let newer = match store.tokens_since(generation).await {
            Ok(newer) => newer,
            Err(error) => {
                self.changed_here.fetch_or(changed_here, Ordering::SeqCst);
                return Err(error);
            }
        };
        let mut known = self.known.write().unwrap_or_else(PoisonError::into_inner);
        if let Some((generation, tokens)) = newer {
            known.generation = Some(generation);
            let entry = |StoredToken { token, digest }| (digest, Arc::new(KnownToken::new(token)));
            known.tokens = tokens.into_iter().map(entry).collect();
        }
        known.looked_at = Some(looking_at);
        Ok(())
    }
}
