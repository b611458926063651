//! The bounds of what the service accepts, as far as a schema can express them: limits, patterns, numbers of entries.
//!
//! The service also refuses, with a message, what no schema can express: a window that ends before it begins, an end in
//! the past, an address that this service does not deliver to, a cursor that no page contained.

use serde_json::Value;
use utoipa::{
    Number,
    openapi::{
        Components, Content, RefOr,
        path::{Parameter, ParameterBuilder, ParameterIn},
        schema::{AdditionalProperties, Array, Object, ObjectBuilder, Schema, SchemaType, Type},
    },
};

use super::walk;
use crate::{
    domain::{
        name::LONGEST_NAME,
        page::Limit,
        payload::LONGEST_PERSON,
        recovery::{HIGHEST_RATE, LOWEST_RATE},
        secret::RotateSecret,
        webhook::{LONGEST_HEADER_VALUE, LONGEST_URL, MOST_HEADERS},
    },
    service::http::conditions::LONGEST_KEY,
};

/// Either an `ETag` of this service or `*`.
const IF_MATCH: &str = r#"^(\*|"[0-9]{1,18}")$"#;
const VISIBLE_ASCII: &str = "^[!-~]+$";
/// One line without blanks around it.
const SENDER_SECRET: &str = r"^[!-~]([ -~]*[!-~])?$";
const SECRET: &str = "^tmkey_[A-Za-z0-9]{32}$";
/// A field name as RFC 9110 defines it.
const HEADER_NAME: &str = "^[!#$%&'*+.^_`|~0-9A-Za-z-]+$";
const HEADER_VALUE: &str = r"^[\t -~]*$";
/// An absolute URL with a host, without a user and a fragment.
const URL: &str =
    r"^[Hh][Tt][Tt][Pp][Ss]?://[^\s\u0000-\u001f\u007f-\u009f/?#@\\]+([/?][^\s#\u0000-\u001f\u007f-\u009f]*)?$";
/// Characters without a width of their own, as in `domain`, but only those of the first Unicode plane.
const INVISIBLE: &str = r"\u0000-\u001f\u007f-\u009f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff0-\ufffb";

/// Sets the bounds of all schemas that callers send.
pub(super) fn set(components: &mut Components) {
    for name in ["WebhookInput", "WebhookPatchInput"] {
        let Some(webhook) = walk::object(components, name) else { continue };
        change(webhook, "name", |name| a_name(name, "[Ww][Hh]_"));
        change(webhook, "url", |url| {
            text(url, LONGEST_URL, URL);
            url.examples = vec![Value::from("https://payroll.example.com/hooks")];
        });
        change(webhook, "headers", headers);
        change_array(webhook, "events", |events| (events.min_items, events.unique_items) = (Some(1), true));
        change_array(webhook, "sources", |sources| (sources.min_items, sources.unique_items) = (Some(1), true));
        change(webhook, "secret", |secret| secret.pattern = Some(SECRET.to_owned()));
    }
    for name in ["SourceInput", "SourcePatchInput"] {
        let Some(source) = walk::object(components, name) else { continue };
        change(source, "name", |name| {
            a_name(name, "[Ss][Rr][Cc]_");
            // Names stand in lists, with commas between them.
            name.pattern = name.pattern.take().map(|pattern| pattern.replace(INVISIBLE, &format!("{INVISIBLE},")));
        });
        change(source, "secret", |secret| secret.pattern = Some(SENDER_SECRET.to_owned()));
        change(source, "expectWithinSeconds", |within| between(within, 60.into(), 7_776_000.into()));
    }
    if let Some(token) = walk::object(components, "TokenInput") {
        let reserved = r"([Aa][Dd][Mm][Ii][Nn]|[Ss][Ee][Rr][Vv][Ii][Cc][Ee]|[Ll][Oo][Cc][Aa][Ll])\s*$";
        change(token, "name", |name| a_name(name, reserved));
        change_array(token, "scopes", |scopes| scopes.min_items = Some(1));
    }
    if let Some(rotation) = walk::object(components, "RotationInput") {
        let longest = RotateSecret::LONGEST_OVERLAP_SECONDS;
        change(rotation, "overlapSeconds", |overlap| between(overlap, 0.into(), longest.into()));
    }
    if let Some(recovery) = walk::object(components, "RecoveryInput") {
        change(recovery, "rate", |rate| between(rate, LOWEST_RATE.into(), HIGHEST_RATE.into()));
    }
    if let Some(RefOr::Ref(sent)) = walk::object(components, "EventInput").and_then(|it| it.properties.get_mut("type"))
    {
        walk::lead_to(sent, "SendableEventType");
    }
}

/// Sets the bounds of a parameter.
pub(super) fn set_parameter(parameter: &mut Parameter) {
    if let Some(example) = example(&parameter.name) {
        *parameter = ParameterBuilder::from(parameter.clone()).example(Some(Value::from(example))).build();
    }
    let Some(RefOr::T(Schema::Object(schema))) = parameter.schema.as_mut() else { return };
    match (&parameter.parameter_in, parameter.name.as_str()) {
        (ParameterIn::Query, "limit") => between(schema, 1.into(), u32::from(Limit::MOST).into()),
        (ParameterIn::Query, "user") => text(schema, LONGEST_PERSON, r"\S"),
        (ParameterIn::Header, "Idempotency-Key") => text(schema, LONGEST_KEY, VISIBLE_ASCII),
        (ParameterIn::Header, "If-Match") => {
            schema.schema_type = SchemaType::Type(Type::String);
            schema.pattern = Some(IF_MATCH.to_owned());
        }
        _ => {}
    }
}

/// An example of a parameter whose schema has none; the two ends of a window fit together.
fn example(parameter: &str) -> Option<&'static str> {
    match parameter {
        "since" => Some("2026-11-22T17:40:00Z"),
        "until" => Some("2026-11-23T17:40:00Z"),
        "timeZone" => Some("Europe/Berlin"),
        "If-Match" => Some("\"3\""),
        _ => None,
    }
}

/// Removes `null` from an optional body's schema. The service accepts it, but generated clients would send `null`
/// instead of no body; the body is not required, which is enough.
pub(super) fn leave_out_null(content: &mut RefOr<Content>) {
    let RefOr::T(content) = content else { return };
    let Some(RefOr::T(Schema::OneOf(choice))) = &content.schema else { return };
    let named = choice.items.iter().find(|item| matches!(item, RefOr::Ref(_))).cloned();
    content.schema = named.or(content.schema.take());
}

fn change(object: &mut Object, field: &str, change: impl FnOnce(&mut Object)) {
    if let Some(RefOr::T(Schema::Object(field))) = object.properties.get_mut(field) {
        change(field);
    }
}

fn change_array(object: &mut Object, field: &str, change: impl FnOnce(&mut Array)) {
    if let Some(RefOr::T(Schema::Array(field))) = object.properties.get_mut(field) {
        change(field);
    }
}

fn text(schema: &mut Object, longest: usize, pattern: &str) {
    (schema.min_length, schema.max_length) = (Some(1), Some(longest));
    schema.pattern = Some(pattern.to_owned());
}

/// A name that is not blank, contains nothing invisible, and does not begin with `reserved`.
fn a_name(schema: &mut Object, reserved: &str) {
    text(schema, LONGEST_NAME, &format!(r"^(?!\s*{reserved})[^{INVISIBLE}]*[^\s{INVISIBLE}][^{INVISIBLE}]*$"));
}

fn between(schema: &mut Object, least: Number, most: Number) {
    (schema.minimum, schema.maximum) = (Some(least), Some(most));
}

/// Bounds the names, values and number of headers.
fn headers(schema: &mut Object) {
    let names = ObjectBuilder::new().schema_type(Type::String).pattern(Some(HEADER_NAME)).build();
    schema.property_names = Some(Box::new(Schema::Object(names)));
    schema.max_properties = Some(MOST_HEADERS);
    if let Some(AdditionalProperties::RefOr(RefOr::T(Schema::Object(value)))) =
        schema.additional_properties.as_deref_mut()
    {
        value.max_length = Some(LONGEST_HEADER_VALUE);
        value.pattern = Some(HEADER_VALUE.to_owned());
    }
}
