//! Who is asking: what the service knows of the caller's token.

use serde::{Deserialize, Serialize};

/// The caller, as the service sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "service", derive(utoipa::ToSchema))]
pub struct Me {
    /// What the caller's token is called.
    pub name: String,
    /// What it may do: `admin` is everything.
    pub scopes: Vec<String>,
}
