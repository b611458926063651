//! Events that are made here: from a type's example or a hard case, changed as was asked, with what follows from that.

use std::{collections::BTreeSet, path::Path};

use serde_json::{Map, Value};

use crate::{
    domain::{
        distinct,
        encoding::without_mark,
        event::EventType,
        json::JsonObject,
        payload::{self, Case, Drafted, EditError, EventData, MAX_LEVELS, Occasion},
    },
    error::CliError,
};

use super::{Context, input};

/// How an event's data is made from its type's example.
#[derive(Debug, Clone, Default, clap::Args)]
pub struct DataArgs {
    /// Set a field of the data: clockingType=Out; dots lead into objects: shift.name=Night
    #[arg(long = "set", value_name = "FIELD=VALUE")]
    set: Vec<String>,
    /// Replace fields of the data by those of a JSON object: @file, - for standard input, or the object itself
    #[arg(long, value_name = "@FILE|-|JSON")]
    data: Option<String>,
}

impl DataArgs {
    /// Reads what is to be changed, once.
    ///
    /// # Errors
    /// When `--data` cannot be read.
    pub(super) fn read(&self, unset: &[String], context: &Context) -> Result<Edits, CliError> {
        let data = self.data.as_ref().map(|source| read_json(source, context)).transpose()?;
        Ok(Edits { data, unset: unset.to_vec(), set: self.set.clone() })
    }
}

/// What is changed in an event's data: `--data`, then `--unset`, then `--set`.
#[derive(Debug, Clone, Default)]
pub(super) struct Edits {
    data: Option<Value>,
    unset: Vec<String>,
    set: Vec<String>,
}

impl Edits {
    /// Whether nothing is changed.
    pub(super) fn is_empty(&self) -> bool {
        self.data.is_none() && self.unset.is_empty() && self.set.is_empty()
    }

    /// Changes the data, and gives the names of the fields that were given so.
    ///
    /// # Errors
    /// When something cannot be done.
    pub(super) fn apply(&self, event_type: EventType, data: &mut Value) -> Result<BTreeSet<String>, CliError> {
        let mut given = BTreeSet::new();
        if let Some(fields) = &self.data {
            refuse_whole_event(fields, event_type)?;
            given.extend(fields.as_object().into_iter().flat_map(Map::keys).cloned());
            payload::merge(data, fields.clone()).map_err(|error| unusable("--data", &error))?;
        }
        for path in &self.unset {
            payload::unset(data, path).map_err(|error| unusable("--unset", &error))?;
            given.extend(field_of(path));
        }
        for text in &self.set {
            let (path, value) = payload::assignment(text).map_err(|error| unusable("--set", &error))?;
            payload::set(data, path, value).map_err(|error| unusable("--set", &error))?;
            given.extend(field_of(path));
        }
        Ok(given)
    }
}

/// The field that a path leads into.
fn field_of(path: &str) -> Option<String> {
    path.split('.').next().map(str::to_owned)
}

/// What events are made of.
#[derive(Debug, Clone, Copy)]
pub(super) enum Model {
    /// The example of a type.
    Example(EventType),
    /// A hard case.
    Case(Case),
    /// Nothing: the fields that are given, and no others.
    Nothing(EventType),
}

impl Model {
    /// The events, on that occasion.
    ///
    /// # Errors
    /// When something cannot be changed as was asked.
    pub(super) fn events(self, edits: &Edits, occasion: &Occasion) -> Result<Vec<Drafted>, CliError> {
        match self {
            Model::Case(case) => case.events(occasion, |event_type, data| edits.apply(event_type, data)),
            Model::Example(event_type) => {
                let mut data = EventData::example(event_type).object().to_value();
                let given = edits.apply(event_type, &mut data)?;
                let mut fields = object(data)?;
                let happened = payload::follow(event_type, &mut fields, &given, occasion);
                Ok(vec![Drafted { event_type, fields, happened }])
            }
            Model::Nothing(event_type) => {
                let mut data = Value::Object(Map::new());
                edits.apply(event_type, &mut data)?;
                Ok(vec![Drafted { event_type, fields: object(data)?, happened: occasion.at }])
            }
        }
    }
}

fn object(data: Value) -> Result<Map<String, Value>, CliError> {
    match data {
        Value::Object(fields) => Ok(fields),
        _ => Err(CliError::usage("the data must be an object of fields")),
    }
}

/// Tells what receivers may not understand in an event, and what in it contradicts itself.
pub(super) fn warn_of(drafted: &Drafted, context: &Context) {
    let Drafted { event_type, fields, happened } = drafted;
    let unlike = payload::warnings(*event_type, &JsonObject::from(fields.clone()));
    for warning in unlike.into_iter().chain(payload::contradictions(*event_type, fields, *happened)) {
        context.term.warning(&warning.to_string());
    }
}

/// What receivers get was given where its `data` alone belongs.
fn refuse_whole_event(given: &Value, event_type: EventType) -> Result<(), CliError> {
    let Value::Object(fields) = given else { return Ok(()) };
    if !payload::is_whole_event(&JsonObject::from(fields.clone())) {
        return Ok(());
    }
    Err(CliError::usage("--data is a whole event, not the data of one").hint(format!(
        "give what stands in its \"data\": jq .data FILE | tm-hooks send {event_type} --data -\n\
         or send whole events, one a line: jq -c . FILE | tm-hooks send --from -"
    )))
}

fn unusable(flag: &str, error: &EditError) -> CliError {
    CliError::usage(format!("{flag}: {error}"))
}

fn read_json(source: &str, context: &Context) -> Result<Value, CliError> {
    let text = match source.strip_prefix('@') {
        Some(path) => input::text(Path::new(path), "--data", context)?,
        None if source == "-" => input::text(Path::new("-"), "--data", context)?,
        None => without_mark(source).to_owned().into(),
    };
    let read = serde_json::from_str(&text).map_err(|error| {
        let why = error.to_string();
        // serde_json stops at 128 levels, which is more than the service takes.
        let why = if why.contains("recursion") { format!("more than {MAX_LEVELS} levels deep") } else { why };
        CliError::usage(format!("--data is not JSON that can be sent: {why}"))
            .hint("it is an object such as {\"clockingType\":\"Out\"}; @file reads it from a file")
    })?;
    match distinct::repeated(&text) {
        None => Ok(read),
        Some(path) => Err(CliError::usage(format!("--data has {path} more than once"))
            .hint("leave out all but the one that is meant")),
    }
}
