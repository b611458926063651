//! The known fields of an event's data: the names and JSON types that the service checks. Other fields are allowed,
//! too.

use utoipa::openapi::{
    Components, RefOr,
    schema::{Object, ObjectBuilder, Schema, SchemaFormat, SchemaType, Type},
};

use super::walk;
use crate::domain::event::{
    Kind, MAX_SAFE_INTEGER,
    fields::{ATTENDANCE, Field, IS_DELETED, USER},
};

/// Describes the known fields in every schema with event data.
pub(super) fn describe(components: &mut Components) {
    for name in ["EventInput", "TestInput"] {
        let data = walk::object(components, name).and_then(|input| input.properties.get_mut("data"));
        let Some(RefOr::T(Schema::Object(data))) = data else { continue };
        // Users and clockings share some names; these have one type and take the clocking's description.
        for field in ATTENDANCE.iter().chain(USER).chain([&IS_DELETED]) {
            data.properties.entry(field.name.to_owned()).or_insert_with(|| RefOr::T(Schema::Object(of(field))));
        }
    }
}

/// Each field accepts `null`, and a text field any text; the description tells a text's form.
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
