//! Tests that `docs/payloads.md` agrees with the tables and the golden bodies.

use serde_json::Value;

use super::{golden, v2};
use crate::domain::{
    event::{
        EventType,
        fields::{self, Field},
    },
    version::Version,
};

const PAGE: &str = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/payloads.md"));

fn row(field: &Field) -> String {
    let Field { name, kind, nullable, observed, meaning } = field;
    let or_null = if *nullable { " or null" } else { "" };
    let source = if *observed { "observed" } else { "ours" };
    format!("| `{name}` | {kind}{or_null} | {meaning} | {source} |")
}

fn rows_of_v2(nodes: &[v2::Node], parents: &str) -> Vec<String> {
    let of = |node: &v2::Node| match *node {
        v2::Node::Object(name, nodes) => rows_of_v2(nodes, &format!("{parents}{name}.")),
        v2::Node::Leaf(name, from, how) => {
            let how = match how {
                v2::How::Same => "",
                v2::How::AsString => ", as a string",
                v2::How::WithOffset => ", RFC 3339 with the offset of `timeZone`",
            };
            vec![format!("| `{parents}{name}` | `{from}`{how} |")]
        }
    };
    nodes.iter().flat_map(of).collect()
}

fn table(head: &str, rows: impl IntoIterator<Item = String>) -> String {
    let rule = head.split('|').map(|cell| if cell.is_empty() { "" } else { " --- " }).collect::<Vec<_>>().join("|");
    [head.to_owned(), rule].into_iter().chain(rows).collect::<Vec<_>>().join("\n")
}

fn example(version: Version, event_type: EventType) -> String {
    let body: Value = serde_json::from_slice(&golden::body(version, event_type)).unwrap();
    format!("```json\n{}\n```", serde_json::to_string_pretty(&body).unwrap())
}

#[test]
fn the_page_has_every_field_of_the_tables_and_the_examples_as_they_are_sent() {
    const V1: &str = "| field | type | meaning | source |";
    const V2: &str = "| field | from |";
    let parts = [
        table(V1, fields::ATTENDANCE.iter().map(row)),
        table(V1, fields::USER.iter().map(row)),
        row(&fields::IS_DELETED),
        table(V2, rows_of_v2(v2::ATTENDANCE, "")),
        table(V2, rows_of_v2(v2::USER, "")),
        example(Version::V1, EventType::ATTENDANCE_INSERTED),
        example(Version::V1, EventType::USER_UPDATED),
        example(Version::V2, EventType::ATTENDANCE_INSERTED),
        example(Version::V2, EventType::USER_DELETED),
    ];
    for part in parts {
        assert!(PAGE.contains(&part), "docs/payloads.md lacks, word for word:\n{part}");
    }
}
