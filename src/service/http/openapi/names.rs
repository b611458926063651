//! Sets of names, such as event types: closed where a caller sends one, open where the service answers with one.
//!
//! A later service may answer with names that this one does not have, and a client generated from a closed set would
//! fail at the first of them. So the set in an answer is a text whose known values are listed, as `x-extensible-enum`
//! for programs. What a caller sends must be in the set: its schema is a separate one, called `…Input`.

use std::collections::BTreeSet;

use serde_json::Value;
use utoipa::openapi::{
    OpenApi, RefOr,
    extensions::Extensions,
    path::{Operation, Parameter},
    schema::{Object, Schema},
};

use super::walk;

/// The end of the name of every schema that callers send.
pub(super) const INPUT: &str = "Input";

/// Makes a closed schema of each set that callers send, and opens the sets in answers.
pub(super) fn split(document: &mut OpenApi) {
    let sent = refer_to_inputs(document);
    let schemas = &mut document.components.get_or_insert_default().schemas;
    let mut answered = BTreeSet::new();
    for schema in schemas.values_mut() {
        walk::each(schema, &mut |it| {
            answered.extend(if let RefOr::Ref(reference) = it {
                Some(walk::target(reference).to_owned())
            } else {
                None
            });
        });
    }
    for name in sets(schemas.iter()) {
        let Some(RefOr::T(Schema::Object(set))) = schemas.remove(&name) else { continue };
        if sent.contains(&name) {
            schemas.insert(format!("{name}{INPUT}"), RefOr::T(Schema::Object(closed(&name, set.clone()))));
        }
        if answered.contains(&name) {
            schemas.insert(name, RefOr::T(Schema::Object(open(set))));
        }
    }
}

/// The names of the schemas that are sets of names.
fn sets<'a>(schemas: impl Iterator<Item = (&'a String, &'a RefOr<Schema>)>) -> BTreeSet<String> {
    let is_set = |schema: &RefOr<Schema>| matches!(schema, RefOr::T(Schema::Object(it)) if it.enum_values.is_some());
    schemas.filter(|(_, schema)| is_set(schema)).map(|(name, _)| name.clone()).collect()
}

/// Makes parameters and inputs refer to the closed schemas. Returns the names of the sets that they use.
fn refer_to_inputs(document: &mut OpenApi) -> BTreeSet<String> {
    let schemas = &mut document.components.get_or_insert_default().schemas;
    let sets = sets(schemas.iter());
    let mut sent = BTreeSet::new();
    let mut refer = |schema: &mut RefOr<Schema>| {
        let RefOr::Ref(reference) = schema else { return };
        let name = walk::target(reference).to_owned();
        if sets.contains(&name) {
            walk::lead_to(reference, &format!("{name}{INPUT}"));
            sent.insert(name);
        }
    };
    for (_, schema) in schemas.iter_mut().filter(|(name, _)| name.ends_with(INPUT)) {
        walk::each(schema, &mut refer);
    }
    for item in document.paths.paths.values_mut() {
        let slots = [&mut item.get, &mut item.put, &mut item.post, &mut item.delete, &mut item.patch];
        for schema in slots.into_iter().flatten().flat_map(parameters).filter_map(|it| it.schema.as_mut()) {
            walk::each(schema, &mut refer);
        }
    }
    sent
}

fn parameters(operation: &mut Operation) -> impl Iterator<Item = &mut Parameter> {
    operation.parameters.iter_mut().flatten().filter_map(|parameter| match parameter {
        RefOr::T(parameter) => Some(parameter),
        RefOr::Ref(_) => None,
    })
}

/// The set that callers send. Its members get names for generators, because two sets share members and some languages
/// would declare the same constant twice.
fn closed(name: &str, mut set: Object) -> Object {
    let names: Vec<_> = values(&set).map(|value| constant(name, value)).collect();
    set.extensions = Some(Extensions::from_iter([("x-enum-varnames", names)]));
    set
}

/// The set in answers.
fn open(mut set: Object) -> Object {
    let known: Vec<_> = values(&set).map(|value| format!("`{value}`")).collect();
    let more = format!("Known values: {}. A later service may answer with others.", known.join(", "));
    set.description = Some(set.description.map_or(more.clone(), |about| format!("{about}\n\n{more}")));
    let known = set.enum_values.take().unwrap_or_default();
    set.extensions = Some(Extensions::from_iter([("x-extensible-enum", known)]));
    set
}

fn values(set: &Object) -> impl Iterator<Item = &str> {
    set.enum_values.iter().flatten().filter_map(Value::as_str)
}

/// Makes `EVENT_TYPE_USER_INSERTED` of `EventType` and `user.inserted`.
fn constant(set: &str, value: &str) -> String {
    let mut constant = String::new();
    for c in set.chars() {
        if c.is_uppercase() && !constant.is_empty() {
            constant.push('_');
        }
        constant.push(c.to_ascii_uppercase());
    }
    let value = value.replace('*', "all");
    let value: String =
        value.chars().map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_uppercase() } else { '_' }).collect();
    format!("{constant}_{value}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn constants_of_two_sets_differ() {
        assert_eq!(constant("EventType", "user.inserted"), "EVENT_TYPE_USER_INSERTED");
        assert_eq!(constant("EventFilter", "*"), "EVENT_FILTER_ALL");
        assert_eq!(constant("EventFilter", "user.*"), "EVENT_FILTER_USER_ALL");
        assert_eq!(constant("WebhookSort", "error-rate"), "WEBHOOK_SORT_ERROR_RATE");
    }
}
