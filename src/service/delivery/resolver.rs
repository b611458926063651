//! Looks up names so that slow ones delay no others.

use std::{
    collections::{HashMap, HashSet},
    net::{IpAddr, ToSocketAddrs},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    thread,
    time::{Duration, Instant},
};

use async_trait::async_trait;
use tokio::sync::{Semaphore, watch};

/// The most look-ups at once; each is a thread, which the system may block for half a minute.
const MOST_LOOKUPS: usize = 32;
/// The most additional look-ups of names that were slow the last time.
const MOST_SLOW_LOOKUPS: usize = 8;
/// The duration from which a look-up counts as slow.
const SLOW: Duration = Duration::from_secs(1);
/// The most slow names that are remembered.
const MOST_REMEMBERED: usize = 10_000;

/// The reason why a name has no address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LookupError {
    /// The name does not exist.
    NotFound,
    /// The look-up failed; contains the system's message.
    Failed(String),
}

/// Finds the addresses of a name. It may never end, so the caller must set a limit.
#[async_trait]
pub trait Resolve: Send + Sync {
    /// Finds all addresses of `host`, best first.
    async fn resolve(&self, host: &str) -> Result<Vec<IpAddr>, LookupError>;
}

type LookupResult = Result<Vec<IpAddr>, LookupError>;
type LookUp = fn(&str) -> LookupResult;

/// Asks the system on separate threads, which neither block the runtime's threads nor delay its end. The same name is
/// looked up only once at a time, and slow names have their own places.
pub struct SystemResolver(Arc<Lookups>);

struct Lookups {
    look_up: LookUp,
    slow_after: Duration,
    places: Arc<Semaphore>,
    slow_places: Arc<Semaphore>,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    under_way: HashMap<String, watch::Receiver<Option<LookupResult>>>,
    slow: HashSet<String>,
}

impl Default for SystemResolver {
    fn default() -> Self {
        Self::new(ask_system, SLOW)
    }
}

impl SystemResolver {
    fn new(look_up: LookUp, slow_after: Duration) -> Self {
        SystemResolver(Arc::new(Lookups {
            look_up,
            slow_after,
            places: Arc::new(Semaphore::new(MOST_LOOKUPS)),
            slow_places: Arc::new(Semaphore::new(MOST_SLOW_LOOKUPS)),
            state: Mutex::default(),
        }))
    }
}

#[async_trait]
impl Resolve for SystemResolver {
    async fn resolve(&self, host: &str) -> LookupResult {
        let mut answer = self.0.clone().ask(host);
        let found = answer.wait_for(Option::is_some).await.ok().and_then(|found| found.clone());
        found.unwrap_or_else(|| Err(LookupError::Failed("the lookup was given up".to_owned())))
    }
}

impl Lookups {
    fn state(&self) -> MutexGuard<'_, State> {
        // The state is valid between any two statements, so a panic elsewhere cannot have broken it.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The answer of the current look-up of `host`, or of a new one.
    fn ask(self: Arc<Self>, host: &str) -> watch::Receiver<Option<LookupResult>> {
        let mut state = self.state();
        if let Some(answer) = state.under_way.get(host) {
            return answer.clone();
        }
        let (sender, answer) = watch::channel(None);
        state.under_way.insert(host.to_owned(), answer.clone());
        let places = if state.slow.contains(host) { &self.slow_places } else { &self.places }.clone();
        drop(state);
        let host = host.to_owned();
        tokio::spawn(async move {
            let place = places.acquire_owned().await;
            // One receiver belongs to the table, so if there is no other, nobody waits.
            if place.is_err() || sender.receiver_count() <= 1 {
                self.state().under_way.remove(&host);
                return;
            }
            let lookups = self.clone();
            let name = host.clone();
            let begun = thread::Builder::new().name("lookup".to_owned()).spawn(move || {
                let _place = place;
                lookups.run(&name, &sender);
            });
            if begun.is_err() {
                self.state().under_way.remove(&host);
            }
        });
        answer
    }

    fn run(&self, host: &str, sender: &watch::Sender<Option<LookupResult>>) {
        let begun = Instant::now();
        let found = (self.look_up)(host);
        let slow = begun.elapsed() >= self.slow_after;
        let mut state = self.state();
        state.under_way.remove(host);
        if !slow {
            state.slow.remove(host);
        } else if state.slow.len() < MOST_REMEMBERED {
            state.slow.insert(host.to_owned());
        }
        drop(state);
        sender.send_replace(Some(found));
    }
}

fn ask_system(host: &str) -> LookupResult {
    match (host, 0).to_socket_addrs() {
        Ok(addresses) => Ok(addresses.map(|address| address.ip()).collect()),
        Err(error) => Err(lookup_error(&error.to_string())),
    }
}

/// The standard library passes on only the text of the resolver's error.
fn lookup_error(text: &str) -> LookupError {
    const NOT_FOUND: [&str; 3] = ["not known", "No address associated", "nodename nor servname"];
    if NOT_FOUND.iter().any(|part| text.contains(part)) {
        LookupError::NotFound
    } else {
        LookupError::Failed(text.to_owned())
    }
}

#[cfg(test)]
mod tests {
    use std::{
        net::Ipv4Addr,
        sync::{
            Condvar,
            atomic::{AtomicUsize, Ordering},
        },
    };

    use super::*;

    #[test]
    fn a_name_that_does_not_exist_is_told_from_a_lookup_that_failed() {
        let text = "failed to lookup address information: Name or service not known";
        assert_eq!(lookup_error(text), LookupError::NotFound);
        let text = "failed to lookup address information: Temporary failure in name resolution";
        assert_eq!(lookup_error(text), LookupError::Failed(text.to_owned()));
    }

    #[tokio::test]
    async fn a_name_is_looked_up_once_at_a_time() {
        static ASKED: AtomicUsize = AtomicUsize::new(0);
        static GATE: (Mutex<bool>, Condvar) = (Mutex::new(false), Condvar::new());
        let resolver = SystemResolver::new(
            |_| {
                ASKED.fetch_add(1, Ordering::SeqCst);
                drop(GATE.1.wait_while(GATE.0.lock().unwrap(), |open| !*open).unwrap());
                Ok(vec![Ipv4Addr::new(192, 0, 2, 1).into()])
            },
            SLOW,
        );
        let mut answers: Vec<_> = (0..100).map(|_| resolver.0.clone().ask("busy.example")).collect();
        *GATE.0.lock().unwrap() = true;
        GATE.1.notify_all();
        for answer in &mut answers {
            assert!(matches!(&*answer.wait_for(Option::is_some).await.unwrap(), Some(Ok(_))));
        }
        assert_eq!(ASKED.load(Ordering::SeqCst), 1);
        resolver.resolve("busy.example").await.unwrap();
        assert_eq!(ASKED.load(Ordering::SeqCst), 2, "an answer is not kept for later");
    }

    #[tokio::test]
    async fn names_that_were_slow_take_no_place_from_others() {
        static STUCK: AtomicUsize = AtomicUsize::new(0);
        static GATE: (Mutex<bool>, Condvar) = (Mutex::new(true), Condvar::new());
        let resolver = SystemResolver::new(
            |host| {
                if host.starts_with("slow") {
                    STUCK.fetch_add(1, Ordering::SeqCst);
                    drop(GATE.1.wait_while(GATE.0.lock().unwrap(), |open| !*open).unwrap());
                }
                Ok(Vec::new())
            },
            Duration::ZERO,
        );
        let names: Vec<_> = (0..MOST_LOOKUPS * 2).map(|number| format!("slow{number}.example")).collect();
        for name in &names {
            resolver.resolve(name).await.unwrap();
        }
        STUCK.store(0, Ordering::SeqCst);
        *GATE.0.lock().unwrap() = false;
        let answers: Vec<_> = names.iter().map(|name| resolver.0.clone().ask(name)).collect();
        assert_eq!(resolver.resolve("quick.example").await, Ok(Vec::new()));
        assert!(STUCK.load(Ordering::SeqCst) <= MOST_SLOW_LOOKUPS);
        *GATE.0.lock().unwrap() = true;
        GATE.1.notify_all();
        for mut answer in answers {
            answer.wait_for(Option::is_some).await.unwrap();
        }
    }
}
