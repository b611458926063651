//! `GET /v1/events`

use axum::{Json, extract::State};

use crate::{
    domain::{
        event_page::EventPage,
        payload::{LONGEST_PERSON, Person},
        query::EventQuery,
    },
    service::http::{
        AppState,
        auth::{Caller, WebhooksRead},
        parameters::{Query, page, window},
        problem::{ApiError, ApiResult},
    },
};

/// Lists events, newest first, or searches them for a person.
///
/// They come without their data and deliveries, unless `data` is true. With `user`, the data of every event is looked
/// at: the fields `userId`, `userFullName`, `userFirstName` with `userLastName`, `userEmployeeNumber`,
/// `userCardNumber` and `emailAddress`, and the person's id in `clockingSequenceId` and `clockingPairId`, in events of
/// any type. A page looks at a bounded number of events: follow `next` until it is null, also after a page without
/// events, and add up `lookedAt`, which also counts the events whose data is no longer kept.
#[utoipa::path(
    get,
    path = "/v1/events",
    operation_id = "listEvents",
    tag = "events",
    security(("token" = ["webhooks:read"])),
    params(EventQuery),
    responses((status = 200, description = "A page of events", body = EventPage))
)]
pub(in crate::service::http) async fn list(
    _: Caller<WebhooksRead>,
    State(app): State<AppState>,
    Query(mut query): Query<EventQuery>,
) -> ApiResult<Json<EventPage>> {
    window(query.since, query.until)?;
    let page = page(query.limit, query.cursor.take())?;
    if query.user.as_deref().is_some_and(|user| Person::of(user).is_none()) {
        let message = format!("must have 1 to {LONGEST_PERSON} characters that are no blanks");
        return Err(ApiError::bad_parameter("user", message));
    }
    if query.user.is_some() || query.data == Some(true) {
        return Ok(Json(app.store.search_events(query, page).await?));
    }
    Ok(Json(app.store.events(query, page).await?.into()))
}
