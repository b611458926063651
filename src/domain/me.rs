//! What the service knows about the caller's token.

use serde::{Deserialize, Serialize};

use super::{ids::TokenId, time::Timestamp};

/// The caller of the API.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "service", derive(utoipa::ToSchema))]
pub struct Me {
    /// The name of the caller's token: `admin` for the admin token, `local` for a process with access to the database.
    pub name: String,
    /// The token's id; null for `admin` and `local`, which are not in the list of tokens.
    #[serde(default)]
    pub token_id: Option<TokenId>,
    /// The allowed scopes: `admin` allows everything.
    pub scopes: Vec<String>,
    /// When it expires; null if it never does.
    #[serde(default)]
    pub expires_at: Option<Timestamp>,
}
