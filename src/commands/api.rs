//! `tm-hooks api` sends any request to the service's API, with the settings, retries and exit codes of every other
//! verb.

mod pages;
mod request;
mod shown;

use std::path::PathBuf;

use bytes::Bytes;
use http::{Method, Response};

use crate::{
    domain::token::NewToken,
    error::CliError,
    render::{self, Format},
};

use super::{Context, input, token};

/// The path that creates tokens, which are shown only once.
const TOKENS: &str = "/v1/tokens";

/// Make any request to the service's API, and print what it answers
///
/// The path begins with /, as docs/openapi.json lists them (a service shows them at /docs); the token goes to the
/// service that the settings name and to no other. A failure is reported on standard error, with the exit code of its
/// status. Each change carries an idempotency key, and is made once however often it is sent.
///
/// -f name=value is a text, -f name:=value any JSON; dots lead into objects. With POST, PUT and PATCH they make the
/// body, else the query.
///
/// The answer is printed unchanged. With --paginate all pages are printed as one: {"data": [...], "next": null}, or
/// with -o ndjson one object per line as they arrive. --jq filters either.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  tm-hooks api GET /v1/webhooks
  tm-hooks api GET /v1/attempts -f status=failed --paginate --jq '.data | length'
  tm-hooks api POST /v1/webhooks -f name=ERP -f url=https://erp.example.com/hooks -f 'events:=[\"attendance.*\"]'
  tm-hooks api PATCH /v1/webhooks/wh_k3v9m2x7qd -f enabled:=false
  echo '{\"type\":\"user.deleted\",\"data\":{}}' | tm-hooks api POST /v1/events --input -
  tm-hooks api GET /v1/webhooks/wh_k3v9m2x7qd -i")]
pub struct Args {
    /// GET, POST, PUT, PATCH or DELETE
    #[arg(value_parser = request::method)]
    method: Method,
    /// A path of the API, perhaps with a query: /v1/webhooks?limit=5
    path: String,
    /// A field of the body, or of the query: name=text or name:=json
    #[arg(short = 'f', long = "field", value_name = "NAME=VALUE", value_parser = request::field)]
    fields: Vec<request::Field>,
    /// The body: a file, or - for standard input
    #[arg(long, value_name = "FILE|-", conflicts_with = "fields")]
    input: Option<PathBuf>,
    /// Follow the cursors, and print all pages as one
    #[arg(long, conflicts_with_all = ["input", "include"])]
    paginate: bool,
    /// Print the answer's status and headers above it
    #[arg(short, long)]
    include: bool,
}

impl Args {
    /// Whether the request may change something.
    pub(super) fn changes(&self) -> bool {
        self.method != Method::GET
    }
}

pub(super) async fn run(args: &Args, context: &Context) -> Result<(), CliError> {
    check_output(context)?;
    let has_body = matches!(args.method, Method::POST | Method::PUT | Method::PATCH);
    if args.paginate && args.method != Method::GET {
        return Err(CliError::usage("--paginate is for GET"));
    }
    if args.input.is_some() && !has_body {
        return Err(CliError::usage(format!("{} has no body: --input is for POST, PUT and PATCH", args.method)));
    }
    let connection = context.connect()?;
    let path = request::path(&args.path, &connection.client.place())?;
    let (path, body) = match &args.input {
        Some(file) => (path, request::not_empty(&input::text(file, "--input", context)?, file)?),
        None if has_body => (path, request::body(&args.fields)?),
        None => (request::with_query(&path, &args.fields), Bytes::new()),
    };
    if args.paginate {
        return pages::show(&connection.client, &path, context).await;
    }
    if args.method == Method::POST && path.split('?').next() == Some(TOKENS) {
        if let Ok(new) = serde_json::from_slice::<NewToken>(&body) {
            context.expect_filter_to_show("the token", &token::samples(&new, context), render::value)?;
        }
        context.expect_output("the token")?;
    }
    let (answer, failure) = connection.client.request(args.method.clone(), &path, body).await?;
    if args.changes() && failure.is_none() {
        context.term.done(&done(args, &answer));
    }
    if args.include {
        context.term.write(&context.term.shown_lines(&shown::head(&answer)));
    }
    match failure {
        None => shown::show(&answer, context),
        Some(error) => {
            if args.include {
                shown::show_as_it_came(answer.body(), context);
            }
            Err(request::near_path(&path, CliError::from(error)))
        }
    }
}

/// Describes the completed request, in case its answer is lost: `POST /v1/webhooks answered 201 Created:
/// wh_k3v9m2x7qd`.
fn done(args: &Args, answer: &Response<Bytes>) -> String {
    let body: Option<serde_json::Value> = serde_json::from_slice(answer.body()).ok();
    let id = body.as_ref().and_then(|body| body["id"].as_str()).map(|id| format!(": {id}"));
    format!("{} {} answered {}{}", args.method, args.path, answer.status(), id.unwrap_or_default())
}

/// Refuses outputs with columns or ids, which a raw answer does not have.
fn check_output(context: &Context) -> Result<(), CliError> {
    let tabular = matches!(context.view.format, Format::Csv | Format::Tsv | Format::Id);
    if tabular || context.view.fields.is_some() || context.view.columns.is_some() {
        return Err(CliError::usage("api prints what the service answers, which has no columns")
            .hint("choose what you want with --jq, such as --jq '.data[] | [.id, .name] | @tsv'"));
    }
    Ok(())
}
