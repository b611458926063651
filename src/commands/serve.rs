//! `tm-hooks serve`: the webhook service on this machine.

mod admin_token;
mod certificate;
mod database;
mod listen;
mod secret_files;
mod signals;

use std::{net::SocketAddr, path::PathBuf, sync::Arc, time::Duration};

use ipnet::IpNet;
use tokio::net::TcpListener;

use super::{
    Context,
    arguments::{rate, some_duration},
    connect::trust,
};
use crate::{
    error::{CliError, Kind},
    net_guard::NetGuard,
    service::{
        Options, Service, descriptors,
        http::Auth,
        store::{Location, Retention, StoreError, rehearse, vault::Vault},
    },
    term::{
        OutputError,
        logs::{self, LogFormat},
    },
};
use admin_token::AdminToken;
use listen::Listen;

/// Run the webhook service
///
/// It takes in events, delivers them signed, retries, and keeps the history. Without --database it serves the data of
/// the profile `local`, so that what `tm-hooks add` stored is delivered all the time, and it may deliver to this
/// machine. With --database it is strict: HTTPS to public addresses only, unless --allow-http or --allow-cidr say
/// otherwise.
///
/// The admin token is read from TM_HOOKS_ADMIN_TOKEN or --admin-token-file. Without either one is made at the first
/// start and kept in a file that only its owner can read.
///
/// The address is printed to standard output, logs go to standard error. SIGINT or SIGTERM stops it: requests and
/// attempts that are under way are finished, and it has ended within 20 s; a second signal ends it at once. Nothing that
/// was accepted is lost either way.
///
/// Who connects has 10 s for a request's head, 30 s for its body, and 60 s between two requests. When no more
/// connections can be had, one that lets the service wait makes room for a new one.
///
/// It warns of a file with a key or a token that others than its owner may read.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  tm-hooks serve
  tm-hooks serve --database sqlite:/var/lib/tm-hooks/hooks.db
  tm-hooks serve --database sqlite::memory: --listen 127.0.0.1:0 --allow-http --allow-cidr 127.0.0.0/8
  tm-hooks serve --listen 0.0.0.0:8420 --tls-cert chain.pem --tls-key key.pem --rate-limit 50/s \\
    --admin-token-file /etc/tm-hooks/token --database sqlite:/srv/hooks.db")]
pub struct Args {
    /// Address and port to listen on; port 0 takes a free one
    ///
    /// A port alone, 8420 or :8420, is one of 127.0.0.1, which this machine alone reaches; 0.0.0.0:8420 is one of every
    /// address.
    #[arg(long, value_name = "ADDRESS", default_value_t)]
    listen: Listen,
    /// Where to keep the data: sqlite:PATH (made when absent) or sqlite::memory:
    // Parsed by ourselves: clap would repeat a URL that cannot be used, with the password that may be in it.
    #[arg(long, value_name = "URL")]
    database: Option<String>,
    /// Deliver to addresses in this network too, though they are not public (may be given several times)
    #[arg(long, value_name = "CIDR")]
    allow_cidr: Vec<IpNet>,
    /// Deliver by plain HTTP too
    #[arg(long)]
    allow_http: bool,
    /// Read the admin token from this file
    #[arg(long, value_name = "FILE")]
    admin_token_file: Option<PathBuf>,
    /// Answer over TLS with this chain of certificates (PEM); SIGHUP has it read again
    #[arg(long, value_name = "FILE", requires = "tls_key")]
    tls_cert: Option<PathBuf>,
    /// The certificate's private key (PEM)
    #[arg(long, value_name = "FILE", requires = "tls_cert")]
    tls_key: Option<PathBuf>,
    /// Encrypt webhooks' secrets and headers in the database with the key in this file: 64 hex digits, as `openssl rand
    /// -hex 32` makes; further lines are previous keys [env: TM_HOOKS_SECRET_KEY_FILE]
    #[arg(long, value_name = "FILE")]
    secret_key_file: Option<PathBuf>,
    /// The key before: what it encrypted is encrypted with the new one at the start
    #[arg(long, value_name = "FILE")]
    previous_secret_key_file: Option<PathBuf>,
    /// How many requests each token may make, such as 50/s; a second's may come at once [default: as many as it likes]
    #[arg(long, value_name = "RATE", value_parser = rate)]
    rate_limit: Option<Duration>,
    /// How long attempts, deliveries and events are kept after they ended; error rates are kept for 13 months
    #[arg(long, value_name = "DURATION", default_value = "30d", value_parser = some_duration)]
    keep_history: Duration,
    /// How long bodies and answers are kept, at most as long as the history
    #[arg(long, value_name = "DURATION", default_value = "7d", value_parser = some_duration)]
    keep_bodies: Duration,
    /// How logs are written: text, or json with one object a line [default: text on a terminal, else json]
    #[arg(long, value_name = "FORMAT")]
    log_format: Option<LogFormat>,
}

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
    let listener = TcpListener::bind(listen).await.map_err(|error| cannot_listen(listen, error))?;
    let address = listener.local_addr().map_err(|error| cannot_listen(listen, error))?;
    // Before anybody learns that it runs: who reads the address may ask it to stop at once.
    let stopped =
        signals::stopped().map_err(|error| CliError::new(Kind::Unexpected, "cannot wait for signals").source(error))?;
    announce(address, tls.is_some(), &token, context);
    let served = service.serve(listener, tls, stopped).await;
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
        auth: args.rate_limit.into_iter().fold(Auth::admin_token(token.secret()), Auth::paced),
        vault: vault(args, context)?,
        keep: Retention { history: args.keep_history, bodies: args.keep_bodies },
        clock: context.clock.clone(),
        random: Arc::clone(&context.random),
    };
    Service::open(options).map_err(cannot_open)
}

/// Permissions that are in the way of delivering are found out now, and not when the first event has been taken in.
fn refuse_if_denied(location: &Location, context: &Context) -> Result<(), CliError> {
    let Location::File(path) = location else { return Ok(()) };
    match rehearse(path, &*context.random) {
        Err(error @ StoreError::Denied(_)) => Err(cannot_open(error)),
        // Of all else opening tells.
        _ => Ok(()),
    }
}

fn cannot_open(error: StoreError) -> CliError {
    let (hint, failed) = (error.next_step(), CliError::new(Kind::Unexpected, "the database cannot be opened"));
    hint.into_iter().fold(failed.source(error), CliError::hint)
}

fn secret_key_file(args: &Args, context: &Context) -> Option<PathBuf> {
    let given = args.secret_key_file.as_deref().map(|file| context.environment.expanded(file));
    given.or_else(|| context.environment.path("TM_HOOKS_SECRET_KEY_FILE"))
}

fn previous_secret_key_file(args: &Args, context: &Context) -> Option<PathBuf> {
    args.previous_secret_key_file.as_deref().map(|file| context.environment.expanded(file))
}

/// What secrets are encrypted with at rest.
fn vault(args: &Args, context: &Context) -> Result<Option<Arc<Vault>>, CliError> {
    let previous = previous_secret_key_file(args, context);
    let previous = previous.as_deref();
    let Some(file) = secret_key_file(args, context) else {
        return match previous {
            None => Ok(None),
            Some(_) => Err(CliError::usage("--previous-secret-key-file needs --secret-key-file")
                .hint("secrets that are encrypted stay so: give the new key, too")),
        };
    };
    let read = Vault::read(&file, previous);
    read.map(|vault| Some(Arc::new(vault))).map_err(|error| CliError::usage(error.to_string()))
}

/// An address that others can reach needs a token that somebody chose and handed out.
fn refuse_open_address(listen: SocketAddr, token: &AdminToken) -> Result<(), CliError> {
    if listen.ip().is_loopback() || token.was_given() {
        return Ok(());
    }
    Err(CliError::usage(format!("{listen} can be reached from other machines, and no admin token was given"))
        .hint("set TM_HOOKS_ADMIN_TOKEN, or give --admin-token-file FILE"))
}

fn cannot_listen(listen: SocketAddr, error: std::io::Error) -> CliError {
    CliError::new(Kind::Unexpected, format!("cannot listen on {listen}"))
        .source(error)
        .hint("give another address with --listen, or --listen 127.0.0.1:0 for a free port")
}

/// Says where it listens and how to connect.
fn announce(address: SocketAddr, secured: bool, token: &AdminToken, context: &Context) {
    let scheme = if secured { "https" } else { "http" };
    let url = format!("{scheme}://{address}");
    context.term.line(&url);
    // A service serves, whoever reads what it says.
    if let Err(error) = context.term.loss().or_else(OutputError::unless_closed) {
        tracing::warn!(error = &error as &dyn std::error::Error, "the address could not be written to standard output");
    }
    context.term.note(&format!("tm-hooks listens on {url}. Stop it with Ctrl-C."));
    context.term.note(&format!("  connect   {}", token.how_to_connect(&url)));
    token.show_on_terminal(&context.term);
}
