//! The start of the page: calls of the API, ready to paste.

use std::collections::HashMap;

use super::text::{block, escape};
use crate::service::http::openapi::examples::Example;

/// The first things that people do, and their operations.
const FIRST: [(&str, &str); 4] = [
    ("List webhooks", "listWebhooks"),
    ("Add one", "addWebhook"),
    ("Send an event", "sendEvent"),
    ("Test a webhook", "testWebhook"),
];

/// The variables that the calls read. The service cannot know the address under which it is reached.
const VARIABLES: &str = "\
export TM_HOOKS_URL=http://127.0.0.1:8420
export TM_HOOKS_TOKEN=tmtoken_…
";

pub(super) fn section(examples: &HashMap<String, Example>) -> String {
    let calls = FIRST.iter().filter_map(|(what, id)| Some((what, id, examples.get(*id)?)));
    let calls: String = calls
        .map(|(what, id, example)| format!("<h3>{what}</h3>\n{}", block(&format!("{what}: {id}"), &curl(example))))
        .collect();
    format!(
        "<section id=\"call\">\n<h2>Call it</h2>\n<p>The base URL is where this page is, without <code>/docs</code>. \
         A token comes from <code>tm-hooks token create</code>; the first one, the admin token&#39;s, lies in the file \
         that <code>tm-hooks serve</code> names when it starts. In scripts keep it out of lists of processes: \
         <code>-H @FILE</code>.</p>\n{}{calls}</section>\n",
        block("Variables", VARIABLES)
    )
}

/// The request as a `curl` command, without its query.
fn curl(example: &Example) -> String {
    let path = example.path.split('?').next().unwrap_or_default();
    let mut command = format!("curl \"$TM_HOOKS_URL{path}\" \\\n  -H \"Authorization: Bearer $TM_HOOKS_TOKEN\"");
    if let Some(body) = &example.request {
        let body = body.to_string().replace('\'', "'\\''");
        command += &format!(" \\\n  -H 'Content-Type: application/json' \\\n  -d '{body}'");
    }
    command
}

/// A request without its headers.
pub(super) fn request(example: &Example) -> String {
    let line = format!("{} {}", example.method, example.path);
    example.request.as_ref().map_or(line.clone(), |body| format!("{line}\n\n{}", super::text::body(body)))
}

/// An answer without its headers.
pub(super) fn answer(example: &Example) -> String {
    let status = http::StatusCode::from_u16(example.status).map(|status| status.to_string()).unwrap_or_default();
    example.answer.as_ref().map_or(status.clone(), |body| format!("{status}\n\n{}", super::text::body(body)))
}

/// A link to an operation.
pub(super) fn link(id: &str, method: &str, path: &str) -> String {
    format!("<a href=\"#{id}\"><code><b>{}</b> {}</code></a>", escape(&method.to_uppercase()), escape(path))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_quote_in_a_body_does_not_end_the_word_of_the_shell() {
        let request = Some(json!({"name": "Mara's"}));
        let example =
            Example { method: "POST".into(), path: "/v1/x?limit=1".into(), request, status: 201, answer: None };
        assert!(curl(&example).ends_with("-d '{\"name\":\"Mara'\\''s\"}'"), "{}", curl(&example));
        assert!(curl(&example).starts_with("curl \"$TM_HOOKS_URL/v1/x\" "));
        assert_eq!(answer(&example), "201 Created");
    }
}
