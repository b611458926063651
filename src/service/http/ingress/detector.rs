//! Searches for the scheme of a request, one at a time in this process: a search takes a processor for a while, and
//! anybody can send requests.

use std::sync::Arc;

use tokio::sync::Semaphore;

use super::answer::RefusedRequest;
use crate::{
    service::http::problem::ApiError,
    signing::{Request, Scheme, SharedSecret, learn},
};

/// The most requests that wait for their search.
const MOST_WAITING: usize = 16;

/// Searches for schemes.
pub(super) struct Detector {
    searching: Arc<Semaphore>,
    /// One for each request that searches or waits.
    places: Arc<Semaphore>,
}

impl Default for Detector {
    fn default() -> Self {
        Detector { searching: Arc::new(Semaphore::new(1)), places: Arc::new(Semaphore::new(MOST_WAITING + 1)) }
    }
}

impl Detector {
    /// The schemes that explain a request with this secret. Refuses it if too many wait.
    pub async fn explain(
        &self,
        request: Request,
        secret: SharedSecret,
    ) -> Result<(Request, Vec<Scheme>), RefusedRequest> {
        let Ok(_place) = Arc::clone(&self.places).try_acquire_owned() else {
            return Err(RefusedRequest::busy("the source is learning, and many requests wait to be tried"));
        };
        let turn = Arc::clone(&self.searching).acquire_owned().await;
        let turn = turn.map_err(|error| ApiError::internal(error.to_string()))?;
        let search = move || {
            // Whoever sent the request may be gone: the turn ends with the search.
            let _turn = turn;
            let schemes = learn::explaining(&request, &secret);
            (request, schemes)
        };
        let found = tokio::task::spawn_blocking(search).await;
        found.map_err(|error| ApiError::internal(format!("a search for a scheme failed: {error}")).into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn only_so_many_wait() {
        let detector = Arc::new(Detector::default());
        let taken = Arc::clone(&detector.searching).acquire_owned().await.unwrap();
        let search = || {
            let detector = Arc::clone(&detector);
            let secret = SharedSecret::read("an invented secret").unwrap();
            async move { detector.explain(Request::default(), secret).await.is_ok() }
        };
        let waiting: Vec<_> = (0..=MOST_WAITING).map(|_| tokio::spawn(search())).collect();
        while detector.places.available_permits() > 0 {
            tokio::task::yield_now().await;
        }
        assert!(!search().await, "one too many");
        drop(taken);
        for one in waiting {
            assert!(one.await.unwrap());
        }
        assert!(search().await);
    }
}
