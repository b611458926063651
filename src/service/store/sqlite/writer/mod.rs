//! The only thread that writes: it commits queued jobs together and answers them after the commit. What a job writes
//! belongs in the folder of its topic.

pub mod handover;
pub mod idempotency;
pub mod pending;
pub mod session;
pub mod steps;

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{
        Arc, Mutex, PoisonError,
        mpsc::{Receiver, Sender, channel},
    },
    thread::JoinHandle,
    time::{Duration, Instant},
};

use tokio::sync::{Notify, oneshot};

use super::connection::rows;
use crate::service::store::{Result, StoreError};

use session::Session;

/// The most jobs in one commit.
const MOST_JOBS: usize = 256;
/// The longest time that a commit accepts jobs, so that the first does not wait long for the last.
const LONGEST_BATCH: Duration = Duration::from_millis(5);

/// Runs jobs on its own thread. Dropping it completes queued jobs.
pub struct Writer {
    jobs: Option<Sender<Box<dyn Job>>>,
    thread: Option<JoinHandle<()>>,
    waiting: WaitingSince,
}

/// The time since which a transaction has been waiting to begin.
type WaitingSince = Arc<Mutex<Option<Instant>>>;

fn set(waiting: &WaitingSince, since: Option<Instant>) {
    *waiting.lock().unwrap_or_else(PoisonError::into_inner) = since;
}

impl Writer {
    /// Starts the thread, which notifies `arrived` after each commit that made new work.
    pub fn start(session: Session, arrived: Arc<Notify>) -> Result<Writer> {
        let (jobs, queue) = channel();
        let waiting = WaitingSince::default();
        let thread = std::thread::Builder::new()
            .name("sqlite-writer".to_owned())
            .spawn({
                let waiting = Arc::clone(&waiting);
                move || serve(session, &queue, &arrived, &waiting)
            })
            .map_err(|error| StoreError::Unavailable(format!("cannot start a thread: {error}")))?;
        Ok(Writer { jobs: Some(jobs), thread: Some(thread), waiting })
    }

    /// How long a transaction has been waiting for another process's write, if one waits.
    pub fn waits(&self) -> Option<Duration> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner).map(|since| since.elapsed())
    }

    /// Runs a job in a transaction and returns when it is durable. A failed job is rolled back alone.
    pub async fn run<T, F>(&self, function: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnOnce(&mut Session) -> Result<T> + Send + 'static,
    {
        let (reply, answer) = oneshot::channel();
        let call = Call { function: Some(function), result: None, reply };
        let queued = self.jobs.as_ref().map(|jobs| jobs.send(Box::new(call)).is_ok());
        if queued != Some(true) {
            return Err(StoreError::Internal("the writer has stopped".to_owned()));
        }
        answer.await.unwrap_or_else(|_| Err(StoreError::Internal("the writer has stopped".to_owned())))
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        drop(self.jobs.take());
        // The sink of claims may have been the last owner of the store; then this is the writer's own thread.
        let itself = |thread: &JoinHandle<()>| thread.thread().id() == std::thread::current().id();
        if let Some(thread) = self.thread.take().filter(|thread| !itself(thread)) {
            // The waiting callers have already got the thread's panic as an error.
            let _ = thread.join();
        }
    }
}

/// A job with its types hidden from the queue.
trait Job: Send {
    /// Runs the job. Its writes are kept unless it fails.
    fn run(&mut self, session: &mut Session) -> Result<()>;
    /// Answers the job with its own error, its batch's error, or its result, in this order.
    fn answer(self: Box<Self>, batch: Result<()>);
}

struct Call<T, F> {
    function: Option<F>,
    result: Option<Result<T>>,
    reply: oneshot::Sender<Result<T>>,
}

impl<T, F> Job for Call<T, F>
where
    T: Send,
    F: FnOnce(&mut Session) -> Result<T> + Send,
{
    fn run(&mut self, session: &mut Session) -> Result<()> {
        self.result = self.function.take().map(|function| {
            catch_unwind(AssertUnwindSafe(|| function(session)))
                .unwrap_or_else(|_| Err(StoreError::Internal("a statement's code panicked".to_owned())))
        });
        match &self.result {
            Some(Err(error)) => Err(error.shared()),
            _ => Ok(()),
        }
    }

    fn answer(self: Box<Self>, batch: Result<()>) {
        let answer = match (self.result, batch) {
            (Some(Err(error)), _) | (_, Err(error)) => Err(error),
            (Some(Ok(result)), Ok(())) => Ok(result),
            (None, Ok(())) => Err(StoreError::Internal("the job was not run".to_owned())),
        };
        // The caller may no longer be waiting.
        let _ = self.reply.send(answer);
    }
}

fn serve(mut session: Session, queue: &Receiver<Box<dyn Job>>, arrived: &Notify, waiting: &WaitingSince) {
    while let Ok(first) = queue.recv() {
        let mut jobs = vec![first];
        let began = Instant::now();
        let committed = run_batch(&mut session, &mut jobs, queue, waiting);
        let tally = std::mem::take(&mut session.tally);
        let work_arrived = match &committed {
            Ok(()) => {
                session.metrics.committed(jobs.len(), began.elapsed(), tally);
                session.committed()
            }
            Err(_) => {
                session.metrics.commit_failed();
                session.lost();
                false
            }
        };
        for job in jobs {
            job.answer(committed.as_ref().copied().map_err(StoreError::shared));
        }
        if work_arrived {
            arrived.notify_one();
        }
        if session.event_space.was_refused() {
            fold_log(&session);
        }
    }
}

/// Runs a checkpoint as far as readers allow, so that the log's space can be reused.
fn fold_log(session: &Session) {
    let folded = session.connection.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |_| Ok(()));
    if let Err(error) = folded {
        tracing::debug!(%error, "the service cannot run a checkpoint of the database's log");
    }
}

/// Begins a transaction after checking that the files are whole and still those that were opened.
fn begin(session: &mut Session, waiting: &WaitingSince) -> Result<()> {
    let begin = |session: &mut Session| {
        set(waiting, Some(Instant::now()));
        let begun = rows::execute(&session.connection, "BEGIN IMMEDIATE", []);
        set(waiting, None);
        // SQLite reports removed files as another error.
        begun.map(drop).map_err(|error| session.files.check().err().unwrap_or(error))
    };
    begin(session)?;
    // While this transaction is open, no well-meaning program cuts the files.
    if session.files.has_shrunk() {
        rows::execute(&session.connection, "ROLLBACK", [])?;
        session.files.check_whole(&session.connection)?;
        begin(session)?;
    }
    Ok(())
}

/// Runs the first job and those queued behind it in one transaction. `jobs` gets all of them.
fn run_batch(
    session: &mut Session,
    jobs: &mut Vec<Box<dyn Job>>,
    queue: &Receiver<Box<dyn Job>>,
    waiting: &WaitingSince,
) -> Result<()> {
    if let Err(error) = begin(session, waiting) {
        // The jobs behind it would wait as long for the same error.
        jobs.extend(queue.try_iter().take(MOST_JOBS));
        return Err(error);
    }
    let ended = session
        .began()
        .and_then(|()| fill_batch(session, jobs, queue))
        .and_then(|()| session.before_commit())
        // No caller may be told that something is stored which the next process would not find.
        .and_then(|()| session.files.check())
        .and_then(|()| rows::execute(&session.connection, "COMMIT", []).map(drop));
    if ended.is_ok() {
        session.files.note_whole();
    } else if !session.connection.is_autocommit() {
        rows::execute(&session.connection, "ROLLBACK", [])?;
    }
    ended
}

fn fill_batch(session: &mut Session, jobs: &mut Vec<Box<dyn Job>>, queue: &Receiver<Box<dyn Job>>) -> Result<()> {
    let began = Instant::now();
    run_in_savepoint(session, &mut jobs[0])?;
    while jobs.len() < MOST_JOBS && began.elapsed() < LONGEST_BATCH {
        let Ok(mut next) = queue.try_recv() else { break };
        let ran = run_in_savepoint(session, &mut next);
        jobs.push(next);
        ran?;
    }
    Ok(())
}

/// Runs a job in a savepoint. Fails if the whole transaction is lost, because SQLite rolls it back itself when the disk
/// is full.
fn run_in_savepoint(session: &mut Session, job: &mut Box<dyn Job>) -> Result<()> {
    rows::execute(&session.connection, "SAVEPOINT job", [])?;
    let (handed, tally) = (session.handover.len(), session.tally.mark());
    let ran = job.run(session);
    if session.connection.is_autocommit() {
        return ran.and(Err(StoreError::Unavailable("the transaction was rolled back".to_owned())));
    }
    if ran.is_ok() {
        session.pending.keep();
    } else {
        session.rolled_back(handed);
        session.tally.back_to(tally);
        rows::execute(&session.connection, "ROLLBACK TO job", [])?;
    }
    rows::execute(&session.connection, "RELEASE job", []).map(drop)
}
