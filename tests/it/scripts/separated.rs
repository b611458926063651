//! Tests that other readers read CSV output back with the same rows.

use std::process::Command;

use serde_json::{Value, json};

use crate::common::{Home, Run, receiver::Receiver, skip};

/// Commands that write CSV, among them every list.
const LISTS: [&[&str]; 14] = [
    &["list"],
    &["show", "Payroll"],
    &["attempts"],
    &["events"],
    &["audit"],
    &["token", "list"],
    &["profile", "list"],
    &["config", "list"],
    &["config", "get", "proxy"],
    &["stats", "--by", "code"],
    &["types"],
    &["versions"],
    &["whoami"],
    &["doctor"],
];

/// A home with entries in every list and many null values: the second webhook's receiver does not answer.
fn home() -> (Home, Receiver) {
    let (home, receiver) = (Home::new(), Receiver::accepting());
    home.ok(["add", &receiver.url(), "--name", "Payroll", "--events", "attendance.*"]);
    home.ok(["add", "http://127.0.0.1:1/", "--name", "a \"b\", c", "--events", "user.*"]);
    home.ok(["send", "attendance.inserted"]);
    home.run(["send", "user.deleted"]).exits(10);
    home.ok(["token", "create", "--name", "ci", "--scope", "webhooks:read"]);
    home.ok(["profile", "add", "staging", "https://staging.example.com"]);
    (home, receiver)
}

/// The rows without the header, as the crate `csv` reads them.
fn with_rust(csv: &str) -> Vec<Vec<String>> {
    let mut reader = csv::Reader::from_reader(csv.as_bytes());
    reader.records().map(|row| row.unwrap().iter().map(str::to_owned).collect()).collect()
}

/// The rows of each text without the header, as Python's `csv.DictReader` reads them.
fn with_python(texts: &[String]) -> Vec<Vec<Vec<String>>> {
    const READ: &str = "import csv, io, json, sys\n\
        rows = lambda text: [list(row.values()) for row in csv.DictReader(io.StringIO(text, newline=''))]\n\
        json.dump([rows(text) for text in json.load(sys.stdin)], sys.stdout)";
    let said = Command::new("python3").args(["-c", READ]).said_with_input(json!(texts).to_string().as_bytes());
    serde_json::from_value(said.json()).unwrap()
}

/// Whether there is an empty line outside of quotes, which Go's `encoding/csv` and most others skip.
fn has_empty_line(csv: &str) -> bool {
    csv.split('"').step_by(2).any(|unquoted| unquoted.contains("\r\n\r\n") || unquoted.starts_with("\r\n\r\n"))
        || csv.starts_with("\r\n")
}

#[test]
fn every_column_alone_has_as_many_rows_as_all_together() {
    let (home, _receiver) = home();
    let (mut texts, mut expected, mut lone) = (Vec::new(), Vec::new(), 0);
    for list in LISTS {
        let csv = |more: &[&str]| home.program().args(list).args(["-o", "csv"]).args(more).output().unwrap().stdout;
        let whole = String::from_utf8(csv(&[])).unwrap();
        let names: Vec<String> =
            csv::Reader::from_reader(whole.as_bytes()).headers().unwrap().iter().map(Into::into).collect();
        let rows = with_rust(&whole);
        assert!(!rows.is_empty(), "{list:?} shows something");
        let nullable = |column: &usize| rows.iter().any(|row| row[*column].is_empty());
        for column in (0..names.len()).filter(nullable) {
            let alone = String::from_utf8(csv(&["--columns", &names[column]])).unwrap();
            assert!(!has_empty_line(&alone), "{list:?} --columns {}: {alone:?}", names[column]);
            let values: Vec<Vec<String>> = rows.iter().map(|row| vec![row[column].clone()]).collect();
            // Entries written in between, such as a reading of the audit log, are missing from the earlier output.
            assert_eq!(with_rust(&alone), values, "{list:?} --columns {}", names[column]);
            texts.push(alone);
            expected.push(values);
            lone += 1;
        }
        texts.push(whole);
        expected.push(rows);
    }
    assert!(lone > 20, "only {lone} columns were tried");
    if !skip::without(&["python3"], "its reader of CSV is not tried") {
        assert_eq!(with_python(&texts), expected);
    }
}

#[test]
fn without_a_header_too_and_for_what_a_change_gives_back() {
    let (home, receiver) = home();
    let pinned = ["--columns", "pinnedVersion", "-o", "csv"];
    let said = home.program().args(["list", "--table-header", "never"]).args(pinned).said();
    assert_eq!(said.ok(), "\"\"\r\n\"\"\r\n");
    for change in [
        &["add", &receiver.url(), "--name", "ERP", "--events", "*"][..],
        &["edit", "ERP", "--url", "https://erp.example.com/hooks"],
        &["disable", "ERP"],
        &["unpin", "ERP"],
        &["delete", "ERP", "--yes"],
    ] {
        let said = home.program().args(change).args(pinned).said();
        assert_eq!(said.ok(), "pinnedVersion\r\n\"\"\r\n", "{change:?}");
    }
    home.ok(["disable", "--all"]);
    let said = home.run(["send", "user.deleted", "--count", "2", "--columns", "deliveries", "-o", "csv"]);
    assert_eq!(said.ok(), "deliveries\r\n\"\"\r\n\"\"\r\n");
}

#[test]
fn values_survive_whatever_is_in_them() {
    let (home, _receiver) = home();
    let names = home.ok(["list", "--columns", "name", "--sort", "name", "-o", "csv"]);
    let rows = vec![vec!["a \"b\", c".to_owned()], vec!["Payroll".to_owned()]];
    assert_eq!(with_rust(&names), rows);
    let listed: Value = home.json(["list", "--sort", "name", "-o", "json"]);
    assert_eq!(listed["data"][0]["name"], rows[0][0].as_str());
}
