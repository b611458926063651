//! What routes need: each is a type, so that a handler's signature says it.

use crate::domain::token::Scope;

/// What a caller's token must be allowed.
pub(in crate::service::http) trait Need: Send + Sync + 'static {
    /// Every one of these.
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
    /// Any token at all.
    AnyToken = [];
    /// To see webhooks and their history.
    WebhooksRead = [Scope::WebhooksRead];
    /// To change webhooks and what is delivered to them.
    WebhooksWrite = [Scope::WebhooksWrite];
    /// To see secrets.
    SecretsRead = [Scope::SecretsRead];
    /// To replace a secret: that changes the webhook, and the answer shows the new one.
    SecretRotation = [Scope::WebhooksWrite, Scope::SecretsRead];
    /// To send events.
    EventsWrite = [Scope::EventsWrite];
    /// To administer the service itself.
    AdminOnly = [Scope::Admin];
}
