use std::{
    collections::BTreeMap,
    sync::{
        Mutex,
        atomic::{AtomicU64, Ordering},
    },
};

use super::*;
use crate::{
    domain::{
        event::EventType,
        ids::{EventId, WebhookId},
        payload::EventData,
        random::{Random, SystemRandom},
        secret::Secret,
        time::{ManualClock, Timestamp},
        webhook::NewWebhook,
    },
    service::store::{self, AcceptEvent, AddWebhook, Change, Location},
};

const HOUR: Duration = Duration::from_secs(3600);
const GIB: u64 = 1024 * 1024 * 1024;

/// Forty days of events that no webhook wanted, one every four hours, and a disk whose free space the test sets.
struct World {
    upkeep: Upkeep,
    free: Arc<AtomicU64>,
    events: Mutex<Vec<(EventId, Timestamp)>>,
    clock: Arc<ManualClock>,
}

impl World {
    async fn new() -> Self {
        let clock = Arc::new(ManualClock::new(Timestamp::from_seconds(1_795_455_600)));
        let store: Arc<dyn Store> =
            store::open(Location::Memory, None, Arc::new(SystemRandom), Arc::default()).unwrap();
        let free = Arc::new(AtomicU64::new(100 * GIB));
        let room = Arc::clone(&free);
        let disk: Disk = Box::new(move || Some(DiskSpace { size: 200 * GIB, free: room.load(Ordering::SeqCst) }));
        let upkeep = Upkeep::new(store, clock.clone(), Arc::default(), Retention::default(), disk);
        let world = World { upkeep, free, events: Mutex::default(), clock };
        for _ in 0..240 {
            world.clock.advance(4 * HOUR);
            world.accept().await;
        }
        world.clock.advance(Duration::from_secs(1));
        world
    }

    /// Starts another process's upkeep on the same store.
    fn restart(&mut self) {
        let Upkeep { store, clock, metrics, keep, .. } = &self.upkeep;
        let room = Arc::clone(&self.free);
        let disk: Disk = Box::new(move || Some(DiskSpace { size: 200 * GIB, free: room.load(Ordering::SeqCst) }));
        self.upkeep = Upkeep::new(store.clone(), clock.clone(), metrics.clone(), *keep, disk);
    }

    /// Adds a disabled webhook, which misses everything.
    async fn add_disabled(&self) {
        let random: &dyn Random = &SystemRandom;
        let new = NewWebhook {
            name: "Off".to_owned(),
            url: "https://receiver.example.com/hooks".to_owned(),
            events: vec!["*".parse().unwrap()],
            enabled: false,
            headers: BTreeMap::new(),
            scheme: None,
            sources: None,
            pinned_version: None,
            secret: None,
        };
        let add = AddWebhook { id: WebhookId::from_random(random.bytes()), new, secret: Secret::generate(random) };
        self.upkeep.store.add_webhook(add, Change::at(self.clock.now(), None)).await.unwrap();
    }

    async fn accept(&self) {
        let random: &dyn Random = &SystemRandom;
        let now = self.clock.now();
        let event_type = EventType::USER_INSERTED;
        let data = EventData::example(event_type);
        let id = EventId::new(now, random.bytes());
        let event = AcceptEvent { id, event_type, data, occurred_at: None, relayed: None };
        self.upkeep.store.accept_event(event, Change::at(now, None)).await.unwrap();
        self.events.lock().unwrap().push((id, now));
    }

    /// The age of the oldest kept event, and of the oldest one with data.
    async fn oldest(&self) -> (Option<Duration>, Option<Duration>) {
        let events = self.events.lock().unwrap().clone();
        let (mut kept, mut with_data) = (None, None);
        for (id, at) in events {
            let Some(event) = self.upkeep.store.event(id.into()).await.unwrap() else { continue };
            let age = self.clock.now().since(at);
            kept = kept.or(Some(age));
            with_data = with_data.or(event.data.map(|_| age));
        }
        (kept, with_data)
    }

    async fn with_free(&self, free: u64) -> DiskLevel {
        self.free.store(free, Ordering::SeqCst);
        let level = self.upkeep.guard().await;
        self.upkeep.tidy(level).await;
        level
    }
}

fn hours(age: Option<Duration>) -> Option<u64> {
    age.map(|age| age.as_secs() / 3600)
}

#[tokio::test]
async fn the_scarcer_the_space_the_earlier_bodies_go_and_history_stays() {
    let world = World::new().await;
    for (free, level, oldest_data) in [
        (100 * GIB, DiskLevel::Ample, Some(7 * 24 - 4)),
        (GIB - GIB / 8, DiskLevel::Low, Some(20)),
        (GIB / 2 - GIB / 16, DiskLevel::VeryLow, Some(0)),
        (GIB / 8, DiskLevel::Critical, None),
    ] {
        world.clock.advance(Duration::from_secs(1));
        assert_eq!(world.with_free(free).await, level);
        let (kept, with_data) = world.oldest().await;
        assert_eq!((hours(kept), hours(with_data)), (Some(30 * 24 - 4), oldest_data), "{level:?}");
        assert_eq!(world.upkeep.metrics.disk_level(), level);
        // The service goes on accepting events.
        world.accept().await;
    }
    assert_eq!(world.with_free(100 * GIB).await, DiskLevel::Ample);
    world.accept().await;
    world.clock.advance(3 * 24 * HOUR);
    world.with_free(100 * GIB).await;
    assert_eq!(hours(world.oldest().await.1), Some(72), "what came since is kept as long as ever");
}

#[test]
fn a_level_is_left_with_a_quarter_more_than_it_was_entered_with() {
    assert_eq!(level_of(999, 1000, DiskLevel::Ample), DiskLevel::Low);
    assert_eq!(level_of(1100, 1000, DiskLevel::Low), DiskLevel::Low);
    assert_eq!(level_of(1250, 1000, DiskLevel::Low), DiskLevel::Ample);
    assert_eq!(level_of(1100, 1000, DiskLevel::Ample), DiskLevel::Ample);
    assert_eq!(level_of(100, 1000, DiskLevel::Low), DiskLevel::Critical);
    assert_eq!(level_of(2000, 1000, DiskLevel::Critical), DiskLevel::Ample);
    assert_eq!(level_of(0, 0, DiskLevel::Ample), DiskLevel::Ample, "a disk of no size says nothing");
}

#[test]
fn a_real_disk_says_its_space() {
    let folder = tempfile::tempdir().unwrap();
    let space = disk_of(Some(folder.path().to_owned()))().unwrap();
    assert!(space.size > 0 && space.free <= space.size, "{space:?}");
    assert_eq!(disk_of(None)(), None);
}

#[tokio::test]
async fn it_stops_at_once() {
    let world = World::new().await;
    let stop = CancellationToken::new();
    let running = Arc::new(world.upkeep).start(stop.clone());
    tokio::task::yield_now().await;
    stop.cancel();
    tokio::time::timeout(Duration::from_secs(1), running).await.unwrap().unwrap();
}

const DAY: Duration = Duration::from_secs(24 * 3600);

#[tokio::test]
async fn a_clock_that_jumps_ahead_and_comes_back_makes_nothing_old() {
    let world = World::new().await;
    world.with_free(100 * GIB).await;
    let kept = world.oldest().await;
    let right = world.clock.now();
    world.clock.set(right.plus(60 * DAY));
    world.with_free(100 * GIB).await;
    world.clock.advance(Duration::from_secs(75));
    world.with_free(100 * GIB).await;
    world.clock.set(right.plus(Duration::from_secs(75)));
    world.with_free(100 * GIB).await;
    assert_eq!((hours(world.oldest().await.0), hours(world.oldest().await.1)), (hours(kept.0), hours(kept.1)));
}

#[tokio::test]
async fn a_clock_that_stays_ahead_is_gone_by_after_an_hour_but_not_for_what_was_missed() {
    for disabled in [false, true] {
        let mut world = World::new().await;
        world.with_free(100 * GIB).await;
        if disabled {
            world.add_disabled().await;
        }
        let ahead = world.clock.now().plus(60 * DAY);
        world.clock.set(ahead);
        world.with_free(100 * GIB).await;
        // Another process continues where this one stopped.
        world.restart();
        world.with_free(100 * GIB).await;
        world.clock.advance(HOUR - Duration::from_secs(60));
        world.with_free(100 * GIB).await;
        assert!(world.oldest().await.1.is_some(), "not within the hour");
        world.clock.advance(Duration::from_secs(120));
        world.with_free(100 * GIB).await;
        assert_eq!(world.oldest().await.0.is_some(), disabled);
        assert_eq!(world.oldest().await.1.is_some(), disabled, "what was missed keeps its data");
        // The newest event expires when its retention has really passed.
        for day in 1..=31 {
            world.clock.advance(DAY);
            world.with_free(100 * GIB).await;
            assert_eq!(world.oldest().await.0.is_some(), disabled && day < 30, "{day}");
        }
        assert_eq!(world.oldest().await, (None, None), "nothing is kept for ever");
    }
}

#[tokio::test]
async fn a_process_that_begins_with_a_wrong_clock_makes_nothing_old() {
    let mut world = World::new().await;
    let kept = world.oldest().await;
    // This is a database of a version that did not store its trusted time; the newest event stands in for it.
    let right = world.clock.now();
    world.clock.set(right.plus(60 * DAY));
    world.restart();
    world.upkeep.tidy_briefly().await;
    world.with_free(100 * GIB).await;
    world.clock.set(right);
    world.restart();
    world.upkeep.tidy_briefly().await;
    assert!(hours(kept.0) >= hours(world.oldest().await.0));
    assert_eq!(hours(world.oldest().await.1), Some(7 * 24 - 4));
}

#[tokio::test]
async fn clocks_that_are_wrong_in_one_process_after_the_other_make_nothing_old() {
    for disabled in [false, true] {
        let mut world = World::new().await;
        world.with_free(100 * GIB).await;
        if disabled {
            world.add_disabled().await;
        }
        let (right, kept) = (world.clock.now(), world.oldest().await);
        for days in [2, 80, 400] {
            world.clock.set(right.plus(days * DAY));
            world.with_free(100 * GIB).await;
            world.restart();
            world.upkeep.tidy_briefly().await;
            world.clock.advance(Duration::from_secs(9));
            world.with_free(100 * GIB).await;
            world.restart();
        }
        world.clock.set(right);
        world.with_free(100 * GIB).await;
        assert_eq!(world.oldest().await, kept);
    }
}
