//! Tests that text from any source is read as it is or refused by name.

use std::{fs, path::PathBuf, process::Command};

use serde_json::json;

use crate::common::{
    Home, Run, Said,
    api::Api,
    secured::Secured,
    service::{Served, TOKEN, sqlite},
    trace,
    wire::{Wire, json as answer},
};

const MARK: &str = "\u{feff}";
const SECRET: &str = "tmkey_0123456789abcdefghijABCDEFGHIJkl";
const EMPTY: &str = r#"{"data": [], "next": null}"#;
// Nothing is ever delivered to this address.
const ADD: [&str; 6] = ["add", "https://erp.example.com/hooks", "--disabled", "--events", "*", "--name"];

/// Writes a file in this home.
fn file(home: &Home, name: &str, bytes: impl AsRef<[u8]>) -> String {
    let path = home.path().join(name);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(&path, bytes).unwrap();
    path.to_str().unwrap().to_owned()
}

fn utf16(text: &str) -> Vec<u8> {
    format!("{MARK}{text}").encode_utf16().flat_map(u16::to_le_bytes).collect()
}

/// A service that answers only this token, with an empty list.
fn service_for(token: &'static str) -> Wire {
    Wire::new(move |mut stream, head, _| {
        let known = head.contains(&format!("authorization: Bearer {token}\r\n"));
        let said = answer(if known { 200 } else { 401 }, EMPTY);
        let _ = std::io::Write::write_all(&mut stream, said.as_bytes());
    })
}

#[test]
fn a_mark_before_a_token_is_none_of_it() {
    let (home, service) = (Home::new(), service_for("an-invented-token"));
    let token = file(&home, "token", format!("{MARK}an-invented-token\r\n"));
    let list = || {
        let mut program = home.program();
        program.args(["--service", &service.url(), "list", "-o", "json"]);
        program
    };
    list().env("TM_HOOKS_TOKEN_FILE", &token).said().exits(0);
    list().env("TM_HOOKS_TOKEN", format!("{MARK}an-invented-token")).said().exits(0);
    let stored = format!("{MARK}\"{}/\" = \"an-invented-token\"\n", service.url());
    file(&home, ".config/tm-hooks/credentials.toml", stored);
    let profile = format!("{MARK}profile = \"own\"\n[profiles.own]\nurl = \"{}\"\ntoken = \"file\"\n", service.url());
    file(&home, ".config/tm-hooks/config.toml", profile);
    home.run(["list", "-o", "json"]).exits(0);
}

#[test]
fn a_mark_before_input_is_none_of_it() {
    let home = Home::new();
    let add = |name: &str, more: &[&str]| home.program().args(ADD).arg(name).args(more).said().exits(0).to_string();
    add("Marked", &["--secret-file", &file(&home, "secret", format!("{MARK}{SECRET}\r\n"))]);
    assert_eq!(home.ok(["secret", "show", "Marked", "--reveal", "--format", "plain"]).trim(), SECRET);
    add("Headed", &["--header", &format!("@{}", file(&home, "headers", format!("{MARK}X-Team: Größe\r\n")))]);
    let data = file(&home, "data.json", format!("{MARK}{{\"comment\": \"marked\"}}"));
    home.ok(["send", "attendance.inserted", "--data", &format!("@{data}")]);
    home.run_with_input(["send", "attendance.inserted", "--data", "-"], &format!("{MARK}{{}}")).exits(0);
    home.ok(["send", "attendance.inserted", "--data", &format!("{MARK}{{}}")]);
    let event = format!("{MARK}{{\"type\": \"user.deleted\", \"data\": {{}}}}");
    home.ok(["api", "POST", "/v1/events", "--input", &file(&home, "event.json", event)]);
}

#[test]
fn a_mark_before_what_serve_reads_is_none_of_it() {
    let home = Home::new();
    let made = Secured::with(rcgen::CertificateParams::new(["localhost".to_owned()]).unwrap(), EMPTY);
    let marked = |name: &str, text: &str| file(&home, name, format!("{MARK}{text}"));
    let (certificate, key) = (marked("cert.pem", &made.certificate), marked("key.pem", &made.key));
    let (secret_key, token) = (marked("keys", &"ab".repeat(32)), marked("token", &format!("{TOKEN}\n")));
    let arguments = ["--tls-cert", &certificate, "--tls-key", &key, "--secret-key-file", &secret_key];
    let given = ["--admin-token-file", &token, "--database", &sqlite(home.path().join("served.db"))];
    let served = Served::start(home.program(), &[&arguments[..], &given].concat());
    let url = served.url.replace("127.0.0.1", "localhost");
    let mut program = home.program();
    program.args(["--service", &url, "--ca-cert", &certificate, "list"]).env("TM_HOOKS_TOKEN", trace::secret(TOKEN));
    program.said().exits(0);
}

#[test]
fn the_api_s_body_may_have_a_mark_and_is_utf8() {
    let home = Home::new();
    let served = Served::on_database(&home, &sqlite(home.path().join("served.db")));
    let api = Api::of(&served);
    let new = json!({"name": "ERP", "url": "https://erp.example.com/hooks", "events": ["*"], "headers": {"X-A": "ü"}});
    let text = new.to_string();
    let post = |body: Vec<u8>| api.post_bytes("/v1/webhooks", body);
    post(format!("{MARK}{text}").into_bytes()).of_status(201);
    let latin1: Vec<u8> = text.replace(",", ",\n").chars().map(|c| u8::try_from(c).unwrap()).collect();
    let refused = post(latin1).of_status(400).json();
    let detail = refused["detail"].as_str().unwrap();
    assert!(detail.contains("is not UTF-8") && detail.contains("Latin-1") && detail.contains("line "), "{detail}");
    let refused = post(utf16(&text)).of_status(400).json();
    assert!(refused["detail"].as_str().unwrap().contains("UTF-16"), "{refused}");
    assert_eq!(api.get("/v1/webhooks").json()["data"].as_array().unwrap().len(), 1);
}

/// A reader's name, the kind of its file, and its command for a file's path.
type Reader = (&'static str, &'static str, fn(&Home, &str) -> Command);

fn with_arguments(home: &Home, arguments: &[&str]) -> Command {
    let mut program = home.program();
    program.args(arguments);
    program
}

const ELSEWHERE: [&str; 3] = ["list", "--service", "https://hooks.invalid"];

const READERS: &[Reader] = &[
    ("--header", "X-Team: ok\nX-Name: Größe\n", |home, path| {
        with_arguments(home, &[&ADD[..], &["New", "--header", &format!("@{path}")]].concat())
    }),
    ("--secret-file", "\ntmkey_ü\n", |home, path| {
        with_arguments(home, &[&ADD[..], &["New", "--secret-file", path]].concat())
    }),
    ("--data", "{\n\"comment\": \"Größe\"}", |home, path| {
        with_arguments(home, &["send", "attendance.inserted", "--data", &format!("@{path}")])
    }),
    ("--input", "{\n\"type\": \"tür\"}", |home, path| {
        with_arguments(home, &["api", "POST", "/v1/events", "--input", path])
    }),
    ("--ca-cert", "# a\n# für uns\n", |home, path| {
        with_arguments(home, &[&ELSEWHERE[..], &["--ca-cert", path]].concat())
    }),
    ("SSL_CERT_FILE", "# a\n# für uns\n", |home, path| {
        let mut program = with_arguments(home, &ELSEWHERE);
        program.env("SSL_CERT_FILE", path);
        program
    }),
    ("token", "\ntökén\n", |home, path| {
        let mut program = with_arguments(home, &ELSEWHERE);
        program.env("TM_HOOKS_TOKEN_FILE", path);
        program
    }),
    ("token", "\ntökén\n", |home, path| {
        with_arguments(home, &["login", "https://hooks.invalid", "--token-file", path])
    }),
    ("config.toml", "# a\n# für uns\n", |home, path| {
        let folder = home.path().join(".config/tm-hooks");
        fs::create_dir_all(&folder).unwrap();
        let _ = std::os::unix::fs::symlink(path, folder.join("config.toml"));
        with_arguments(home, &["list"])
    }),
    ("config.toml", "# a\n# für uns\n", |home, _| with_arguments(home, &["config", "set", "output", "json"])),
    ("admin token", "\nein-schöner-langer-token\n", |home, path| {
        with_arguments(home, &["serve", "--listen", "0", "--admin-token-file", path])
    }),
    ("key file", "\nschlüssel\n", |home, path| {
        with_arguments(home, &["serve", "--listen", "0", "--secret-key-file", path])
    }),
    ("key file", "\nschlüssel\n", |home, path| {
        let mut program = with_arguments(home, &["list", "-p", "local"]);
        program.env("TM_HOOKS_SECRET_KEY_FILE", path).env("TM_HOOKS_CONFIG_DIR", home.path());
        program
    }),
    ("--tls-cert", "# a\n# für uns\n", |home, path| {
        with_arguments(home, &["serve", "--listen", "0", "--tls-cert", path, "--tls-key", path])
    }),
];

/// Expects a refusal that names the reader, the file and its line, and repeats nothing of it.
fn refused(what: &str, path: &str, said: &Said, words: &[&str]) {
    assert_ne!(said.code, 0, "{what}");
    assert_eq!(said.out, "", "{what}");
    for words in words.iter().chain([&path]) {
        assert!(said.err.contains(words), "{what}: {words:?} is not in\n{}", said.err);
    }
    assert!(
        !said.err.contains("Gr") && !said.err.contains("\u{fffd}") && !said.err.contains("t\u{f6}k"),
        "{}",
        said.err
    );
}

#[test]
fn what_is_not_utf8_is_refused_by_its_name_and_line() {
    let home = Home::new();
    for (what, text, command) in READERS {
        let latin1: Vec<u8> = text.chars().map(|c| u8::try_from(c).unwrap()).collect();
        let path = file(&home, "the-file", latin1);
        let name = if *what == "config.toml" { what } else { "the-file" };
        refused(what, name, &command(&home, &path).said(), &["line 2 is not UTF-8", "Latin-1"]);
        file(&home, "the-file", utf16(text));
        let said = command(&home, &path).said();
        refused(what, name, &said, &["line 1 is not UTF-8 but UTF-16"]);
    }
    let config: PathBuf = home.path().join(".config/tm-hooks/config.toml");
    fs::remove_file(config).unwrap();
    assert_eq!(home.json(["list", "-o", "json"])["data"], json!([]), "something was stored");
    assert_eq!(home.json(["events", "-o", "json"])["data"], json!([]), "something was stored");
}
