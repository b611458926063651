//! Parses requests from JSON.

use base64::{Engine, engine::general_purpose::STANDARD};
use serde_json::{Value, value::RawValue};

use super::{super::request::Request, wrong::NotRecorded};
use crate::domain::{
    attempt::Header,
    json::{JsonObject, JsonRef},
};

/// Parses one or several objects, one after the other or in an array.
pub fn read(bytes: &[u8]) -> Result<Vec<Request>, NotRecorded> {
    let at = |line: usize, why: String| NotRecorded::Line { line, why };
    let text = std::str::from_utf8(bytes).map_err(|_| at(1, "it is not UTF-8".to_owned()))?;
    if let Ok(list) = serde_json::from_str::<Vec<Box<RawValue>>>(text) {
        return list
            .iter()
            .enumerate()
            .map(|(number, part)| one(part.get()).map_err(|why| at(number + 1, why)))
            .collect();
    }
    let mut requests = Vec::new();
    let mut values = serde_json::Deserializer::from_str(text).into_iter::<Box<RawValue>>();
    loop {
        let line = 1 + text[..values.byte_offset()].matches('\n').count() + usize::from(!requests.is_empty());
        match values.next() {
            None => return Ok(requests),
            Some(Ok(value)) => requests.push(one(value.get()).map_err(|why| at(line, why))?),
            Some(Err(error)) => return Err(at(error.line(), "it is no JSON".to_owned())),
        }
    }
}

fn one(text: &str) -> Result<Request, String> {
    let object = JsonObject::verbatim(text).map_err(|_| "it is no object".to_owned())?;
    // An attempt holds its request in this field.
    if let Some(request @ JsonRef::Object(_)) = object.get("request") {
        return one(request.json());
    }
    let body = body(&object)?;
    let headers = object.get("headers").ok_or("the request has no headers")?;
    let headers = headers_of(&headers.to_value()).ok_or("its headers are neither an object nor a list of pairs")?;
    let url = object.get("url").and_then(JsonRef::as_str).map(std::borrow::Cow::into_owned);
    Ok(Request { url, headers, body })
}

/// Returns the body: a text, bytes in Base64, or a JSON value as it is written.
fn body(object: &JsonObject) -> Result<Vec<u8>, String> {
    if let Some(encoded) = object.get("bodyBase64").and_then(JsonRef::as_str) {
        return STANDARD.decode(encoded.as_ref()).map_err(|_| "bodyBase64 is no Base64".to_owned());
    }
    let names = ["body", "rawBody", "raw_body", "content"];
    let body = names.iter().find_map(|name| object.get(name)).ok_or("the request has no body")?;
    match body {
        JsonRef::Null => Err("the body is no longer kept".to_owned()),
        _ => Ok(body.as_str().map_or_else(|| body.json().to_owned(), std::borrow::Cow::into_owned).into_bytes()),
    }
}

fn headers_of(value: &Value) -> Option<Vec<Header>> {
    let header = |name: &str, value: &str| Header { name: name.to_owned(), value: value.to_owned() };
    match value {
        Value::Object(fields) => {
            let several = |name: &str, value: &Value| match value {
                Value::String(value) => Some(vec![header(name, value)]),
                Value::Array(values) => values.iter().map(|value| Some(header(name, value.as_str()?))).collect(),
                _ => None,
            };
            let lists: Option<Vec<_>> = fields.iter().map(|(name, value)| several(name, value)).collect();
            lists.map(|lists| lists.concat())
        }
        Value::Array(entries) => entries
            .iter()
            .map(|entry| match entry {
                Value::String(line) => line.split_once(':').map(|(name, value)| header(name.trim(), value.trim())),
                Value::Array(pair) => Some(header(pair.first()?.as_str()?, pair.get(1)?.as_str()?)),
                Value::Object(pair) => Some(header(pair.get("name")?.as_str()?, pair.get("value")?.as_str()?)),
                _ => None,
            })
            .collect(),
        _ => None,
    }
}
