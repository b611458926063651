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
