//! Values with their type and their depth of nesting.

use std::rc::Rc;

use indexmap::IndexMap;
use jaq_core::Error;

use super::{number::Number, text::Text};
use crate::render::jq::budget::{One, Spent, spent};

/// The deepest nesting of values. A service's answers are nested at most 127 levels deep.
const NESTING: u32 = 10_000;

/// An error that a filter can catch.
pub(in crate::render::jq) type Thrown = Error<Val>;

/// A value.
#[derive(Debug, Clone)]
pub(in crate::render::jq) struct Val {
    pub(in crate::render::jq) kind: Kind,
    /// The library's iterators around a value take more memory than the value.
    _held: One<48>,
}

/// The type and the content of a value.
#[derive(Debug, Clone)]
pub(in crate::render::jq) enum Kind {
    Null,
    Bool(bool),
    Number(Number),
    Text(Text),
    List(Rc<List>),
    Fields(Rc<Fields>),
}

/// An array.
#[derive(Debug, Clone)]
pub(in crate::render::jq) struct List {
    pub(super) items: Vec<Val>,
    depth: u32,
    _held: One<64>,
}

/// An object, in the order of insertion.
#[derive(Debug, Clone)]
pub(in crate::render::jq) struct Fields {
    pub(super) map: IndexMap<Text, Val>,
    depth: u32,
    _held: One<128>,
}

impl Val {
    pub(in crate::render::jq) const fn is_truthy(&self) -> bool {
        !matches!(self.kind, Kind::Null | Kind::Bool(false))
    }

    pub(in crate::render::jq) fn null() -> Self {
        Kind::Null.into()
    }

    /// Returns the name of its type.
    pub(in crate::render::jq) fn type_name(&self) -> &'static str {
        match self.kind {
            Kind::Null => "null",
            Kind::Bool(_) => "boolean",
            Kind::Number(_) => "number",
            Kind::Text(_) => "string",
            Kind::List(_) => "array",
            Kind::Fields(_) => "object",
        }
    }

    pub(in crate::render::jq) fn as_text(&self) -> Option<&Text> {
        match &self.kind {
            Kind::Text(text) => Some(text),
            _ => None,
        }
    }

    pub(in crate::render::jq) fn as_number(&self) -> Option<&Number> {
        match &self.kind {
            Kind::Number(number) => Some(number),
            _ => None,
        }
    }

    pub(in crate::render::jq) fn as_list(&self) -> Option<&Rc<List>> {
        match &self.kind {
            Kind::List(list) => Some(list),
            _ => None,
        }
    }

    pub(in crate::render::jq) fn as_fields(&self) -> Option<&Rc<Fields>> {
        match &self.kind {
            Kind::Fields(fields) => Some(fields),
            _ => None,
        }
    }

    fn depth(&self) -> u32 {
        match &self.kind {
            Kind::List(list) => list.depth,
            Kind::Fields(fields) => fields.depth,
            _ => 0,
        }
    }
}

impl List {
    pub(super) fn new(items: Vec<Val>) -> Self {
        let depth = items.iter().map(Val::depth).max().unwrap_or(0) + 1;
        List { items, depth: bounded(depth), _held: One::new() }
    }

    pub(in crate::render::jq) fn items(&self) -> &[Val] {
        &self.items
    }

    /// Sets `item` at `index` and fills a gap with null.
    pub(super) fn put(&mut self, index: usize, item: Val) {
        self.depth = bounded(self.depth.max(item.depth() + 1));
        while self.items.len() <= index {
            self.items.push(Val::null());
        }
        self.items[index] = item;
    }

    /// Replaces the items from `start` to `end`.
    pub(super) fn replace(&mut self, start: usize, end: usize, items: &[Val]) {
        let deepest = items.iter().map(Val::depth).max().unwrap_or(0);
        self.depth = bounded(self.depth.max(deepest + 1));
        self.items.splice(start..end, items.iter().cloned());
    }
}

impl Fields {
    fn new(map: IndexMap<Text, Val>) -> Self {
        let depth = map.values().map(Val::depth).max().unwrap_or(0) + 1;
        Fields { map, depth: bounded(depth), _held: One::new() }
    }

    pub(in crate::render::jq) fn iter(&self) -> impl ExactSizeIterator<Item = (&Text, &Val)> {
        self.map.iter()
    }

    pub(in crate::render::jq) fn get(&self, key: &str) -> Option<&Val> {
        self.map.get(key)
    }

    pub(super) fn put(&mut self, key: Text, value: Val) {
        self.depth = bounded(self.depth.max(value.depth() + 1));
        self.map.insert(key, value);
    }
}

fn bounded(depth: u32) -> u32 {
    if depth > NESTING {
        spent(Spent::Nesting);
    }
    depth
}

impl From<Kind> for Val {
    fn from(kind: Kind) -> Self {
        Val { kind, _held: One::new() }
    }
}

impl From<bool> for Val {
    fn from(truth: bool) -> Self {
        Kind::Bool(truth).into()
    }
}

impl From<Number> for Val {
    fn from(number: Number) -> Self {
        Kind::Number(number).into()
    }
}

impl From<isize> for Val {
    fn from(whole: isize) -> Self {
        Number::whole(whole as i128).into()
    }
}

impl From<usize> for Val {
    fn from(whole: usize) -> Self {
        Number::whole(whole as i128).into()
    }
}

impl From<f64> for Val {
    fn from(float: f64) -> Self {
        Number::float(float).into()
    }
}

impl From<Text> for Val {
    fn from(text: Text) -> Self {
        Kind::Text(text).into()
    }
}

impl From<String> for Val {
    fn from(text: String) -> Self {
        Text::from(text).into()
    }
}

impl From<&str> for Val {
    fn from(text: &str) -> Self {
        Text::from(text).into()
    }
}

impl From<Vec<Val>> for Val {
    fn from(items: Vec<Val>) -> Self {
        Kind::List(Rc::new(List::new(items))).into()
    }
}

impl From<IndexMap<Text, Val>> for Val {
    fn from(map: IndexMap<Text, Val>) -> Self {
        Kind::Fields(Rc::new(Fields::new(map))).into()
    }
}

impl FromIterator<Val> for Val {
    fn from_iter<I: IntoIterator<Item = Val>>(items: I) -> Self {
        items.into_iter().collect::<Vec<_>>().into()
    }
}

impl<K: Into<Text>> FromIterator<(K, Val)> for Val {
    fn from_iter<I: IntoIterator<Item = (K, Val)>>(fields: I) -> Self {
        fields.into_iter().map(|(key, value)| (key.into(), value)).collect::<IndexMap<_, _>>().into()
    }
}
