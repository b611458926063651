//! Records how attempts ended: what ends while a commit is under way is recorded together with the next.

use std::{
    sync::{Arc, OnceLock},
    time::Duration,
};

use tokio::sync::{mpsc, oneshot};

use super::flight::Flight;
use crate::{
    domain::health::{Notice, Warning},
    service::store::{Completed, Completion, Result, Store},
};

/// How many results are recorded at once, so that one commit stays short.
const BATCH: usize = 256;
/// How long to wait before results that could not be stored are tried again; doubled each time up to the longest.
const FIRST_PAUSE: Duration = Duration::from_millis(50);
const LONGEST_PAUSE: Duration = Duration::from_secs(5);
/// How often a result is tried that a working database refuses: our own fault. Its attempt is made again after a restart.
const MOST_TRIES: u32 = 5;

/// A result, and whoever waits for it to be stored.
type Ended = (Completion, Option<oneshot::Sender<()>>);

/// Takes results and stores them in the background, in the order they come in.
pub struct Recorder {
    store: Arc<dyn Store>,
    flight: Arc<Flight>,
    queue: OnceLock<mpsc::UnboundedSender<Ended>>,
}

impl Recorder {
    /// A recorder that tells `flight` what is stored.
    pub fn new(store: Arc<dyn Store>, flight: Arc<Flight>) -> Self {
        Recorder { store, flight, queue: OnceLock::new() }
    }

    /// Stores a result. `stored` is told when that is done.
    pub fn record(&self, completion: Completion, stored: Option<oneshot::Sender<()>>) {
        let queue = self.queue.get_or_init(|| {
            let (queue, ended) = mpsc::unbounded_channel();
            tokio::spawn(record_all(self.store.clone(), self.flight.clone(), ended));
            queue
        });
        // The other end lives as long as this one.
        let _ = queue.send((completion, stored));
    }
}

async fn record_all(store: Arc<dyn Store>, flight: Arc<Flight>, mut ended: mpsc::UnboundedReceiver<Ended>) {
    let mut batch = Vec::with_capacity(BATCH);
    while ended.recv_many(&mut batch, BATCH).await > 0 {
        let (completions, waiting): (Vec<_>, Vec<_>) = batch.drain(..).unzip();
        let claims: Vec<_> = completions.iter().map(|completion| completion.claim).collect();
        record_batch(&*store, completions.into()).await;
        flight.recorded(claims);
        for stored in waiting.into_iter().flatten() {
            // Whoever waited may have gone.
            let _ = stored.send(());
        }
    }
}

/// Stores results together; when the database refuses one of them, each by itself, so that the others do not suffer.
async fn record_batch(store: &dyn Store, completions: Arc<[Completion]>) {
    if store_all(store, &completions).await.is_ok() {
        return;
    }
    for completion in completions.iter() {
        let mut tries = 1;
        let alone = Arc::from([completion.clone()]);
        while let Err(error) = store_all(store, &alone).await {
            tracing::error!(attempt = %completion.attempt_id, %error, tries, "an attempt is refused by the database");
            if tries == MOST_TRIES {
                break;
            }
            tries += 1;
            tokio::time::sleep(FIRST_PAUSE).await;
        }
    }
}

/// Stores results; while the database cannot be used, tries again: what was sent is not forgotten.
async fn store_all(store: &dyn Store, completions: &Arc<[Completion]>) -> Result<()> {
    let mut pause = FIRST_PAUSE;
    loop {
        match store.complete(completions.clone()).await {
            Ok(completed) => {
                completions.iter().zip(completed).for_each(|(completion, completed)| tell(completion, completed));
                return Ok(());
            }
            Err(error) if error.is_temporary() => {
                tracing::error!(%error, attempts = completions.len(), "cannot record attempts; trying again");
            }
            Err(error) => return Err(error),
        }
        tokio::time::sleep(pause).await;
        pause = (pause * 2).min(LONGEST_PAUSE);
    }
}

/// Says in the log what the owner of a webhook should know.
fn tell(completion: &Completion, completed: Completed) {
    match completed {
        Completed::Overtaken => {
            tracing::warn!(attempt = %completion.attempt_id, "its claim was no longer held; not recorded");
        }
        Completed::Recorded(None) => {}
        Completed::Recorded(Some((webhook, Notice::Warned(Warning::HalfTime)))) => {
            tracing::warn!(%webhook, "fails since two and a half days; after five it is disabled");
        }
        Completed::Recorded(Some((webhook, Notice::Warned(Warning::NearTheEnd)))) => {
            tracing::warn!(%webhook, "is disabled within half a day, unless an attempt succeeds");
        }
        Completed::Recorded(Some((webhook, Notice::Disabled))) => {
            tracing::warn!(%webhook, "is disabled: it has failed for five days");
        }
    }
}
