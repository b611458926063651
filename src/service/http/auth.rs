//! Decides who may call the API. Requests within the process need no token. Over HTTP the admin token allows
//! everything, and every other token what its scopes name. A handler's signature says what it needs:
//! `Caller<WebhooksRead>`.

mod caller;
mod gate;
mod identity;
mod needs;
mod rate_limit;
mod token_cache;

pub(super) use caller::Caller;
pub use gate::Auth;
pub(super) use needs::{
    AdminOnly, AnyToken, EventsWrite, SecretRotation, SecretsRead, SourcesRead, SourcesWrite, WebhooksRead,
    WebhooksWrite,
};
