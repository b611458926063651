//! Runs a filter on its own thread, so that Ctrl-C stops an endless one, and one that exceeds a limit can be abandoned.

use std::{
    ops::ControlFlow,
    sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel},
    time::Duration,
};

use jaq_core::{Ctx, Exn, Vars};
use tokio::sync::oneshot;

use super::{
    budget::{self, Limits, STACK, Spent},
    filter::Jq,
    value::{Kind as Is, Val, read_many},
    world::{Facts, Language, World},
};
use crate::{
    error::{CliError, Kind},
    render::json,
    term::{is_dangerous, sanitise_lines},
};

/// After this time without a result, earlier ones are flushed.
const PAUSE: Duration = Duration::from_millis(50);
/// The longest reason of a failure that is shown, in characters.
const LONGEST_REASON: usize = 300;
/// The largest number of results that wait to be written.
const AHEAD: usize = 64;
/// The extra wait beyond the filter's time limit, as a long step does not check the limit.
const GRACE: Duration = Duration::from_secs(1);

/// One result of a filter.
#[derive(Debug)]
pub(super) enum FilterResult {
    /// A string.
    Text(String),
    /// Anything else, as JSON.
    Json(String),
}

impl FilterResult {
    /// Returns its share of the output limit; small results also take time.
    fn cost(&self) -> usize {
        match self {
            FilterResult::Text(text) | FilterResult::Json(text) => text.len() + 64,
        }
    }

    /// Returns its line.
    pub(super) fn line(&self, terminal: bool) -> String {
        match self {
            FilterResult::Text(text) if terminal && text.chars().any(is_dangerous) => {
                format!("{}\n", sanitise_lines(text))
            }
            FilterResult::Text(text) => format!("{text}\n"),
            FilterResult::Json(text) => json::line(text.clone(), terminal),
        }
    }
}

/// What the caller of a filter gets.
#[derive(Debug)]
pub(super) enum Taken {
    /// The next result.
    Result(FilterResult),
    /// No result is ready.
    Pause,
}

enum Message {
    Result(FilterResult),
    Failed(String),
    Done,
    Interrupted,
}

/// Passes each result to `take`, in order, until the filter ends or `take` stops it.
pub(super) fn run(
    jq: &Jq,
    text: String,
    facts: Facts,
    limits: Limits,
    mut take: impl FnMut(Taken) -> ControlFlow<()>,
) -> Result<(), CliError> {
    let (sender, results) = sync_channel(AHEAD);
    let (ended, stop) = oneshot::channel::<()>();
    let (worker, watcher, longest) = (jq.clone(), sender.clone(), limits.time + GRACE);
    let started = std::thread::Builder::new()
        .stack_size(STACK)
        .spawn(move || Work { jq: worker, facts, limits, sender }.begin(&text));
    started.map_err(|error| CliError::new(Kind::Unexpected, "--jq: could not start").source(error))?;
    let watching = std::thread::spawn(move || watch(stop, &watcher));
    let outcome = receive(&results, longest, &mut take);
    let _ = ended.send(());
    // The watcher ends at once; dropping the receiver unblocks it if it waits to send.
    drop(results);
    let _ = watching.join();
    outcome
}

fn receive(
    results: &Receiver<Message>,
    longest: Duration,
    take: &mut impl FnMut(Taken) -> ControlFlow<()>,
) -> Result<(), CliError> {
    loop {
        let message = match results.recv_timeout(PAUSE) {
            Err(RecvTimeoutError::Timeout) => {
                if take(Taken::Pause).is_break() {
                    return Ok(());
                }
                results.recv_timeout(longest)
            }
            message => message,
        };
        match message {
            Ok(Message::Result(result)) => {
                if take(Taken::Result(result)).is_break() {
                    return Ok(());
                }
            }
            Ok(Message::Done) => return Ok(()),
            Ok(Message::Failed(why)) => return Err(failed(&why)),
            Ok(Message::Interrupted) => return Err(CliError::new(Kind::Interrupted, "interrupted")),
            Err(RecvTimeoutError::Timeout) => return Err(failed(&spent(Spent::Time))),
            Err(RecvTimeoutError::Disconnected) => return Err(failed("the filter broke off")),
        }
    }
}

/// Makes the error of a failed filter. The reason is cut, as it may repeat the whole input.
fn failed(why: &str) -> CliError {
    let told: String = why.chars().take(LONGEST_REASON).collect();
    let more = if told.len() < why.len() { " …" } else { "" };
    CliError::new(Kind::Unexpected, format!("--jq: {told}{more}")).code("filter_failed")
}

fn spent(what: Spent) -> String {
    match what {
        Spent::Time => "takes too long: does the filter ever end?",
        Spent::Memory => "takes too much memory: does a list or a string in the filter ever end?",
        Spent::Output => "gives too much: do its results ever end?",
        Spent::Levels => "calls itself too deeply: does the filter ever end?",
        Spent::Nesting => "makes a value that is nested too deeply",
    }
    .to_owned()
}

/// Watches for signals: the command's own runtime is blocked while a filter runs.
fn watch(stop: oneshot::Receiver<()>, sender: &SyncSender<Message>) {
    let Ok(runtime) = tokio::runtime::Builder::new_current_thread().enable_all().build() else { return };
    runtime.block_on(async {
        tokio::select! {
            _ = stop => {}
            _ = tokio::signal::ctrl_c() => {
                let _ = sender.send(Message::Interrupted);
            }
        }
    });
}

/// The state of a filter's thread.
struct Work {
    jq: Jq,
    facts: Facts,
    limits: Limits,
    sender: SyncSender<Message>,
}

impl Work {
    fn begin(self, text: &str) {
        let teller = self.sender.clone();
        let tell = move |what| {
            let _ = teller.send(Message::Failed(spent(what)));
        };
        budget::begin(&self.limits, Box::new(tell));
        // Without a receiver, the result does not matter.
        let _ = match self.filter(text) {
            Ok(()) => self.sender.send(Message::Done),
            Err(why) => self.sender.send(Message::Failed(why)),
        };
    }

    fn filter(&self, text: &str) -> Result<(), String> {
        let mut written = 0;
        for input in read_many(text) {
            let input = input.map_err(|error| format!("what is to be filtered is not JSON ({error})"))?;
            let world = World::new(&self.jq.filter.lut, &self.facts);
            let context = Ctx::<Language>::new(world, Vars::new([]));
            for result in self.jq.filter.id.run((context, input)) {
                let outcome = outcome(&result.map_err(reason)?);
                written += outcome.cost();
                if written > self.limits.output {
                    budget::spent(Spent::Output);
                }
                if self.sender.send(Message::Result(outcome)).is_err() {
                    return Ok(());
                }
            }
        }
        Ok(())
    }
}

/// Returns the reason of a failure: jq's message as a part of a sentence.
fn reason(thrown: Exn<'_, Val>) -> String {
    let Ok(error) = thrown.get_err() else { return "a break without its label".to_owned() };
    let value = error.into_val();
    match &value.kind {
        Is::Text(text) => match text.strip_prefix("Cannot ") {
            Some(rest) => format!("cannot {rest}"),
            None => text.to_string(),
        },
        Is::Null => "null (null) not a string".to_owned(),
        _ => value.to_json(),
    }
}

fn outcome(value: &Val) -> FilterResult {
    match &value.kind {
        Is::Text(text) => FilterResult::Text(text.to_string()),
        _ => FilterResult::Json(value.to_json()),
    }
}
