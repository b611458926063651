//! Help texts: `-h` and `--help` of every verb, and the topics, as files in `help_texts/`.

use std::{
    collections::BTreeSet,
    fs,
    panic::{AssertUnwindSafe, catch_unwind},
    path::Path,
};

use tm_hooks::commands;

use crate::common::{Home, Run};

/// The folder beside this file.
fn folder() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/faces/help_texts")
}

/// What `-h` and `--help` of a verb say; the words of the verb in a row.
fn help(path: &[String]) -> String {
    let home = Home::new();
    let says = |flag: &str| {
        let said = home.program().args(path).arg(flag).said();
        format!("$ {}\n{}", said.command.clone(), said.ok())
    };
    format!("{}\n{}", says("-h"), says("--help"))
}

/// Whether the file of this name holds the text; where it does not, what differs is printed.
fn is_as_it_was_seen(name: &str, text: String) -> bool {
    catch_unwind(AssertUnwindSafe(|| insta::assert_snapshot!(name, text))).is_ok()
}

#[test]
fn help_texts_are_as_they_were_seen() {
    let (mut names, mut differ) = (BTreeSet::new(), Vec::new());
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path(folder());
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| {
        let topics = commands::topics().into_iter().map(|topic| {
            let text = Home::new().ok(["help", topic]);
            (format!("help_{topic}"), text)
        });
        let verbs = super::tree::paths(&commands::command()).into_iter().map(|path| {
            let name = if path.is_empty() { "tm-hooks".to_owned() } else { path.join("_") };
            (name, help(&path))
        });
        for (name, text) in verbs.chain(topics) {
            if !is_as_it_was_seen(&name, text) {
                differ.push(name.clone());
            }
            names.insert(name);
        }
    });
    assert!(differ.is_empty(), "these differ from their files: {differ:?}");
    let files = fs::read_dir(folder()).unwrap().map(|file| file.unwrap().file_name().into_string().unwrap());
    let files: BTreeSet<String> = files.filter_map(|name| name.strip_suffix(".snap").map(str::to_owned)).collect();
    assert_eq!(files, names, "the files in tests/it/faces/help_texts are those of our verbs and topics");
}
