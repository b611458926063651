//! Compares error rates with a count by hand over a thousand small random histories: across the edges of windows, after
//! old history was deleted, and after a crash.

use std::time::Duration;

use super::{
    Source,
    world::{Dice, Ending, World},
};
use crate::{
    domain::{
        delivery::DeliveryStatus,
        event::EventType,
        ids::WebhookId,
        query::StatsQuery,
        stats::{bucket_of, error_rate},
        time::Timestamp,
    },
    service::store::{Change, InstanceId, Next, Retention, StartedTest},
};

const HOUR: usize = 3600;
const DAY: usize = 24 * HOUR;

/// One webhook's attempts without tests: the end of each, and whether it failed.
#[derive(Default)]
struct Ended(Vec<(Timestamp, bool)>);

impl Ended {
    fn latest(&self) -> Option<Timestamp> {
        self.0.iter().map(|(at, _)| *at).max()
    }

    /// The number of matching attempts, and of those that failed.
    fn count(&self, passes: impl Fn(Timestamp) -> bool) -> (u64, u64) {
        let passing = self.0.iter().filter(|(at, _)| passes(*at));
        (passing.clone().count() as u64, passing.filter(|(_, failed)| *failed).count() as u64)
    }
}

/// A store that runs through one history after the other.
struct Story<'a> {
    source: &'a dyn Source,
    world: World,
    instance: InstanceId,
    dice: Dice,
    crashes: usize,
}

impl Story<'_> {
    /// Moves the clock near the edge of a bucket, an hour or a day, forward, or back.
    fn move_clock(&mut self) {
        let now = self.world.now().as_micros();
        let edge = |seconds: usize| {
            let span = seconds as i64 * 1_000_000;
            (now / span + 1) * span
        };
        let edges = [edge(300), edge(300), edge(HOUR), edge(DAY)];
        let around = [-1, 0, 1][self.dice.below(3)];
        let next = match self.dice.below(6) {
            at @ 0..4 => edges[at] + around,
            4 => now + self.dice.below(6 * HOUR) as i64 * 1_000_000,
            _ => now - self.dice.below(HOUR) as i64 * 1_000_000,
        };
        self.world.clock.set(Timestamp::from_micros(next));
    }

    /// Accepts an event and attempts what is due.
    async fn some_attempts(&mut self, webhook: WebhookId, ended: &mut Ended) {
        self.world.event(EventType::KNOWN[self.dice.below(6)]).await;
        if self.dice.below(8) == 0 {
            let test = self.world.test_of(webhook, self.instance);
            let started = self.world.store.start_test(test, Change::at(self.world.now(), None)).await.unwrap();
            let StartedTest::New(test) = started else { panic!("it is new") };
            self.world.end(&test, Ending::Refused, Next::End(DeliveryStatus::Exhausted)).await;
        }
        let claims = self.world.claim(self.instance, 4).await;
        let mut completions = Vec::new();
        for claim in &claims {
            let again = Next::Retry(self.world.now().plus(Duration::from_secs(self.dice.below(900) as u64)));
            let (ending, next) = match self.dice.below(4) {
                0 => (Ending::Answered(503), again),
                1 => (Ending::Refused, Next::End(DeliveryStatus::Exhausted)),
                _ => (Ending::Answered(204), Next::End(DeliveryStatus::Succeeded)),
            };
            // Some attempts are cut short by a crash; they are made and counted later.
            if self.crashes > 0 && self.dice.below(9) == 0 {
                continue;
            }
            completions.push(self.world.completion(claim, ending, next));
            ended.0.push((self.world.now(), !matches!(ending, Ending::Answered(204))));
        }
        self.world.store.complete(completions.into()).await.unwrap();
    }

    /// Ends the process without `leave`; another one takes over.
    async fn crash(&mut self) {
        let next = self.world.beside(self.source).await;
        self.world = next;
        self.world.store.free_abandoned(self.world.now()).await.unwrap();
        self.instance = self.world.join().await;
        self.crashes += 1;
    }

    async fn let_old_history_go(&mut self) {
        self.world.advance(self.dice.below(40 * DAY) as u64);
        while self.world.store.tidy(self.world.now().into(), Retention::default()).await.unwrap().more {}
    }

    async fn check(&mut self, webhook: WebhookId, ended: &Ended, number: usize) {
        let now = self.world.now();
        let shown = self.world.store.webhook(webhook, now).await.unwrap().unwrap();
        let buckets = bucket_of(now) - 287..=bucket_of(now);
        let (attempts, failed) = ended.count(|at| buckets.contains(&bucket_of(at)));
        assert_eq!((shown.attempts24h, shown.failed24h), (attempts, failed), "history {number} at {now}");
        assert_eq!(shown.error_rate, error_rate(failed, attempts));

        let longest = [2 * HOUR, 2 * DAY, 60 * DAY][self.dice.below(3)];
        let since = now.minus(Duration::from_secs(self.dice.below(longest) as u64));
        let query = StatsQuery { webhook: Some(webhook), since: Some(since), ..StatsQuery::default() };
        let stats = self.world.store.stats(query, now).await.unwrap();
        let grain = if longest <= 2 * DAY { 300 } else { HOUR };
        assert!(stats.from <= since && since.since(stats.from) < Duration::from_secs(grain as u64), "history {number}");
        let counted = ended.count(|at| at >= stats.from);
        assert_eq!((stats.attempts, stats.failed), counted, "history {number}: from {} at {now}", stats.from);
        assert_eq!(stats.error_rate, error_rate(counted.1, counted.0));
    }

    async fn history(&mut self, number: usize) -> usize {
        let webhook = self.world.webhook(&["*"]).await.id;
        let mut ended = Ended::default();
        for _ in 0..1 + self.dice.below(4) {
            self.some_attempts(webhook, &mut ended).await;
            self.move_clock();
        }
        if self.source.is_shared() && self.dice.below(4) == 0 {
            self.crash().await;
            self.some_attempts(webhook, &mut ended).await;
        }
        // A window must not end before its attempts.
        let now = self.world.now();
        self.world.clock.set(ended.latest().map_or(now, |latest| latest.max(now)));
        self.check(webhook, &ended, number).await;
        if self.dice.below(4) == 0 {
            self.let_old_history_go().await;
            self.check(webhook, &ended, number).await;
        }
        self.world.store.delete_webhook(webhook, None, Change::at(self.world.now(), None)).await.unwrap();
        ended.0.len()
    }
}

/// There are a thousand histories in all: most of them in the store with the cheapest commits, the rest in the one that
/// can crash.
pub(super) async fn rates_of_random_histories_equal_a_count_by_hand(source: &dyn Source) {
    let (histories, seed) = if source.is_shared() { (50, 17) } else { (950, 19) };
    let world = World::new(source).await;
    let instance = world.join().await;
    let mut story = Story { source, world, instance, dice: Dice::new(seed), crashes: 0 };
    let mut attempts = 0;
    for number in 0..histories {
        attempts += story.history(number).await;
    }
    assert!(attempts > histories * 2, "{attempts} attempts in all");
    assert_eq!(story.crashes > 5, source.is_shared(), "{} crashes", story.crashes);
}
