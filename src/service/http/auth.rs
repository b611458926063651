//! Who may ask: nobody needs a token inside the process; over HTTP the admin token opens everything, and each other
//! token what its scopes say. What a route needs stands in its signature: `Caller<WebhooksRead>`.

mod caller;
mod gate;
mod identity;
mod known;
mod needs;
mod pace;

pub(super) use caller::Caller;
pub use gate::Auth;
pub(super) use needs::{AdminOnly, AnyToken, EventsWrite, SecretRotation, SecretsRead, WebhooksRead, WebhooksWrite};
