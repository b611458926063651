//! The table on a terminal: aligned, fitted to its width, nothing cut.

use comfy_table::{Attribute, CellAlignment, Color, ContentArrangement, presets};

use super::{Align, Cell, Heading, Output, Row, card::Cards, fit};
use crate::term::{Tone, sanitise};

pub(super) struct Table {
    headings: Vec<Heading>,
    cards: Cards,
    width: usize,
    header: bool,
    rows: Vec<Row>,
    hidden: Vec<&'static str>,
}

impl Table {
    pub(super) fn new(headings: Vec<Heading>, cards: Cards, width: usize, header: bool) -> Self {
        Table { headings, cards, width, header, rows: Vec::new(), hidden: Vec::new() }
    }

    fn side_by_side(&self, kept: &[usize]) -> String {
        let mut table = comfy_table::Table::new();
        table.load_style(presets::NOTHING).set_content_arrangement(ContentArrangement::Disabled).force_no_tty();
        if self.cards.color {
            // The choice was made from flags and environment; comfy-table's own look at NO_COLOR must not undo it.
            crossterm::style::force_color_output(true);
            table.enforce_styling().style_text_only();
        }
        if self.header {
            let title =
                |&column: &usize| comfy_table::Cell::new(self.headings[column].title).add_attribute(Attribute::Bold);
            table.set_header(kept.iter().map(title).collect::<Vec<_>>());
        }
        for row in &self.rows {
            table.add_row(kept.iter().map(|&column| styled(&row.cells[column])).collect::<Vec<_>>());
        }
        for (column, &place) in table.column_iter_mut().zip(kept) {
            column.set_padding((0, u16::try_from(fit::GAP).unwrap_or(2)));
            column.set_cell_alignment(match self.headings[place].align {
                Align::Left => CellAlignment::Left,
                Align::Right => CellAlignment::Right,
            });
        }
        table.trim_fmt() + "\n"
    }
}

fn styled(cell: &Cell) -> comfy_table::Cell {
    let styled = comfy_table::Cell::new(sanitise(&cell.text));
    match cell.tone {
        Tone::Plain => styled,
        Tone::Good => styled.fg(Color::DarkGreen),
        Tone::Warning => styled.fg(Color::DarkYellow),
        Tone::Bad => styled.fg(Color::DarkRed),
        Tone::Faint => styled.add_attribute(Attribute::Dim),
        Tone::Strong => styled.add_attribute(Attribute::Bold),
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
        let clean: Vec<Vec<_>> =
            self.rows.iter().map(|row| row.cells.iter().map(|cell| sanitise(&cell.text)).collect()).collect();
        let texts: Vec<Vec<&str>> = clean.iter().map(|row| row.iter().map(AsRef::as_ref).collect()).collect();
        let widths = fit::widths(&self.headings, &texts, self.header);
        let importances: Vec<_> = self.headings.iter().map(|heading| heading.importance).collect();
        match fit::fitting(&importances, &widths, self.width) {
            Some(kept) => {
                let gone = self.headings.iter().enumerate().filter(|(column, _)| !kept.contains(column));
                self.hidden = gone.map(|(_, heading)| heading.name).collect();
                self.side_by_side(&kept)
            }
            None => self.cards.write(&self.headings, &self.rows),
        }
    }

    fn hidden(&self) -> &[&'static str] {
        &self.hidden
    }

    fn one(&mut self, row: Row) -> String {
        self.cards.write(&self.headings, &[row])
    }
}
