//! `tm-hooks list` lists the webhooks and their states.

use std::collections::BTreeMap;

use crate::{
    domain::{
        event::EventType,
        ids::WebhookId,
        query::{WebhookQuery, WebhookSort},
        time::Timestamp,
        webhook::Webhook,
    },
    error::CliError,
    render::{
        Listing,
        columns::{State, worst_first},
        words::{self, count},
    },
    term::{Sign, Tone},
};

use super::{
    Context,
    connect::Connection,
    paging::{self, AmountOfSet, Shown},
    unknown_type::UnknownType,
};

/// List webhooks, their addresses and error rates
///
/// It says which events each webhook receives, and in which version. The error rate covers the last 24 hours; tests are
/// left out. A webhook is "failing" when its newest attempt failed. The service disables a webhook after five days
/// without a success; from half of that time on the list says so. On a terminal those in trouble come first, unless
/// --sort says otherwise.
#[derive(Debug, clap::Args)]
#[command(
    visible_alias = "ls",
    after_help = "Examples:
  tm-hooks list
  tm-hooks list --failing
  tm-hooks list --event attendance.inserted --sort error-rate
  tm-hooks list --json=id,name,errorRate
  tm-hooks list --disabled -o id | xargs tm-hooks enable"
)]
pub struct Args {
    /// Only webhooks that receive this type of event
    #[arg(long, value_name = "TYPE")]
    event: Option<EventType>,
    #[command(flatten)]
    unknown: UnknownType,
    /// Only webhooks that are enabled
    #[arg(long, conflicts_with = "disabled")]
    enabled: bool,
    /// Only webhooks that are disabled
    #[arg(long)]
    disabled: bool,
    /// Only webhooks whose newest attempt failed
    #[arg(long)]
    failing: bool,
    /// Only webhooks whose name or URL contains this
    #[arg(long, value_name = "TEXT")]
    search: Option<String>,
    /// The order: created (newest first), name, or error-rate (highest first); on a terminal trouble comes first
    #[arg(long, value_name = "ORDER")]
    sort: Option<WebhookSort>,
    #[command(flatten)]
    amount: AmountOfSet,
    /// Also show the secrets in URLs on a terminal: `?token=…`
    #[arg(long)]
    pub(super) reveal: bool,
}

impl Args {
    fn query(&self) -> WebhookQuery {
        let Args { event, enabled, disabled, failing, search, sort, amount: _, reveal: _, unknown: _ } = self;
        WebhookQuery {
            event: *event,
            enabled: (*enabled || *disabled).then_some(*enabled),
            failing: failing.then_some(true),
            search: search.clone(),
            sort: *sort,
            ..WebhookQuery::default()
        }
    }
}

pub(super) async fn run(args: &Args, context: &Context) -> Result<(), CliError> {
    let listing = Listing::new(&context.term, &context.view)?;
    let connection = context.connect()?;
    args.unknown.check(args.event, &connection.client).await?;
    let mut summary = ListSummary::default();
    let query = args.query();
    let fetch = async |limit, cursor| {
        connection.client.webhooks(&WebhookQuery { limit: Some(limit), cursor, ..query.clone() }).await
    };
    let wanted = args.amount.of_set("webhook");
    let shown = if context.view.is_for_people() {
        let mut all = paging::whole("webhook", fetch).await?;
        if args.sort.is_none() {
            worst_first(&mut all);
        }
        summary.count(&all, context.now());
        show_first(&all, wanted.most(true), listing)?
    } else {
        paging::show(context, wanted, listing, fetch, |page| summary.count(page, context.now())).await?
    };
    if shown.count == 0 {
        context.term.note(if query == WebhookQuery::default() {
            "No webhooks yet. Add one: tm-hooks add"
        } else {
            "No webhook matches. All of them: tm-hooks list"
        });
    } else {
        summary.print(&shown, context);
    }
    say_what_waits(&connection, context).await?;
    shown.hidden.print(&context.term);
    Ok(())
}

/// Shows the first `most` webhooks.
fn show_first(all: &[Webhook], most: u64, mut listing: Listing<'_, Webhook>) -> Result<Shown, CliError> {
    let count = usize::try_from(most).unwrap_or(usize::MAX).min(all.len());
    listing.page(&all[..count])?;
    Ok(Shown { count, total: all.len(), more: None, hidden: listing.end(None)? })
}

/// The combined state of the listed webhooks.
#[derive(Default)]
struct ListSummary {
    /// The number of webhooks in each state.
    states: BTreeMap<Sign, usize>,
    /// The first failing one.
    first: Option<WebhookId>,
    failed: u64,
    attempts: u64,
    /// The number of webhooks that the service will soon disable.
    warned: usize,
}

impl ListSummary {
    fn count(&mut self, page: &[Webhook], now: Timestamp) {
        for webhook in page {
            let sign = State::of(webhook).sign();
            *self.states.entry(sign).or_default() += 1;
            if sign == Sign::Failed {
                self.first.get_or_insert(webhook.id);
            }
            self.failed += webhook.failed24h;
            self.attempts += webhook.attempts24h;
            self.warned += usize::from(webhook.warning(now).is_some());
        }
    }

    fn print(&self, shown: &Shown, context: &Context) {
        let term = &context.term;
        term.terminal_note("");
        term.terminal_note(&self.text(shown));
        if !shown.is_whole() {
            term.terminal_note("All of them:  tm-hooks list --all");
        }
        if let Some(id) = self.first {
            term.terminal_note(&format!("Why:  tm-hooks show {id}"));
        }
        if self.warned > 0 {
            term.warning(&self.warning());
        }
    }

    fn warning(&self) -> String {
        let webhooks = count(self.warned, "webhook");
        format!("{webhooks} failed for days, and will be disabled unless an attempt succeeds: tm-hooks list --failing")
    }

    /// Summarises the list: `8 webhooks: 3 in trouble, 1 flaky. 18 % of 210 attempts failed in 24 h.`
    fn text(&self, shown: &Shown) -> String {
        let number = |sign| self.states.get(&sign).copied().unwrap_or_default();
        let states = [(number(Sign::Failed), "in trouble"), (number(Sign::Look), "flaky")];
        let states = states.iter().filter(|(number, _)| *number > 0).map(|(number, word)| format!("{number} {word}"));
        let states = states.collect::<Vec<_>>().join(", ");
        let mut text = shown.in_words("webhook");
        if !states.is_empty() {
            text = format!("{text}: {states}");
        }
        if self.attempts > 0 {
            let noun = if self.attempts == 1 { "attempt" } else { "attempts" };
            let share = words::share(self.failed, self.attempts, Tone::Plain).text;
            text = format!("{text}. {share} {noun} failed in 24 h");
        }
        text + "."
    }
}

/// Notes waiting deliveries in the profile `local`, which nobody delivers unless `serve` runs.
async fn say_what_waits(connection: &Connection, context: &Context) -> Result<(), CliError> {
    if !context.settings.is_local() || context.view.format.is_json() {
        return Ok(());
    }
    let queue = connection.client.queue().await?;
    if queue.pending > 0 && queue.instances == 0 {
        let waiting = count(usize::try_from(queue.pending).unwrap_or(usize::MAX), "delivery");
        let verb = if queue.pending == 1 { "waits" } else { "wait" };
        context.term.note(&format!("{waiting} {verb} and nobody delivers. Deliver all the time: tm-hooks serve"));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{domain::webhook::WebhookStatus, render::sample_webhook};

    #[test]
    fn the_summary_counts_over_pages_and_names_the_first() {
        let mut summary = ListSummary::default();
        let now = Timestamp::from_seconds(1_795_455_600);
        let whole = |count| Shown { count, total: count, ..Shown::default() };
        let mut idle = sample_webhook("wh_k3v9m2x7qd", "Payroll");
        (idle.attempts24h, idle.failed24h) = (0, 0);
        summary.count(&[idle], now);
        assert_eq!((summary.text(&whole(1)).as_str(), summary.first), ("1 webhook.", None));
        let mut lake = sample_webhook("wh_5sw12kmsp2", "Data lake");
        (lake.attempts24h, lake.failed24h) = (1_200, 60);
        let mut bot = sample_webhook("wh_7c1zr8t0wb", "Bot");
        bot.status = WebhookStatus::Failing;
        (bot.attempts24h, bot.failed24h) = (21, 21);
        summary.count(&[lake, bot.clone()], now);
        assert_eq!(summary.warned, 0);
        bot.failing_since = Some(now.minus(std::time::Duration::from_secs(3 * 86_400)));
        summary.count(&[bot], now);
        assert_eq!((summary.warned, summary.first), (1, "wh_7c1zr8t0wb".parse().ok()));
        assert_eq!(
            summary.text(&Shown { count: 50, total: 299, ..Shown::default() }),
            "50 of 299 webhooks: 2 in trouble, 1 flaky. 8 % of 1,242 attempts failed in 24 h."
        );
    }
}
