//! Parses the request: the method, the path, and the fields of the body or the query.

use std::path::Path;

use bytes::Bytes;
use http::{Method, uri::PathAndQuery};
use serde_json::{Map, Value};

use crate::{
    domain::{problem::ProblemCode, text::nearest},
    error::CliError,
};

/// The paths of the API's collections and of its other resources.
const PATHS: [&str; 17] = [
    "/v1/webhooks",
    "/v1/attempts",
    "/v1/deliveries",
    "/v1/events",
    "/v1/recoveries",
    "/v1/stats",
    "/v1/queue",
    "/v1/event-types",
    "/v1/versions",
    "/v1/settings",
    "/v1/me",
    "/v1/tokens",
    "/v1/audit",
    "/metrics",
    "/openapi.json",
    "/livez",
    "/readyz",
];

/// A field from the command line.
#[derive(Debug, Clone, PartialEq)]
pub struct Field {
    name: String,
    value: Value,
}

/// Parses a method, ignoring case.
///
/// # Errors
/// Fails if the API has no such method.
pub(super) fn method(text: &str) -> Result<Method, String> {
    match text.to_ascii_uppercase().as_str() {
        "GET" => Ok(Method::GET),
        "POST" => Ok(Method::POST),
        "PUT" => Ok(Method::PUT),
        "PATCH" => Ok(Method::PATCH),
        "DELETE" => Ok(Method::DELETE),
        _ if text.contains('/') => Err("the method comes first: tm-hooks api GET /v1/webhooks".to_owned()),
        _ => Err("the methods are GET, POST, PUT, PATCH and DELETE".to_owned()),
    }
}

/// Parses `name=text` or `name:=json`.
///
/// # Errors
/// Fails if it has no name or no value, or the JSON is not valid.
pub(super) fn field(text: &str) -> Result<Field, String> {
    let (name, value) = text.split_once('=').ok_or("write it as name=text or name:=json")?;
    let (name, value) = match name.strip_suffix(':') {
        Some(name) => {
            (name, serde_json::from_str(value).map_err(|error| format!("what follows := is not JSON: {error}"))?)
        }
        None => (name, Value::String(value.to_owned())),
    };
    if name.split('.').any(str::is_empty) {
        return Err("write a name, or names with dots between".to_owned());
    }
    Ok(Field { name: name.to_owned(), value })
}

/// Returns the path. A whole URL is accepted if it is the service's own.
///
/// # Errors
/// Fails if it is not a path, or leads to another host: the token must go only to the service.
pub(super) fn path(typed: &str, service: &str) -> Result<String, CliError> {
    let own = typed.strip_prefix(service).filter(|rest| rest.starts_with('/'));
    let path = own.unwrap_or(typed);
    if path.contains("://") && !path.starts_with('/') {
        return Err(CliError::usage(format!("\"{typed}\" is not at {service}, the service that the settings name"))
            .code("another_host")
            .hint("give a path, such as /v1/webhooks; --service names another service"));
    }
    if !path.starts_with('/') && !path.starts_with("v1/") {
        return Err(CliError::usage(format!("\"{typed}\" is no path of the API"))
            .hint(format!("tm-hooks api GET {}", nearest_path(path).unwrap_or("/v1/webhooks"))));
    }
    let path = if path.starts_with('/') { path.to_owned() } else { format!("/{path}") };
    let plain = path.split('?').next().unwrap_or_default();
    let climbs =
        plain.split('/').any(|part| matches!(part.to_ascii_lowercase().as_str(), ".." | "%2e%2e" | ".%2e" | "%2e."));
    if path.starts_with("//") || climbs || path.contains('#') || path.parse::<PathAndQuery>().is_err() {
        return Err(CliError::usage(format!("\"{typed}\" is no path of the API"))
            .hint("a path looks like /v1/webhooks?limit=5; what is no letter, digit or -._~ is written as %20"));
    }
    Ok(path)
}

/// Returns the path of the API that is most similar to `typed`.
fn nearest_path(typed: &str) -> Option<&'static str> {
    let plain = typed.split('?').next().unwrap_or_default().trim_matches('/');
    let plain = plain.strip_prefix("v1/").unwrap_or(plain);
    let names = PATHS.map(|path| path.trim_start_matches("/v1/").trim_start_matches('/'));
    let name = nearest(plain, names)?;
    PATHS.into_iter().find(|path| path.ends_with(name))
}

/// Adds the path that was probably meant, if this one does not exist.
pub(super) fn near_path(path: &str, error: CliError) -> CliError {
    let hinted = error.hint_text().is_some_and(|hint| hint.contains("/openapi.json"));
    match nearest_path(path).filter(|_| hinted && error.code_text() == ProblemCode::NoSuchPath.as_str()) {
        Some(near) if near != path => error.hint(format!("did you mean {near}?")),
        _ => error,
    }
}

/// Checks the body that was read from `file`.
///
/// # Errors
/// Fails if it is empty.
pub(super) fn not_empty(body: &str, file: &Path) -> Result<Bytes, CliError> {
    if !body.trim().is_empty() {
        return Ok(Bytes::copy_from_slice(body.as_bytes()));
    }
    let from = if file == Path::new("-") { "standard input".to_owned() } else { file.display().to_string() };
    Err(CliError::usage(format!("--input: {from} is empty, and a body is JSON"))
        .hint("leave out --input to send no fields; an object without any is {}"))
}

/// Adds the fields to the path's query.
pub(super) fn with_query(path: &str, fields: &[Field]) -> String {
    if fields.is_empty() {
        return path.to_owned();
    }
    let pairs = fields.iter().map(|Field { name, value }| match value {
        Value::String(text) => (name, text.clone()),
        other => (name, other.to_string()),
    });
    let query = serde_urlencoded::to_string(pairs.collect::<Vec<_>>()).unwrap_or_default();
    format!("{path}{}{query}", if path.contains('?') { '&' } else { '?' })
}

/// Makes a JSON object of the fields.
///
/// # Errors
/// Fails if a field leads into a value that is not an object.
pub(super) fn body(fields: &[Field]) -> Result<Bytes, CliError> {
    let mut body = Map::new();
    for Field { name, value } in fields {
        put(&mut body, name, value).ok_or_else(|| {
            CliError::usage(format!("-f {name}: what stands before the last dot is already no object"))
        })?;
    }
    Ok(Value::Object(body).to_string().into())
}

fn put(object: &mut Map<String, Value>, name: &str, value: &Value) -> Option<()> {
    match name.split_once('.') {
        None => {
            object.insert(name.to_owned(), value.clone());
            Some(())
        }
        Some((first, rest)) => {
            let inner = object.entry(first).or_insert_with(|| Value::Object(Map::new()));
            put(inner.as_object_mut()?, rest, value)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SERVICE: &str = "https://hooks.example.com/tm";

    #[test]
    fn a_path_stays_at_the_service() {
        for (typed, path_taken) in [
            ("/v1/webhooks", "/v1/webhooks"),
            ("v1/webhooks?limit=5", "/v1/webhooks?limit=5"),
            ("https://hooks.example.com/tm/v1/me", "/v1/me"),
            ("/v1/webhooks?search=https://a.example", "/v1/webhooks?search=https://a.example"),
        ] {
            assert_eq!(path(typed, SERVICE).unwrap(), path_taken);
        }
        for elsewhere in
            ["https://evil.example/v1/me", "http://hooks.example.com/tm/v1/me", "https://hooks.example.com/tmx/v1"]
        {
            assert_eq!(path(elsewhere, SERVICE).unwrap_err().code_text(), "another_host", "{elsewhere}");
        }
        for none in ["//evil.example/v1", "/v1/../../admin", "/v1/%2E%2e/x", "/v1/a b", "/v1/#x"] {
            assert_eq!(path(none, SERVICE).unwrap_err().code_text(), "usage", "{none}");
        }
        assert_eq!(path("@evil.example/v1", SERVICE).unwrap_err().code_text(), "usage");
    }

    #[test]
    fn what_is_no_path_names_the_one_that_was_meant() {
        let hint = |typed: &str| path(typed, SERVICE).unwrap_err().hint_text().unwrap().to_owned();
        assert_eq!(hint("webhooks"), "tm-hooks api GET /v1/webhooks");
        assert_eq!(hint("event?limit=1"), "tm-hooks api GET /v1/events");
        assert_eq!(hint("xyz"), "tm-hooks api GET /v1/webhooks");
        assert_eq!(hint("metrics"), "tm-hooks api GET /metrics");
        assert_eq!(nearest_path("/v1/webhook"), Some("/v1/webhooks"));
        assert_eq!(nearest_path("/zzz"), None);
    }

    #[test]
    fn a_body_that_is_read_holds_something() {
        assert_eq!(not_empty("{}", Path::new("-")).unwrap(), "{}");
        let nothing = not_empty(" \n", Path::new("/dev/null")).unwrap_err();
        assert!(nothing.message().contains("/dev/null is empty"), "{}", nothing.message());
    }

    #[test]
    fn fields_make_a_body_or_a_query() {
        let fields: Vec<Field> =
            ["name=ERP & co", "enabled:=false", "data.shift.name=Night", "n:=12345678901234567890"]
                .map(|text| field(text).unwrap())
                .to_vec();
        let made = r#"{"name":"ERP & co","enabled":false,"data":{"shift":{"name":"Night"}},"n":12345678901234567890}"#;
        assert_eq!(body(&fields).unwrap(), made);
        assert_eq!(with_query("/v1/x?a=b", &fields[..2]), "/v1/x?a=b&name=ERP+%26+co&enabled=false");
        assert_eq!(body(&[]).unwrap(), "{}");
        assert!(body(&[field("a=b").unwrap(), field("a.b=c").unwrap()]).is_err());
        for wrong in ["name", "=x", "a..b=c", "a:=[1"] {
            assert!(field(wrong).is_err(), "{wrong}");
        }
        // A value may contain the separators.
        assert_eq!(field("url=https://a.example/?b:=c").unwrap().name, "url");
    }

    #[test]
    fn a_path_in_the_methods_place_is_noticed() {
        assert_eq!(method("get"), Ok(Method::GET));
        assert!(method("/v1/webhooks").unwrap_err().contains("the method comes first"));
        assert!(method("TRACE").is_err());
    }
}
