//! Runs work that must not be left half done.

use crate::service::store::{Result, StoreError};

/// Runs work to its end even if the caller goes away meanwhile, because what is claimed must be sent or given back.
pub(super) async fn run_detached<T: Send + 'static>(
    work: impl Future<Output = Result<T>> + Send + 'static,
) -> Result<T> {
    tokio::spawn(work).await.unwrap_or_else(|_| Err(StoreError::Internal("a task of the engine panicked".to_owned())))
}
