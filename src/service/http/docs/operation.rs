//! An operation on the page: what it does, what it takes, an example, and the refusals that it does not share with all
//! others.

use std::collections::BTreeMap;

use serde_json::Value;

use super::{
    call,
    text::{block, code, entries, escape, inline, members, prose, table, text, type_of},
};
use crate::service::http::openapi::examples::Example;

/// The refusals that mean the same in every operation: their status and their meaning.
pub(super) type Shared = BTreeMap<String, String>;

/// An operation with its path and method.
pub(super) struct Operation<'a> {
    pub path: &'a str,
    pub method: &'a str,
    pub value: &'a Value,
}

/// Every operation of the document, in its order.
pub(super) fn all(document: &Value) -> impl Iterator<Item = Operation<'_>> {
    members(&document["paths"])
        .flat_map(|(path, item)| members(item).map(move |(method, value)| Operation { path, method, value }))
}

/// The refusals that every operation with that status describes in the same words.
pub(super) fn shared(document: &Value) -> Shared {
    let mut told: BTreeMap<String, Option<String>> = BTreeMap::new();
    for operation in all(document) {
        for (status, response) in
            members(&operation.value["responses"]).filter(|(status, _)| *status >= &"400".to_owned())
        {
            let words = inline(&response["description"]);
            told.entry(status.clone())
                .and_modify(|known| *known = known.take().filter(|known| *known == words))
                .or_insert(Some(words));
        }
    }
    told.into_iter().filter_map(|(status, words)| Some((status, words?))).collect()
}

impl Operation<'_> {
    pub(super) fn id(&self) -> String {
        text(&self.value["operationId"])
    }

    /// Whether it belongs to the group of this name.
    pub(super) fn is_of(&self, tag: &str) -> bool {
        entries(&self.value["tags"]).iter().any(|it| it == tag)
    }

    pub(super) fn link(&self) -> String {
        call::link(&self.id(), self.method, self.path)
    }

    pub(super) fn section(&self, shared: &Shared, example: Option<&Example>) -> String {
        let heading = escape(&format!("{} {}", self.method.to_uppercase(), self.path));
        let parts = [
            prose(&self.value["description"]),
            self.scopes(),
            self.body(),
            table("Parameters", entries(&self.value["parameters"]).iter().map(parameter_row)),
            example.map(exchange).unwrap_or_default(),
            table("Answers", self.own_answers(shared)),
            self.refusals(shared),
        ];
        let (id, summary) = (self.id(), inline(&self.value["summary"]));
        format!("<section id=\"{id}\">\n<h3><code>{heading}</code> {summary}</h3>\n{}</section>\n", parts.concat())
    }

    fn scopes(&self) -> String {
        let Some(security) = self.value["security"].as_array() else { return String::new() };
        let scopes: Vec<String> = security.iter().flat_map(|it| entries(&it["token"]).iter().map(code)).collect();
        match (security.is_empty(), scopes.is_empty()) {
            (true, _) => "<p>No token is needed.</p>\n".to_owned(),
            (_, true) => "<p>Any token will do.</p>\n".to_owned(),
            _ => format!("<p>Needs {}.</p>\n", scopes.join(" and ")),
        }
    }

    fn body(&self) -> String {
        let schema = &self.value["requestBody"]["content"]["application/json"]["schema"];
        if schema.is_null() { String::new() } else { format!("<p>Body: {}</p>\n", type_of(schema)) }
    }

    /// The answers of this operation that the shared refusals do not cover.
    fn own_answers(&self, shared: &Shared) -> impl Iterator<Item = [String; 3]> {
        members(&self.value["responses"]).filter(|(status, _)| !shared.contains_key(*status)).map(
            |(status, response)| {
                let schema = members(&response["content"]).next().map(|(_, content)| type_of(&content["schema"]));
                [escape(status), schema.unwrap_or_default(), inline(&response["description"])]
            },
        )
    }

    /// Links to the shared refusals.
    fn refusals(&self, shared: &Shared) -> String {
        let told = members(&self.value["responses"]).filter(|(status, _)| shared.contains_key(*status));
        let links: Vec<String> =
            told.map(|(status, _)| format!("<a href=\"#answer-{0}\">{0}</a>", escape(status))).collect();
        format!("<p>Refusals as everywhere: {}.</p>\n", links.join(", "))
    }
}

fn exchange(example: &Example) -> String {
    block("Request", &call::request(example)) + &block("Answer", &call::answer(example))
}

fn parameter_row(parameter: &Value) -> [String; 3] {
    let place = format!("{}, {}", text(&parameter["in"]), type_of(&parameter["schema"]));
    [code(&parameter["name"]), place, inline(&parameter["description"])]
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn what_all_say_alike_is_told_once() {
        let answers = |words: &str| json!({"200": {"description": "x"}, "404": {"description": "none"}, "409": {"description": words}});
        let document = json!({"paths": {
            "/a": {"get": {"operationId": "a", "responses": answers("one")}},
            "/b": {"get": {"operationId": "b", "responses": answers("two")}},
        }});
        let shared = shared(&document);
        assert_eq!(shared.into_iter().collect::<Vec<_>>(), [("404".to_owned(), "none".to_owned())]);
    }
}
