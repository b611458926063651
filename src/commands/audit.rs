//! `tm-hooks audit` lists who changed what.

use crate::{
    domain::{audit::AuditEntry, query::AuditQuery},
    error::CliError,
    render::Listing,
};

use super::{
    Context,
    arguments::{Moment, Window},
    paging::{self, Amount},
};

/// List who changed what, newest first
///
/// It lists every change of webhooks, secrets, tokens and settings, every retry by hand, and every reading of a secret:
/// who did it, when, and with --json the values before and after. It holds no secret and no header's value, and is kept
/// for 13 months. This needs the admin token, or one with the scope admin.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  tm-hooks audit
  tm-hooks audit --target Payroll --since 7d
  tm-hooks audit --actor ci --json=at,action,target,before,after")]
pub struct Args {
    /// Only what was done since then: 2h (ago), 2026-11-23 (in UTC), or a time in RFC 3339
    #[arg(long, value_name = "WHEN")]
    since: Option<Moment>,
    /// Only what was done before then
    #[arg(long, value_name = "WHEN")]
    until: Option<Moment>,
    /// Only what was done by this token (its name or id), by admin, local or service
    #[arg(long, value_name = "WHO")]
    actor: Option<String>,
    /// Only what was done to this: an id, or the name it had then
    #[arg(long, value_name = "ID|NAME")]
    target: Option<String>,
    #[command(flatten)]
    amount: Amount,
}

pub(super) async fn run(args: &Args, context: &Context) -> Result<(), CliError> {
    let listing = Listing::new(&context.term, &context.view)?;
    let Args { since, until, actor, target, amount } = args;
    let Window { since, until } = Window::of(*since, *until, context.now())?;
    let query = AuditQuery { since, until, actor: actor.clone(), target: target.clone(), ..AuditQuery::default() };
    let connection = context.connect()?;
    let fetch = async |limit, cursor| {
        connection.client.audit(&AuditQuery { limit: Some(limit), cursor, ..query.clone() }).await
    };
    let shown = paging::show::<AuditEntry>(context, amount.of_history("entry"), listing, fetch, |_| {}).await?;
    if shown.count == 0 {
        context.term.note(if query == AuditQuery::default() {
            "Nothing was changed yet."
        } else {
            "Nothing matches. All of it: tm-hooks audit"
        });
    }
    shown.print_notes(None, context);
    Ok(())
}
