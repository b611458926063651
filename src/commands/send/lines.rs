//! The lines of a file or a pipe, one at a time and each within bounds: the file may be larger than the memory.

use std::{
    fs::File,
    io::{self, BufRead, BufReader, Read},
    path::Path,
    sync::Arc,
};

use tokio::sync::mpsc;

use crate::{
    commands::Context,
    domain::{
        encoding::{self, Encoding},
        record::LARGEST_EVENT,
    },
    error::CliError,
};

/// The longest line, in bytes: somewhat more than an event may have, as it may be written with blanks.
const LONGEST: usize = 4 * LARGEST_EVENT;

/// So many lines are read ahead.
const AHEAD: usize = 16;

/// A line that is not blank: its number, from 1, and its text or why there is none.
pub(super) type Line = (u64, Result<String, String>);

/// Reads the lines of a file, or of standard input for `-`, in a thread of its own. A pipe may say nothing for long.
///
/// # Errors
/// When the file cannot be opened.
pub(super) fn of(path: &Path, context: &Context) -> Result<mpsc::Receiver<io::Result<Line>>, CliError> {
    let (lines, received) = mpsc::channel(AHEAD);
    let give = move |line| lines.blocking_send(line).is_ok();
    let file = if path == Path::new("-") { None } else { Some(open(path, context)?) };
    let term = Arc::clone(&context.term);
    let reading = move || match file {
        Some(file) => read(file, give),
        None => term.with_input(|input| read(input, give)),
    };
    let started = std::thread::Builder::new().name("lines".to_owned()).spawn(reading);
    started.map_err(|error| CliError::new(crate::error::Kind::Unexpected, "could not start a thread").source(error))?;
    Ok(received)
}

fn open(path: &Path, context: &Context) -> Result<File, CliError> {
    let unreadable = |why: io::Error| CliError::usage(format!("--from: could not read {}", path.display())).source(why);
    let path = context.environment.expanded(path);
    if path.is_dir() {
        return Err(unreadable(io::Error::other("it is a folder")));
    }
    File::open(path).map_err(unreadable)
}

/// Gives one line after the other, until there are no more or nobody takes them.
fn read(input: impl Read, mut give: impl FnMut(io::Result<Line>) -> bool) {
    let mut input = BufReader::new(input);
    let mut number = 0;
    loop {
        number += 1;
        let mut line = Vec::new();
        match input.by_ref().take(LONGEST as u64 + 1).read_until(b'\n', &mut line) {
            Ok(0) => return,
            Err(error) => {
                give(Err(error));
                return;
            }
            Ok(_) => {}
        }
        let is_cut = line.len() > LONGEST && line.last() != Some(&b'\n');
        if is_cut && let Err(error) = input.skip_until(b'\n') {
            give(Err(error));
            return;
        }
        // All of it is written so: no line of it is any better.
        if let Err(error) = encoding::text(&line)
            && number == 1
            && matches!(error.looks, Encoding::Utf16 | Encoding::Utf32)
        {
            let why = format!("it is not UTF-8{}: {}", error.looks.in_words(), error.hint());
            give(Err(io::Error::new(io::ErrorKind::InvalidData, why)));
            return;
        }
        let text = if is_cut { Err(format!("is longer than {LONGEST} bytes")) } else { text(&line) };
        let is_blank = text.as_ref().is_ok_and(|text| text.trim().is_empty());
        if !is_blank && !give(Ok((number, text))) {
            return;
        }
    }
}

/// The text of a line; a byte order mark may stand before it, as where files were put together.
fn text(line: &[u8]) -> Result<String, String> {
    let text = encoding::text(line).map_err(|error| format!("is not UTF-8{}", error.looks.in_words()))?;
    Ok(text.trim().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(input: &[u8]) -> Vec<Line> {
        let mut lines = Vec::new();
        read(input, |line| {
            lines.push(line.unwrap());
            true
        });
        lines
    }

    fn good(number: u64, text: &str) -> Line {
        (number, Ok(text.to_owned()))
    }

    #[test]
    fn lines_are_numbered_and_blank_ones_are_none() {
        let input = b"\xef\xbb\xbf{\"a\":1}\r\n\r\n  \n{\"b\":2}\n\xef\xbb\xbf{\"c\":3}";
        assert_eq!(lines(input), [good(1, "{\"a\":1}"), good(4, "{\"b\":2}"), good(5, "{\"c\":3}")]);
        assert_eq!(lines(b""), []);
        assert_eq!(lines(b"\n\n"), []);
    }

    #[test]
    fn a_line_that_cannot_be_read_is_told_and_the_next_one_is_read() {
        let long = [vec![b'x'; LONGEST + 5], b"\n{}\n\xff\n{}".to_vec()].concat();
        let read = lines(&long);
        assert_eq!((&read[1], &read[3], read.len()), (&good(2, "{}"), &good(4, "{}"), 4));
        assert!(read[0].1.as_ref().is_err_and(|why| why.contains("longer than 1048576 bytes")));
        assert!(read[2].1.as_ref().is_err_and(|why| why.contains("not UTF-8")));
        let longest = lines(&[vec![b'x'; LONGEST], b"\n".to_vec()].concat());
        assert!(longest[0].1.is_ok());
    }
}
