//! Decides which columns fit on a terminal, and how wide each is.

use unicode_width::UnicodeWidthStr;

use super::{Flex, Importance};

/// The spaces between two columns.
pub(super) const GAP: usize = 2;

/// The least width of a terminal for a readable table.
pub(super) const NARROWEST: usize = 50;

/// The widths that a column needs.
#[derive(Debug, Clone, Copy)]
pub(super) struct Wish {
    /// The width of its heading, which is never cut.
    pub title: usize,
    /// The width of its widest cell.
    pub widest: usize,
    pub flex: Option<Flex>,
    pub importance: Importance,
}

impl Wish {
    fn up_to(&self, most: fn(&Flex) -> usize) -> usize {
        let cells = self.flex.as_ref().map_or(self.widest, |flex| self.widest.min(most(flex)));
        cells.max(self.title)
    }

    fn least(&self) -> usize {
        self.up_to(|flex| flex.least)
    }

    fn ease(&self) -> usize {
        self.up_to(|flex| flex.ease)
    }

    fn most(&self) -> usize {
        self.up_to(|flex| flex.most)
    }

    fn natural(&self) -> usize {
        self.up_to(|_| usize::MAX)
    }
}

/// Returns the columns that fit side by side, in their order, with the width of each, or `None` if not even the key
/// columns fit.
///
/// Columns shrink before one is omitted. The least important ones are omitted first, and the last of equal ones.
pub(super) fn fitting(wishes: &[Wish], room: usize) -> Option<Vec<(usize, usize)>> {
    let mut order: Vec<usize> = (0..wishes.len()).collect();
    order.sort_by_key(|&column| wishes[column].importance);
    let fits = |count: &usize| {
        let Some((last, before)) = order[..*count].split_last() else { return true };
        let low = wishes[*last].importance == Importance::Low;
        let taken = |&column: &usize| if low { wishes[column].ease() } else { wishes[column].least() };
        let sum = before.iter().map(taken).sum::<usize>() + wishes[*last].least();
        sum + GAP * before.len() <= room
    };
    let count = (0..=order.len()).take_while(fits).last()?;
    let kept = &order[..count];
    if wishes.iter().enumerate().any(|(column, wish)| wish.importance == Importance::Key && !kept.contains(&column)) {
        return None;
    }
    let mut widths: Vec<(usize, usize)> = kept.iter().map(|&column| (column, wishes[column].least())).collect();
    let gaps = GAP * count.saturating_sub(1);
    let mut left = room.saturating_sub(gaps + widths.iter().map(|(_, width)| width).sum::<usize>());
    grow(&mut widths, &mut left, |column| wishes[column].ease());
    grow(&mut widths, &mut left, |column| wishes[column].most());
    if count == wishes.len() {
        grow(&mut widths, &mut left, |column| wishes[column].natural());
    }
    widths.sort_unstable();
    Some(widths)
}

/// Distributes the remaining room evenly until the columns are as wide as they wish.
fn grow(widths: &mut [(usize, usize)], left: &mut usize, wish: impl Fn(usize) -> usize) {
    loop {
        let mut grown = false;
        for (column, width) in widths.iter_mut() {
            if *left > 0 && *width < wish(*column) {
                *width += 1;
                *left -= 1;
                grown = true;
            }
        }
        if !grown {
            return;
        }
    }
}

/// Returns the width of the widest text.
pub(super) fn widest<'a>(texts: impl Iterator<Item = &'a str>) -> usize {
    texts.map(UnicodeWidthStr::width).max().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use Importance::{High, Key, Low};

    const NAME: Flex = Flex { least: 14, ease: 22, most: 28, wraps: false };

    fn wish(importance: Importance, widest: usize, flex: Option<Flex>) -> Wish {
        Wish { title: 4, widest, flex, importance }
    }

    /// Makes a name of 63 letters, a fixed key, a low column, and an id at the right end.
    fn wishes() -> [Wish; 4] {
        [wish(Key, 63, Some(NAME)), wish(Key, 10, None), wish(Low, 6, None), wish(High, 13, None)]
    }

    #[test]
    fn columns_shrink_before_one_goes() {
        assert_eq!(fitting(&wishes(), 98), Some(vec![(0, 63), (1, 10), (2, 6), (3, 13)]));
        assert_eq!(fitting(&wishes(), 63), Some(vec![(0, 28), (1, 10), (2, 6), (3, 13)]));
        assert_eq!(fitting(&wishes(), 57), Some(vec![(0, 22), (1, 10), (2, 6), (3, 13)]));
    }

    #[test]
    fn a_low_column_goes_before_the_others_are_hard_to_read() {
        assert_eq!(fitting(&wishes(), 56), Some(vec![(0, 28), (1, 10), (3, 13)]));
        assert_eq!(fitting(&wishes(), 41), Some(vec![(0, 14), (1, 10), (3, 13)]));
    }

    #[test]
    fn the_least_important_go_first_and_keys_never() {
        assert_eq!(fitting(&wishes(), 40), Some(vec![(0, 28), (1, 10)]));
        assert_eq!(fitting(&wishes(), 26), Some(vec![(0, 14), (1, 10)]));
        assert_eq!(fitting(&wishes(), 25), None);
        assert_eq!(fitting(&[], 0), Some(vec![]));
    }

    #[test]
    fn of_equal_ones_the_last_goes_and_nothing_takes_its_room() {
        let equal = [wish(Key, 5, None), wish(Low, 5, None), wish(Low, 9, None), wish(Low, 4, None)];
        assert_eq!(fitting(&equal, 22), Some(vec![(0, 5), (1, 5)]));
    }

    #[test]
    fn a_heading_is_never_cut() {
        let narrow = Wish { title: 20, widest: 40, flex: Some(NAME), importance: Key };
        assert_eq!(fitting(&[narrow], 20), Some(vec![(0, 20)]));
        assert_eq!(fitting(&[narrow], 19), None);
    }
}
