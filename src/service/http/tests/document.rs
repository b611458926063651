use super::*;

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
    assert!(document["paths"]["/livez"]["get"].get("security").is_none());
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
    assert!(!page.contains("<script") && !page.contains("src="));
}
