//! `tm-hooks stats`: error rates over a window.

mod whose;

use crate::{
    api::{ApiError, Client},
    domain::{
        query::StatsQuery,
        stats::{BUCKET, GroupBy, Stats, StatsGroup},
    },
    error::{CliError, Kind},
    render::{self, Format, TimeStyle, View, words},
};

use super::{
    Context,
    arguments::{Moment, Window, share},
    outcome, reference,
};

/// Show error rates over a window: failed attempts of all finished ones, tests left out
///
/// Hours and days are those that --time says: of UTC in a pipe, of this machine's time zone on a terminal and with --time
/// local. Windows are counted in steps of five minutes, or, when they begin more than 48 hours ago, of an hour of UTC.
///
/// With --fail-over it exits with 10 when the rate in all, or with --by that of any group, is above the limit.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  tm-hooks stats
  tm-hooks stats Payroll --since 7d --by day
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
    /// Fail with exit code 10 when more than this share failed: 5%, 0.05
    #[arg(long, value_name = "SHARE", value_parser = share)]
    fail_over: Option<f64>,
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
    let stats = ask(&connection.client, StatsQuery { webhook, since, until, by: Some(by), time_zone }).await?;
    let shown = show(&stats, by, args, context);
    if let Some(unit) = by.unit() {
        whose::say(&stats, unit, &zone, context);
    }
    let checked = args.fail_over.map_or(Ok(()), |limit| check(&stats, args.by.is_some(), limit));
    outcome::both(checked, shown)
}

/// Asks for error rates, in UTC where the service does not know the time zone, or no time zones at all.
async fn ask(client: &Client, query: StatsQuery) -> Result<Stats, ApiError> {
    match client.stats(&query).await {
        Err(error) if query.time_zone.is_some() && error.concerns("timeZone") => {
            client.stats(&StatsQuery { time_zone: None, ..query }).await
        }
        answered => answered,
    }
}

fn show(stats: &Stats, by: GroupBy, args: &Args, context: &Context) -> Result<(), CliError> {
    if context.view.format == Format::Json {
        return render::one(&context.term, &context.view, stats);
    }
    let nameless = by != GroupBy::Webhook && context.view.is_for_people();
    let without: &[&str] = if nameless { &["name"] } else { &[] };
    let view = View { without, ..context.view.clone() };
    render::list(&context.term, &view, &stats.groups)?;
    // The running bucket counts as a whole one: a day that began 23 h 57 min ago is a day.
    let rounded = if context.view.times == TimeStyle::Relative { stats.from.minus(BUCKET) } else { stats.from };
    let mut since = words::time(rounded, &context.view);
    if args.until.is_some() {
        since = format!("{since} until {}", words::time(stats.to, &context.view));
    }
    if stats.attempts == 0 {
        context.term.note(&format!("No finished attempts since {since}; tests are left out."));
    } else {
        let rate = words::error_rate(stats.failed, stats.attempts).text;
        context.term.aside(&format!("In all: {rate} failed since {since}."));
    }
    Ok(())
}

/// Fails when a rate is above the limit.
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
            by: None,
            time_zone: Default::default(),
            groups: groups.iter().map(group).collect(),
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
