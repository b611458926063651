//! The library's configuration: the type of values, and the facts that functions may read.

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

/// Facts that do not change while a filter runs.
#[derive(Debug)]
pub(in crate::render) struct Facts {
    /// The result of `now`.
    pub(in crate::render) now: Timestamp,
    /// The local time zone.
    pub(in crate::render) zone: TimeZone,
}

/// The functions and the facts of a filter. Every context of the library holds one.
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

/// The library calls this before every operation, so each call is a step.
impl<'a> HasLut<'a, Language> for World<'a> {
    fn lut(&self) -> &'a Lut<Language> {
        budget::step();
        self.lut
    }
}
