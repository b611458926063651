//! The arguments of `tm-hooks serve`.

use std::{path::PathBuf, time::Duration};

use ipnet::IpNet;
use url::Url;

use super::listen::Listen;
use crate::{
    commands::arguments::{rate, some_duration},
    domain::text::url_fault,
    term::logs::LogFormat,
};

/// Run the webhook service
///
/// It accepts events, delivers them signed, retries, and keeps the history. Without --database it serves the data of
/// the profile `local`, so that what `tm-hooks add` stored is delivered all the time, and it may deliver to this
/// machine. With --database it is strict: HTTPS to public addresses only, unless --allow-http or --allow-cidr say
/// otherwise.
///
/// The admin token is read from TM_HOOKS_ADMIN_TOKEN or --admin-token-file. Without either one is made at the first
/// start and kept in a file that only its owner can read.
///
/// The address is printed to standard output, logs go to standard error. SIGINT or SIGTERM stops it: it finishes the
/// requests and attempts in progress and ends within 20 s; a second signal ends it at once. Nothing that was accepted
/// is lost either way.
///
/// A client has 10 s for a request's head, 30 s for its body, and 60 s between two requests. When no more connections
/// are possible, the service closes one that keeps it waiting.
///
/// It warns about files with keys or tokens that others than their owner may read.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  tm-hooks serve
  tm-hooks serve --database sqlite:/var/lib/tm-hooks/hooks.db
  tm-hooks serve --ingress 0.0.0.0:8421 --public-url https://hooks.example.com \\
    --trusted-proxy 10.0.0.0/8
  tm-hooks serve --database sqlite::memory: --listen 127.0.0.1:0 --allow-http --allow-cidr 127.0.0.0/8
  tm-hooks serve --listen 0.0.0.0:8420 --tls-cert chain.pem --tls-key key.pem --rate-limit 50/s \\
    --admin-token-file /etc/tm-hooks/token --database sqlite:/srv/hooks.db")]
pub struct Args {
    /// Address and port to listen on; port 0 takes a free one
    ///
    /// A port alone, 8420 or :8420, is one of 127.0.0.1, which this machine alone reaches; 0.0.0.0:8420 is one of every
    /// address.
    #[arg(long, value_name = "ADDRESS", default_value_t)]
    pub(super) listen: Listen,
    /// The URL at which senders outside reach this service; the addresses of sources begin with it
    #[arg(long, value_name = "URL", value_parser = public_url)]
    pub(super) public_url: Option<Url>,
    /// Listen on a second address that has the addresses of sources alone (/in/…) and /livez
    ///
    /// Senders outside are given this one, so that they never reach the API.
    #[arg(long, value_name = "ADDRESS")]
    pub(super) ingress: Option<Listen>,
    /// Believe what proxies in this network say of their callers' addresses in X-Forwarded-For (may be given several times)
    #[arg(long, value_name = "CIDR")]
    pub(super) trusted_proxy: Vec<IpNet>,
    /// Where to keep the data: sqlite:PATH (made when absent) or sqlite::memory:
    // It is parsed later, as clap would repeat a wrong URL, which may contain a password.
    #[arg(long, value_name = "URL")]
    pub(super) database: Option<String>,
    /// Deliver to addresses in this network too, though they are not public (may be given several times)
    #[arg(long, value_name = "CIDR")]
    pub(super) allow_cidr: Vec<IpNet>,
    /// Deliver by plain HTTP too
    #[arg(long)]
    pub(super) allow_http: bool,
    /// Read the admin token from this file
    #[arg(long, value_name = "FILE")]
    pub(super) admin_token_file: Option<PathBuf>,
    /// Answer over TLS with this chain of certificates (PEM); SIGHUP has it read again
    #[arg(long, value_name = "FILE", requires = "tls_key")]
    pub(super) tls_cert: Option<PathBuf>,
    /// The certificate's private key (PEM)
    #[arg(long, value_name = "FILE", requires = "tls_cert")]
    pub(super) tls_key: Option<PathBuf>,
    /// Encrypt webhooks' secrets and headers in the database with the key in this file: 64 hex digits, as `openssl rand
    /// -hex 32` makes; further lines are previous keys [env: TM_HOOKS_SECRET_KEY_FILE]
    #[arg(long, value_name = "FILE")]
    pub(super) secret_key_file: Option<PathBuf>,
    /// The key before: what it encrypted is encrypted with the new one at the start
    #[arg(long, value_name = "FILE")]
    pub(super) previous_secret_key_file: Option<PathBuf>,
    /// How many requests each token may make, such as 50/s; bursts of up to one second's requests are allowed [default:
    /// unlimited]
    #[arg(long, value_name = "RATE", value_parser = rate)]
    pub(super) rate_limit: Option<Duration>,
    /// How long attempts, deliveries and events are kept after they ended; error rates are kept for 13 months
    #[arg(long, value_name = "DURATION", default_value = "30d", value_parser = some_duration)]
    pub(super) keep_history: Duration,
    /// How long bodies and answers are kept, at most as long as the history
    #[arg(long, value_name = "DURATION", default_value = "7d", value_parser = some_duration)]
    pub(super) keep_bodies: Duration,
    /// How logs are written: text, or json with one object a line [default: text on a terminal, else json]
    #[arg(long, value_name = "FORMAT")]
    pub(super) log_format: Option<LogFormat>,
}

/// Parses `--public-url`: a URL that addresses are appended to.
fn public_url(text: &str) -> Result<Url, String> {
    let url = Url::parse(text.trim()).map_err(|error| url_fault(error).to_owned())?;
    let is_plain = matches!(url.scheme(), "https" | "http") && url.query().is_none() && url.fragment().is_none();
    let is_open = url.username().is_empty() && url.password().is_none();
    match (is_plain, is_open) {
        (true, true) => Ok(url),
        (false, _) => Err("it must be an address such as https://hooks.example.com, without ? and #".to_owned()),
        (true, false) => Err("it must not hold a user or a password: everybody who sends sees it".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_public_url_is_the_beginning_of_addresses() {
        for url in ["https://hooks.example.com", "http://127.0.0.1:8420/", "https://example.com/tm/"] {
            assert!(public_url(url).is_ok(), "{url}");
        }
        for url in ["hooks.example.com", "ftp://example.com", "https://example.com/?a", "https://u:p@example.com", ""] {
            assert!(public_url(url).is_err(), "{url}");
        }
    }
}
