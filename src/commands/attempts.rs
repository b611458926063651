//! `tm-hooks attempts` lists every request, and how it ended.

use std::{collections::BTreeMap, sync::Arc};

use crate::{
    api::Client,
    domain::{
        attempt::{Attempt, AttemptKind, AttemptStatus, CodeFilter},
        event::EventType,
        ids::WebhookId,
        query::{AttemptQuery, WebhookQuery},
    },
    error::CliError,
    render::{self, Listing, View},
};

use super::{
    Context,
    arguments::{Moment, Window},
    paging::{self, Amount},
    reference,
    unknown_type::UnknownType,
};

/// List attempts, newest first, with answers and next tries
///
/// It says what was sent when, how it was answered, and when it is tried next. The kind says why an attempt was made:
/// event (the first try), retry, manual, recover, or test.
///
/// Requests and answers are listed if they are named, as in --json=id,request,response, with one more request per
/// attempt. `tm-hooks show` shows them for one attempt.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  tm-hooks attempts
  tm-hooks attempts Payroll --status failed --since 2h
  tm-hooks attempts --code 5xx --limit 10
  tm-hooks attempts Payroll --since 2026-11-01 --until 2026-11-08 --all -o csv > attempts.csv")]
pub struct Args {
    /// Only attempts of this webhook: its id, its name, or a unique beginning of its id
    webhook: Option<String>,
    /// Only attempts that succeeded, failed, or are pending (in flight)
    #[arg(long, value_name = "STATUS")]
    status: Option<AttemptStatus>,
    /// Only attempts answered with this HTTP status, or one of a class: 503, 5xx
    #[arg(long, value_name = "CODE")]
    code: Option<CodeFilter>,
    /// Only attempts that carried this type of event
    #[arg(long, value_name = "TYPE")]
    event: Option<EventType>,
    #[command(flatten)]
    unknown: UnknownType,
    /// Only attempts made for this reason: event, retry, manual, recover, test
    #[arg(long, value_name = "KIND")]
    kind: Option<AttemptKind>,
    /// Only attempts begun since then: 2h (ago), 2026-11-23 (in UTC), or a time in RFC 3339
    #[arg(long, value_name = "WHEN")]
    since: Option<Moment>,
    /// Only attempts begun before then
    #[arg(long, value_name = "WHEN")]
    until: Option<Moment>,
    #[command(flatten)]
    amount: Amount,
}

impl Args {
    fn query(&self, webhook: Option<WebhookId>, Window { since, until }: Window) -> AttemptQuery {
        let Args { webhook: _, status, code, event, kind, since: _, until: _, amount: _, unknown: _ } = self;
        AttemptQuery {
            webhook,
            status: *status,
            code: *code,
            event: *event,
            kind: *kind,
            since,
            until,
            ..AttemptQuery::default()
        }
    }
}

/// The fields that a page of attempts lacks.
const OF_ONE: [&str; 2] = ["request", "response"];

pub(super) async fn run(args: &Args, context: &Context) -> Result<(), CliError> {
    // In a pipe, the columns are the same for all filters.
    let for_people = context.view.is_for_people();
    let same = args.webhook.is_some() && for_people;
    let without: &[&str] = if same { &["webhook", "webhookId"] } else { &[] };
    let mut view = View { without, lacking: &OF_ONE, ..context.view.clone() };
    render::check::<Attempt>(&view)?;
    let window = Window::of(args.since, args.until, context.now())?;
    let connection = context.connect()?;
    args.unknown.check(args.event, &connection.client).await?;
    let webhook = match &args.webhook {
        Some(text) => Some(reference::find(&connection.client, text).await?),
        None => None,
    };
    if for_people && !same {
        view.names = names(&connection.client).await;
    }
    let listing = Listing::new(&context.term, &view)?;
    let query = args.query(webhook.as_ref().map(|webhook| webhook.id), window);
    let whole = view.names_any(&OF_ONE);
    let client = &connection.client;
    let fetch = async |limit, cursor| {
        let page = client.attempts(&AttemptQuery { limit: Some(limit), cursor, ..query.clone() }).await?;
        if whole { paging::each_whole(page, async |attempt| client.attempt(attempt.id).await).await } else { Ok(page) }
    };
    let mut first = None;
    let seen = |page: &[Attempt]| {
        let failed = page.iter().find(|attempt| attempt.status == AttemptStatus::Failed).or(page.first());
        first = first.or(failed.map(|attempt| attempt.id));
    };
    let shown = paging::show(context, args.amount.of_history("attempt"), listing, fetch, seen).await?;
    if shown.count == 0 {
        let unfiltered = AttemptQuery { webhook: query.webhook, ..AttemptQuery::default() } == query;
        context.term.note(&match (unfiltered, webhook) {
            (true, Some(webhook)) => format!("No attempts yet. Make one: tm-hooks test {}", webhook.id),
            (true, None) => "No attempts yet. Make one: tm-hooks test <webhook>, or tm-hooks send <type>".to_owned(),
            (false, _) => "No attempt matches. All of them: tm-hooks attempts".to_owned(),
        });
    }
    let whole = first.map(|id| format!("One whole:  tm-hooks show {id}"));
    shown.print_notes(whole.as_deref(), context);
    Ok(())
}

/// Returns the names of webhooks, if the token may read them: a name is easier to recognise than an id.
pub(super) async fn names(client: &Client) -> Arc<BTreeMap<WebhookId, String>> {
    let fetch = async |limit, cursor| {
        client.webhooks(&WebhookQuery { limit: Some(limit), cursor, ..WebhookQuery::default() }).await
    };
    let all = paging::whole("webhook", fetch).await.unwrap_or_default();
    Arc::new(all.into_iter().map(|webhook| (webhook.id, webhook.name)).collect())
}
