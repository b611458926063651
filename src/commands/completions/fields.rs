//! The fields for `--json=` and `--columns`: those of the record that a verb shows.

use crate::{
    commands::{config, doctor, profile, sign::Signed, verify::Judged, whoami::CallerIdentity},
    domain::{
        attempt::Attempt,
        audit::AuditEntry,
        delivery::Delivery,
        ids::{AttemptId, DeliveryId, EventId, RecoveryId},
        record::{AcceptedEvent, Event, EventTypeInfo},
        recovery::{Recovery, RecoveryEstimate, RetriedDelivery},
        settings::Settings,
        source::{ReceivedRequest, Source},
        stats::{Stats, StatsGroup},
        token::{IssuedToken, Token},
        version::VersionInfo,
        webhook::Webhook,
    },
    render::Record,
};

use super::line::Line;

/// A flag that names fields.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Flag {
    /// `--json=`
    Json,
    /// `--columns`
    Columns,
}

/// Returns the names of the fields in the order in which people see them, or none if the verb shows no record.
pub(super) fn of(line: &Line, flag: Flag) -> Vec<&'static str> {
    let verb: Vec<&str> = line.verb.iter().map(String::as_str).collect();
    match verb.as_slice() {
        ["list" | "add" | "edit" | "enable" | "disable" | "pin" | "unpin" | "delete"] => names::<Webhook>(),
        ["secret", "revoke"] => names::<Webhook>(),
        ["verify"] if line.option("detect").is_none() => names::<Judged>(),
        ["sign"] => names::<Signed>(),
        ["show"] => shown(line.positionals.first().map_or("", String::as_str)),
        ["test" | "attempts"] => names::<Attempt>(),
        ["events"] => names::<Event>(),
        ["types"] => names::<EventTypeInfo>(),
        ["send"] => names::<AcceptedEvent>(),
        ["retry"] if line.option("dry_run").is_some() => names::<RecoveryEstimate>(),
        ["retry"] if line.option("failed").is_some() => names::<Recovery>(),
        ["retry"] => names::<RetriedDelivery>(),
        // A JSON document has the totals, a table the groups.
        ["stats"] if flag == Flag::Json && line.option("output") != Some("ndjson") => names::<Stats>(),
        ["stats"] => names::<StatsGroup>(),
        ["versions"] => names::<VersionInfo>(),
        ["versions", "default"] => names::<Settings>(),
        ["token", "create"] => names::<IssuedToken>(),
        ["token", "list"] => names::<Token>(),
        ["source", "received"] => names::<ReceivedRequest>(),
        ["source", ..] => names::<Source>(),
        ["audit"] => names::<AuditEntry>(),
        ["login" | "whoami"] => names::<CallerIdentity>(),
        ["profile", "list"] => names::<profile::Profile>(),
        ["config", "list" | "get"] => names::<config::Row>(),
        ["doctor"] => names::<doctor::CheckResult>(),
        _ => Vec::new(),
    }
}

/// Returns the fields of what `show` shows for this id.
fn shown(id: &str) -> Vec<&'static str> {
    let is = |prefix: &str| id.starts_with(prefix);
    match () {
        () if is(AttemptId::PREFIX) => names::<Attempt>(),
        () if is(EventId::PREFIX) => names::<Event>(),
        () if is(DeliveryId::PREFIX) => names::<Delivery>(),
        () if is(RecoveryId::PREFIX) => names::<Recovery>(),
        () => names::<Webhook>(),
    }
}

fn names<T: Record>() -> Vec<&'static str> {
    T::columns().into_iter().map(|column| column.name).collect()
}
