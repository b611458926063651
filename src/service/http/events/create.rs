//! `POST /v1/events`

use axum::{
    extract::State,
    http::{StatusCode, header},
    response::IntoResponse,
};

use super::content;
use crate::{
    domain::{
        event::EventType,
        ids::EventId,
        payload,
        problem::FieldError,
        record::{AcceptedEvent, NewEvent},
    },
    service::{
        http::{
            AppState,
            auth::{Caller, EventsWrite},
            body::{ChangeRequest, Json},
            problem::ApiResult,
        },
        store::AcceptEvent,
    },
};

/// Accepts an event.
///
/// The service answers when the event and a delivery for each enabled webhook that wants it are durable; it sends them
/// afterwards. `data` has the field names of `v1`: known fields are checked for their JSON type, missing ones are sent
/// as `null`, and all values keep the characters they came with. The answer's `warnings` name unknown fields, and texts
/// whose form differs from TimeMoto's (a time zone's spelling, say). Unknown types are accepted with any data, except
/// `test` and those that begin with `tmhooks.`. If the same `id` is sent again with the same content, the answer is the
/// same.
#[utoipa::path(
    post,
    path = "/v1/events",
    operation_id = "sendEvent",
    tag = "events",
    security(("token" = ["events:write"])),
    request_body = NewEvent,
    responses((
        status = 202,
        description = "The event is taken in",
        body = AcceptedEvent,
        headers(("Location" = String, description = "The event's path"))
    ))
)]
pub(in crate::service::http) async fn create(
    caller: Caller<EventsWrite>,
    State(app): State<AppState>,
    ChangeRequest { body: Json(new), idempotency_key }: ChangeRequest<Json<NewEvent>>,
) -> ApiResult<impl IntoResponse> {
    let mut warnings = payload::warnings(new.event_type, &new.data);
    warnings.extend(unlike_known(new.event_type));
    let event = checked(&app, new)?;
    let accepted = app.store.accept_event(event, caller.change(idempotency_key)).await?;
    let accepted = AcceptedEvent { warnings, ..accepted };
    let location = [(header::LOCATION, format!("/v1/events/{}", accepted.id.in_path()))];
    Ok((StatusCode::ACCEPTED, location, axum::Json(accepted)))
}

/// A warning for an unknown type that looks like a known one.
fn unlike_known(event_type: EventType) -> Option<FieldError> {
    if event_type.known().is_some() {
        return None;
    }
    let meant = event_type.suggestion(&[])?;
    Some(FieldError::new("type", format!("{event_type} is no known type, and is sent as it is; {meant}")))
}

fn checked(app: &AppState, new: NewEvent) -> ApiResult<AcceptEvent> {
    let NewEvent { event_type, data, id, occurred_at } = new;
    if event_type.is_notice() {
        let message = format!("\"{event_type}\" cannot be sent: types that begin with tmhooks. are the service's own");
        return Err(FieldError::new("type", message).into());
    }
    if event_type == EventType::TEST {
        let message = "\"test\" cannot be sent to all; POST /v1/webhooks/{id}/test tests one webhook";
        return Err(FieldError::new("type", message).into());
    }
    let id = id.unwrap_or_else(|| EventId::new(app.clock.now(), app.random.bytes()));
    let data = content::check(event_type, data)?;
    Ok(AcceptEvent { id, event_type, data, occurred_at, relayed: None })
}
