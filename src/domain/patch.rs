//! Fields of a `PATCH`, which distinguish absent, null and a value.

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A field that may be left as it is, cleared, or set.
///
/// Put `#[serde(default, skip_serializing_if = "Patch::is_absent")]` on the field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Patch<T> {
    /// The field is not in the request and stays unchanged.
    #[default]
    Absent,
    /// The field is `null` and is cleared.
    Null,
    /// The field is set to this value.
    Value(T),
}

impl<T> Patch<T> {
    /// Whether the field is absent.
    pub fn is_absent(&self) -> bool {
        matches!(self, Patch::Absent)
    }

    /// Borrows the value.
    pub fn as_ref(&self) -> Patch<&T> {
        match self {
            Patch::Absent => Patch::Absent,
            Patch::Null => Patch::Null,
            Patch::Value(value) => Patch::Value(value),
        }
    }

    /// Converts the value.
    pub fn map<U>(self, change: impl FnOnce(T) -> U) -> Patch<U> {
        match self {
            Patch::Absent => Patch::Absent,
            Patch::Null => Patch::Null,
            Patch::Value(value) => Patch::Value(change(value)),
        }
    }

    /// Applies the change to a field that has a default: `null` goes back to it.
    pub fn apply_to(self, field: &mut Option<T>) {
        match self {
            Patch::Absent => {}
            Patch::Null => *field = None,
            Patch::Value(value) => *field = Some(value),
        }
    }

    /// Sets a value if there is one, or else changes nothing.
    pub fn from_option(value: Option<T>) -> Self {
        value.map_or(Patch::Absent, Patch::Value)
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Patch<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Option::<T>::deserialize(deserializer)?.map_or(Patch::Null, Patch::Value))
    }
}

impl<T: Serialize> Serialize for Patch<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Patch::Absent | Patch::Null => serializer.serialize_none(),
            Patch::Value(value) => value.serialize(serializer),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    struct Holder {
        #[serde(default, skip_serializing_if = "Patch::is_absent")]
        pin: Patch<u8>,
    }

    #[test]
    fn absent_null_and_a_value_are_told_apart() {
        for (json, pin) in [("{}", Patch::Absent), (r#"{"pin":null}"#, Patch::Null), (r#"{"pin":2}"#, Patch::Value(2))]
        {
            let holder: Holder = serde_json::from_str(json).unwrap();
            assert_eq!(holder, Holder { pin });
            assert_eq!(serde_json::to_string(&holder).unwrap(), json);
        }
    }
}
