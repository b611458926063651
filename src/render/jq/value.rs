//! The values of filters. They replace the library's for two reasons: their operators behave as jq's, including the
//! error messages, and they count their memory.

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
