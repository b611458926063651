//! Compares what is deleted and what is kept with a brute force over histories of forty days.

use std::{collections::BTreeMap, time::Duration};

use super::{
    Source,
    world::{Dice, Ending, World, filters, first_page, idempotency_key, new_webhook, walk},
};
use crate::{
    domain::{
        attempt::Attempt,
        delivery::{Delivery, DeliveryStatus},
        event::EventType,
        ids::WebhookId,
        page::Page,
        patch::Patch,
        query::{AttemptQuery, EventQuery, StatsQuery},
        record::Event,
        stats::{GroupBy, Stats},
        time::Timestamp,
        webhook::{NewWebhook, WebhookPatch},
    },
    service::store::{Change, InstanceId, Next, Retention, Tidied},
};

const HOUR: u64 = 3600;
const DAY: u64 = 24 * HOUR;

/// Everything that was ever made, in its final state.
#[derive(Default)]
struct Model {
    events: Vec<Event>,
    attempts: Vec<Attempt>,
}

impl Model {
    fn deliveries(&self) -> impl Iterator<Item = &Delivery> {
        self.events.iter().flat_map(|event| event.deliveries.iter().flatten())
    }

    fn ended_at(attempt: &Attempt) -> Timestamp {
        attempt.started_at.plus(Duration::from_millis(attempt.duration_ms.unwrap()))
    }

    /// Reads again what may have changed.
    async fn refresh(&mut self, world: &World) {
        for event in &mut self.events {
            *event = world.store.event(event.id.into()).await.unwrap().unwrap();
        }
    }

    /// Whether any delivery of the event is pending.
    fn is_pending(event: &Event) -> bool {
        event.deliveries.iter().flatten().any(|delivery| delivery.status == DeliveryStatus::Pending)
    }

    fn keeps_attempt(attempt: &Attempt, now: Timestamp, keep: Retention) -> bool {
        Self::ended_at(attempt) >= now.minus(keep.history)
    }

    /// A delivery is kept as long as its event.
    fn keeps_delivery(&self, delivery: &Delivery, now: Timestamp, keep: Retention) -> bool {
        self.keeps_event(self.event_of(delivery), now, keep)
    }

    /// Whether this delivery alone keeps its event.
    fn holds_its_event(&self, delivery: &Delivery, now: Timestamp, keep: Retention) -> bool {
        let mut attempts = self.attempts.iter().filter(|attempt| attempt.delivery_id == delivery.id);
        delivery.status == DeliveryStatus::Pending
            || delivery.finished_at.unwrap() >= now.minus(keep.history)
            || attempts.any(|attempt| Self::keeps_attempt(attempt, now, keep))
    }

    fn event_of(&self, delivery: &Delivery) -> &Event {
        self.events.iter().find(|event| event.id == delivery.event_id).unwrap()
    }

    fn keeps_event(&self, event: &Event, now: Timestamp, keep: Retention) -> bool {
        event.accepted_at >= now.minus(keep.history)
            || event.deliveries.iter().flatten().any(|delivery| self.holds_its_event(delivery, now, keep))
    }

    fn keeps_bodies(event: &Event, now: Timestamp, keep: Retention) -> bool {
        event.accepted_at >= now.minus(keep.bodies) || Self::is_pending(event)
    }

    /// Compares the store with what it must hold once nothing is left to tidy.
    async fn check(&self, world: &World, keep: Retention) {
        let now = world.now();
        let mut gone = [0usize; 4];
        for event in &self.events {
            let found = world.store.event(event.id.into()).await.unwrap();
            assert_eq!(found.is_some(), self.keeps_event(event, now, keep), "{event:?} at {now}");
            let Some(found) = found else {
                gone[0] += 1;
                continue;
            };
            assert_eq!(found.data.is_some(), Self::keeps_bodies(event, now, keep), "data of {event:?} at {now}");
            gone[1] += usize::from(found.data.is_none());
        }
        for delivery in self.deliveries() {
            let found = world.store.delivery(delivery.id).await.unwrap();
            assert_eq!(found.is_some(), self.keeps_delivery(delivery, now, keep), "{delivery:?} at {now}");
            gone[2] += usize::from(found.is_none());
        }
        for attempt in &self.attempts {
            let found = world.store.attempt(attempt.id).await.unwrap();
            assert_eq!(found.is_some(), Self::keeps_attempt(attempt, now, keep), "{attempt:?} at {now}");
            let Some(found) = found else {
                gone[3] += 1;
                continue;
            };
            let exchange_is_kept = Self::ended_at(attempt) >= now.minus(keep.bodies);
            assert_eq!(found.request.is_some(), exchange_is_kept, "exchange of {attempt:?} at {now}");
        }
        assert!(gone.iter().all(|gone| *gone > 0), "of everything something is gone: {gone:?}");
    }

    /// Counts a window by hand.
    fn count(&self, stats: &Stats, webhook: Option<WebhookId>) -> (u64, u64) {
        let counted = |attempt: &&Attempt| {
            webhook.is_none_or(|webhook| webhook == attempt.webhook_id) && Self::ended_at(attempt) >= stats.from
        };
        let all: Vec<_> = self.attempts.iter().filter(counted).collect();
        (all.len() as u64, all.iter().filter(|attempt| attempt.error.is_some()).count() as u64)
    }

    async fn check_rates(&self, world: &World, dice: &mut Dice) {
        for _ in 0..40 {
            let webhook = (dice.below(2) == 0).then(|| self.attempts[dice.below(self.attempts.len())].webhook_id);
            let since = Some(world.now().minus(Duration::from_secs(dice.below(60 * DAY as usize) as u64)));
            let query = StatsQuery { webhook, since, by: Some(GroupBy::Webhook), ..StatsQuery::default() };
            let stats = world.store.stats(query, world.now()).await.unwrap();
            assert_eq!((stats.attempts, stats.failed), self.count(&stats, webhook), "{stats:?}");
            assert!(stats.groups.iter().all(|group| group.key.starts_with("wh_")), "{:?}", stats.groups);
        }
    }
}

/// Tidies until nothing is left to do, in short steps; returns the number of deleted rows.
async fn tidy(world: &World, keep: Retention) -> usize {
    let mut removed = 0;
    loop {
        let tidied = world.store.tidy(world.now().into(), keep).await.unwrap();
        assert!(tidied.removed <= 280, "{tidied:?}");
        removed += tidied.removed;
        if !tidied.more {
            return removed;
        }
    }
}

/// Plays forty days: events; attempts that succeed, fail or are given up; a webhook that is disabled early.
async fn forty_days(world: &World, dice: &mut Dice) -> (Model, WebhookId, InstanceId) {
    let instance = world.join().await;
    let add = async |name: &str, wanted: &str| {
        let new = NewWebhook { events: filters(&[wanted]), ..new_webhook(name) };
        world.add(new).await.unwrap().id
    };
    add("All", "*").await;
    let held = add("Held", "attendance.*").await;
    let mut model = Model::default();
    for round in 0..160 {
        // A step is about six hours; sometimes the clock is set back by up to an hour.
        let step = dice.below(8 * HOUR as usize * 1_000_000) as i64 * 3 / 2 - HOUR as i64 * 500_000;
        world.clock.set(Timestamp::from_micros(world.now().as_micros() + step));
        if round == 20 {
            let patch = WebhookPatch { enabled: Patch::Value(false), ..WebhookPatch::default() };
            world.store.update_webhook(held, patch, None, Change::at(world.now(), None)).await.unwrap();
        }
        let accepted = world.event(EventType::KNOWN[dice.below(6)]).await;
        model.events.push(world.store.event(accepted.id.into()).await.unwrap().unwrap());
        for claim in world.claim(instance, 1 + dice.below(4)).await {
            let again = Next::Retry(world.now().plus(Duration::from_secs(dice.below(3 * DAY as usize) as u64)));
            let (ending, next) = match dice.below(4) {
                0 => (Ending::Answered(503), again),
                1 => (Ending::Refused, Next::End(DeliveryStatus::Exhausted)),
                _ => (Ending::Answered(204), Next::End(DeliveryStatus::Succeeded)),
            };
            assert!(world.end(&claim, ending, next).await);
            model.attempts.push(world.store.attempt(claim.attempt_id).await.unwrap().unwrap());
        }
    }
    model.refresh(world).await;
    (model, held, instance)
}

pub(super) async fn what_is_old_goes_and_what_is_pending_stays(source: &dyn Source) {
    let world = World::new(source).await;
    let mut dice = Dice::new(12);
    let (mut model, held, instance) = forty_days(&world, &mut dice).await;
    assert!(model.deliveries().any(|delivery| delivery.status == DeliveryStatus::Pending
        && delivery.webhook_id == held
        && delivery.created_at < world.now().minus(Duration::from_secs(30 * DAY))));
    model.check_rates(&world, &mut dice).await;
    let keep = Retention::default();
    assert!(tidy(&world, keep).await > 0);
    model.check(&world, keep).await;
    model.check_rates(&world, &mut dice).await;
    assert_eq!(tidy(&world, keep).await, 0, "it has come to its end");

    // A pass that continues where the last one ended finds what has expired since.
    world.advance(3 * DAY);
    tidy(&world, keep).await;
    model.check(&world, keep).await;

    // A pending delivery is sent with its body, and is deleted in its turn.
    let patch = WebhookPatch { enabled: Patch::Value(true), ..WebhookPatch::default() };
    world.store.update_webhook(held, patch, None, Change::at(world.now(), None)).await.unwrap();
    world.advance(60);
    loop {
        let claims = world.claim(instance, 8).await;
        if claims.is_empty() {
            break;
        }
        for claim in claims {
            assert!(!claim.body.bytes().unwrap().is_empty());
            world.succeed(&claim).await;
            model.attempts.push(world.store.attempt(claim.attempt_id).await.unwrap().unwrap());
        }
    }
    let left = world.store.queue(world.now()).await.unwrap();
    assert_eq!(left.due, 0);
    world.advance(2 * HOUR);
    for event in &mut model.events {
        if let Some(found) = world.store.event(event.id.into()).await.unwrap() {
            *event = Event { data: event.data.clone(), ..found };
        }
    }
    tidy(&world, keep).await;
    model.check(&world, keep).await;
    model.check_rates(&world, &mut dice).await;

    // With less space bodies are deleted earlier, and nothing else is.
    let short = Retention { bodies: Duration::from_secs(HOUR), ..keep };
    tidy(&world, short).await;
    model.check(&world, short).await;
    model.check_rates(&world, &mut dice).await;
}

pub(super) async fn pages_go_on_while_what_is_old_goes(source: &dyn Source) {
    let world = World::new(source).await;
    let mut dice = Dice::new(13);
    let (model, ..) = forty_days(&world, &mut dice).await;
    let keep = Retention { history: Duration::from_secs(10 * DAY), bodies: Duration::from_secs(DAY) };
    let mut page = first_page(20);
    let mut found = Vec::new();
    loop {
        let Page { data, next } = world.store.attempts(AttemptQuery::default(), page.clone()).await.unwrap();
        found.extend(data.into_iter().map(|attempt| attempt.id));
        // Between two pages some of the rows ahead are deleted.
        world.store.tidy(world.now().into(), keep).await.unwrap();
        let Some(next) = next else { break };
        page.cursor = Some(next);
    }
    tidy(&world, keep).await;
    let now = world.now();
    let kept: Vec<_> =
        model.attempts.iter().rev().filter(|it| Model::keeps_attempt(it, now, keep)).map(|it| it.id).collect();
    assert!(found.starts_with(&kept) && kept.len() > 20, "{} of {}", kept.len(), found.len());
    let rest = walk(7, async |page| world.store.attempts(AttemptQuery::default(), page).await).await;
    assert_eq!(rest.into_iter().map(|attempt| attempt.id).collect::<Vec<_>>(), kept);
    for days in [5, 9, 12, 30] {
        let since = now.minus(Duration::from_secs(days * DAY));
        let query = EventQuery { since: Some(since), ..EventQuery::default() };
        let found = walk(9, async |page| world.store.events(query.clone(), page).await).await.len();
        let expected = model.events.iter().filter(|event| event.accepted_at >= since);
        assert_eq!(found, expected.filter(|event| model.keeps_event(event, now, keep)).count(), "{days} days");
        let query = AttemptQuery { until: Some(since), ..AttemptQuery::default() };
        let found = world.attempts(query, 9).await.len();
        let expected = model.attempts.iter().filter(|attempt| attempt.started_at < since);
        assert_eq!(found, expected.filter(|attempt| Model::keeps_attempt(attempt, now, keep)).count(), "{days} days");
    }
}

pub(super) async fn a_new_store_has_nothing_to_tidy(source: &dyn Source) {
    let world = World::new(source).await;
    assert_eq!(world.store.tidy(world.now().into(), Retention::default()).await.unwrap(), Tidied::default());
    world.store.maintain().await.unwrap();
    let overview = world.store.overview(world.now()).await.unwrap();
    assert_eq!((overview.waiting, overview.oldest_due_at, overview.bytes > 0), (0, None, true));
}

pub(super) async fn counters_and_deleted_webhooks_go_after_13_months(source: &dyn Source) {
    let world = World::new(source).await;
    let webhook = world.webhook(&["*"]).await;
    let instance = world.join().await;
    world.event(EventType::USER_INSERTED).await;
    world.succeed(&world.claim(instance, 1).await[0]).await;
    world.store.delete_webhook(webhook.id, None, Change::at(world.now(), idempotency_key("k", 1))).await.unwrap();
    let by_webhook = async || {
        let query =
            StatsQuery { since: Some(Timestamp::from_seconds(0)), by: Some(GroupBy::Webhook), ..StatsQuery::default() };
        world.store.stats(query, world.now()).await.unwrap().groups.into_iter().map(|it| it.key).collect::<Vec<_>>()
    };
    world.advance(390 * DAY);
    assert!(tidy(&world, Retention::default()).await > 0);
    assert_eq!(by_webhook().await, [webhook.id.to_string()], "it is counted, and named");
    world.advance(6 * DAY + HOUR);
    assert!(by_webhook().await.is_empty(), "13 months are over, though nothing was tidied yet");
    assert_eq!(
        tidy(&world, Retention::default()).await,
        4,
        "its count of that hour and the sum of that hour, and two entries of the audit log"
    );
    world.advance(2 * DAY);
    assert_eq!(tidy(&world, Retention::default()).await, 3, "the webhook and its queue, and its sum of that day");
    let overview = world.store.overview(world.now()).await.unwrap();
    assert_eq!((overview.enabled, overview.disabled, overview.waiting), (0, 0, 0));
}

pub(super) async fn many_deliveries_of_one_event_go_in_short_steps(source: &dyn Source) {
    let world = World::new(source).await;
    let instance = world.join().await;
    for _ in 0..150 {
        world.webhook(&["*"]).await;
    }
    let accepted = [world.event(EventType::USER_INSERTED).await, world.event(EventType::USER_UPDATED).await];
    loop {
        let claims = world.claim(instance, 250).await;
        if claims.is_empty() {
            break;
        }
        for claim in claims {
            world.succeed(&claim).await;
        }
    }
    world.advance(31 * DAY);
    let removed = tidy(&world, Retention::default()).await;
    // Each event has its row, its data, one body, its deliveries, and for each of these an attempt and its exchange.
    let kept_besides = 2 * (3 + 150 * 3);
    assert!(removed >= kept_besides, "{removed}");
    for event in &accepted {
        assert_eq!(world.store.event(event.id.into()).await.unwrap(), None);
        let mut names = BTreeMap::new();
        for planned in &event.deliveries {
            names.insert(planned.id, world.store.delivery(planned.id).await.unwrap());
        }
        assert!(names.len() == 150 && names.values().all(Option::is_none));
    }
}

pub(super) async fn a_list_begun_when_all_was_gone_misses_nothing(source: &dyn Source) {
    let world = World::new(source).await;
    world.webhook(&["*"]).await;
    let instance = world.join().await;
    for _ in 0..3 {
        world.event(EventType::USER_INSERTED).await;
        world.succeed(&world.claim(instance, 1).await[0]).await;
    }
    world.advance(31 * DAY);
    tidy(&world, Retention::default()).await;
    for _ in 0..3 {
        world.event(EventType::USER_INSERTED).await;
    }
    let claims = world.claim(instance, 3).await;
    let first = world.store.attempts(AttemptQuery::default(), first_page(2)).await.unwrap();
    assert_eq!((first.data.len(), first.next.is_some()), (2, true));
    for claim in &claims {
        world.succeed(claim).await;
    }
    let mut page = first_page(2);
    page.cursor = first.next;
    let second = world.store.attempts(AttemptQuery::default(), page).await.unwrap();
    assert_eq!(second.data.iter().map(|attempt| attempt.id).collect::<Vec<_>>(), [claims[0].attempt_id]);
}

pub(super) async fn what_was_delivered_long_ago_is_not_missed(source: &dyn Source) {
    let world = World::new(source).await;
    let [done, held] = [world.webhook(&["*"]).await.id, world.webhook(&["*"]).await.id];
    let instance = world.join().await;
    let event = world.event(EventType::USER_INSERTED).await;
    world.switch(held, false).await;
    let claim = world.claim(instance, 9).await.remove(0);
    assert_eq!(claim.webhook_id, done);
    world.succeed(&claim).await;
    world.advance(40 * DAY);
    tidy(&world, Retention::default()).await;
    let kept = world.store.event(event.id.into()).await.unwrap().unwrap();
    assert!(kept.data.is_some(), "one of its deliveries is pending");

    let id = world.recover(world.window(None), None).await.id;
    world.advance_all().await;
    let recovery = world.store.recovery(id).await.unwrap().unwrap();
    assert_eq!((recovery.made, recovery.skipped), (0, 0), "it was delivered, forty days ago");
    assert!(world.claim(instance, 9).await.is_empty());
    world.switch(held, true).await;
    world.advance(60);
    let claims = world.claim(instance, 9).await;
    assert_eq!(claims.iter().map(|claim| claim.webhook_id).collect::<Vec<_>>(), [held]);
}

pub(super) async fn recoveries_that_have_ended_go_with_the_history(source: &dyn Source) {
    let world = World::new(source).await;
    let webhook = world.webhook(&["*"]).await.id;
    let cancelled = world.recover(world.window(None), None).await.id;
    world.store.cancel_recovery(cancelled, Change::at(world.now(), None)).await.unwrap();
    world.switch(webhook, false).await;
    world.event(EventType::USER_INSERTED).await;
    world.switch(webhook, true).await;
    let running = world.recover(world.window(None), None).await.id;
    world.advance_all().await;
    let is_kept = async |id| world.store.recovery(id).await.unwrap().is_some();
    world.advance(30 * DAY);
    tidy(&world, Retention::default()).await;
    assert!(is_kept(cancelled).await, "thirty days are not over");
    world.advance(1);
    tidy(&world, Retention::default()).await;
    assert_eq!((is_kept(cancelled).await, is_kept(running).await), (false, true));

    let instance = world.join().await;
    world.succeed(&world.claim(instance, 1).await[0]).await;
    let ended = world.store.recovery(running).await.unwrap().unwrap();
    assert_eq!((ended.made, ended.succeeded), (1, 1));
    world.advance(30 * DAY + 1);
    tidy(&world, Retention::default()).await;
    assert!(!is_kept(running).await);
}
