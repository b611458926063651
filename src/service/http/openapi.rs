//! The API's OpenAPI 3.1 document: the handlers' descriptions, completed with what holds for all operations.

use axum::http::Method;
use utoipa::{
    PartialSchema, ToSchema,
    openapi::{
        Components, Content, Info, License, OpenApi, Ref, RefOr, Required, ResponseBuilder, SecurityRequirement,
        ServerBuilder,
        path::{Parameter, ParameterBuilder, ParameterIn},
        security::{Http, HttpAuthScheme, SecurityScheme},
        tag::TagBuilder,
    },
};

mod bounds;
mod data;
pub(super) mod examples;
mod headers;
mod names;
mod schemas;
mod walk;

pub(super) use utoipa::openapi::path::Operation;

use crate::domain::problem::{FieldError, Problem, ProblemCode};

const ABOUT: &str =
    "The webhook service of tm-hooks: it stores webhooks, takes in events, delivers them signed, tries \
again, and keeps the history. The API is the project's own; TimeMoto publishes none.

Bodies are JSON with camelCase names. Lists take `limit` and `cursor` and answer with `next`, where the next page \
starts. A refusal is an RFC 9457 problem with a stable `code`. Every answer has a header \
`X-Request-Id`, which the service's log contains, too. A change sent again with the same `Idempotency-Key` within \
24 hours is made once. Each token has its own keys: the same key from another token is another change.

Requests are closed: the service refuses a field or a value that the document does not have. Answers grow: a later \
service of the same major version may answer with more fields, and with values that are not listed \
(`x-extensible-enum`: event types, statuses, errors, versions). A client must ignore fields and accept values that it \
does not know. The names of schemas that callers send end in `Input`.

In a query a `+` is a blank: write `%2B`, as in `since=2026-11-23T17:40:00%2B01:00`.";

const TOKEN: &str = "The admin token, or one made by `POST /v1/tokens`. An operation names the scopes that a token needs \
for it; `webhooks:write` includes `webhooks:read`, and `admin` everything.";

/// The service's addresses. The first is relative to the document's own address.
const SERVERS: [(&str, &str); 2] =
    [("/", "The service that gave this document"), ("http://127.0.0.1:8420", "`tm-hooks serve` with its defaults")];

/// The groups of operations.
const TAGS: [(&str, &str); 12] = [
    ("webhooks", "Where events go, which of them, and in which form; and a test of it"),
    ("secrets", "What deliveries are signed with, and how it is replaced"),
    ("attempts", "Each request to a receiver: what was sent and what came back"),
    ("deliveries", "An event's way to a webhook, and what waits"),
    ("events", "What happened: each event is accepted once, kept, and can be sent again"),
    ("recoveries", "Deliver what a window of time left undelivered"),
    ("stats", "Error rates"),
    ("catalogue", "The event types and the wire formats that there are"),
    ("settings", "What holds for all webhooks"),
    ("sources", "Where events come in from outside, and what came"),
    ("tokens", "Who may call the API, and for what"),
    ("service", "The service itself: whether it works, who changed what, and who calls"),
];

/// The document without any handler.
pub(super) fn frame() -> OpenApi {
    let license = License::builder().name("MIT OR Apache-2.0").identifier(Some("MIT OR Apache-2.0")).build();
    let info = Info::builder()
        .title("tm-hooks")
        .version(env!("CARGO_PKG_VERSION"))
        .description(Some(ABOUT))
        .license(Some(license))
        .build();
    let mut components = Components::new();
    components.schemas.insert(Problem::name().into_owned(), Problem::schema());
    components.schemas.insert(FieldError::name().into_owned(), FieldError::schema());
    let token = Http::builder().scheme(HttpAuthScheme::Bearer).description(Some(TOKEN)).build();
    components.add_security_scheme("token", SecurityScheme::Http(token));
    headers::define(&mut components);
    OpenApi::builder()
        .info(info)
        .servers(Some(SERVERS.map(|(url, about)| ServerBuilder::new().url(url).description(Some(about)).build())))
        .security(Some([SecurityRequirement::new("token", [""; 0])]))
        .tags(Some(TAGS.map(|(name, about)| TagBuilder::new().name(name).description(Some(about)).build())))
        .components(Some(components))
        .build()
}

/// Adds to every operation what follows from its shape: the token that it needs, the headers that it reads, its
/// problems.
pub(super) fn complete(mut document: OpenApi) -> OpenApi {
    for (path, item) in &mut document.paths.paths {
        let slots = [&mut item.get, &mut item.put, &mut item.post, &mut item.delete, &mut item.patch];
        for (method, slot) in METHODS.into_iter().zip(slots) {
            if let Some(operation) = slot {
                complete_operation(path, &method, operation);
            }
        }
    }
    let components = document.components.get_or_insert_default();
    schemas::complete(components);
    bounds::set(components);
    data::describe(components);
    names::split(&mut document);
    examples::put(&mut document);
    document
}

/// The methods in the order in which the functions above and below list a path's fields.
const METHODS: [Method; 5] = [Method::GET, Method::PUT, Method::POST, Method::DELETE, Method::PATCH];

/// Every operation of the document.
#[cfg(test)]
pub(super) fn operations(document: &OpenApi) -> impl Iterator<Item = (&str, Method, &Operation)> {
    document.paths.paths.iter().flat_map(|(path, item)| {
        let slots = [&item.get, &item.put, &item.post, &item.delete, &item.patch];
        let there = METHODS.into_iter().zip(slots).filter_map(|(method, slot)| Some((method, slot.as_ref()?)));
        there.map(move |(method, operation)| (path.as_str(), method, operation))
    })
}

/// An operation's parameters.
pub(super) fn parameters(operation: &Operation) -> impl Iterator<Item = &Parameter> {
    operation.parameters.iter().flatten().filter_map(|parameter| match parameter {
        RefOr::T(parameter) => Some(parameter),
        RefOr::Ref(_) => None,
    })
}

/// Removes the parameters that the path makes pointless.
pub(super) fn complete_parameters(path: &str, operation: &mut Operation) {
    if path.starts_with("/v1/webhooks/{id}/") {
        // The path names the webhook, so the query cannot name another one.
        operation.parameters.iter_mut().for_each(|parameters| parameters.retain(|it| !is_query(it, "webhook")));
    }
}

fn complete_operation(path: &str, method: &Method, operation: &mut Operation) {
    complete_parameters(path, operation);
    if is_change(method) {
        operation.parameters.get_or_insert_default().push(RefOr::T(idempotency_key()));
    }
    operation.parameters.iter_mut().flatten().for_each(|it| {
        if let RefOr::T(parameter) = it {
            bounds::set_parameter(parameter);
        }
    });
    if let Some(RefOr::T(body)) = operation.request_body.as_mut() {
        for content in body.content.values_mut() {
            bounds::leave_out_null(content);
        }
    }
    // A missing list would mean the whole document's list, which requires a token.
    operation.security.get_or_insert_default();
    let mut codes = problems(path, method, operation);
    codes.sort_by_key(|code| code.status());
    for same_status in codes.chunk_by(|a, b| a.status() == b.status()) {
        let status = same_status[0].status().to_string();
        operation.responses.responses.insert(status, RefOr::T(problem_response(same_status)));
    }
    headers::complete(operation);
}

fn is_query(parameter: &RefOr<Parameter>, name: &str) -> bool {
    matches!(parameter, RefOr::T(it) if it.parameter_in == ParameterIn::Query && it.name == name)
}

fn is_change(method: &Method) -> bool {
    *method != Method::GET
}

pub(super) fn needs_token(operation: &Operation) -> bool {
    operation.security.as_ref().is_some_and(|security| !security.is_empty())
}

/// All scopes that an operation needs.
pub(super) fn scopes(operation: &Operation) -> Vec<String> {
    let requirement = operation.security.iter().flatten().next();
    let named = requirement.and_then(|requirement| serde_json::to_value(requirement).ok());
    named.and_then(|named| serde_json::from_value(named["token"].clone()).ok()).unwrap_or_default()
}

fn idempotency_key() -> Parameter {
    ParameterBuilder::new()
        .name("Idempotency-Key")
        .parameter_in(ParameterIn::Header)
        .required(Required::False)
        .description(Some("1 to 255 visible ASCII characters: if the same token sends the same request again with the same key, it has no new effect"))
        .schema(Some(String::schema()))
        .build()
}

/// The problems that an operation can answer with.
fn problems(path: &str, method: &Method, operation: &Operation) -> Vec<ProblemCode> {
    let mut codes = vec![ProblemCode::Internal];
    let mut when = |condition: bool, more: &[ProblemCode]| codes.extend(more.iter().filter(|_| condition));
    let (reads, has_body) = (parameters(operation), operation.request_body.is_some());
    let reads: Vec<_> = reads.map(|parameter| (&parameter.parameter_in, parameter.name.as_str())).collect();
    when(path != "/livez", &[ProblemCode::Unavailable]);
    when(needs_token(operation), &[ProblemCode::Unauthorized, ProblemCode::BadRequest, ProblemCode::RateLimited]);
    when(!scopes(operation).is_empty(), &[ProblemCode::MissingScope]);
    when(reads.contains(&(&ParameterIn::Path, "id")), &[ProblemCode::NotFound]);
    when(reads.contains(&(&ParameterIn::Header, "If-Match")), &[ProblemCode::PreconditionFailed]);
    when(is_change(method), &[ProblemCode::IdempotencyKeyReused, ProblemCode::TooLarge]);
    when(has_body, &[ProblemCode::UnsupportedMediaType, ProblemCode::Invalid]);
    when(
        matches!(operation.operation_id.as_deref(), Some("addWebhook" | "updateWebhook" | "addToken" | "addSource")),
        &[ProblemCode::NameTaken],
    );
    when(operation.operation_id.as_deref() == Some("sendEvent"), &[ProblemCode::EventIdReused]);
    when(matches!(operation.operation_id.as_deref(), Some("getEvent" | "retryEvent")), &[ProblemCode::AmbiguousId]);
    when(operation.operation_id.as_deref() == Some("testWebhook"), &[ProblemCode::IdempotencyKeyInUse]);
    when(operation.operation_id.as_deref() == Some("rotateSecret"), &[ProblemCode::RotationUnderWay]);
    let retries = operation.operation_id.as_deref().is_some_and(|id| id.starts_with("retry"));
    let in_its_way = [ProblemCode::DeliveryInFlight, ProblemCode::BodyNotKept, ProblemCode::WebhookDeleted];
    codes.extend(in_its_way.into_iter().chain([ProblemCode::TestNotRetried]).filter(|_| retries));
    let recovers = operation.operation_id.as_deref() == Some("addRecovery");
    codes.extend([ProblemCode::NotFound, ProblemCode::WebhookDisabled].into_iter().filter(|_| recovers));
    codes
}

fn problem_response(codes: &[ProblemCode]) -> utoipa::openapi::Response {
    let titles: Vec<_> = codes.iter().map(|code| format!("`{}`: {}", code.as_str(), code.title())).collect();
    let content = Content::new(Some(RefOr::Ref(Ref::from_schema_name(Problem::name()))));
    ResponseBuilder::new().description(titles.join("; ")).content("application/problem+json", content).build()
}
