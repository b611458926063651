//! Tracks a connection's current step and the step's deadline.

use std::{
    sync::{Mutex, MutexGuard, PoisonError},
    task::{Context, Poll, Waker},
    time::Duration,
};

use tokio::time::Instant;

use super::limits::Limits;

/// How long a caller may read nothing of an answer before its connection may be closed to make room.
const A_MOMENT: Duration = Duration::from_secs(1);

/// A connection's progress. The connection's own task updates it; others may ask it to close.
pub struct Progress(Mutex<State>);

struct State {
    step: Step,
    /// When the caller stopped reading what the server writes.
    stuck_since: Option<Instant>,
    /// Whether bytes of a later request have arrived.
    read_ahead: bool,
    asked_to_close: bool,
    waker: Option<Waker>,
}

/// What the connection waits for, and since when.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Step {
    /// A request's head that has begun, or the first one of a connection.
    Head(Instant),
    /// The next request.
    Next(Instant),
    /// The rest of a body.
    Body(Instant),
    /// The service's answer.
    Ours,
}

impl Default for Progress {
    fn default() -> Self {
        let step = Step::Head(Instant::now());
        Progress(Mutex::new(State { step, stuck_since: None, read_ahead: false, asked_to_close: false, waker: None }))
    }
}

impl Progress {
    fn state(&self) -> MutexGuard<'_, State> {
        // The state is valid between any two statements, so a panic elsewhere cannot have broken it.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The connection is ready for its first request.
    pub fn opened(&self) {
        self.state().step = Step::Head(Instant::now());
    }

    /// Bytes arrived.
    pub fn received(&self) {
        let mut state = self.state();
        match state.step {
            Step::Next(_) => state.step = Step::Head(Instant::now()),
            Step::Ours => state.read_ahead = true,
            Step::Head(_) | Step::Body(_) => {}
        }
    }

    /// A request's head is complete.
    pub fn asked(&self) {
        let mut state = self.state();
        state.step = Step::Body(Instant::now());
        state.read_ahead = false;
    }

    /// The request's body is complete, or nobody reads the rest of it.
    pub fn body_read(&self) {
        let mut state = self.state();
        if matches!(state.step, Step::Body(_)) {
            state.step = Step::Ours;
        }
    }

    /// The answer has been written or dropped.
    pub fn answered(&self) {
        let mut state = self.state();
        let now = Instant::now();
        state.step = if std::mem::take(&mut state.read_ahead) { Step::Head(now) } else { Step::Next(now) };
    }

    /// Records whether the caller accepted at least a part of what was written.
    pub fn wrote(&self, taken: bool) {
        let mut state = self.state();
        state.stuck_since = if taken { None } else { state.stuck_since.or_else(|| Some(Instant::now())) };
    }

    /// Asks the connection to close if it waits for its caller. Returns whether it closes.
    pub fn ask_to_close(&self) -> bool {
        let mut state = self.state();
        if !state.waits_for_caller() || state.asked_to_close {
            return false;
        }
        state.asked_to_close = true;
        if let Some(waker) = state.waker.take() {
            waker.wake();
        }
        true
    }

    /// Returns `Ready` when the connection must close because it was asked to.
    pub fn poll_asked_to_close(&self, context: &mut Context<'_>) -> Poll<()> {
        let mut state = self.state();
        if state.asked_to_close && state.waits_for_caller() {
            return Poll::Ready(());
        }
        // A request arrived just before: it is answered, and the connection may be asked again later.
        state.asked_to_close = false;
        if !state.waker.as_ref().is_some_and(|waker| waker.will_wake(context.waker())) {
            state.waker = Some(context.waker().clone());
        }
        Poll::Pending
    }

    /// When the current step must have ended; none while the service itself is slow. `closing_since` is the time from
    /// which no new request is answered.
    pub fn deadline(&self, limits: &Limits, closing_since: Option<Instant>) -> Option<Instant> {
        let state = self.state();
        let stuck_until = state.stuck_since.map(|since| {
            let leaving = closing_since.map(|closing| closing.max(since) + limits.leaving);
            leaving.into_iter().fold(since + limits.answer, Instant::min)
        });
        let step_until = match (state.step, closing_since) {
            // The caller may still read the previous answer.
            (Step::Head(_) | Step::Next(_), Some(_)) if state.stuck_since.is_some() => None,
            (Step::Head(_) | Step::Next(_), Some(closing)) => Some(closing),
            (Step::Head(since), None) => Some(since + limits.head),
            (Step::Next(since), None) => Some(since + limits.idle),
            (Step::Body(since), None) => Some(since + limits.body),
            (Step::Body(since), Some(closing)) => Some((since + limits.body).min(closing + limits.leaving)),
            (Step::Ours, _) => None,
        };
        stuck_until.into_iter().chain(step_until).min()
    }
}

impl State {
    /// Whether the connection waits for its caller: for a request, or for more than a moment to read an answer.
    fn waits_for_caller(&self) -> bool {
        match self.stuck_since {
            None => matches!(self.step, Step::Head(_) | Step::Next(_)),
            Some(since) => since.elapsed() >= A_MOMENT,
        }
    }
}
