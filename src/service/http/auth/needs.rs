//! The scopes that handlers need. Each is a type, so that a handler's signature names it.

use crate::domain::token::Scope;

/// The scopes that a caller's token must have.
pub(in crate::service::http) trait Need: Send + Sync + 'static {
    /// All of these are needed.
    const SCOPES: &'static [Scope];
}

macro_rules! needs {
    ($($(#[$doc:meta])* $name:ident = $scopes:expr;)+) => {
        $(
            $(#[$doc])*
            pub(in crate::service::http) struct $name;

            impl Need for $name {
                const SCOPES: &'static [Scope] = &$scopes;
            }
        )+
    };
}

needs! {
    /// Needs any valid token.
    AnyToken = [];
    /// Needed to see webhooks and their history.
    WebhooksRead = [Scope::WebhooksRead];
    /// Needed to change webhooks and what is delivered to them.
    WebhooksWrite = [Scope::WebhooksWrite];
    /// Needed to see secrets.
    SecretsRead = [Scope::SecretsRead];
    /// Needed to replace a secret, which changes the webhook and shows the new secret.
    SecretRotation = [Scope::WebhooksWrite, Scope::SecretsRead];
    /// Needed to see sources and what came to them.
    SourcesRead = [Scope::SourcesRead];
    /// Needed to change sources.
    SourcesWrite = [Scope::SourcesWrite];
    /// Needed to send events.
    EventsWrite = [Scope::EventsWrite];
    /// Needed to administer the service itself.
    AdminOnly = [Scope::Admin];
}
