//! Whom the claims of one transaction go to.

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

/// What requests need of the webhooks, as they are now: read once for all claims of one transaction, if it is not
/// remembered from the one before.
pub struct Recipients {
    remembered: Option<Arc<Subscriptions>>,
    read: HashMap<i64, (WebhookId, Arc<Recipient>)>,
}

impl Recipients {
    /// Those of this transaction.
    pub fn of(session: &Session) -> Result<Self> {
        Ok(Recipients { remembered: subscriptions::remembered(session)?, read: HashMap::new() })
    }

    /// The webhook with this number.
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
