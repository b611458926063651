//! placeholder
use serde::{Deserialize, Serialize};
/// Data.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct EventData(pub serde_json::Map<String, serde_json::Value>);
impl EventData {
    /// Example.
    pub fn example(_: super::event::EventType) -> Self {
        EventData(Default::default())
    }
}
