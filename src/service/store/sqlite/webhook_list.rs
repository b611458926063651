//! Pages of webhooks. There are some thousands at most, so they are filtered and sorted in memory; what costs, the
//! counts of the last 24 h and of what waits, is read for those that are shown.

use std::cmp::Ordering;

use rusqlite::{Connection, params};

use super::{
    lanes,
    rollups::{self, Counts},
    rows,
    sealing::Seals,
    subscriptions::global_version,
    webhook_row::{WebhookRow, read, select_webhooks, with_counts},
};
use crate::{
    domain::{
        page::{Cursor, Page, PageRequest},
        query::{WebhookQuery, WebhookSort},
        stats::error_rate,
        time::Timestamp,
        webhook::{Webhook, WebhookStatus},
    },
    service::store::Result,
};

/// Where a webhook stands in a list: its key, then its number, the newest first.
#[derive(Debug, Clone, PartialEq)]
struct Place {
    key: Key,
    number: i64,
}

#[derive(Debug, Clone, PartialEq)]
enum Key {
    Created,
    Name(String),
    /// None comes last.
    ErrorRate(Option<f64>),
}

/// A page of webhooks.
pub(super) fn page(
    connection: &Connection,
    seals: &Seals,
    query: &WebhookQuery,
    page: &PageRequest,
    now: Timestamp,
) -> Result<Page<Webhook>> {
    let sort = query.sort.unwrap_or(WebhookSort::Created);
    let mut found: Vec<(Place, WebhookRow)> = Vec::new();
    for row in matching(connection, seals, query)? {
        found.push((place(connection, sort, &row, now)?, row));
    }
    if let Some(cursor) = &page.cursor {
        let after = place_of(sort, cursor);
        found.retain(|(place, _)| order(place, &after) == Ordering::Greater);
    }
    found.sort_by(|(one, _), (other, _)| order(one, other));
    let more = found.len() > page.limit.get();
    found.truncate(page.limit.get());
    let next = found.last().filter(|_| more).map(|(place, _)| cursor_of(place));
    let global = global_version(connection)?;
    let show = |(_, row): (Place, WebhookRow)| {
        let counts = rollups::counts_in_24_h(connection, row.number, now)?;
        let waiting = lanes::waiting(connection, row.number)?;
        Ok(with_counts(row, global, counts, waiting, now))
    };
    Ok(Page { data: found.into_iter().map(show).collect::<Result<_>>()?, next })
}

fn matching(connection: &Connection, seals: &Seals, query: &WebhookQuery) -> Result<Vec<WebhookRow>> {
    let WebhookQuery { event, enabled, failing, search, name, id_prefix, sort: _, limit: _, cursor: _ } = query;
    let search = search.as_ref().map(|text| text.to_lowercase());
    let mut rows = rows::all(
        connection,
        select_webhooks!("AND (?1 IS NULL OR w.name = ?1) AND (?2 IS NULL OR w.enabled = ?2)"),
        params![name, enabled],
        |row| read(row, seals),
    )?;
    rows.retain(|row| {
        let has = |text: &String| row.name.to_lowercase().contains(text) || row.url.to_lowercase().contains(text);
        event.is_none_or(|event| row.events.iter().any(|filter| filter.matches(event)))
            && failing.is_none_or(|failing| (row.status() == WebhookStatus::Failing) == failing)
            && search.as_ref().is_none_or(has)
            && id_prefix.as_ref().is_none_or(|prefix| row.id.to_string().starts_with(prefix))
    });
    Ok(rows)
}

fn place(connection: &Connection, sort: WebhookSort, row: &WebhookRow, now: Timestamp) -> Result<Place> {
    let key = match sort {
        WebhookSort::Created => Key::Created,
        WebhookSort::Name => Key::Name(row.name.clone()),
        WebhookSort::ErrorRate => {
            let Counts { attempts, failed } = rollups::counts_in_24_h(connection, row.number, now)?;
            Key::ErrorRate(error_rate(failed, attempts))
        }
    };
    Ok(Place { key, number: row.number })
}

fn order(one: &Place, other: &Place) -> Ordering {
    let by_key = match (&one.key, &other.key) {
        (Key::Name(one), Key::Name(other)) => one.to_lowercase().cmp(&other.to_lowercase()).then(one.cmp(other)),
        (Key::ErrorRate(one), Key::ErrorRate(other)) => other.unwrap_or(-1.0).total_cmp(&one.unwrap_or(-1.0)),
        _ => Ordering::Equal,
    };
    by_key.then(other.number.cmp(&one.number))
}

fn cursor_of(place: &Place) -> Cursor {
    let key = match &place.key {
        Key::Created => String::new(),
        Key::Name(name) => name.clone(),
        Key::ErrorRate(rate) => rate.map(|rate| rate.to_string()).unwrap_or_default(),
    };
    Cursor { after: place.number, key }
}

fn place_of(sort: WebhookSort, cursor: &Cursor) -> Place {
    let key = match sort {
        WebhookSort::Created => Key::Created,
        WebhookSort::Name => Key::Name(cursor.key.clone()),
        WebhookSort::ErrorRate => Key::ErrorRate(cursor.key.parse().ok()),
    };
    Place { key, number: cursor.after }
}
