//! Tests tokens with the real program and a real service.

use crate::common::{
    Home, Run, Said,
    service::{Served, sqlite},
};
use serde_json::{Value, json};

/// Runs the program against the service, with this token.
fn with(served: &Served, home: &Home, token: &str, arguments: &[&str]) -> Said {
    served.client(home).env("TM_HOOKS_TOKEN", token).args(arguments).said()
}

/// Runs the program with the admin token, and expects exit code 0.
fn as_admin(served: &Served, home: &Home, arguments: &[&str]) -> String {
    served.client(home).args(arguments).said().ok()
}

#[test]
fn a_token_opens_what_its_scopes_say_until_it_is_revoked() {
    let home = Home::new();
    let served = Served::on_database(&home, &sqlite(home.path().join("served/hooks.db")));
    let made = as_admin(&served, &home, &["token", "create", "--name", "ci", "--scope", "webhooks:read"]);
    let token = made.trim();
    assert!(token.starts_with("tmtoken_") && made.lines().count() == 1, "a script gets the token alone: {made}");

    assert_eq!(with(&served, &home, token, &["list"]).code, 0);
    let forbidden = with(&served, &home, token, &["add", "http://127.0.0.1:9/x", "--name", "A", "--events", "*"]);
    assert_eq!((forbidden.code, forbidden.out.as_str()), (5, ""));
    assert!(forbidden.err.contains("lacks the scope webhooks:write"), "{}", forbidden.err);
    assert!(forbidden.err.contains("tm-hooks token create"), "{}", forbidden.err);

    let listed = as_admin(&served, &home, &["token", "list", "--json"]);
    let listed: Value = serde_json::from_str(&listed).unwrap();
    assert_eq!((&listed["data"][0]["name"], &listed["data"][0]["scopes"]), (&json!("ci"), &json!(["webhooks:read"])));
    assert!(!listed.to_string().contains(token));
    let nobody = served.client(&home).args(["token", "revoke", "ci"]).said();
    assert_eq!(nobody.code, 2, "it asks: {}", nobody.err);
    as_admin(&served, &home, &["token", "revoke", "ci", "--yes"]);
    let revoked = with(&served, &home, token, &["list"]);
    assert_eq!(revoked.code, 4, "{}", revoked.err);
    assert!(!revoked.err.contains(token));
    let unknown = served.client(&home).args(["token", "revoke", "ci", "--yes"]).said();
    assert_eq!(unknown.code, 3, "{}", unknown.err);

    let (_, log) = served.stopped();
    assert!(!log.contains(token), "a token in the log");
    let database = std::fs::read(home.path().join("served/hooks.db")).unwrap();
    assert!(!database.windows(token.len()).any(|window| window == token.as_bytes()), "a token in the database");
}

#[test]
fn a_process_with_the_file_makes_and_revokes_tokens_of_a_service_that_runs() {
    let home = Home::new();
    let served = Served::start(home.program(), &[]);
    let token =
        home.ok(["token", "create", "--name", "ci", "--scope", "events:write,webhooks:read", "--expires", "1h"]);
    let token = token.trim();
    assert_eq!(with(&served, &home, token, &["send", "user.inserted"]).code, 0);
    assert_eq!(with(&served, &home, token, &["token", "list"]).code, 5);
    home.ok(["token", "revoke", "ci", "--yes"]);
    crate::common::until("the token to be refused", || {
        (with(&served, &home, token, &["list"]).code == 4).then_some(())
    });
    let lost = home.run(["token", "create", "--name", "x", "--scope", "admin", "-o", "id"]);
    assert_eq!(lost.code, 2, "it would be made and never shown");
    let wrong = home.run(["token", "create", "--name", "x", "--scope", "webhooks:all"]);
    assert_eq!(wrong.code, 2);
    assert!(wrong.err.contains("is not a scope"), "{}", wrong.err);
}

/// Writes a certificate for loopback and its key to files.
fn certificate(home: &Home) -> [std::path::PathBuf; 2] {
    use base64::{Engine, engine::general_purpose::STANDARD};
    let made = rcgen::generate_simple_self_signed(["127.0.0.1".to_owned()]).unwrap();
    let files = [
        ("cert.pem", "CERTIFICATE", made.cert.der().to_vec()),
        ("key.pem", "PRIVATE KEY", made.signing_key.serialize_der()),
    ];
    files.map(|(name, label, der)| {
        let path = home.path().join(name);
        let text = format!("-----BEGIN {label}-----\n{}\n-----END {label}-----\n", STANDARD.encode(der));
        std::fs::write(&path, text).unwrap();
        path
    })
}

#[test]
fn a_service_answers_over_tls_and_writes_down_who_changed_what() {
    let home = Home::new();
    let [certificate, key] = certificate(&home).map(|path| path.to_str().unwrap().to_owned());
    let arguments =
        ["--database", "sqlite::memory:", "--tls-cert", &certificate, "--tls-key", &key, "--rate-limit", "500/s"];
    let served = Served::start(home.program(), &arguments);
    assert!(served.url.starts_with("https://127.0.0.1:"), "{}", served.url);
    let untrusted = served.client(&home).args(["list", "--retries", "0"]).said();
    assert_eq!(untrusted.code, 9, "{}", untrusted.err);
    let trusting =
        |arguments: &[&str]| served.client(&home).env("SSL_CERT_FILE", &certificate).args(arguments).said().ok();
    trusting(&[
        "add",
        "https://erp.example.com/tm",
        "--name",
        "Payroll",
        "--events",
        "*",
        "--header",
        "X-Key: invented",
    ]);
    trusting(&["disable", "Payroll"]);
    trusting(&["secret", "show", "Payroll", "--reveal"]);
    let log: Value = serde_json::from_str(&trusting(&["audit", "--json"])).unwrap();
    let actions: Vec<&str> = log["data"].as_array().unwrap().iter().map(|it| it["action"].as_str().unwrap()).collect();
    assert_eq!(actions, ["secret.read", "webhook.disable", "webhook.add"]);
    assert_eq!(log["data"][1]["after"], json!({"enabled": false, "disabledReason": "manual"}));
    assert!(!log.to_string().contains("invented"), "{log}");
    assert_eq!(
        trusting(&["audit", "--target", "Payroll", "--since", "1h", "--actor", "admin", "-o", "id"]).lines().count(),
        3
    );

    let wrong = home.run(["serve", "--tls-cert", &key, "--tls-key", &key, "--database", "sqlite::memory:"]);
    assert_eq!(wrong.code, 2, "{}", wrong.err);
    assert!(wrong.err.contains("key.pem cannot be used"), "{}", wrong.err);
}

#[test]
fn serve_warns_of_secrets_that_others_may_read_and_goes_on() {
    let home = Home::new();
    let [certificate, tls_key] = certificate(&home);
    let [token, key, previous] = ["token", "hooks.key", "old.key"].map(|name| home.path().join(name));
    std::fs::write(&token, "an-invented-admin-token-for-tests").unwrap();
    std::fs::write(&key, "0123456789abcdef".repeat(4)).unwrap();
    std::fs::write(&previous, "fedcba9876543210".repeat(4)).unwrap();
    let secret = [&token, &tls_key, &key, &previous];
    let log_with = |mode: u32| {
        for path in secret {
            std::fs::set_permissions(path, std::os::unix::fs::PermissionsExt::from_mode(mode)).unwrap();
        }
        let [certificate, tls_key] = [&certificate, &tls_key].map(|path| path.to_str().unwrap());
        let [token, previous] = [&token, &previous].map(|path| path.to_str().unwrap());
        let mut program = home.program();
        program.env("TM_HOOKS_SECRET_KEY_FILE", &key).args(["--quiet"]);
        let files = ["--admin-token-file", token, "--previous-secret-key-file", previous];
        let tls = ["--tls-cert", certificate, "--tls-key", tls_key, "--database", "sqlite::memory:"];
        Served::start(program, &[&files[..], &tls].concat()).stopped().1
    };
    let open = log_with(0o444);
    for path in secret {
        assert!(open.contains(&format!("chmod 600 {}\"", path.display())), "{} is not said: {open}", path.display());
    }
    assert!(!open.contains(&format!("{}:", certificate.display())), "a certificate is no secret: {open}");
    assert!(!log_with(0o600).contains("chmod"), "they are for their owner alone");
}

#[test]
fn secrets_lie_encrypted_in_the_database_and_a_missing_key_is_said() {
    let home = Home::new();
    let key = home.path().join("hooks.key");
    std::fs::write(&key, "0123456789abcdef".repeat(4)).unwrap();
    home.ok(["add", "http://127.0.0.1:9/hooks", "--name", "Payroll", "--events", "*"]);
    let secret = home.ok(["secret", "show", "Payroll", "--reveal"]);
    let with_key = || {
        let mut program = home.program();
        program.env("TM_HOOKS_SECRET_KEY_FILE", &key).args(["secret", "show", "Payroll", "--reveal"]);
        program.said()
    };
    assert_eq!(with_key().out, secret, "it is encrypted, and the same");
    let database = std::fs::read(home.database()).unwrap();
    assert!(!database.windows(secret.len() - 1).any(|window| window == secret.trim().as_bytes()));
    let without = home.run(["list"]);
    assert_eq!((without.code, without.out.as_str()), (1, ""));
    assert!(without.err.contains("TM_HOOKS_SECRET_KEY_FILE"), "{}", without.err);
    std::fs::write(&key, "fedcba9876543210".repeat(4)).unwrap();
    let wrong = with_key();
    assert_eq!(wrong.code, 1);
    assert!(wrong.err.contains("which was not given"), "{}", wrong.err);
}
