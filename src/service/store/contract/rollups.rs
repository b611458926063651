//! Counts as they grow old: whatever is done with them, and wherever it is cut short, they stay what they were.

use std::time::Duration;

use super::{
    Source,
    world::{Dice, Ending, World},
};
use crate::{
    domain::{
        delivery::DeliveryStatus,
        event::EventType,
        query::StatsQuery,
        stats::{GroupBy, Stats},
        time::Timestamp,
    },
    service::store::{Completion, Next, Retention},
};

const HOUR: u64 = 3600;
const DAY: u64 = 24 * HOUR;

/// Attempts of two webhooks, about all over so many hours, each of them of another duration.
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
}

/// What is counted since a moment, by all that it can be counted by.
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
            // The process is gone, and the next goes on.
            world = world.beside(source).await;
        }
        if !tidied.more {
            break;
        }
    }
    assert!(steps > 4, "{steps} steps");
}
