//! Tests the calls at the start of the page at `/docs` in a shell.

use std::process::Command;

use crate::common::{
    Home, Run,
    api::Api,
    receiver::Receiver,
    service::{Served, TOKEN, sqlite},
    skip,
};

/// The code blocks of the section `call`, as people copy them.
fn calls(page: &str) -> Vec<String> {
    let section = page.split("<section id=\"call\">").nth(1).unwrap().split("</section>").next().unwrap();
    let blocks = section.split("<pre").skip(1).map(|rest| {
        let code = rest.split("<code>").nth(1).unwrap().split("</code>").next().unwrap();
        code.replace("&lt;", "<")
            .replace("&gt;", ">")
            .replace("&quot;", "\"")
            .replace("&#39;", "'")
            .replace("&amp;", "&")
    });
    blocks.collect()
}

#[test]
fn the_calls_of_the_page_can_be_pasted() {
    if skip::without(&["curl"], "the page's calls are not pasted") {
        return;
    }
    let (home, receiver) = (Home::new(), Receiver::accepting());
    let served = Served::on_database(&home, &sqlite(home.path().join("hooks.db")));
    let api = Api::of(&served);
    let page = api.get("/docs").of_status(200).body;
    let calls = calls(&page);
    assert_eq!(calls.len(), 5, "variables, list, add, send, test");
    assert!(calls[0].contains("export TM_HOOKS_URL=") && calls[0].contains("export TM_HOOKS_TOKEN="));
    let path = std::env::var("PATH").unwrap();
    for call in &calls[1..] {
        let added = api.get("/v1/webhooks").json();
        let id = added["data"][0]["id"].as_str().unwrap_or_default();
        let here = call.replace("https://erp.example.com/timemoto", &receiver.url()).replace("wh_k3v9m2x7qd", id);
        let mut shell = Command::new("sh");
        shell.args(["-c", &here.replacen("curl ", "curl -sSf ", 1)]).env_clear().env("PATH", &path);
        let answer = shell.env("TM_HOOKS_URL", &served.url).env("TM_HOOKS_TOKEN", TOKEN).said().json();
        assert!(answer["data"].is_array() || answer["id"].is_string(), "{call}: {answer}");
    }
    assert_eq!(receiver.wait("the event and the test", |ledger| ledger.len() == 2).len(), 2);
}
