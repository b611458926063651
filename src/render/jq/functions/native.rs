//! How functions of ours are made known to the library, and what they take and give.

use jaq_core::Error;

use crate::render::jq::value::{Thrown, Val};

/// What a function gives.
pub(super) type Given = Result<Val, Thrown>;

/// A function without arguments, of its input alone.
macro_rules! of {
    ($name:literal, $make:expr) => {
        jaq_core::native::run::<$crate::render::jq::world::Language>(($name, jaq_core::native::v(0), |cv| {
            jaq_core::native::bome($make(cv.1))
        }))
    };
}

/// A function of its input and one argument, or two.
macro_rules! with {
    ($name:literal, 1, $make:expr) => {
        jaq_core::native::run::<$crate::render::jq::world::Language>(($name, jaq_core::native::v(1), |mut cv| {
            let argument = cv.0.pop_var();
            jaq_core::native::bome($make(cv.1, argument))
        }))
    };
    ($name:literal, 2, $make:expr) => {
        jaq_core::native::run::<$crate::render::jq::world::Language>(($name, jaq_core::native::v(2), |mut cv| {
            let (second, first) = (cv.0.pop_var(), cv.0.pop_var());
            jaq_core::native::bome($make(cv.1, first, second))
        }))
    };
}

pub(super) use {of, with};

/// The text of a value; of one that is none, the error that it is none: `wanted` says what for.
pub(super) fn text<'a>(value: &'a Val, wanted: &str) -> Result<&'a str, Thrown> {
    match value.as_text() {
        Some(text) => Ok(text),
        None => Err(Error::str(format_args!("{} {wanted}", value.named()))),
    }
}
