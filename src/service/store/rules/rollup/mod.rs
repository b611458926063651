//! How finished attempts are counted, and what counts say: sums by five minutes and by hour of an attempt's end, from
//! which error rates, codes and percentiles of durations are read.

mod slot;
mod sums;
mod window;

pub(in crate::service::store) use slot::{DurationClass, Slot};
pub(in crate::service::store) use sums::Sums;
pub(in crate::service::store) use window::{
    Asked, Piece, Span, Summed, Window, cut, first_day_with_durations, first_hour_with_durations, last_24_h,
    oldest_hour,
};
