//! Who is asking, and what for.

use std::sync::Arc;

use crate::{
    domain::{problem::ProblemCode, time::Timestamp, token::Scope},
    service::{
        http::problem::{Answer, ApiError},
        store::Actor,
    },
};

/// Who is asking, and what for.
#[derive(Clone)]
pub(super) struct Identity {
    pub actor: Actor,
    pub scopes: Arc<[Scope]>,
    pub expires_at: Option<Timestamp>,
}

impl Identity {
    /// Somebody who may do everything, always.
    pub fn whole(actor: Actor) -> Self {
        Identity { actor, scopes: Arc::new([Scope::Admin]), expires_at: None }
    }

    /// Fails with 403, and names the first scope that is missing.
    pub fn check(&self, needed: &[Scope]) -> Answer<()> {
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
