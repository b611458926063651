//! Reads pages of webhooks. There are some thousands at most, so they are filtered and sorted in memory; only for those
//! on the page the costly counts, of the last 24 h and of waiting deliveries, are read.

use std::cmp::Ordering;

use rusqlite::{Connection, params};

use super::row::{read, select_webhooks, show_counted};
use crate::{
    domain::{
        page::{Page, PageRequest},
        query::{WebhookQuery, WebhookSort},
        stats::error_rate,
        time::Timestamp,
        webhook::Webhook,
    },
    service::store::{
        Result,
        rules::{
            list::{self, ListPosition, SortKey},
            webhook::StoredWebhook,
        },
        sqlite::{
            connection::{encryption::Seals, rows},
            counts::rollups::{self, Counts},
        },
    },
};

/// Reads a page of webhooks.
pub fn page(
    connection: &Connection,
    seals: &Seals,
    query: &WebhookQuery,
    page: &PageRequest,
    now: Timestamp,
) -> Result<Page<Webhook>> {
    let sort = query.sort.unwrap_or(WebhookSort::Created);
    let mut found: Vec<(ListPosition, StoredWebhook)> = Vec::new();
    for row in matching(connection, seals, query)? {
        found.push((position(connection, sort, &row, now)?, row));
    }
    if let Some(cursor) = &page.cursor {
        let after = ListPosition::of(sort, cursor);
        found.retain(|(position, _)| position.order(&after) == Ordering::Greater);
    }
    found.sort_by(|(one, _), (other, _)| one.order(other));
    let more = found.len() > page.limit.get();
    found.truncate(page.limit.get());
    let next = found.last().filter(|_| more).map(|(position, _)| position.cursor());
    let data = found.into_iter().map(|(_, row)| show_counted(connection, row, now)).collect::<Result<_>>()?;
    Ok(Page { data, next })
}

fn matching(connection: &Connection, seals: &Seals, query: &WebhookQuery) -> Result<Vec<StoredWebhook>> {
    let sql = select_webhooks!("AND (?1 IS NULL OR w.name = ?1) AND (?2 IS NULL OR w.enabled = ?2)");
    let mut rows = rows::all(connection, sql, params![query.name, query.enabled], |row| read(row, seals))?;
    rows.retain(|row| list::passes(query, row));
    Ok(rows)
}

fn position(connection: &Connection, sort: WebhookSort, row: &StoredWebhook, now: Timestamp) -> Result<ListPosition> {
    let key = match sort {
        WebhookSort::Created => SortKey::Created,
        WebhookSort::Name => SortKey::Name(row.name.clone()),
        WebhookSort::ErrorRate => {
            let Counts { attempts, failed } = rollups::counts_in_24_h(connection, row.number, now)?;
            SortKey::ErrorRate(error_rate(failed, attempts))
        }
    };
    Ok(ListPosition { key, number: row.number })
}
