//! Following a list from page to page: to its end, or to where it is clear that it has none.

use std::{
    collections::HashSet,
    hash::{BuildHasher, RandomState},
};

/// The most pages of a list: 25 million entries, where each page has as many as it can.
pub const MOST_PAGES: usize = 100_000;

/// The most pages in a row that are not full. Our service ends a page early when it has looked at 10,000 rows: these
/// are twenty million, twice the largest history that it is made for.
pub const MOST_SHORT_PAGES: usize = 2_000;

/// Why a list is not followed any further.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Endless {
    /// It leads back to a page that was there already.
    #[error("a cursor came twice")]
    Circle,
    /// It promises more and more, and hardly gives anything.
    #[error("{MOST_SHORT_PAGES} pages in a row had fewer entries than were asked for, and each promised more")]
    Short,
    /// It has more pages than are followed.
    #[error("there are more than {0} pages")]
    Long(usize),
}

/// The pages of a list that were seen so far.
#[derive(Debug)]
pub struct Trail {
    most: usize,
    pages: usize,
    short: usize,
    /// Digests: a cursor may be as long as an answer.
    seen: HashSet<u64>,
    digest: RandomState,
}

impl Trail {
    /// The beginning of a list that may have `most` pages.
    pub fn of(most: usize) -> Self {
        Trail { most, pages: 0, short: 0, seen: HashSet::new(), digest: RandomState::new() }
    }

    /// Goes on behind a page of `got` entries, where `asked` were asked for, that names this cursor.
    ///
    /// # Errors
    /// When the list does not seem to end.
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

    /// How many pages are followed whose entries and cursors these functions give, and why no more.
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
