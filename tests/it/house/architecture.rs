//! Checks the architecture: the direction of imports, the length of files, the top-level folders.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

/// The parts, and the other parts that each may import. `commands` other than `serve.rs` and `demo.rs` knows no
/// service.
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

/// The most specific part that contains a module path.
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

/// All paths of the crate in a file's code, as `a/b/c`, with braces and `super` expanded.
fn paths_named(module: &str, code: &str) -> BTreeSet<String> {
    let mut named = BTreeSet::new();
    for (marker, base) in [("crate::", String::new()), ("tm_hooks::", String::new()), ("super::", parent(module))] {
        for (at, _) in code.match_indices(marker) {
            let before = &code[..at];
            // Paths in the braces of an import are expanded with it.
            let in_braces = before.rsplit(';').next().is_some_and(|statement| statement.contains("use super::{"));
            if in_braces || before.ends_with(|c: char| c.is_alphanumeric() || c == '_' || c == ':') {
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

/// Expands `a::{b, c::{d, e}}` below `base`.
fn expand(base: &str, text: &str, named: &mut BTreeSet<String>) {
    if let Some(above) = text.strip_prefix("super::") {
        expand(&parent(base), above, named);
        return;
    }
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

/// Which part imports which, with one file as proof.
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
    let code = "use crate::{domain::{ids::{A, B}, time::Clock}, term};\nuse super::super::super::api::Client;\nuse super::{super::{x::X}, y};";
    let named = paths_named("commands/add/extra", code);
    for path in
        ["domain/ids/A", "domain/ids/B", "domain/time/Clock", "term", "api/Client", "commands/x/X", "commands/add/y"]
    {
        assert!(named.contains(path), "{path} not in {named:?}");
    }
}

/// Checks that one file uses the engine, whose interface may change with every version.
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

/// The files that exist only for tests, as the file above declares them.
fn only_for_tests(files: &BTreeMap<String, String>) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for (module, text) in files {
        for after in text.split("#[cfg(test)]\n").skip(1) {
            let declared = after.lines().next().unwrap().strip_suffix(';').and_then(|line| line.split_once("mod "));
            found.extend(declared.map(|(_, name)| format!("{module}/{name}")));
        }
    }
    found
}

/// The code without visibility paths, which are not imports.
fn without_visibility(code: &str) -> String {
    let mut parts = code.split("pub(in ");
    let first = parts.next().unwrap().to_owned();
    parts.fold(first, |seen, part| seen + "pub" + part.split_once(')').map_or("", |(_, rest)| rest))
}

/// The real places of names that a module re-exports by `pub use`.
fn handed_on(files: &BTreeMap<String, String>) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    for (module, text) in files {
        let code: Vec<&str> = text.lines().map(|line| line.split("//").next().unwrap()).collect();
        let code = code.join("\n");
        for (at, _) in code.match_indices("pub ").chain(code.match_indices("pub(")) {
            let Some((_, used)) =
                code[at..].split_once("use ").filter(|(before, _)| !before.contains(['\n', ';', '{']))
            else {
                continue;
            };
            let mut names = BTreeSet::new();
            let statement = used.split(';').next().unwrap();
            match statement.strip_prefix("crate::") {
                Some(from_top) => expand("", &format!("{from_top};"), &mut names),
                None if statement.starts_with("super::") => names = paths_named(module, &format!("{statement};")),
                None => expand(module, &format!("{statement};"), &mut names),
            }
            for path in names {
                let name = path.rsplit('/').next().unwrap();
                let here = format!("{module}/{name}");
                if here != path {
                    found.insert(here, path);
                }
            }
        }
    }
    found
}

/// The path of the place where its name is defined.
fn followed(handed_on: &BTreeMap<String, String>, path: &str) -> String {
    let mut path = path.to_owned();
    // No name is re-exported more often.
    for _ in 0..8 {
        let mut beginning = path.clone();
        while !beginning.is_empty() && !handed_on.contains_key(&beginning) {
            beginning = parent(&beginning);
        }
        let Some(real) = handed_on.get(&beginning) else { break };
        path = format!("{real}{}", &path[beginning.len()..]);
    }
    path
}

/// The files that each file uses: those of its paths in the crate, and those of its own modules.
fn named_files() -> BTreeMap<String, BTreeSet<String>> {
    let read = |file: PathBuf| (module_of(&file), fs::read_to_string(&file).unwrap());
    let files: BTreeMap<String, String> = sources().into_iter().map(read).collect();
    let tests = only_for_tests(&files);
    let is_test = |module: &str| tests.iter().any(|test| module == test || module.starts_with(&format!("{test}/")));
    let handed_on = handed_on(&files);
    let file_of = |path: &str| {
        let mut path = followed(&handed_on, path);
        while !path.is_empty() && !files.contains_key(&path) {
            path = parent(&path);
        }
        path
    };
    let counted = files.iter().filter(|(module, _)| *module != "lib" && *module != "main" && !is_test(module));
    let named = counted.map(|(module, text)| {
        let code = text.split("#[cfg(test)]\nmod tests {").next().unwrap();
        let code = code.split("#[cfg(test)]\npub(super) mod tests {").next().unwrap();
        let code: Vec<&str> = code.lines().map(|line| line.split("//").next().unwrap()).collect();
        let mut paths = paths_named(module, &without_visibility(&code.join("\n")));
        for own in code.iter().filter_map(|line| line.trim().strip_suffix(';')?.split_once("mod ").map(|(_, own)| own))
        {
            let used = |line: &&str| {
                line.match_indices(&format!("{own}::"))
                    .any(|(at, _)| !line[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_' || c == ':'))
            };
            paths.extend(code.iter().any(used).then(|| format!("{module}/{own}")));
        }
        let files = paths.iter().map(|path| file_of(path)).filter(|file| file != module && !file.is_empty());
        (module.clone(), files.collect())
    });
    named.collect()
}

/// The files that reach each other, by the first file of each circle.
fn circles(named: &BTreeMap<String, BTreeSet<String>>) -> BTreeMap<String, BTreeSet<String>> {
    let reached = |from: &String| {
        let (mut reached, mut next) = (BTreeSet::new(), vec![from]);
        while let Some(file) = next.pop() {
            for other in named.get(file).into_iter().flatten() {
                if reached.insert(other.clone()) {
                    next.push(other);
                }
            }
        }
        reached
    };
    let reached: BTreeMap<&String, BTreeSet<String>> = named.keys().map(|file| (file, reached(file))).collect();
    let mut circles = BTreeMap::new();
    let mut seen = BTreeSet::new();
    for (file, others) in &reached {
        let circle: BTreeSet<String> = others
            .iter()
            .filter(|other| reached.get(other).is_some_and(|back| back.contains(*file)))
            .cloned()
            .collect();
        if !circle.is_empty() && seen.insert(circle.clone()) {
            circles.insert((*file).clone(), circle);
        }
    }
    circles
}

#[test]
fn no_files_name_each_other_in_a_circle() {
    let found = circles(&named_files());
    assert!(
        found.is_empty(),
        "these files name each other; what they share belongs into a file below them: {found:#?}"
    );
}

#[test]
fn who_may_see_a_name_is_not_named_by_it() {
    let code = without_visibility("pub(in crate::store) struct A;\npub(in crate::store) fn b(c: crate::term::C) {}");
    assert_eq!(code, "pub struct A;\npub fn b(c: crate::term::C) {}");
}

#[test]
fn a_name_is_followed_to_where_it_stands() {
    let files = [
        ("store", "mod job;\npub use job::{Claim, deep::Claimed};\npub(super) use crate::ids::Id;\n"),
        ("store/job", "pub struct Claim;\n"),
        ("service", "pub use store::Claim;\n"),
    ];
    let files = files.map(|(module, text)| (module.to_owned(), text.to_owned())).into();
    let handed_on = handed_on(&files);
    let real = |path: &str| followed(&handed_on, path);
    assert_eq!(real("store/Claim"), "store/job/Claim");
    assert_eq!(real("store/Claim/new"), "store/job/Claim/new");
    assert_eq!((real("store/Claimed"), real("store/Id")), ("store/job/deep/Claimed".to_owned(), "ids/Id".to_owned()));
    assert_eq!((real("store/Other"), real("ids/Id")), ("store/Other".to_owned(), "ids/Id".to_owned()));
}

#[test]
fn a_circle_is_seen_with_all_its_files() {
    let edges = [("a", "b"), ("b", "c"), ("c", "a"), ("c", "d"), ("d", "e"), ("e", "e/f"), ("e/f", "e"), ("g", "a")];
    let mut named: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for (from, to) in edges {
        named.entry(from.to_owned()).or_default().insert(to.to_owned());
    }
    let found = circles(&named);
    let files = |first: &str| found[first].iter().map(String::as_str).collect::<Vec<_>>();
    assert_eq!((found.len(), files("a"), files("e")), (2, vec!["a", "b", "c"], vec!["e", "e/f"]));
}
