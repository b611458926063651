//! Pagination of lists, newest first, by key instead of by page number.

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
    /// The cursor of the next page; null on the last one.
    pub next: Option<Cursor>,
}

impl<T> Page<T> {
    /// Makes a page of the whole list.
    pub fn whole(data: Vec<T>) -> Self {
        Page { data, next: None }
    }

    /// Replaces the entries of a page.
    pub fn map<U>(self, change: impl FnMut(T) -> U) -> Page<U> {
        Page { data: self.data.into_iter().map(change).collect(), next: self.next }
    }
}

/// The start of a page: after the entry with this key. Callers must not interpret it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cursor {
    /// The number of the entry.
    pub after: i64,
    /// The sort key of the entry, if the list is not sorted by number.
    pub key: String,
}

impl Cursor {
    /// Makes a cursor after the entry with this number.
    pub fn after(after: i64) -> Self {
        Cursor { after, key: String::new() }
    }
}

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&URL_SAFE_NO_PAD.encode(format!("{}:{}", self.after, self.key)))
    }
}

/// The text is not a cursor of this service.
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

/// The size of a page: 1 to 250 entries, 50 by default.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limit(u16);

impl Limit {
    /// The largest size of a page.
    pub const MOST: u16 = 250;

    /// Accepts a size from 1 to 250.
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

/// The requested page of a list.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PageRequest {
    /// The largest number of entries.
    pub limit: Limit,
    /// The entry after which the page starts; without it, the page starts at the newest.
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
