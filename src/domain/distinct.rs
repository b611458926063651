//! Parses JSON objects without duplicate keys: a parser would silently drop one of two values.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
    marker::PhantomData,
};

use serde::{
    Deserialize, Deserializer,
    de::{Error, MapAccess, Visitor},
};
use serde_json::value::RawValue;

use super::patch::Patch;

/// Parses an object; for `#[serde(deserialize_with)]`.
pub fn map<'de, D: Deserializer<'de>, V: Deserialize<'de>>(deserializer: D) -> Result<BTreeMap<String, V>, D::Error> {
    Distinct::deserialize(deserializer).map(|Distinct(map)| map)
}

/// Parses an object, or `null`, of a patch.
pub fn patch<'de, D: Deserializer<'de>, V: Deserialize<'de>>(
    deserializer: D,
) -> Result<Patch<BTreeMap<String, V>>, D::Error> {
    Patch::deserialize(deserializer).map(|patch: Patch<Distinct<V>>| patch.map(|Distinct(map)| map))
}

/// Returns the path of the first duplicate name in one object of a JSON text: `shift.name`, `breaks.0.from`. It
/// recurses as deep as the text, which must be valid JSON.
pub fn repeated(json: &str) -> Option<String> {
    let inside = |name: &str, value: &RawValue| repeated(value.get()).map(|rest| format!("{name}.{rest}"));
    match json.trim_start().as_bytes().first()? {
        b'[' => {
            let items: Vec<&RawValue> = serde_json::from_str(json).ok()?;
            items.iter().enumerate().find_map(|(place, item)| inside(&place.to_string(), item))
        }
        b'{' => {
            let Pairs(pairs) = serde_json::from_str(json).ok()?;
            let mut seen = BTreeSet::new();
            pairs.iter().find_map(|(name, value)| match seen.insert(name.as_str()) {
                true => inside(name, value),
                false => Some(name.clone()),
            })
        }
        _ => None,
    }
}

/// The names and values of an object in their order, duplicates included.
struct Pairs<'a>(Vec<(String, &'a RawValue)>);

impl<'de> Deserialize<'de> for Pairs<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(EachPair)
    }
}

struct EachPair;

impl<'de> Visitor<'de> for EachPair {
    type Value = Pairs<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Pairs<'de>, A::Error> {
        let mut pairs = Vec::new();
        while let Some(pair) = access.next_entry()? {
            pairs.push(pair);
        }
        Ok(Pairs(pairs))
    }
}

struct Distinct<V>(BTreeMap<String, V>);

impl<'de, V: Deserialize<'de>> Deserialize<'de> for Distinct<V> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(Keys(PhantomData))
    }
}

struct Keys<V>(PhantomData<V>);

impl<'de, V: Deserialize<'de>> Visitor<'de> for Keys<V> {
    type Value = Distinct<V>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a map")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Self::Value, A::Error> {
        let mut map = BTreeMap::new();
        while let Some((key, value)) = access.next_entry::<String, V>()? {
            if map.contains_key(&key) {
                return Err(A::Error::custom(format_args!("duplicate field `{key}`")));
            }
            map.insert(key, value);
        }
        Ok(Distinct(map))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_that_stands_twice_is_found_at_every_depth() {
        for (json, path) in [
            (r#"{"a":1,"a":2}"#, Some("a")),
            (r#" {"a":1,"\u0061":2}"#, Some("a")),
            (r#"{"a":{"b":1,"c":{"d":1,"d":1}}}"#, Some("a.c.d")),
            (r#"{"a":[0,[{"b":1},{"b":1,"b":2}]]}"#, Some("a.1.1.b")),
            (r#"[{"":1,"":2}]"#, Some("0.")),
            (r#"{"a":{"a":1},"b":{"a":1}}"#, None),
            (r#"{"a":"{\"b\":1,\"b\":2}"}"#, None),
            (r#"{"A":1,"a":2}"#, None),
            ("[]", None),
            ("1e400", None),
            ("", None),
        ] {
            assert_eq!(repeated(json).as_deref(), path, "{json}");
        }
    }
}
