//! Makes foreign text safe for a terminal: nothing in it may move the cursor, change colours, or reorder the text.

use std::borrow::Cow;

/// Whether a character must not reach a terminal: C0 and C1 controls, DEL, line and paragraph separators, and the marks
/// that change the direction of text (Unicode's `Bidi_Control`).
pub fn is_dangerous(character: char) -> bool {
    character.is_control()
        || matches!(
            character,
            '\u{061c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}'
        )
}

/// Returns `text` on one line, without control and direction characters. Line breaks and tabs become spaces; whole
/// escape sequences are removed.
pub fn sanitise(text: &str) -> Cow<'_, str> {
    clean(text, false)
}

/// Like [`sanitise`], but keeps line breaks.
pub fn sanitise_lines(text: &str) -> Cow<'_, str> {
    clean(text, true)
}

fn clean(text: &str, keep_lines: bool) -> Cow<'_, str> {
    if !text.chars().any(|c| is_dangerous(c) && !(keep_lines && c == '\n')) {
        return Cow::Borrowed(text);
    }
    let mut kept = String::with_capacity(text.len());
    let mut rest = text.chars().peekable();
    while let Some(character) = rest.next() {
        match character {
            '\n' if keep_lines => kept.push('\n'),
            '\r' if rest.peek() == Some(&'\n') => {}
            '\n' | '\r' | '\t' => kept.push(' '),
            '\u{1b}' | '\u{9b}' => skip_sequence(character, &mut rest),
            other if is_dangerous(other) => {}
            other => kept.push(other),
        }
    }
    Cow::Owned(kept)
}

/// Skips what follows an escape: a control sequence up to its final byte, or a string (OSC, DCS …) up to its end.
fn skip_sequence(start: char, rest: &mut std::iter::Peekable<std::str::Chars<'_>>) {
    let introducer = if start == '\u{9b}' { Some('[') } else { rest.peek().copied() };
    match introducer {
        Some('[') => {
            if start == '\u{1b}' {
                rest.next();
            }
            while rest.next_if(|c| matches!(c, '\u{20}'..='\u{3f}')).is_some() {}
            rest.next_if(|c| matches!(c, '\u{40}'..='\u{7e}'));
        }
        Some(']' | 'P' | 'X' | '^' | '_') => skip_string(rest),
        _ => {}
    }
}

/// Skips a string sequence up to BEL or ST; of one without an end, only the introducer is skipped.
fn skip_string(rest: &mut std::iter::Peekable<std::str::Chars<'_>>) {
    rest.next();
    let mut ahead = rest.clone();
    while let Some(character) = ahead.next() {
        let ended = match character {
            '\u{7}' | '\u{9c}' => true,
            '\u{1b}' => ahead.next_if_eq(&'\\').is_some(),
            _ => false,
        };
        if ended {
            *rest = ahead;
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn leaves_good_text_alone() {
        assert!(matches!(sanitise("Zeiterfassung Größe 東京 👩‍💻"), Cow::Borrowed(_)));
    }

    #[test]
    fn removes_whole_escape_sequences() {
        assert_eq!(sanitise("a\u{1b}[31;1mred\u{1b}[0m"), "ared");
        assert_eq!(sanitise("\u{9b}2Jgone"), "gone");
        assert_eq!(sanitise("a\u{1b}]0;title\u{7}b"), "ab");
        assert_eq!(sanitise("a\u{1b}]8;;https://x.example\u{1b}\\link"), "alink");
        assert_eq!(sanitise("a\u{1b}]never ends"), "anever ends");
        assert_eq!(sanitise("end\u{1b}"), "end");
    }

    #[test]
    fn removes_control_and_direction_characters() {
        for c in ['\0', '\u{7}', '\u{8}', '\u{7f}', '\u{85}', '\u{61c}', '\u{200e}', '\u{200f}', '\u{2028}', '\u{202a}']
        {
            assert_eq!(sanitise(&format!("a{c}b")), "ab", "{c:?}");
        }
        assert_eq!(sanitise("gpj\u{202e}.exe\u{2066}\u{2069}"), "gpj.exe");
    }

    #[test]
    fn line_breaks_become_blanks_unless_kept() {
        assert_eq!(sanitise("a\r\nb\tc\rd"), "a b c d");
        assert_eq!(sanitise_lines("a\nb\u{1b}[2K"), "a\nb");
    }
}
