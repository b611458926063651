//! Tests that a part is never shown as the whole: lists, windows of time, fields, and endless lists.

mod endless;
mod fields;
mod lists;
mod people;
mod windows;
mod zones;
