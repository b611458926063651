//! Connects to the service: the one inside this process, or one over the network.

#[cfg(feature = "service")]
mod named;
pub(super) mod trust;

use std::sync::Arc;

use secrecy::SecretString;
use url::Url;

use crate::{
    api::{Client, HttpOptions, HttpTransport, ProxyHop, RetryPolicy},
    certificates::Store,
    config::{Target, is_loopback},
    credentials::{self, Token},
    domain::problem::FieldError,
    error::{CliError, Kind},
};

use super::Context;

/// How long an interrupted command waits until its attempts in flight are recorded.
#[cfg(feature = "service")]
const LONGEST_RELEASE: std::time::Duration = std::time::Duration::from_secs(2);

/// Returns the note for a command that has waited for a second.
#[cfg(feature = "service")]
fn said_of(waits: crate::embedded::Waits) -> &'static str {
    match waits {
        crate::embedded::Waits::Opening => "opening the database: another program may be writing to it",
        crate::embedded::Waits::Writing => "waiting for another program that is writing to the database",
    }
}

/// A client, and its service if that runs in this process.
pub struct Connection {
    /// The client.
    pub client: Client,
    #[cfg(feature = "service")]
    embedded: Option<Arc<crate::embedded::Embedded>>,
}

impl Context {
    /// Connects to the service of the settings. Nothing is sent over the network yet.
    ///
    /// # Errors
    /// Fails if the database of the service in this process cannot be opened, or the service's URL cannot be used.
    pub fn connect(&self) -> Result<Connection, CliError> {
        match &self.settings.target.value {
            Target::Local => self.open_local(),
            Target::Service(url) => {
                let token = credentials::find(url, &self.settings, &self.environment)?;
                self.reach(url, token)
            }
        }
    }

    /// Connects to the service at `url`, with this token.
    ///
    /// # Errors
    /// Fails if the token would go over plain HTTP to another machine, or the connection cannot be configured.
    pub(super) fn reach(&self, url: &Url, token: Option<Token>) -> Result<Connection, CliError> {
        if self.verbose > 0 {
            let source = token.as_ref().map_or("none".to_owned(), |token| token.source.to_string());
            self.term.note(&format!("service: {url} (from {}); token: {source}", self.settings.target.source));
        }
        if token.is_some() {
            self.refuse_plain_http(url)?;
        }
        let transport = HttpTransport::new(self.http_options(url)?).map_err(crate::api::CallError::from)?;
        let token: Option<SecretString> = token.map(|token| token.secret);
        let policy = RetryPolicy { retries: self.settings.retries.value };
        let term = Arc::clone(&self.term);
        let client = Client::new(Box::new(transport), token, self.random.clone()).with_clock(Arc::clone(&self.clock));
        let client = client.with_retries(
            policy,
            Box::new(move |notice| {
                if term.is_asking() {
                    return;
                }
                let wait = crate::render::words::duration(notice.wait);
                let reason = term.in_plain_words(&notice.reason);
                term.note(&format!("{reason}; trying again in {wait} ({}/{})", notice.number, notice.of));
            }),
        );
        Ok(Connection {
            client,
            #[cfg(feature = "service")]
            embedded: None,
        })
    }

    /// Returns the options for a remote service.
    ///
    /// # Errors
    /// Fails if the certificates of `--ca-cert` or `SSL_CERT_FILE` cannot be read, or the environment's proxy cannot be
    /// used.
    pub(super) fn http_options(&self, url: &Url) -> Result<HttpOptions, CliError> {
        let settings = &self.settings;
        let proxy = settings.proxy_to(url)?;
        let trusted = match &settings.ca_cert.value {
            None => Vec::new(),
            Some(path) => trust::certificates(path, &settings.ca_cert.source.to_string())?,
        };
        let secured = url.scheme() == "https" || proxy.as_ref().is_some_and(|proxy| proxy.value.scheme() == "https");
        Ok(HttpOptions {
            service: url.clone(),
            request_timeout: settings.request_timeout.value,
            trusted,
            // Plain HTTP needs no certificates.
            store: if secured { trust::store(&self.environment)? } else { Store::Only(Vec::new()) },
            proxy: proxy.map(|proxy| ProxyHop { url: proxy.value, from: proxy.source.to_string() }),
        })
    }

    fn refuse_plain_http(&self, url: &Url) -> Result<(), CliError> {
        if url.scheme() != "http" || is_loopback(url) || self.settings.allow_http.value {
            return Ok(());
        }
        Err(CliError::usage(format!("the token is not sent to {url} over plain HTTP, where others can read it"))
            .hint("use https://, or let it go with --allow-http (in a profile: allow-http = true)"))
    }

    #[cfg(feature = "service")]
    fn open_local(&self) -> Result<Connection, CliError> {
        let data_dir = self.settings.data_dir()?;
        let named = self.name_local(&data_dir);
        let key_file = self.environment.path("TM_HOOKS_SECRET_KEY_FILE");
        let (database, clock, random) = (data_dir.database(), Arc::clone(&self.clock), Arc::clone(&self.random));
        let term = Arc::clone(&self.term);
        let on_wait = Box::new(move |waits| term.notice(said_of(waits)));
        let opened = crate::embedded::Embedded::open(database, key_file, clock, random, on_wait);
        let embedded = opened.map_err(|error| {
            let failed = database_failed(&format!("could not open {}", data_dir.database().display()), error);
            if failed.hint_text().is_some() { failed } else { failed.hint(crate::embedded::OTHER_WAYS) }
        })?;
        if named {
            named::remember(&data_dir.local_named(), self.now());
        }
        let client = Client::new(embedded.transport(), None, Arc::clone(&self.random));
        let embedded = Arc::clone(self.embedded.get_or_init(|| Arc::new(embedded)));
        Ok(Connection { client, embedded: Some(embedded) })
    }

    /// Prints on a terminal which data is used: once a day, and at each change. Returns whether it was printed.
    #[cfg(feature = "service")]
    fn name_local(&self, data_dir: &crate::config::DataDir) -> bool {
        let is_due = || self.writes || named::is_due(&data_dir.local_named(), self.now());
        let told = self.term.shows_terminal_notes() && is_due();
        if told {
            let place = data_dir.path().display();
            self.term.terminal_note(&format!("local: the service inside this program, with its data in {place}"));
        }
        told
    }

    #[cfg(not(feature = "service"))]
    fn open_local(&self) -> Result<Connection, CliError> {
        Err(CliError::new(Kind::Usage, "this build has no service inside")
            .hint("name one with --service URL, or TM_HOOKS_URL"))
    }
}

/// Makes the error of the database of the service in this process.
#[cfg(feature = "service")]
fn database_failed(what: &str, error: crate::embedded::StoreError) -> CliError {
    let failed = CliError::new(Kind::Unexpected, what);
    let failed = match &error {
        crate::embedded::StoreError::Denied(refusal) => {
            failed.code("permission_denied").hint(crate::embedded::way_out(refusal))
        }
        _ => failed,
    };
    failed.source(error)
}

#[cfg(feature = "service")]
impl Context {
    /// Ends the work of the service in this process early: each attempt in flight is recorded as failed. If the
    /// database is too slow, the state is as after a crash.
    pub async fn interrupt_deliveries(&self) {
        if let Some(embedded) = self.embedded.get() {
            let _ = tokio::time::timeout(LONGEST_RELEASE, embedded.interrupt()).await;
        }
    }
}

impl Connection {
    /// Checks a receiver's URL without asking the service; only the rules of the service in this process are known
    /// here.
    ///
    /// # Errors
    /// Says what is wrong with it.
    pub fn check_url(&self, url: &Url) -> Result<(), FieldError> {
        #[cfg(feature = "service")]
        if self.embedded.is_some() {
            return crate::embedded::check_url(url);
        }
        let _ = url;
        Ok(())
    }

    /// Waits for `done`; a service in this process delivers meanwhile.
    ///
    /// # Errors
    /// Fails if `done` fails or the results cannot be stored.
    pub async fn deliver_while<T>(&self, done: impl Future<Output = Result<T, CliError>>) -> Result<T, CliError> {
        #[cfg(feature = "service")]
        if let Some(embedded) = &self.embedded {
            let failed = |error| database_failed("could not deliver what is due", error);
            return embedded.deliver_while(done).await.map_err(failed)?;
        }
        done.await
    }

    /// Delivers what is due with a service in this process, for the last time; a remote service does so by itself.
    ///
    /// # Errors
    /// Fails if the results cannot be stored.
    pub async fn deliver(&self) -> Result<(), CliError> {
        self.deliver_now().await?;
        self.end_deliveries().await
    }

    /// Delivers what is due, like [`Connection::deliver`], and may be called again.
    pub async fn deliver_now(&self) -> Result<(), CliError> {
        #[cfg(feature = "service")]
        if let Some(embedded) = &self.embedded {
            embedded.deliver_due().await.map_err(|error| database_failed("could not deliver what is due", error))?;
        }
        Ok(())
    }

    /// Finishes what a service in this process delivers. It delivers nothing more afterwards.
    pub async fn end_deliveries(&self) -> Result<(), CliError> {
        #[cfg(feature = "service")]
        if let Some(embedded) = &self.embedded {
            embedded.close().await.map_err(|error| database_failed("could not deliver what is due", error))?;
        }
        Ok(())
    }
}
