//! Values that only the machine and the service know: profiles, webhooks, tokens, ids. The search is silent and short:
//! what is not found in time is omitted.

use std::{
    sync::{Arc, mpsc},
    thread,
    time::{Duration, Instant},
};

use clap::Command;

use crate::{
    api::Client,
    commands::{Context, context::Needs, globals::Globals, reference},
    config::{self, ConfigDir, ConfigFile, InForce, LOCAL, Reading, Target},
    credentials::{self, AtHand},
    domain::{
        ids::{AttemptId, DeliveryId, EventId, SourceId, TokenId, WebhookId},
        page::Limit,
        query::{AttemptQuery, EventQuery, TokenQuery, WebhookQuery, WebhookSort},
        random::Random,
        source::SourceQuery,
        time::Clock,
        webhook::Webhook,
    },
    render::Format,
    term::{Environment, Term, Terminals},
};

use super::{
    candidate::Candidate,
    line::Line,
    local::{self, IdAndAbout},
};

/// The time to return what was found before the limit.
const TO_COME_BACK: Duration = Duration::from_millis(10);

/// The inputs of the process that matter here.
#[derive(Clone)]
pub(super) struct Outside {
    pub environment: Environment,
    pub clock: Arc<dyn Clock>,
    pub random: Arc<dyn Random>,
}

/// The sources of live values, and the time limit.
#[derive(Clone)]
pub(super) struct Live {
    /// Makes the program with its arguments.
    pub program: fn() -> Command,
    pub outside: Outside,
    pub line: Arc<Line>,
    pub until: Instant,
}

impl Live {
    /// Returns the configuration file, if it is readable.
    pub(super) fn file(&self) -> Option<ConfigFile> {
        ConfigFile::read(&ConfigDir::find(&self.outside.environment).ok()?).ok()
    }

    /// Returns the profiles with their services.
    pub(super) fn profiles(&self) -> Vec<Candidate> {
        let file = self.within(|live| live.file());
        let others = file.iter().flat_map(|file| {
            file.profiles().map(|name| Candidate::new(name, file.url_of(name).map(String::from).unwrap_or_default()))
        });
        let local = Candidate::new(LOCAL, "the service inside this program");
        others.chain([local]).collect()
    }

    /// Returns the settings in force.
    pub(super) fn settings(&self) -> Vec<InForce> {
        self.within(|live| Some(live.context()?.settings.in_force())).unwrap_or_default()
    }

    /// Returns webhooks by name and, once its first letter is typed, by id.
    pub(super) fn webhooks(&self, typed: &str) -> Vec<Candidate> {
        let typed = typed.to_owned();
        let by_id = !typed.is_empty() && WebhookId::PREFIX.starts_with(&typed) || typed.starts_with(WebhookId::PREFIX);
        let found = self.within(move |live| live.find_webhooks(typed)).unwrap_or_default();
        let mut candidates = Vec::new();
        for (id, name, place) in found {
            let named = Candidate::new(&name, format!("{id} {place}"));
            // If the name cannot be typed, the id can.
            if by_id || !named.is_safe() {
                candidates.push(Candidate::new(id, name));
            }
            candidates.push(named);
        }
        candidates
    }

    /// Returns tokens by name and, once its first letter is typed, by id.
    pub(super) fn tokens(&self, typed: &str) -> Vec<Candidate> {
        let by_id = !typed.is_empty() && TokenId::PREFIX.starts_with(typed) || typed.starts_with(TokenId::PREFIX);
        let found = self.within(|live| live.find_tokens()).unwrap_or_default();
        let names = found.iter().map(|(id, name)| Candidate::new(name, id));
        let ids = found.iter().filter(|_| by_id).map(|(id, name)| Candidate::new(id, name));
        names.chain(ids).collect()
    }

    /// Returns sources by name and, once its first letter is typed, by id.
    pub(super) fn sources(&self, typed: &str) -> Vec<Candidate> {
        let by_id = !typed.is_empty() && SourceId::PREFIX.starts_with(typed) || typed.starts_with(SourceId::PREFIX);
        let found = self.within(|live| live.find_sources()).unwrap_or_default();
        let mut candidates = Vec::new();
        for (id, name) in found {
            let named = Candidate::new(&name, &id);
            // If the name cannot be typed, the id can.
            if by_id || !named.is_safe() {
                candidates.push(Candidate::new(id, name));
            }
            candidates.push(named);
        }
        candidates
    }

    /// Returns the newest objects of the types whose ids may begin as the typed one does; an event's may begin as it
    /// likes.
    pub(super) fn newest(&self, typed: &str) -> Vec<Candidate> {
        if typed.is_empty() {
            return Vec::new();
        }
        let begins = [AttemptId::PREFIX, DeliveryId::PREFIX].into_iter().filter(|prefix| is_beginning(typed, prefix));
        let events = reference::event_id(typed).map(|_| EventId::PREFIX);
        let found = begins.chain(events).filter_map(|prefix| self.within(move |live| live.find_newest(prefix)));
        found.flatten().map(|(id, about)| Candidate::new(id, about)).collect()
    }

    /// Runs something that may be slow; after the limit it continues alone until the process ends.
    fn within<T: Send + 'static>(&self, ask: impl FnOnce(&Live) -> Option<T> + Send + 'static) -> Option<T> {
        let (done, answered) = mpsc::channel();
        let live = self.clone();
        let left = self.until.saturating_duration_since(Instant::now()) + TO_COME_BACK;
        thread::Builder::new().spawn(move || done.send(ask(&live))).ok()?;
        answered.recv_timeout(left).ok()?
    }

    /// Returns a verb's context, without any output to people.
    fn context(&self) -> Option<Context> {
        let option = |id: &str| self.line.option(id).map(str::to_owned);
        let globals = Globals {
            // The output is set, as a wrong one in a variable would be an error.
            output: Some(Format::Json),
            profile: option("profile"),
            service: option("service"),
            ca_cert: option("ca_cert").map(Into::into),
            proxy: option("proxy").and_then(|proxy| config::proxy_url(&proxy).ok()),
            allow_http: option("allow_http").is_some(),
            no_input: true,
            retries: Some(0),
            request_timeout: Some(Duration::from_secs(1)),
            ..Globals::default()
        };
        let Outside { environment, clock, random } = self.outside.clone();
        let (term, _) = Term::captured("", Terminals::default(), 80);
        Context::new(term, clock, random, environment, &globals, Needs { reading: Reading::Whole, data: true }).ok()
    }

    /// Returns a client of a remote service, or `None` if the service is inside this program or its token is in the
    /// keyring, which might ask for a password.
    fn client(&self, context: &Context) -> Option<Client> {
        let url = context.settings.service()?;
        let AtHand::Token(token) = credentials::at_hand(url, &context.settings, &context.environment).ok()? else {
            return None;
        };
        Some(context.reach(url, token).ok()?.client)
    }

    /// Asks a remote service; at the time limit, what `ask` has collected counts.
    fn ask<T: Default>(&self, context: &Context, ask: impl AsyncFnOnce(Client, &mut T) -> Option<()>) -> Option<T> {
        let client = self.client(context)?;
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().ok()?;
        let mut found = T::default();
        runtime.block_on(async {
            let _ = tokio::time::timeout_at(self.until.into(), ask(client, &mut found)).await;
        });
        // A slow name lookup must not delay the result.
        runtime.shutdown_background();
        Some(found)
    }

    fn find_webhooks(&self, typed: String) -> Option<Vec<WebhookEntry>> {
        let context = self.context()?;
        if context.settings.target.value == Target::Local {
            let found = local::webhooks(&context)?.into_iter();
            return Some(found.map(|(id, name, url)| (id, name, place(&url))).collect());
        }
        self.ask(&context, async |client, found: &mut Vec<WebhookEntry>| {
            let mut query =
                WebhookQuery { limit: Some(Limit::MOST.into()), sort: Some(WebhookSort::Name), ..Default::default() };
            match typed {
                typed if WebhookId::is_beginning(&typed) => query.id_prefix = Some(typed),
                typed if is_beginning(&typed, WebhookId::PREFIX) => {}
                typed => query.search = Some(typed),
            }
            loop {
                let page = client.webhooks(&query).await.ok()?;
                found.extend(
                    page.data.into_iter().map(|Webhook { id, name, url, .. }| (id.to_string(), name, place(&url))),
                );
                let next = page.next.filter(|next| query.cursor.as_ref() != Some(next));
                query.cursor = Some(next?);
            }
        })
    }

    fn find_tokens(&self) -> Option<Vec<IdAndAbout>> {
        let context = self.context()?;
        if context.settings.target.value == Target::Local {
            return local::tokens(&context);
        }
        self.ask(&context, async |client, found: &mut Vec<IdAndAbout>| {
            let query = TokenQuery { limit: Some(Limit::MOST.into()), ..Default::default() };
            let page = client.tokens(&query).await.ok()?;
            found.extend(page.data.into_iter().map(|token| (token.id.to_string(), token.name)));
            Some(())
        })
    }

    fn find_sources(&self) -> Option<Vec<IdAndAbout>> {
        let context = self.context()?;
        if context.settings.target.value == Target::Local {
            return local::sources(&context);
        }
        self.ask(&context, async |client, found: &mut Vec<IdAndAbout>| {
            let query = SourceQuery { limit: Some(Limit::MOST.into()), ..Default::default() };
            let page = client.sources(&query).await.ok()?;
            found.extend(page.data.into_iter().map(|source| (source.id.to_string(), source.name)));
            Some(())
        })
    }

    fn find_newest(&self, prefix: &'static str) -> Option<Vec<IdAndAbout>> {
        let context = self.context()?;
        if context.settings.target.value == Target::Local {
            return local::newest(&context, prefix);
        }
        self.ask(&context, async |client, found: &mut Vec<IdAndAbout>| {
            if prefix == EventId::PREFIX {
                let page = client.events(&EventQuery::default()).await.ok()?;
                found.extend(page.data.into_iter().map(|event| (event.id.to_string(), event.event_type.to_string())));
                return Some(());
            }
            for attempt in client.attempts(&AttemptQuery::default()).await.ok()?.data {
                let id =
                    if prefix == AttemptId::PREFIX { attempt.id.to_string() } else { attempt.delivery_id.to_string() };
                if !found.iter().any(|(known, _)| *known == id) {
                    found.push((id, format!("{} {}", attempt.event_type, attempt.status)));
                }
            }
            Some(())
        })
    }
}

/// A webhook's id, its name, and the origin of its URL.
type WebhookEntry = (String, String, String);

/// Whether one is the beginning of the other.
fn is_beginning(typed: &str, prefix: &str) -> bool {
    typed.starts_with(prefix) || prefix.starts_with(typed)
}

/// Returns the part of a URL that holds no secret.
fn place(url: &str) -> String {
    url.parse::<url::Url>().map(|url| url.origin().ascii_serialization()).unwrap_or_default()
}
