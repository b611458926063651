//! Who is asking: what the service knows of the caller's token.

use serde::{Deserialize, Serialize};

use super::{ids::TokenId, time::Timestamp};

/// The caller, as the service sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "service", derive(utoipa::ToSchema))]
pub struct Me {
    /// What the caller's token is called: `admin` for the admin token, `local` for a process that has the database.
    pub name: String,
    /// The token's id; null for `admin` and `local`, which are no token of the list.
    #[serde(default)]
    pub token_id: Option<TokenId>,
    /// What it may do: `admin` is everything.
    pub scopes: Vec<String>,
    /// When it ends; null: never.
    #[serde(default)]
    pub expires_at: Option<Timestamp>,
}
