//! The service inside the process: the one room where client and service meet.
//!
//! Requests go straight into the service's router, without a socket and without a token. Nothing is delivered by
//! itself: a command that should deliver says so with [`Embedded::deliver_due`].

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
        http::{Auth, Denied},
        store::{self, Location, Retention, vault::Vault},
    },
};

pub use crate::service::store::{Glance, Rehearsed, StoreError, rehearse};

/// What helps when the database cannot be used where it is.
pub const OTHER_WAYS: &str = "TM_HOOKS_DATA_DIR names another folder, --service another service";

/// The largest answer that is read, in bytes.
const LARGEST_ANSWER: usize = 32 * 1024 * 1024;

/// After how long it is said that a write waits.
const SAID_AFTER: Duration = Duration::from_secs(1);
/// How often it is looked whether one does.
const LOOK_EVERY: Duration = Duration::from_millis(100);

/// Checks whether the service of the profile `local` takes a receiver's URL.
///
/// # Errors
/// What is wrong with it.
pub fn check_url(url: &url::Url) -> Result<(), FieldError> {
    NetGuard::local().check_url(url)
}

/// What a command may wait for, longer than a second.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Waits {
    /// The database is not open yet: another process may hold it.
    Opening,
    /// A write waits for another process that writes.
    Writing,
}

/// Is told, once, what is waited for.
pub type OnWait = Box<dyn Fn(Waits) + Send + Sync>;

/// The service of the profile `local`.
pub struct Embedded {
    inside: Arc<Within>,
}

/// The service, and who is told when it waits.
struct Within {
    service: Service,
    on_wait: OnWait,
    told: AtomicBool,
}

impl Within {
    /// Does something that may write; tells when that waits for long.
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

/// Does something that blocks; `tell` is called when it takes long.
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
    /// Opens the database file, making it and its folder when they are absent.
    ///
    /// Its secrets are sealed by the keys of `key_file`, if there is one. `on_wait` is told when opening takes, or a
    /// write waits for another process, longer than a second.
    pub fn open(
        database: PathBuf,
        key_file: Option<PathBuf>,
        clock: Arc<dyn Clock>,
        random: Arc<dyn Random>,
        on_wait: OnWait,
    ) -> store::Result<Self> {
        let vault = key_file.map(|file| Vault::read(&file, None)).transpose();
        let vault = vault.map_err(|error| StoreError::Key(error.to_string()))?.map(Arc::new);
        let location = Location::File(database);
        let (guard, auth, keep) = (NetGuard::local(), Auth::not_needed(), Retention::default());
        let options = Options { location, guard, auth, vault, keep, clock, random };
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

    /// The way into it, for a client.
    pub fn transport(&self) -> Box<dyn Transport> {
        Box::new(Inside { inside: self.inside.clone(), seen: OnceCell::new(), freed: OnceCell::new() })
    }

    /// Delivers what is due, and what falls due meanwhile, and returns when nothing is left to do now; lets a little of
    /// what is too old go, as nobody else may.
    pub async fn deliver_due(&self) -> store::Result<()> {
        let service = &self.inside.service;
        self.inside.watched(service.engine().run_until_idle()).await?;
        service.tidy_briefly().await;
        Ok(())
    }

    /// Delivers in the background what is due and what falls due, until `done` has ended well; then finishes what is in
    /// flight and lets go of what was claimed. When it ends with an error, that is left to the caller.
    pub async fn deliver_while<T, E>(&self, done: impl Future<Output = Result<T, E>>) -> store::Result<Result<T, E>> {
        let delivering = self.inside.service.engine().start();
        let ended = self.inside.watched(done).await;
        if ended.is_ok() {
            self.close().await?;
            // It has stopped, or panicked, which was logged.
            let _ = delivering.await;
        }
        Ok(ended)
    }

    /// Cuts short what is in flight, recording each as a failed try, and lets go of what was claimed.
    pub async fn interrupt(&self) -> store::Result<()> {
        self.inside.service.engine().interrupt().await
    }

    /// Finishes what is in flight and lets go of what was claimed.
    pub async fn close(&self) -> store::Result<()> {
        self.inside.watched(self.inside.service.engine().shutdown()).await
    }
}

/// What to do about what stands in the way: the command that puts it right, or where else the database may be.
pub fn way_out(refusal: &Refusal) -> String {
    refusal.next_step().unwrap_or_else(|| OTHER_WAYS.to_owned())
}

/// Straight into the router.
struct Inside {
    inside: Arc<Within>,
    /// Done before the first request that only reads, so that nothing looks in flight that a process which is gone was
    /// sending.
    seen: OnceCell<()>,
    /// Done before the first request that changes something: what is abandoned can be changed by it.
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
                // Who only reads takes no lock that another process would wait for, and waits for none.
                // What is freed needs no second look.
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
