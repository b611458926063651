//! What the library runs filters with: our values, and what a function may see besides them.

use jaq_core::{DataT, Lut, data::HasLut, native};
use jiff::tz::TimeZone;

use super::{
    budget::{self, One},
    value::Val,
};
use crate::domain::time::Timestamp;

/// The language as the library's types see it.
pub(super) struct Language;

/// A function of the language.
pub(super) type Function = native::Fun<Language>;

/// What does not change while a filter runs.
#[derive(Debug)]
pub(in crate::render) struct Facts {
    /// What `now` gives.
    pub(in crate::render) now: Timestamp,
    /// What is local time.
    pub(in crate::render) zone: TimeZone,
}

/// Where a filter's functions are, and the facts. Every context that the library makes holds one.
#[derive(Clone)]
pub(super) struct World<'a> {
    lut: &'a Lut<Language>,
    pub(super) facts: &'a Facts,
    _held: One<400>,
}

impl<'a> World<'a> {
    pub(super) fn new(lut: &'a Lut<Language>, facts: &'a Facts) -> Self {
        World { lut, facts, _held: One::new() }
    }
}

impl DataT for Language {
    type V<'a> = Val;
    type Data<'a> = World<'a>;
}

/// The library asks for this before it does anything: each time is a step.
impl<'a> HasLut<'a, Language> for World<'a> {
    fn lut(&self) -> &'a Lut<Language> {
        budget::step();
        self.lut
    }
}
