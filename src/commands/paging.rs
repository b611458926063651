//! How much of a list is shown, and how it is fetched page by page.

use crate::{
    api::ApiError,
    domain::page::{Cursor, Limit, Page},
    error::CliError,
    render::{Listing, Record},
};

use super::Context;

/// How many entries a list shows when nothing is said.
const DEFAULT_LIMIT: u64 = 50;

/// How much of a list to show.
#[derive(Debug, Clone, Copy, Default, clap::Args)]
pub struct Amount {
    /// Show at most so many, newest first (default 50)
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    limit: Option<u64>,
    /// Show all of them
    #[arg(long, conflicts_with = "limit")]
    all: bool,
}

impl Amount {
    fn most(self) -> u64 {
        if self.all { u64::MAX } else { self.limit.unwrap_or(DEFAULT_LIMIT) }
    }
}

/// Shows a list page by page as it is fetched; `seen` is given each page. Gives the number of entries shown.
///
/// # Errors
/// When a page cannot be fetched or shown.
pub async fn show<T: Record>(
    context: &Context,
    amount: Amount,
    mut listing: Listing<'_, T>,
    mut fetch: impl AsyncFnMut(u64, Option<Cursor>) -> Result<Page<T>, ApiError>,
    mut seen: impl FnMut(&[T]),
) -> Result<usize, CliError> {
    let mut left = amount.most();
    let mut cursor = None;
    loop {
        let page = fetch(left.min(Limit::MOST.into()), cursor).await?;
        listing.page(&page.data)?;
        seen(&page.data);
        left = left.saturating_sub(page.data.len() as u64);
        cursor = page.next;
        if left == 0 || cursor.is_none() {
            break;
        }
    }
    let count = listing.count;
    let more = cursor.map(|cursor| cursor.to_string());
    listing.end(more.as_deref())?;
    if more.is_some() {
        context.term.aside("There are more: --limit N or --all shows them.");
    }
    Ok(count)
}
