//! The caller of a request and what its token allows.

use std::sync::Arc;

use crate::{
    domain::{problem::ProblemCode, time::Timestamp, token::Scope},
    service::{
        http::problem::{ApiError, ApiResult},
        store::Actor,
    },
};

/// A caller and what its token allows.
#[derive(Clone)]
pub(super) struct Identity {
    pub actor: Actor,
    pub scopes: Arc<[Scope]>,
    pub expires_at: Option<Timestamp>,
}

impl Identity {
    /// A caller who may do everything, without end.
    pub fn whole(actor: Actor) -> Self {
        Identity { actor, scopes: Arc::new([Scope::Admin]), expires_at: None }
    }

    /// Fails with 403 and names the first missing scope, if one is missing.
    pub fn check(&self, needed: &[Scope]) -> ApiResult<()> {
        let has = |needed: &Scope| self.scopes.iter().any(|scope| scope.includes(*needed));
        match needed.iter().find(|needed| !has(needed)) {
            None => Ok(()),
            Some(missing) => {
                let has = self.scopes.iter().map(|scope| scope.as_str()).collect::<Vec<_>>().join(", ");
                let detail = format!("the token lacks the scope {missing}; it has {has}");
                Err(ApiError::new(ProblemCode::MissingScope, detail))
            }
        }
    }
}
