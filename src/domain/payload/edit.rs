//! What `--set`, `--unset` and `--data` do to an event's data before it is checked.
//!
//! A path is a list of names with dots between them: `comment`, `shift.breaks.0`. It cannot name a field whose own name
//! holds a dot; `--data` can set such a field.

use serde_json::{Map, Value};

use super::data::{MAX_LEVELS, takes_text};

/// The reason why data could not be changed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EditError {
    /// There is no `=` between path and value.
    #[error("\"{0}\" sets nothing: write field=value, such as clockingType=Out")]
    NoValue(String),
    /// A name in the path is missing, as in `a..b`.
    #[error("\"{0}\" names no field: write a name, or names with dots between, such as shift.name")]
    EmptyName(String),
    /// The path goes deeper than data may be nested.
    #[error("the path goes too deep: data may have at most {MAX_LEVELS} levels")]
    TooDeep,
    /// The path leads through a value that holds no fields.
    #[error("cannot go on to \"{path}\": {parent} is {found}, not an object or an array")]
    NoContainer {
        /// The path as far as it was followed.
        path: String,
        /// The part of the path before its last name.
        parent: String,
        /// The kind of value that was found there.
        found: &'static str,
    },
    /// The index into an array is not a number from 0 to the array's length.
    #[error("\"{path}\" is no place in {parent}, an array of {length}: count from 0")]
    NoSuchPlace {
        /// The path as far as it was followed.
        path: String,
        /// The part of the path before its last name.
        parent: String,
        /// How many items the array has.
        length: usize,
    },
    /// There is nothing to remove.
    #[error("there is no \"{0}\" to remove")]
    NotThere(String),
    /// The change is not an object of fields.
    #[error("data is an object of fields, not {0}")]
    NotAnObject(&'static str),
}

/// Splits `path=value` at its first `=`.
///
/// # Errors
/// Fails if there is no `=`.
pub fn assignment(text: &str) -> Result<(&str, &str), EditError> {
    text.split_once('=').ok_or_else(|| EditError::NoValue(text.to_owned()))
}

/// Sets the value at `path` and creates missing objects on the way, also in place of `null`. In an array, a number
/// names an item; the array's length appends one.
///
/// `text` is read as JSON if it is valid JSON, or else as a string. A known text field reads it as a string unless it
/// is `null` or a JSON string, so that `userCardNumber=815` sets the string "815".
///
/// # Errors
/// Fails if the path is malformed or too deep, or leads through a value without fields or past the end of an array.
pub fn set(data: &mut Value, path: &str, text: &str) -> Result<(), EditError> {
    let names = names(path)?;
    let mut place = data;
    for (depth, name) in names.iter().enumerate() {
        place = step(place, name, Parents(&names[..depth]))?;
    }
    *place = value_of(path, text);
    Ok(())
}

/// Removes the value at `path`. Receivers still get a known field, as `null`.
///
/// # Errors
/// Fails if the path is malformed or leads to nothing.
pub fn unset(data: &mut Value, path: &str) -> Result<(), EditError> {
    let names = names(path)?;
    let removed = names.split_last().and_then(|(last, parents)| {
        let parent = parents.iter().try_fold(data, |place, name| child(place, name))?;
        remove(parent, last)
    });
    removed.map(drop).ok_or_else(|| EditError::NotThere(path.to_owned()))
}

/// Replaces each field of `data` that `patch` also has, and adds the others. Nested objects are not merged, and `null`
/// is a value: nothing is removed.
///
/// # Errors
/// Fails if one of the two is not an object.
pub fn merge(data: &mut Value, patch: Value) -> Result<(), EditError> {
    let fields = data.as_object_mut().ok_or(EditError::NotAnObject("what it was merged into"))?;
    match patch {
        Value::Object(patch) => fields.extend(patch),
        other => return Err(EditError::NotAnObject(noun(&other))),
    }
    Ok(())
}

fn names(path: &str) -> Result<Vec<&str>, EditError> {
    let names: Vec<&str> = path.split('.').take(MAX_LEVELS + 1).collect();
    if names.len() > MAX_LEVELS {
        return Err(EditError::TooDeep);
    }
    if names.contains(&"") { Err(EditError::EmptyName(path.to_owned())) } else { Ok(names) }
}

fn value_of(path: &str, text: &str) -> Value {
    match serde_json::from_str(text) {
        Ok(value @ (Value::Null | Value::String(_))) => value,
        Ok(value) if !takes_text(path) => value,
        _ => Value::from(text),
    }
}

/// The names on the path so far, for errors.
struct Parents<'a>(&'a [&'a str]);

impl Parents<'_> {
    fn name(&self) -> String {
        if self.0.is_empty() { "data".to_owned() } else { format!("\"{}\"", self.0.join(".")) }
    }

    fn then(&self, name: &str) -> String {
        self.0.iter().copied().chain([name]).collect::<Vec<_>>().join(".")
    }
}

/// Returns the value called `name` inside `container`, created if it is missing.
fn step<'a>(container: &'a mut Value, name: &str, parents: Parents<'_>) -> Result<&'a mut Value, EditError> {
    if container.is_null() {
        *container = Value::Object(Map::new());
    }
    match container {
        Value::Object(map) => Ok(map.entry(name).or_insert(Value::Null)),
        Value::Array(items) => {
            let length = items.len();
            let outside = || EditError::NoSuchPlace { path: parents.then(name), parent: parents.name(), length };
            let index = name.parse::<usize>().ok().filter(|index| *index <= length).ok_or_else(outside)?;
            if index == length {
                items.push(Value::Null);
            }
            Ok(&mut items[index])
        }
        other => Err(EditError::NoContainer { path: parents.then(name), parent: parents.name(), found: noun(other) }),
    }
}

fn child<'a>(container: &'a mut Value, name: &str) -> Option<&'a mut Value> {
    match container {
        Value::Object(map) => map.get_mut(name),
        Value::Array(items) => items.get_mut(name.parse::<usize>().ok()?),
        _ => None,
    }
}

fn remove(container: &mut Value, name: &str) -> Option<Value> {
    match container {
        Value::Object(map) => map.shift_remove(name),
        Value::Array(items) => {
            let index = name.parse().ok().filter(|index| *index < items.len())?;
            Some(items.remove(index))
        }
        _ => None,
    }
}

fn noun(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "a string",
        Value::Array(_) => "an array",
        Value::Object(_) => "an object",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn after_set(mut data: Value, path: &str, text: &str) -> Value {
        set(&mut data, path, text).unwrap();
        data
    }

    #[test]
    fn text_is_json_where_it_can_be() {
        let of = |text| after_set(json!({}), "x", text)["x"].clone();
        assert_eq!(of("12"), json!(12));
        assert_eq!(of("null"), Value::Null);
        assert_eq!(of(r#"{"b":[1]}"#), json!({"b": [1]}));
        assert_eq!(of(r#""12""#), json!("12"));
        assert_eq!(of("Out"), json!("Out"));
        assert_eq!(of("0815"), json!("0815"));
        assert_eq!(of(""), json!(""));
        assert_eq!(of("-9223372036854775809").to_string(), "-9223372036854775809");
    }

    #[test]
    fn a_known_field_of_text_stays_text() {
        assert_eq!(after_set(json!({}), "userCardNumber", "815"), json!({"userCardNumber": "815"}));
        assert_eq!(after_set(json!({}), "userCardNumber", "null"), json!({"userCardNumber": null}));
        assert_eq!(after_set(json!({}), "userCardNumber", "\"815\""), json!({"userCardNumber": "815"}));
        assert_eq!(after_set(json!({}), "planningId", "815"), json!({"planningId": 815}));
        assert_eq!(after_set(json!({}), "x.userCardNumber", "815"), json!({"x": {"userCardNumber": 815}}));
    }

    #[test]
    fn paths_walk_objects_and_arrays_and_make_what_is_missing() {
        assert_eq!(after_set(json!({"z": 1}), "a.b.c", "2"), json!({"z": 1, "a": {"b": {"c": 2}}}));
        assert_eq!(after_set(json!({"a": null}), "a.0", "2"), json!({"a": {"0": 2}}));
        assert_eq!(after_set(json!({"a": [1, {"b": 2}]}), "a.1.b", "3"), json!({"a": [1, {"b": 3}]}));
        assert_eq!(after_set(json!({"a": [1]}), "a.1", "2"), json!({"a": [1, 2]}));
    }

    #[test]
    fn errors_say_where_and_why() {
        let fails = |mut data: Value, path: &str| set(&mut data, path, "1").unwrap_err().to_string();
        assert_eq!(
            fails(json!({"a": {"b": "x"}}), "a.b.c"),
            "cannot go on to \"a.b.c\": \"a.b\" is a string, not an object or an array"
        );
        assert_eq!(fails(json!({"a": [1]}), "a.2"), "\"a.2\" is no place in \"a\", an array of 1: count from 0");
        assert_eq!(fails(json!(3), "a"), "cannot go on to \"a\": data is a number, not an object or an array");
        for path in ["", ".", "a.", "a..b"] {
            assert!(fails(json!({}), path).contains("names no field"), "{path}");
        }
        assert_eq!(set(&mut json!({}), &vec!["a"; 100_000].join("."), "1"), Err(EditError::TooDeep));
        assert_eq!(assignment("comment"), Err(EditError::NoValue("comment".to_owned())));
        assert_eq!(assignment("a=b=c"), Ok(("a", "b=c")));
    }

    #[test]
    fn unset_removes_and_keeps_the_order() {
        let mut data = json!({"a": 1, "b": {"c": [1, 2]}, "d": 4});
        unset(&mut data, "a").unwrap();
        unset(&mut data, "b.c.0").unwrap();
        assert_eq!(data.to_string(), r#"{"b":{"c":[2]},"d":4}"#);
        for path in ["a", "b.x", "b.c.1", "d.e", "b.c.x"] {
            assert_eq!(unset(&mut data, path), Err(EditError::NotThere(path.to_owned())));
        }
    }

    #[test]
    fn merge_replaces_whole_fields_and_null_is_a_value() {
        let mut data = json!({"a": {"x": 1}, "b": 2});
        merge(&mut data, json!({"c": 3, "a": {"y": 2}, "b": null})).unwrap();
        assert_eq!(data.to_string(), r#"{"a":{"y":2},"b":null,"c":3}"#);
        assert_eq!(merge(&mut data, json!([1])).unwrap_err().to_string(), "data is an object of fields, not an array");
    }
}
