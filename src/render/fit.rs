//! Which columns a terminal has room for.

use unicode_width::UnicodeWidthStr;

use super::{Heading, Importance};

/// Blanks between two columns.
pub(super) const GAP: usize = 2;

/// The width of each column: its widest cell, or its title.
pub(super) fn widths(headings: &[Heading], rows: &[Vec<&str>], header: bool) -> Vec<usize> {
    let title = |heading: &Heading| if header { heading.title.width() } else { 0 };
    let mut widths: Vec<usize> = headings.iter().map(title).collect();
    for row in rows {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = (*width).max(cell.width());
        }
    }
    widths
}

/// The columns that fit side by side, in their order: the most important ones first, and of the others those that still
/// find room; of equal ones the first. `None` when not even those that must stay do fit.
pub(super) fn fitting(importances: &[Importance], widths: &[usize], room: usize) -> Option<Vec<usize>> {
    let mut by_importance: Vec<usize> = (0..widths.len()).collect();
    by_importance.sort_by_key(|&column| importances[column]);
    let (mut kept, mut taken) = (Vec::new(), 0);
    for column in by_importance {
        let gap = if kept.is_empty() { 0 } else { GAP };
        if taken + gap + widths[column] <= room {
            taken += gap + widths[column];
            kept.push(column);
        } else if importances[column] == Importance::Key {
            return None;
        }
    }
    kept.sort_unstable();
    Some(kept)
}

#[cfg(test)]
mod tests {
    use super::*;
    use Importance::{High, Key, Low};

    const IMPORTANCES: [Importance; 4] = [Key, Low, High, Low];

    #[test]
    fn everything_stays_while_there_is_room() {
        assert_eq!(fitting(&IMPORTANCES, &[10, 5, 5, 5], 31), Some(vec![0, 1, 2, 3]));
    }

    #[test]
    fn the_least_important_go_first_of_equals_the_last() {
        assert_eq!(fitting(&IMPORTANCES, &[10, 5, 5, 5], 30), Some(vec![0, 1, 2]));
        assert_eq!(fitting(&IMPORTANCES, &[10, 5, 5, 5], 23), Some(vec![0, 2]));
        assert_eq!(fitting(&IMPORTANCES, &[10, 5, 5, 5], 10), Some(vec![0]));
    }

    #[test]
    fn room_that_is_left_is_used() {
        assert_eq!(fitting(&IMPORTANCES, &[10, 9, 5, 4], 25), Some(vec![0, 2, 3]));
    }

    #[test]
    fn keys_never_go() {
        assert_eq!(fitting(&IMPORTANCES, &[10, 5, 5, 5], 9), None);
    }

    #[test]
    fn widths_count_columns_of_the_terminal() {
        let heading = Heading { name: "name", title: "NAME", importance: Key, align: super::super::Align::Left };
        assert_eq!(widths(&[heading], &[vec!["東京都"], vec!["é"]], true), [6]);
        assert_eq!(widths(&[heading], &[vec!["é"]], false), [1]);
        assert_eq!(widths(&[heading], &[], true), [4]);
    }
}
