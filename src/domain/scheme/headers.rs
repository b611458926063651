//! The names of the headers that the service gives a delivery, spelt as they go over the wire.

/// The signature that receivers of TimeMoto assume.
pub const TIMEMOTO_SIGNATURE: &str = "Timemoto-Signature";
/// The event's id (Standard Webhooks).
pub const WEBHOOK_ID: &str = "webhook-id";
/// The time of the attempt in Unix seconds (Standard Webhooks).
pub const WEBHOOK_TIMESTAMP: &str = "webhook-timestamp";
/// One signature a live secret (Standard Webhooks).
pub const WEBHOOK_SIGNATURE: &str = "webhook-signature";
/// The version that the body is in.
pub const WEBHOOK_VERSION: &str = "webhook-version";
/// Which try it is.
pub const WEBHOOK_ATTEMPT: &str = "webhook-attempt";
