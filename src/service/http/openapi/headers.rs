//! The headers of answers: each has the request's id, and some say when to ask again.

use utoipa::{
    PartialSchema,
    openapi::{
        Components, Header, HeaderBuilder, Ref, RefOr, Response,
        path::Operation,
        schema::{ObjectBuilder, Schema, Type},
    },
};

/// Adds the headers to the components.
pub(super) fn define(components: &mut Components) {
    components.headers.insert("RequestId".to_owned(), RefOr::T(request_id()));
    components.headers.insert("RetryAfter".to_owned(), RefOr::T(retry_after()));
    components.headers.insert("Authenticate".to_owned(), RefOr::T(authenticate()));
}

/// Adds to each answer of an operation the headers that it has.
pub(super) fn complete(operation: &mut Operation) {
    for (status, response) in &mut operation.responses.responses {
        let RefOr::T(response) = response else { continue };
        refer(response, "X-Request-Id", "RequestId");
        match status.as_str() {
            "401" => refer(response, "WWW-Authenticate", "Authenticate"),
            "429" | "503" => refer(response, "Retry-After", "RetryAfter"),
            _ => {}
        }
    }
}

fn refer(response: &mut Response, header: &str, component: &str) {
    let reference = Ref::new(format!("#/components/headers/{component}"));
    response.headers.insert(header.to_owned(), RefOr::Ref(reference));
}

fn request_id() -> Header {
    let id = ObjectBuilder::new().schema_type(Type::String).pattern(Some("^req_[0-9a-f]{32}$")).build();
    let about = "The id under which the service's log has the request";
    HeaderBuilder::new().schema(Some(Schema::Object(id))).description(Some(about)).build()
}

fn retry_after() -> Header {
    let seconds = ObjectBuilder::new().schema_type(Type::Integer).minimum(Some(1)).build();
    HeaderBuilder::new()
        .schema(Some(Schema::Object(seconds)))
        .description(Some("In how many seconds to ask again"))
        .build()
}

fn authenticate() -> Header {
    HeaderBuilder::new().schema(Some(String::schema())).description(Some("How to show who asks: `Bearer`")).build()
}
