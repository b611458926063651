//! Tests that counts stay the same as they grow old, whatever is done with them and wherever it is interrupted.

use std::{collections::BTreeSet, time::Duration};

use super::{
    Source,
    stats::{ended_at, expect_a_brute_force},
    world::{Dice, Ending, START, World},
};
use crate::{
    domain::{
        attempt::Attempt,
        delivery::DeliveryStatus,
        event::EventType,
        query::{AttemptQuery, StatsQuery},
        stats::{GroupBy, Stats},
        time::Timestamp,
    },
    service::store::{Completion, InstanceId, Next, Retention},
};

const HOUR: u64 = 3600;
const DAY: u64 = 24 * HOUR;

/// Attempts of two webhooks over this number of hours, each with another duration.
async fn some_hours(world: &World, dice: &mut Dice, hours: usize) {
    let instance = world.join().await;
    for _ in 0..2 {
        world.webhook(&["*"]).await;
    }
    for _ in 0..hours {
        for _ in 0..4 {
            world.event(EventType::KNOWN[dice.below(6)]).await;
            world.advance(dice.below(1800) as u64);
        }
        end_some(world, dice, instance).await;
    }
}

/// Ends what is due, each attempt with another duration.
async fn end_some(world: &World, dice: &mut Dice, instance: InstanceId) {
    let claims = world.claim(instance, 16).await;
    let completions = claims.iter().map(|claim| {
        let (ending, next) = match dice.below(3) {
            0 => (Ending::Answered(503), DeliveryStatus::Exhausted),
            _ => (Ending::Answered(204), DeliveryStatus::Succeeded),
        };
        let ended = world.completion(claim, ending, Next::End(next));
        let took = Duration::from_millis(dice.below(20_000) as u64);
        Completion { started_at: ended.finished_at.minus(took), ..ended }
    });
    world.store.complete(completions.collect()).await.unwrap();
}

/// The counts from `since`, grouped in every way.
async fn counted(world: &World, since: Timestamp, until: Timestamp) -> Vec<Stats> {
    let mut all = Vec::new();
    for by in GroupBy::ALL {
        let zone = Some("Asia/Kolkata".parse().unwrap());
        let window = (Some(since), Some(until));
        let query =
            StatsQuery { since: window.0, until: window.1, by: Some(*by), time_zone: zone, ..StatsQuery::default() };
        all.push(world.store.stats(query, world.now()).await.unwrap());
    }
    all
}

pub(super) async fn percentiles_are_told_for_35_days(source: &dyn Source) {
    let world = World::new(source).await;
    let started = world.now();
    some_hours(&world, &mut Dice::new(31), 4).await;
    let until = world.now();
    let told = async || {
        let stats = counted(&world, started, until).await;
        let groups = stats.iter().flat_map(|stats| &stats.groups).filter(|group| group.key != "no answer");
        let told: Vec<bool> = groups.flat_map(|group| [group.p50_ms, group.p95_ms]).map(|it| it.is_some()).collect();
        (stats[0].attempts, [stats[0].p50_ms.is_some(), stats[0].p95_ms.is_some()], told)
    };
    world.advance(34 * DAY + 12 * HOUR);
    while world.store.tidy(world.now().into(), Retention::default()).await.unwrap().more {}
    let (attempts, total, groups) = told().await;
    assert!(attempts > 20 && total == [true; 2] && groups.iter().all(|told| *told), "{groups:?}");
    world.advance(12 * HOUR + HOUR);
    let before_tidying = told().await;
    assert_eq!((before_tidying.0, before_tidying.1), (attempts, [false; 2]), "of a part of them nothing is told");
    while world.store.tidy(world.now().into(), Retention::default()).await.unwrap().more {}
    assert_eq!(told().await, before_tidying);
    world.advance(DAY);
    while world.store.tidy(world.now().into(), Retention::default()).await.unwrap().more {}
    assert!(told().await.2.iter().all(|told| !told));
}

/// Ends an attempt of a new event now, after this number of milliseconds.
async fn answered(world: &World, instance: InstanceId, millis: u64) {
    world.event(EventType::USER_INSERTED).await;
    let claim = world.claim(instance, 1).await.remove(0);
    let next = Next::End(DeliveryStatus::Succeeded);
    assert!(world.end_after(&claim, Ending::Answered(204), next, millis).await);
}

pub(super) async fn a_window_across_the_edge_of_durations_tells_them_of_none_or_of_all(source: &dyn Source) {
    let world = World::new(source).await;
    let first_day = START - START % DAY as i64;
    let at = |hours: u64| Timestamp::from_seconds(first_day).plus(Duration::from_secs(hours * HOUR));
    world.clock.set(at(0));
    world.webhook(&["*"]).await;
    let instance = world.join().await;
    for (hours, millis) in [(23, 10), (24 + 6, 20), (24 + 18, 30), (48 + 18, 31)] {
        world.clock.set(at(hours));
        answered(&world, instance, millis).await;
    }
    let told = async |since: u64, until: u64| {
        let stats = counted(&world, at(since), at(until)).await;
        let totals: BTreeSet<_> = stats.iter().map(|stats| (stats.attempts, stats.p50_ms, stats.p95_ms)).collect();
        assert_eq!(totals.len(), 1, "it is the same, however it is grouped: {totals:?}");
        let hours = stats.iter().find(|stats| stats.by == Some(GroupBy::Hour)).unwrap();
        let groups: Vec<_> = hours.groups.iter().map(|group| group.p50_ms).collect();
        (totals.into_iter().next().unwrap(), groups)
    };
    // Durations begin at noon of the second day; some attempts of that day have none.
    world.clock.set(at(35 * 24 + 24 + 12));
    for tidied in [false, true] {
        while tidied && world.store.tidy(world.now().into(), Retention::default()).await.unwrap().more {}
        let none = (3, None, None);
        assert_eq!(told(0, 48).await, (none, vec![None, None, Some(30)]), "the whole has none, a young part has");
        assert_eq!(told(24, 48).await, ((2, None, None), vec![None, Some(30)]));
        assert_eq!(told(24 + 7, 48).await, ((1, Some(30), Some(30)), vec![Some(30)]), "nothing ended before noon");
    }
    // Now they begin at noon of the third day, whose attempts have all of theirs.
    world.clock.set(at(35 * 24 + 48 + 12));
    for tidied in [false, true] {
        while tidied && world.store.tidy(world.now().into(), Retention::default()).await.unwrap().more {}
        assert_eq!(told(48, 72).await, ((1, Some(31), Some(31)), vec![Some(31)]));
        assert_eq!(told(24, 72).await, ((3, None, None), vec![None, None, Some(31)]));
    }
}

pub(super) async fn folding_neither_loses_nor_doubles_a_count(source: &dyn Source) {
    let mut world = World::new(source).await;
    let since = world.now();
    some_hours(&world, &mut Dice::new(29), 60).await;
    let until = world.now();
    world.advance(36 * DAY + 20 * HOUR);
    let before = counted(&world, since, until).await;
    assert!(before[0].attempts > 300 && before[0].failed > 50, "{:?}", before[0]);
    let mut steps = 0;
    loop {
        let tidied = world.store.tidy(world.now().into(), Retention::default()).await.unwrap();
        steps += 1;
        assert_eq!(counted(&world, since, until).await, before, "after {steps} steps");
        if source.is_shared() && steps % 2 == 0 {
            // The process ends, and the next one continues.
            world = world.beside(source).await;
        }
        if !tidied.more {
            break;
        }
    }
    assert!(steps > 4, "{steps} steps");
}

pub(super) async fn sums_of_hours_equal_their_counts(source: &dyn Source) {
    let world = World::new(source).await;
    let mut dice = Dice::new(37);
    let instance = world.join().await;
    for _ in 0..3 {
        world.webhook(&["*"]).await;
    }
    let (mut steps, mut late) = (0, 0);
    for _ in 0..90 {
        let time = world.now();
        // Sometimes the clock is some hours behind, so that attempts count in hours that are already summed.
        let behind = if dice.below(4) == 0 { dice.below(30 * HOUR as usize) as u64 } else { 0 };
        for _ in 0..1 + dice.below(3) {
            world.event(EventType::KNOWN[dice.below(6)]).await;
        }
        world.clock.set(time.minus(Duration::from_secs(behind)));
        world.event(EventType::KNOWN[dice.below(6)]).await;
        end_some(&world, &mut dice, instance).await;
        late += u32::from(behind > 3 * HOUR);
        if dice.below(2) == 0 {
            world.store.tidy(world.now().into(), Retention::default()).await.unwrap();
            steps += 1;
        }
        world.clock.set(time.plus(Duration::from_secs(dice.below(4 * HOUR as usize) as u64)));
        if dice.below(3) == 0 {
            some_windows(&world, &mut dice).await;
        }
    }
    assert!(steps > 20 && late > 10, "{steps} steps, {late} late ones");
    while world.store.tidy(world.now().into(), Retention::default()).await.unwrap().more {}
    for _ in 0..10 {
        some_windows(&world, &mut dice).await;
    }
}

/// Compares some windows with their attempts, of one webhook and of all, over everything that is summed.
async fn some_windows(world: &World, dice: &mut Dice) {
    let history: Vec<Attempt> = world.attempts(AttemptQuery::default(), 100).await;
    let Some(latest) = history.iter().map(ended_at).max() else { return };
    let now = world.now().max(latest);
    for by in [None, Some(GroupBy::Webhook), Some(GroupBy::Event), Some(GroupBy::Code), Some(GroupBy::Day)] {
        let webhook = history[dice.below(history.len())].webhook_id;
        let since = now.minus(Duration::from_secs(1 + dice.below(9 * DAY as usize) as u64));
        let until = since.plus(Duration::from_secs(1 + dice.below(9 * DAY as usize) as u64));
        let (since, until) = (Some(since), (dice.below(2) == 0).then_some(until));
        let time_zone = Some(["UTC", "Asia/Kolkata"][dice.below(2)].parse().unwrap());
        for webhook in [None, Some(webhook)] {
            let query = StatsQuery { webhook, since, until, by, time_zone: time_zone.clone() };
            expect_a_brute_force(world, &history, query, now).await;
        }
    }
}
