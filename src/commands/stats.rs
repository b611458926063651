//! `tm-hooks stats` shows error rates and duration percentiles over a window.

mod whose;

use std::cmp::Ordering;

use crate::{
    api::{CallError, Client},
    domain::{
        query::StatsQuery,
        stats::{GroupBy, Stats, StatsGroup},
    },
    error::{CliError, Kind},
    render::{self, Bars, Format, Listing, View, words},
    term::Tone,
};

use super::{
    Context,
    arguments::{Moment, Window, share},
    outcome, reference,
};

/// Show error rates over a window
///
/// The rate is the share of failed attempts among the finished ones, without tests. --time chooses the time zone of
/// hours and days: UTC in a pipe, this machine's on a terminal and with --time local. Windows are counted in steps of
/// five minutes, or, when they begin more than 48 hours ago, of an hour of UTC.
///
/// P50 and P95 are percentiles of the duration of answered attempts, within 6 %. They are known for windows that begin
/// at most 35 days ago. In JSON they are p50Ms and p95Ms; in a pipe, --columns names them.
///
/// With --fail-over it exits with 10 when the total rate, or with --by the rate of any group, is above the limit.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  tm-hooks stats
  tm-hooks stats Payroll --since 7d --by day
  tm-hooks stats --sort attempts --limit 5
  tm-hooks stats --since 2026-11-01 --until 2026-11-08 --by day --time local
  tm-hooks stats --by code --since 1h
  tm-hooks stats --since 1h --fail-over 5% || echo 'webhooks are failing'")]
pub struct Args {
    /// Only attempts of this webhook: its id, its name, or a unique beginning of its id
    webhook: Option<String>,
    /// Only attempts ended since then: 2h (ago), 2026-11-23 (in UTC), or a time in RFC 3339 (default: 24h before the end)
    #[arg(long, value_name = "WHEN")]
    since: Option<Moment>,
    /// Only attempts ended before then (default: now)
    #[arg(long, value_name = "WHEN")]
    until: Option<Moment>,
    /// One line for each webhook, event (type), code, hour or day
    #[arg(long, value_name = "GROUP")]
    by: Option<GroupBy>,
    /// The order of the groups: errors (worst first), attempts (most first), or name; on a terminal errors, but for hours
    /// and days
    #[arg(long, value_name = "ORDER", value_enum)]
    sort: Option<Order>,
    /// Show at most N groups
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    limit: Option<u64>,
    /// Fail with exit code 10 when more than this share failed: 5%, 0.05
    #[arg(long, value_name = "SHARE", value_parser = share)]
    fail_over: Option<f64>,
}

/// The values of `--sort`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Order {
    /// The highest share of failed attempts first.
    Errors,
    /// The most attempts first.
    Attempts,
    /// By name, or by key where there is none.
    Name,
}

impl Order {
    fn sort(self, groups: &mut [StatsGroup]) {
        let name = |group: &StatsGroup| group.name.as_ref().unwrap_or(&group.key).to_lowercase();
        let rate = |group: &StatsGroup| group.error_rate.unwrap_or_default();
        groups.sort_by(|one, other| {
            let worst = rate(other).total_cmp(&rate(one)).then(other.failed.cmp(&one.failed));
            let order = match self {
                Order::Errors => worst,
                Order::Attempts => other.attempts.cmp(&one.attempts),
                Order::Name => Ordering::Equal,
            };
            order.then_with(|| name(one).cmp(&name(other)))
        });
    }
}

/// Sorts groups for a terminal: the worst first.
pub(super) fn worst_first(groups: &mut [StatsGroup]) {
    Order::Errors.sort(groups);
}

pub(super) async fn run(args: &Args, context: &Context) -> Result<(), CliError> {
    match context.view.format {
        Format::Json => render::check::<Stats>(&context.view)?,
        _ => render::check::<StatsGroup>(&context.view)?,
    }
    let Window { since, until } = Window::of(args.since, args.until, context.now())?;
    let connection = context.connect()?;
    let webhook = match &args.webhook {
        Some(text) => Some(reference::find(&connection.client, text).await?.id),
        None => None,
    };
    let usual = if webhook.is_some() { GroupBy::Event } else { GroupBy::Webhook };
    let by = args.by.unwrap_or(usual);
    let zone = by.unit().map(|_| whose::zone(context)).unwrap_or_default();
    let time_zone = Some(&zone).filter(|zone| !zone.is_utc()).cloned();
    let mut stats = ask(&connection.client, StatsQuery { webhook, since, until, by: Some(by), time_zone }).await?;
    refuse_what_is_not_kept(&stats)?;
    let checked = args.fail_over.map_or(Ok(()), |limit| check(&stats, args.by.is_some(), limit));
    let said = by.unit().map(|unit| (stats.clone(), unit));
    let left_out = arrange(&mut stats, by, args, context);
    let shown = show(&stats, by, args, context);
    if let Some((stats, unit)) = said {
        whose::say(&stats, unit, &zone, context);
    }
    if left_out > 0 {
        let shown = words::count(stats.groups.len(), "group");
        context.term.notice(&format!("{shown} shown, {left_out} more without --limit"));
    }
    outcome::both(checked, shown)
}

/// Refuses a window that ends before the oldest kept count.
fn refuse_what_is_not_kept(stats: &Stats) -> Result<(), CliError> {
    if stats.from < stats.to {
        return Ok(());
    }
    Err(CliError::usage(format!(
        "the window is empty: it ends at {}, and nothing so old is counted any more",
        stats.to
    ))
    .hint("error rates are kept for 13 months: give a later --until, or leave it out"))
}

/// Requests error rates; in UTC if the service does not know the time zone, or no time zones at all.
async fn ask(client: &Client, query: StatsQuery) -> Result<Stats, CallError> {
    match client.stats(&query).await {
        Err(error) if query.time_zone.is_some() && error.concerns("timeZone") => {
            client.stats(&StatsQuery { time_zone: None, ..query }).await
        }
        answered => answered,
    }
}

/// Sorts the groups and cuts them to `--limit`; returns how many were left out.
fn arrange(stats: &mut Stats, by: GroupBy, args: &Args, context: &Context) -> usize {
    match args.sort {
        Some(order) => order.sort(&mut stats.groups),
        // Hours and days keep their order.
        None if by.unit().is_none() && context.view.is_for_people() => worst_first(&mut stats.groups),
        None => {}
    }
    let all = stats.groups.len();
    stats.groups.truncate(args.limit.and_then(|limit| usize::try_from(limit).ok()).unwrap_or(usize::MAX));
    all - stats.groups.len()
}

fn show(stats: &Stats, by: GroupBy, args: &Args, context: &Context) -> Result<(), CliError> {
    if context.view.format == Format::Json {
        return render::one(&context.term, &context.view, stats);
    }
    let worst = stats.groups.iter().filter_map(|group| group.error_rate).fold(0.0, f64::max);
    let bars = by.unit().map(|unit| Bars { zone: stats.time_zone.clone(), unit, worst });
    let view = View { bars, titles: titles(by), ..context.view.clone() };
    let mut listing = Listing::new(&context.term, &view)?;
    listing.page(&stats.groups)?;
    let hidden = listing.end(None)?;
    let mut since = words::day_and_time(stats.from, &context.view);
    if args.until.is_some() {
        since = format!("{since} until {}", words::day_and_time(stats.to, &context.view));
    }
    if stats.attempts == 0 {
        context.term.note(&format!("No finished attempts since {since}; tests are left out."));
    } else {
        let rate = words::share(stats.failed, stats.attempts, Tone::Plain).text;
        let noun = if stats.attempts == 1 { "attempt" } else { "attempts" };
        context.term.terminal_note("");
        context.term.terminal_note(&format!("{rate} {noun} failed since {since}."));
    }
    hidden.print(&context.term);
    Ok(())
}

/// Returns the heading of the groups.
fn titles(by: GroupBy) -> &'static [(&'static str, &'static str)] {
    match by {
        GroupBy::Webhook => &[("group", "WEBHOOK")],
        GroupBy::Event => &[("group", "EVENT")],
        GroupBy::Code => &[("group", "CODE")],
        GroupBy::Hour => &[("group", "HOUR")],
        GroupBy::Day => &[("group", "DAY")],
    }
}

/// Fails if a rate is above the limit.
fn check(stats: &Stats, groups_too: bool, limit: f64) -> Result<(), CliError> {
    let above = |rate: Option<f64>| rate.is_some_and(|rate| rate > limit);
    let mut over = Vec::new();
    if above(stats.error_rate) {
        over.push(("in all".to_owned(), stats.failed, stats.attempts));
    }
    if groups_too {
        let groups = stats.groups.iter().filter(|group| above(group.error_rate));
        over.extend(groups.map(|StatsGroup { key, name, attempts, failed, .. }| {
            (name.clone().unwrap_or_else(|| key.clone()), *failed, *attempts)
        }));
    }
    if over.is_empty() {
        return Ok(());
    }
    let fields = over.iter().map(|(what, failed, attempts)| {
        crate::domain::problem::FieldError::new(what, words::error_rate(*failed, *attempts).text)
    });
    let limit = limit * 100.0;
    Err(CliError::new(Kind::CheckFailed, format!("the error rate is above {limit} %"))
        .code("error_rate_exceeded")
        .fields(fields.collect())
        .hint("see why: tm-hooks attempts --status failed"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::time::Timestamp;

    fn stats(failed: u64, attempts: u64, groups: &[(u64, u64)]) -> Stats {
        let rate = crate::domain::stats::error_rate;
        let group = |&(failed, attempts): &(u64, u64)| StatsGroup {
            key: "wh_k3v9m2x7qd".to_owned(),
            name: None,
            attempts,
            failed,
            error_rate: rate(failed, attempts),
            p50_ms: None,
            p95_ms: None,
            from: None,
            to: None,
        };
        Stats {
            from: Timestamp::from_seconds(0),
            to: Timestamp::from_seconds(1),
            webhook_id: None,
            attempts,
            failed,
            error_rate: rate(failed, attempts),
            p50_ms: None,
            p95_ms: None,
            by: None,
            time_zone: Default::default(),
            groups: groups.iter().map(group).collect(),
        }
    }

    #[test]
    fn a_window_without_an_inside_is_refused() {
        let of = |from, to| {
            let [from, to] = [from, to].map(Timestamp::from_seconds);
            refuse_what_is_not_kept(&Stats { from, to, ..stats(0, 0, &[]) })
        };
        assert!(of(0, 1).is_ok());
        for (from, to) in [(1, 1), (2, 1)] {
            assert_eq!(of(from, to).unwrap_err().kind(), Kind::Usage);
        }
    }

    #[test]
    fn fails_above_the_limit_only() {
        assert!(check(&stats(0, 0, &[]), true, 0.0).is_ok());
        assert!(check(&stats(5, 100, &[]), false, 0.05).is_ok());
        assert_eq!(check(&stats(6, 100, &[]), false, 0.05).unwrap_err().kind(), Kind::CheckFailed);
        let hidden = stats(1, 100, &[(1, 2), (0, 98)]);
        assert!(check(&hidden, false, 0.05).is_ok());
        assert!(check(&hidden, true, 0.05).unwrap_err().to_json()["error"]["fields"][0]["message"] == "50 % of 2");
    }
}
