//! The widths to which columns may be cut.

use crate::render::Flex;

/// How far names are cut.
pub(super) const NAME: Flex = Flex { least: 14, ease: 22, most: 28, wraps: false };
/// How far types of events, and filters of them, are cut.
pub(super) const EVENTS: Flex = Flex { least: 14, ease: 20, most: 40, wraps: false };
/// How far answers, and lists of names, are cut.
pub(super) const ANSWER: Flex = Flex { least: 16, ease: 24, most: 40, wraps: false };
/// How far answers are cut that are mostly the number of a status.
pub(super) const BRIEF_ANSWER: Flex = Flex { least: 6, ease: 12, most: 24, wraps: false };
/// How far sentences are narrowed.
pub(super) const SENTENCE: Flex = Flex { least: 20, ease: 40, most: 80, wraps: true };
/// How far URLs are cut.
pub(super) const URL: Flex = Flex { least: 16, ease: 28, most: 60, wraps: false };
