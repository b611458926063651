//! Reads the database of the service in this program without changing it. The small client has none.

#[cfg(feature = "service")]
use crate::{
    domain::ids::{AttemptId, EventId},
    embedded::Glance,
};

use crate::commands::Context;

/// An id and its description.
pub(super) type IdAndAbout = (String, String);
/// A webhook's id, its name and its URL.
pub(super) type WebhookEntry = (String, String, String);

#[cfg(feature = "service")]
fn glance(context: &Context) -> Option<Glance> {
    Glance::open(&context.settings.data_dir().ok()?.database()).ok()
}

/// Returns the webhooks in the database.
#[cfg(feature = "service")]
pub(super) fn webhooks(context: &Context) -> Option<Vec<WebhookEntry>> {
    glance(context)?.webhooks().ok()
}

/// Returns the tokens in the database.
#[cfg(feature = "service")]
pub(super) fn tokens(context: &Context) -> Option<Vec<IdAndAbout>> {
    glance(context)?.tokens().ok()
}

/// Returns the sources in the database.
#[cfg(feature = "service")]
pub(super) fn sources(context: &Context) -> Option<Vec<IdAndAbout>> {
    glance(context)?.sources().ok()
}

/// Returns the newest objects in the database whose ids begin with `prefix`.
#[cfg(feature = "service")]
pub(super) fn newest(context: &Context, prefix: &str) -> Option<Vec<IdAndAbout>> {
    let glance = glance(context)?;
    match prefix {
        AttemptId::PREFIX => glance.attempts(),
        EventId::PREFIX => glance.events(),
        _ => glance.deliveries(),
    }
    .ok()
}

#[cfg(not(feature = "service"))]
pub(super) fn webhooks(_: &Context) -> Option<Vec<WebhookEntry>> {
    None
}

#[cfg(not(feature = "service"))]
pub(super) fn tokens(_: &Context) -> Option<Vec<IdAndAbout>> {
    None
}

#[cfg(not(feature = "service"))]
pub(super) fn sources(_: &Context) -> Option<Vec<IdAndAbout>> {
    None
}

#[cfg(not(feature = "service"))]
pub(super) fn newest(_: &Context, _: &str) -> Option<Vec<IdAndAbout>> {
    None
}
