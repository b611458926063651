//! Compares error rates with a brute force over the history.

use std::{collections::BTreeMap, time::Duration};

use super::{
    Source,
    history::random_history,
    world::{Dice, Ending, START, World},
};
use crate::{
    domain::{
        attempt::{Attempt, AttemptKind, AttemptStatus},
        calendar::{Unit, Zone},
        delivery::DeliveryStatus,
        event::EventType,
        patch::Patch,
        query::{AttemptQuery, StatsQuery},
        stats::{GroupBy, Stats, bucket_of, error_rate},
        time::Timestamp,
        webhook::WebhookPatch,
    },
    service::store::{Change, Next, StartedTest},
};

/// The end of an attempt.
pub(super) fn ended_at(attempt: &Attempt) -> Timestamp {
    attempt.started_at.plus(Duration::from_millis(attempt.duration_ms.unwrap()))
}

fn failed(attempt: &Attempt) -> bool {
    attempt.status == AttemptStatus::Failed
}

/// The name of an attempt's group; for a group in time, the local hour or day in which its count begins.
fn key(by: GroupBy, attempt: &Attempt, zone: &Zone, grain: Duration) -> String {
    let counted = ended_at(attempt).as_micros().div_euclid(grain.as_micros() as i64) * grain.as_micros() as i64;
    let counted = Timestamp::from_micros(counted);
    match by {
        GroupBy::Webhook => attempt.webhook_id.to_string(),
        GroupBy::Event => attempt.event_type.to_string(),
        GroupBy::Code => attempt.http_status.map_or("no answer".to_owned(), |status| status.to_string()),
        GroupBy::Hour => zone.period(Unit::Hour, counted, grain).name,
        GroupBy::Day => zone.shown(counted, "%Y-%m-%d"),
    }
}

/// Checks that percentiles are within 6 % of the exact ones.
fn expect_percentiles(found: [Option<u64>; 2], durations: &mut [u64]) {
    durations.sort_unstable();
    for (percent, found) in [50, 95].into_iter().zip(found) {
        let rank = (durations.len() * percent).div_ceil(100);
        let expected = rank.checked_sub(1).map(|at| durations[at]);
        assert_eq!(found.is_some(), expected.is_some(), "{durations:?}");
        let off = found.zip(expected).map_or(0, |(found, expected)| found.abs_diff(expected) * 100);
        assert!(off <= expected.unwrap_or(0) * 6, "p{percent} is {found:?}, not {expected:?}");
    }
}

pub(super) async fn rates_equal_a_brute_force(source: &dyn Source) {
    let world = World::new(source).await;
    let mut dice = Dice::new(5);
    let (history, _) = random_history(&world, &mut dice, 80).await;
    let latest = history.iter().map(ended_at).max().unwrap();
    for _ in 0..120 {
        // The windows last from minutes to days; they end when most has happened or long after, before or after now.
        let now = latest.plus(Duration::from_secs(dice.below(40 * 3600) as u64));
        let since = now.minus(Duration::from_secs(1 + dice.below(72 * 3600) as u64));
        let until = since.plus(Duration::from_secs(1 + dice.below(72 * 3600) as u64));
        let until = (dice.below(2) == 0).then_some(until);
        let webhook = (dice.below(2) == 0).then(|| history[dice.below(history.len())].webhook_id);
        let by = GroupBy::ALL[dice.below(5)];
        let zone: Zone = ["UTC", "Europe/Berlin", "Asia/Kolkata", "Asia/Kathmandu"][dice.below(4)].parse().unwrap();
        let query = StatsQuery { webhook, since: Some(since), until, by: Some(by), time_zone: Some(zone) };
        let stats = expect_a_brute_force(&world, &history, query, now).await;
        let named = |name: &Option<String>| name.as_ref().is_some_and(|name| name.starts_with("Receiver "));
        assert!(stats.groups.iter().all(|group| named(&group.name) == (by == GroupBy::Webhook)));
    }
}

/// Queries rates and percentiles of everything that has ended by now, and compares them with a brute force.
pub(super) async fn expect_a_brute_force(
    world: &World,
    history: &[Attempt],
    query: StatsQuery,
    now: Timestamp,
) -> Stats {
    let stats = world.store.stats(query.clone(), now).await.unwrap();
    let zone = query.time_zone.clone().unwrap_or_default();
    let since = query.since.unwrap();
    let fine = now.since(since) <= Duration::from_secs(48 * 3600);
    let grain = Duration::from_secs(if fine { 300 } else { 3600 });
    assert!(stats.from <= since && since.since(stats.from) < grain, "{query:?}");
    let end = query.until.unwrap_or(now).min(now);
    assert!(stats.to <= now && stats.to >= end && stats.to.since(end) < grain, "{query:?}");
    let mut groups: BTreeMap<String, (u64, u64)> = BTreeMap::new();
    let mut durations: BTreeMap<String, Vec<u64>> = BTreeMap::new();
    let mut all_durations = Vec::new();
    let counted = history.iter().filter(|attempt| {
        attempt.kind != AttemptKind::Test
            && query.webhook.is_none_or(|webhook| webhook == attempt.webhook_id)
            && ended_at(attempt) >= stats.from
            // Attempts that end now count as well.
            && (ended_at(attempt) < stats.to || stats.to == now)
    });
    let mut total = (0, 0);
    for attempt in counted {
        let key = query.by.map(|by| key(by, attempt, &zone, grain));
        if attempt.http_status.is_some() {
            all_durations.extend(attempt.duration_ms);
            key.iter().for_each(|key| durations.entry(key.clone()).or_default().extend(attempt.duration_ms));
        }
        for counts in key.map(|key| groups.entry(key).or_default()).into_iter().chain([&mut total]) {
            counts.0 += 1;
            counts.1 += u64::from(failed(attempt));
        }
    }
    assert_eq!((stats.attempts, stats.failed), total, "{query:?} at {now}");
    assert_eq!(stats.error_rate, error_rate(total.1, total.0));
    let found = stats.groups.iter().map(|group| (group.key.clone(), (group.attempts, group.failed)));
    assert_eq!(found.collect::<Vec<_>>(), groups.into_iter().collect::<Vec<_>>(), "{query:?} at {now}");
    expect_percentiles([stats.p50_ms, stats.p95_ms], &mut all_durations);
    for group in &stats.groups {
        expect_percentiles([group.p50_ms, group.p95_ms], durations.entry(group.key.clone()).or_default());
    }
    expect_spans(&stats);
    stats
}

/// Checks that groups lie in the window: groups in time one after the other, other groups side by side.
fn expect_spans(stats: &Stats) {
    let spans: Vec<_> = stats.groups.iter().map(|group| (group.from.unwrap(), group.to.unwrap())).collect();
    assert!(spans.iter().all(|(from, to)| *from >= stats.from && to > from && *to <= stats.to), "{stats:?}");
    let in_order = spans.is_sorted_by(|(_, to), (from, _)| to <= from);
    assert_eq!(in_order, stats.by.is_some_and(|by| by.unit().is_some()) || spans.len() < 2, "{stats:?}");
}

pub(super) async fn the_rate_of_24_h_ends_at_the_edges_of_buckets(source: &dyn Source) {
    let world = World::new(source).await;
    let webhook = world.webhook(&["*"]).await;
    let instance = world.join().await;
    // There is one failure at each moment around the edges of five minutes and of hours.
    let moments: Vec<i64> = [-1, 0, 1, 299, 300, 301, 1199, 1200, 1201, 3599, 3600, 86_399, 86_400].to_vec();
    for second in &moments {
        world.clock.set(Timestamp::from_seconds(START + second));
        let test =
            world.store.start_test(world.test_of(webhook.id, instance), Change::at(world.now(), None)).await.unwrap();
        let StartedTest::New(test) = test else { panic!("it is new") };
        world.end(&test, Ending::Refused, Next::End(DeliveryStatus::Exhausted)).await;
        // A new URL clears the failures each time, because a webhook that keeps failing is paused.
        let url = Patch::Value(format!("https://receiver.example.com/{second}"));
        let moved = WebhookPatch { url, ..WebhookPatch::default() };
        world.store.update_webhook(webhook.id, moved, None, Change::at(world.now(), None)).await.unwrap();
        world.event(EventType::USER_INSERTED).await;
        let claim = world.claim(instance, 1).await.remove(0);
        assert!(world.end(&claim, Ending::Refused, Next::End(DeliveryStatus::Exhausted)).await);
    }
    for second in (0..2 * 86_400).step_by(60) {
        let now = Timestamp::from_seconds(START + second);
        let buckets = bucket_of(now) - 287..=bucket_of(now);
        let ended = moments.iter().map(|second| bucket_of(Timestamp::from_seconds(START + second)));
        let expected = ended.filter(|bucket| buckets.contains(bucket)).count() as u64;
        if second % 300 == 240 || second % 300 == 0 {
            let shown = world.store.webhook(webhook.id, now).await.unwrap().unwrap();
            assert_eq!((shown.attempts24h, shown.failed24h), (expected, expected), "at {second} s");
        }
    }
    let all = world.store.stats(StatsQuery::default(), world.now()).await.unwrap();
    let shown = world.store.webhook(webhook.id, world.now()).await.unwrap().unwrap();
    assert_eq!((all.attempts, all.failed), (shown.attempts24h, shown.failed24h), "without a start it is the same");
}

pub(super) async fn the_history_of_a_deleted_webhook_still_counts(source: &dyn Source) {
    let world = World::new(source).await;
    let webhook = world.webhook(&["*"]).await;
    let instance = world.join().await;
    world.event(EventType::USER_INSERTED).await;
    world.succeed(&world.claim(instance, 1).await[0]).await;
    world.store.delete_webhook(webhook.id, None, Change::at(world.now(), None)).await.unwrap();
    let query = StatsQuery { by: Some(GroupBy::Webhook), ..StatsQuery::default() };
    let stats = world.store.stats(query, world.now()).await.unwrap();
    assert_eq!((stats.attempts, stats.failed, stats.error_rate), (1, 0, Some(0.0)));
    assert_eq!((stats.groups[0].key.as_str(), &stats.groups[0].name), (webhook.id.to_string().as_str(), &None));
    let found = world.attempts(AttemptQuery { webhook: Some(webhook.id), ..AttemptQuery::default() }, 10).await;
    assert_eq!(found.len(), 1);
    let nobody = StatsQuery { webhook: Some("wh_0000000000".parse().unwrap()), ..StatsQuery::default() };
    assert_eq!(world.store.stats(nobody, world.now()).await.unwrap().error_rate, None);
}
