//! Lists that are read page by page, newest first, by key and not by number.

use std::{fmt, str::FromStr};

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::{Deserialize, Serialize};

use super::text::serde_as_text;

/// One page of a list.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "service", derive(utoipa::ToSchema))]
pub struct Page<T> {
    /// The entries.
    pub data: Vec<T>,
    /// Where the next page starts; null on the last one.
    pub next: Option<Cursor>,
}

impl<T> Page<T> {
    /// A page that is the whole list.
    pub fn whole(data: Vec<T>) -> Self {
        Page { data, next: None }
    }

    /// The same page with other entries.
    pub fn map<U>(self, change: impl FnMut(T) -> U) -> Page<U> {
        Page { data: self.data.into_iter().map(change).collect(), next: self.next }
    }
}

/// Where a page starts: behind the entry with this key. Opaque to callers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cursor {
    /// The number the service gave the entry.
    pub after: i64,
    /// What the list is sorted by, where that is not the number.
    pub key: String,
}

impl Cursor {
    /// Behind the entry that the service numbered `after`.
    pub fn after(after: i64) -> Self {
        Cursor { after, key: String::new() }
    }
}

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&URL_SAFE_NO_PAD.encode(format!("{}:{}", self.after, self.key)))
    }
}

/// A text that is no cursor of ours.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the cursor cannot be read; take it from `next` of the page before")]
pub struct NotACursor;

impl FromStr for Cursor {
    type Err = NotACursor;

    fn from_str(text: &str) -> Result<Self, NotACursor> {
        let bytes = URL_SAFE_NO_PAD.decode(text).map_err(|_| NotACursor)?;
        let plain = String::from_utf8(bytes).map_err(|_| NotACursor)?;
        let (after, key) = plain.split_once(':').ok_or(NotACursor)?;
        Ok(Cursor { after: after.parse().map_err(|_| NotACursor)?, key: key.to_owned() })
    }
}

serde_as_text!(Cursor);

/// How many entries a page has: 1 to 250, 50 when nothing is said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limit(u16);

impl Limit {
    /// The most entries a page can have.
    pub const MOST: u16 = 250;

    /// As many as asked for, if that is from 1 to 250.
    pub fn new(limit: u64) -> Option<Self> {
        u16::try_from(limit).ok().filter(|limit| (1..=Self::MOST).contains(limit)).map(Limit)
    }

    /// The number of entries.
    pub fn get(self) -> usize {
        usize::from(self.0)
    }
}

impl Default for Limit {
    fn default() -> Self {
        Limit(50)
    }
}

/// Which page of a list is wanted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PageRequest {
    /// How many entries at most.
    pub limit: Limit,
    /// Behind which entry it starts; at the newest when absent.
    pub cursor: Option<Cursor>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cursors_are_read_back_and_others_refused() {
        let cursor = Cursor { after: -7, key: "Büro: 1".to_owned() };
        assert_eq!(cursor.to_string().parse(), Ok(cursor));
        for wrong in ["", "7", "!!", "YWJj"] {
            assert_eq!(wrong.parse::<Cursor>(), Err(NotACursor), "{wrong}");
        }
    }

    #[test]
    fn limits_have_bounds() {
        assert_eq!(Limit::new(0), None);
        assert_eq!(Limit::new(251), None);
        assert_eq!(Limit::new(250).map(Limit::get), Some(250));
        assert_eq!(Limit::default().get(), 50);
    }
}
