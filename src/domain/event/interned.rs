//! Names that are kept once each for as long as the process lives, so that they are cheap to copy and to compare.

use std::{
    collections::HashSet,
    sync::{PoisonError, RwLock},
};

/// Those that are not known from the start. Each costs its bytes for good, so only checked names come here.
static NAMES: RwLock<Option<HashSet<&'static str>>> = RwLock::new(None);

/// The one copy of this name.
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
