//! Parses the pages: blocks of code, commands between backticks, prose.

use std::{fs, path::Path};

/// All pages; `documents::shape` fails if one is missing.
pub const PAGES: [&str; 15] = [
    "README.md",
    "docs/CONTRIBUTING.md",
    "docs/api.md",
    "docs/architecture.md",
    "docs/benchmarks.md",
    "docs/ci.md",
    "docs/payloads.md",
    "docs/receiving.md",
    "docs/remote.md",
    "docs/schemes.md",
    "docs/scripting.md",
    "docs/security.md",
    "docs/serving.md",
    "docs/sources.md",
    "docs/store.md",
];

/// The page whose blocks `documents::ci_examples` runs, as a pipeline does.
pub const FOR_PIPELINES: &str = "docs/ci.md";

/// Whether to renew the pages and pictures instead of comparing them: `RENEW_DOCUMENTS=1 cargo test --locked --test it
/// documents`.
pub fn renewing() -> bool {
    std::env::var_os("RENEW_DOCUMENTS").is_some_and(|value| value == "1")
}

/// A path of this repository.
pub fn place(path: &str) -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

#[track_caller]
pub fn read(path: &str) -> String {
    fs::read_to_string(place(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// The blocks of code of one kind, such as `sh`.
pub fn blocks(text: &str, kind: &str) -> Vec<String> {
    let opening = format!("```{kind}\n");
    text.split(&opening).skip(1).map(|block| block.split("```").next().unwrap().to_owned()).collect()
}

/// The text outside of code blocks.
pub fn outside_of_blocks(text: &str) -> String {
    text.split("```").step_by(2).collect()
}

/// The texts between backticks in prose and tables, each on one line.
pub fn code_spans(text: &str) -> Vec<String> {
    let prose = outside_of_blocks(text);
    let spans = prose.split("\n\n").flat_map(|paragraph| {
        let line = paragraph.replace('\n', " ").replace("\\|", "|");
        line.split('`').skip(1).step_by(2).map(str::to_owned).collect::<Vec<_>>()
    });
    spans.collect()
}

/// The commands of shell blocks in order: a script that begins with `set -e` as a whole, of others each line without
/// its comment.
pub fn shell_commands(text: &str) -> Vec<String> {
    let of_a_block = |block: String| match block.starts_with("set -e") {
        true => vec![block],
        false => {
            let joined = block.replace("\\\n", "");
            joined.lines().map(|line| line.split("  # ").next().unwrap().trim().to_owned()).collect()
        }
    };
    let commands = blocks(text, "sh").into_iter().flat_map(of_a_block);
    commands.filter(|command: &String| !command.is_empty()).collect()
}

#[test]
fn a_page_is_taken_apart() {
    let page = "Say `tm-hooks\nlist`, `a\\|b`.\n\n```sh\nfirst \\\n  one      # a remark\n\nsecond\n```\n\n```sh\nset -e\nx\n```\nend `c`\n";
    assert_eq!(code_spans(page), ["tm-hooks list", "a|b", "c"]);
    assert_eq!(shell_commands(page), ["first   one", "second", "set -e\nx\n"]);
}
