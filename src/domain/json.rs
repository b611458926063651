//! A JSON object that stays text: it is parsed once for the positions of its fields and written unchanged.

use std::{borrow::Cow, fmt, ops::Range};

use serde::{
    Deserialize, Deserializer, Serialize, Serializer,
    de::{Error, MapAccess, Visitor},
};
use serde_json::{Map, Value, value::RawValue};

use crate::domain::distinct;

/// A JSON object as text. It has no whitespace between its parts, no unnecessary escapes and, after
/// [`JsonObject::parse`], no duplicate fields.
///
/// The order of the fields and all digits of numbers are kept. (Only an exponent is rewritten: `1E5` becomes `1e+5`.)
#[derive(Clone, PartialEq, Eq)]
pub struct JsonObject {
    text: String,
    fields: Vec<Span>,
}

/// The position of a field in the text.
#[derive(Clone, PartialEq, Eq)]
struct Span {
    /// Its name, without the quotes.
    name: Range<usize>,
    value: Range<usize>,
}

/// A value of a [`JsonObject`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum JsonRef<'a> {
    /// `null`
    Null,
    /// `true` or `false`
    Bool(bool),
    /// A number, as it is written.
    Number(&'a str),
    /// A string, as it is written: with its quotes.
    String(&'a str),
    /// An array, as it is written.
    Array(&'a str),
    /// An object, as it is written.
    Object(&'a str),
}

/// The size of a typical event's data in bytes.
const TYPICAL: usize = 1536;

impl JsonObject {
    /// Parses an object and removes its whitespace.
    ///
    /// # Errors
    /// Fails if the text is not a JSON object or has a duplicate field.
    pub fn parse(text: &str) -> serde_json::Result<Self> {
        let mut deserializer = serde_json::Deserializer::from_str(text);
        let object = deserializer.deserialize_map(Fields)?;
        deserializer.end().map(|()| object)
    }

    /// Parses an object and keeps the text: whitespace, escapes and duplicate fields included.
    ///
    /// # Errors
    /// Fails if the text is not a JSON object.
    pub fn verbatim(text: &str) -> serde_json::Result<Self> {
        let mut deserializer = serde_json::Deserializer::from_str(text);
        let fields = deserializer.deserialize_map(Places(text))?;
        deserializer.end().map(|()| JsonObject { text: text.to_owned(), fields })
    }

    /// Builds an object from the fields at these positions, in this order and as they are written. Returns `None` if a
    /// position does not exist.
    pub fn of_places(&self, places: &[usize]) -> Option<Self> {
        let mut object = JsonObject::new();
        for place in places {
            let Span { name, value } = self.fields.get(*place)?;
            object.push_written(&self.text[name.start - 1..=name.end], &self.text[value.clone()]);
        }
        Some(object.close())
    }

    /// Its text.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// How many fields it has.
    pub fn len(&self) -> usize {
        self.fields.len()
    }

    /// Whether it has no fields.
    pub fn is_empty(&self) -> bool {
        self.fields.is_empty()
    }

    /// Returns the value of a field. `name` must not need escapes.
    pub fn get(&self, name: &str) -> Option<JsonRef<'_>> {
        self.finder().get(name)
    }

    /// Returns the values of all fields with this name. `name` must not need escapes.
    #[cfg(feature = "service")]
    pub fn all(&self, name: &str) -> impl Iterator<Item = JsonRef<'_>> {
        self.iter().filter(move |(written, _)| is_named(written, name)).map(|(_, value)| value)
    }

    /// Returns how often a name is there. `name` must not need escapes.
    pub fn count(&self, name: &str) -> usize {
        self.fields.iter().filter(|span| is_named(&self.text[span.name.clone()], name)).count()
    }

    /// Returns a finder for several fields in turn.
    pub fn finder(&self) -> Finder<'_> {
        Finder { object: self, next: 0 }
    }

    /// Returns the fields in their order, with the names as written but without quotes.
    pub fn iter(&self) -> impl Iterator<Item = (&str, JsonRef<'_>)> {
        let of = |span: &Span| (&self.text[span.name.clone()], JsonRef::of(&self.text[span.value.clone()]));
        self.fields.iter().map(of)
    }

    /// The object as a tree.
    pub fn to_value(&self) -> Value {
        JsonRef::Object(&self.text).to_value()
    }

    fn new() -> Self {
        JsonObject { text: String::with_capacity(TYPICAL), fields: Vec::with_capacity(40) }
    }

    /// Appends a field.
    fn push(
        &mut self,
        name: &str,
        value: impl FnOnce(&mut String) -> serde_json::Result<()>,
    ) -> serde_json::Result<()> {
        self.text.push(if self.fields.is_empty() { '{' } else { ',' });
        let name_from = self.text.len() + 1;
        write_string(&mut self.text, name);
        let name = name_from..self.text.len() - 1;
        self.text.push(':');
        let value_from = self.text.len();
        value(&mut self.text)?;
        self.fields.push(Span { name, value: value_from..self.text.len() });
        Ok(())
    }

    /// Appends a field whose name (with quotes) and value are already JSON.
    fn push_written(&mut self, name: &str, value: &str) {
        self.text.push(if self.fields.is_empty() { '{' } else { ',' });
        let name_from = self.text.len();
        self.text.extend([name, ":", value]);
        let end = self.text.len();
        self.fields.push(Span { name: name_from + 1..name_from + name.len() - 1, value: end - value.len()..end });
    }

    fn close(mut self) -> Self {
        self.text.push_str(if self.fields.is_empty() { "{}" } else { "}" });
        self
    }

    /// Returns a duplicate name, if any.
    fn repeated(&self) -> Option<&str> {
        let mut names: Vec<_> = self.iter().map(|(name, _)| name).collect();
        names.sort_unstable();
        names.windows(2).find(|pair| pair[0] == pair[1]).map(|pair| pair[0])
    }
}

/// Finds fields in turn. It is fastest if they are requested in the object's order.
pub struct Finder<'a> {
    object: &'a JsonObject,
    /// The position after the last field that was found.
    next: usize,
}

impl<'a> Finder<'a> {
    /// Returns the value of a field. `name` must not need escapes.
    pub fn get(&mut self, name: &str) -> Option<JsonRef<'a>> {
        let JsonObject { text, fields } = self.object;
        let is_it = |span: &Span| is_named(&text[span.name.clone()], name);
        let (before, after) = fields.split_at(self.next);
        let behind = after.iter().position(is_it).map(|place| self.next + place);
        let place = behind.or_else(|| before.iter().position(is_it))?;
        self.next = place + 1;
        Some(JsonRef::of(&text[fields[place].value.clone()]))
    }
}

/// Whether a name, possibly written with escapes, equals `name`.
fn is_named(written: &str, name: &str) -> bool {
    // An escape is always longer than its character.
    let may_be_escaped = || written.len() > name.len() && written.contains('\\');
    let unescaped = || serde_json::from_str::<String>(&format!("\"{written}\""));
    written == name || may_be_escaped() && unescaped().is_ok_and(|unescaped| unescaped == name)
}

impl<'a> JsonRef<'a> {
    /// Returns the type of a JSON text, which must be valid.
    fn of(text: &'a str) -> Self {
        match text.as_bytes().first() {
            Some(b'"') => JsonRef::String(text),
            Some(b'{') => JsonRef::Object(text),
            Some(b'[') => JsonRef::Array(text),
            Some(b'n') => JsonRef::Null,
            Some(b't') => JsonRef::Bool(true),
            Some(b'f') => JsonRef::Bool(false),
            _ => JsonRef::Number(text),
        }
    }

    /// Returns the name of its type with an article.
    pub fn kind(self) -> &'static str {
        match self {
            JsonRef::Null => "null",
            JsonRef::Bool(_) => "a boolean",
            JsonRef::Number(_) => "a number",
            JsonRef::String(_) => "a string",
            JsonRef::Array(_) => "an array",
            JsonRef::Object(_) => "an object",
        }
    }

    /// Returns the JSON text.
    pub fn json(self) -> &'a str {
        match self {
            JsonRef::Null => "null",
            JsonRef::Bool(true) => "true",
            JsonRef::Bool(false) => "false",
            JsonRef::Number(text) | JsonRef::String(text) | JsonRef::Array(text) | JsonRef::Object(text) => text,
        }
    }

    /// Returns the characters of a string.
    pub fn as_str(self) -> Option<Cow<'a, str>> {
        let JsonRef::String(text) = self else { return None };
        Some(match text[1..text.len() - 1].contains('\\') {
            false => Cow::Borrowed(&text[1..text.len() - 1]),
            true => Cow::Owned(serde_json::from_str(text).unwrap_or_default()),
        })
    }

    /// The value as a tree.
    pub fn to_value(self) -> Value {
        serde_json::from_str(self.json()).unwrap_or_default()
    }
}

/// Writes a JSON text without whitespace. Most values need no change.
fn write_compact(text: &mut String, json: &str) -> serde_json::Result<()> {
    let stays = match JsonRef::of(json) {
        JsonRef::Null | JsonRef::Bool(_) => true,
        JsonRef::String(string) => !string.contains('\\'),
        JsonRef::Number(number) => !number.contains(['e', 'E']),
        JsonRef::Array(_) | JsonRef::Object(_) => false,
    };
    if stays {
        text.push_str(json);
    } else {
        text.push_str(&serde_json::from_str::<Value>(json)?.to_string());
    }
    Ok(())
}

/// Writes a string as JSON.
pub(super) fn write_string(text: &mut String, string: &str) {
    if string.bytes().any(|byte| byte < b' ' || matches!(byte, b'"' | b'\\')) {
        text.push_str(&Value::from(string).to_string());
    } else {
        text.extend(["\"", string, "\""]);
    }
}

/// Parses the fields of an object one by one.
struct Fields;

/// A field's name, borrowed if it has no escapes.
#[derive(Deserialize)]
struct Name<'a>(#[serde(borrow)] Cow<'a, str>);

impl<'de> Visitor<'de> for Fields {
    type Value = JsonObject;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<JsonObject, A::Error> {
        let mut object = JsonObject::new();
        while let Some((Name(name), value)) = map.next_entry::<Name<'de>, &'de RawValue>()? {
            object.push(&name, |text| write_compact(text, value.get())).map_err(placed_elsewhere)?;
            // The value's parser silently drops one of two equal names in a nested object.
            if let Some(path) = distinct::repeated(value.get()) {
                return Err(Error::custom(format_args!("duplicate field `{name}.{path}`")));
            }
        }
        let object = object.close();
        match object.repeated() {
            Some(name) => Err(Error::custom(format_args!("duplicate field `{name}`"))),
            None => Ok(object),
        }
    }
}

/// Finds the positions of an object's fields in this text.
struct Places<'a>(&'a str);

impl Places<'_> {
    fn of(&self, part: &RawValue) -> Range<usize> {
        let from = part.get().as_ptr().addr() - self.0.as_ptr().addr();
        from..from + part.get().len()
    }
}

impl<'de> Visitor<'de> for Places<'de> {
    type Value = Vec<Span>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Vec<Span>, A::Error> {
        let mut fields = Vec::with_capacity(40);
        while let Some((name, value)) = map.next_entry::<&'de RawValue, &'de RawValue>()? {
            let name = self.of(name);
            fields.push(Span { name: name.start + 1..name.end - 1, value: self.of(value) });
        }
        Ok(fields)
    }
}

impl From<Map<String, Value>> for JsonObject {
    fn from(map: Map<String, Value>) -> Self {
        let mut object = JsonObject::new();
        for (name, value) in map {
            // `push` fails only if the closure does.
            let _ = object.push(&name, |text| {
                text.push_str(&value.to_string());
                Ok(())
            });
        }
        object.close()
    }
}

impl fmt::Debug for JsonObject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl Serialize for JsonObject {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        RawValue::from_string(self.text.clone()).map_err(serde::ser::Error::custom)?.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for JsonObject {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let raw = Box::<RawValue>::deserialize(deserializer)?;
        JsonObject::parse(raw.get()).map_err(placed_elsewhere)
    }
}

/// Removes the position from an error: a position within a part is wrong for the whole.
fn placed_elsewhere<E: Error>(error: serde_json::Error) -> E {
    let text = error.to_string();
    E::custom(text.rsplit_once(" at line ").map_or(text.as_str(), |(message, _)| message))
}

#[cfg(test)]
pub(super) mod tests;
