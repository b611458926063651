//! `tm-hooks token` creates, lists and revokes the service's tokens.

use std::time::Duration;

use crate::{
    api::Client,
    domain::{
        ids::TokenId,
        query::TokenQuery,
        token::{IssuedToken, NewToken, Scope, Token, TokenText},
    },
    error::{CliError, Kind},
    render::{self, Format, Listing, View, words},
};

use super::{
    Context,
    arguments::some_duration,
    paging::{self, AmountOfSet},
};

/// Make, list and revoke the service's tokens
///
/// Each person and each pipeline gets a token of its own, with the scopes it needs and no more. This needs the admin
/// token, or one with the scope admin.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  tm-hooks token create --name ci --scope webhooks:read,webhooks:write --expires 90d
  tm-hooks token create --name clock --scope events:write > clock.token
  tm-hooks token list
  tm-hooks token revoke ci --yes")]
pub struct Args {
    #[command(subcommand)]
    action: Action,
}

impl Args {
    /// Whether it changes something at the service.
    pub(super) fn changes(&self) -> bool {
        !matches!(self.action, Action::List(_))
    }
}

#[derive(Debug, clap::Subcommand)]
enum Action {
    /// Make a token; it is shown only once
    ///
    /// The token goes to standard output, everything else to standard error. The service keeps only a digest of it.
    ///
    /// Scopes: webhooks:read (webhooks, attempts, events, error rates), webhooks:write (also add, change, test, delete,
    /// retry; includes reading), secrets:read (see secrets; with webhooks:write also replace them), events:write (send
    /// events), sources:read (sources and what came to them), sources:write (also add, change and delete sources, and set
    /// their secrets; includes reading), admin (everything, tokens and the audit log too).
    #[command(after_help = "Examples:
  tm-hooks token create --name ci --scope webhooks:read,webhooks:write --expires 90d
  tm-hooks token create --name clock --scope events:write > clock.token")]
    Create(CreateArgs),
    /// List tokens, when they expire and when they were last used
    #[command(after_help = "Examples:\n  tm-hooks token list\n  tm-hooks token list --json=name,scopes,lastUsedAt")]
    List(ListArgs),
    /// Revoke a token: it is no longer valid
    #[command(
        after_help = "Examples:\n  tm-hooks token revoke ci\n  tm-hooks token revoke tk_01h2xcejqtf2nbrexx3vqjhp41 --yes"
    )]
    Revoke(RevokeArgs),
}

#[derive(Debug, clap::Args)]
struct CreateArgs {
    /// What it is called: unique among tokens
    #[arg(long)]
    name: String,
    /// What it may do (several: commas between them, or the flag again)
    #[arg(long = "scope", value_name = "SCOPE", required = true, value_delimiter = ',')]
    scopes: Vec<Scope>,
    /// How long it is valid, such as 90d; without it, until it is revoked
    #[arg(long, value_name = "DURATION", value_parser = some_duration)]
    expires: Option<Duration>,
}

#[derive(Debug, clap::Args)]
struct ListArgs {
    #[command(flatten)]
    amount: AmountOfSet,
}

#[derive(Debug, clap::Args)]
struct RevokeArgs {
    /// The token's id or name
    token: String,
}

pub(super) async fn run(args: &Args, context: &Context) -> Result<(), CliError> {
    match &args.action {
        Action::Create(args) => create(args, context).await,
        Action::List(args) => list(args, context).await,
        Action::Revoke(args) => revoke(args, context).await,
    }
}

async fn create(args: &CreateArgs, context: &Context) -> Result<(), CliError> {
    render::check::<IssuedToken>(&context.view)?;
    check_that_it_is_shown(&context.view)?;
    context.expect_output("the token")?;
    let CreateArgs { name, scopes, expires } = args;
    let expires_at = expires.map(|span| context.now().plus(span));
    let new = NewToken { name: name.clone(), scopes: scopes.clone(), expires_at };
    context.expect_filter_to_show("the token", &samples(&new, context), render::one)?;
    let issued = context.connect()?.client.create_token(&new).await?;
    if !context.view.is_for_people() {
        context.term.success(&in_a_sentence(&issued, &context.view));
    }
    let shown = match context.view.format {
        Format::Table if !context.view.terminal => {
            context.term.line(issued.token.expose());
            Ok(())
        }
        _ => render::one(&context.term, &context.view, &issued),
    };
    context.term.terminal_note("");
    context
        .term
        .terminal_note("It is shown this once: keep it where its user reads it, in TM_HOOKS_TOKEN_FILE for example.");
    shown.and_then(|()| Ok(context.term.loss()?)).map_err(|error| {
        let IssuedToken { name, id, .. } = &issued;
        error
            .attempting(&format!("the token {name} ({id}) was made and not shown"))
            .hint(format!("revoke it and make another: tm-hooks token revoke {id}"))
    })
}

fn in_a_sentence(issued: &IssuedToken, view: &View) -> String {
    let scopes: Vec<&str> = issued.scopes.iter().map(|scope| scope.as_str()).collect();
    let until = issued
        .expires_at
        .map_or_else(|| "until it is revoked".to_owned(), |at| format!("until it expires {}", words::time(at, view)));
    format!("Made the token {} ({}) for {}, valid {until}", issued.name, issued.id, words::listed(&scopes))
}

/// Makes three possible tokens, which differ in their first or last letter.
pub(super) fn samples(new: &NewToken, context: &Context) -> Vec<IssuedToken> {
    let id = TokenId::from_bytes([0; 16]);
    let sample = |letters: String| {
        let NewToken { name, scopes, expires_at } = new.clone();
        let token = format!("{}{letters}", TokenText::PREFIX).parse().ok()?;
        Some(IssuedToken { id, name, scopes, created_at: context.now(), expires_at, token })
    };
    let same = "a".repeat(TokenText::LETTERS - 1);
    [format!("a{same}"), format!("b{same}"), format!("{same}b")].into_iter().filter_map(sample).collect()
}

/// Checks that the output contains the token, which is shown only once.
fn check_that_it_is_shown(view: &View) -> Result<(), CliError> {
    let named = match view.format {
        Format::Json | Format::Ndjson => &view.fields,
        Format::Csv | Format::Tsv => &view.columns,
        Format::Table | Format::Id => &None,
    };
    let without = match named {
        _ if view.format == Format::Id => "-o id",
        Some(names) if !names.iter().any(|name| name == "token") => "these fields",
        _ => return Ok(()),
    };
    Err(CliError::usage(format!("with {without} the token would be made and never shown")).hint(if named.is_some() {
        "name the field token too"
    } else {
        "leave out -o id"
    }))
}

async fn list(args: &ListArgs, context: &Context) -> Result<(), CliError> {
    let listing = Listing::new(&context.term, &context.view)?;
    let connection = context.connect()?;
    let fetch =
        async |limit, cursor| connection.client.tokens(&TokenQuery { name: None, limit: Some(limit), cursor }).await;
    let shown = paging::show::<Token>(context, args.amount.of_set("token"), listing, fetch, |_| {}).await?;
    if shown.count == 0 {
        context.term.note("No tokens yet. Make one: tm-hooks token create --name ci --scope webhooks:read");
    }
    let part = format!("{}. All of them: tm-hooks token list --all", shown.in_words("token"));
    shown.print_notes(Some(part.as_str()).filter(|_| !shown.is_whole()), context);
    Ok(())
}

async fn revoke(args: &RevokeArgs, context: &Context) -> Result<(), CliError> {
    let connection = context.connect()?;
    let Token { id, name, .. } = &find(&connection.client, &args.token).await?;
    context.agree(&format!("Revoke the token {name} ({id})? Whoever uses it is shut out.")).await?;
    connection.client.revoke_token(*id).await?;
    context.term.success(&format!("Revoked {name} ({id})"));
    Ok(())
}

/// Finds the token with this id or name.
async fn find(client: &Client, text: &str) -> Result<Token, CliError> {
    let unknown =
        || CliError::new(Kind::NotFound, format!("there is no token \"{text}\"")).hint("see them: tm-hooks token list");
    let id = text.parse::<TokenId>().ok();
    let name = id.is_none().then(|| text.to_owned());
    let all = paging::whole("token", async |limit, cursor| {
        client.tokens(&TokenQuery { name: name.clone(), limit: Some(limit), cursor }).await
    });
    let is_meant = |token: &Token| id.map_or(token.name == text, |id| token.id == id);
    all.await?.into_iter().find(is_meant).ok_or_else(unknown)
}
