//! A menu: things to pick from by keys, with a search.

use super::{
    form::{Field, problem},
    keys::Key,
    line::{Line, Pressed},
    sheet::{Row, Space, cut, width_of},
    widget::Widget,
};
use crate::term::{Signs, Tone, sanitise};

/// One of several things to pick from.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Choice {
    /// What it is called.
    pub name: String,
    /// Its id, if it has one: never cut.
    pub id: String,
    /// What else there is to say about it.
    pub about: String,
    /// Whether it is picked from the start.
    pub picked: bool,
}

impl Choice {
    /// Whether it has all words of a search in it.
    fn has(&self, search: &str) -> bool {
        let Choice { name, id, about, picked: _ } = self;
        let text = format!("{name} {id} {about}").to_lowercase();
        search.to_lowercase().split_whitespace().all(|word| text.contains(word))
    }
}

/// How many things are to be picked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HowMany {
    /// The one at the cursor.
    One,
    /// Any number but none.
    Some,
}

/// A menu that is open.
pub struct Menu<'a> {
    field: &'a Field,
    signs: Signs,
    how_many: HowMany,
    choices: Vec<Choice>,
    /// Those that the search finds, by their places.
    found: Vec<usize>,
    /// Which of those the cursor is at.
    at: usize,
    /// Which of those is the first one that is seen.
    top: usize,
    /// How many are seen.
    page: usize,
    /// What is searched for. There is always a search where one thing is picked, and letters mean nothing else.
    search: Option<Line>,
    problem: Option<String>,
}

impl<'a> Menu<'a> {
    /// A menu with the cursor at the first thing, or at the one that is picked.
    pub fn new(field: &'a Field, how_many: HowMany, choices: Vec<Choice>, signs: Signs) -> Self {
        let at = match how_many {
            HowMany::One => choices.iter().position(|choice| choice.picked).unwrap_or(0),
            HowMany::Some => 0,
        };
        let search = (how_many == HowMany::One).then(Line::default);
        let found = (0..choices.len()).collect();
        Menu { field, signs, how_many, choices, found, at, top: 0, page: 1, search, problem: None }
    }

    /// What was picked, by its places.
    pub fn picked(&self) -> Vec<usize> {
        match self.how_many {
            HowMany::One => self.here().into_iter().collect(),
            HowMany::Some => (0..self.choices.len()).filter(|place| self.choices[*place].picked).collect(),
        }
    }

    /// What was picked, in words.
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

    /// The place of the thing that the cursor is at.
    fn here(&self) -> Option<usize> {
        self.found.get(self.at).copied()
    }

    /// Moves the cursor there, or to the last thing that is found.
    fn move_to(&mut self, at: usize) -> Pressed {
        let before = std::mem::replace(&mut self.at, at.min(self.found.len().saturating_sub(1)));
        if before == self.at { Pressed::Nothing } else { Pressed::Changed }
    }

    /// One up; from the first one to the last one.
    fn up(&mut self) -> Pressed {
        self.move_to(self.at.checked_sub(1).unwrap_or(usize::MAX))
    }

    /// One down; from the last one to the first one.
    fn down(&mut self) -> Pressed {
        self.move_to(if self.at + 1 < self.found.len() { self.at + 1 } else { 0 })
    }

    /// Picks what the cursor is at, or picks it no longer.
    fn toggle(&mut self) -> Pressed {
        let Some(place) = self.here() else { return Pressed::Nothing };
        self.choices[place].picked = !self.choices[place].picked;
        Pressed::Changed
    }

    /// Picks all that are found; none of them when all are picked.
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

    /// A key where letters are keys.
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

    /// A key where letters are searched for.
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

    /// Finds what is searched for. The cursor stays where it is when that is found, too.
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

    /// Where one is: `2 picked, 3 of 6`.
    fn place(&self) -> String {
        let at = format!("{} of {}", (self.at + 1).min(self.found.len()), self.found.len());
        match self.how_many {
            HowMany::One => at,
            HowMany::Some => format!("{} picked, {at}", self.picked().len()),
        }
    }

    /// Has the cursor's row among those that are seen.
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

/// Columns between columns.
const GAP: usize = 3;

/// A name is cut so far at most, where there is no room for what stands behind it.
const SHORTEST_NAME: usize = 14;
/// So wide is a name at most.
const WIDEST_NAME: usize = 28;
/// What is said about a thing has no place in less.
const SHORTEST_ABOUT: usize = 8;
/// Among so few things nobody searches.
const FEW: usize = 5;
/// So much of a search is shown.
const LONGEST_SEARCH: usize = 24;

/// How wide the columns of a menu are.
#[derive(Debug, PartialEq, Eq)]
struct Columns {
    name: usize,
    id: usize,
    about: usize,
}

impl Columns {
    /// Columns for these things in so much room: names shrink first, then there is nothing about them.
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

/// The end of `text` that has room in `width` columns.
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
