//! `POST /v1/webhooks/{id}/test`

use axum::{Json, extract::State};

use crate::{
    domain::{
        attempt::{Attempt, AttemptStatus},
        event::EventType,
        ids::{EventId, WebhookId},
        json::JsonObject,
        payload::EventData,
        problem::ProblemCode,
        record::TestRequest,
    },
    service::{
        http::{
            AppState,
            auth::{Caller, WebhooksWrite},
            body::{ChangeRequest, OrDefault},
            events::content,
            parameters::Id,
            problem::{ApiError, ApiResult},
        },
        store::AcceptEvent,
    },
};

/// Sends a webhook one test delivery and answers when it has ended.
///
/// The test is sent at once, even to a disabled webhook; it is not tried again and does not count in the error rate. If
/// the receiver does not answer 2xx, the request still succeeds: look at the attempt's `status`.
#[utoipa::path(
    post,
    path = "/v1/webhooks/{id}/test",
    operation_id = "testWebhook",
    tag = "webhooks",
    security(("token" = ["webhooks:write"])),
    params(("id" = WebhookId, Path, description = "The webhook's id")),
    request_body = Option<TestRequest>,
    responses((status = 200, description = "The finished attempt, with what was sent and what came back", body = Attempt))
)]
pub(in crate::service::http) async fn test(
    caller: Caller<WebhooksWrite>,
    State(app): State<AppState>,
    Id(id): Id<WebhookId>,
    ChangeRequest { body: OrDefault(request), idempotency_key }: ChangeRequest<OrDefault<TestRequest>>,
) -> ApiResult<Json<Attempt>> {
    let TestRequest { event_type, data, version } = request;
    let attempt_id =
        app.engine.test(id, event(&app, event_type, data)?, version, caller.change(idempotency_key)).await?;
    let attempt = app.store.attempt(attempt_id).await?.ok_or_else(|| ApiError::not_found("attempt", attempt_id))?;
    if attempt.status == AttemptStatus::Pending {
        let detail = format!("the test with this key is still under way: its attempt is {attempt_id}");
        return Err(ApiError::new(ProblemCode::IdempotencyKeyInUse, detail).conflicting_with(attempt_id));
    }
    Ok(Json(attempt))
}

/// The event to send: with the given data, or with the type's example.
fn event(app: &AppState, event_type: Option<EventType>, data: Option<JsonObject>) -> ApiResult<AcceptEvent> {
    let event_type = event_type.unwrap_or(EventType::TEST);
    let data = match data {
        Some(data) => content::check(event_type, data)?,
        None => EventData::example(event_type),
    };
    let id = EventId::new(app.clock.now(), app.random.bytes());
    Ok(AcceptEvent { id, event_type, data, occurred_at: None, relayed: None })
}
