//! Windows of time, and pages of lists in the order of a rising number, newest first.

use crate::domain::{
    page::{Cursor, Page},
    time::Timestamp,
};

/// Whether a time is in the window from `since` up to, but without, `until`.
pub fn within(at: Timestamp, since: Option<Timestamp>, until: Option<Timestamp>) -> bool {
    since.is_none_or(|since| at >= since) && until.is_none_or(|until| at < until)
}

/// Makes a page of rows that were queried with a limit one higher than `limit`: the extra row shows that there is
/// another page.
pub fn cut<T>(mut found: Vec<T>, limit: usize, number: impl Fn(&T) -> i64) -> Page<T> {
    let more = found.len() > limit;
    found.truncate(limit);
    let next = found.last().filter(|_| more).map(|last| Cursor::after(number(last)));
    Page { data: found, next }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_window_has_its_beginning_and_not_its_end() {
        let at = Timestamp::from_seconds;
        assert!(within(at(5), Some(at(5)), Some(at(6))) && within(at(5), None, None));
        assert!(!within(at(5), None, Some(at(5))) && !within(at(5), Some(at(6)), None));
    }

    #[test]
    fn a_page_says_where_the_next_begins_if_there_is_one() {
        let next = |found: Vec<i64>| {
            let Page { data, next } = cut(found, 2, |number| *number);
            (data, next.map(|cursor| cursor.after))
        };
        assert_eq!(next(vec![9, 8, 7]), (vec![9, 8], Some(8)));
        assert_eq!(next(vec![9, 8]), (vec![9, 8], None));
        assert_eq!(next(vec![]), (vec![], None));
    }
}
