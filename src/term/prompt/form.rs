//! The picture of a form's question: while it is open, after its answer, and the list of further questions.

use crate::term::{Sign, Signs, Tone, sanitise};

use super::sheet::{Row, Space, cut, lines, width_of};

/// A question and its place in a form.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Field {
    /// Its label, in a word.
    pub label: String,
    /// The width of the form's labels.
    pub width: usize,
    /// The labels of the questions after it.
    pub then: Vec<String>,
}

impl Field {
    /// Makes a form of a single question.
    pub fn alone(label: &str) -> Self {
        Field { label: label.to_owned(), width: width_of(label), then: Vec::new() }
    }

    /// Returns the column after the label.
    fn indent(&self) -> usize {
        2 + self.width + 2
    }

    /// Draws the open question with its active keys, which get rows of their own if there is no room.
    pub fn asked(&self, keys: &[&str], space: Space) -> Vec<Row> {
        let (mut rows, mut row) = (Vec::new(), self.labelled("?", Tone::Plain, space.color).at(self.indent()));
        for key in keys {
            let gap = if row.width() > self.indent() { 3 } else { 0 };
            if gap > 0 && row.width() + gap + width_of(key) > space.width() {
                let next = Row::new(space.color).at(self.indent());
                rows.push(std::mem::replace(&mut row, next));
            } else {
                let column = row.width() + gap;
                row = row.at(column);
            }
            let room = space.width().saturating_sub(row.width());
            row = row.text(&cut(key, room, ""), Tone::Receding);
        }
        rows.push(row);
        rows
    }

    /// Draws the question and its whole answer.
    pub fn answered(&self, answer: &str, signs: Signs, color: bool) -> Row {
        self.labelled(signs.of_sign(Sign::Done), Tone::Done, color).at(self.indent()).text(answer, Tone::Plain)
    }

    /// Draws the question that was left without an answer.
    pub fn left(&self, color: bool) -> Row {
        self.labelled("?", Tone::Plain, color)
    }

    fn labelled(&self, sign: &str, tone: Tone, color: bool) -> Row {
        Row::new(color).sign(sign, tone).text(" ", Tone::Plain).text(&self.label, Tone::Plain)
    }

    /// Draws the further questions and, at the right end, the position. Returns `None` if there is neither.
    pub fn footer(&self, place: &str, signs: Signs, space: Space) -> Option<Row> {
        let then = if self.then.is_empty() { String::new() } else { format!("  then: {}", self.then.join(", ")) };
        if then.is_empty() && place.is_empty() {
            return None;
        }
        let end = space.width();
        let room = end.saturating_sub(if place.is_empty() { 0 } else { width_of(place) + 2 });
        let then = if room < "  then: ".len() + 4 { String::new() } else { cut(&then, room, signs.cut()) };
        let row = Row::new(space.color).text(&then, Tone::Receding);
        let column = end.saturating_sub(width_of(place));
        Some(if place.is_empty() {
            row
        } else {
            row.at(column).text(&cut(place, space.width(), signs.cut()), Tone::Receding)
        })
    }
}

/// Draws what is wrong with an answer, below it.
pub fn problem(why: &str, signs: Signs, space: Space) -> Vec<Row> {
    let (why, room) = (sanitise(why), space.width().saturating_sub(4).max(1));
    let line = |(number, line): (usize, &String)| {
        let row = Row::new(space.color).text("  ", Tone::Plain);
        let row = if number == 0 { row.sign(signs.of_sign(Sign::Failed), Tone::Trouble) } else { row };
        row.at(4).text(line, Tone::Plain)
    };
    lines(&why, room).iter().enumerate().map(line).collect()
}
