//! Runs a filter on a thread of its own, so that Ctrl-C ends one that never ends, and so that one that takes too much
//! can be left behind.

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

/// After how long without a result those before are handed to the reader.
const PAUSE: Duration = Duration::from_millis(50);
/// How much of the reason of a failure is told, in characters.
const TOLD: usize = 300;
/// How many results may wait to be written.
const AHEAD: usize = 64;
/// How much longer than its own time a filter is waited for: what it does in one step it is not asked during.
const GRACE: Duration = Duration::from_secs(1);

/// One result of a filter.
#[derive(Debug)]
pub(super) enum Outcome {
    /// A string.
    Text(String),
    /// Anything else, as JSON.
    Json(String),
}

impl Outcome {
    /// What it counts of what a filter may give: small ones take time, too.
    fn cost(&self) -> usize {
        match self {
            Outcome::Text(text) | Outcome::Json(text) => text.len() + 64,
        }
    }

    /// The line for it.
    pub(super) fn line(&self, terminal: bool) -> String {
        match self {
            Outcome::Text(text) if terminal && text.chars().any(is_dangerous) => format!("{}\n", sanitise_lines(text)),
            Outcome::Text(text) => format!("{text}\n"),
            Outcome::Json(text) => json::line(text.clone(), terminal),
        }
    }
}

/// What whoever runs a filter is given.
#[derive(Debug)]
pub(super) enum Taken {
    /// The next result.
    Result(Outcome),
    /// The next result is some time away.
    Pause,
}

enum Message {
    Result(Outcome),
    Failed(String),
    Done,
    Interrupted,
}

/// Hands each result to `take`, in order, until the filter ends or `take` wants no more.
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
    // It ends at once; nothing it could say matters any more, and it may wait for room to say it.
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

/// What failed may repeat the whole input: as much as helps is told.
fn failed(why: &str) -> CliError {
    let told: String = why.chars().take(TOLD).collect();
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

/// While a filter runs the command's own runtime hears nothing: this one does.
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

/// What the thread of a filter has.
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
        // When nobody listens any more there is nothing left to say.
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

/// What a filter that failed says: jq's words, but as a part of a sentence.
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

fn outcome(value: &Val) -> Outcome {
    match &value.kind {
        Is::Text(text) => Outcome::Text(text.to_string()),
        _ => Outcome::Json(value.to_json()),
    }
}
