//! `tm-hooks test` sends one signed delivery at once and shows the receiver's answer.

mod report;

use std::time::Duration;

use crate::{
    api::Client,
    domain::{
        attempt::{Attempt, AttemptStatus},
        event::EventType,
        json::JsonObject,
        payload::Occasion,
        record::TestRequest,
        version::Version,
        webhook::Webhook,
    },
    error::{CliError, Kind},
    render::{self, Format},
};

use super::{
    Context,
    arguments::some_duration,
    made::{DataArgs, Model, warn_of},
    outcome,
    polling::within,
    reference,
    unknown_type::UnknownType,
};

/// Send a signed test to webhooks and show their answers
///
/// A test is sent at once, is not retried, does not count in the error rate, and works on a disabled webhook too.
/// It exits with 10 when the answer is not 2xx; of several webhooks, with 11 when some failed.
///
/// Its data is the example of a clocking, as of now; what follows from a --set follows. Receivers that do not look at the
/// type have taken that for a real clocking: --minimal sends none of it.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  tm-hooks test Payroll
  tm-hooks test Payroll --event attendance.inserted --set clockingType=Out
  tm-hooks test Payroll --minimal
  tm-hooks test Payroll --protocol v2
  tm-hooks test Payroll --json")]
pub struct Args {
    /// Webhooks: ids, names, or unique beginnings of ids; a terminal asks for one
    #[arg(required = true, value_name = "WEBHOOK")]
    webhooks: Vec<String>,
    /// Send the example of this type instead of a test event
    #[arg(long, value_name = "TYPE")]
    event: Option<EventType>,
    #[command(flatten)]
    unknown: UnknownType,
    #[command(flatten)]
    data: DataArgs,
    /// Send no data but what --set and --data give: all known fields are null
    ///
    /// A receiver that does not look at the event's type takes the full example for a real clocking.
    #[arg(long)]
    minimal: bool,
    /// Send it in this version instead of the webhook's own
    #[arg(long, value_name = "VERSION")]
    protocol: Option<Version>,
    /// Wait so long for each answer, at most
    #[arg(long, value_name = "DURATION", value_parser = some_duration)]
    timeout: Option<Duration>,
}

pub(super) async fn run(args: &Args, context: &Context) -> Result<(), CliError> {
    render::check::<Attempt>(&context.view)?;
    let request = request(args, context)?;
    let connection = context.connect()?;
    let client = &connection.client;
    args.unknown.check(args.event, client).await?;
    let webhooks = reference::find_all_or_ask(client, &args.webhooks, context).await?;
    let mut attempts = Vec::with_capacity(webhooks.len());
    for webhook in &webhooks {
        let attempt = test(client, webhook, &request, args.timeout, context).await?;
        report::tell(webhook, &attempt, context);
        attempts.push(attempt);
    }
    connection.deliver().await?;
    report::sum_up(&webhooks, &attempts, context);
    let shown = show(&attempts, context);
    outcome::both(verdict(&attempts), shown)
}

fn request(args: &Args, context: &Context) -> Result<TestRequest, CliError> {
    let event_type = args.event.unwrap_or(EventType::TEST);
    let edits = args.data.read(&[], context)?;
    let model = if args.minimal { Model::Nothing(event_type) } else { Model::Example(event_type) };
    let drafted = model.events(&edits, &Occasion::now(context.now()))?.into_iter().next();
    if let Some(drafted) = drafted.as_ref().filter(|_| !edits.is_empty()) {
        warn_of(drafted, context);
    }
    let data = drafted.map(|drafted| JsonObject::from(drafted.fields));
    Ok(TestRequest { event_type: args.event, data, version: args.protocol })
}

async fn test(
    client: &Client,
    webhook: &Webhook,
    request: &TestRequest,
    timeout: Option<Duration>,
    context: &Context,
) -> Result<Attempt, CliError> {
    let _spinner = context.term.spinner(&format!("Waiting for {} to answer", webhook.name));
    let tested = client.test_webhook(webhook.id, request);
    let Some(attempt) = within(timeout, tested).await? else {
        let waited = render::words::duration(timeout.unwrap_or_default());
        return Err(CliError::new(Kind::StillPending, format!("{} has not answered within {waited}", webhook.name)));
    };
    // The exchange is fetched if the answer lacks it.
    if attempt.request.is_some() { Ok(attempt) } else { Ok(client.attempt(attempt.id).await?) }
}

/// Shows the attempts to scripts; a terminal has the report.
fn show(attempts: &[Attempt], context: &Context) -> Result<(), CliError> {
    match (attempts, context.view.format) {
        (_, Format::Table) if context.view.terminal => Ok(()),
        ([one], Format::Json | Format::Ndjson) => render::one(&context.term, &context.view, one),
        _ => render::list(&context.term, &context.view, attempts),
    }
}

fn verdict(attempts: &[Attempt]) -> Result<(), CliError> {
    let failed = attempts.iter().filter(|attempt| attempt.status != AttemptStatus::Succeeded).count();
    let message = match attempts {
        [one] => format!("the test {}", one.outcome()),
        all if failed == all.len() => format!("all {failed} tests failed"),
        some => format!("{failed} of {} tests failed", some.len()),
    };
    outcome::verdict((attempts.len() - failed) as u64, failed as u64, "test_failed", message)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::sample_attempt;

    #[test]
    fn the_exit_code_tells_some_from_all() {
        let failed = sample_attempt();
        let succeeded = Attempt { status: AttemptStatus::Succeeded, ..sample_attempt() };
        assert!(verdict(std::slice::from_ref(&succeeded)).is_ok());
        let all = verdict(&[failed.clone(), failed.clone()]).unwrap_err();
        assert_eq!(all.kind(), Kind::CheckFailed);
        assert_eq!(verdict(&[succeeded, failed.clone()]).unwrap_err().kind(), Kind::SomeFailed);
        assert_eq!(verdict(&[failed]).unwrap_err().message(), "the test failed: service unavailable");
    }
}
