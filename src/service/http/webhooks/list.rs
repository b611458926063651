//! `GET /v1/webhooks`

use axum::{Json, extract::State};

use crate::{
    domain::{name::normalised, page::Page, query::WebhookQuery, webhook::Webhook},
    service::http::{
        AppState,
        auth::{Caller, WebhooksRead},
        parameters::{Query, page},
        problem::ApiResult,
    },
};

/// Lists webhooks, newest first unless `sort` says otherwise.
#[utoipa::path(
    get,
    path = "/v1/webhooks",
    operation_id = "listWebhooks",
    tag = "webhooks",
    security(("token" = ["webhooks:read"])),
    params(WebhookQuery),
    responses((status = 200, description = "A page of webhooks", body = Page<Webhook>))
)]
pub(in crate::service::http) async fn list(
    _: Caller<WebhooksRead>,
    State(app): State<AppState>,
    Query(mut query): Query<WebhookQuery>,
) -> ApiResult<Json<Page<Webhook>>> {
    // Stored names are normalised, so the query must be, too.
    query.name = query.name.map(|name| normalised(&name));
    query.search = query.search.map(|text| normalised(&text));
    let page = page(query.limit, query.cursor.take())?;
    Ok(Json(app.store.webhooks(query, page, app.clock.now()).await?))
}
