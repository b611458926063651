//! Plans which webhooks get an event, and with which bodies. The caller's task does this for the webhooks of one
//! generation.
//!
//! The writer only checks that the generation is still current and stores the plan; otherwise the event is planned
//! again. So even slow rendering delays nobody's commit.

use std::{collections::BTreeSet, sync::Arc};

use super::{
    bodies::{PreparedEvent, Rendered, Rendering},
    subscribers::{Board, Subscriber, Subscriptions},
};
use crate::domain::version::Version;

/// The most times that an event or a step of a recovery is planned; it is planned again each time that the webhooks have
/// changed meanwhile.
pub const MOST_PLANS: usize = 32;

/// What to store with an event.
pub struct Plan {
    /// The generation of the webhooks in the plan; none if no webhooks were known yet.
    pub generation: Option<i64>,
    /// The webhooks that get the event.
    pub subscribers: Vec<Arc<Subscriber>>,
    /// The event's body in each of their versions.
    pub bodies: Vec<Rendered>,
}

impl Plan {
    /// Plans an event for the webhooks on the board.
    pub fn of(prepared: &PreparedEvent, board: &Board, rendering: &dyn Rendering) -> Plan {
        match board.now() {
            None => Plan { generation: None, subscribers: Vec::new(), bodies: Vec::new() },
            Some(known) => Plan::among(prepared, &known, rendering),
        }
    }

    /// Plans an event for these webhooks.
    pub fn among(prepared: &PreparedEvent, known: &Subscriptions, rendering: &dyn Rendering) -> Plan {
        let subscribers = known.wanting(prepared.event.event_type, prepared.event.source_name());
        let versions: BTreeSet<Version> = subscribers.iter().map(|subscriber| subscriber.version).collect();
        let bodies = versions.into_iter().map(|version| prepared.render(version, rendering)).collect();
        Plan { generation: Some(known.generation), subscribers, bodies }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        domain::{event::EventType, ids::WebhookId, patch::Patch, record::AcceptedEvent, webhook::WebhookPatch},
        service::store::{
            Change, Location, Store, StoreError,
            sqlite::{
                SqliteStore,
                connection::rows,
                events::{
                    slow::{accept, add, now, slow_store, until_begun},
                    subscriptions,
                },
            },
        },
    };

    fn receivers(accepted: &AcceptedEvent) -> Vec<WebhookId> {
        accepted.deliveries.iter().map(|delivery| delivery.webhook_id).collect()
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn a_rendering_that_takes_its_whole_budget_keeps_nobody_from_a_commit() {
        let (store, has_begun, go) = slow_store();
        let slow = add(&store, "Slow", "user.*", Version::V2).await;
        let quick = add(&store, "Quick", "attendance.*", Version::V1).await;
        let rendering = {
            let store = Arc::clone(&store);
            tokio::spawn(async move { accept(&store, EventType::USER_DELETED).await })
        };
        let _has_begun = until_begun(has_begun).await;
        for _ in 0..20 {
            assert_eq!(receivers(&accept(&store, EventType::ATTENDANCE_INSERTED).await.unwrap()), [quick]);
        }
        assert!(!rendering.is_finished());
        go.send(()).unwrap();
        let accepted = rendering.await.unwrap().unwrap();
        assert_eq!(receivers(&accepted), [slow]);
        assert_eq!(
            store.event(accepted.id.into()).await.unwrap().unwrap().sequence,
            Some(21),
            "it counts from its commit"
        );
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn an_event_that_lost_the_race_with_a_change_is_planned_again() {
        let (store, has_begun, go) = slow_store();
        let leaves = add(&store, "Leaves", "user.*", Version::V2).await;
        let rendering = {
            let store = Arc::clone(&store);
            tokio::spawn(async move { accept(&store, EventType::USER_DELETED).await })
        };
        let has_begun = until_begun(has_begun).await;
        let comes = add(&store, "Comes", "user.deleted", Version::V2).await;
        let off = WebhookPatch { enabled: Patch::Value(false), ..WebhookPatch::default() };
        store.update_webhook(leaves, off, None, Change::at(now(), None)).await.unwrap();
        go.send(()).unwrap();
        go.send(()).unwrap();
        let accepted = rendering.await.unwrap().unwrap();
        assert_eq!(receivers(&accepted), [comes]);
        assert_eq!(has_begun.try_iter().count(), 1, "it was rendered once more");
        assert_eq!(store.event(accepted.id.into()).await.unwrap().unwrap().sequence, Some(1));
    }

    #[tokio::test]
    async fn what_is_rolled_back_is_never_planned_for() {
        let store = SqliteStore::plain(Location::Memory).unwrap();
        let stays = add(&store, "Stays", "*", Version::V1).await;
        assert_eq!(receivers(&accept(&store, EventType::USER_DELETED).await.unwrap()), [stays]);
        let before = store.board.now().unwrap().generation;
        let failed = store.write(|session| {
            rows::execute(&session.connection, "UPDATE webhooks SET enabled = 0", [])?;
            assert!(!subscriptions::are_at(session, None, now())?);
            Err::<(), _>(StoreError::Internal("on purpose".to_owned()))
        });
        failed.await.unwrap_err();
        assert_eq!(store.board.now().unwrap().generation, before);
        assert_eq!(receivers(&accept(&store, EventType::USER_DELETED).await.unwrap()), [stays]);
    }
}
