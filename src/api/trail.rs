//! Follows a list from page to page, and stops if the list seems endless.

use std::{
    collections::HashSet,
    hash::{BuildHasher, RandomState},
};

/// The largest number of pages of a list: 25 million entries in full pages.
pub const MOST_PAGES: usize = 100_000;

/// The largest number of partial pages in a row. The service ends a page early after 10,000 rows, so these cover twenty
/// million rows, twice the largest history it is made for.
pub const MOST_SHORT_PAGES: usize = 2_000;

/// The reason why a list is not followed any further.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Endless {
    /// A cursor was repeated.
    #[error("a cursor came twice")]
    Circle,
    /// Too many pages in a row were not full.
    #[error("{MOST_SHORT_PAGES} pages in a row had fewer entries than were asked for, and each promised more")]
    Short,
    /// The list has too many pages.
    #[error("there are more than {0} pages")]
    Long(usize),
}

/// The pages of a list so far.
#[derive(Debug)]
pub struct Trail {
    most: usize,
    pages: usize,
    short: usize,
    /// Digests of cursors, as a cursor may be as long as an answer.
    seen: HashSet<u64>,
    digest: RandomState,
}

impl Trail {
    /// Begins a list that may have at most `most` pages.
    pub fn of(most: usize) -> Self {
        Trail { most, pages: 0, short: 0, seen: HashSet::new(), digest: RandomState::new() }
    }

    /// Continues after a page of `got` entries, where `asked` were requested, with its next cursor.
    ///
    /// # Errors
    /// Fails if the list seems endless.
    pub fn follow(&mut self, asked: u64, got: usize, cursor: &str) -> Result<(), Endless> {
        self.pages += 1;
        self.short = if (got as u64) < asked { self.short + 1 } else { 0 };
        if !self.seen.insert(self.digest.hash_one(cursor)) {
            Err(Endless::Circle)
        } else if self.short >= MOST_SHORT_PAGES {
            Err(Endless::Short)
        } else if self.pages >= self.most {
            Err(Endless::Long(self.most))
        } else {
            Ok(())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Returns how many pages are followed, and why it stops, for these numbers of entries and cursors.
    fn followed(most: usize, got: impl Fn(usize) -> usize, cursor: impl Fn(usize) -> usize) -> (usize, Endless) {
        let mut trail = Trail::of(most);
        for page in 0.. {
            if let Err(endless) = trail.follow(250, got(page), &cursor(page).to_string()) {
                return (page, endless);
            }
        }
        unreachable!("pages are numbered without an end");
    }

    #[test]
    fn circles_of_any_length_are_noticed() {
        for length in [1, 2, 3, 100] {
            assert_eq!(followed(MOST_PAGES, |_| 250, |page| page % length), (length, Endless::Circle));
        }
    }

    #[test]
    fn short_pages_are_borne_while_full_ones_come_between() {
        assert_eq!(followed(MOST_PAGES, |_| 0, |page| page), (MOST_SHORT_PAGES - 1, Endless::Short));
        assert_eq!(followed(MOST_PAGES, |_| 249, |page| page), (MOST_SHORT_PAGES - 1, Endless::Short));
        let now_and_then = |page| if page % MOST_SHORT_PAGES == 0 { 250 } else { 0 };
        assert_eq!(followed(9_000, now_and_then, |page| page), (8_999, Endless::Long(9_000)));
    }
}
