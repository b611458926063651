//! Writes the table on a terminal: aligned and fitted to its width. Long cells are cut, so that the lines do not wrap.

use std::borrow::Cow;

use comfy_table::{CellAlignment, ContentArrangement, presets};
use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

use super::{
    Align, Cell, Heading, Row,
    card::Cards,
    cell::{self, Kind},
    fit::{self, GAP, NARROWEST, Wish},
    looks::Looks,
    output::Output,
};
use crate::term::{Sign, Tone, cut, sanitise, wrap};

pub(super) struct Table {
    headings: Vec<Heading>,
    looks: Looks,
    header: bool,
    rows: Vec<Row>,
    hidden: Vec<&'static str>,
}

impl Table {
    pub(super) fn new(headings: Vec<Heading>, looks: Looks, header: bool) -> Self {
        Table { headings, looks, header, rows: Vec::new(), hidden: Vec::new() }
    }

    /// Removes columns that are empty in all rows, and sanitises foreign text.
    fn tidy(&mut self) {
        for cell in self.rows.iter_mut().flat_map(|row| &mut row.cells) {
            cell.text = sanitise(&cell.text).into_owned();
        }
        if self.looks.chosen {
            return;
        }
        let says = |column: usize| self.rows.iter().any(|row| !row.cells[column].is_nothing());
        let kept: Vec<bool> = (0..self.headings.len()).map(says).collect();
        keep(&mut self.headings, &kept);
        self.rows.iter_mut().for_each(|row| keep(&mut row.cells, &kept));
    }

    fn columns(&self) -> Vec<Drawn<'_>> {
        (0..self.headings.len()).map(|at| Drawn::new(self, at)).collect()
    }

    /// Draws the table: comfy-table aligns the texts, and they are coloured afterwards.
    fn side_by_side(&self, columns: &[Drawn<'_>], kept: &[(usize, usize)]) -> String {
        let mut table = comfy_table::Table::new();
        table.load_style(presets::NOTHING).set_content_arrangement(ContentArrangement::Disabled);
        let signed = self.has_signs();
        if self.header {
            let titles = kept.iter().map(|&(at, _)| self.headings[at].title);
            table.set_header(signed.then_some("").into_iter().chain(titles));
        }
        for (number, row) in self.rows.iter().enumerate() {
            let sign = signed.then(|| self.looks.signs.of_sign(row.sign).to_owned());
            let cells = kept.iter().map(|&(at, width)| columns[at].text(number, width).into_owned());
            table.add_row(sign.into_iter().chain(cells));
        }
        let places = signed.then_some((Align::Left, 1)).into_iter();
        let places = places.chain(kept.iter().map(|&(at, _)| (self.headings[at].align, GAP)));
        let mut gaps = Vec::new();
        for (column, (align, gap)) in table.column_iter_mut().zip(places) {
            column.set_padding((0, u16::try_from(gap).unwrap_or_default()));
            column.set_cell_alignment(match align {
                Align::Left => CellAlignment::Left,
                Align::Right => CellAlignment::Right,
            });
            gaps.push(gap);
        }
        let widths = table.column_max_content_widths().into_iter().zip(gaps);
        let widths: Vec<usize> = widths.map(|(width, gap)| usize::from(width) + gap).collect();
        let heads = usize::from(self.header);
        let (last, room) = kept.last().copied().unwrap_or_default();
        let indent: usize = widths.iter().rev().skip(1).sum();
        let line = |(number, line): (usize, String)| {
            let paints = match number.checked_sub(heads) {
                None => vec![Paint::Words(Tone::Receding); widths.len()],
                Some(row) => self.paints(row, kept, signed),
            };
            let below = number.checked_sub(heads).map(|row| columns[last].further(row, room)).unwrap_or_default();
            let below: String = below.iter().map(|line| format!("{:indent$}{line}\n", "")).collect();
            painted(&line, &widths, &paints, self.looks.color) + &below
        };
        table.lines().enumerate().map(line).collect()
    }

    /// Returns the colours of a row's cells.
    fn paints(&self, row: usize, kept: &[(usize, usize)], signed: bool) -> Vec<Paint> {
        let row = &self.rows[row];
        let tone = |cell: &Cell| match cell.kind {
            _ if row.sign == Sign::Off => Tone::Receding,
            Kind::Nothing => Tone::Receding,
            _ => cell.tone,
        };
        let sign = signed.then(|| Paint::Sign(row.sign.tone()));
        sign.into_iter().chain(kept.iter().map(|&(at, _)| Paint::Words(tone(&row.cells[at])))).collect()
    }

    fn has_signs(&self) -> bool {
        self.rows.iter().any(|row| row.sign != Sign::Nothing)
    }
}

fn keep<T>(all: &mut Vec<T>, kept: &[bool]) {
    let mut kept = kept.iter();
    all.retain(|_| *kept.next().unwrap_or(&true));
}

#[derive(Debug, Clone, Copy)]
enum Paint {
    Sign(Tone),
    Words(Tone),
}

/// Colours the cells of a line, which have these widths. Spaces stay plain.
fn painted(line: &str, widths: &[usize], paints: &[Paint], color: bool) -> String {
    let (mut text, mut rest) = (String::new(), line);
    for (width, paint) in widths.iter().zip(paints) {
        let (place, further) = rest.split_at(end_of(rest, *width));
        let words = place.trim();
        let painted = match paint {
            Paint::Sign(tone) => tone.paint_sign(words, color),
            Paint::Words(tone) => tone.paint(words, color),
        };
        text += &place.replacen(words, &painted, usize::from(!words.is_empty()));
        rest = further;
    }
    text.truncate(text.trim_end_matches(' ').len());
    text + "\n"
}

/// Returns where the first `columns` columns end in a line.
fn end_of(line: &str, columns: usize) -> usize {
    let mut taken = 0;
    let within = |grapheme: &&str| {
        taken += grapheme.width();
        taken <= columns
    };
    line.graphemes(true).take_while(within).map(str::len).sum()
}

/// A column as it is drawn.
struct Drawn<'a> {
    table: &'a Table,
    at: usize,
    texts: Vec<String>,
}

impl<'a> Drawn<'a> {
    fn new(table: &'a Table, at: usize) -> Self {
        let cells: Vec<&Cell> = table.rows.iter().map(|row| &row.cells[at]).collect();
        Drawn { table, at, texts: cell::aligned(&cells, table.looks.signs) }
    }

    fn wish(&self) -> Wish {
        let Heading { title, importance, flex, .. } = self.table.headings[self.at];
        let title = if self.table.header { title.width() } else { 0 };
        Wish { title, widest: fit::widest(self.texts.iter().map(String::as_str)), flex, importance }
    }

    fn text(&self, row: usize, width: usize) -> Cow<'_, str> {
        match self.lines(row, width).first() {
            Some(first) => Cow::Owned(first.clone()),
            None => cut(&self.texts[row], width, self.table.looks.signs),
        }
    }

    /// Returns the lines of a wrapped sentence, or none if the cell is cut instead.
    fn lines(&self, row: usize, width: usize) -> Vec<String> {
        let is_last = self.at + 1 == self.table.headings.len();
        let wraps = self.table.headings[self.at].flex.is_some_and(|flex| flex.wraps);
        let broken = (is_last && wraps).then(|| wrap(&self.texts[row], width));
        let line = |line: &str| cut(line, width, self.table.looks.signs).into_owned();
        broken.map(|text| text.lines().map(line).collect()).unwrap_or_default()
    }

    /// Returns the lines of a sentence after its first.
    fn further(&self, row: usize, width: usize) -> Vec<String> {
        self.lines(row, width).into_iter().skip(1).collect()
    }
}

impl Output for Table {
    fn rows(&mut self, rows: Vec<Row>) -> String {
        self.rows.extend(rows);
        String::new()
    }

    fn end(&mut self, _next: Option<&str>) -> String {
        if self.rows.is_empty() {
            return String::new();
        }
        self.tidy();
        let columns = self.columns();
        let wishes: Vec<Wish> = columns.iter().map(Drawn::wish).collect();
        let room = self.looks.width.saturating_sub(if self.has_signs() { 2 } else { 0 });
        let kept = fit::fitting(&wishes, room).filter(|_| self.looks.width >= NARROWEST || self.looks.chosen);
        let Some(kept) = kept else { return Cards(self.looks).write(&self.headings, &self.rows) };
        let text = self.side_by_side(&columns, &kept);
        let gone = self.headings.iter().enumerate().filter(|(at, _)| kept.iter().all(|(kept, _)| kept != at));
        self.hidden = gone.map(|(_, heading)| heading.title).collect();
        text
    }

    fn hidden(&self) -> &[&'static str] {
        &self.hidden
    }

    fn one(&mut self, mut row: Row) -> String {
        for cell in &mut row.cells {
            cell.text = sanitise(&cell.text).into_owned();
        }
        Cards(self.looks).write(&self.headings, &[row])
    }
}
