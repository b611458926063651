//! Visits the references and objects of schemas, and finds objects by name.

use utoipa::openapi::{
    Components, Ref, RefOr,
    schema::{AdditionalProperties, ArrayItems, Object, Schema},
};

/// Calls `visit` with `schema` and every schema and reference in it.
pub(super) fn each(schema: &mut RefOr<Schema>, visit: &mut dyn FnMut(&mut RefOr<Schema>)) {
    visit(schema);
    let RefOr::T(schema) = schema else { return };
    match schema {
        Schema::Object(object) => {
            object.properties.values_mut().for_each(|property| each(property, visit));
            if let Some(AdditionalProperties::RefOr(values)) = object.additional_properties.as_deref_mut() {
                each(values, visit);
            }
        }
        Schema::Array(array) => {
            if let ArrayItems::RefOrSchema(items) = &mut array.items {
                each(items, visit);
            }
        }
        Schema::OneOf(choice) => choice.items.iter_mut().for_each(|item| each(item, visit)),
        Schema::AllOf(all) => all.items.iter_mut().for_each(|item| each(item, visit)),
        Schema::AnyOf(choice) => choice.items.iter_mut().for_each(|item| each(item, visit)),
        _ => {}
    }
}

/// The name of the schema that a reference leads to.
pub(super) fn target(reference: &Ref) -> &str {
    reference.ref_location.rsplit('/').next().unwrap_or_default()
}

/// Points a reference to another schema; its other fields stay.
pub(super) fn lead_to(reference: &mut Ref, name: &str) {
    reference.ref_location = Ref::from_schema_name(name).ref_location;
}

/// The object of this name.
pub(super) fn object<'a>(components: &'a mut Components, name: &str) -> Option<&'a mut Object> {
    match components.schemas.get_mut(name) {
        Some(RefOr::T(Schema::Object(object))) => Some(object),
        _ => None,
    }
}
