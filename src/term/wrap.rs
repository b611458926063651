//! Wraps prose for a terminal: between words, to a readable width, with hanging indentation. A command is never broken,
//! so that it can be copied from the screen.

use unicode_width::UnicodeWidthStr;

/// The largest width of a line; longer lines are hard to read.
const WIDEST: usize = 100;

/// Words that follow a command in this program's sentences and are not part of it.
const PROSE: [&str; 31] = [
    "shows", "says", "makes", "lists", "names", "tells", "looks", "listens", "trusts", "starts", "reads", "does",
    "would", "has", "is", "are", "was", "it", "and", "or", "but", "for", "to", "of", "in", "on", "with", "when",
    "once", "service", "services",
];

/// Wraps `text` for a terminal with `columns` columns. No line is wider than that, nor than a hundred columns, except a
/// single word or command. Shorter lines stay unchanged.
pub fn wrap(text: &str, columns: usize) -> String {
    let width = columns.clamp(1, WIDEST);
    text.split('\n').map(|line| wrapped(line, width)).collect::<Vec<_>>().join("\n")
}

/// Wraps `text` that follows `below` columns of other text: its further lines begin at that column.
pub fn hang(text: &str, columns: usize, below: usize) -> String {
    let width = columns.clamp(1, WIDEST);
    let below = below.min(width / 2);
    let pad = format!("\n{}", " ".repeat(below));
    text.split('\n').map(|line| filled(line, width, below, below)).collect::<Vec<_>>().join(&pad)
}

fn wrapped(line: &str, width: usize) -> String {
    let indent = line.len() - line.trim_start_matches(' ').len();
    let hanging = Some(hanging(line)).filter(|hanging| *hanging <= width / 2).unwrap_or((indent + 2).min(width / 4));
    line[..indent].to_owned() + &filled(&line[indent..], width, indent, hanging)
}

/// Fills a line that begins at `column`; further lines begin at `hanging`.
fn filled(line: &str, width: usize, column: usize, hanging: usize) -> String {
    if column + columns_of(line) <= width {
        return line.to_owned();
    }
    let begin = column;
    let (mut text, mut column, mut fresh, mut alone) = (String::new(), column, true, false);
    for piece in pieces(line) {
        let gap = if fresh { 0 } else { piece.gap };
        let taken = columns_of(piece.text);
        // A piece at the hanging column would have no more room on the next line.
        let elsewhere = column + gap != hanging;
        // A command may move left of the hanging column to have enough room.
        let outdent = Some(begin + 2).filter(|column| piece.is_command && *column < hanging && column + taken <= width);
        if let Some(left) = outdent.filter(|_| !fresh && !elsewhere && column + gap + taken > width) {
            text = text + "\n" + &" ".repeat(left);
            (column, alone) = (left, true);
        } else if !fresh && (alone || (column + gap + taken > width && elsewhere)) {
            text = text + "\n" + &" ".repeat(hanging);
            column = hanging;
            // A command that did not fit after its sentence gets its own line.
            alone = piece.is_command;
        } else {
            text += &" ".repeat(gap);
            column += gap;
        }
        text += piece.text;
        column += taken;
        fresh = false;
    }
    text
}

/// Returns the width of a text, without its colours.
fn columns_of(text: &str) -> usize {
    let mut parts = text.split("\u{1b}[");
    let first = parts.next().unwrap_or_default().width();
    first + parts.map(|part| part.split_once('m').map_or(part, |(_, rest)| rest).width()).sum::<usize>()
}

/// Returns the hanging column of a line: after its mark or its label.
fn hanging(line: &str) -> usize {
    /// The longest label.
    const LABEL: usize = 24;
    let text = line.trim_start_matches(' ');
    let indent = line.len() - text.len();
    let first = text.split(' ').next().unwrap_or_default();
    if is_mark(first) || (indent > 0 && first.ends_with(':')) {
        return indent + columns_of(first) + 1;
    }
    let column = text.find("  ").map(|at| (at, text[at..].len() - text[at..].trim_start_matches(' ').len()));
    match column {
        Some((at, blanks)) if columns_of(&text[..at]) <= LABEL => indent + columns_of(&text[..at]) + blanks,
        _ => indent,
    }
}

/// Whether a line's first word stands before its text, whose further lines begin below the text.
fn is_mark(word: &str) -> bool {
    matches!(word, "✓" | "✗" | "!" | "○" | "–" | "x" | "+" | "-" | "?" | "error:" | "warning:" | "hint:" | "note:")
}

/// A piece that is never broken.
#[derive(Debug, PartialEq, Eq)]
struct Piece<'a> {
    /// The spaces before it, on the same line.
    gap: usize,
    text: &'a str,
    is_command: bool,
}

/// Splits a line into words and whole commands.
fn pieces(line: &str) -> Vec<Piece<'_>> {
    let words = words(line);
    let (mut pieces, mut at, mut before) = (Vec::new(), 0, 0);
    while at < words.len() {
        let command = end_of_command(line, &words[at..]).filter(|more| *more > 0);
        let last = at + command.unwrap_or_else(|| end_of_quantity(line, &words[at..]));
        let (start, end) = (words[at].0, words[last].1);
        pieces.push(Piece { gap: start - before, text: &line[start..end], is_command: command.is_some() });
        (at, before) = (last + 1, end);
    }
    pieces
}

/// Returns where each word begins and ends.
fn words(line: &str) -> Vec<(usize, usize)> {
    let mut at = 0;
    let word = |part: &str| {
        let start = at;
        at += part.len() + 1;
        (!part.is_empty()).then_some((start, start + part.len()))
    };
    line.split(' ').filter_map(word).collect()
}

/// Returns how many further words belong to the quantity that begins with the first word: `4 min 12 s` has three.
fn end_of_quantity(line: &str, words: &[(usize, usize)]) -> usize {
    match is_quantity(line, words) {
        true if words.len() > 3 && is_quantity(line, &words[2..]) => 3,
        is_one => usize::from(is_one),
    }
}

/// Whether the first two words are a number and its unit, which stay together.
fn is_quantity(line: &str, words: &[(usize, usize)]) -> bool {
    let [(start, end), (unit_start, unit_end), ..] = words else { return false };
    let unit = line[*unit_start..*unit_end].trim_end_matches(['.', ',', ';', ':', ')', '!']);
    line[*start..*end].chars().all(|c| c.is_ascii_digit() || matches!(c, '.' | ','))
        && matches!(unit, "ms" | "s" | "min" | "h" | "d" | "%" | "MB" | "GB" | "KiB" | "MiB" | "GiB" | "bytes")
}

/// Returns how many further words belong to the command that begins with the first word, or `None` if none does.
fn end_of_command(line: &str, words: &[(usize, usize)]) -> Option<usize> {
    let text = |&(start, end): &(usize, usize)| &line[start..end];
    let first = text(words.first()?).trim_start_matches('(');
    if let Some(quote) = first.chars().next().filter(|c| matches!(c, '`' | '"')) {
        let rest = &first[1..];
        let is_command = quote == '`' || is_program(rest);
        let closes = |word: &str| word.contains(quote);
        return match words.iter().skip(1).position(|word| closes(text(word))) {
            _ if !is_command || closes(rest) => None,
            Some(more) => Some(more + 1),
            None => None,
        };
    }
    // `NAME=value` before a program is part of its command.
    let program = words.iter().position(|word| !is_assignment(text(word)))?;
    let name = text(&words[program]).trim_start_matches('(');
    is_program(name).then(|| program + rest_of_command(line, &words[program..]))
}

/// Returns how many words after the program's name belong to its command.
fn rest_of_command(line: &str, words: &[(usize, usize)]) -> usize {
    let mut in_quotes = false;
    for (number, &(start, end)) in words.iter().enumerate() {
        let word = &line[start..end];
        let is_flag_before =
            number > 0 && line[..start].trim_end().rsplit(' ').next().is_some_and(|it| it.starts_with('-'));
        let is_next_command = number > 0 && word.starts_with('`');
        if !in_quotes
            && (is_next_command || !is_flag_before && PROSE.contains(&word.trim_end_matches([',', '.', ';', ':'])))
        {
            return number - 1;
        }
        in_quotes ^= word.matches('\'').count() % 2 == 1;
        if !in_quotes && word.ends_with(['.', ',', ';', ':', ')', '?', '!']) {
            return number;
        }
    }
    words.len() - 1
}

fn is_program(word: &str) -> bool {
    word.trim_end_matches(['.', ',', ';', ':', ')', '?', '"']) == "tm-hooks"
}

fn is_assignment(word: &str) -> bool {
    let name = |name: &str| !name.is_empty() && name.chars().all(|c| c.is_ascii_uppercase() || c == '_');
    word.split_once('=').is_some_and(|(before, _)| name(before))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn commands(line: &str) -> Vec<&str> {
        pieces(line).into_iter().filter(|piece| piece.is_command).map(|piece| piece.text).collect()
    }

    #[test]
    fn what_fits_stays_and_what_does_not_is_broken_between_words() {
        assert_eq!(wrap("a  b ", 5), "a  b ");
        assert_eq!(wrap("one two three", 8), "one two\nthree");
        assert_eq!(wrap("one two\nthree four five", 10), "one two\nthree four\nfive");
        assert_eq!(wrap("東京 オフィス", 8), "東京\nオフィス");
        assert_eq!(
            wrap("https://a-word-alone.example/is/not/broken yes", 10),
            "https://a-word-alone.example/is/not/broken\nyes"
        );
        assert_eq!(wrap("it ends in 4 min 12 s.", 12), "it ends in\n4 min 12 s.");
        assert_eq!(wrap("it ends in 4 min 12 s.", 17), "it ends in\n4 min 12 s.");
        assert_eq!(wrap(&"word ".repeat(40), 200).lines().map(str::len).max(), Some(99));
    }

    #[test]
    fn colours_take_no_room() {
        let painted = "\u{1b}[1;31m✗\u{1b}[0m \u{1b}[31m401\u{1b}[0m at_1";
        assert_eq!(wrap(painted, 10), painted);
        assert_eq!(hang(painted, 14, 4), painted);
        assert_eq!(wrap(painted, 9), painted.replace(" at", "\nat"));
    }

    #[test]
    fn further_lines_hang_below_the_text() {
        assert_eq!(wrap("error: it does not work at all", 20), "error: it does not\n       work at all");
        assert_eq!(wrap("  hint: look at all of it again", 20), "  hint: look at all\n        of it again");
        assert_eq!(wrap("✓ Added Payroll and more", 14), "✓ Added\n  Payroll and\n  more");
        assert_eq!(wrap("  likely   it verifies with it", 22), "  likely   it verifies\n           with it");
        assert_eq!(wrap("  url: must be one of HTTPS", 18), "  url: must be one\n       of HTTPS");
    }

    #[test]
    fn commands_are_found_as_they_stand_in_sentences() {
        for (line, expected) in [
            ("No webhooks yet. Add one: tm-hooks add", &["tm-hooks add"][..]),
            (
                "Make one: tm-hooks test <webhook>, or tm-hooks send <type>",
                &["tm-hooks test <webhook>,", "tm-hooks send <type>"],
            ),
            ("tm-hooks profile list shows them all", &["tm-hooks profile list"]),
            ("unlock it; or `tm-hooks login --insecure-storage` does", &["`tm-hooks login --insecure-storage`"]),
            ("is it running? `tm-hooks serve` starts one; else check", &["`tm-hooks serve`"]),
            ("tm-hooks disable wh_1 && tm-hooks enable wh_1", &["tm-hooks disable wh_1 && tm-hooks enable wh_1"]),
            ("did you mean \"tm-hooks versions default v2\"?", &["\"tm-hooks versions default v2\"?"]),
            ("it is \"a name in quotes\" only", &[]),
            ("see tm-hooks show 'Chat bot, Team and West' or so", &["tm-hooks show 'Chat bot, Team and West'"]),
            (
                "connect TM_HOOKS_URL=http://x TM_HOOKS_TOKEN=$T tm-hooks list",
                &["TM_HOOKS_URL=http://x TM_HOOKS_TOKEN=$T tm-hooks list"],
            ),
            ("what answers is no tm-hooks service, or one", &[]),
            ("see (tm-hooks edit Payroll --name and) for more", &["(tm-hooks edit Payroll --name and)"]),
        ] {
            assert_eq!(commands(line), expected, "{line}");
        }
    }

    #[test]
    fn a_command_without_room_has_a_line_for_itself() {
        let text = "Nothing was sent. See why: tm-hooks attempts wh_1 --status failed, or try again";
        assert_eq!(wrap(text, 45), "Nothing was sent. See why:\ntm-hooks attempts wh_1 --status failed,\nor try again");
        assert_eq!(wrap("See: tm-hooks show wh_1234567890", 20), "See:\ntm-hooks show wh_1234567890");
        assert_eq!(wrap("  try   tm-hooks show wh_1234567890", 20), "  try   tm-hooks show wh_1234567890");
        assert_eq!(wrap("  - tm-hooks show wh_1234567890", 20), "  - tm-hooks show wh_1234567890");
        assert_eq!(wrap("  connect   tm-hooks show wh_1234567890", 32), "  connect\n    tm-hooks show wh_1234567890");
    }

    proptest! {
        #[test]
        fn no_word_is_broken_or_lost_and_no_line_is_too_wide(
            words in proptest::collection::vec("[a-zä東-]{1,12}[,.:;]?|--[a-z]{1,8}|`tm-hooks [a-z]{3,8} [a-z]{1,9}`|tm-hooks [a-z]{3,7}|'[a-z]{1,4}", 1..40),
            columns in 20_usize..=200,
            mark in "|error: |  hint: |✓ |  ",
        ) {
            let text = format!("{mark}{}", words.join(" "));
            let wrapped = wrap(&text, columns);
            let flat = |text: &str| text.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
            prop_assert_eq!(flat(&text), flat(&wrapped));
            for piece in pieces(&text) {
                prop_assert!(wrapped.contains(piece.text), "{} is broken in\n{}", piece.text, wrapped);
            }
            for line in wrapped.lines() {
                let behind = line.trim_start();
                let behind = behind.strip_prefix(mark.trim_start()).unwrap_or(behind);
                let alone = match &pieces(behind)[..] {
                    [_] => true,
                    // On a line of its own it would begin in the same column.
                    [label, _] => label.text.ends_with(':') || is_mark(label.text),
                    _ => false,
                };
                prop_assert!(line.width() <= columns.min(WIDEST) || alone, "{line:?} is wider than {columns}");
            }
        }
    }
}
