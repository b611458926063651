//! Tests proxies: one rule selects them for every request and for `doctor`, when a request is sent; errors name them.

use serde_json::Value;

use crate::common::{
    Home, Run, Said,
    proxy::Proxy,
    secured::{Secured, openssl_s_own},
    service::{Served, sqlite},
    wire::{Wire, http, json},
};

const EMPTY: &str = r#"{"data": [], "next": null}"#;
const LOGIN: Option<(&str, &str)> = Some(("mara", "an invented password"));

/// Runs a command against `service` with these variables and without retries.
fn ask(service: &str, arguments: &[&str], variables: &[(&str, &str)]) -> Said {
    let home = Home::new();
    let mut program = home.program();
    program.args(["--service", service, "--retries", "0"]).args(arguments);
    let said = program.envs(variables.iter().copied()).said();
    assert!(!said.err.contains("invented"), "a password is shown: {}", said.err);
    said
}

#[test]
fn what_goes_nowhere_does_not_ask_for_the_way() {
    let home = Home::new();
    for variable in ["ALL_PROXY", "all_proxy", "HTTPS_PROXY", "http_proxy"] {
        for value in ["socks5h://127.0.0.1:9", "no proxy at all", "ftp://127.0.0.1:9"] {
            for arguments in [
                &["list"][..],
                &["help", "output"],
                &["completions", "bash"],
                &["man"],
                &["config", "path"],
                &["config", "list"],
                &["doctor"],
                &["profile", "list"],
            ] {
                home.program().args(arguments).env(variable, value).said().exits(0);
            }
        }
    }
    let served = Served::on_database(&home, &sqlite(home.path().join("served.db")));
    served.client(&home).env("ALL_PROXY", "ftp://127.0.0.1:9").arg("list").said().exits(0);
}

#[test]
fn socks_leads_to_the_service_and_looks_its_name_up() {
    let plain = Wire::saying(json(200, EMPTY));
    let proxy = Proxy::socks(plain.address, None);
    for scheme in ["socks5h://", "socks://"] {
        let url = proxy.url(scheme, "");
        ask("http://hooks.invalid", &["list"], &[("ALL_PROXY", &url)]).exits(0);
        ask("http://hooks.invalid:8420", &["list", "--proxy", &url], &[]).exits(0);
    }
    assert_eq!(proxy.asked()[..2], ["hooks.invalid:80", "hooks.invalid:8420"]);
    let url = proxy.url("socks5://", "");
    ask(&plain.url(), &["list", "--proxy", &url], &[]).exits(0);
    assert!(proxy.asked()[4].starts_with("127.0.0.1:"), "{:?}", proxy.asked());
    let said = ask("http://hooks.invalid", &["list", "-o", "json"], &[("ALL_PROXY", &url)]);
    let error = said.exits(9).fails_as_json("dns_failed");
    assert!(error["error"]["hint"].as_str().unwrap().contains("socks5h://"), "{error}");
}

#[test]
fn https_goes_through_either_kind_with_a_login() {
    let secured = Secured::with(openssl_s_own(&["hooks.invalid"]), EMPTY);
    let home = Home::new();
    let own = home.path().join("own.pem");
    std::fs::write(&own, &secured.certificate).unwrap();
    let list = ["list", "--ca-cert", own.to_str().unwrap()];
    for (proxy, scheme) in [
        (Proxy::socks(secured.wire.address, LOGIN), "socks5h://"),
        (Proxy::http(secured.wire.address, LOGIN), "http://"),
    ] {
        let by = |login: &str| ask("https://hooks.invalid", &list, &[("HTTPS_PROXY", &proxy.url(scheme, login))]);
        by("mara:an%20invented%20password@").exits(0);
        assert_eq!(proxy.asked(), ["hooks.invalid:443"]);
        let named = format!("the proxy {} (from HTTPS_PROXY)", proxy.url(scheme, ""));
        by("mara:another%20invented@").exits(9).tells(&named).tells("does not accept the user and the password");
        if scheme == "http://" {
            by("").exits(9).tells(&named).tells("wants a user and a password").tells("USER:PASSWORD@");
        }
    }
}

#[test]
fn a_plain_request_that_the_proxy_refuses_is_the_proxy_s() {
    let plain = Wire::saying(json(200, EMPTY));
    let proxy = Proxy::http(plain.address, LOGIN);
    let url = proxy.url("http://", "");
    let said = ask("http://hooks.invalid", &["list", "-o", "json"], &[("HTTP_PROXY", &url)]);
    let error = said.exits(9).fails_as_json("proxy_unauthorized");
    assert!(error["error"]["message"].as_str().unwrap().contains("(from HTTP_PROXY)"), "{error}");
    let whole = proxy.url("http://", "mara:an%20invented%20password@");
    ask("http://hooks.invalid", &["list"], &[("HTTP_PROXY", &whole)]).exits(0);
    assert_eq!(proxy.asked(), ["http://hooks.invalid/v1/webhooks?limit=250"]);
    let busy = Wire::saying(http(503, "", ""));
    let said = ask("http://hooks.invalid", &["list"], &[("all_proxy", &busy.url())]);
    said.exits(9)
        .tells(&format!("http://hooks.invalid, through the proxy {} (from all_proxy), answered 503", busy.url()));
}

/// An address where no program listens.
fn nobody() -> std::net::SocketAddr {
    std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap()
}

#[test]
fn a_proxy_that_is_not_there_is_named_with_who_named_it() {
    let nobody = nobody();
    for scheme in ["http", "https", "socks5h", "socks4"] {
        let url = format!("{scheme}://mara:an-invented-word@{nobody}");
        for service in ["http://hooks.invalid", "https://hooks.invalid"] {
            let named = format!("the proxy {scheme}://{nobody} (from ALL_PROXY)");
            ask(service, &["list"], &[("ALL_PROXY", &url)]).exits(9).tells(&named).tells("cannot be reached");
        }
        let said = ask("https://hooks.invalid", &["list", "--proxy", &url], &[]);
        said.exits(9).tells("(from --proxy)");
        let said = ask("https://hooks.invalid", &["doctor", "-o", "json"], &[("ALL_PROXY", &url)]);
        let checks: Value = serde_json::from_str(&said.out).unwrap();
        let of = |name: &str| checks["data"].as_array().unwrap().iter().find(|check| check["check"] == name).unwrap();
        assert_eq!(of("connection")["status"], "failure");
        assert!(of("connection")["message"].as_str().unwrap().contains("(from ALL_PROXY)"), "{checks}");
    }
}

#[test]
fn one_that_cannot_be_used_stops_the_request_that_goes_by_it() {
    for (variable, service) in [("ALL_PROXY", "https://hooks.invalid"), ("http_proxy", "http://hooks.invalid")] {
        let by = |arguments: &[&str]| ask(service, arguments, &[(variable, "ftp://mara:an-invented-word@127.0.0.1:9")]);
        by(&["list"]).exits(2).tells(&format!("{variable} cannot be \"ftp://…@127.0.0.1:9\""));
        let doctor = by(&["doctor", "-o", "json"]);
        doctor.exits(10);
        assert!(doctor.out.contains(&format!("{variable} cannot be")), "{}", doctor.out);
    }
}

/// The IPv6 form of an IPv4 address, which does not look like loopback but is on this machine.
fn mapped(address: std::net::SocketAddr) -> String {
    format!("http://[::ffff:127.0.0.1]:{}", address.port())
}

#[test]
fn no_proxy_spares_a_service_for_every_command() {
    let service = Wire::saying(json(200, EMPTY));
    let proxy = Proxy::http(service.address, None);
    let (url, port) = (proxy.url("http://", ""), service.address.port());
    let by = |arguments: &[&str], exceptions: &str| {
        ask(&mapped(service.address), arguments, &[("HTTP_PROXY", &url), ("NO_PROXY", exceptions)])
    };
    for through in ["", "10.0.0.0/8", "example.com", "::ffff:128.0.0.0/104", "[::ffff:127.0.0.1]:1"] {
        let before = proxy.asked().len();
        by(&["list"], through).exits(0);
        assert_eq!(proxy.asked().len(), before + 1, "{through}");
        let doctor = by(&["doctor", "-o", "json"], through);
        assert!(doctor.out.contains("leads to the service"), "{through}: {}", doctor.out);
    }
    let before = proxy.asked().len();
    let with_port = format!("[::ffff:127.0.0.1]:{port}");
    for straight in ["*", "::ffff:127.0.0.0/104", "example.com ::ffff:127.0.0.1", "a,[::ffff:127.0.0.1]", &with_port] {
        by(&["list"], straight).exits(0);
        let doctor = by(&["doctor", "-o", "json"], straight);
        assert!(!doctor.out.contains("leads to the service"), "{straight}: {}", doctor.out);
        assert_eq!(proxy.asked().len(), before, "{straight}");
    }
}

#[test]
fn the_scheme_chooses_the_variable() {
    let service = Wire::saying(json(200, EMPTY));
    let (one, other) = (Proxy::http(service.address, None), Proxy::http(nobody(), None));
    let variables = [("HTTP_PROXY", one.url("http://", "")), ("HTTPS_PROXY", other.url("", ""))];
    let variables: Vec<(&str, &str)> = variables.iter().map(|(name, url)| (*name, url.as_str())).collect();
    ask("http://hooks.invalid", &["list"], &variables).exits(0);
    assert_eq!((one.asked().len(), other.asked().len()), (1, 0));
    ask("https://hooks.invalid", &["list"], &variables).exits(9);
    assert_eq!((one.asked().len(), other.asked()), (1, vec!["hooks.invalid:443".to_owned()]));
    let listed = ask("https://hooks.invalid", &["config", "get", "proxy", "-o", "json"], &variables).json();
    assert_eq!(listed["source"], "HTTPS_PROXY");
}
