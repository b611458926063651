//! A part is never shown as the whole: lists, windows of time, fields, and lists that never end.

mod endless;
mod fields;
mod lists;
mod windows;
mod zones;
