//! The endpoints that add, find, change, test and delete webhooks. Rules about webhooks belong in `domain` and `store`.

use super::endpoints::{Endpoints, endpoints};

mod create;
mod delete;
mod list;
mod read;
mod secret;
mod test;
mod update;

pub(super) use read::existing;

pub(super) fn endpoints() -> Vec<Endpoints> {
    vec![
        endpoints!(list::list, create::create),
        endpoints!(read::read, update::update, delete::delete),
        endpoints!(test::test),
        endpoints!(secret::read, secret::rotate),
        endpoints!(secret::revoke),
    ]
}
