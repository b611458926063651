//! The client's methods for sources.

use http::Method;

use super::{
    client::{Client, path_with_query},
    error::CallError,
};
use crate::domain::{
    ids::SourceId,
    page::Page,
    source::{NewSource, ReceivedQuery, ReceivedRequest, Source, SourcePatch, SourceQuery},
};

impl Client {
    /// Returns a page of sources.
    pub async fn sources(&self, query: &SourceQuery) -> Result<Page<Source>, CallError> {
        self.get(&path_with_query("/v1/sources", query)).await
    }

    /// Returns one source with its sequences and departures.
    pub async fn source(&self, id: SourceId) -> Result<Source, CallError> {
        self.get(&format!("/v1/sources/{id}")).await
    }

    /// Adds a source.
    pub async fn add_source(&self, new: &NewSource) -> Result<Source, CallError> {
        self.change(Method::POST, "/v1/sources", new, None).await
    }

    /// Changes a source, if its revision is still the expected one.
    pub async fn update_source(
        &self,
        id: SourceId,
        patch: &SourcePatch,
        expected_revision: Option<i64>,
    ) -> Result<Source, CallError> {
        self.change(Method::PATCH, &format!("/v1/sources/{id}"), patch, expected_revision).await
    }

    /// Deletes a source, if its revision is still the expected one.
    pub async fn delete_source(&self, id: SourceId, expected_revision: Option<i64>) -> Result<(), CallError> {
        self.remove(&format!("/v1/sources/{id}"), expected_revision).await
    }

    /// Returns a page of what came to a source's address.
    pub async fn received(&self, id: SourceId, query: &ReceivedQuery) -> Result<Page<ReceivedRequest>, CallError> {
        self.get(&path_with_query(&format!("/v1/sources/{id}/received"), query)).await
    }
}
