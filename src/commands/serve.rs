//! `tm-hooks serve` runs the webhook service on this machine.

mod admin_token;
mod arguments;
mod certificate;
mod database;
mod listen;
mod secret_files;
mod signals;

use std::{net::SocketAddr, sync::Arc};

use tokio::net::TcpListener;

use super::{Context, connect::trust};
use crate::{
    error::{CliError, Kind},
    net_guard::NetGuard,
    service::{
        Options, Service, descriptors,
        http::{Auth, Senders},
        store::{Location, Retention, StoreError, rehearse, secret_keys::SecretKeys},
    },
    term::{
        OutputError,
        logs::{self, LogFormat},
    },
};
use admin_token::AdminToken;
use secret_files::{previous_secret_key_file, secret_key_file};

pub use arguments::Args;

pub(super) async fn run(args: &Args, context: &Context) -> Result<(), CliError> {
    let format = args.log_format.unwrap_or_else(|| LogFormat::for_terminal(context.term.terminals().stderr));
    logs::start(format, context.verbose, context.environment.get("RUST_LOG"), context.clock.clone());
    descriptors::take_all();
    let named = |text: &str| database::named(text, &context.environment);
    let database = args.database.as_deref().map(named).transpose()?;
    let listen = args.listen.0;
    let token = AdminToken::find(args, database.as_ref(), context)?;
    refuse_open_address(listen, &token)?;
    secret_files::warn_of_open_ones(args, &token, context);
    if let Err(error) = trust::store(&context.environment) {
        tracing::warn!("{error}: no receiver at https:// can be trusted");
    }
    let tls = certificate::of(args, context)?;
    let service = open(args, database.as_ref(), context, &token)?;
    let (listener, address) = bound(listen, "--listen").await?;
    let ingress = match args.ingress {
        Some(listen) => Some(bound(listen.0, "--ingress").await?),
        None => None,
    };
    // The handler is installed before the address is printed: a reader of the address may stop the service at once.
    let stopped =
        signals::stopped().map_err(|error| CliError::new(Kind::Unexpected, "cannot wait for signals").source(error))?;
    announce(address, tls.is_some(), &token, context);
    if let Some((_, address)) = &ingress {
        let scheme = if tls.is_some() { "https" } else { "http" };
        context.term.note(&format!("  senders   {scheme}://{address}/in/…"));
    }
    let served = service.serve(listener, ingress.map(|(listener, _)| listener), tls, stopped).await;
    served.map_err(|error| CliError::new(Kind::Unexpected, "the service ended").source(error))
}

fn open(args: &Args, database: Option<&Location>, context: &Context, token: &AdminToken) -> Result<Service, CliError> {
    let (location, guard) = match database {
        Some(database) => (database.clone(), NetGuard::strict()),
        None => (database::local(context)?, NetGuard::local()),
    };
    refuse_if_denied(&location, context)?;
    let guard = guard.allow_networks(args.allow_cidr.iter().copied());
    let options = Options {
        location,
        guard: if args.allow_http { guard.allow_http() } else { guard },
        public_url: args.public_url.clone(),
        senders: Senders::behind(args.trusted_proxy.clone()),
        auth: args.rate_limit.into_iter().fold(Auth::admin_token(token.secret()), Auth::rate_limited),
        secret_keys: secret_keys(args, context)?,
        keep: Retention { history: args.keep_history, bodies: args.keep_bodies },
        clock: context.clock.clone(),
        random: Arc::clone(&context.random),
    };
    Service::open(options).map_err(cannot_open)
}

/// Checks the permissions for deliveries now, instead of at the first event.
fn refuse_if_denied(location: &Location, context: &Context) -> Result<(), CliError> {
    let Location::File(path) = location else { return Ok(()) };
    match rehearse(path, &*context.random) {
        Err(error @ StoreError::Denied(_)) => Err(cannot_open(error)),
        // Opening the database reports all other errors.
        _ => Ok(()),
    }
}

fn cannot_open(error: StoreError) -> CliError {
    let (hint, failed) = (error.next_step(), CliError::new(Kind::Unexpected, "the database cannot be opened"));
    hint.into_iter().fold(failed.source(error), CliError::hint)
}

/// Returns the keys that encrypt secrets at rest.
fn secret_keys(args: &Args, context: &Context) -> Result<Option<Arc<SecretKeys>>, CliError> {
    let previous = previous_secret_key_file(args, context);
    let previous = previous.as_deref();
    let Some(file) = secret_key_file(args, context) else {
        return match previous {
            None => Ok(None),
            Some(_) => Err(CliError::usage("--previous-secret-key-file needs --secret-key-file")
                .hint("secrets that are encrypted stay so: give the new key, too")),
        };
    };
    let read = SecretKeys::read(&file, previous);
    read.map(|secret_keys| Some(Arc::new(secret_keys))).map_err(|error| CliError::usage(error.to_string()))
}

/// Refuses an address that other machines can reach, unless somebody chose the token.
fn refuse_open_address(listen: SocketAddr, token: &AdminToken) -> Result<(), CliError> {
    if listen.ip().is_loopback() || token.was_given() {
        return Ok(());
    }
    Err(CliError::usage(format!("{listen} can be reached from other machines, and no admin token was given"))
        .hint("set TM_HOOKS_ADMIN_TOKEN, or give --admin-token-file FILE"))
}

/// Listens on an address that this flag names.
async fn bound(listen: SocketAddr, flag: &str) -> Result<(TcpListener, SocketAddr), CliError> {
    let cannot_listen = |error| {
        CliError::new(Kind::Unexpected, format!("cannot listen on {listen}"))
            .source(error)
            .hint(format!("give another address with {flag}, or {flag} 127.0.0.1:0 for a free port"))
    };
    let listener = TcpListener::bind(listen).await.map_err(cannot_listen)?;
    let address = listener.local_addr().map_err(cannot_listen)?;
    Ok((listener, address))
}

/// Prints the address and how to connect.
fn announce(address: SocketAddr, secured: bool, token: &AdminToken, context: &Context) {
    let scheme = if secured { "https" } else { "http" };
    let url = format!("{scheme}://{address}");
    context.term.line(&url);
    // The service must run even if nobody reads its output.
    if let Err(error) = context.term.loss().or_else(OutputError::unless_closed) {
        tracing::warn!(error = &error as &dyn std::error::Error, "the address could not be written to standard output");
    }
    context.term.note(&format!("tm-hooks listens on {url}. Stop it with Ctrl-C."));
    context.term.note(&format!("  connect   {}", token.how_to_connect(&url)));
    token.show_on_terminal(&context.term);
}
