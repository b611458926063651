//! `GET` and `POST /v1/tokens`, `DELETE /v1/tokens/{id}`

use axum::{
    Json,
    extract::State,
    http::{StatusCode, header},
    response::IntoResponse,
};

use super::{
    AppState,
    auth::{AdminOnly, Caller},
    body::{self, ChangeRequest, Nothing},
    parameters::{Id, Query, page},
    problem::ApiResult,
};
use crate::{
    domain::{
        ids::TokenId,
        name::normalised,
        page::Page,
        query::TokenQuery,
        token::{IssuedToken, NewToken, Token, TokenText},
    },
    service::store::AddToken,
};

/// Creates a token.
///
/// Only this answer contains its text, because the service keeps only a digest. If the same request is sent again with
/// its `Idempotency-Key`, the same token gets a new text and the previous one becomes invalid.
#[utoipa::path(
    post,
    path = "/v1/tokens",
    operation_id = "addToken",
    tag = "tokens",
    security(("token" = ["admin"])),
    request_body = NewToken,
    responses((
        status = 201,
        description = "The new token",
        body = IssuedToken,
        headers(("Location" = String, description = "Its path"))
    ))
)]
pub(super) async fn create(
    caller: Caller<AdminOnly>,
    State(app): State<AppState>,
    ChangeRequest { body: body::Json(new), idempotency_key }: ChangeRequest<body::Json<NewToken>>,
) -> ApiResult<impl IntoResponse> {
    let change = caller.change(idempotency_key);
    let new = new.checked(change.now)?;
    let text = TokenText::generate(&*app.random);
    let add = AddToken { id: TokenId::new(change.now, app.random.bytes()), new, digest: text.digest() };
    let token = app.store.add_token(add, change).await?;
    app.auth.forget_tokens();
    let location = [(header::LOCATION, format!("/v1/tokens/{}", token.id))];
    Ok((StatusCode::CREATED, location, Json(IssuedToken::new(token, text))))
}

/// Lists tokens, newest first, including expired ones.
#[utoipa::path(
    get,
    path = "/v1/tokens",
    operation_id = "listTokens",
    tag = "tokens",
    security(("token" = ["admin"])),
    params(TokenQuery),
    responses((status = 200, description = "A page of tokens", body = Page<Token>))
)]
pub(super) async fn list(
    _: Caller<AdminOnly>,
    State(app): State<AppState>,
    Query(query): Query<TokenQuery>,
) -> ApiResult<Json<Page<Token>>> {
    Ok(Json(app.store.tokens(query.name.map(|name| normalised(&name)), page(query.limit, query.cursor)?).await?))
}

/// Revokes a token: it is deleted and no longer valid.
///
/// This process refuses it at once; another process that serves the same database does so within a second.
#[utoipa::path(
    delete,
    path = "/v1/tokens/{id}",
    operation_id = "revokeToken",
    tag = "tokens",
    security(("token" = ["admin"])),
    params(("id" = TokenId, Path, description = "The token's id")),
    responses((status = 204, description = "It is revoked"))
)]
pub(super) async fn revoke(
    caller: Caller<AdminOnly>,
    State(app): State<AppState>,
    Id(id): Id<TokenId>,
    ChangeRequest { body: Nothing, idempotency_key }: ChangeRequest<Nothing>,
) -> ApiResult<StatusCode> {
    app.store.revoke_token(id, caller.change(idempotency_key)).await?;
    app.auth.forget_tokens();
    Ok(StatusCode::NO_CONTENT)
}
