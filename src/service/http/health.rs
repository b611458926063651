//! `GET /livez`, `GET /readyz`: for programs that watch the process.

use std::time::Duration;

use axum::{Json, extract::State};
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    AppState,
    problem::{ApiError, ApiResult},
};
use crate::{domain::problem::FieldError, service::store::StoreError};

/// The longest time that a write to the database may take.
const LONGEST_WRITE: Duration = Duration::from_secs(2);
/// The longest time since the engine last looked for work; it looks every second.
const LONGEST_ROUND: Duration = Duration::from_secs(10);

/// How long a lack of file descriptors is reported.
const RECENTLY: Duration = Duration::from_secs(10);

/// Says that the process answers.
#[derive(Serialize, ToSchema)]
#[schema(as = Health)]
pub(super) struct Liveness {
    /// Always `ok`.
    #[schema(example = "ok")]
    status: &'static str,
}

/// Says that the service can work, and in which state; a problem names what is wrong.
#[derive(Serialize, ToSchema)]
pub(super) struct Readiness {
    /// Always `ok`.
    #[schema(example = "ok")]
    status: &'static str,
    /// Always `ok`: the database takes writes.
    #[schema(example = "ok")]
    database: &'static str,
    /// `running`, or `off` if no engine delivers in this process.
    #[schema(example = "running")]
    delivery: &'static str,
    /// How full the database's disk is: `ample`, `low`, `very_low` or `critical`. The service still accepts events at
    /// each level, but deletes the bodies of ended deliveries earlier.
    #[schema(example = "ample")]
    disk: &'static str,
}

/// Says that the process answers.
#[utoipa::path(
    get,
    path = "/livez",
    operation_id = "live",
    tag = "service",
    responses((status = 200, description = "It answers", body = Liveness))
)]
pub(super) async fn live() -> Json<Liveness> {
    Json(Liveness { status: "ok" })
}

/// Says whether the service can work: its database takes writes, it delivers, and it is not being stopped.
///
/// Otherwise the answer is a problem whose `errors` name what is wrong: `database`, `delivery`, `descriptors` or
/// `service`.
#[utoipa::path(
    get,
    path = "/readyz",
    operation_id = "ready",
    tag = "service",
    responses((status = 200, description = "It can work", body = Readiness))
)]
pub(super) async fn ready(State(app): State<AppState>) -> ApiResult<Json<Readiness>> {
    let since_round = app.metrics.since_last_round();
    let delivery = stalled(since_round).or_else(|| idle(&app));
    let lack = lacking(app.metrics.since_lack());
    let checks = [stopping(&app), delivery, lack, database(&app).await];
    let wrong: Vec<FieldError> = checks.into_iter().flatten().collect();
    if !wrong.is_empty() {
        return Err(ApiError::not_ready(wrong));
    }
    let delivery = if since_round.is_some() { "running" } else { "off" };
    Ok(Json(Readiness { status: "ok", database: "ok", delivery, disk: app.metrics.disk_level().as_str() }))
}

fn stopping(app: &AppState) -> Option<FieldError> {
    app.engine.is_stopping().then(|| FieldError::new("service", "it is being stopped"))
}

fn idle(app: &AppState) -> Option<FieldError> {
    app.engine.cannot_claim().then(|| FieldError::new("delivery", "it cannot claim what is due"))
}

/// Reports a recent lack for a while, so that programs that look now and then see it.
fn lacking(since_lack: Option<Duration>) -> Option<FieldError> {
    since_lack.filter(|since| *since < RECENTLY)?;
    let message = "there was none left for a connection within the last 10 s; `ulimit -n` says how many it may have";
    Some(FieldError::new("descriptors", message))
}

fn stalled(since_round: Option<Duration>) -> Option<FieldError> {
    let since = since_round.filter(|since| *since > LONGEST_ROUND)?;
    Some(FieldError::new("delivery", format!("it has not looked for work for {} s", since.as_secs())))
}

async fn database(app: &AppState) -> Option<FieldError> {
    let wrong = |message: &str| Some(FieldError::new("database", message));
    match tokio::time::timeout(LONGEST_WRITE, app.store.ping()).await {
        Ok(Ok(())) => None,
        Ok(Err(error)) => {
            tracing::warn!(%error, "the service is not ready: its database takes no writes");
            wrong(match error {
                StoreError::DiskFull(_) => "its disk is full",
                StoreError::Gone(_) => "its file was removed, replaced or cut",
                _ => "it takes no writes",
            })
        }
        Err(_) => wrong("a write took longer than 2 s"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lack_of_descriptors_is_named_for_a_while() {
        assert_eq!(lacking(None), None);
        assert_eq!(lacking(Some(Duration::from_secs(1))).unwrap().field, "descriptors");
        assert_eq!(lacking(Some(RECENTLY)), None);
    }

    #[test]
    fn an_engine_that_stands_still_is_noticed() {
        assert_eq!(stalled(None), None);
        assert_eq!(stalled(Some(Duration::from_secs(2))), None);
        let error = stalled(Some(Duration::from_secs(11))).unwrap();
        assert_eq!(error.to_string(), "delivery: it has not looked for work for 11 s");
    }
}
