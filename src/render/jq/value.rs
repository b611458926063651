//! The values that filters work on. They are ours, not the library's, for two reasons: their operators do what jq's do,
//! to the words of an error; and they count what they hold, so that a filter cannot take the machine's memory.

mod arithmetic;
mod json;
mod number;
mod order;
mod place;
mod standard;
mod text;
mod val;

pub(super) use json::{read_many, read_one};
pub(super) use number::Number;
pub(super) use place::{delete_paths, get, get_path, places, set_path};
pub(super) use text::Text;
pub(super) use val::{Fields, Kind, List, Thrown, Val};
