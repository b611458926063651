//! Goes through events page by page where the service looks at their data: a search for a person, or an export. It
//! tells how far it came, whatever ends it.

use std::sync::atomic::Ordering;

use crate::{
    api::{Client, MOST_PAGES, Trail},
    commands::{Context, paging},
    domain::{
        event_page::{EventPage, LookedAt},
        page::{Cursor, Limit},
        query::EventQuery,
        record::Event,
        text::thousands,
    },
    error::{CliError, Kind},
    render::{Hidden, Listing},
    term::{Spinner, signals},
};

/// What a scan does.
#[derive(Clone, Copy)]
pub(super) struct Scan<'a> {
    pub client: &'a Client,
    pub query: &'a EventQuery,
    /// The largest number of events to show.
    pub most: u64,
    /// Whether events are shown as they arrive.
    pub streams: bool,
}

/// What a scan has shown.
pub(super) struct Scanned {
    pub count: usize,
    pub looked_at: LookedAt,
    /// The start of what was not looked at.
    next: Option<Cursor>,
    /// Why it ended before its end.
    stopped: Option<CliError>,
    hidden: Hidden,
}

impl Scan<'_> {
    /// Shows the events of all pages, up to the limit. What was shown stays shown when a signal or a failure ends it.
    ///
    /// # Errors
    /// Fails if the first page cannot be fetched, or an event cannot be shown.
    pub async fn run(self, context: &Context, mut listing: Listing<'_, Event>) -> Result<Scanned, CliError> {
        context.ends_itself.store(true, Ordering::SeqCst);
        let spinner = self.spinner(context);
        let mut trail = Trail::of(MOST_PAGES);
        let (mut looked_at, mut next) = (LookedAt::default(), self.query.cursor.clone());
        let stopped = loop {
            let page = match self.page(next.clone(), listing.count).await {
                Ok(page) => page,
                // Nothing was shown, so there is nothing to go on with.
                Err(error) if looked_at.events == 0 => return Err(error),
                Err(error) => break Some(error),
            };
            listing.page(&page.data)?;
            let looked_at_now = page.looked_at.unwrap_or_default();
            looked_at = looked_at.and(looked_at_now);
            next = page.next;
            // Pages are only fetched for a reader: without one, the scan ends.
            let Some(cursor) = next.as_ref().filter(|_| context.term.is_read()) else { break None };
            if listing.count as u64 >= self.most {
                break None;
            }
            // A page that has looked at something is a step, also one without events.
            let steps = usize::from(looked_at_now.events > 0);
            if let Err(why) = trail.follow(1, steps, &cursor.to_string()) {
                return Err(paging::never_ends("the list of events", why));
            }
            if let Some(spinner) = &spinner {
                spinner.say(&format!("Looked at {} events, {} found", thousands(looked_at.events), listing.count));
            }
        };
        drop(spinner);
        let count = listing.count;
        if self.query.user.is_some() {
            listing.beside("lookedAt", &looked_at)?;
        }
        let hidden = listing.end(next.as_ref().map(Cursor::to_string).as_deref())?;
        Ok(Scanned { count, looked_at, next, stopped, hidden })
    }

    async fn page(self, cursor: Option<Cursor>, shown: usize) -> Result<EventPage, CliError> {
        let limit = self.most.saturating_sub(shown as u64).min(Limit::MOST.into());
        let query = EventQuery { limit: Some(limit), cursor, ..self.query.clone() };
        tokio::select! {
            biased;
            _ = signals::ending() => Err(CliError::new(Kind::Interrupted, "interrupted")),
            page = self.client.events(&query) => Ok(page?),
        }
    }

    /// A spinner, where it cannot get between the lines of the output.
    fn spinner(self, context: &Context) -> Option<Spinner> {
        let prints_to_terminal = context.term.terminals().stdout && self.streams;
        (!prints_to_terminal).then(|| context.term.spinner("Looking"))
    }
}

impl Scanned {
    /// Tells on stderr how much was looked at, and how to go on where it ended early.
    ///
    /// # Errors
    /// Fails with what ended the scan.
    pub fn tell(self, query: &EventQuery, context: &Context) -> Result<(), CliError> {
        self.hidden.print_alone(&context.term);
        if !context.term.is_read() {
            return Ok(());
        }
        context.term.notice(&in_words(&self.looked_at));
        let since = match query.since {
            Some(since) => format!(" and --since {since}"),
            None => String::new(),
        };
        let go_on = self.next.map(|next| format!("the same command with --cursor {next}{since} goes on there"));
        match (self.stopped, go_on) {
            (Some(stopped), Some(go_on)) => Err(stopped.hint(format!("older events were not looked at: {go_on}"))),
            (Some(stopped), None) => Err(stopped),
            (None, Some(go_on)) => {
                context
                    .term
                    .notice(&format!("Older events were not looked at: --all looks at all of them, and {go_on}"));
                Ok(())
            }
            (None, None) => Ok(()),
        }
    }
}

/// Says how much was looked at, and of how many events the data could not be.
fn in_words(looked_at: &LookedAt) -> String {
    let LookedAt { events, without_data, damaged, from, until } = *looked_at;
    let (Some(from), Some(until)) = (from, until) else { return "There was no event to look at.".to_owned() };
    let of = |number: u64| if number == 1 { "event" } else { "events" };
    let mut text = format!("Looked at {} {} from {from} to {until}", thousands(events), of(events));
    if without_data > 0 {
        text.push_str(&format!("; the data of {} is no longer kept", thousands(without_data)));
    }
    if damaged > 0 {
        text.push_str(&format!("; the data of {} cannot be read, as the database is damaged", thousands(damaged)));
    }
    text + "."
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::time::Timestamp;

    #[test]
    fn what_could_not_be_read_is_told() {
        let one = LookedAt::one(Timestamp::from_seconds(0));
        let all = LookedAt { events: 12_345, without_data: 321, damaged: 1, ..one };
        let times = "from 1970-01-01T00:00:00.000Z to 1970-01-01T00:00:00.000Z";
        assert_eq!(in_words(&one), format!("Looked at 1 event {times}."));
        assert_eq!(
            in_words(&all),
            format!(
                "Looked at 12,345 events {times}; the data of 321 is no longer kept; the data of 1 cannot be read, as \
                 the database is damaged."
            )
        );
        assert_eq!(in_words(&LookedAt::default()), "There was no event to look at.");
    }
}
