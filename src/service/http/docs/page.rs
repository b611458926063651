//! The API's document as one page of HTML: no script, nothing from elsewhere, every text escaped.

use std::fmt::{self, Write};

use serde_json::{Map, Value};
use utoipa::openapi::OpenApi;

use crate::domain::problem::ProblemCode;

/// The page's style sheet.
pub(super) const STYLE: &str = include_str!("style.css");

/// The page. It is the same for every caller.
pub(super) fn render(document: &OpenApi) -> String {
    let document = serde_json::to_value(document).unwrap_or_default();
    let mut page = String::with_capacity(64 * 1024);
    // Writing to a String does not fail.
    let _ = write_page(&mut page, &document);
    page
}

fn write_page(page: &mut String, document: &Value) -> fmt::Result {
    let (info, nothing) = (&document["info"], Map::new());
    let title = format!("{} API {}", text(&info["title"]), text(&info["version"]));
    write!(page, "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n")?;
    write!(page, "<meta name=\"viewport\" content=\"width=device-width\">\n<title>{title}</title>\n")?;
    write!(page, "<style>{STYLE}</style>\n</head>\n<body>\n<main>\n<h1>{title}</h1>\n{}", prose(&info["description"]))?;
    writeln!(page, "<p>For programs: <a href=\"/openapi.json\">openapi.json</a></p>\n<h2>Operations</h2>")?;
    let operations = || members(&document["paths"]).flat_map(|(path, item)| members(item).map(move |it| (path, it)));
    writeln!(page, "<ul>")?;
    for (path, (method, operation)) in operations() {
        let (id, summary) = (text(&operation["operationId"]), text(&operation["summary"]));
        writeln!(
            page,
            "<li><a href=\"#{id}\"><code>{} {}</code></a> {summary}</li>",
            method.to_uppercase(),
            escape(path)
        )?;
    }
    writeln!(page, "</ul>")?;
    for (path, (method, operation)) in operations() {
        write_operation(page, path, method, operation)?;
    }
    writeln!(page, "<h2>Schemas</h2>")?;
    for (name, schema) in document["components"]["schemas"].as_object().unwrap_or(&nothing) {
        write_schema(page, name, schema)?;
    }
    write_problems(page)?;
    page.write_str("</main>\n</body>\n</html>\n")
}

fn write_operation(page: &mut String, path: &str, method: &str, operation: &Value) -> fmt::Result {
    let (id, heading) = (text(&operation["operationId"]), format!("{} {path}", method.to_uppercase()));
    writeln!(
        page,
        "<section id=\"{id}\">\n<h3><code>{}</code> {}</h3>",
        escape(&heading),
        text(&operation["summary"])
    )?;
    page.write_str(&prose(&operation["description"]))?;
    if operation["security"].as_array().is_some_and(Vec::is_empty) {
        writeln!(page, "<p>No token is needed.</p>")?;
    }
    let body = &operation["requestBody"]["content"]["application/json"]["schema"];
    if !body.is_null() {
        writeln!(page, "<p>Body: {}</p>", type_of(body))?;
    }
    let parameters = operation["parameters"].as_array().map(Vec::as_slice).unwrap_or_default();
    write_table(page, "Parameters", parameters.iter().map(parameter_row))?;
    write_table(page, "Answers", members(&operation["responses"]).map(|(status, it)| response_row(status, it)))?;
    writeln!(page, "</section>")
}

fn parameter_row(parameter: &Value) -> [String; 3] {
    let place = format!("{}, {}", text(&parameter["in"]), type_of(&parameter["schema"]));
    [code(&parameter["name"]), place, inline(&parameter["description"])]
}

fn response_row(status: &str, response: &Value) -> [String; 3] {
    let schema = members(&response["content"]).next().map(|(_, content)| type_of(&content["schema"]));
    [escape(status), schema.unwrap_or_default(), inline(&response["description"])]
}

fn write_schema(page: &mut String, name: &str, schema: &Value) -> fmt::Result {
    writeln!(page, "<section id=\"schema-{0}\">\n<h3><code>{0}</code></h3>", escape(name))?;
    page.write_str(&prose(&schema["description"]))?;
    // What a caller sends takes no other fields; what the service answers may get more.
    let is_input = schema["additionalProperties"] == false;
    let required = schema["required"].as_array().map(Vec::as_slice).unwrap_or_default();
    let row = |(field, schema): (&String, &Value)| {
        let needed = if is_input && required.iter().any(|it| it == field.as_str()) { ", required" } else { "" };
        [format!("<code>{}</code>", escape(field)), type_of(schema) + needed, inline(description_of(schema))]
    };
    if schema["properties"].is_null() {
        writeln!(page, "<p>{}</p>", type_of(schema))?;
    }
    write_table(page, "Fields", members(&schema["properties"]).map(row))?;
    writeln!(page, "</section>")
}

fn write_problems(page: &mut String) -> fmt::Result {
    writeln!(page, "<h2>Problems</h2>\n<table>\n<tr><th>Code</th><th>Status</th><th>Meaning</th></tr>")?;
    for code in ProblemCode::all() {
        let (name, status, title) = (code.as_str(), code.status(), code.title());
        writeln!(page, "<tr id=\"{name}\"><td><code>{name}</code></td><td>{status}</td><td>{title}</td></tr>")?;
    }
    writeln!(page, "</table>")
}

/// A table of cells that are HTML already; nothing when it has no rows.
fn write_table(page: &mut String, caption: &str, rows: impl Iterator<Item = [String; 3]>) -> fmt::Result {
    let mut rows = rows.peekable();
    if rows.peek().is_none() {
        return Ok(());
    }
    writeln!(page, "<table>\n<caption>{caption}</caption>")?;
    for [first, second, third] in rows {
        writeln!(page, "<tr><td>{first}</td><td>{second}</td><td>{third}</td></tr>")?;
    }
    writeln!(page, "</table>")
}

/// A schema in a few words, with a link where it has a name.
fn type_of(schema: &Value) -> String {
    if let Some(name) = schema["$ref"].as_str().and_then(|path| path.rsplit('/').next()) {
        return format!("<a href=\"#schema-{0}\">{0}</a>", escape(name));
    }
    if let Some(choices) = schema["oneOf"].as_array() {
        return choices.iter().map(type_of).collect::<Vec<_>>().join(" or ");
    }
    if let Some(values) = schema["enum"].as_array() {
        return values.iter().map(code).collect::<Vec<_>>().join(", ");
    }
    match &schema["type"] {
        Value::String(name) if name == "array" => format!("array of {}", type_of(&schema["items"])),
        Value::Array(names) => names.iter().map(text).collect::<Vec<_>>().join(" or "),
        name => text(name),
    }
}

/// A field's own description: where it may be null, it stands with what it is otherwise.
fn description_of(schema: &Value) -> &Value {
    let mut places = schema["oneOf"].as_array().into_iter().flatten().chain([schema]);
    places.find_map(|place| place.get("description")).unwrap_or(&Value::Null)
}

fn members(value: &Value) -> impl Iterator<Item = (&String, &Value)> {
    value.as_object().into_iter().flatten()
}

fn text(value: &Value) -> String {
    escape(value.as_str().unwrap_or_default())
}

fn code(value: &Value) -> String {
    format!("<code>{}</code>", text(value))
}

/// Text with `code` between backticks.
fn inline(value: &Value) -> String {
    let parts = text(value);
    let parts = parts.split('`').enumerate();
    parts.map(|(at, part)| if at % 2 == 1 { format!("<code>{part}</code>") } else { part.to_owned() }).collect()
}

/// Paragraphs of such text.
fn prose(value: &Value) -> String {
    let paragraphs = value.as_str().unwrap_or_default().split("\n\n").filter(|paragraph| !paragraph.is_empty());
    paragraphs.map(|paragraph| format!("<p>{}</p>\n", inline(&Value::from(paragraph)))).collect()
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;").replace('\'', "&#39;")
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn texts_are_escaped_and_code_is_marked() {
        assert_eq!(inline(&json!("<b> & `a<b` \"")), "&lt;b&gt; &amp; <code>a&lt;b</code> &quot;");
        assert_eq!(prose(&json!("one\n\ntwo")), "<p>one</p>\n<p>two</p>\n");
    }

    #[test]
    fn types_are_told_in_words() {
        let schema = json!({"type": "array", "items": {"$ref": "#/components/schemas/Header"}});
        assert_eq!(type_of(&schema), "array of <a href=\"#schema-Header\">Header</a>");
        assert_eq!(type_of(&json!({"type": ["string", "null"]})), "string or null");
    }
}
