//! Caches the tokens in use, so that checking one costs one hash and one look-up. Other processes create and revoke
//! tokens too, so each is read again when it was read a second ago.

use std::{
    collections::HashMap,
    sync::{
        Arc, PoisonError, RwLock,
        atomic::{AtomicI64, Ordering},
    },
    time::{Duration, Instant},
};

use tokio::sync::Semaphore;

use crate::{
    domain::{
        ids::TokenId,
        time::Timestamp,
        token::{Scope, Token},
    },
    service::store::{self, Store},
};

/// The longest time that a token revoked by another process is still accepted.
const READ_AGAIN: Duration = Duration::from_secs(1);
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
    read_at: Instant,
}

impl CachedToken {
    fn new(token: Token, read_at: Instant) -> Self {
        let Token { id, name, scopes, created_at: _, expires_at, last_used_at } = token;
        let noted_use = AtomicI64::new(last_used_at.map_or(0, Timestamp::as_micros));
        CachedToken { id, name: name.into(), scopes: scopes.into(), expires_at, noted_use, read_at }
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

/// A cache of the tokens in use.
pub(super) struct TokenCache {
    known: RwLock<KnownTokens>,
    /// Lets one request at a time look for a token that it does not know. Such requests come from anybody, and the store
    /// has few places for reads.
    unknown: Semaphore,
}

impl Default for TokenCache {
    fn default() -> Self {
        TokenCache { known: RwLock::default(), unknown: Semaphore::new(1) }
    }
}

#[derive(Default)]
struct KnownTokens {
    by_digest: HashMap<[u8; 32], Arc<CachedToken>>,
    /// When this process last changed a token. What was read before may be outdated.
    changed_at: Option<Instant>,
}

impl TokenCache {
    /// The token with this digest. The store is read for one that is unknown, and for one that was read a second ago.
    pub async fn find(&self, digest: &[u8; 32], store: &Arc<dyn Store>) -> store::Result<Option<Arc<CachedToken>>> {
        if let Some(token) = self.current(digest) {
            return Ok(Some(token));
        }
        let _turn = if self.has(digest) { None } else { self.unknown.acquire().await.ok() };
        let read_at = Instant::now();
        let found = store.token(*digest).await?.map(|token| Arc::new(CachedToken::new(token, read_at)));
        let mut known = self.known.write().unwrap_or_else(PoisonError::into_inner);
        match &found {
            Some(token) => known.by_digest.insert(*digest, Arc::clone(token)),
            None => known.by_digest.remove(digest),
        };
        Ok(found)
    }

    /// Makes the next requests read the store, because this process changed a token.
    pub fn forget(&self) {
        let mut known = self.known.write().unwrap_or_else(PoisonError::into_inner);
        *known = KnownTokens { by_digest: HashMap::new(), changed_at: Some(Instant::now()) };
    }

    /// Whether the token was in use when it was last read.
    fn has(&self, digest: &[u8; 32]) -> bool {
        self.known.read().unwrap_or_else(PoisonError::into_inner).by_digest.contains_key(digest)
    }

    fn current(&self, digest: &[u8; 32]) -> Option<Arc<CachedToken>> {
        let known = self.known.read().unwrap_or_else(PoisonError::into_inner);
        let token = known.by_digest.get(digest)?;
        // A read may have begun before a change and ended after it.
        let is_after_changes = known.changed_at.is_none_or(|changed_at| token.read_at > changed_at);
        (is_after_changes && token.read_at.elapsed() < READ_AGAIN).then(|| Arc::clone(token))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{domain::random::SystemRandom, service::store::Location};

    fn put(cache: &TokenCache, digest: [u8; 32], read_at: Instant) {
        let token = Token {
            id: TokenId::from_bytes([1; 16]),
            name: "CI".to_owned(),
            scopes: Vec::new(),
            created_at: Timestamp::from_seconds(0),
            expires_at: None,
            last_used_at: None,
        };
        cache.known.write().unwrap().by_digest.insert(digest, Arc::new(CachedToken::new(token, read_at)));
    }

    #[tokio::test]
    async fn who_knows_no_token_waits_and_holds_up_nobody_who_does() {
        let store = store::open(Location::Memory, None, Arc::new(SystemRandom), Arc::default()).unwrap();
        let (cache, known, unknown) = (TokenCache::default(), [7; 32], [8; 32]);
        put(&cache, known, Instant::now().checked_sub(READ_AGAIN).unwrap());
        let somebody = cache.unknown.acquire().await.unwrap();
        let mut stranger = std::pin::pin!(cache.find(&unknown, &store));
        tokio::select! {
            biased;
            _ = &mut stranger => panic!("one stranger looks at a time"),
            found = cache.find(&known, &store) => assert!(found.unwrap().is_none(), "it was revoked meanwhile"),
        }
        drop(somebody);
        assert!(stranger.await.unwrap().is_none());
    }

    #[test]
    fn a_token_is_read_again_after_a_second_and_after_a_change_by_this_process() {
        let (cache, digest, second) = (TokenCache::default(), [7; 32], Duration::from_secs(1));
        let put = |read_at: Instant| put(&cache, digest, read_at);
        let before = Instant::now();
        put(before.checked_sub(second).unwrap());
        assert!(cache.current(&digest).is_none());
        put(before);
        assert!(cache.current(&digest).is_some());
        cache.forget();
        assert!(cache.current(&digest).is_none());
        put(before);
        assert!(cache.current(&digest).is_none(), "this read began before the change and ended after it");
        put(Instant::now() + second);
        assert!(cache.current(&digest).is_some());
    }
}
