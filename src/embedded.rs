//! The service inside the process: the one room where client and service meet.
//!
//! Requests go straight into the service's router, without a socket and without a token. Nothing is delivered by
//! itself: a command that should deliver says so with [`Embedded::deliver_due`].

use std::{future::Future, path::PathBuf, sync::Arc};

use async_trait::async_trait;
use axum::body::Body;
use bytes::Bytes;
use http::{Request, Response};
use tokio::sync::OnceCell;
use tower::ServiceExt;

use crate::{
    api::{Transport, TransportError, TransportFailure},
    domain::{random::Random, time::Clock},
    files::Refusal,
    net_guard::NetGuard,
    service::{
        Options, Service,
        http::{Auth, Denied},
        store::{self, Retention, sqlite::Location, vault::Vault},
    },
};

pub use crate::service::store::{
    StoreError,
    sqlite::{
        Glance,
        rehearsal::{Rehearsed, rehearse},
    },
};

/// What helps when the database cannot be used where it is.
pub const OTHER_WAYS: &str = "TM_HOOKS_DATA_DIR names another folder, --service another service";

/// The largest answer that is read, in bytes.
const LARGEST_ANSWER: usize = 32 * 1024 * 1024;

/// The service of the profile `local`.
pub struct Embedded {
    service: Arc<Service>,
}

impl Embedded {
    /// Opens the database file, making it and its folder when they are absent.
    ///
    /// Its secrets are sealed by the keys of `key_file`, if there is one.
    pub fn open(
        database: PathBuf,
        key_file: Option<PathBuf>,
        clock: Arc<dyn Clock>,
        random: Arc<dyn Random>,
    ) -> store::Result<Self> {
        let vault = key_file.map(|file| Vault::read(&file, None)).transpose();
        let vault = vault.map_err(|error| StoreError::Key(error.to_string()))?.map(Arc::new);
        let location = Location::File(database);
        let (guard, auth, keep) = (NetGuard::local(), Auth::not_needed(), Retention::default());
        let options = Options { location, guard, auth, vault, keep, clock, random };
        Ok(Embedded { service: Arc::new(Service::open(options)?) })
    }

    /// The way into it, for a client.
    pub fn transport(&self) -> Box<dyn Transport> {
        Box::new(Inside { service: self.service.clone(), freed: OnceCell::new() })
    }

    /// Delivers what is due, and what falls due meanwhile, and returns when nothing is left to do now; lets a little of
    /// what is too old go, as nobody else may.
    pub async fn deliver_due(&self) -> store::Result<()> {
        self.service.engine().run_until_idle().await?;
        self.service.tidy_briefly().await;
        Ok(())
    }

    /// Delivers in the background what is due and what falls due, until `done` has ended well; then finishes what is in
    /// flight and lets go of what was claimed. When it ends with an error, that is left to the caller.
    pub async fn deliver_while<T, E>(&self, done: impl Future<Output = Result<T, E>>) -> store::Result<Result<T, E>> {
        let delivering = self.service.engine().start();
        let ended = done.await;
        if ended.is_ok() {
            self.close().await?;
            // It has stopped, or panicked, which was logged.
            let _ = delivering.await;
        }
        Ok(ended)
    }

    /// Cuts short what is in flight, recording each as a failed try, and lets go of what was claimed.
    pub async fn interrupt(&self) -> store::Result<()> {
        self.service.engine().interrupt().await
    }

    /// Finishes what is in flight and lets go of what was claimed.
    pub async fn close(&self) -> store::Result<()> {
        self.service.engine().shutdown().await
    }
}

/// What to do about what stands in the way: the command that puts it right, or where else the database may be.
pub fn way_out(refusal: &Refusal) -> String {
    refusal.next_step().unwrap_or_else(|| OTHER_WAYS.to_owned())
}

/// Straight into the router.
struct Inside {
    service: Arc<Service>,
    /// Done before the first request, so that nothing looks in flight that a process which is gone was sending.
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
        self.freed.get_or_init(|| self.service.free_abandoned()).await;
        let answer = match self.service.router().oneshot(request.map(Body::from)).await {
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
