//! Webhooks: adding, finding, changing, testing and deleting them.

use utoipa_axum::{router::OpenApiRouter, routes};

use super::AppState;

mod create;
mod delete;
mod list;
mod read;
mod secret;
mod test;
mod update;

pub(super) use read::existing;

pub(super) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(list::list, create::create))
        .routes(routes!(read::read, update::update, delete::delete))
        .routes(routes!(test::test))
        .routes(routes!(secret::read, secret::rotate))
        .routes(routes!(secret::revoke))
}
