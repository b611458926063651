//! Retries attempts, deliveries and events one after the other.

use std::{collections::BTreeMap, time::Duration};

use crate::{
    api::{CallError, Client},
    commands::{
        Context,
        connect::Connection,
        outcome::{self, Failures},
        polling::Pauses,
        reference,
        send::wait,
        source,
    },
    domain::{
        attempt::{Attempt, AttemptStatus},
        ids::{AttemptId, DeliveryId, EventId},
        recovery::{Retried, RetriedDelivery},
    },
    error::{CliError, Kind},
    render::{
        self,
        words::{self, count},
    },
};

use super::{arguments::Args, picking, verdict::verdict};

/// The default timeout.
const USUAL_TIMEOUT: Duration = Duration::from_secs(60);
/// The time limit of the last look, after the time has run out.
const LONGEST_LAST_LOOK: Duration = Duration::from_secs(5);

/// The largest number of attempts that are listed when the time runs out.
const MOST_LISTED: usize = 20;

/// An object that can be retried.
enum Retryable {
    Attempt(AttemptId),
    Delivery(DeliveryId),
    Event(EventId),
}

pub(super) async fn run(args: &Args, context: &Context) -> Result<(), CliError> {
    render::check::<RetriedDelivery>(&context.view)?;
    let mut objects = args.things.iter().map(|text| parse(text)).collect::<Result<Vec<_>, _>>()?;
    let connection = context.connect()?;
    let mut texts = args.things.clone();
    if objects.is_empty() {
        let picked = picking::one(&connection.client, context).await?;
        objects.push(parse(&picked)?);
        texts.push(picked);
    }
    let source = match &args.source {
        Some(text) => Some(source_of(text, &objects, &connection.client).await?),
        None => None,
    };
    let (mut retried, mut failures) = (Vec::new(), Failures::default());
    for (object, text) in objects.iter().zip(&texts) {
        match retry(&connection.client, object, source.as_deref()).await {
            Ok(Retried { deliveries }) => {
                say(text, &deliveries, context);
                retried.extend(deliveries);
            }
            Err(error) => {
                failures.add(text, explained(&connection.client, object, text, source.as_deref(), error).await)
            }
        }
    }
    let one = matches!(objects.as_slice(), [Retryable::Attempt(_) | Retryable::Delivery(_)]);
    let shown = context.give(&retried, !one);
    let ended = if args.wait || context.settings.is_local() {
        wait_for(&connection, &retried, args.timeout.unwrap_or(USUAL_TIMEOUT), context).await
    } else {
        Ok(())
    };
    outcome::both(failures.summary(objects.len(), "tried again").and(ended), shown)
}

fn parse(text: &str) -> Result<Retryable, CliError> {
    if let Ok(id) = text.parse() {
        return Ok(Retryable::Attempt(id));
    }
    if let Ok(id) = text.parse() {
        return Ok(Retryable::Delivery(id));
    }
    match reference::event_id(text) {
        Some(id) => Ok(Retryable::Event(id)),
        None => Err(no_id(text, Kind::Usage)),
    }
}

/// Makes the error for a text that is no id, or one that the service does not have. A cut id is not found; `kind` is that
/// of any other text.
fn no_id(text: &str, kind: Kind) -> CliError {
    let message = format!("\"{text}\" is not the id of an attempt, a delivery or an event");
    if [AttemptId::PREFIX, DeliveryId::PREFIX, EventId::PREFIX].iter().any(|prefix| text.starts_with(prefix)) {
        return CliError::new(Kind::NotFound, message).hint("ids of these are typed whole; copy them from a table");
    }
    CliError::new(kind, message)
        .hint("all that was not delivered to a webhook: tm-hooks retry --failed WEBHOOK --since 1d")
}

/// Makes the error for what the service does not have. An event's id may be any text, so most texts that it does not have
/// are a name, or an id that was cut.
fn unknown(object: &Retryable, text: &str, error: CallError) -> CliError {
    match object {
        Retryable::Event(id) if !id.is_own() => no_id(text, Kind::NotFound),
        _ => error.into(),
    }
}

/// Returns the name of the source that `--source` means.
async fn source_of(text: &str, objects: &[Retryable], client: &Client) -> Result<String, CliError> {
    if !objects.iter().any(|object| matches!(object, Retryable::Event(_))) {
        return Err(CliError::usage("--source chooses among events, and none is named")
            .hint("leave it out; only an event has a source"));
    }
    source::name_of(client, text).await
}

/// Makes the error of something that cannot be retried.
async fn explained(
    client: &Client,
    object: &Retryable,
    text: &str,
    source: Option<&str>,
    error: CallError,
) -> CliError {
    match object {
        Retryable::Event(id) if source.is_some() || error.is_ambiguous_event() => {
            source::explained(client, *id, source, error).await
        }
        _ if error.is_not_found() => unknown(object, text, error),
        _ => error.into(),
    }
}

async fn retry(client: &Client, object: &Retryable, source: Option<&str>) -> Result<Retried, CallError> {
    match object {
        Retryable::Attempt(id) => client.retry_attempt(*id).await,
        Retryable::Delivery(id) => client.retry_delivery(*id).await,
        Retryable::Event(id) => client.retry_event(*id, source).await,
    }
}

fn say(text: &str, deliveries: &[RetriedDelivery], context: &Context) {
    match deliveries {
        [] => context.term.note(&format!(
            "{text} has no delivery to try again; tm-hooks retry --failed --since … makes those that were never made"
        )),
        [one] => {
            context.term.success(&format!("Trying {} again, try {} ({})", one.delivery_id, one.number, one.attempt_id))
        }
        several => context.term.success(&format!("Trying {} of {text} again", count(several.len(), "delivery"))),
    }
}

/// Waits until each attempt has ended, prints the results, and returns the verdict.
async fn wait_for(
    connection: &Connection,
    retried: &[RetriedDelivery],
    timeout: Duration,
    context: &Context,
) -> Result<(), CliError> {
    let client = &connection.client;
    if context.settings.is_local() {
        wait::say_what_else_is_due(client, 0, context).await?;
    }
    let spinner = context.term.spinner(&format!("Delivering {}", count(retried.len(), "delivery")));
    let waiting = async {
        connection.deliver().await?;
        all_ended(client, retried).await
    };
    let in_time = tokio::time::timeout(timeout, waiting).await;
    drop(spinner);
    let Ok(ended) = in_time else {
        let _ = tokio::time::timeout(LONGEST_LAST_LOOK, print_current_states(client, retried, context)).await;
        let waited = words::duration(timeout);
        return Err(CliError::new(Kind::StillPending, format!("not every attempt had ended within {waited}"))
            .hint("see how they end: tm-hooks attempts --kind manual"));
    };
    let ended = ended?;
    let mut names = BTreeMap::new();
    for attempt in &ended {
        let name = wait::name_of(client, attempt.webhook_id, &mut names).await;
        wait::tell_one(name, attempt, context);
    }
    let succeeded = ended.iter().filter(|attempt| attempt.status == AttemptStatus::Succeeded).count();
    verdict(succeeded as u64, (ended.len() - succeeded) as u64)
}

/// Prints the state of each attempt when the time has run out.
async fn print_current_states(client: &Client, retried: &[RetriedDelivery], context: &Context) {
    let mut names = BTreeMap::new();
    for delivery in retried.iter().take(MOST_LISTED) {
        let Ok(attempt) = client.attempt(delivery.attempt_id).await else { continue };
        let name = wait::name_of(client, attempt.webhook_id, &mut names).await;
        match attempt.status {
            AttemptStatus::Pending => context.term.look(&format!("{name}: try {} has not ended yet", attempt.number)),
            AttemptStatus::Succeeded | AttemptStatus::Failed => wait::tell_one(name, &attempt, context),
        }
    }
}

/// Polls each attempt until it has ended.
async fn all_ended(client: &Client, retried: &[RetriedDelivery]) -> Result<Vec<Attempt>, CliError> {
    let mut ended = Vec::with_capacity(retried.len());
    let mut pauses = Pauses::new();
    for delivery in retried {
        loop {
            let attempt = client.attempt(delivery.attempt_id).await?;
            if attempt.status != AttemptStatus::Pending {
                ended.push(attempt);
                break;
            }
            pauses.pause().await;
        }
    }
    Ok(ended)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::problem::{Problem, ProblemCode};

    #[test]
    fn ids_say_what_they_are_and_names_are_refused() {
        let kind = |text: &str| parse(text).err().map(|error| error.kind());
        assert_eq!(kind("at_01h455vb4pex5vsknk084sn02q"), None);
        assert!(matches!(parse("dl_01h455vb4pex5vsknk084sn02q"), Ok(Retryable::Delivery(_))));
        assert!(matches!(parse("tm_0199c1d2e3f4758697a8b9cadbecfd0e"), Ok(Retryable::Event(_))));
        assert!(matches!(parse("order/7"), Ok(Retryable::Event(_))), "an event's id may be any");
        assert_eq!(kind("at_01h455"), Some(Kind::NotFound));
        assert_eq!(kind("wh_7c1zr8t0wb"), Some(Kind::Usage));
        assert_eq!(kind("Chat bot"), Some(Kind::Usage));
    }

    #[test]
    fn what_is_not_there_is_told_like_what_is_no_id() {
        let told = |text: &str| {
            let problem = Box::new(Problem::new(ProblemCode::NotFound, "there is no such thing"));
            let error = unknown(&parse(text).unwrap(), text, CallError::Refused { problem, retry_after: None });
            (error.kind(), error.hint_text().unwrap_or_default().to_owned())
        };
        let (kind, hint) = told("Payroll");
        assert_eq!((kind, hint.contains("retry --failed WEBHOOK")), (Kind::NotFound, true));
        let (kind, hint) = told("tm_0199c1d2");
        assert_eq!((kind, hint.contains("typed whole")), (Kind::NotFound, true));
        let (kind, hint) = told("tm_0199c1d2e3f4758697a8b9cadbecfd0e");
        assert_eq!((kind, hint.contains("typed whole")), (Kind::NotFound, false));
    }
}
