//! Filters and sorts the list of webhooks, and finds where its next page begins.

use std::cmp::Ordering;

use super::webhook::StoredWebhook;
use crate::domain::{
    page::Cursor,
    query::{WebhookQuery, WebhookSort},
    webhook::WebhookStatus,
};

/// A webhook's position in a list: by its key, then by its number, newest first.
#[derive(Debug, Clone, PartialEq)]
pub struct ListPosition {
    pub key: SortKey,
    pub number: i64,
}

/// The value that a list is sorted by.
#[derive(Debug, Clone, PartialEq)]
pub enum SortKey {
    Created,
    Name(String),
    /// A webhook without a rate comes last.
    ErrorRate(Option<f64>),
}

/// Whether a webhook passes the filters of a query.
pub fn passes(query: &WebhookQuery, webhook: &StoredWebhook) -> bool {
    let WebhookQuery { event, enabled, failing, search, name, id_prefix, sort: _, limit: _, cursor: _ } = query;
    let search = search.as_ref().map(|text| text.to_lowercase());
    let has = |text: &String| webhook.name.to_lowercase().contains(text) || webhook.url.to_lowercase().contains(text);
    event.is_none_or(|event| webhook.events.iter().any(|filter| filter.matches(event)))
        && enabled.is_none_or(|enabled| webhook.enabled == enabled)
        && failing.is_none_or(|failing| (webhook.status() == WebhookStatus::Failing) == failing)
        && search.as_ref().is_none_or(has)
        && name.as_ref().is_none_or(|name| *name == webhook.name)
        && id_prefix.as_ref().is_none_or(|prefix| webhook.id.to_string().starts_with(prefix))
}

impl ListPosition {
    /// The order of two positions.
    pub fn order(&self, other: &ListPosition) -> Ordering {
        let by_key = match (&self.key, &other.key) {
            (SortKey::Name(one), SortKey::Name(other)) => {
                one.to_lowercase().cmp(&other.to_lowercase()).then(one.cmp(other))
            }
            (SortKey::ErrorRate(one), SortKey::ErrorRate(other)) => {
                other.unwrap_or(-1.0).total_cmp(&one.unwrap_or(-1.0))
            }
            _ => Ordering::Equal,
        };
        by_key.then(other.number.cmp(&self.number))
    }

    /// The cursor of the page after this position.
    pub fn cursor(&self) -> Cursor {
        let key = match &self.key {
            SortKey::Created => String::new(),
            SortKey::Name(name) => name.clone(),
            SortKey::ErrorRate(rate) => rate.map(|rate| rate.to_string()).unwrap_or_default(),
        };
        Cursor { after: self.number, key }
    }

    /// The position that a cursor of a list sorted by `sort` stands for.
    pub fn of(sort: WebhookSort, cursor: &Cursor) -> ListPosition {
        let key = match sort {
            WebhookSort::Created => SortKey::Created,
            WebhookSort::Name => SortKey::Name(cursor.key.clone()),
            WebhookSort::ErrorRate => SortKey::ErrorRate(cursor.key.parse().ok()),
        };
        ListPosition { key, number: cursor.after }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sorted(keys: Vec<SortKey>) -> Vec<ListPosition> {
        let mut places: Vec<ListPosition> =
            keys.into_iter().zip(1..).map(|(key, number)| ListPosition { key, number }).collect();
        places.sort_by(ListPosition::order);
        places
    }

    #[test]
    fn a_cursor_is_the_place_it_was_made_of() {
        let names = ["b", "B", "a", "\u{e9}t\u{e9}"].map(|name| SortKey::Name(name.to_owned()));
        let rates = [Some(0.1), None, Some(1.0), Some(0.30000000000000004), Some(0.1)].map(SortKey::ErrorRate);
        for (sort, keys) in [
            (WebhookSort::Created, vec![SortKey::Created, SortKey::Created]),
            (WebhookSort::Name, names.to_vec()),
            (WebhookSort::ErrorRate, rates.to_vec()),
        ] {
            let places = sorted(keys);
            for (at, place) in places.iter().enumerate() {
                let again = ListPosition::of(sort, &place.cursor());
                assert_eq!(again, *place);
                let behind = places.iter().filter(|other| other.order(&again) == Ordering::Greater).count();
                assert_eq!(behind, places.len() - at - 1, "{place:?}");
            }
        }
    }

    #[test]
    fn names_rise_in_any_case_rates_fall_and_the_newest_comes_first() {
        let numbers = |keys: Vec<SortKey>| sorted(keys).iter().map(|place| place.number).collect::<Vec<_>>();
        assert_eq!(numbers(vec![SortKey::Created, SortKey::Created, SortKey::Created]), [3, 2, 1]);
        assert_eq!(numbers(["b", "A", "a", "C"].map(|name| SortKey::Name(name.to_owned())).to_vec()), [2, 3, 1, 4]);
        assert_eq!(numbers([None, Some(0.0), Some(1.0), Some(0.0)].map(SortKey::ErrorRate).to_vec()), [3, 4, 2, 1]);
    }
}
