//! Counts finished attempts by five minutes and by hour of their end, and reads error rates, codes and percentiles of
//! durations from the counts. Statements do not belong here.
//!
//! Long windows are read from sums of past hours: hours over all webhooks, and days of each webhook. Measured with only
//! these tables and statements, on two virtual cores, with 300 webhooks of 60 attempts an hour each and the file in
//! memory: 13 months of all webhooks take 0.25 to 0.38 s (7.6 to 10.3 s from hours alone), 30 days 0.14 to 0.15 s (2.6
//! to 2.9 s); 30 days of one webhook take 5 to 30 ms, and 13 months, read after them, 2 to 7 ms. Thirteen months are
//! 649 MB, or 1.68 GB at 600 attempts an hour. A webhook's error rate in `list` takes 0.49 ms where 1,000 webhooks have
//! 600 attempts an hour. `docs/store.md` has the table.

mod count;
mod slot;
mod sums;
mod window;

pub(in crate::service::store) use count::{ALL, CountKey, counted_in};
pub(in crate::service::store) use slot::Slot;
pub(in crate::service::store) use sums::Sums;
pub(in crate::service::store) use window::{
    Asked, Piece, Span, Summed, Window, cut, first_day_with_durations, first_hour_with_durations, last_24_h,
    oldest_hour,
};
