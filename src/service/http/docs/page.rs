//! The API's document as one HTML page, without scripts and without content from elsewhere. It begins with calls to
//! paste; from a width of 900 pixels the list of operations is a column on the left.

use serde_json::Value;
use utoipa::openapi::OpenApi;

use super::{
    call,
    operation::{self, Shared},
    text::{block, code, entries, escape, inline, members, prose, table, text, type_of},
};
use crate::{
    domain::problem::ProblemCode,
    service::http::openapi::examples::{self, REFUSED},
};

/// The page's style sheet.
pub(super) const STYLE: &str = include_str!("style.css");

/// Renders the page, which is the same for every caller.
pub(super) fn render(document: &OpenApi) -> String {
    let document = serde_json::to_value(document).unwrap_or_default();
    let (info, examples, shared) = (&document["info"], examples::all(), operation::shared(&document));
    let title = format!("{} API {}", text(&info["title"]), text(&info["version"]));
    let groups: String = entries(&document["tags"])
        .iter()
        .map(|tag| {
            let name = tag["name"].as_str().unwrap_or_default();
            let operations = operation::all(&document).filter(|it| it.is_of(name));
            let sections: String = operations.map(|it| it.section(&shared, examples.get(&it.id()))).collect();
            let about = inline(&tag["description"]);
            format!("<h2 id=\"group-{0}\">{0}</h2>\n<p>{about}.</p>\n{sections}", escape(name))
        })
        .collect();
    let refused = examples.get(REFUSED).map(|example| block("A refusal", &call::answer(example))).unwrap_or_default();
    [
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n".to_owned(),
        format!("<meta name=\"viewport\" content=\"width=device-width\">\n<title>{title}</title>\n"),
        format!("<style>{STYLE}</style>\n</head>\n<body>\n<header>\n<h1>{title}</h1>\n"),
        format!("{}</header>\n{}", call::section(&examples), navigation(&document)),
        format!(
            "<main id=\"main\" tabindex=\"-1\">\n<section id=\"about\">\n<h2>About it</h2>\n{}",
            prose(&info["description"])
        ),
        "<p>For programs: <a href=\"/openapi.json\">openapi.json</a></p>\n</section>\n".to_owned(),
        groups,
        format!("<h2 id=\"answers\">Refusals that operations share</h2>\n{}{refused}", shared_answers(&shared)),
        problems(),
        format!("<h2 id=\"schemas\">Schemas</h2>\n{}", schemas(&document)),
        "</main>\n</body>\n</html>\n".to_owned(),
    ]
    .concat()
}

fn navigation(document: &Value) -> String {
    let groups: String = entries(&document["tags"])
        .iter()
        .map(|tag| {
            let name = tag["name"].as_str().unwrap_or_default();
            let operations = operation::all(document).filter(|it| it.is_of(name));
            let items: String = operations.map(|it| format!("<li>{}</li>\n", it.link())).collect();
            format!("<p><a href=\"#group-{0}\">{0}</a></p>\n<ul>\n{items}</ul>\n", escape(name))
        })
        .collect();
    format!(
        "<nav aria-label=\"Operations\">\n<a class=\"skip\" href=\"#main\">Skip this list</a>\n\
         <p><a href=\"#call\">Call it</a></p>\n<p><a href=\"#about\">About it</a></p>\n{groups}\
         <p><a href=\"#answers\">Refusals</a></p>\n<p><a href=\"#problems\">Problems</a></p>\n\
         <p><a href=\"#schemas\">Schemas</a></p>\n</nav>\n"
    )
}

fn shared_answers(shared: &Shared) -> String {
    let row = |(status, words): (&String, &String)| {
        format!("<tr id=\"answer-{status}\"><td>{status}</td><td>{words}</td></tr>\n")
    };
    let rows: String = shared.iter().map(row).collect();
    format!("<table>\n<tr><th>Status</th><th>Code and meaning</th></tr>\n{rows}</table>\n")
}

fn problems() -> String {
    let row = |code: ProblemCode| {
        let (name, status, title) = (code.as_str(), code.status(), code.title());
        format!("<tr id=\"{name}\"><td><code>{name}</code></td><td>{status}</td><td>{title}</td></tr>\n")
    };
    let rows = ProblemCode::all().map(row).concat();
    format!(
        "<h2 id=\"problems\">Problems</h2>\n<table>\n<tr><th>Code</th><th>Status</th><th>Meaning</th></tr>\n{rows}</table>\n"
    )
}

fn schemas(document: &Value) -> String {
    members(&document["components"]["schemas"]).map(|(name, schema)| schema_section(name, schema)).collect()
}

fn schema_section(name: &str, schema: &Value) -> String {
    // A schema without further fields is one that callers send.
    let (is_input, required) = (schema["additionalProperties"] == false, entries(&schema["required"]));
    let row = |(field, schema): (&String, &Value)| {
        let needed = if is_input && required.iter().any(|it| it == field.as_str()) { ", required" } else { "" };
        [code(&Value::from(field.as_str())), type_of(schema) + needed, inline(description_of(schema))]
    };
    let kind = if schema["properties"].is_null() { format!("<p>{}</p>\n", type_of(schema)) } else { String::new() };
    format!(
        "<section id=\"schema-{0}\">\n<h3><code>{0}</code></h3>\n{1}{kind}{2}</section>\n",
        escape(name),
        prose(&schema["description"]),
        table("Fields", members(&schema["properties"]).map(row))
    )
}

/// A field's description; for a field that may be null it is in the other alternative.
fn description_of(schema: &Value) -> &Value {
    let mut places = schema["oneOf"].as_array().into_iter().flatten().chain([schema]);
    places.find_map(|place| place.get("description")).unwrap_or(&Value::Null)
}
