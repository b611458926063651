//! Checks the length and readability of the pages.

use std::collections::BTreeSet;

use super::pages::{PAGES, blocks, code_spans, outside_of_blocks, place, read};

/// The most lines of the README.
const README_LINES: usize = 170;
/// The most words of a sentence in the README.
const WORDS: usize = 19;
/// The longest line outside of tables.
const COLUMNS: usize = 120;

#[test]
fn no_page_is_forgotten() {
    let listed =
        std::fs::read_dir(place("docs")).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let found: BTreeSet<String> =
        listed.filter(|name| name.ends_with(".md")).map(|name| format!("docs/{name}")).collect();
    assert_eq!(found, PAGES.iter().filter(|path| path.starts_with("docs/")).map(ToString::to_string).collect());
}

#[test]
fn the_readme_is_short() {
    let readme = read("README.md");
    assert!(readme.lines().count() <= README_LINES, "{} lines", readme.lines().count());
    let long: Vec<String> = sentences(&readme).into_iter().filter(|it| it.split(' ').count() > WORDS).collect();
    assert!(long.is_empty(), "sentences of more than {WORDS} words:\n{}", long.join("\n"));
}

#[test]
fn its_parts_stand_in_their_order() {
    let readme = read("README.md");
    let headings: Vec<&str> = readme.lines().filter_map(|line| line.strip_prefix("## ")).collect();
    assert_eq!(
        headings,
        [
            "The first minute",
            "When a receiver fails",
            "Every task and its command",
            "Receiving",
            "TimeMoto Cloud's own webhooks",
            "Scripts and CI",
            "A service for a team",
            "Documentation",
            "Licence",
        ]
    );
}

#[test]
fn every_page_says_what_it_is_for_and_leads_back() {
    for path in PAGES.into_iter().filter(|path| *path != "README.md") {
        let page = read(path);
        let mut parts = page.split("\n\n");
        assert!(parts.next().unwrap().starts_with("# "), "{path} begins with its title");
        let first = parts.next().unwrap();
        assert!(first.starts_with("This page ") && first.contains("](../README.md)"), "{path}: {first}");
        assert!(read("README.md").contains(&format!("]({path})")), "the README leads to {path}");
    }
}

#[test]
fn no_line_is_wide() {
    for path in PAGES {
        let page = read(path);
        // Bodies keep their lines.
        let text = blocks(&page, "json").iter().fold(page.clone(), |text, body| text.replace(body, ""));
        let wide = text.lines().filter(|line| line.chars().count() > COLUMNS && !line.starts_with('|'));
        assert_eq!(wide.collect::<Vec<_>>(), [""; 0], "{path}");
    }
}

/// Checks that a link within the repository leads to a file, and to a heading if it names one.
#[test]
fn links_lead_somewhere() {
    for path in PAGES {
        let page = outside_of_blocks(&read(path));
        for link in page.split("](").skip(1).map(|rest| rest.split(')').next().unwrap()) {
            if link.starts_with("https://") {
                continue;
            }
            let (file, anchor) = link.split_once('#').unwrap_or((link, ""));
            let file = if file.is_empty() { place(path) } else { place(path).parent().unwrap().join(file) };
            assert!(file.exists(), "{path} leads to {link}");
            if !anchor.is_empty() {
                let page = std::fs::read_to_string(&file).unwrap();
                assert!(page.lines().any(|line| anchor_of(line) == anchor), "{path} leads to {link}");
            }
        }
    }
}

/// Checks that code between backticks is closed in its paragraph.
#[test]
fn code_is_closed() {
    for path in PAGES {
        let page = read(path);
        for paragraph in outside_of_blocks(&page).split("\n\n") {
            assert_eq!(paragraph.matches('`').count() % 2, 0, "{path}: {paragraph}");
        }
        assert!(code_spans(&page).iter().all(|span| !span.is_empty()), "{path}");
    }
}

/// A heading's anchor as GitHub makes it; nothing for other lines.
fn anchor_of(line: &str) -> String {
    let heading = line.strip_prefix('#').map(|rest| rest.trim_start_matches('#').trim()).unwrap_or_default();
    let kept = heading.to_lowercase();
    let kept = kept.chars().filter(|c| c.is_alphanumeric() || " -_".contains(*c));
    kept.map(|c| if c == ' ' { '-' } else { c }).collect()
}

/// The sentences of prose, list items and table cells. Code between backticks counts as one word.
fn sentences(page: &str) -> Vec<String> {
    let mut found = Vec::new();
    for paragraph in outside_of_blocks(page).split("\n\n") {
        let text = paragraph.lines().map(|line| line.trim_start_matches("- ").trim_start_matches('#').trim());
        let separator = if paragraph.starts_with("- ") { "\n" } else { " " };
        let text = text.collect::<Vec<_>>().join(separator);
        let words = text.split('`').enumerate().map(|(at, part)| if at % 2 == 1 { "code" } else { part });
        let text = words.collect::<String>();
        for part in text.split(['|', '\n']).flat_map(|cell| cell.split(". ").flat_map(|part| part.split("? "))) {
            found.push(part.split_whitespace().collect::<Vec<_>>().join(" "));
        }
    }
    found
}

#[test]
fn sentences_are_told_apart() {
    let page = "# A title\n\nOne `a. b` is\nthis. Another?\n\n- an item. More\n- next\n\n| cell one | cell two |\n";
    let expected =
        ["A title", "One code is this", "Another?", "an item", "More", "next", "", "cell one", "cell two", ""];
    assert_eq!(sentences(page), expected);
}
