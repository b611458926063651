//! The direction of a clocking, and the action that says more of it.

use super::making::Making;

/// What each `clockingActionTypeId` means: work start, work end, break start, break end; and the direction of each.
pub(super) const DIRECTIONS: [(i64, &str); 4] = [(0, "In"), (1, "Out"), (2, "Out"), (3, "In")];

/// The action follows from the direction, and the direction from the action.
pub(super) fn follow(making: &mut Making<'_>) {
    let [direction, action] = ["clockingType", "clockingActionTypeId"];
    if making.is_given(direction) && !making.is_given(action) {
        let text = making.text(direction);
        let id = DIRECTIONS.iter().find(|(_, word)| Some(*word) == text).map(|(id, _)| *id);
        making.put(action, id);
    } else if making.is_given(action) {
        let id = making.value(action).as_i64();
        if let Some((_, word)) = DIRECTIONS.iter().find(|(action, _)| Some(*action) == id) {
            making.put(direction, *word);
        }
    }
}
