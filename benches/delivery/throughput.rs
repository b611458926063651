//! Measures how many events are accepted and delivered, beside the same load without a service.

use std::{path::Path, time::Duration};

use anyhow::{Result, ensure};

use crate::{
    commits::Commits,
    figures::Figures,
    load::{self, CONNECTIONS},
    options::Options,
    post::{self, Post},
    receiver::{Arrival, Receiver, distinct},
    report::{Report, bytes, count, percent},
    service::{Service, database},
};

/// The longest wait for deliveries.
const PATIENCE: Duration = Duration::from_secs(300);
/// The number of deliveries for cost figures.
const LOT: f64 = 100_000.0;

/// The number of raw requests for each event.
const RAW_REQUESTS: u64 = 4;

/// The result of a round.
#[derive(Debug, Clone)]
struct Round {
    /// Requests per second from the load directly to the receiver, measured just before.
    raw: f64,
    accepted: f64,
    delivered: f64,
    /// The service's CPU time per delivery, in seconds.
    cpu: f64,
    peak: u64,
    /// The size of the database's files per delivery, in bytes.
    stored: f64,
    commits: Commits,
}

/// The number of webhooks in the case with many.
const MANY: usize = 1_000;

/// Measures with one webhook per event, with four, and with many; the last has as many deliveries in total as the four.
pub fn measure(options: &Options, folder: &Path, report: &mut Report) -> Result<()> {
    let one = rounds(options, &folder.join("one"), 1, options.events())?;
    let four = rounds(options, &folder.join("four"), 4, options.events())?;
    let many = rounds(options, &folder.join("many"), MANY, (options.events() * 4).div_ceil(MANY as u64))?;
    report.section(&format!(
        "Throughput: {CONNECTIONS} connections, events of {} bytes on average, {} rounds of {} events",
        post::event_bytes(),
        one.len(),
        options.events()
    ));
    let of = |rounds: &[Round], figure: fn(&Round) -> f64| Figures::new(rounds.iter().map(figure).collect());
    let raw = of(&one, |round| round.raw);
    let raw = || count(raw.median());
    report.row("events accepted a second", &of(&one, |r| r.accepted), count, &raw(), "");
    report.row("deliveries a second", &of(&one, |r| r.delivered), count, &raw(), "");
    report.row("  of the raw limit", &of(&one, |r| r.delivered / r.raw), percent, "", "≥ 10 %");
    report.row("  service's CPU, µs a delivery", &of(&one, |r| r.cpu * 1e6), count, "", "≤ 80");
    report.row("  service's CPU, s per 100,000", &of(&one, |r| r.cpu * LOT), |s| format!("{s:.1}"), "", "");
    report.row("  service's peak memory", &of(&one, |r| r.peak as f64), bytes, "", "< 60 MB");
    report.row("  database, bytes a delivery", &of(&one, |r| r.stored), count, "", "");
    report.row("deliveries a second, 4 webhooks", &of(&four, |r| r.delivered), count, &raw(), "");
    let gain = of(&four, |r| r.delivered).median() / of(&one, |r| r.delivered).median();
    report.row("  times those of one webhook", &Figures::new(vec![gain]), |x| format!("{x:.2}"), "", "≥ 1.5");
    report.row("  service's CPU, µs a delivery", &of(&four, |r| r.cpu * 1e6), count, "", "");
    report.row("  service's peak memory", &of(&four, |r| r.peak as f64), bytes, "", "< 60 MB");
    report.row("  database, bytes a delivery", &of(&four, |r| r.stored), count, "", "");
    report.row("deliveries a second, 1,000 webhooks", &of(&many, |r| r.delivered), count, &raw(), "");
    report.row("  service's CPU, µs a delivery", &of(&many, |r| r.cpu * 1e6), count, "", "");
    report.row("  service's peak memory", &of(&many, |r| r.peak as f64), bytes, "", "< 60 MB");
    report.row("  database, bytes a delivery", &of(&many, |r| r.stored), count, "", "");
    commits(report, &[("one webhook", &one[..]), ("4 webhooks", &four[..]), ("1,000 webhooks", &many[..])]);
    Ok(())
}

/// How many writes the commits of the first round of each have.
fn commits(report: &mut Report, measured: &[(&str, &[Round])]) {
    let first = |rounds: &[Round]| rounds.first().map(|round| round.commits.clone());
    let columns = measured.iter().find_map(|(_, rounds)| first(rounds)).map_or_else(Vec::new, |it| it.columns());
    let columns: Vec<&str> = columns.iter().map(String::as_str).collect();
    report.columns("Commits by how many writes they hold", &columns);
    for (name, rounds) in measured {
        report.cells(name, first(rounds).map_or_else(Vec::new, |commits| commits.shares()));
    }
}

/// Some rounds, each with a new service on a new database.
fn rounds(options: &Options, folder: &Path, webhooks: usize, events: u64) -> Result<Vec<Round>> {
    let one = |number| round(options, &folder.join(format!("{number}")), webhooks, events);
    (0..options.rounds()).map(one).collect()
}

fn round(options: &Options, folder: &Path, webhooks: usize, events: u64) -> Result<Round> {
    std::fs::create_dir_all(folder)?;
    let receiver = Receiver::start()?;
    let raw = raw_limit(&receiver, options.events())?;
    let service = Service::start(folder)?;
    for place in 0..webhooks {
        service.add_webhook(&format!("Receiver {place}"), &receiver.url(place))?;
    }
    let mut post = Post::to_service(service.address());
    // Connections, threads and caches are warm before the measurement.
    let warm_up = events.div_ceil(10);
    load::closed_loop(&mut post, warm_up)?;
    receiver.take(warm_up as usize * webhooks, PATIENCE)?;
    let (before, committed) = (service.usage()?, Commits::of(&service)?);
    let span = load::closed_loop(&mut post, events)?;
    let deliveries = events as usize * webhooks;
    let ledger = receiver.take(deliveries, PATIENCE)?;
    let (after, commits) = (service.usage()?, Commits::of(&service)?.since(&committed));
    check(&ledger, deliveries)?;
    service.stop()?;
    let stored = database_bytes(folder)? as f64 / (warm_up + events) as f64 / webhooks as f64;
    let last = ledger.iter().map(|arrival| arrival.at).max().unwrap_or(span.ended);
    Ok(Round {
        raw,
        accepted: events as f64 / (span.ended - span.began).as_secs_f64(),
        delivered: deliveries as f64 / (last - span.began).as_secs_f64(),
        cpu: (after.cpu - before.cpu).as_secs_f64() / deliveries as f64,
        peak: after.peak,
        stored,
        commits,
    })
}

/// Returns the size of the database's files after the service has stopped.
fn database_bytes(folder: &Path) -> Result<u64> {
    let file = database(folder);
    let log = file.with_extension("db-wal");
    let log = if log.exists() { std::fs::metadata(log)?.len() } else { 0 };
    Ok(std::fs::metadata(file)?.len() + log)
}

/// Measures requests per second from the load directly to the receiver.
fn raw_limit(receiver: &Receiver, requests: u64) -> Result<f64> {
    // Raw requests are fast, so more of them give a stable figure.
    let requests = requests * RAW_REQUESTS;
    let mut post = Post::to_receiver(receiver.address());
    load::closed_loop(&mut post, requests / 10)?;
    receiver.take(requests as usize / 10, PATIENCE)?;
    let span = load::closed_loop(&mut post, requests)?;
    check(&receiver.take(requests as usize, PATIENCE)?, requests as usize)?;
    Ok(requests as f64 / (span.ended - span.began).as_secs_f64())
}

/// Checks that each event came to each of its places exactly once, as nothing here fails.
fn check(ledger: &[Arrival], deliveries: usize) -> Result<()> {
    let distinct = distinct(ledger);
    ensure!(distinct == deliveries, "{distinct} different deliveries came of {deliveries}");
    ensure!(ledger.len() == deliveries, "{} requests came for {deliveries} deliveries", ledger.len());
    Ok(())
}
