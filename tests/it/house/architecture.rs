//! Holds the shape of the house: which way imports may point, how long a file may be, what stands at the top level.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

/// The rooms, and to which other rooms each may point. `commands` beside `serve.rs` and `demo.rs` knows no service.
const ARROWS: &[(&str, &[&str])] = &[
    ("main", &["commands", "core_files"]),
    (
        "commands",
        &[
            "embedded",
            "receiver",
            "render",
            "error",
            "api",
            "credentials",
            "config",
            "term",
            "signing",
            "net_guard",
            "certificates",
            "files",
            "domain",
        ],
    ),
    (
        "commands/serve",
        &[
            "embedded",
            "render",
            "error",
            "config",
            "term",
            "service",
            "net_guard",
            "certificates",
            "files",
            "domain",
            "commands",
        ],
    ),
    (
        "commands/demo",
        &[
            "embedded",
            "receiver",
            "render",
            "error",
            "api",
            "config",
            "term",
            "service",
            "signing",
            "net_guard",
            "domain",
            "commands",
        ],
    ),
    ("embedded", &["api", "config", "service", "net_guard", "files", "domain"]),
    ("receiver", &["term", "signing", "net_guard", "domain"]),
    ("render", &["error", "term", "domain"]),
    ("error", &["api", "config", "credentials", "term", "domain"]),
    ("api", &["certificates", "domain"]),
    ("credentials", &["config", "term", "files", "domain"]),
    ("config", &["term", "files", "domain"]),
    ("term", &["domain"]),
    ("service", &["signing", "net_guard", "certificates", "files", "domain"]),
    (
        "service/http",
        &["service/delivery", "service/store", "service/metrics", "signing", "net_guard", "files", "domain"],
    ),
    (
        "service/delivery",
        &["service/store", "service/metrics", "service/descriptors", "signing", "net_guard", "certificates", "domain"],
    ),
    ("service/store", &["service/metrics", "signing", "files", "domain"]),
    ("service/server", &["service/descriptors", "service/metrics", "service/tls"]),
    ("service/tls", &["certificates", "files", "domain"]),
    ("service/descriptors", &[]),
    ("service/metrics", &["domain"]),
    ("certificates", &["files", "domain"]),
    ("files", &["domain"]),
    ("core_files", &[]),
    ("signing", &["domain"]),
    ("net_guard", &["domain"]),
    ("domain", &[]),
];

fn sources() -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![PathBuf::from("src")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                found.push(path);
            }
        }
    }
    found
}

/// A file's place as a module path below the crate: `service/store/sqlite`, `commands/add`, `lib`.
fn module_of(file: &Path) -> String {
    let inside = file.strip_prefix("src").unwrap().with_extension("");
    inside.to_str().unwrap().replace('\\', "/").trim_end_matches("/mod").to_owned()
}

/// The most exact room a module path lies in.
fn room_of(module: &str) -> Option<&'static str> {
    ARROWS
        .iter()
        .map(|(room, _)| *room)
        .filter(|room| module == *room || module.starts_with(&format!("{room}/")))
        .max_by_key(|room| room.len())
}

/// The code of a file without comments, strings' contents and its tests.
fn code_of(text: &str) -> String {
    let without_tests = text.split("#[cfg(test)]\nmod ").next().unwrap();
    without_tests.lines().map(|line| line.split("//").next().unwrap()).collect::<Vec<_>>().join("\n")
}

/// Every path below the crate that a file's code names, as `a/b/c`, braces and `super` written out.
fn paths_named(module: &str, code: &str) -> BTreeSet<String> {
    let mut named = BTreeSet::new();
    for (marker, base) in [("crate::", String::new()), ("tm_hooks::", String::new()), ("super::", parent(module))] {
        for (at, _) in code.match_indices(marker) {
            if code[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_' || c == ':') {
                continue;
            }
            let (mut base, mut rest) = (base.clone(), &code[at + marker.len()..]);
            while let Some(further) = rest.strip_prefix("super::") {
                base = parent(&base);
                rest = further;
            }
            expand(&base, rest, &mut named);
        }
    }
    named
}

fn parent(module: &str) -> String {
    module.rsplit_once('/').map_or(String::new(), |(parent, _)| parent.to_owned())
}

/// Writes out `a::{b, c::{d, e}}` behind `base`.
fn expand(base: &str, text: &str, named: &mut BTreeSet<String>) {
    let join = |name: &str| if base.is_empty() { name.to_owned() } else { format!("{base}/{name}") };
    if let Some(inner) = text.strip_prefix('{') {
        for part in split_braces(inner) {
            expand(base, part.trim(), named);
        }
        return;
    }
    let name: String = text.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
    if name.is_empty() {
        return;
    }
    match text[name.len()..].strip_prefix("::") {
        Some(rest) => expand(&join(&name), rest, named),
        None => {
            named.insert(join(&name));
        }
    }
}

/// The parts between commas up to the brace that closes the list.
fn split_braces(text: &str) -> Vec<&str> {
    let (mut parts, mut depth, mut start) = (Vec::new(), 0, 0);
    for (at, c) in text.char_indices() {
        match c {
            '{' => depth += 1,
            '}' if depth == 0 => {
                parts.push(&text[start..at]);
                return parts;
            }
            '}' => depth -= 1,
            ',' if depth == 0 => {
                parts.push(&text[start..at]);
                start = at + 1;
            }
            _ => {}
        }
    }
    parts
}

/// Which room points to which, with a file as a witness.
fn arrows() -> BTreeMap<(&'static str, &'static str), PathBuf> {
    let mut arrows = BTreeMap::new();
    for file in sources() {
        let module = module_of(&file);
        if module == "lib" {
            continue;
        }
        let room = room_of(&module).unwrap_or_else(|| panic!("{} lies in no room of the house", file.display()));
        let code = code_of(&fs::read_to_string(&file).unwrap());
        for path in paths_named(&module, &code) {
            if let Some(other) = room_of(&path).filter(|other| *other != room) {
                arrows.insert((room, other), file.clone());
            }
        }
    }
    arrows
}

#[test]
fn imports_point_one_way() {
    let mut wrong = Vec::new();
    for ((from, to), file) in arrows() {
        let allowed = ARROWS.iter().find(|(room, _)| *room == from).unwrap().1;
        let nested = to.starts_with(&format!("{from}/"));
        let within_allowed = allowed.iter().any(|room| to == *room || to.starts_with(&format!("{room}/")));
        if !nested && !within_allowed {
            wrong.push(format!("{from} → {to} ({})", file.display()));
        }
    }
    assert!(wrong.is_empty(), "imports against the arrows:\n{}", wrong.join("\n"));
}

#[test]
fn the_arrows_themselves_run_in_no_circle() {
    fn visit(room: &str, path: &mut Vec<String>) {
        assert!(!path.iter().any(|seen| seen == room), "a circle: {} → {room}", path.join(" → "));
        path.push(room.to_owned());
        for next in ARROWS.iter().filter(|(from, _)| *from == room).flat_map(|(_, to)| to.iter()) {
            visit(next, path);
        }
        path.pop();
    }
    for (room, _) in ARROWS.iter().filter(|(room, _)| !room.starts_with("commands/")) {
        visit(room, &mut Vec::new());
    }
}

#[test]
fn the_reader_sees_imports_in_braces_and_above() {
    let code = "use crate::{domain::{ids::{A, B}, time::Clock}, term};\nuse super::super::super::api::Client;";
    let named = paths_named("commands/add/extra", code);
    for path in ["domain/ids/A", "domain/ids/B", "domain/time/Clock", "term", "api/Client"] {
        assert!(named.contains(path), "{path} not in {named:?}");
    }
}

/// Its interface may change with every version.
#[test]
fn one_file_knows_the_completion_engine() {
    let knows = |file: &PathBuf| code_of(&fs::read_to_string(file).unwrap()).contains("clap_complete::");
    let files: Vec<PathBuf> = sources().into_iter().filter(knows).collect();
    assert_eq!(files, [PathBuf::from("src/commands/completions/engine.rs")]);
}

#[test]
fn no_file_is_longer_than_500_lines() {
    let long: Vec<_> = sources()
        .into_iter()
        .map(|file| (fs::read_to_string(&file).unwrap().lines().count(), file))
        .filter(|(lines, _)| *lines > 500)
        .collect();
    assert!(long.is_empty(), "split these by purpose: {long:?}");
}
