//! Fetches lists page by page and decides how much is shown.
//!
//! A part of a list is always marked as one. Webhooks and tokens are bounded sets of some thousands, and are listed
//! whole except in a person's table. Histories are unbounded and stop at a limit: stderr says so, and JSON has the
//! cursor of the next page. A person's table always stops at a limit, and shows the size of a bounded set.

use futures_util::stream::{self, StreamExt, TryStreamExt};

use crate::{
    api::{CallError, Endless, MOST_PAGES, Trail},
    domain::page::{Cursor, Limit, Page},
    error::{CliError, Kind},
    render::{
        Hidden, Listing, Record,
        words::{count, plural},
    },
};

use super::Context;

/// The default limit of lists.
const DEFAULT_LIMIT: u64 = 50;

/// The note for a history: a cursor may lead to pages on which the filters pass nothing.
const MORE_OF_A_HISTORY: &str = "and there may be more: --limit N or --all shows them";

/// The largest number of pages of a bounded set: a hundred thousand entries.
const MOST_PAGES_OF_A_SET: usize = 400;

/// The largest number of pages for an output that needs everything before it writes: a million entries, some gigabytes.
pub(super) const MOST_PAGES_IN_MEMORY: usize = 4_000;

/// How much of a history to show.
#[derive(Debug, Clone, Copy, Default, clap::Args)]
pub struct Amount {
    /// Show at most N, newest first (default 50)
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    limit: Option<u64>,
    /// Show all of them
    #[arg(long, conflicts_with = "limit")]
    all: bool,
}

impl Amount {
    /// Returns the largest number of entries of an output that is whole unless it has a limit.
    pub(super) fn or_all(self) -> u64 {
        self.limit.unwrap_or(u64::MAX)
    }

    /// Limits a history of `noun`s.
    pub fn of_history(self, noun: &'static str) -> Wanted {
        Wanted { limit: self.limit, all: self.all, bounded: false, noun }
    }
}

/// How much of a bounded set to show.
#[derive(Debug, Clone, Copy, Default, clap::Args)]
pub struct AmountOfSet {
    /// Show at most N (default: 50 in a terminal's table, all elsewhere)
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    limit: Option<u64>,
    /// Show all of them
    #[arg(long, conflicts_with = "limit")]
    all: bool,
}

impl AmountOfSet {
    /// Limits a bounded set of `noun`s.
    pub fn of_set(self, noun: &'static str) -> Wanted {
        Wanted { limit: self.limit, all: self.all, bounded: true, noun }
    }
}

/// The requested part of a list.
#[derive(Debug, Clone, Copy)]
pub struct Wanted {
    limit: Option<u64>,
    all: bool,
    bounded: bool,
    noun: &'static str,
}

impl Wanted {
    /// Returns the largest number of entries to show.
    pub(super) fn most(self, for_people: bool) -> u64 {
        match self.limit {
            Some(limit) => limit,
            None if self.all || (self.bounded && !for_people) => u64::MAX,
            None => DEFAULT_LIMIT,
        }
    }

    /// Writes the note for a partial list: beside a program's, or below a person's history.
    fn that_there_is_more(self, shown: usize) -> String {
        let how = if self.bounded { "and there are more: --all shows all of them" } else { MORE_OF_A_HISTORY };
        format!("{} shown, {how}", count(shown, self.noun))
    }

    /// Returns the largest number of pages, for outputs that write rows as they arrive or only at the end.
    fn most_pages(self, streams: bool) -> usize {
        match (self.bounded, streams) {
            (true, _) => MOST_PAGES_OF_A_SET,
            (false, true) => MOST_PAGES,
            (false, false) => MOST_PAGES_IN_MEMORY,
        }
    }
}

/// The shown part of a list.
#[derive(Debug, Default)]
pub struct Shown {
    /// The number of shown entries.
    pub count: usize,
    /// The number of fetched entries: for a person, all of a bounded set.
    pub total: usize,
    /// The note for a person that a history may continue.
    pub more: Option<String>,
    /// The columns that did not fit, listed below everything else.
    pub hidden: Hidden,
}

impl Shown {
    /// Describes the part: `299 webhooks`, or `50 of 299 webhooks`.
    pub fn in_words(&self, noun: &str) -> String {
        let all = count(self.total, noun);
        if self.is_whole() { all } else { format!("{} of {all}", self.count) }
    }

    /// Prints below a table what was left out, and the next step.
    pub fn print_notes(&self, next_step: Option<&str>, context: &Context) {
        let lines: Vec<&str> = self.more.as_deref().into_iter().chain(next_step).collect();
        if self.count == 0 || lines.is_empty() {
            return self.hidden.print_alone(&context.term);
        }
        context.term.terminal_note("");
        lines.into_iter().for_each(|line| context.term.terminal_note(line));
        self.hidden.print(&context.term);
    }

    /// Whether nothing was left out.
    pub fn is_whole(&self) -> bool {
        self.count == self.total
    }
}

/// Shows a list page by page as it is fetched; `seen` gets each page.
///
/// # Errors
/// Fails if a page cannot be fetched or shown, or the list does not end.
pub async fn show<T: Record>(
    context: &Context,
    wanted: Wanted,
    mut listing: Listing<'_, T>,
    mut fetch: impl AsyncFnMut(u64, Option<Cursor>) -> Result<Page<T>, CallError>,
    mut seen: impl FnMut(&[T]),
) -> Result<Shown, CliError> {
    let for_people = context.view.is_for_people();
    // A person sees the total.
    let counts = wanted.bounded && for_people;
    let most = wanted.most(for_people);
    let mut trail = Trail::of(wanted.most_pages(context.view.streams()));
    let (mut total, mut cursor) = (0, None);
    loop {
        let left = most.saturating_sub(listing.count as u64);
        let asked = if counts { u64::from(Limit::MOST) } else { left.min(Limit::MOST.into()) };
        let page = fetch(asked, cursor).await?;
        let fits = usize::try_from(left).unwrap_or(usize::MAX).min(page.data.len());
        listing.page(&page.data[..fits])?;
        seen(&page.data);
        total += page.data.len();
        cursor = page.next;
        let wants_more = counts || (listing.count as u64) < most;
        // Pages are only fetched for a reader: without one, the list stops.
        if wants_more && !context.term.is_read() {
            cursor = None;
        }
        let Some(next) = cursor.as_ref().filter(|_| wants_more) else { break };
        trail
            .follow(asked, page.data.len(), &next.to_string())
            .map_err(|why| never_ends(&list_of(wanted.noun), why))?;
    }
    let (count, next) = (listing.count, cursor.map(|cursor| cursor.to_string()));
    let hidden = listing.end(next.as_deref())?;
    let more = next.map(|_| wanted.that_there_is_more(count));
    if let Some(more) = more.as_ref().filter(|_| !for_people) {
        context.term.notice(more);
    }
    Ok(Shown { count, total, more, hidden })
}

/// Fetches a whole bounded set of `noun`s; `fetch` requests the largest pages.
///
/// # Errors
/// Fails if a page cannot be fetched or the list does not end.
pub async fn whole<T>(
    noun: &str,
    mut fetch: impl AsyncFnMut(u64, Option<Cursor>) -> Result<Page<T>, CallError>,
) -> Result<Vec<T>, CliError> {
    let asked = u64::from(Limit::MOST);
    let mut trail = Trail::of(MOST_PAGES_OF_A_SET);
    let (mut all, mut cursor) = (Vec::new(), None);
    loop {
        let page = fetch(asked, cursor).await?;
        let got = page.data.len();
        all.extend(page.data);
        let Some(next) = page.next else { return Ok(all) };
        trail.follow(asked, got, &next.to_string()).map_err(|why| never_ends(&list_of(noun), why))?;
        cursor = Some(next);
    }
}

/// The number of entries that are fetched in parallel.
const AT_ONCE: usize = 8;

/// Fetches each entry of a page in full. A deleted one stays as it was listed.
///
/// # Errors
/// Fails if one cannot be fetched.
pub async fn each_whole<T>(
    page: Page<T>,
    fetch: impl AsyncFn(&T) -> Result<T, CallError>,
) -> Result<Page<T>, CallError> {
    let whole = |listed: T| {
        let fetch = &fetch;
        async move {
            match fetch(&listed).await {
                Err(error) if error.is_not_found() => Ok(listed),
                fetched => fetched,
            }
        }
    };
    let data = stream::iter(page.data).map(whole).buffered(AT_ONCE).try_collect().await?;
    Ok(Page { data, next: page.next })
}

fn list_of(noun: &str) -> String {
    format!("the list of {}", plural(noun))
}

/// Makes the error for a list that does not end.
pub(super) fn never_ends(what: &str, why: Endless) -> CliError {
    let hint = match why {
        Endless::Circle | Endless::Short | Endless::Long(MOST_PAGES_OF_A_SET) => {
            "what answers is no tm-hooks service, or one that is broken: tm-hooks doctor"
        }
        Endless::Long(MOST_PAGES_IN_MEMORY) => "-o ndjson writes it as it comes in, and --limit N a part of it",
        Endless::Long(_) => "ask for a part of it: --limit N, or a shorter window",
    };
    CliError::new(Kind::NotThisService, format!("{what} does not end: {why}")).code("endless_list").hint(hint)
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: u64 = u64::MAX;

    #[test]
    fn sets_are_whole_unless_a_person_reads_a_table() {
        for (limit, all, set_for_people, set, history) in
            [(None, false, 50, ALL, 50), (None, true, ALL, ALL, ALL), (Some(7), false, 7, 7, 7)]
        {
            let of_set = AmountOfSet { limit, all }.of_set("webhook");
            let of_history = Amount { limit, all }.of_history("attempt");
            assert_eq!((of_set.most(true), of_set.most(false)), (set_for_people, set));
            assert_eq!((of_history.most(true), of_history.most(false)), (history, history));
        }
    }

    #[test]
    fn a_part_says_of_how_many() {
        assert_eq!(Shown { count: 50, total: 299, ..Shown::default() }.in_words("webhook"), "50 of 299 webhooks");
        assert_eq!(Shown { count: 1, total: 1, ..Shown::default() }.in_words("webhook"), "1 webhook");
    }
}
