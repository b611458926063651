//! Caches the tokens, so that checking one costs one hash and one look-up. Other processes create and revoke tokens
//! too, so the cache reads the store's generation at most once a second, and reads the tokens again when it has
//! changed.

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

/// The longest time that a token revoked by another process is still accepted.
const LOOK_AGAIN: Duration = Duration::from_secs(1);
/// The shortest time between two writes of a token's last use.
const NOTE_EVERY: Duration = Duration::from_secs(60);

/// A cached token.
pub(super) struct CachedToken {
    pub id: TokenId,
    pub name: Arc<str>,
    pub scopes: Arc<[Scope]>,
    pub expires_at: Option<Timestamp>,
    /// The last use that was written, in microseconds; 0 for never.
    noted_use: AtomicI64,
}

impl CachedToken {
    fn new(token: Token) -> Self {
        let Token { id, name, scopes, created_at: _, expires_at, last_used_at } = token;
        let noted_use = AtomicI64::new(last_used_at.map_or(0, Timestamp::as_micros));
        CachedToken { id, name: name.into(), scopes: scopes.into(), expires_at, noted_use }
    }

    /// Writes that the token is used, at most once a minute. The caller does not wait for the write.
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
                    tracing::warn!(%error, "the service cannot write that a token was used");
                }
            });
        }
    }
}

/// The tokens at one generation.
#[derive(Default)]
struct TokenSnapshot {
    generation: Option<i64>,
    tokens: HashMap<[u8; 32], Arc<CachedToken>>,
    /// The time of the last check that they are current.
    looked_at: Option<Instant>,
}

/// A cache of the store's tokens.
#[derive(Default)]
pub(super) struct TokenCache {
    known: RwLock<TokenSnapshot>,
    changed_here: AtomicBool,
    /// Held by the request that reads the store.
    turn: Mutex<()>,
}

impl TokenCache {
    /// The token with this digest, for a request that arrived at `arrived`. For an unknown digest the store is read;
    /// requests that wait for the same read share it.
    pub async fn find(
        &self,
        digest: &[u8; 32],
        store: &Arc<dyn Store>,
        arrived: Instant,
    ) -> store::Result<Option<Arc<CachedToken>>> {
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

    /// Makes the next request read the store.
    pub fn forget(&self) {
        self.changed_here.store(true, Ordering::SeqCst);
    }

    fn get(&self, digest: &[u8; 32]) -> (Option<Arc<CachedToken>>, Option<Instant>) {
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
            let entry = |StoredToken { token, digest }| (digest, Arc::new(CachedToken::new(token)));
            known.tokens = tokens.into_iter().map(entry).collect();
        }
        known.looked_at = Some(looking_at);
        Ok(())
    }
}
