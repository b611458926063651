//! `verify --detect` on requests that a program of its own has signed.

use super::{altered, fixtures, home_with, text};
use crate::common::Run;

#[test]
fn what_is_found_verifies_the_next_request_and_refuses_an_altered_one() {
    for fixture in fixtures().iter().skip(5).step_by(13) {
        let requests = fixture["requests"].as_array().unwrap();
        let home = home_with(text(&fixture["secret"]), requests);
        let detect = ["verify", "--secret-file", "secret", "--delivery", "requests", "--detect"];
        let found = home.program().args(detect).args(["-o", "json"]).said().json();
        assert_eq!((&found["genuine"], text(&found["code"])), (&true.into(), "found"), "{found}");
        let scheme = text(&found["scheme"]);
        assert!(scheme.starts_with(text(&fixture["scheme"]).split(' ').next().unwrap()), "{scheme}");
        let verify = ["verify", "--secret-file", "secret", "--delivery", "-", "--scheme", scheme, "--ignore-time"];
        let judge = |request: &serde_json::Value| {
            home.program().args(verify).args(["--jq", ".genuine"]).said_with_input(request.to_string().as_bytes())
        };
        assert_eq!(judge(&requests[1]).ok(), "true\n", "{scheme}");
        assert_eq!(judge(&altered(&requests[1])).exits(10).out, "false\n", "{scheme}");
    }
}

#[test]
fn where_nothing_fits_it_is_said_what_to_capture_next() {
    let fixture = &fixtures()[0];
    let home = home_with("another secret", &fixture["requests"].as_array().unwrap()[..1]);
    let detect = ["verify", "--secret-file", "secret", "--delivery", "requests", "--detect"];
    home.run(detect).exits(10).tells("What to capture next");
    let nothing = home.program().args(detect).args(["-o", "json"]).said();
    let told: serde_json::Value = serde_json::from_str(&nothing.exits(10).out).unwrap();
    assert_eq!((text(&told["code"]), &told["scheme"]), ("none_found", &serde_json::Value::Null));
    assert!(told["next"].as_array().unwrap().len() > 2 && told["tried"].as_u64().unwrap() > 1_000, "{told}");
}
