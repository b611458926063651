//! Tests changes between two attempts: the next one goes to the webhook's new URL, with its new secret and headers; the
//! body and its version stay those of the event's acceptance.

use super::{
    receiver::{Answer, Receiver},
    *,
};
use crate::{
    domain::{patch::Patch, version::Version, webhook::WebhookPatch},
    signing::attempt::timemoto_signature,
};

/// The source of the version when the event is accepted: a pin, the global version, or neither.
#[derive(Debug, Clone, Copy, PartialEq)]
enum From {
    Pin,
    Global,
    Latest,
}

impl World {
    async fn patch(&self, id: WebhookId, patch: WebhookPatch) {
        self.store.update_webhook(id, patch, None, Change::at(self.clock.now(), None)).await.unwrap();
    }

    async fn pin(&self, id: WebhookId, version: Patch<Version>) {
        self.patch(id, WebhookPatch { pinned_version: version, ..WebhookPatch::default() }).await;
    }

    async fn set_global(&self, version: Option<Version>) {
        self.store.set_global_version(version, Change::at(self.clock.now(), None)).await.unwrap();
    }

    /// Changes everything of a webhook: its URL, its headers and its secret.
    async fn change_everything(&self, id: WebhookId, url: &str) -> Secret {
        let headers = BTreeMap::from([
            ("X-Tenant".to_owned(), Some("green".to_owned())),
            ("X-New".to_owned(), Some("added".to_owned())),
        ]);
        let (url, headers) = (Patch::Value(url.to_owned()), Patch::Value(headers));
        self.patch(id, WebhookPatch { url, headers, ..WebhookPatch::default() }).await;
        let (random, now): (&dyn Random, _) = (&SystemRandom, self.clock.now());
        let secret = Secret::generate(random);
        let overlap_ends = now.plus(Duration::from_secs(1));
        self.store.rotate_secret(id, secret.clone(), overlap_ends, Change::at(now, None)).await.unwrap();
        secret
    }
}

#[tokio::test]
async fn the_body_is_of_then_and_all_else_of_now() {
    for (from, then) in [(From::Pin, Version::V2), (From::Global, Version::V2), (From::Latest, Version::V1)] {
        let (world, mut before) = (World::new(), Receiver::answering([Answer::status(503, "")]).await);
        let mut after = Receiver::answering([Answer::status(500, ""), Answer::status(204, "")]).await;
        let webhook = world.add(&before.url).await.id;
        match from {
            From::Pin => world.pin(webhook, Patch::Value(Version::V2)).await,
            From::Global => world.set_global(Some(Version::V2)).await,
            From::Latest => {}
        }
        world.accept(EventType::ATTENDANCE_INSERTED).await;
        // Before the first attempt the version is already frozen.
        match from {
            From::Pin => world.pin(webhook, Patch::Null).await,
            From::Global => world.set_global(Some(Version::V1)).await,
            From::Latest => world.set_global(Some(Version::V2)).await,
        }
        world.deliver().await;
        let first = before.next().await;
        assert_eq!((first.header("webhook-version"), first.header("x-tenant")), (then.as_str(), "blue"), "{from:?}");

        // Between two attempts everything changes.
        let secret = world.change_everything(webhook, &after.url).await;
        world.pin(webhook, if from == From::Pin { Patch::Value(Version::V1) } else { Patch::Null }).await;
        world.set_global(if from == From::Global { None } else { Some(Version::V2) }).await;
        for wait in [6, 360] {
            world.clock.advance(Duration::from_secs(wait));
            world.deliver().await;
            let next = after.next().await;
            assert_eq!(next.body, first.body, "{from:?}");
            assert_eq!(next.header("webhook-version"), then.as_str(), "{from:?}");
            assert_eq!((next.header("x-tenant"), next.header("x-new")), ("green", "added"), "{from:?}");
            assert_eq!(next.header("timemoto-signature"), timemoto_signature(&secret, &next.body), "{from:?}");
            assert_eq!(next.header("webhook-id"), first.header("webhook-id"));
        }
        assert_eq!((before.unseen(), after.unseen()), (0, 0), "{from:?}");
        // A new event uses the webhook's new settings.
        world.accept(EventType::ATTENDANCE_INSERTED).await;
        world.deliver().await;
        assert_eq!(after.next().await.header("webhook-version"), other(then).as_str(), "{from:?}");
    }
}

fn other(version: Version) -> Version {
    if version == Version::V1 { Version::V2 } else { Version::V1 }
}
