//! The source of randomness as a parameter, so that tests can replace it.

use std::cell::RefCell;

use zeroize::Zeroize;

/// A source of random bytes.
pub trait Random: Send + Sync + 'static {
    /// Fills `bytes` with random bytes.
    fn fill(&self, bytes: &mut [u8]);
}

impl dyn Random {
    /// Returns `N` random bytes.
    pub fn bytes<const N: usize>(&self) -> [u8; N] {
        let mut bytes = [0; N];
        self.fill(&mut bytes);
        bytes
    }

    /// Returns a number from 0 (included) to 1 (excluded).
    pub fn fraction(&self) -> f64 {
        let whole = u64::from_le_bytes(self.bytes()) >> 11;
        whole as f64 / (1u64 << 53) as f64
    }
}

/// The operating system's generator. Each thread fetches bytes for several ids at once.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemRandom;

/// The number of bytes fetched at once. Requests for more than a quarter of it bypass the buffer.
const FETCHED: usize = 512;

/// A thread's buffer of random bytes; those from `next` on are unused.
struct Fetched {
    bytes: [u8; FETCHED],
    next: usize,
}

thread_local! {
    static FETCHED_BYTES: RefCell<Fetched> = const { RefCell::new(Fetched { bytes: [0; FETCHED], next: FETCHED }) };
}

impl Fetched {
    /// Fills `wanted` and wipes the bytes from the buffer.
    fn take(&mut self, wanted: &mut [u8]) {
        if FETCHED - self.next < wanted.len() {
            ask_system(&mut self.bytes);
            self.next = 0;
        }
        let given = &mut self.bytes[self.next..self.next + wanted.len()];
        wanted.copy_from_slice(given);
        given.zeroize();
        self.next += wanted.len();
    }
}

impl Random for SystemRandom {
    /// # Panics
    /// Panics if the operating system gives no random bytes: nothing can be signed safely then.
    fn fill(&self, bytes: &mut [u8]) {
        if bytes.len() > FETCHED / 4 {
            return ask_system(bytes);
        }
        FETCHED_BYTES.with_borrow_mut(|fetched| fetched.take(bytes));
    }
}

fn ask_system(bytes: &mut [u8]) {
    #[expect(clippy::expect_used, reason = "without randomness no id and no secret may be made")]
    getrandom::fill(bytes).expect("the operating system gives random bytes");
}

/// Bytes derived from a seed, the same in every run: for tests of the real program, never for secrets.
#[cfg(debug_assertions)]
#[derive(Debug)]
pub struct SeededRandom {
    seed: String,
    /// The number of requests so far.
    asked: std::sync::atomic::AtomicU64,
}

#[cfg(debug_assertions)]
impl SeededRandom {
    /// Makes the generator of this seed.
    pub fn new(seed: &str) -> Self {
        SeededRandom { seed: seed.to_owned(), asked: 0.into() }
    }
}

#[cfg(debug_assertions)]
impl Random for SeededRandom {
    fn fill(&self, bytes: &mut [u8]) {
        use sha2::{Digest, Sha256};
        let asked = self.asked.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
        for (piece, bytes) in bytes.chunks_mut(32).enumerate() {
            let digest = Sha256::digest(format!("{} {asked} {piece}", self.seed));
            bytes.copy_from_slice(&digest[..bytes.len()]);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn nothing_is_handed_out_twice_in_any_thread() {
        let some = || (0..500).map(|_| (&SystemRandom as &dyn Random).bytes::<10>()).collect::<Vec<_>>();
        let other = std::thread::spawn(some).join().unwrap();
        let all: HashSet<_> = some().into_iter().chain(other).collect();
        assert_eq!(all.len(), 1000);
        FETCHED_BYTES.with_borrow(|fetched| assert!(fetched.bytes[..fetched.next].iter().all(|byte| *byte == 0)));
        let mut large = [0; 300];
        SystemRandom.fill(&mut large);
        assert!(large.iter().any(|byte| *byte != 0));
    }
}
