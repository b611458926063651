//! The service inside this process. Only this module joins client and service.
//!
//! Requests go straight into the service's router, without a socket and without a token. A command that should deliver
//! calls [`Embedded::deliver_due`]; nothing else delivers.

use std::{
    future::Future,
    path::PathBuf,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
        mpsc::{self, RecvTimeoutError},
    },
    thread,
    time::Duration,
};

use async_trait::async_trait;
use axum::body::Body;
use bytes::Bytes;
use http::{Request, Response};
use tokio::sync::OnceCell;
use tower::ServiceExt;

use crate::{
    api::{Transport, TransportError, TransportFailure},
    domain::{problem::FieldError, random::Random, time::Clock},
    files::Refusal,
    net_guard::NetGuard,
    service::{
        Options, Service,
        http::{Auth, Denied, Senders},
        store::{self, Location, Retention, secret_keys::SecretKeys},
    },
};

pub use crate::service::store::{Glance, Rehearsed, StoreError, rehearse};

/// A hint for a database that cannot be used.
pub const OTHER_WAYS: &str = "TM_HOOKS_DATA_DIR names another folder, --service another service";

/// The largest answer that is read, in bytes.
const LARGEST_ANSWER: usize = 32 * 1024 * 1024;

/// A wait is reported after this long.
const SAID_AFTER: Duration = Duration::from_secs(1);
/// The interval of the checks for a waiting write.
const LOOK_EVERY: Duration = Duration::from_millis(100);

/// Checks whether the service of the profile `local` accepts a receiver's URL.
///
/// # Errors
/// Says what is wrong with the URL.
pub fn check_url(url: &url::Url) -> Result<(), FieldError> {
    NetGuard::local().check_url(url)
}

/// What a command waits for longer than a second.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Waits {
    /// The database is not open yet: another process may hold it.
    Opening,
    /// A write waits for another process that writes.
    Writing,
}

/// A callback that is called at most once, with what is waited for.
pub type OnWait = Box<dyn Fn(Waits) + Send + Sync>;

/// The service of the profile `local`.
pub struct Embedded {
    inside: Arc<Within>,
}

/// The service, and the callback for waits.
struct Within {
    service: Service,
    on_wait: OnWait,
    told: AtomicBool,
}

impl Within {
    /// Runs `work`, which may write, and reports a long wait.
    async fn watched<T>(&self, work: impl Future<Output = T>) -> T {
        let mut work = std::pin::pin!(work);
        while !self.told.load(Ordering::SeqCst) {
            tokio::select! {
                done = &mut work => return done,
                () = tokio::time::sleep(LOOK_EVERY) => {}
            }
            if self.service.waits().is_some_and(|waits| waits >= SAID_AFTER) && !self.told.swap(true, Ordering::SeqCst)
            {
                (self.on_wait)(Waits::Writing);
            }
        }
        work.await
    }
}

/// Runs blocking `work`, and calls `tell` if it takes long.
fn watched<T>(work: impl FnOnce() -> T, tell: impl FnOnce() + Send) -> T {
    thread::scope(|scope| {
        let (working, ended) = mpsc::channel::<()>();
        scope.spawn(move || {
            if ended.recv_timeout(SAID_AFTER) == Err(RecvTimeoutError::Timeout) {
                tell();
            }
        });
        let done = work();
        drop(working);
        done
    })
}

impl Embedded {
    /// Opens the database file, and creates it and its folder if they are absent.
    ///
    /// The keys of `key_file`, if given, encrypt its secrets. `on_wait` is called if opening, or a write that waits for
    /// another process, takes longer than a second.
    pub fn open(
        database: PathBuf,
        key_file: Option<PathBuf>,
        clock: Arc<dyn Clock>,
        random: Arc<dyn Random>,
        on_wait: OnWait,
    ) -> store::Result<Self> {
        let secret_keys = key_file.map(|file| SecretKeys::read(&file, None)).transpose();
        let secret_keys = secret_keys.map_err(|error| StoreError::Key(error.to_string()))?.map(Arc::new);
        let location = Location::File(database);
        let (guard, auth, keep) = (NetGuard::local(), Auth::not_needed(), Retention::default());
        let (public_url, senders) = (None, Senders::default());
        let options = Options { location, guard, auth, public_url, senders, secret_keys, keep, clock, random };
        let told = AtomicBool::new(false);
        let service = watched(
            || Service::open(options),
            || {
                told.store(true, Ordering::SeqCst);
                on_wait(Waits::Opening);
            },
        )?;
        Ok(Embedded { inside: Arc::new(Within { service, on_wait, told }) })
    }

    /// Returns a transport to the service for a client.
    pub fn transport(&self) -> Box<dyn Transport> {
        Box::new(Inside { inside: self.inside.clone(), seen: OnceCell::new(), freed: OnceCell::new() })
    }

    /// Delivers what is due, and what becomes due meanwhile, until nothing is left. Then deletes a little expired data,
    /// in case no service runs that does it.
    pub async fn deliver_due(&self) -> store::Result<()> {
        let service = &self.inside.service;
        self.inside.watched(service.engine().run_until_idle()).await?;
        service.tidy_briefly().await;
        Ok(())
    }

    /// Delivers in the background until `done` succeeds, then finishes what is in flight and releases the other claims.
    /// If `done` fails, the caller must end the delivery.
    pub async fn deliver_while<T, E>(&self, done: impl Future<Output = Result<T, E>>) -> store::Result<Result<T, E>> {
        let delivering = self.inside.service.engine().start();
        let ended = self.inside.watched(done).await;
        if ended.is_ok() {
            self.close().await?;
            // The task has stopped, or has panicked and logged that.
            let _ = delivering.await;
        }
        Ok(ended)
    }

    /// Aborts what is in flight, records each attempt as failed, and releases the claims.
    pub async fn interrupt(&self) -> store::Result<()> {
        self.inside.service.engine().interrupt().await
    }

    /// Finishes what is in flight and releases the other claims.
    pub async fn close(&self) -> store::Result<()> {
        self.inside.watched(self.inside.service.engine().shutdown()).await
    }
}

/// Suggests what to do about a refusal: a command, or another place for the database.
pub fn way_out(refusal: &Refusal) -> String {
    refusal.next_step().unwrap_or_else(|| OTHER_WAYS.to_owned())
}

/// A transport straight into the router.
struct Inside {
    inside: Arc<Within>,
    /// Set before the first reading request: attempts of dead processes no longer count as in flight.
    seen: OnceCell<()>,
    /// Set before the first writing request: claims of dead processes are released.
    freed: OnceCell<()>,
}

impl Inside {
    fn denied(&self, refusal: &Refusal) -> TransportError {
        TransportError {
            failure: TransportFailure::Denied,
            place: self.place(),
            what: "cannot use its database".to_owned(),
            detail: refusal.to_string(),
            hint: Some(way_out(refusal)),
        }
    }
}

#[async_trait]
impl Transport for Inside {
    async fn send(&self, request: Request<Bytes>) -> Result<Response<Bytes>, TransportError> {
        let service = &self.inside.service;
        let reads = request.method().is_safe();
        let answering = async {
            match reads {
                // A reading request takes no lock, so it neither blocks other processes nor waits for them. After a
                // release, it needs no second look.
                true if self.freed.initialized() => &(),
                true => self.seen.get_or_init(|| service.see_abandoned()).await,
                false => self.freed.get_or_init(|| service.free_abandoned()).await,
            };
            service.router().oneshot(request.map(Body::from)).await
        };
        let answer = match if reads { answering.await } else { self.inside.watched(answering).await } {
            Ok(answer) => answer,
            Err(never) => match never {},
        };
        let (head, body) = answer.into_parts();
        if let Some(Denied(refusal)) = head.extensions.get() {
            return Err(self.denied(refusal));
        }
        let body = axum::body::to_bytes(body, LARGEST_ANSWER).await.map_err(|error| TransportError {
            failure: TransportFailure::Garbled,
            place: self.place(),
            what: "did not answer whole".to_owned(),
            detail: error.to_string(),
            hint: None,
        })?;
        Ok(Response::from_parts(head, body))
    }

    fn place(&self) -> String {
        "local".to_owned()
    }
}
