//! A menu of items to pick by keys, with a search.

use super::{
    form::{Field, problem},
    keys::Key,
    line::{Line, Pressed},
    sheet::{Row, Space, cut, width_of},
    widget::Widget,
};
use crate::term::{Signs, Tone, sanitise};

/// An item of a menu.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Choice {
    /// Its name.
    pub name: String,
    /// Its id, if it has one; it is never cut.
    pub id: String,
    /// Further information.
    pub about: String,
    /// Whether it is picked from the start.
    pub picked: bool,
}

impl Choice {
    /// Whether it contains all words of a search.
    fn has(&self, search: &str) -> bool {
        let Choice { name, id, about, picked: _ } = self;
        let text = format!("{name} {id} {about}").to_lowercase();
        search.to_lowercase().split_whitespace().all(|word| text.contains(word))
    }
}

/// How many items can be picked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HowMany {
    /// The item at the cursor.
    One,
    /// One or more.
    Some,
}

/// An open menu.
pub struct Menu<'a> {
    field: &'a Field,
    signs: Signs,
    how_many: HowMany,
    choices: Vec<Choice>,
    /// The positions of the items that the search finds.
    found: Vec<usize>,
    /// The index of the cursor among these.
    at: usize,
    /// The index of the first visible one.
    top: usize,
    /// The number of visible items.
    page: usize,
    /// The search. It is always open if one item is picked, where letters have no other meaning.
    search: Option<Line>,
    problem: Option<String>,
}

impl<'a> Menu<'a> {
    /// Makes a menu with the cursor at the picked item, or at the first one.
    pub fn new(field: &'a Field, how_many: HowMany, choices: Vec<Choice>, signs: Signs) -> Self {
        let at = match how_many {
            HowMany::One => choices.iter().position(|choice| choice.picked).unwrap_or(0),
            HowMany::Some => 0,
        };
        let search = (how_many == HowMany::One).then(Line::default);
        let found = (0..choices.len()).collect();
        Menu { field, signs, how_many, choices, found, at, top: 0, page: 1, search, problem: None }
    }

    /// Returns the positions of the picked items.
    pub fn picked(&self) -> Vec<usize> {
        match self.how_many {
            HowMany::One => self.here().into_iter().collect(),
            HowMany::Some => (0..self.choices.len()).filter(|place| self.choices[*place].picked).collect(),
        }
    }

    /// Describes the picked items.
    pub fn answer(&self) -> String {
        let picked = self.picked();
        if self.how_many == HowMany::Some && picked.len() == self.choices.len() && picked.len() > 1 {
            return format!("all {}", picked.len());
        }
        let named = |place: &usize| {
            let Choice { name, id, .. } = &self.choices[*place];
            if id.is_empty() { name.clone() } else { format!("{name}  {id}") }
        };
        picked.iter().map(named).collect::<Vec<_>>().join(", ")
    }

    /// Returns the position of the item at the cursor.
    fn here(&self) -> Option<usize> {
        self.found.get(self.at).copied()
    }

    /// Moves the cursor to an index, or to the last found item.
    fn move_to(&mut self, at: usize) -> Pressed {
        let before = std::mem::replace(&mut self.at, at.min(self.found.len().saturating_sub(1)));
        if before == self.at { Pressed::Nothing } else { Pressed::Changed }
    }

    /// Moves up, or from the first item to the last.
    fn up(&mut self) -> Pressed {
        self.move_to(self.at.checked_sub(1).unwrap_or(usize::MAX))
    }

    /// Moves down, or from the last item to the first.
    fn down(&mut self) -> Pressed {
        self.move_to(if self.at + 1 < self.found.len() { self.at + 1 } else { 0 })
    }

    /// Picks or unpicks the item at the cursor.
    fn toggle(&mut self) -> Pressed {
        let Some(place) = self.here() else { return Pressed::Nothing };
        self.choices[place].picked = !self.choices[place].picked;
        Pressed::Changed
    }

    /// Picks all found items, or unpicks them if all are picked.
    fn toggle_all(&mut self) -> Pressed {
        let all = self.found.iter().all(|place| self.choices[*place].picked);
        for place in &self.found {
            self.choices[*place].picked = !all;
        }
        Pressed::Changed
    }

    fn done(&mut self) -> Pressed {
        if !self.picked().is_empty() {
            return Pressed::Done;
        }
        if self.how_many == HowMany::Some {
            self.problem = Some("pick at least one: space picks".to_owned());
        }
        Pressed::Changed
    }

    /// Applies a key in the list, where letters are commands.
    fn press_in_list(&mut self, character: char) -> Pressed {
        match character {
            ' ' => self.toggle(),
            'a' | 'A' => self.toggle_all(),
            '/' => {
                self.search = Some(Line::default());
                Pressed::Changed
            }
            _ => Pressed::Nothing,
        }
    }

    /// Applies a key in the search, where letters are text.
    fn press_in_search(&mut self, key: Key, pasting: bool) -> Pressed {
        let is_empty = self.search.as_ref().is_none_or(|search| search.text().is_empty());
        match (key, self.how_many) {
            (Key::Enter | Key::Escape, HowMany::Some) => self.end_search(),
            (Key::Backspace, HowMany::Some) if is_empty => self.end_search(),
            (Key::Text(' '), HowMany::Some) if !pasting => self.toggle(),
            (Key::Text('/' | ' '), HowMany::One) if is_empty => Pressed::Nothing,
            (Key::Enter, HowMany::One) => self.done(),
            (key, _) => {
                let pressed = self.search.get_or_insert_default().press(key);
                if pressed == Pressed::Changed {
                    self.find();
                }
                pressed
            }
        }
    }

    /// Runs the search. The cursor stays at its item if that is found.
    fn find(&mut self) {
        let (here, search) = (self.here(), self.search.as_ref().map(|search| search.text().to_owned()));
        let search = search.unwrap_or_default();
        self.found = (0..self.choices.len()).filter(|place| self.choices[*place].has(&search)).collect();
        self.at = here.and_then(|here| self.found.iter().position(|place| *place == here)).unwrap_or(0);
    }

    fn end_search(&mut self) -> Pressed {
        self.search = None;
        self.find();
        Pressed::Changed
    }

    fn keys(&self) -> Vec<String> {
        let text = self.search.as_ref().map(|search| sanitise(search.text()).into_owned()).unwrap_or_default();
        let searched = format!("/{}", end_of(&text, LONGEST_SEARCH, self.signs.cut()));
        match (self.how_many, &self.search) {
            (HowMany::One, _) if text.is_empty() => {
                let searches = (self.choices.len() > FEW).then_some("type to search");
                searches.into_iter().chain(["enter picks", "esc leaves"]).map(str::to_owned).collect()
            }
            (HowMany::One, _) => vec![searched, "enter picks".to_owned(), "esc leaves".to_owned()],
            (HowMany::Some, Some(_)) => vec![searched, "space picks".to_owned(), "enter ends the search".to_owned()],
            (HowMany::Some, None) => {
                ["space picks", "a all", "/ searches", "enter goes on", "esc leaves"].map(str::to_owned).to_vec()
            }
        }
    }

    /// Returns the position: `2 picked, 3 of 6`.
    fn place(&self) -> String {
        let at = format!("{} of {}", (self.at + 1).min(self.found.len()), self.found.len());
        match self.how_many {
            HowMany::One => at,
            HowMany::Some => format!("{} picked, {at}", self.picked().len()),
        }
    }

    /// Scrolls so that the cursor's row is visible.
    fn scroll(&mut self, page: usize) {
        self.page = page.clamp(1, self.found.len().max(1));
        let last = self.found.len().saturating_sub(self.page);
        self.top = self.top.clamp((self.at + 1).saturating_sub(self.page), self.at).min(last);
    }

    fn row(&self, number: usize, columns: &Columns, space: Space) -> Row {
        let Choice { name, id, about, picked } = &self.choices[self.found[number]];
        let is_here = number == self.at;
        let tone = if is_here { Tone::Subject } else { Tone::Plain };
        let row = Row::new(space.color)
            .text("  ", Tone::Plain)
            .text(if is_here { self.signs.here() } else { "" }, tone)
            .at(4);
        let row = match self.how_many {
            HowMany::One => row,
            HowMany::Some => row.text(&format!("{} ", self.signs.picked(*picked)), tone),
        };
        let (name, start) = (cut(&sanitise(name), columns.name, self.signs.cut()), row.width());
        let mut row = row.text(&name, tone);
        let mut next = start + columns.name + GAP;
        for (text, width) in [(id, columns.id), (about, columns.about)] {
            if !text.is_empty() && width > 0 {
                row = row.at(next).text(&cut(&sanitise(text), width, self.signs.cut()), tone);
            }
            next += if width > 0 { width + GAP } else { 0 };
        }
        row
    }
}

/// The space between two columns.
const GAP: usize = 3;

/// The least width of a cut name.
const SHORTEST_NAME: usize = 14;
/// The largest width of a name.
const WIDEST_NAME: usize = 28;
/// The least width of further information.
const SHORTEST_ABOUT: usize = 8;
/// Menus of up to this size offer no search.
const FEW: usize = 5;
/// The longest part of a search that is shown.
const LONGEST_SEARCH: usize = 24;

/// The widths of a menu's columns.
#[derive(Debug, PartialEq, Eq)]
struct Columns {
    name: usize,
    id: usize,
    about: usize,
}

impl Columns {
    /// Fits the columns into `room`: names shrink first, then the further information is omitted.
    fn of(choices: &[Choice], room: usize) -> Self {
        let widest = |text: fn(&Choice) -> &str| {
            choices.iter().map(|choice| width_of(&sanitise(text(choice)))).max().unwrap_or(0)
        };
        let (name, id, about) = (widest(|it| &it.name), widest(|it| &it.id), widest(|it| &it.about));
        let with_gap = |width: usize| if width > 0 { width + GAP } else { 0 };
        let alone = id == 0 && about == 0;
        let most = if alone { room } else { name.min(WIDEST_NAME) };
        let name = most.min(room.saturating_sub(with_gap(id)).max(SHORTEST_NAME)).min(room);
        let left = room.saturating_sub(name + with_gap(id) + GAP);
        Columns { name, id, about: if left < SHORTEST_ABOUT.min(about) { 0 } else { about.min(left) } }
    }
}

/// Returns the end of `text` that fits into `width` columns.
fn end_of(text: &str, width: usize, sign: &str) -> String {
    let mut starts = text.char_indices().map(|(at, _)| at).chain([text.len()]);
    match starts.find(|at| width_of(&text[*at..]) <= width) {
        Some(0) | None => text.to_owned(),
        Some(at) => format!("{sign}{}", &text[at..]),
    }
}

impl Widget for Menu<'_> {
    fn press(&mut self, key: Key, pasting: bool) -> Pressed {
        let had_problem = self.problem.take().is_some();
        let pressed = match key {
            Key::Leave => Pressed::Left,
            Key::Interrupt => Pressed::Interrupted,
            Key::Up => self.up(),
            Key::Down => self.down(),
            Key::PageUp => self.move_to(self.at.saturating_sub(self.page)),
            Key::PageDown => self.move_to(self.at + self.page),
            Key::Start => self.move_to(0),
            Key::End => self.move_to(usize::MAX),
            key if self.search.is_some() => self.press_in_search(key, pasting),
            Key::Escape => Pressed::Left,
            Key::Enter => self.done(),
            Key::Text(character) if !pasting => self.press_in_list(character),
            _ => Pressed::Nothing,
        };
        if pressed == Pressed::Nothing && had_problem { Pressed::Changed } else { pressed }
    }

    fn rows(&mut self, space: Space) -> Vec<Row> {
        let keys = self.keys();
        let asked = self.field.asked(&keys.iter().map(String::as_str).collect::<Vec<_>>(), space);
        let wrong: Vec<Row> = self.problem.iter().flat_map(|why| problem(why, self.signs, space)).collect();
        let footer = self.field.footer(&self.place(), self.signs, space);
        self.scroll(space.rows.saturating_sub(asked.len() + wrong.len() + usize::from(footer.is_some()) + 1));
        let mark = if self.how_many == HowMany::Some { 4 } else { 0 };
        let columns = Columns::of(&self.choices, space.width().saturating_sub(4 + mark));
        let seen = self.top..(self.top + self.page).min(self.found.len());
        let mut list: Vec<Row> = seen.map(|number| self.row(number, &columns, space)).collect();
        if list.is_empty() {
            let text = cut("nothing is found", space.width().saturating_sub(4), self.signs.cut());
            list.push(Row::new(space.color).at(4).text(&text, Tone::Plain));
        }
        asked.into_iter().chain(list).chain(wrong).chain(footer).take(space.rows.max(2)).collect()
    }
}

#[cfg(test)]
mod tests;
