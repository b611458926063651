//! Runs a filter on a thread of its own, so that Ctrl-C ends one that never ends.

use std::{
    ops::ControlFlow,
    sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel},
    time::Duration,
};

use jaq_core::{Ctx, Vars};
use jaq_json::{Num, Val, read};
use serde_json::{Map, Number, Value};
use tokio::sync::oneshot;

use super::{Data, Jq};
use crate::{
    domain::time::Timestamp,
    error::{CliError, Kind},
    render::json,
    term::{is_dangerous, sanitise_lines},
};

/// How long a filter may take for one result.
const LONGEST: Duration = Duration::from_secs(60);
/// After how long without a result those before are handed to the reader.
const PAUSE: Duration = Duration::from_millis(50);
/// How much of the reason of a failure is told, in characters.
const TOLD: usize = 300;
/// From here on whole numbers are written with an exponent.
const LARGEST_WHOLE: f64 = 1e17;
/// How many results may wait to be written.
const AHEAD: usize = 64;
/// Filters call themselves: room for some 100,000 levels. Only what is used is taken from the machine.
const STACK: usize = 64 * 1024 * 1024;

/// One result of a filter.
#[derive(Debug)]
pub(super) enum Outcome {
    /// A string.
    Text(String),
    /// Anything else.
    Json(Value),
}

impl Outcome {
    /// The line for it.
    pub(super) fn line(&self, terminal: bool) -> String {
        match self {
            Outcome::Text(text) if terminal && text.chars().any(is_dangerous) => format!("{}\n", sanitise_lines(text)),
            Outcome::Text(text) => format!("{text}\n"),
            Outcome::Json(value) => json::text(value, false, terminal),
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
    now: Timestamp,
    mut take: impl FnMut(Taken) -> ControlFlow<()>,
) -> Result<(), CliError> {
    let (sender, results) = sync_channel(AHEAD);
    let (ended, stop) = oneshot::channel::<()>();
    let (worker, watcher) = (jq.clone(), sender.clone());
    let started = std::thread::Builder::new().stack_size(STACK).spawn(move || work(&worker, &text, now, &sender));
    started.map_err(|error| CliError::new(Kind::Unexpected, "--jq: could not start").source(error))?;
    let watching = std::thread::spawn(move || watch(stop, &watcher));
    let outcome = receive(&results, &mut take);
    let _ = ended.send(());
    // It ends at once; nothing it could say matters any more, and it may wait for room to say it.
    drop(results);
    let _ = watching.join();
    outcome
}

fn receive(results: &Receiver<Message>, take: &mut impl FnMut(Taken) -> ControlFlow<()>) -> Result<(), CliError> {
    loop {
        let message = match results.recv_timeout(PAUSE) {
            Err(RecvTimeoutError::Timeout) => {
                if take(Taken::Pause).is_break() {
                    return Ok(());
                }
                results.recv_timeout(LONGEST)
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
            Err(RecvTimeoutError::Timeout) => {
                return Err(failed(&format!("no result within {} s: does the filter ever end?", LONGEST.as_secs())));
            }
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

fn work(jq: &Jq, text: &str, now: Timestamp, sender: &SyncSender<Message>) {
    // When nobody listens any more there is nothing left to say.
    let _ = match filter(jq, text, now, sender) {
        Ok(()) => sender.send(Message::Done),
        Err(why) => sender.send(Message::Failed(why)),
    };
}

fn filter(jq: &Jq, text: &str, now: Timestamp, sender: &SyncSender<Message>) -> Result<(), String> {
    for input in read::parse_many(text.as_bytes()) {
        let input = input.map_err(|error| format!("what is to be filtered is not JSON ({error})"))?;
        let now = Val::from(now.as_micros() as f64 / 1e6);
        let context = Ctx::<Data>::new(&jq.filter.lut, Vars::new([now]));
        for result in jq.filter.id.run((context, input)) {
            let value = result.map_err(|thrown| match thrown.get_err() {
                Ok(error) => error.to_string(),
                Err(_) => "a break without its label".to_owned(),
            })?;
            if sender.send(Message::Result(outcome(&value))).is_err() {
                return Ok(());
            }
        }
    }
    Ok(())
}

fn outcome(value: &Val) -> Outcome {
    match json_of(value) {
        Value::String(text) => Outcome::Text(text),
        other => Outcome::Json(other),
    }
}

/// The same value as JSON. Like jq: what is no number is null, and infinity the largest number there is.
fn json_of(value: &Val) -> Value {
    match value {
        Val::Null => Value::Null,
        Val::Bool(truth) => Value::Bool(*truth),
        Val::Num(number) => number_of(number),
        Val::BStr(bytes) | Val::TStr(bytes) => Value::String(String::from_utf8_lossy(bytes).into_owned()),
        Val::Arr(parts) => parts.iter().map(json_of).collect(),
        Val::Obj(fields) => {
            fields.iter().map(|(key, value)| (key_of(key), json_of(value))).collect::<Map<_, _>>().into()
        }
    }
}

fn key_of(key: &Val) -> String {
    match json_of(key) {
        Value::String(text) => text,
        other => other.to_string(),
    }
}

/// Numbers that came in keep their text. Like jq: one that was calculated has no fraction when it is whole.
fn number_of(number: &Num) -> Value {
    match number {
        Num::Float(float) if float.is_nan() => Value::Null,
        Num::Float(float) if float.is_infinite() => Value::from(f64::MAX.copysign(*float)),
        Num::Float(float) if float.fract() == 0.0 && float.abs() < LARGEST_WHOLE => Value::from(*float as i64),
        other => other.to_string().parse::<Number>().map_or(Value::Null, Value::Number),
    }
}
