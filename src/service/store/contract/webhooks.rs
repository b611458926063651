//! Tests that webhooks are added, changed, listed and deleted.

use std::{collections::BTreeMap, sync::Arc};

use super::{
    Source,
    world::{Ending, World, first_page, new_webhook, walk},
};
use crate::{
    domain::{
        delivery::DeliveryStatus,
        event::EventType,
        patch::Patch,
        query::{WebhookQuery, WebhookSort},
        scheme::SchemeChoice,
        secret::MASK,
        version::{Version, VersionSource},
        webhook::{DisabledReason, NewWebhook, WebhookPatch, WebhookStatus},
    },
    service::store::{Change, Completed, Next, StoreError},
};

fn enabled(enabled: bool) -> WebhookPatch {
    WebhookPatch { enabled: Patch::Value(enabled), ..WebhookPatch::default() }
}

fn named(name: &str) -> WebhookPatch {
    WebhookPatch { name: Patch::Value(name.to_owned()), ..WebhookPatch::default() }
}

pub(super) async fn a_webhook_is_shown_as_it_was_added(source: &dyn Source) {
    let world = World::new(source).await;
    let headers = BTreeMap::from([("Authorization".to_owned(), "Basic cGFzcw==".to_owned())]);
    let scheme: SchemeChoice = "sha1 place=after header=X-S prefix=v1=\\x20'".parse().unwrap();
    let (scheme, pinned_version) = (Some(scheme), Some(Version::V2));
    let new = NewWebhook { headers, scheme: scheme.clone(), pinned_version, ..new_webhook("Payroll\u{7}") };
    let added = world.add(new.clone()).await.unwrap();
    assert_eq!((&added.name, &added.url, &added.events), (&new.name, &new.url, &new.events));
    assert_eq!((&added.scheme, added.headers["Authorization"].as_str()), (&scheme, MASK));
    assert_eq!((added.version, added.version_source), (Version::V2, VersionSource::Pinned));
    assert_eq!((added.status, added.revision, added.disabled_reason), (WebhookStatus::Enabled, 1, None));
    assert_eq!((added.error_rate, added.last_attempt_at), (None, None));
    assert_eq!((added.created_at, added.updated_at), (world.now(), world.now()));
    assert_eq!(world.store.webhook(added.id, world.now()).await.unwrap(), Some(added));

    let off = world.add(NewWebhook { enabled: false, ..new_webhook("Off") }).await.unwrap();
    assert_eq!(off.scheme, None);
    assert_eq!((off.status, off.disabled_reason), (WebhookStatus::Disabled, Some(DisabledReason::Manual)));
}

pub(super) async fn names_are_unique_until_their_webhook_is_gone(source: &dyn Source) {
    let world = World::new(source).await;
    let first = world.add(new_webhook("Payroll")).await.unwrap();
    let taken = |result: super::super::Result<_>| matches!(result, Err(StoreError::NameTaken { id }) if id == first.id);
    assert!(taken(world.add(new_webhook("Payroll")).await));
    let other = world.add(new_webhook("payroll")).await.unwrap();
    assert!(taken(world.store.update_webhook(other.id, named("Payroll"), None, Change::at(world.now(), None)).await));
    world.store.delete_webhook(first.id, None, Change::at(world.now(), None)).await.unwrap();
    let renamed =
        world.store.update_webhook(other.id, named("Payroll"), None, Change::at(world.now(), None)).await.unwrap();
    assert_eq!(renamed.name, "Payroll");
}

pub(super) async fn a_patch_changes_what_it_names_and_nothing_else(source: &dyn Source) {
    let world = World::new(source).await;
    let headers = [("X-One", "1"), ("X-Two", "2")].map(|(name, value)| (name.to_owned(), value.to_owned())).into();
    let before = world.add(NewWebhook { headers, ..new_webhook("Payroll") }).await.unwrap();
    let instance = world.join().await;
    world.advance(60);
    let changes = [("x-one", None), ("X-Three", Some("3")), ("x-two", Some("two"))];
    let patch = WebhookPatch {
        url: Patch::Value("https://new.example.com".to_owned()),
        headers: Patch::Value(changes.map(|(name, value)| (name.to_owned(), value.map(str::to_owned))).into()),
        scheme: Patch::Value(SchemeChoice::Standard),
        pinned_version: Patch::Value(Version::V2),
        ..WebhookPatch::default()
    };
    let after =
        world.store.update_webhook(before.id, patch.clone(), Some(1), Change::at(world.now(), None)).await.unwrap();
    assert_eq!(
        (after.url.as_str(), after.pinned_version, after.revision),
        ("https://new.example.com", Some(Version::V2), 2)
    );
    assert_eq!((&after.name, &after.events, after.created_at), (&before.name, &before.events, before.created_at));
    assert_eq!(after.updated_at, world.now());
    let sent = world.store.start_test(world.test_of(before.id, instance), Change::at(world.now(), None)).await.unwrap();
    let super::super::StartedTest::New(claim) = sent else { panic!("{sent:?}") };
    let expected = [("X-Three", "3"), ("x-two", "two")].map(|(name, value)| (name.to_owned(), value.to_owned()));
    assert_eq!((&claim.recipient.headers, &claim.recipient.scheme), (&expected.into(), &SchemeChoice::Standard));

    world.advance(60);
    let same = world.store.update_webhook(before.id, patch, None, Change::at(world.now(), None)).await.unwrap();
    assert_eq!((same.revision, same.updated_at), (after.revision, after.updated_at), "nothing has changed");
    assert_eq!(same.scheme, Some(SchemeChoice::Standard));
    let unpin = WebhookPatch { scheme: Patch::Null, pinned_version: Patch::Null, ..WebhookPatch::default() };
    let unpinned = world.store.update_webhook(before.id, unpin, Some(2), Change::at(world.now(), None)).await.unwrap();
    assert_eq!((unpinned.pinned_version, unpinned.version_source), (None, VersionSource::Latest));
    assert_eq!((unpinned.scheme, unpinned.revision), (None, 3));
    let sent = world.store.start_test(world.test_of(before.id, instance), Change::at(world.now(), None)).await.unwrap();
    let super::super::StartedTest::New(claim) = sent else { panic!("{sent:?}") };
    assert_eq!(claim.recipient.scheme, SchemeChoice::Both);
}

pub(super) async fn a_stale_revision_changes_nothing(source: &dyn Source) {
    let world = World::new(source).await;
    let webhook = world.webhook(&["*"]).await;
    world.store.update_webhook(webhook.id, named("B"), Some(1), Change::at(world.now(), None)).await.unwrap();
    let stale = world.store.update_webhook(webhook.id, named("C"), Some(1), Change::at(world.now(), None)).await;
    assert!(matches!(stale, Err(StoreError::RevisionMismatch { current: 2 })), "{stale:?}");
    let stale = world.store.delete_webhook(webhook.id, Some(1), Change::at(world.now(), None)).await;
    assert!(matches!(stale, Err(StoreError::RevisionMismatch { current: 2 })), "{stale:?}");
    assert_eq!(world.store.webhook(webhook.id, world.now()).await.unwrap().unwrap().name, "B");
    world.store.delete_webhook(webhook.id, Some(2), Change::at(world.now(), None)).await.unwrap();
    for gone in [
        world.store.delete_webhook(webhook.id, None, Change::at(world.now(), None)).await.unwrap_err(),
        world.store.update_webhook(webhook.id, named("D"), None, Change::at(world.now(), None)).await.unwrap_err(),
    ] {
        assert!(matches!(gone, StoreError::NotFound { what: "webhook", .. }), "{gone}");
    }
    assert_eq!(world.store.webhook(webhook.id, world.now()).await.unwrap(), None);
}

pub(super) async fn disabling_holds_and_enabling_spreads(source: &dyn Source) {
    let world = World::new(source).await;
    let webhook = world.webhook(&["*"]).await;
    let instance = world.join().await;
    let mut deliveries = Vec::new();
    for _ in 0..5 {
        deliveries.push(world.event(EventType::USER_INSERTED).await.deliveries[0].id);
    }
    let off =
        world.store.update_webhook(webhook.id, enabled(false), None, Change::at(world.now(), None)).await.unwrap();
    assert_eq!((off.enabled, off.disabled_reason), (false, Some(DisabledReason::Manual)));
    assert_eq!((off.status, off.pending_deliveries), (WebhookStatus::Disabled, 5));
    let nothing = world.claim_beside(instance, 10, &[]).await;
    assert!(nothing.claims.is_empty() && nothing.next_due.is_none());
    assert_eq!(world.store.queue(world.now()).await.unwrap().pending, 0);
    let held = world.store.delivery(deliveries[0]).await.unwrap().unwrap();
    assert_eq!((held.status, held.next_attempt_at), (DeliveryStatus::Pending, None));
    assert!(world.event(EventType::USER_INSERTED).await.deliveries.is_empty(), "events are recorded, no more");

    world.advance(3600);
    let on = world.store.update_webhook(webhook.id, enabled(true), None, Change::at(world.now(), None)).await.unwrap();
    assert_eq!((on.enabled, on.disabled_reason, on.revision), (true, None, off.revision + 1));
    assert_eq!(world.claim(instance, 10).await.len(), 1, "the oldest is due at once, the others one by one");
    world.advance(29);
    let claimed: Vec<_> = world.claim(instance, 10).await.into_iter().map(|claim| claim.delivery_id).collect();
    assert_eq!(claimed, deliveries[1..], "within 30 s, in their old order");
}

pub(super) async fn deleting_cancels_what_waits(source: &dyn Source) {
    let world = World::new(source).await;
    let webhook = world.webhook(&["*"]).await;
    let instance = world.join().await;
    let in_flight = world.event(EventType::USER_INSERTED).await.deliveries[0].id;
    let claim = world.claim(instance, 1).await.remove(0);
    let waiting = world.event(EventType::USER_INSERTED).await;
    world.store.delete_webhook(webhook.id, None, Change::at(world.now(), None)).await.unwrap();

    let status = async |id| world.store.delivery(id).await.unwrap().unwrap();
    for id in [in_flight, waiting.deliveries[0].id] {
        let delivery = status(id).await;
        assert_eq!((delivery.status, delivery.finished_at), (DeliveryStatus::Cancelled, Some(world.now())));
    }
    assert!(world.claim(instance, 10).await.is_empty());
    assert!(world.event(EventType::USER_INSERTED).await.deliveries.is_empty());
    assert_eq!(world.store.secrets(webhook.id, world.now()).await.unwrap(), None);
    let retry = Next::Retry(world.now());
    assert!(world.end(&claim, Ending::Answered(500), retry).await, "what is in flight is recorded");
    assert_eq!((status(in_flight).await.status, status(in_flight).await.attempts), (DeliveryStatus::Cancelled, 1));
    assert!(world.claim(instance, 10).await.is_empty(), "and not tried again");
    let again = world.store.event(waiting.id.into()).await.unwrap().unwrap();
    assert_eq!(again.deliveries.unwrap()[0].webhook_id, webhook.id, "the history stays");
}

pub(super) async fn a_long_backlog_is_cancelled_to_the_last(source: &dyn Source) {
    let world = Arc::new(World::new(source).await);
    let webhook = world.webhook(&["*"]).await;
    let other = world.webhook(&["user.deleted"]).await;
    let events = (0..1_100).map(|_| {
        let world = Arc::clone(&world);
        tokio::spawn(async move { world.event(EventType::USER_INSERTED).await.deliveries[0].id })
    });
    let mut deliveries = Vec::new();
    for event in events.collect::<Vec<_>>() {
        deliveries.push(event.await.unwrap());
    }
    world.event(EventType::USER_DELETED).await;
    world.store.delete_webhook(webhook.id, None, Change::at(world.now(), None)).await.unwrap();
    world.advance(1);
    for delivery in deliveries.iter().step_by(100).chain(deliveries.last()) {
        let cancelled = world.store.delivery(*delivery).await.unwrap().unwrap();
        assert_eq!((cancelled.status, cancelled.next_attempt_at), (DeliveryStatus::Cancelled, None));
    }
    let queue = world.store.queue(world.now()).await.unwrap();
    assert_eq!((queue.pending, queue.due), (1, 1), "the other webhook's is still there");
    let instance = world.join().await;
    assert_eq!(world.claim(instance, 100).await[0].webhook_id, other.id);
}

pub(super) async fn a_webhook_that_failed_last_is_failing(source: &dyn Source) {
    let world = World::new(source).await;
    let webhook = world.webhook(&["*"]).await;
    let instance = world.join().await;
    let status = async || world.store.webhook(webhook.id, world.now()).await.unwrap().unwrap();
    world.event(EventType::USER_INSERTED).await;
    world.fail(&world.claim(instance, 1).await[0], 5).await;
    let failing = status().await;
    assert_eq!((failing.status, failing.error_rate), (WebhookStatus::Failing, Some(1.0)));
    assert_eq!((failing.pending_deliveries, failing.last_attempt_at), (1, Some(world.now())));

    world.advance(1);
    let sent =
        world.store.start_test(world.test_of(webhook.id, instance), Change::at(world.now(), None)).await.unwrap();
    let super::super::StartedTest::New(test) = sent else { panic!("{sent:?}") };
    world.succeed(&test).await;
    let tested = status().await;
    assert_eq!((tested.status, tested.attempts24h), (WebhookStatus::Failing, 1), "tests do not count");
    assert_eq!(tested.last_attempt_at, Some(world.now()), "but are attempts");

    world.advance(5);
    world.succeed(&world.claim(instance, 1).await[0]).await;
    let well = status().await;
    assert_eq!((well.status, well.error_rate, well.pending_deliveries), (WebhookStatus::Enabled, Some(0.5), 0));
}

pub(super) async fn the_service_disables_with_its_reason(source: &dyn Source) {
    let world = World::new(source).await;
    let webhook = world.webhook(&["*"]).await;
    let instance = world.join().await;
    world.event(EventType::USER_INSERTED).await;
    world.event(EventType::USER_INSERTED).await;
    let claim = world.claim(instance, 1).await.remove(0);
    let mut gone = world.completion(&claim, Ending::Answered(410), Next::End(DeliveryStatus::Exhausted));
    gone.disable = Some(DisabledReason::Gone);
    assert_eq!(world.store.complete([gone].into()).await.unwrap(), [Completed::Recorded(None)]);
    let disabled = world.store.webhook(webhook.id, world.now()).await.unwrap().unwrap();
    assert_eq!((disabled.enabled, disabled.disabled_reason), (false, Some(DisabledReason::Gone)));
    assert_eq!((disabled.revision, disabled.pending_deliveries), (2, 1));
    assert!(world.claim(instance, 10).await.is_empty());
    let ended = world.store.delivery(claim.delivery_id).await.unwrap().unwrap();
    assert_eq!(ended.status, DeliveryStatus::Exhausted);
}

pub(super) async fn lists_filter_and_search(source: &dyn Source) {
    let world = World::new(source).await;
    let instance = world.join().await;
    let failing = world.webhook(&["user.*"]).await;
    world.event(EventType::USER_INSERTED).await;
    world.fail(&world.claim(instance, 1).await[0], 5).await;
    let chat = NewWebhook { url: "https://CHAT.example.com".to_owned(), ..new_webhook("Bot Ünal") };
    let chat = world.add(chat).await.unwrap();
    let off = world.add(NewWebhook { enabled: false, ..new_webhook("Off") }).await.unwrap();

    let found = async |query: WebhookQuery| {
        let page = world.store.webhooks(query, first_page(50), world.now()).await.unwrap();
        page.data.into_iter().map(|webhook| webhook.id).collect::<Vec<_>>()
    };
    let all = WebhookQuery::default;
    assert_eq!(found(all()).await, [off.id, chat.id, failing.id], "newest first");
    assert_eq!(found(WebhookQuery { enabled: Some(false), ..all() }).await, [off.id]);
    assert_eq!(found(WebhookQuery { enabled: Some(true), ..all() }).await, [chat.id, failing.id]);
    assert_eq!(found(WebhookQuery { failing: Some(true), ..all() }).await, [failing.id]);
    assert_eq!(found(WebhookQuery { failing: Some(false), ..all() }).await, [off.id, chat.id]);
    assert_eq!(found(WebhookQuery { name: Some("Off".into()), ..all() }).await, [off.id]);
    assert_eq!(found(WebhookQuery { name: Some("off".into()), ..all() }).await, []);
    assert_eq!(found(WebhookQuery { search: Some("chat.EX".into()), ..all() }).await, [chat.id]);
    assert_eq!(found(WebhookQuery { search: Some("üNAL".into()), ..all() }).await, [chat.id]);
    let about_users = WebhookQuery { event: Some(EventType::ATTENDANCE_INSERTED), ..all() };
    assert_eq!(found(about_users).await, [off.id, chat.id]);
    let prefix = chat.id.to_string()[..9].to_owned();
    assert_eq!(found(WebhookQuery { id_prefix: Some(prefix), ..all() }).await, [chat.id]);
}

pub(super) async fn lists_are_sorted_and_paged_by_key(source: &dyn Source) {
    let world = World::new(source).await;
    let instance = world.join().await;
    let mut failures = Vec::new();
    for (at, name) in ["b", "A", "c", "a", "B", "d", "C"].into_iter().enumerate() {
        let webhook = world.add(new_webhook(name)).await.unwrap();
        // Of three attempts none, one, two or all fail; the last webhook has no attempts.
        for attempt in 0..if at == 6 { 0 } else { 3 } {
            world.event(EventType::USER_INSERTED).await;
            for claim in world.claim(instance, 100).await {
                if claim.webhook_id == webhook.id && attempt < at % 4 {
                    world.end(&claim, Ending::Refused, Next::End(DeliveryStatus::Exhausted)).await;
                } else {
                    world.succeed(&claim).await;
                }
            }
        }
        failures.push((webhook.id, at % 4));
    }
    for sort in WebhookSort::ALL {
        let query = WebhookQuery { sort: Some(*sort), ..WebhookQuery::default() };
        let whole = world.store.webhooks(query.clone(), first_page(50), world.now()).await.unwrap();
        let paged = walk(2, async |page| world.store.webhooks(query.clone(), page, world.now()).await).await;
        assert_eq!(paged, whole.data, "{sort}");
        match sort {
            WebhookSort::Created => assert!(paged.iter().rev().map(|w| w.id).eq(failures.iter().map(|f| f.0))),
            WebhookSort::Name => {
                assert!(paged.iter().map(|w| w.name.as_str()).eq(["A", "a", "B", "b", "C", "c", "d"]));
            }
            WebhookSort::ErrorRate => {
                let rates: Vec<_> = paged.iter().map(|w| w.error_rate.unwrap_or(-1.0)).collect();
                assert!(rates.is_sorted_by(|one, other| one >= other), "{rates:?}");
                assert_eq!(paged.last().unwrap().name, "C", "without attempts it comes last");
            }
        }
    }
    let newest_two = world.store.webhooks(WebhookQuery::default(), first_page(2), world.now()).await.unwrap();
    let late = world.add(new_webhook("late")).await.unwrap();
    let mut rest = first_page(250);
    rest.cursor = newest_two.next;
    let rest = world.store.webhooks(WebhookQuery::default(), rest, world.now()).await.unwrap();
    assert_eq!(rest.data.len(), 5, "what is added between two pages moves nothing");
    assert!(rest.data.iter().all(|webhook| webhook.id != late.id));
}
