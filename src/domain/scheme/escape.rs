//! Values in a scheme's text hold no blanks: `\n`, `\r`, `\t`, `\\` and `\x20` stand for what would break the text.

use std::fmt::Write;

/// Escapes spaces and control characters, and also braces if `braces` is set.
pub fn escaped(text: &str, braces: bool) -> String {
    let mut written = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '\\' => written += r"\\",
            '\n' => written += r"\n",
            '\r' => written += r"\r",
            '\t' => written += r"\t",
            '{' | '}' if braces => push_number(&mut written, character),
            other if other == ' ' || other.is_ascii_control() => push_number(&mut written, other),
            other => written.push(other),
        }
    }
    written
}

fn push_number(written: &mut String, character: char) {
    // Writing to a string cannot fail.
    let _ = write!(written, "\\x{:02x}", u32::from(character));
}

/// Decodes one escape. `rest` follows the backslash and is moved past the escape.
///
/// # Errors
/// Fails if there is no such escape.
pub fn unescaped(rest: &mut std::str::Chars<'_>) -> Result<char, String> {
    let known = r"known are \n, \r, \t, \\ and \x20";
    match rest.next() {
        Some('n') => Ok('\n'),
        Some('r') => Ok('\r'),
        Some('t') => Ok('\t'),
        Some('\\') => Ok('\\'),
        Some('x') => {
            let digits: String = rest.by_ref().take(2).collect();
            let number = u8::from_str_radix(&digits, 16).ok().filter(|number| digits.len() == 2 && number.is_ascii());
            number.map(char::from).ok_or_else(|| format!("\"\\x{digits}\" is no escape; {known}"))
        }
        Some(other) => Err(format!("\"\\{other}\" is no escape; {known}")),
        None => Err(format!("a backslash is the last character; {known}")),
    }
}

/// Decodes all escapes of a value.
///
/// # Errors
/// Fails if an escape is unknown.
pub fn plain(text: &str) -> Result<String, String> {
    let (mut plain, mut rest) = (String::with_capacity(text.len()), text.chars());
    while let Some(character) = rest.next() {
        plain.push(if character == '\\' { unescaped(&mut rest)? } else { character });
    }
    Ok(plain)
}
