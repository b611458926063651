//! Stores the results of attempts. Results that arrive during a commit are stored together with the next one.

use std::{
    sync::{Arc, OnceLock},
    time::Duration,
};

use tokio::sync::{mpsc, oneshot};

use super::in_flight::InFlight;
use crate::{
    domain::health::{Notice, Warning},
    service::store::{Completed, Completion, Result, Store},
};

/// The most results in one call of the store, which keeps commits short.
const BATCH: usize = 256;
/// The first pause before results are stored again after a temporary failure; it doubles each time.
const FIRST_PAUSE: Duration = Duration::from_millis(50);
/// The longest pause.
const LONGEST_PAUSE: Duration = Duration::from_secs(5);
/// How often a result is tried that a working database refuses, which is a defect of the service. Its attempt is made
/// again after a restart.
const MOST_TRIES: u32 = 5;

/// A result, and the channel to whoever waits for it to be stored.
type Ended = (Completion, Option<oneshot::Sender<()>>);

/// Stores results in the background, in the order of arrival.
pub struct Recorder {
    store: Arc<dyn Store>,
    in_flight: Arc<InFlight>,
    queue: OnceLock<mpsc::UnboundedSender<Ended>>,
}

impl Recorder {
    /// Makes a recorder that reports stored results to `in_flight`.
    pub fn new(store: Arc<dyn Store>, in_flight: Arc<InFlight>) -> Self {
        Recorder { store, in_flight, queue: OnceLock::new() }
    }

    /// Stores a result, and signals `stored` when that is done.
    pub fn record(&self, completion: Completion, stored: Option<oneshot::Sender<()>>) {
        let queue = self.queue.get_or_init(|| {
            let (queue, ended) = mpsc::unbounded_channel();
            tokio::spawn(record_all(self.store.clone(), self.in_flight.clone(), ended));
            queue
        });
        // The receiver lives as long as this sender.
        let _ = queue.send((completion, stored));
    }
}

async fn record_all(store: Arc<dyn Store>, in_flight: Arc<InFlight>, mut ended: mpsc::UnboundedReceiver<Ended>) {
    let mut batch = Vec::with_capacity(BATCH);
    while ended.recv_many(&mut batch, BATCH).await > 0 {
        let (completions, waiting): (Vec<_>, Vec<_>) = batch.drain(..).unzip();
        let claims: Vec<_> = completions.iter().map(|completion| completion.claim).collect();
        record_batch(&*store, completions.into()).await;
        in_flight.recorded(claims);
        for stored in waiting.into_iter().flatten() {
            // The caller may no longer be waiting.
            let _ = stored.send(());
        }
    }
}

/// Stores results together. If the database refuses one, each is stored alone, so that the others are not lost.
async fn record_batch(store: &dyn Store, completions: Arc<[Completion]>) {
    if store_all(store, &completions).await.is_ok() {
        return;
    }
    for completion in completions.iter() {
        let mut tries = 1;
        let alone = Arc::from([completion.clone()]);
        while let Err(error) = store_all(store, &alone).await {
            tracing::error!(attempt = %completion.attempt_id, %error, tries, "the database refuses to record an attempt");
            if tries == MOST_TRIES {
                break;
            }
            tries += 1;
            tokio::time::sleep(FIRST_PAUSE).await;
        }
    }
}

/// Stores results. While the database cannot be used, it tries again, so that no result is lost.
async fn store_all(store: &dyn Store, completions: &Arc<[Completion]>) -> Result<()> {
    let mut pause = FIRST_PAUSE;
    loop {
        match store.complete(completions.clone()).await {
            Ok(completed) => {
                completions.iter().zip(completed).for_each(|(completion, completed)| tell(completion, completed));
                return Ok(());
            }
            Err(error) if error.is_temporary() => {
                tracing::error!(%error, attempts = completions.len(), "the service cannot record attempts; it tries again");
            }
            Err(error) => return Err(error),
        }
        tokio::time::sleep(pause).await;
        pause = (pause * 2).min(LONGEST_PAUSE);
    }
}

/// Logs what the owner of a webhook should know.
fn tell(completion: &Completion, completed: Completed) {
    match completed {
        Completed::Overtaken => {
            tracing::warn!(attempt = %completion.attempt_id, "the attempt's claim was no longer held, so the service did not record the attempt");
        }
        Completed::Recorded(None) => {}
        Completed::Recorded(Some((webhook, Notice::Warned(Warning::HalfTime)))) => {
            tracing::warn!(%webhook, "the webhook has failed for 2.5 days; the service disables it after 5");
        }
        Completed::Recorded(Some((webhook, Notice::Warned(Warning::NearTheEnd)))) => {
            tracing::warn!(%webhook, "the service disables the webhook within half a day unless an attempt succeeds");
        }
        Completed::Recorded(Some((webhook, Notice::Disabled))) => {
            tracing::warn!(%webhook, "the service has disabled the webhook, which has failed for 5 days");
        }
    }
}
