//! Sources: what they relay, learn, note and forget.

use super::{
    Source as StoreSource,
    world::{World, new_webhook, walk},
};
use crate::{
    domain::{
        event::EventType,
        page::PageRequest,
        patch::Patch,
        problem::FieldError,
        query::EventQuery,
        random::{Random, SystemRandom},
        scheme::Scheme,
        source::{
            Incoming, NewSource, Outcome, ReceivedRequest, RefusedBecause, RequestAsCame, SenderSecret, Source,
            SourcePatch, SourceScheme, SourceState,
        },
        version::Version,
        webhook::{NewWebhook, WebhookPatch},
    },
    service::store::{
        AcceptEvent, AddSource, Change, EventKey, KeepRequest, Kept, Receipt, RelayEvent, Relayed, Result, Retention,
        RetryTarget, SourceRef, StoreError, Told,
    },
};

fn new_source(name: &str) -> NewSource {
    let secret = SenderSecret::read("tmkey_an-invented-secret").ok();
    let scheme = "hmac-sha256".parse().unwrap();
    NewSource {
        name: name.to_owned(),
        secret,
        scheme,
        enabled: true,
        expect_within_seconds: None,
        expect_days: None,
        time_zone: None,
        redeliver_changed: false,
    }
}

impl World {
    async fn try_source(&self, new: NewSource) -> Result<Source> {
        let random: &dyn Random = &SystemRandom;
        let id = crate::domain::ids::SourceId::from_random(random.bytes());
        self.store.add_source(AddSource { id, new }, Change::at(self.now(), None)).await
    }

    async fn source(&self, name: &str) -> Source {
        self.try_source(new_source(name)).await.unwrap()
    }

    async fn reference(&self, source: &Source) -> SourceRef {
        let (_, all) = self.store.sources_since(None).await.unwrap().unwrap();
        let found = all.into_iter().find(|other| other.id == source.id).unwrap();
        SourceRef { number: found.number, name: found.name.into() }
    }

    /// Relays a body as the source's.
    async fn relay(&self, source: &Source, body: &str) -> Outcome {
        self.relay_with(source, body, |relay| relay).await
    }

    async fn relay_with(&self, source: &Source, body: &str, with: impl FnOnce(RelayEvent) -> RelayEvent) -> Outcome {
        let Incoming { id, event_type, sequence, dispatched_at, occurred_at, data } =
            Incoming::read(body.as_bytes()).unwrap();
        let source = self.reference(source).await;
        let relayed = Some(Relayed { source, body: body.into(), sequence, dispatched_at });
        let event = AcceptEvent { id, event_type, data, occurred_at, relayed };
        let relay = RelayEvent { event, redeliver_changed: false, departures: Vec::new(), narrowed: None };
        self.store.relay(with(relay), self.now()).await.unwrap()
    }

    async fn change_source(&self, source: &Source, patch: SourcePatch) -> Source {
        self.store.update_source(source.id, patch, None, Change::at(self.now(), None)).await.unwrap()
    }

    async fn source_now(&self, source: &Source) -> Source {
        self.store.source(source.id, self.now()).await.unwrap().unwrap()
    }

    async fn received(&self, source: &Source, outcome: Option<Outcome>) -> Vec<ReceivedRequest> {
        walk(7, async |page| self.store.received(source.id, outcome, page, self.now()).await).await
    }

    /// The bodies that wait to be delivered, as texts, oldest first.
    async fn bodies(&self) -> Vec<String> {
        let instance = self.join().await;
        let mut bodies = Vec::new();
        while let claims @ [_, ..] = &self.claim(instance, 50).await[..] {
            let mut claims: Vec<_> = claims.iter().collect();
            claims.sort_by_key(|claim| (claim.due_at, claim.claim.0));
            for claim in claims {
                bodies.push(String::from_utf8(claim.body.bytes().unwrap().to_vec()).unwrap());
                self.succeed(claim).await;
            }
        }
        bodies
    }
}

fn id(number: u64) -> String {
    format!("tm_{number:032x}")
}

fn body(number: u64) -> String {
    format!(r#"{{ "id":"{}","event":"attendance.inserted","sequence":{number},"data":{{"x":{number}}}}} "#, id(number))
}

pub(super) async fn a_source_is_shown_as_it_was_added(source: &dyn StoreSource) {
    let world = World::new(source).await;
    let new = NewSource {
        expect_within_seconds: Some(3600),
        expect_days: Some("mon-fri".parse().unwrap()),
        time_zone: Some("Europe/Berlin".parse().unwrap()),
        redeliver_changed: true,
        ..new_source("Acme")
    };
    let added = world.try_source(new).await.unwrap();
    assert_eq!((added.name.as_str(), added.enabled, added.has_secret), ("Acme", true, true));
    assert_eq!(
        (added.scheme.to_string().as_str(), added.state),
        (Scheme::timemoto().to_string().as_str(), SourceState::Ready)
    );
    assert_eq!(added.url, format!("/in/{}", added.id));
    assert_eq!(added.expect_days.unwrap().to_string(), "mon-fri");
    assert_eq!((added.expect_within_seconds, added.redeliver_changed, added.revision), (Some(3600), true, 1));
    let shown = world.source_now(&added).await;
    assert_eq!(Source { departures: None, ..shown }, added);
    let taken = world.try_source(new_source("Acme")).await.unwrap_err();
    assert!(matches!(taken, StoreError::SourceNameTaken(id) if id == added.id));
    let listed = walk(1, async |page| world.store.sources(None, page, world.now()).await).await;
    assert_eq!(listed, std::slice::from_ref(&added));
    let named = world.store.sources(Some("Other".to_owned()), PageRequest::default(), world.now()).await.unwrap();
    assert_eq!(named.data, []);
}

pub(super) async fn a_source_changes_and_its_generation_with_it(source: &dyn StoreSource) {
    let world = World::new(source).await;
    let acme = world.source("Acme").await;
    let (generation, _) = world.store.sources_since(None).await.unwrap().unwrap();
    assert!(world.store.sources_since(Some(generation)).await.unwrap().is_none());
    let off = SourcePatch { enabled: Patch::Value(false), ..SourcePatch::default() };
    let changed = world.change_source(&acme, off.clone()).await;
    assert_eq!((changed.enabled, changed.revision), (false, 2));
    assert_eq!(world.change_source(&acme, off.clone()).await, changed, "without a change it stays as it is");
    let stale = world.store.update_source(acme.id, off, Some(1), Change::at(world.now(), None)).await;
    assert!(matches!(stale, Err(StoreError::RevisionMismatch { current: 2 })));
    let (next, all) = world.store.sources_since(Some(generation)).await.unwrap().unwrap();
    assert!(next > generation && !all[0].enabled);
    assert_eq!(all[0].secret.as_ref().unwrap().expose(), "tmkey_an-invented-secret");
    let entries = world.store.audit(Default::default(), PageRequest::default()).await.unwrap().data;
    assert_eq!(entries[0].action.as_str(), "source.disable");
    assert!(!format!("{entries:?}").contains("an-invented-secret"));
}

pub(super) async fn what_a_source_sends_goes_out_as_it_came(source: &dyn StoreSource) {
    let world = World::new(source).await;
    world.webhook(&["*"]).await;
    world.add(NewWebhook { pinned_version: Some(Version::V2), ..new_webhook("Second") }).await.unwrap();
    let acme = world.source("Acme").await;
    let came = format!(
        "{{\n \"id\": \"{}\", \"event\": \"planning.inserted\", \"sequence\": 47, \"dispatchedAt\": 1792842644,\n \
         \"data\": {{\"timeInserted\": \"2026-10-24T11:17:28.7236738Z\", \"b\": 1E5, \"a\": 9007199254740993, \"a\": 2}} }}\n",
        id(1)
    );
    assert_eq!(world.relay(&acme, &came).await, Outcome::Accepted);
    let event = world.store.event(id(1).parse::<crate::domain::ids::EventId>().unwrap().into()).await.unwrap().unwrap();
    assert_eq!(
        (event.source.as_deref(), event.sequence, event.event_type.as_str()),
        (Some("Acme"), Some(47), "planning.inserted")
    );
    assert_eq!(event.occurred_at.to_string(), "2026-10-24T11:17:28.723Z");
    assert_eq!(event.accepted_at, world.now());
    let data = event.data.unwrap();
    assert!(data.object().as_str().contains(r#""b": 1E5, "a": 9007199254740993"#), "{data:?}");
    let bodies = world.bodies().await;
    assert_eq!(bodies.len(), 2);
    assert!(bodies.contains(&came), "byte for byte");
    let second = bodies.iter().find(|body| **body != came).unwrap();
    let second: serde_json::Value = serde_json::from_str(second).unwrap();
    assert_eq!(second["version"], "v2");
    assert_eq!(second["sequence"], 47);
    assert_eq!(second["dispatchedAt"], "2026-10-24T11:50:44.000Z");
    assert_eq!(second["occurredAt"], "2026-10-24T11:17:28.723Z");
    assert!(second["data"].to_string().contains("\"9007199254740993\"") || second["data"]["a"] == 2, "{second}");
    let without = format!(r#"{{"id":"{}","event":"user.deleted","data":null}}"#, id(2));
    assert_eq!(world.relay(&acme, &without).await, Outcome::Accepted);
    let bodies = world.bodies().await;
    assert!(bodies.contains(&without));
    assert!(bodies.iter().any(|body| body.contains(r#""sequence":null"#)), "{bodies:?}");
}

pub(super) async fn an_event_that_comes_again_is_delivered_once(source: &dyn StoreSource) {
    let world = World::new(source).await;
    world.webhook(&["*"]).await;
    let acme = world.source("Acme").await;
    let first = format!(r#"{{"id":"{}","event":"user.updated","dispatchedAt":1,"data":{{"a":1,"b":"é"}}}}"#, id(1));
    assert_eq!(world.relay(&acme, &first).await, Outcome::Accepted);
    let equal =
        format!(r#" {{"event":"user.updated","id":"{}","data":{{"b":"\u00e9","a":1}},"dispatchedAt":2}}"#, id(1));
    for again in [&first, &equal] {
        assert_eq!(world.relay(&acme, again).await, Outcome::Repeated);
    }
    let other = first.replace("\"a\":1", "\"a\":2");
    assert_eq!(world.relay(&acme, &other).await, Outcome::Changed);
    assert_eq!(world.relay(&acme, &other).await, Outcome::Repeated, "this content came before, too");
    assert_eq!(world.bodies().await, std::slice::from_ref(&first));
    let changed = world.received(&acme, Some(Outcome::Changed)).await;
    assert_eq!(changed.len(), 1);
    assert_eq!(changed[0].request.as_ref().unwrap().body.as_deref(), Some(other.as_str()), "its content is kept");
    let third = first.replace("\"a\":1", "\"a\":3");
    let redeliver = |relay| RelayEvent { redeliver_changed: true, ..relay };
    assert_eq!(world.relay_with(&acme, &third, redeliver).await, Outcome::Changed);
    assert_eq!(world.relay_with(&acme, &third, redeliver).await, Outcome::Repeated);
    assert_eq!(world.bodies().await, [third]);
    let event = world.store.event(EventKey { id: id(1).parse().unwrap(), source: None }).await.unwrap().unwrap();
    assert_eq!(event.deliveries.unwrap().len(), 2);
    assert!(event.data.unwrap().object().as_str().contains("\"a\":1"), "the event stays what it was");
    let outcomes: Vec<Outcome> = world.received(&acme, None).await.iter().map(|it| it.outcome).collect();
    let expected = [
        Outcome::Repeated,
        Outcome::Changed,
        Outcome::Repeated,
        Outcome::Changed,
        Outcome::Repeated,
        Outcome::Repeated,
        Outcome::Accepted,
    ];
    assert_eq!(outcomes, expected);
}

pub(super) async fn a_test_of_a_source_is_noted_and_delivered_nowhere(source: &dyn StoreSource) {
    let world = World::new(source).await;
    world.webhook(&["*"]).await;
    let acme = world.source("Acme").await;
    assert_eq!(world.source_now(&acme).await.last_genuine_at, None);
    let test = format!(r#"{{"id":"{}","event":"test","sequence":5,"data":{{}}}}"#, id(1));
    assert_eq!(world.relay(&acme, &test).await, Outcome::Test);
    assert_eq!(world.bodies().await, [] as [String; 0]);
    assert_eq!(world.source_now(&acme).await.last_genuine_at, Some(world.now()));
    assert_eq!(world.store.events(EventQuery::default(), PageRequest::default()).await.unwrap().data, []);
    let noted = &world.received(&acme, None).await[0];
    assert_eq!((noted.event_type.as_deref(), noted.sequence, noted.status), (Some("test"), Some(5), 200));
}

pub(super) async fn equal_ids_of_two_sources_are_two_events(source: &dyn StoreSource) {
    let world = World::new(source).await;
    let webhook = world.webhook(&["*"]).await;
    let (acme, other) = (world.source("Acme").await, world.source("Other").await);
    let own = AcceptEvent { id: id(1).parse().unwrap(), ..world.new_event(EventType::USER_INSERTED) };
    world.store.accept_event(own.clone(), Change::at(world.now(), None)).await.unwrap();
    let key = |source: Option<&str>| EventKey { id: own.id, source: source.map(str::to_owned) };
    let none = world.store.event(key(None)).await.unwrap().unwrap();
    assert_eq!(none.source, None);
    assert_eq!(world.relay(&acme, &body(1)).await, Outcome::Accepted);
    assert_eq!(world.relay(&other, &body(1)).await, Outcome::Accepted);
    assert!(matches!(world.store.event(key(None)).await, Err(StoreError::AmbiguousId(_))));
    let of_acme = world.store.event(key(Some("Acme"))).await.unwrap().unwrap();
    assert_eq!((of_acme.source.as_deref(), of_acme.deliveries.unwrap().len()), (Some("Acme"), 1));
    assert_eq!(world.store.event(key(Some("Nobody"))).await.unwrap(), None);
    assert_eq!(world.bodies().await.len(), 3);
    let instance = world.join().await;
    let ambiguous = world.retry(RetryTarget::Event(key(None)), instance).await;
    assert!(matches!(ambiguous, Err(StoreError::AmbiguousId(_))));
    let retried = world.retry(RetryTarget::Event(key(Some("Other"))), instance).await.unwrap();
    assert_eq!((retried.claims.len(), retried.claims[0].webhook_id), (1, webhook.id));
}

pub(super) async fn a_webhook_hears_the_sources_that_it_names(source: &dyn StoreSource) {
    let world = World::new(source).await;
    let (acme, other) = (world.source("Acme").await, world.source("Other").await);
    let unknown = NewWebhook { sources: Some(vec!["Nobody".to_owned()]), ..new_webhook("None") };
    assert!(matches!(world.add(unknown).await, Err(StoreError::UnknownSource(name)) if name == "Nobody"));
    let hears = NewWebhook { sources: Some(vec!["Acme".to_owned()]), ..new_webhook("Hears") };
    let hears = world.add(hears).await.unwrap();
    assert_eq!(hears.sources, Some(vec!["Acme".to_owned()]));
    for (from, number) in [(&acme, 1), (&other, 2)] {
        assert_eq!(world.relay(from, &body(number)).await, Outcome::Accepted);
    }
    world.event(EventType::USER_INSERTED).await;
    assert_eq!(world.bodies().await, [body(1)]);
    let both = vec!["Acme".to_owned(), "Other".to_owned()];
    world.patch(hears.id, WebhookPatch { sources: Patch::Value(both), ..WebhookPatch::default() }).await;
    assert_eq!(world.relay(&other, &body(3)).await, Outcome::Accepted);
    assert_eq!(world.bodies().await, [body(3)]);
    world.patch(hears.id, WebhookPatch { sources: Patch::Null, ..WebhookPatch::default() }).await;
    world.event(EventType::USER_INSERTED).await;
    assert_eq!(world.bodies().await.len(), 1);
}

/// The schemes of these texts.
fn schemes(texts: &[&str]) -> Vec<Scheme> {
    texts.iter().map(|text| text.parse().unwrap()).collect()
}

async fn keep(world: &World, source: &Source, body: &str, explained: &[&str]) -> Kept {
    let Incoming { id, event_type, sequence, .. } = Incoming::read(body.as_bytes()).unwrap();
    let told = Told { id: Some(id.to_string()), event_type: Some(event_type.to_string()), sequence };
    let source = world.reference(source).await;
    let keep = KeepRequest { source, schemes: schemes(explained), body: body.into(), told };
    world.store.keep_request(keep, world.now()).await.unwrap()
}

pub(super) async fn a_second_request_confirms_a_scheme_and_both_are_delivered(source: &dyn StoreSource) {
    let world = World::new(source).await;
    world.webhook(&["*"]).await;
    let learning = world.try_source(NewSource { scheme: SourceScheme::Learn, ..new_source("Acme") }).await.unwrap();
    assert_eq!(learning.state, SourceState::Learning);
    assert_eq!(
        keep(&world, &learning, &body(1), &["hmac-sha256", "hmac-sha256 message=json:sorted"]).await,
        Kept::Waiting
    );
    assert_eq!(keep(&world, &learning, &body(1), &["hmac-sha256"]).await, Kept::Again);
    assert_eq!(
        keep(&world, &learning, &body(2), &["hmac-sha1"]).await,
        Kept::Waiting,
        "another scheme confirms nothing"
    );
    let test = format!(r#"{{"id":"{}","event":"test"}}"#, id(9));
    assert_eq!(world.bodies().await, [] as [String; 0]);
    assert_eq!(world.source_now(&learning).await.kept, 2);
    assert_eq!(keep(&world, &learning, &test, &["hmac-sha512", "hmac-sha256"]).await, Kept::Confirmed);
    let ready = world.source_now(&learning).await;
    assert_eq!((ready.state, ready.kept, ready.scheme), (SourceState::Ready, 0, "hmac-sha256".parse().unwrap()));
    assert_eq!(world.bodies().await, [body(1), body(2)], "in the order in which they came, a test to nobody");
    assert_eq!(keep(&world, &learning, &body(3), &["hmac-sha256"]).await, Kept::NotLearning);
    let entries = world.store.audit(Default::default(), PageRequest::default()).await.unwrap().data;
    assert_eq!((entries[0].action.as_str(), entries[0].actor.as_str()), ("source.learnt", "service"));
}

pub(super) async fn requests_tell_the_schemes_apart_that_are_left(source: &dyn StoreSource) {
    let world = World::new(source).await;
    let learning = world.try_source(NewSource { scheme: SourceScheme::Learn, ..new_source("Acme") }).await.unwrap();
    let both = ["hmac-sha256 encoding=base64", "hmac-sha256 encoding=base64url"];
    keep(&world, &learning, &body(1), &both).await;
    assert_eq!(keep(&world, &learning, &body(2), &both).await, Kept::Confirmed);
    let found = async || world.store.sources_since(None).await.unwrap().unwrap().1.remove(0).found;
    assert_eq!(found().await, schemes(&both));
    let narrowed = Some(schemes(&both[1..]));
    world.relay_with(&learning, &body(3), |relay| RelayEvent { narrowed, ..relay }).await;
    assert_eq!(found().await, schemes(&both[1..]));
    assert_eq!(world.source_now(&learning).await.scheme.to_string(), schemes(&both[1..])[0].to_string());
    let stale = Some(schemes(&both[..1]));
    world.relay_with(&learning, &body(4), |relay| RelayEvent { narrowed: stale, ..relay }).await;
    assert_eq!(found().await, schemes(&both[1..]), "one that was refuted does not come back");
}

pub(super) async fn a_chosen_scheme_delivers_what_was_kept_and_few_are_kept(source: &dyn StoreSource) {
    let world = World::new(source).await;
    world.webhook(&["*"]).await;
    let learning = world.try_source(NewSource { scheme: SourceScheme::Learn, ..new_source("Acme") }).await.unwrap();
    // Each is signed in a way of its own, so that none confirms another.
    for number in 0..100 {
        let scheme = format!("hmac-sha256 header=X-{number}");
        assert_eq!(keep(&world, &learning, &body(number), &[&scheme]).await, Kept::Waiting);
    }
    assert_eq!(keep(&world, &learning, &body(100), &["hmac-sha256"]).await, Kept::Full);
    let chosen = SourcePatch { scheme: Patch::Value("hmac-sha1".parse().unwrap()), ..SourcePatch::default() };
    let ready = world.change_source(&learning, chosen).await;
    assert_eq!((ready.state, ready.kept), (SourceState::Ready, 0));
    assert_eq!(world.bodies().await, (0..100).map(body).collect::<Vec<_>>());
}

fn refused(number: i64, world: &World, size: u64) -> Receipt {
    let received = ReceivedRequest {
        received_at: world.now(),
        status: 401,
        reason: Some(RefusedBecause::Forged),
        address: Some("192.0.2.7".to_owned()),
        request: Some(RequestAsCame::of(Vec::new(), format!("{size}").as_bytes(), 9)),
        ..ReceivedRequest::taken(world.now(), Outcome::Refused, size as usize)
    };
    Receipt { source: number, received }
}

pub(super) async fn refused_requests_are_few_and_kept_for_a_day(source: &dyn StoreSource) {
    let world = World::new(source).await;
    let (acme, other) = (world.source("Acme").await, world.source("Other").await);
    let number = world.reference(&acme).await.number;
    world.relay(&acme, &body(1)).await;
    let second = vec![refused(world.reference(&other).await.number, &world, 7)];
    world.store.note_refused(second, Vec::new(), world.now()).await.unwrap();
    for at in 0..150 {
        let receipts = vec![refused(number, &world, at)];
        world.store.note_refused(receipts, vec![(number, 10)], world.now()).await.unwrap();
    }
    let kept = world.received(&acme, Some(Outcome::Refused)).await;
    assert_eq!(kept.iter().map(|it| it.size).collect::<Vec<_>>(), (50..150).rev().collect::<Vec<_>>());
    assert_eq!(kept[0].request.as_ref().unwrap().body.as_deref(), Some("149"));
    assert_eq!(world.received(&other, None).await.len(), 1, "none displaces another source's");
    assert_eq!(world.received(&acme, None).await.len(), 101, "nor what is genuine");
    assert_eq!(world.source_now(&acme).await.refused24h, 1_500);
    world.advance(24 * 3600 + 1);
    assert_eq!(world.received(&acme, Some(Outcome::Refused)).await, []);
    while world.store.tidy(world.now().into(), Retention::default()).await.unwrap().more {}
    assert_eq!(world.source_now(&acme).await.refused24h, 0);
    assert_eq!(world.received(&acme, None).await.len(), 1);
    world.store.note_refused(vec![refused(99, &world, 1)], Vec::new(), world.now()).await.unwrap();
}

pub(super) async fn what_was_taken_is_noted_in_bounded_space(source: &dyn StoreSource) {
    let world = World::new(source).await;
    let acme = world.source("Acme").await;
    let test = format!(r#"{{"id":"{}","event":"test"}}"#, id(1));
    for _ in 0..1_100 {
        world.relay(&acme, &test).await;
    }
    let noted = world.received(&acme, None).await.len();
    assert!((1_000..=1_032).contains(&noted), "{noted}");
}

pub(super) async fn gaps_and_departures_are_told(source: &dyn StoreSource) {
    let world = World::new(source).await;
    let acme = world.source("Acme").await;
    assert_eq!(world.source_now(&acme).await.sequences, None);
    for number in [3, 4, 9, 6] {
        world.relay(&acme, &body(number)).await;
    }
    let test = format!(r#"{{"id":"{}","event":"test","sequence":5}}"#, id(77));
    world.relay(&acme, &test).await;
    let found = world.source_now(&acme).await.sequences.unwrap();
    assert_eq!((found.first, found.last, found.missing), (3, 9, 2), "7 and 8");
    for number in 100..103 {
        let departures = vec![FieldError::new("data.salary", "is no known field")];
        world.relay_with(&acme, &body(number), |relay| RelayEvent { departures, ..relay }).await;
    }
    for number in 0..300 {
        let departures = vec![FieldError::new(format!("data.{number}"), "is no known field")];
        world.relay_with(&acme, &body(200 + number), |relay| RelayEvent { departures, ..relay }).await;
    }
    let told = world.source_now(&acme).await.departures.unwrap();
    assert_eq!((told[0].field.as_str(), told[0].count, told.len()), ("data.salary", 3, 200));
    assert_eq!((told[0].event_type.as_str(), told[0].last_at), ("attendance.inserted", world.now()));
}

pub(super) async fn a_deleted_source_leaves_its_events_under_its_name(source: &dyn StoreSource) {
    let world = World::new(source).await;
    world.webhook(&["*"]).await;
    let acme = world.source("Acme").await;
    world.relay(&acme, &body(1)).await;
    let change = || Change::at(world.now(), None);
    let stale = world.store.delete_source(acme.id, Some(7), change()).await;
    assert!(matches!(stale, Err(StoreError::RevisionMismatch { .. })));
    world.store.delete_source(acme.id, None, change()).await.unwrap();
    let gone = world.store.delete_source(acme.id, None, change()).await;
    assert!(matches!(gone, Err(StoreError::NotFound { what: "source", .. })));
    assert_eq!(world.store.source(acme.id, world.now()).await.unwrap(), None);
    let missing = world.store.received(acme.id, None, PageRequest::default(), world.now()).await;
    assert!(matches!(missing, Err(StoreError::NotFound { .. })));
    assert_eq!(world.store.sources_since(None).await.unwrap().unwrap().1.len(), 0);
    let again = world.source("Acme").await;
    assert_eq!(world.relay(&again, &body(1)).await, Outcome::Accepted, "a new source of that name has ids of its own");
    let listed = world.store.events(EventQuery::default(), PageRequest::default()).await.unwrap().data;
    assert_eq!(listed.iter().map(|event| event.source.as_deref()).collect::<Vec<_>>(), [Some("Acme"); 2]);
    assert_eq!(world.bodies().await.len(), 2);
    world.advance(40 * 86_400);
    while world.store.tidy(world.now().into(), Retention::default()).await.unwrap().more {}
    assert_eq!(world.store.events(EventQuery::default(), PageRequest::default()).await.unwrap().data, []);
}

pub(super) async fn a_recovery_makes_missed_deliveries_of_relayed_events(source: &dyn StoreSource) {
    let world = World::new(source).await;
    let (acme, other) = (world.source("Acme").await, world.source("Other").await);
    let hears = NewWebhook {
        sources: Some(vec!["Acme".to_owned()]),
        pinned_version: Some(Version::V2),
        ..new_webhook("Hears")
    };
    let hears = world.add(hears).await.unwrap();
    let plain = world.webhook(&["*"]).await;
    for webhook in [&hears, &plain] {
        world.switch(webhook.id, false).await;
    }
    for (from, number) in [(&acme, 1), (&other, 2)] {
        world.relay(from, &body(number)).await;
    }
    for webhook in [&hears, &plain] {
        world.switch(webhook.id, true).await;
    }
    world.recover(world.window(None), None).await;
    world.advance_all().await;
    let mut bodies = world.bodies().await;
    bodies.sort();
    assert_eq!(bodies.len(), 3, "{bodies:?}");
    assert!(bodies.contains(&body(1)) && bodies.contains(&body(2)), "v1 as it came");
    let second: serde_json::Value = bodies
        .iter()
        .map(|body| serde_json::from_str(body).unwrap())
        .find(|body: &serde_json::Value| body["version"] == "v2")
        .unwrap();
    assert_eq!((second["sequence"].as_u64(), second["id"].as_str()), (Some(1), Some(id(1).as_str())));
}
