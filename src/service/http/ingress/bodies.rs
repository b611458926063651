//! Reads bodies in bounded memory. Nobody is known to be genuine before the whole body is there, and anybody can begin
//! one on each connection.

use axum::{
    body::Body,
    http::{HeaderMap, header},
};
use http_body_util::BodyExt;
use tokio::sync::Semaphore;

use crate::domain::record::LARGEST_EVENT;

/// The largest body in bytes: the largest event and its envelope.
pub(super) const LARGEST: usize = LARGEST_EVENT + 16 * 1024;
/// The size in bytes up to which bodies are read on all connections at once. A TimeMoto event has about 1,300.
const SMALL: usize = 16 * 1024;
/// The most larger bodies that are read at once: 35 MB.
const MOST_LARGE: usize = 128;

/// Reads bodies.
pub(super) struct Bodies {
    large: Semaphore,
}

/// Why a body was not read.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Unread {
    /// It is larger than [`LARGEST`]: so many bytes, as far as is known.
    TooLarge(usize),
    /// It ended before it was complete.
    Broken,
    /// Too many large ones are being read.
    Busy,
}

impl Default for Bodies {
    fn default() -> Self {
        Bodies { large: Semaphore::new(MOST_LARGE) }
    }
}

impl Bodies {
    /// Reads a body.
    pub async fn read(&self, headers: &HeaderMap, mut body: Body) -> Result<Vec<u8>, Unread> {
        let told = headers.get(header::CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse().ok());
        if let Some(size) = told.filter(|size| *size > LARGEST) {
            return Err(Unread::TooLarge(size));
        }
        let mut read = Vec::with_capacity(told.unwrap_or(0).min(SMALL));
        let mut place = None;
        while let Some(frame) = body.frame().await {
            let Ok(data) = frame.map_err(|_| Unread::Broken)?.into_data() else { continue };
            let size = read.len() + data.len();
            if size > LARGEST {
                return Err(Unread::TooLarge(size));
            }
            if size > SMALL && place.is_none() {
                place = Some(self.large.try_acquire().map_err(|_| Unread::Busy)?);
            }
            read.extend_from_slice(&data);
        }
        Ok(read)
    }
}

#[cfg(test)]
mod tests {
    use futures_util::stream;

    use super::*;

    async fn read(bodies: &Bodies, size: usize) -> Result<usize, Unread> {
        bodies.read(&HeaderMap::new(), Body::from(vec![b'a'; size])).await.map(|read| read.len())
    }

    #[tokio::test]
    async fn a_body_has_a_largest_size() {
        let bodies = Bodies::default();
        assert_eq!(read(&bodies, LARGEST).await, Ok(LARGEST));
        assert_eq!(read(&bodies, LARGEST + 1).await, Err(Unread::TooLarge(LARGEST + 1)));
        let mut headers = HeaderMap::new();
        headers.insert("content-length", "10000000000".parse().unwrap());
        assert_eq!(bodies.read(&headers, Body::empty()).await, Err(Unread::TooLarge(10_000_000_000)));
        let broken = stream::iter([Ok("{"), Err(std::io::Error::other("cut"))]);
        let broken = Body::from_stream(broken);
        assert_eq!(bodies.read(&HeaderMap::new(), broken).await, Err(Unread::Broken));
    }

    #[tokio::test]
    async fn only_so_many_large_ones_are_read_at_once_and_small_ones_always() {
        let bodies = Bodies::default();
        let begun = bodies.large.try_acquire_many(MOST_LARGE as u32).unwrap();
        assert_eq!(read(&bodies, SMALL + 1).await, Err(Unread::Busy));
        assert_eq!(read(&bodies, SMALL).await, Ok(SMALL));
        drop(begun);
        assert_eq!(read(&bodies, SMALL + 1).await, Ok(SMALL + 1));
        assert_eq!(bodies.large.available_permits(), MOST_LARGE, "it gives its place back");
    }
}
