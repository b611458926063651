//! What an event's data is known to have: the names and JSON types that the service checks. Other fields may stand
//! beside them.

use utoipa::openapi::{
    Components, RefOr,
    schema::{Object, ObjectBuilder, Schema, SchemaFormat, SchemaType, Type},
};

use super::walk;
use crate::domain::event::{
    Kind, MAX_SAFE_INTEGER,
    fields::{ATTENDANCE, Field, IS_DELETED, USER},
};

/// Tells the known fields wherever data is sent.
pub(super) fn describe(components: &mut Components) {
    for name in ["EventInput", "TestInput"] {
        let data = walk::object(components, name).and_then(|input| input.properties.get_mut("data"));
        let Some(RefOr::T(Schema::Object(data))) = data else { continue };
        // A name that persons and clockings share has one type, and is first told as a clocking's.
        for field in ATTENDANCE.iter().chain(USER).chain([&IS_DELETED]) {
            data.properties.entry(field.name.to_owned()).or_insert_with(|| RefOr::T(Schema::Object(of(field))));
        }
    }
}

/// Each takes `null`, and those of text any text: what its form is like is told in words.
fn of(field: &Field) -> Object {
    let (json_type, format) = match field.kind {
        Kind::Boolean => (Type::Boolean, None),
        Kind::Integer | Kind::Integer64 => (Type::Integer, Some(SchemaFormat::Custom("int64".to_owned()))),
        _ => (Type::String, None),
    };
    let safe = (field.kind == Kind::Integer).then_some(MAX_SAFE_INTEGER);
    ObjectBuilder::new()
        .schema_type(SchemaType::Array(vec![json_type, Type::Null]))
        .format(format)
        .minimum(safe.map(|largest| -largest))
        .maximum(safe)
        .description(Some(format!("{} ({})", field.meaning, field.kind)))
        .build()
}
