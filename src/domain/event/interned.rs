//! Interned names: each is stored once until the process ends, so that copies are cheap.

use std::{
    collections::HashSet,
    sync::{PoisonError, RwLock},
};

/// The names that are not part of the program. None is ever freed, so only checked names may be added.
static NAMES: RwLock<Option<HashSet<&'static str>>> = RwLock::new(None);

/// The most names. They are never freed, and come from outside.
pub(super) const MOST_NAMES: usize = 10_000;

/// Returns the only copy of this name; none if there are too many names.
pub(super) fn interned(name: &str) -> Option<&'static str> {
    let known = |names: &Option<HashSet<&'static str>>| names.as_ref().and_then(|names| names.get(name).copied());
    if let Some(kept) = known(&NAMES.read().unwrap_or_else(PoisonError::into_inner)) {
        return Some(kept);
    }
    let mut names = NAMES.write().unwrap_or_else(PoisonError::into_inner);
    if let Some(kept) = known(&names) {
        return Some(kept);
    }
    if names.as_ref().is_some_and(|names| names.len() >= MOST_NAMES) {
        return None;
    }
    let kept: &'static str = Box::leak(name.into());
    names.get_or_insert_default().insert(kept);
    Some(kept)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_kept_once() {
        let threads: Vec<_> =
            (0..8).map(|_| std::thread::spawn(|| interned("planning.kept.once").unwrap().as_ptr() as usize)).collect();
        let kept: HashSet<_> = threads.into_iter().map(|thread| thread.join().unwrap()).collect();
        assert_eq!(kept.len(), 1);
        assert_ne!(interned("planning.kept.twice").unwrap().as_ptr() as usize, kept.into_iter().next().unwrap());
    }
}
