//! Interned names: each is stored once until the process ends, so that copies are cheap.

use std::{
    collections::HashSet,
    sync::{PoisonError, RwLock},
};

/// The names that are not part of the program. None is ever freed, so only checked names may be added.
static NAMES: RwLock<Option<HashSet<&'static str>>> = RwLock::new(None);

/// Returns the only copy of this name.
pub(super) fn interned(name: &str) -> &'static str {
    let known = |names: &Option<HashSet<&'static str>>| names.as_ref().and_then(|names| names.get(name).copied());
    if let Some(kept) = known(&NAMES.read().unwrap_or_else(PoisonError::into_inner)) {
        return kept;
    }
    let mut names = NAMES.write().unwrap_or_else(PoisonError::into_inner);
    if let Some(kept) = known(&names) {
        return kept;
    }
    let kept: &'static str = Box::leak(name.into());
    names.get_or_insert_default().insert(kept);
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_kept_once() {
        let threads: Vec<_> =
            (0..8).map(|_| std::thread::spawn(|| interned("planning.kept.once").as_ptr() as usize)).collect();
        let kept: HashSet<_> = threads.into_iter().map(|thread| thread.join().unwrap()).collect();
        assert_eq!(kept.len(), 1);
        assert_ne!(interned("planning.kept.twice").as_ptr() as usize, kept.into_iter().next().unwrap());
    }
}
