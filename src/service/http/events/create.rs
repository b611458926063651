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
            body::{Change, Json},
            problem::Answer,
        },
        store::AcceptEvent,
    },
};

/// Takes an event in.
///
/// The answer comes when the event and a delivery for each enabled webhook that wants it are durable; they are sent
/// afterwards. `data` has the field names of `v1`: known fields are checked for their JSON type, missing ones go out as
/// `null`, and everything is passed on with the characters it came in. Unknown fields, and texts in another form than
/// TimeMoto's (a time zone's spelling, say), are named in the answer's `warnings`. A type that is not known is taken just as
/// well, with any data; `test` and what begins with `tmhooks.` are not. The same `id` with the same content is answered as
/// the first time.
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
    Change { body: Json(new), once }: Change<Json<NewEvent>>,
) -> Answer<impl IntoResponse> {
    let mut warnings = payload::warnings(new.event_type, &new.data);
    warnings.extend(unlike_known(new.event_type));
    let event = checked(&app, new)?;
    let accepted = app.store.accept_event(event, caller.change(once)).await?;
    let accepted = AcceptedEvent { warnings, ..accepted };
    let location = [(header::LOCATION, format!("/v1/events/{}", accepted.id))];
    Ok((StatusCode::ACCEPTED, location, axum::Json(accepted)))
}

/// A type that is not known, and looks like one that is.
fn unlike_known(event_type: EventType) -> Option<FieldError> {
    let meant = event_type.suggestion(&[]).filter(|_| event_type.known().is_none())?;
    Some(FieldError::new("type", format!("{event_type} is no known type, and is sent as it is; {meant}")))
}

fn checked(app: &AppState, new: NewEvent) -> Answer<AcceptEvent> {
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
    Ok(AcceptEvent { id, source: 0, event_type, data, occurred_at })
}
