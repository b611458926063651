use super::*;
use crate::domain::event::EventType;

#[test]
fn the_committed_document_is_the_one_that_is_served() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let fresh = docs::to_json(&document());
    let committed = std::fs::read_to_string(root.join("docs/openapi.json")).unwrap_or_default();
    if committed != fresh {
        std::fs::create_dir_all(root.join("target")).unwrap();
        std::fs::write(root.join("target/openapi.json"), fresh).unwrap();
        panic!("docs/openapi.json is not what the handlers say: cp target/openapi.json docs/openapi.json");
    }
}

#[tokio::test]
async fn the_document_is_openapi_3_1_and_says_what_there_is() {
    let service = Service::new().await;
    let reply = service.get("/openapi.json").await.of_status(200);
    assert_eq!(reply.header("content-type"), "application/json");
    let document = reply.json();
    assert_eq!(document["openapi"], "3.1.0");
    let test = &document["paths"]["/v1/webhooks/{id}/test"]["post"];
    assert_eq!(test["security"], json!([{"token": ["webhooks:write"]}]));
    for status in ["200", "400", "401", "403", "404", "409", "413", "415", "422", "500", "503"] {
        assert!(test["responses"][status].is_object(), "{status}");
    }
    assert_eq!(document["security"], json!([{"token": []}]));
    for open in ["/livez", "/readyz"] {
        assert_eq!(document["paths"][open]["get"]["security"], json!([]), "{open}");
    }
}

#[test]
fn servers_tags_and_headers_of_answers_are_told() {
    let value = serde_json::to_value(document()).unwrap();
    assert_eq!(value["servers"][0]["url"], "/");
    let tags: Vec<_> = value["tags"].as_array().unwrap().iter().map(|tag| tag["name"].as_str().unwrap()).collect();
    for (path, method, operation) in openapi::operations(&document()) {
        assert!(operation.tags.iter().flatten().all(|tag| tags.contains(&tag.as_str())), "{method} {path}");
        let responses = serde_json::to_value(&operation.responses).unwrap();
        for (status, response) in responses.as_object().unwrap() {
            let headers = &response["headers"];
            assert!(headers["X-Request-Id"].is_object(), "{method} {path} {status}");
            assert_eq!(
                headers.get("Retry-After").is_some(),
                ["429", "503"].contains(&status.as_str()),
                "{method} {path}"
            );
        }
    }
}

#[test]
fn what_is_sent_has_names_that_no_generator_makes_of_what_is_answered() {
    let value = serde_json::to_value(document()).unwrap();
    let schemas = value["components"]["schemas"].as_object().unwrap();
    for (path, method, operation) in openapi::operations(&document()) {
        let body = serde_json::to_value(&operation.request_body).unwrap().to_string();
        let names = body.split("\"$ref\":\"#/components/schemas/").skip(1).filter_map(|rest| rest.split('"').next());
        assert!(names.clone().all(|name| name.ends_with("Input")), "{method} {path}: {body}");
    }
    let bodies = value["paths"]["/v1/webhooks/{id}/test"]["post"]["requestBody"].clone();
    let input = json!({"$ref": "#/components/schemas/TestInput"});
    assert_eq!(bodies["content"]["application/json"]["schema"], input, "what may be left out is not null besides");
    // Go calls the constructor of `Event` `NewEvent`; some file systems do not distinguish `Event` from `event`.
    let mut seen = std::collections::BTreeSet::new();
    for name in schemas.keys() {
        assert!(!name.starts_with("New"), "{name}");
        assert!(seen.insert(name.to_lowercase().replace('_', "")), "{name}");
    }
}

#[test]
fn what_is_sent_is_closed_and_what_is_answered_may_grow() {
    let value = serde_json::to_value(document()).unwrap();
    let schemas = value["components"]["schemas"].as_object().unwrap();
    for (name, schema) in schemas {
        let closed = schema.get("enum").is_some() || schema["additionalProperties"] == false;
        let is_set_or_object = schema.get("x-extensible-enum").is_some() || closed || schema["type"] == "object";
        if is_set_or_object {
            assert_eq!(closed, name.ends_with("Input"), "{name}");
        }
    }
    assert_eq!(schemas["AttemptStatus"]["x-extensible-enum"], json!(["pending", "succeeded", "failed"]));
    assert_eq!(schemas["AttemptStatusInput"]["enum"], json!(["pending", "succeeded", "failed"]));
    let known: Vec<_> = schemas.iter().filter(|(_, schema)| schema.get("x-extensible-enum").is_some()).collect();
    assert!(known.len() > 12 && known.iter().all(|(_, schema)| schema["type"] == "string"), "{known:?}");
    assert_eq!(schemas["EventType"]["x-extensible-enum"].as_array().map(Vec::len), Some(EventType::KNOWN.len()));
    assert!(!schemas.contains_key("EventTypeInput"), "any name is taken, and any may be answered");
}

#[test]
fn an_object_of_any_fields_says_so() {
    fn look(path: &str, value: &Value) {
        let is_object = value["type"] == "object" || value["type"] == json!(["object", "null"]);
        let told = ["properties", "additionalProperties"].into_iter().any(|key| value.get(key).is_some());
        assert!(told || !is_object, "{path}");
        let members = value.as_object().into_iter().flatten().map(|(key, value)| (key.clone(), value));
        let items = value.as_array().into_iter().flatten().enumerate().map(|(at, value)| (at.to_string(), value));
        members.chain(items).for_each(|(key, value)| look(&format!("{path}/{key}"), value));
    }
    let value = serde_json::to_value(document()).unwrap();
    look("", &value);
    let data = &value["components"]["schemas"]["EventInput"]["properties"]["data"];
    assert_eq!(data["additionalProperties"], true);
    assert_eq!(data["properties"]["timeZone"]["type"], json!(["string", "null"]));
    assert_eq!(data["properties"]["isDeleted"]["type"], json!(["boolean", "null"]));
}

#[test]
fn every_operation_says_what_it_does_and_every_reference_leads_somewhere() {
    let value = serde_json::to_value(document()).unwrap();
    for (path, method, operation) in openapi::operations(&document()) {
        assert!(operation.summary.as_ref().is_some_and(|summary| summary.ends_with('.')), "{method} {path}");
        assert!(operation.operation_id.is_some() && operation.tags.is_some(), "{method} {path}");
        assert!(openapi::parameters(operation).all(|it| it.description.is_some()), "{method} {path}");
    }
    let text = value.to_string();
    for reference in text.split("\"$ref\":\"#").skip(1).filter_map(|rest| rest.split('"').next()) {
        assert!(value.pointer(reference).is_some(), "{reference}");
    }
}

#[tokio::test]
async fn the_page_explains_every_problem_without_a_script() {
    let service = Service::new().await;
    let reply = service.get("/docs").await.of_status(200);
    assert_eq!(reply.header("content-type"), "text/html; charset=utf-8");
    let policy = reply.header("content-security-policy");
    assert!(policy.starts_with("default-src 'none'; style-src 'sha256-"), "{policy}");
    let page = String::from_utf8(reply.body.clone()).unwrap();
    for code in crate::domain::problem::ProblemCode::all() {
        assert!(page.contains(&format!("<tr id=\"{}\">", code.as_str())), "{}", code.as_str());
    }
    assert!(page.contains("<code>POST /v1/webhooks/{id}/test</code>"));
    assert!(!page.contains("<script") && !page.contains("src=") && !page.contains("style="));
}

/// Checks that each link within the page has a target, no id occurs twice, and calls come first.
#[tokio::test]
async fn the_page_holds_together() {
    let service = Service::new().await;
    let page = String::from_utf8(service.get("/docs").await.of_status(200).body).unwrap();
    let after = |mark: &str| page.split(mark).skip(1).map(|rest| rest.split('"').next().unwrap()).collect::<Vec<_>>();
    let ids = after(" id=\"");
    let unique: std::collections::BTreeSet<_> = ids.iter().collect();
    assert_eq!(unique.len(), ids.len());
    for link in after("href=\"#") {
        assert!(unique.contains(&link), "{link}");
    }
    assert_eq!(ids[0], "call");
    assert!(!page.contains('`'), "code is set as code");
    for (path, method, operation) in openapi::operations(&document()) {
        let id = operation.operation_id.as_deref().unwrap();
        let section = page.split(&format!("<section id=\"{id}\">")).nth(1).unwrap().split("</section>").next().unwrap();
        for part in ["aria-label=\"Request\"", "aria-label=\"Answer\""] {
            assert_eq!(section.matches(part).count(), 1, "{method} {path}");
        }
        assert!(unique.contains(&id) && page.contains(&format!("<li><a href=\"#{id}\">")), "{method} {path}");
    }
}

#[tokio::test]
async fn a_browser_is_led_to_the_page() {
    let service = Service::new().await;
    let browser = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";
    for (method, path, accept, status) in [
        ("GET", "/", browser, 303),
        ("HEAD", "/", "Text/HTML", 303),
        ("GET", "/?from=mail", browser, 303),
        ("GET", "/", "*/*", 404),
        ("GET", "/", "application/json, text/html;q=0", 404),
        ("POST", "/", browser, 404),
        ("GET", "/v1/webhook", browser, 404),
    ] {
        let reply = service.ask(method, path, &[("accept", accept)], None).await;
        assert_eq!(reply.status, status, "{method} {path} {accept}");
        assert_eq!(reply.headers.get("location").map(|it| it.to_str().unwrap()), (status == 303).then_some("/docs"));
    }
}
