//! Registers native functions with the library.

use jaq_core::Error;

use crate::render::jq::value::{Thrown, Val};

/// The result of a function.
pub(super) type Given = Result<Val, Thrown>;

/// Makes a function without arguments.
macro_rules! of {
    ($name:literal, $make:expr) => {
        jaq_core::native::run::<$crate::render::jq::world::Language>(($name, jaq_core::native::v(0), |cv| {
            jaq_core::native::bome($make(cv.1))
        }))
    };
}

/// Makes a function of its input and one or two arguments.
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

/// Returns a string, or an error with `wanted` as its reason.
pub(super) fn text<'a>(value: &'a Val, wanted: &str) -> Result<&'a str, Thrown> {
    match value.as_text() {
        Some(text) => Ok(text),
        None => Err(Error::str(format_args!("{} {wanted}", value.named()))),
    }
}
