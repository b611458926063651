//! Caches the bodies of the newest deliveries, so that a body that was just accepted or claimed is not unpacked again.

use std::{
    cell::RefCell,
    collections::{HashMap, VecDeque},
};

use crate::service::store::{Body, sqlite::connection::rows};

/// The most cached bodies: one for each delivery under way and one for each that is about to be. Long bodies are not
/// cached.
const MOST: usize = 1024;

/// A body's key: its event's number and its row's number; none for the event's own body.
type BodyKey = (i64, Option<i64>);

/// Recently stored or claimed bodies. A cached body may have been rolled back, so it is used only if its row has the
/// same bytes.
#[derive(Default)]
pub struct Recent(RefCell<Remembered>);

#[derive(Default)]
struct Remembered {
    bodies: HashMap<BodyKey, Body>,
    oldest_first: VecDeque<BodyKey>,
}

impl Recent {
    /// Caches a body.
    pub fn note(&self, event: i64, key: Option<i64>, body: &Body) {
        if body.is_short() {
            self.0.borrow_mut().note((event, key), body);
        }
    }

    /// The body of a row, shared with other claims of the same row.
    pub fn of(&self, event: i64, key: Option<i64>, row: Vec<u8>) -> Body {
        let sequence = rows::unsigned(event);
        if let Some(body) = self.0.borrow().bodies.get(&(event, key)).filter(|body| body.is(&row, sequence)) {
            return body.clone();
        }
        let body = Body::kept(row, sequence);
        self.note(event, key, &body);
        body
    }
}

impl Remembered {
    fn note(&mut self, key: BodyKey, body: &Body) {
        if self.bodies.insert(key, body.clone()).is_none() {
            self.oldest_first.push_back(key);
        }
        if self.oldest_first.len() > MOST
            && let Some(oldest) = self.oldest_first.pop_front()
        {
            self.bodies.remove(&oldest);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{domain::payload::Draft, service::store::body::row};

    fn packed(text: &str) -> Vec<u8> {
        row(&Draft::from_parts(text.into(), Some(1)).unwrap())
    }

    #[test]
    fn bodies_of_one_row_share_their_bytes() {
        let recent = Recent::default();
        let bytes = || recent.of(7, None, packed("{}")).bytes().unwrap();
        assert_eq!(bytes(), "{7}");
        assert_eq!(bytes().as_ptr(), bytes().as_ptr());
        let whole = bytes::Bytes::from_static(b"{8}");
        recent.note(8, Some(3), &Body::known(packed("{}"), 8, whole.clone()));
        assert_eq!(recent.of(8, Some(3), packed("{}")).bytes().unwrap().as_ptr(), whole.as_ptr());
    }

    #[test]
    fn what_the_row_does_not_say_is_never_taken() {
        let recent = Recent::default();
        recent.note(7, None, &Body::known(packed("{rolled back}"), 7, "{7rolled back}".into()));
        assert_eq!(recent.of(7, None, packed("{}")).bytes().unwrap(), "{7}");
        assert_eq!(recent.of(7, Some(1), packed("{}")).bytes().unwrap(), "{7}");
        assert_eq!(recent.of(9, None, packed("{}")).bytes().unwrap(), "{9}");
    }

    #[test]
    fn only_so_many_are_remembered_and_only_short_ones() {
        let recent = Recent::default();
        let long: Vec<u8> = (0..40_000_u32).flat_map(|n| n.wrapping_mul(2_654_435_761).to_be_bytes()).collect();
        recent.of(0, None, row(&Draft::from_parts(long, None).unwrap()));
        assert_eq!(recent.0.borrow().bodies.len(), 0);
        for event in 0..3 * MOST as i64 {
            recent.of(event, None, packed("{}"));
            recent.of(event, None, packed("{}"));
        }
        let remembered = recent.0.borrow();
        assert_eq!((remembered.bodies.len(), remembered.oldest_first.len()), (MOST, MOST));
        assert!(remembered.bodies.contains_key(&(3 * MOST as i64 - 1, None)));
    }
}
