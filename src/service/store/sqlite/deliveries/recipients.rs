//! The recipients of the claims of one transaction.

use std::{collections::HashMap, sync::Arc};

use crate::{
    domain::{ids::WebhookId, time::Timestamp},
    service::store::{
        Recipient, Result,
        sqlite::{
            events::{subscribers::Subscriptions, subscriptions},
            webhooks::recipient::recipient,
            writer::session::Session,
        },
    },
};

/// The webhooks' parts of requests. Those of enabled webhooks are remembered from the transaction before; others are read
/// once for all claims of a transaction.
pub struct Recipients {
    remembered: Option<Arc<Subscriptions>>,
    read: HashMap<i64, (WebhookId, Arc<Recipient>)>,
}

impl Recipients {
    /// The recipients of this transaction.
    pub fn of(session: &Session) -> Result<Self> {
        Ok(Recipients { remembered: subscriptions::remembered(session)?, read: HashMap::new() })
    }

    /// The recipient of a webhook, by its number.
    pub fn get(&mut self, session: &Session, webhook: i64, now: Timestamp) -> Result<(WebhookId, Arc<Recipient>)> {
        if let Some(known) = self.remembered.as_ref().and_then(|known| known.of(webhook)) {
            return Ok((known.id, known.recipient.live_at(now)));
        }
        if let Some(known) = self.read.get(&webhook) {
            return Ok(known.clone());
        }
        let recipient = recipient(session, webhook, now)?;
        Ok(self.read.entry(webhook).or_insert(recipient).clone())
    }
}
