//! `tm-hooks list`: the webhooks and how they fare.

use crate::{
    domain::{
        event::EventType,
        query::{WebhookQuery, WebhookSort},
        time::Timestamp,
        webhook::{Webhook, WebhookStatus},
    },
    error::CliError,
    render::{Listing, words::count},
};

use super::{
    Context,
    connect::Connection,
    paging::{self, AmountOfSet, Shown},
};

/// List webhooks: where they send, which events, in which version, and how many attempts fail
///
/// The error rate covers the last 24 hours; tests are left out. A webhook is "failing" when its newest attempt failed.
/// The service disables a webhook after five days without a success; from half of that time on the list says so.
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
    /// The order: created (newest first), name, or error-rate (highest first)
    #[arg(long, value_name = "ORDER")]
    sort: Option<WebhookSort>,
    #[command(flatten)]
    amount: AmountOfSet,
    /// Show on a terminal what is secret in URLs, too: `?token=…`
    #[arg(long)]
    pub(super) reveal: bool,
}

impl Args {
    fn query(&self) -> WebhookQuery {
        let Args { event, enabled, disabled, failing, search, sort, amount: _, reveal: _ } = self;
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
    let mut failing = Failing::default();
    let query = args.query();
    let fetch = async |limit, cursor| {
        connection.client.webhooks(&WebhookQuery { limit: Some(limit), cursor, ..query.clone() }).await
    };
    let count = |page: &[Webhook]| failing.count(page, context.view.now);
    let shown = paging::show(context, args.amount.of_set("webhook"), listing, fetch, count).await?;
    if shown.count == 0 {
        context.term.note(if query == WebhookQuery::default() {
            "No webhooks yet. Add one: tm-hooks add"
        } else {
            "No webhook matches. All of them: tm-hooks list"
        });
    } else {
        context.term.aside(&failing.summary(&shown));
        if !shown.is_whole() {
            context.term.aside("All of them: --all");
        }
        if failing.warned > 0 {
            context.term.warning(&failing.warning());
        }
    }
    say_what_waits(&connection, context).await?;
    shown.hidden.tell(&context.term);
    Ok(())
}

/// Which of the listed webhooks fail.
#[derive(Default)]
struct Failing {
    number: usize,
    first: Option<String>,
    /// How many of them the service is about to disable.
    warned: usize,
}

impl Failing {
    fn count(&mut self, page: &[Webhook], now: Timestamp) {
        self.warned += page.iter().filter(|webhook| webhook.warning(now).is_some()).count();
        let mut failing = page.iter().filter(|webhook| webhook.status == WebhookStatus::Failing).peekable();
        if self.first.is_none() {
            self.first = failing.peek().map(|webhook| webhook.id.to_string());
        }
        self.number += failing.count();
    }

    fn warning(&self) -> String {
        let webhooks = count(self.warned, "webhook");
        format!("{webhooks} failed for days, and will be disabled unless an attempt succeeds: tm-hooks list --failing")
    }

    fn summary(&self, shown: &Shown) -> String {
        let total = shown.in_words("webhook");
        match &self.first {
            None => format!("{total}."),
            Some(id) => {
                format!("{total}, {} failing. See why: tm-hooks attempts {id} --status failed", self.number)
            }
        }
    }
}

/// In the profile `local` nobody delivers unless `serve` runs: says so when something waits.
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
    use crate::render::sample_webhook;

    #[test]
    fn the_summary_counts_over_pages_and_names_the_first() {
        let mut failing = Failing::default();
        let mut bot = sample_webhook("wh_7c1zr8t0wb", "Bot");
        let now = Timestamp::from_seconds(1_795_455_600);
        failing.count(&[sample_webhook("wh_k3v9m2x7qd", "Payroll")], now);
        assert_eq!(failing.summary(&Shown { count: 1, total: 1, ..Shown::default() }), "1 webhook.");
        bot.status = WebhookStatus::Failing;
        failing.count(&[bot.clone()], now);
        assert_eq!(failing.warned, 0);
        bot.failing_since = Some(now.minus(std::time::Duration::from_secs(3 * 86_400)));
        failing.count(&[bot], now);
        assert_eq!(failing.warned, 1);
        assert_eq!(
            failing.summary(&Shown { count: 50, total: 299, ..Shown::default() }),
            "50 of 299 webhooks, 2 failing. See why: tm-hooks attempts wh_7c1zr8t0wb --status failed"
        );
    }
}
