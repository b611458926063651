//! The demo's stage: a service and two receivers on loopback, and a client that talks to the service.

use std::{future::Future, io, sync::Arc, time::Duration};

use tokio::{
    net::TcpListener,
    sync::{Mutex, oneshot},
    task::JoinHandle,
};

use super::receiver::{CHAT, Entry, PAYROLL, Receivers};
use crate::{
    api::{Client, HttpOptions, HttpTransport},
    commands::Context,
    domain::{
        event::{EventFilter, EventType},
        ids::{DeliveryId, WebhookId},
        secret::random_text,
        time::{Clock, FastClock},
        version::Version,
        webhook::NewWebhook,
    },
    error::{CliError, Kind},
    net_guard::NetGuard,
    service::{
        Options, Service,
        http::{Auth, Senders},
        store::{Location, Retention},
    },
};

/// The speed of the clock: the retry after five minutes comes after about a second.
pub const SPEED: u32 = 240;

const CHAT_EVENTS: [EventFilter; 2] =
    [EventFilter::Exactly(EventType::ATTENDANCE_INSERTED), EventFilter::Group("user")];
const PAYROLL_EVENTS: [EventFilter; 1] = [EventFilter::Group("attendance")];

/// The running parts of the demo.
pub struct Stage {
    /// The client of the service, over HTTP.
    pub client: Client,
    /// The fast clock.
    pub clock: Arc<dyn Clock>,
    /// The webhook whose receiver works.
    pub payroll: WebhookId,
    /// The webhook whose receiver is down for a while.
    pub chat: WebhookId,
    /// The deliveries of all sent events.
    pub planned: Mutex<Vec<DeliveryId>>,
    receivers: Arc<Receivers>,
    stop: oneshot::Sender<()>,
    serving: JoinHandle<io::Result<()>>,
}

impl Stage {
    /// Starts the service and the receivers, and adds the webhooks.
    pub async fn set(context: &Context) -> Result<Stage, CliError> {
        let clock: Arc<dyn Clock> = Arc::new(FastClock::new(context.clock.now(), SPEED));
        let receivers = Receivers::new(clock.clone());
        let (listener, receiving) = listen().await?;
        let router = receivers.clone().router();
        tokio::spawn(async move { axum::serve(listener, router).await });
        let (stop, stopped) = oneshot::channel();
        let (client, serving) = serve(context, clock.clone(), stopped).await?;
        let payroll = add(&client, &receivers, &receiving, PAYROLL, "Payroll", &PAYROLL_EVENTS, None).await?;
        let chat = add(&client, &receivers, &receiving, CHAT, "Chat bot", &CHAT_EVENTS, Some(Version::V2)).await?;
        Ok(Stage { client, clock, payroll, chat, planned: Mutex::default(), receivers, stop, serving })
    }

    /// Returns how many of the webhooks want events of this type.
    pub fn expected(&self, event_type: EventType) -> usize {
        [&CHAT_EVENTS[..], &PAYROLL_EVENTS[..]]
            .iter()
            .filter(|filters| filters.iter().any(|filter| filter.matches(event_type)))
            .count()
    }

    /// Returns the received requests.
    pub fn ledger(&self) -> Vec<Entry> {
        self.receivers.ledger()
    }

    /// Stops the service after it has finished what is in progress.
    pub async fn clear(self) -> Result<(), CliError> {
        // If the service has already ended, waiting for it returns why.
        let _ = self.stop.send(());
        drop(self.client);
        let ended = self.serving.await.unwrap_or_else(|error| Err(io::Error::other(error)));
        ended.map_err(|error| CliError::new(Kind::Unexpected, "the service ended").source(error))
    }
}

async fn serve(
    context: &Context,
    clock: Arc<dyn Clock>,
    stopped: oneshot::Receiver<()>,
) -> Result<(Client, JoinHandle<io::Result<()>>), CliError> {
    let (listener, url) = listen().await?;
    let token = random_text("tmdemo_", 32, &*context.random);
    let options = Options {
        location: Location::Memory,
        guard: NetGuard::local(),
        secret_keys: None,
        public_url: None,
        senders: Senders::default(),
        auth: Auth::admin_token(&token),
        keep: Retention::default(),
        clock,
        random: context.random.clone(),
    };
    let service = Service::open(options)
        .map_err(|error| CliError::new(Kind::Unexpected, "the service could not be opened").source(error))?;
    let stop = async move { drop(stopped.await) };
    let serving = tokio::spawn(async move { service.serve(listener, None, None, stop).await });
    let service = url
        .parse()
        .map_err(|error| CliError::new(Kind::Unexpected, "the demo's URL").source(anyhow::Error::new(error)))?;
    let request_timeout = Duration::from_secs(30);
    let transport = HttpTransport::new(HttpOptions::straight_to(service, request_timeout))
        .map_err(|error| CliError::new(Kind::Unexpected, "no way to the service").source(error))?;
    Ok((Client::new(Box::new(transport), Some(token), context.random.clone()), serving))
}

async fn listen() -> Result<(TcpListener, String), CliError> {
    let bound = async {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let url = format!("http://{}", listener.local_addr()?);
        Ok::<_, io::Error>((listener, url))
    };
    bound.await.map_err(|error| CliError::new(Kind::Unexpected, "cannot listen on loopback").source(error))
}

fn add<'a>(
    client: &'a Client,
    receivers: &'a Receivers,
    receiving: &'a str,
    path: &'static str,
    name: &'a str,
    events: &'a [EventFilter],
    pinned_version: Option<Version>,
) -> impl Future<Output = Result<WebhookId, CliError>> + 'a {
    let new = NewWebhook {
        name: name.to_owned(),
        url: format!("{receiving}/{path}"),
        events: events.to_vec(),
        enabled: true,
        headers: Default::default(),
        scheme: None,
        sources: None,
        pinned_version,
        secret: None,
    };
    async move {
        let added = client.add_webhook(&new).await?;
        receivers.learn(path, client.secrets(added.id).await?.secret);
        Ok(added.id)
    }
}
