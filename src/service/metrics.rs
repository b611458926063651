//! The service's metrics for Prometheus. Recording costs a few atomic additions, because every series on a hot path is
//! created at the start. Labels never contain webhooks, URLs or secrets.

use std::{
    sync::atomic::{AtomicU8, AtomicU64, Ordering},
    time::{Duration, Instant},
};

use prometheus::{Histogram, HistogramVec, IntCounter, IntCounterVec, IntGauge, Registry, TextEncoder};

use crate::domain::{
    attempt::{AttemptError, AttemptKind},
    event::EventType,
    source::{Outcome, Source},
    time::{Clock, SystemClock, Timestamp},
};

mod by_source;
mod by_type;
mod families;

use by_source::BySource;
use by_type::AcceptedByType;
use families::{BATCHES, FAST, LAGS, counter, counters, gauge, histogram, histograms};

/// How full the database's disk is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum DiskLevel {
    /// There is enough room.
    #[default]
    Ample,
    /// Bodies older than a day are deleted.
    Low,
    /// Bodies older than an hour are deleted.
    VeryLow,
    /// All bodies of ended deliveries are deleted.
    Critical,
}

impl DiskLevel {
    /// The level's name: `ample`, `low`, `very_low` or `critical`.
    pub fn as_str(self) -> &'static str {
        match self {
            DiskLevel::Ample => "ample",
            DiskLevel::Low => "low",
            DiskLevel::VeryLow => "very_low",
            DiskLevel::Critical => "critical",
        }
    }

    fn of_code(code: u8) -> Self {
        [DiskLevel::Ample, DiskLevel::Low, DiskLevel::VeryLow].get(usize::from(code)).copied().unwrap_or(Self::Critical)
    }
}

/// Counts within a transaction; the metrics get them after its commit.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct CommitCounts {
    /// The type of each event, in the order of arrival.
    events: Vec<EventType>,
    deliveries: u64,
}

/// A state of a [`CommitCounts`] to go back to.
#[derive(Debug, Clone, Copy)]
pub struct Mark {
    events: usize,
    deliveries: u64,
}

impl CommitCounts {
    /// Counts an accepted event and the deliveries made of it.
    pub fn accepted(&mut self, event_type: EventType, deliveries: usize) {
        self.events.push(event_type);
        self.deliveries += deliveries as u64;
    }

    /// The current state.
    pub fn mark(&self) -> Mark {
        Mark { events: self.events.len(), deliveries: self.deliveries }
    }

    /// Discards what was counted since `mark`.
    pub fn back_to(&mut self, mark: Mark) {
        self.events.truncate(mark.events);
        self.deliveries = mark.deliveries;
    }
}

fn position<T: PartialEq>(all: &[T], one: T) -> Option<usize> {
    all.iter().position(|other| *other == one)
}

/// A summary of all webhooks and the database, made without counting history.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Overview {
    /// The number of deliveries that wait for enabled webhooks.
    pub waiting: u64,
    /// The number of deliveries held for disabled webhooks.
    pub held: u64,
    /// The due time of the oldest due delivery to an enabled webhook.
    pub oldest_due_at: Option<Timestamp>,
    /// The number of enabled webhooks.
    pub enabled: u64,
    /// The number of disabled webhooks.
    pub disabled: u64,
    /// The number of enabled webhooks whose newest attempt failed.
    pub failing: u64,
    /// The number of enabled webhooks whose breaker is open, so that they are only probed.
    pub broken: u64,
    /// The number of enabled webhooks that get nothing for now, because they asked for a pause or their breaker is
    /// open.
    pub paused: u64,
    /// The size of the database without its log, in bytes.
    pub bytes: u64,
    /// The free space within the database file, in bytes.
    pub reusable_bytes: u64,
}

/// An ended attempt.
#[derive(Debug, Clone, Copy)]
pub struct EndedAttempt {
    /// The reason for the attempt.
    pub kind: AttemptKind,
    /// The answer's status, if there was an answer.
    pub http_status: Option<u16>,
    /// The reason of the failure; none for a success.
    pub error: Option<AttemptError>,
    /// The attempt's duration.
    pub took: Duration,
}

/// All metrics, shared by the delivery engine, the store's writer and the HTTP API.
pub struct Metrics {
    registry: Registry,
    began: Instant,
    /// The time of the last look for work, in milliseconds from `began` plus one; 0 before the first.
    last_round: AtomicU64,
    /// The time of the last lack of file descriptors, in the same form.
    last_lack: AtomicU64,
    disk_level: AtomicU8,
    accepted: AcceptedByType,
    received: IntCounterVec,
    sources: BySource,
    deliveries: IntCounter,
    /// Counters for each kind: succeeded, then failed.
    attempts: Vec<[IntCounter; 2]>,
    failures: Vec<IntCounter>,
    /// Counters for no answer, then for each first digit of the status.
    answers: Vec<IntCounter>,
    attempt_seconds: Histogram,
    lag_seconds: Histogram,
    in_flight: IntGauge,
    claims_freed: IntCounter,
    batch_jobs: Histogram,
    commit_seconds: Histogram,
    commits_failed: IntCounter,
    tidied: IntCounter,
    requests: IntCounterVec,
    request_seconds: HistogramVec,
    waiting: IntGauge,
    held: IntGauge,
    oldest_due: IntGauge,
    webhooks_enabled: IntGauge,
    webhooks_disabled: IntGauge,
    webhooks_failing: IntGauge,
    breakers_open: IntGauge,
    webhooks_paused: IntGauge,
    database_bytes: IntGauge,
    reusable_bytes: IntGauge,
    disk_free_bytes: IntGauge,
    disk_guard: IntGauge,
}

impl Default for Metrics {
    fn default() -> Self {
        let r = &Registry::new();
        let accepted = counters(r, "events_accepted_total", "Events that the service accepted.", &["type"]);
        let received = counters(
            r,
            "source_requests_total",
            "Requests to the addresses of sources, by what became of them.",
            &["source", "outcome"],
        );
        let sources = BySource::new(r);
        let attempts = counters(r, "attempts_total", "Attempts that ended.", &["kind", "outcome"]);
        let failures = counters(r, "attempt_failures_total", "Attempts that failed, by their error.", &["error"]);
        let answers = counters(r, "answers_total", "Receivers' answers, by class of status.", &["class"]);
        let webhooks = families::gauges(r, "webhooks", "Webhooks.", "state");
        let queue = families::gauges(r, "queue_deliveries", "Deliveries that wait.", "webhook");
        about_the_process(r);
        Metrics {
            began: Instant::now(),
            last_round: AtomicU64::new(0),
            last_lack: AtomicU64::new(0),
            disk_level: AtomicU8::new(0),
            accepted: AcceptedByType::new(accepted),
            received,
            sources,
            deliveries: counter(r, "deliveries_made_total", "Deliveries made of accepted events."),
            attempts: AttemptKind::ALL
                .iter()
                .map(|it| ["succeeded", "failed"].map(|outcome| attempts.with_label_values(&[it.as_str(), outcome])))
                .collect(),
            failures: AttemptError::ALL.iter().map(|it| failures.with_label_values(&[it.as_str()])).collect(),
            answers: ["none", "1xx", "2xx", "3xx", "4xx", "5xx"]
                .map(|class| answers.with_label_values(&[class]))
                .into(),
            attempt_seconds: histogram(r, "attempt_duration_seconds", "How long attempts took.", FAST),
            lag_seconds: histogram(r, "attempt_lag_seconds", "How long after it was due an attempt started.", LAGS),
            in_flight: gauge(r, "attempts_in_flight", "Attempts in flight."),
            claims_freed: counter(r, "claims_freed_total", "Claims of ended processes that were freed."),
            batch_jobs: histogram(r, "commit_jobs", "How many writes a commit held.", BATCHES),
            commit_seconds: histogram(r, "commit_duration_seconds", "How long a batch of writes took.", FAST),
            commits_failed: counter(r, "commits_failed_total", "Batches of writes that were rolled back."),
            tidied: counter(r, "rows_forgotten_total", "Rows of expired history that were deleted."),
            requests: counters(r, "http_requests_total", "API requests.", &["method", "route", "status"]),
            request_seconds: histograms(
                r,
                "http_request_duration_seconds",
                "How long API requests took.",
                FAST,
                &["method", "route"],
            ),
            waiting: queue.with_label_values(&["enabled"]),
            held: queue.with_label_values(&["disabled"]),
            oldest_due: gauge(r, "queue_oldest_due_seconds", "How long the oldest due delivery has been due."),
            webhooks_enabled: webhooks.with_label_values(&["enabled"]),
            webhooks_disabled: webhooks.with_label_values(&["disabled"]),
            webhooks_failing: gauge(r, "webhooks_failing", "Enabled webhooks whose newest attempt failed."),
            breakers_open: gauge(
                r,
                "breakers_open",
                "Enabled webhooks that failed ten times in a row and are only probed.",
            ),
            webhooks_paused: gauge(r, "webhooks_paused", "Enabled webhooks that get nothing for now."),
            database_bytes: gauge(r, "database_bytes", "Size of the database."),
            reusable_bytes: gauge(r, "database_reusable_bytes", "Free space within the database file."),
            disk_free_bytes: gauge(r, "disk_free_bytes", "Free space on the database's disk."),
            disk_guard: gauge(
                r,
                "disk_guard_level",
                "How full the disk is. 0: ample; bodies are deleted when older than a day (1) or an hour (2), or all (3).",
            ),
            registry: r.clone(),
        }
    }
}

/// Registers what never changes while the process runs.
fn about_the_process(registry: &Registry) {
    let build = families::gauges(registry, "build_info", "The program's version.", "version");
    build.with_label_values(&[env!("CARGO_PKG_VERSION")]).set(1);
    // This metric has the same name in every program, so it gets no prefix.
    let started = IntGauge::new("process_start_time_seconds", "When the process started, in seconds since 1970.");
    if let Ok(started) = started {
        started.set(SystemClock.now().as_seconds());
        families::register(registry, &started);
    }
}

impl Metrics {
    /// Counts a request to a source's address. People make sources, so there are few.
    pub fn received(&self, source: &str, outcome: Outcome) {
        self.received.with_label_values(&[source, outcome.as_str()]).inc();
    }

    /// Sets the figures of all sources.
    pub fn read_sources(&self, sources: &[Source]) {
        self.sources.set(sources);
    }

    /// All metrics in Prometheus' text format.
    pub fn render(&self) -> String {
        // Encoding fails only for a family without metrics, which the registry leaves out.
        TextEncoder::new().encode_to_string(&self.registry.gather()).unwrap_or_default()
    }

    /// Sets the figures that are read instead of counted, at the time `now`.
    pub fn read(&self, overview: Overview, now: Timestamp) {
        let Overview { waiting, held, oldest_due_at, enabled, disabled, failing, broken, paused, .. } = overview;
        let Overview { bytes, reusable_bytes, .. } = overview;
        set(&self.waiting, waiting);
        set(&self.held, held);
        set(&self.oldest_due, oldest_due_at.map_or(0, |due_at| now.since(due_at).as_secs()));
        set(&self.webhooks_enabled, enabled);
        set(&self.webhooks_disabled, disabled);
        set(&self.webhooks_failing, failing);
        set(&self.breakers_open, broken);
        set(&self.webhooks_paused, paused);
        set(&self.database_bytes, bytes);
        set(&self.reusable_bytes, reusable_bytes);
    }

    /// Records that the engine looks for work.
    pub fn round_began(&self) {
        self.note(&self.last_round);
    }

    /// The time since the engine last looked for work; none if it never did.
    pub fn since_last_round(&self) -> Option<Duration> {
        self.since(&self.last_round)
    }

    /// Records that the system had no descriptor left for a connection or a file.
    pub fn lacked_descriptors(&self) {
        self.note(&self.last_lack);
    }

    /// The time since descriptors last lacked; none if they never did.
    pub fn since_lack(&self) -> Option<Duration> {
        self.since(&self.last_lack)
    }

    fn note(&self, moment: &AtomicU64) {
        let elapsed = u64::try_from(self.began.elapsed().as_millis()).unwrap_or(u64::MAX - 1);
        moment.store(elapsed + 1, Ordering::Relaxed);
    }

    fn since(&self, moment: &AtomicU64) -> Option<Duration> {
        let at = Duration::from_millis(moment.load(Ordering::Relaxed).checked_sub(1)?);
        Some(self.began.elapsed().saturating_sub(at))
    }

    /// Records the start of an attempt, `lag` after it was due.
    pub fn attempt_began(&self, lag: Duration) {
        self.in_flight.inc();
        self.lag_seconds.observe(lag.as_secs_f64());
    }

    /// Records that a started attempt was put off because nothing could be sent.
    pub fn attempt_put_off(&self) {
        self.in_flight.dec();
    }

    /// Records the end of a started attempt.
    pub fn attempt_ended(&self, attempt: EndedAttempt) {
        let EndedAttempt { kind, http_status, error, took } = attempt;
        self.in_flight.dec();
        self.attempt_seconds.observe(took.as_secs_f64());
        add(&self.answers, http_status.map_or(0, |status| usize::from(status / 100)));
        if let Some(outcomes) = position(AttemptKind::ALL, kind).and_then(|at| self.attempts.get(at)) {
            outcomes[usize::from(error.is_some())].inc();
        }
        if let Some(at) = error.and_then(|error| position(AttemptError::ALL, error)) {
            add(&self.failures, at);
        }
    }

    /// Records that claims of an ended process were freed.
    pub fn freed(&self, claims: u64) {
        self.claims_freed.inc_by(claims);
    }

    /// Records the commit of a batch of `jobs` writes.
    pub fn committed(&self, jobs: usize, took: Duration, tally: CommitCounts) {
        self.batch_jobs.observe(jobs as f64);
        self.commit_seconds.observe(took.as_secs_f64());
        self.accepted.count(&tally.events);
        self.deliveries.inc_by(tally.deliveries);
    }

    /// Records that a whole batch of writes was rolled back.
    pub fn commit_failed(&self) {
        self.commits_failed.inc();
    }

    /// Records that expired rows were deleted.
    pub fn forgot(&self, rows: usize) {
        self.tidied.inc_by(rows as u64);
    }

    /// Records the answer to an API request; `route` is its pattern, never what the caller wrote.
    pub fn answered(&self, method: &str, route: &str, status: u16, took: Duration) {
        let class = ["1xx", "2xx", "3xx", "4xx", "5xx"].get(usize::from(status / 100).saturating_sub(1));
        self.requests.with_label_values(&[method, route, class.copied().unwrap_or("other")]).inc();
        self.request_seconds.with_label_values(&[method, route]).observe(took.as_secs_f64());
    }

    /// Records how much space the disk has.
    pub fn disk(&self, level: DiskLevel, free_bytes: u64) {
        self.disk_level.store(level as u8, Ordering::Relaxed);
        self.disk_guard.set(level as i64);
        set(&self.disk_free_bytes, free_bytes);
    }

    /// How full the disk was at the last look.
    pub fn disk_level(&self) -> DiskLevel {
        DiskLevel::of_code(self.disk_level.load(Ordering::Relaxed))
    }
}

fn set(gauge: &IntGauge, value: u64) {
    gauge.set(i64::try_from(value).unwrap_or(i64::MAX));
}

fn add(counters: &[IntCounter], at: usize) {
    if let Some(counter) = counters.get(at) {
        counter.inc();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_recorded_is_rendered() {
        let metrics = Metrics::default();
        let mut tally = CommitCounts::default();
        tally.accepted(EventType::USER_DELETED, 3);
        metrics.committed(5, Duration::from_millis(2), tally);
        metrics.attempt_began(Duration::from_millis(40));
        metrics.attempt_began(Duration::from_millis(1));
        let failed = EndedAttempt {
            kind: AttemptKind::Retry,
            http_status: Some(503),
            error: Some(AttemptError::UnexpectedStatus),
            took: Duration::from_millis(30),
        };
        metrics.attempt_ended(failed);
        metrics.answered("GET", "/v1/webhooks/{id}", 404, Duration::from_millis(1));
        metrics.read(Overview { held: 7, ..Overview::default() }, Timestamp::from_seconds(0));
        metrics.disk(DiskLevel::VeryLow, 12_345);
        let text = metrics.render();
        for line in [
            "tm_hooks_events_accepted_total{type=\"user.deleted\"} 1",
            "tm_hooks_events_accepted_total{type=\"user.inserted\"} 0",
            "tm_hooks_deliveries_made_total 3",
            "tm_hooks_commit_jobs_sum 5",
            "tm_hooks_attempts_total{kind=\"retry\",outcome=\"failed\"} 1",
            "tm_hooks_attempts_total{kind=\"retry\",outcome=\"succeeded\"} 0",
            "tm_hooks_attempt_failures_total{error=\"unexpected_status\"} 1",
            "tm_hooks_answers_total{class=\"5xx\"} 1",
            "tm_hooks_attempts_in_flight 1",
            "tm_hooks_attempt_lag_seconds_bucket{le=\"0.005\"} 1",
            "tm_hooks_attempt_lag_seconds_count 2",
            "tm_hooks_http_requests_total{method=\"GET\",route=\"/v1/webhooks/{id}\",status=\"4xx\"} 1",
            "tm_hooks_queue_deliveries{webhook=\"disabled\"} 7",
            "tm_hooks_disk_guard_level 2",
            "tm_hooks_disk_free_bytes 12345",
        ] {
            assert!(text.lines().any(|found| found == line), "{line} is not in\n{text}");
        }
        assert!(text.contains("process_start_time_seconds ") && text.contains("tm_hooks_build_info{version=\""));
        assert_eq!(metrics.disk_level(), DiskLevel::VeryLow);
    }

    #[test]
    fn it_knows_when_the_engine_last_looked_for_work() {
        let metrics = Metrics::default();
        assert_eq!(metrics.since_last_round(), None);
        metrics.round_began();
        assert!(metrics.since_last_round().is_some_and(|since| since < Duration::from_secs(60)));
    }
}
