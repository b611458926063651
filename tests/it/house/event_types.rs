//! Checks what a new event type touches: a row of the table, its example, and its bodies. Nothing else in the program
//! lists all types; tests renew the documents and screens that do.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

const TABLE: &str = "src/domain/event/table.rs";
/// The file with the names that tests and the table use.
const CONSTANTS: &str = "src/domain/event/event_type.rs";

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The program's Rust files, each without its tests.
fn sources(folder: &Path, found: &mut Vec<(PathBuf, String)>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap();
        if path.is_dir() && !["tests", "contract"].contains(&name) {
            sources(&path, found);
        } else if name.ends_with(".rs") && !["tests.rs", "golden.rs"].contains(&name) {
            let text = fs::read_to_string(&path).unwrap();
            let program = text.split("#[cfg(test)]\nmod tests {").next().unwrap().to_owned();
            found.push((path.strip_prefix(root()).unwrap().to_owned(), program));
        }
    }
}

/// The types in the table, read from their examples.
fn known() -> Vec<String> {
    let examples = fs::read_dir(root().join("src/domain/event/examples")).unwrap();
    let name = |path: PathBuf| path.file_stem().unwrap().to_str().unwrap().to_owned();
    examples.map(|entry| name(entry.unwrap().path())).collect()
}

#[test]
fn a_type_is_one_row_its_example_and_its_golden_files() {
    let known = known();
    let table = fs::read_to_string(root().join(TABLE)).unwrap();
    assert_eq!(table.matches("example: example!(").count(), known.len(), "an example for each row, and a row for each");
    for name in &known {
        assert!(table.contains(&format!("example!(\"{name}\")")), "{name} has no row");
        for version in ["v1", "v2"] {
            assert!(root().join(format!("tests/golden/{version}/{name}.json")).exists(), "{name} in {version}");
        }
    }
}

#[test]
fn nothing_but_the_table_knows_every_type() {
    let mut files = Vec::new();
    sources(&root().join("src"), &mut files);
    assert!(files.len() > 200, "only {} files were found", files.len());
    let known = known();
    let subscribable = known.iter().filter(|name| *name != "test");
    let names = |text: &str, name: &str| {
        text.contains(&format!("\"{name}\"")) || text.contains(&name.to_uppercase().replace('.', "_"))
    };
    let knows_all = |text: &str| subscribable.clone().all(|name| names(text, name));
    let found: BTreeSet<String> =
        files.iter().filter(|(_, text)| knows_all(text)).map(|(path, _)| path.display().to_string()).collect();
    assert_eq!(found, BTreeSet::from([CONSTANTS.to_owned(), TABLE.to_owned()]));
}
