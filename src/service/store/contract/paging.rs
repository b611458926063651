//! Tests paging while new rows arrive.

use std::{
    collections::BTreeSet,
    fmt::Debug,
    sync::atomic::{AtomicBool, AtomicUsize, Ordering},
};

use super::{
    Source,
    world::{Ending, World, first_page},
};
use crate::{
    domain::{
        delivery::DeliveryStatus,
        event::EventType,
        page::{Page, PageRequest},
        query::{AttemptQuery, EventQuery},
    },
    service::store::{InstanceId, Next, Result},
};

/// The number of rows at the start.
const AT_FIRST: usize = 120;
/// The least number of rows that arrive between two pages.
const TOGETHER: usize = 8;
/// The number of rows in a page.
const PAGE: u64 = 10;

/// Creates some events and ends their deliveries.
async fn pour(world: &World, instance: InstanceId) -> usize {
    for _ in 0..TOGETHER {
        world.event(EventType::USER_INSERTED).await;
    }
    let claims = world.claim(instance, TOGETHER).await;
    let succeeded = Next::End(DeliveryStatus::Succeeded);
    let completions = claims.iter().map(|claim| world.completion(claim, Ending::Answered(204), succeeded));
    world.store.complete(completions.collect()).await.unwrap();
    claims.len()
}

/// Reads a list to its end while rows arrive; the rows from the start must appear once and in order.
async fn read_through<T: Ord + Copy + Debug>(
    at_first: &[T],
    pour: impl AsyncFn() -> usize,
    read: impl AsyncFn(PageRequest) -> Result<Page<T>>,
) {
    let (reading, poured) = (AtomicBool::new(true), AtomicUsize::new(0));
    let pouring = async {
        while reading.load(Ordering::SeqCst) {
            poured.fetch_add(pour().await, Ordering::SeqCst);
        }
    };
    let walking = async {
        let (mut found, mut page) = (Vec::new(), first_page(PAGE));
        loop {
            let before = poured.load(Ordering::SeqCst);
            let Page { data, next } = read(page.clone()).await.unwrap();
            found.extend(data);
            let Some(next) = next else { break };
            page.cursor = Some(next);
            while poured.load(Ordering::SeqCst) == before {
                tokio::task::yield_now().await;
            }
        }
        reading.store(false, Ordering::SeqCst);
        found
    };
    let (found, ()) = tokio::join!(walking, pouring);
    let old: Vec<T> = found.iter().copied().filter(|row| at_first.contains(row)).collect();
    assert_eq!(old, at_first, "each once, in order");
    assert_eq!(found.iter().collect::<BTreeSet<_>>().len(), found.len(), "nothing new came twice either");
    let poured = poured.load(Ordering::SeqCst);
    assert!(poured >= AT_FIRST / PAGE as usize * TOGETHER, "only {poured} rows came meanwhile");
}

pub(super) async fn pages_are_whole_while_rows_pour_in(source: &dyn Source) {
    let world = World::new(source).await;
    world.webhook(&["*"]).await;
    let instance = world.join().await;
    let mut made = 0;
    while made < AT_FIRST {
        made += pour(&world, instance).await;
    }
    let more = async || pour(&world, instance).await;
    let attempts = async |page| {
        let Page { data, next } = world.store.attempts(AttemptQuery::default(), page).await?;
        Ok(Page { data: data.into_iter().map(|attempt| attempt.id).collect(), next })
    };
    let at_first: Vec<_> = attempts(first_page(250)).await.unwrap().data;
    read_through(&at_first, more, attempts).await;

    let events = async |page| {
        let query = EventQuery { event_type: Some(EventType::USER_INSERTED), ..EventQuery::default() };
        let Page { data, next } = world.store.events(query, page).await?;
        Ok(Page { data: data.into_iter().map(|event| event.id).collect(), next })
    };
    let mut at_first = Vec::new();
    let mut page = first_page(250);
    loop {
        let Page { data, next } = events(page.clone()).await.unwrap();
        at_first.extend(data);
        let Some(next) = next else { break };
        page.cursor = Some(next);
    }
    read_through(&at_first, more, events).await;
}
