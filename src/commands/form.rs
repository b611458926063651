//! The form of a webhook: the questions of `add` and `edit` on a terminal. Elsewhere a flag answers each. An error is
//! shown at its answer, and the question is repeated.

use std::time::Duration;

use crate::{
    api::{CallError, Client},
    domain::{
        event::{EventFilter, EventType},
        masked_url::{is_masked, masked},
        query::WebhookQuery,
        version::{Stability, Version},
        webhook::{Webhook, check_name, check_url},
    },
    error::CliError,
    term::{Choice, Field, Form as Asker, Text},
};

use super::{Context, connect::Connection};

/// One question of the form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    Url,
    Name,
    Events,
    Version,
    Status,
}

impl Part {
    /// All questions in their order.
    pub(super) const ALL: [Part; 5] = [Part::Url, Part::Name, Part::Events, Part::Version, Part::Status];

    fn label(self) -> &'static str {
        match self {
            Part::Url => "URL",
            Part::Name => "Name",
            Part::Events => "Events",
            Part::Version => "Version",
            Part::Status => "Status",
        }
    }

    /// Returns the flag that answers it.
    fn flag(self) -> &'static str {
        match self {
            Part::Url => "URL",
            Part::Name => "--name",
            Part::Events => "--events",
            Part::Version => "--pin",
            Part::Status => "--disabled",
        }
    }
}

/// The answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Values {
    pub(super) url: String,
    pub(super) name: String,
    pub(super) events: Vec<EventFilter>,
    pub(super) pin: Option<Version>,
    pub(super) enabled: bool,
}

impl Values {
    /// Returns the values of a webhook.
    pub(super) fn of(webhook: &Webhook) -> Self {
        let Webhook { url, name, events, pinned_version, enabled, .. } = webhook;
        Values { url: url.clone(), name: name.clone(), events: events.clone(), pin: *pinned_version, enabled: *enabled }
    }
}

/// A form, and what its answers are checked against.
pub(super) struct Form<'a> {
    pub(super) context: &'a Context,
    pub(super) connection: &'a Connection,
    /// The questions.
    pub(super) parts: Vec<Part>,
    /// The webhook that is changed, if any.
    pub(super) own: Option<&'a Webhook>,
    /// Whether a name may belong to another webhook.
    pub(super) takes_any_name: bool,
}

impl Form<'_> {
    /// Asks all questions, starting with these values.
    ///
    /// # Errors
    /// Fails if the person leaves the form.
    pub(super) async fn fill(&self, values: &mut Values) -> Result<(), CliError> {
        let Some(first) = self.parts.first() else { return Ok(()) };
        let asker = self.context.term.form(first.flag())?;
        for part in &self.parts {
            self.ask(&asker, *part, values, None).await?;
        }
        Ok(())
    }

    /// Repeats a question with the error of its answer.
    ///
    /// # Errors
    /// Fails if the person leaves the form.
    pub(super) async fn mend(&self, part: Part, values: &mut Values, problem: String) -> Result<(), CliError> {
        self.ask(&self.context.term.form(part.flag())?, part, values, Some(problem)).await
    }

    async fn ask(
        &self,
        asker: &Asker,
        part: Part,
        values: &mut Values,
        problem: Option<String>,
    ) -> Result<(), CliError> {
        let field = self.field(part);
        match part {
            Part::Url | Part::Name => self.ask_text(asker, part, values, problem).await,
            Part::Events => ask_events(asker, &field, values).await,
            Part::Version => ask_version(asker, &field, values).await,
            Part::Status => ask_status(asker, &field, values).await,
        }
    }

    /// Returns the answer that the service has refused, and why, if the form asked for it.
    pub(super) fn refused(&self, error: &CallError) -> Option<(Part, String)> {
        let CallError::Refused { problem, .. } = error else { return None };
        let (part, why) = match problem.errors.first() {
            Some(error) if error.field == "url" => (Part::Url, format!("it {}", error.message)),
            Some(error) if error.field == "name" => (Part::Name, format!("it {}", error.message)),
            Some(error) if error.field.starts_with("events") => (Part::Events, error.message.clone()),
            None if problem.code == "name_taken" => (Part::Name, problem.detail.clone()),
            _ => return None,
        };
        self.parts.contains(&part).then_some((part, why))
    }

    fn field(&self, part: Part) -> Field {
        let width = self.parts.iter().map(|part| part.label().len()).max().unwrap_or(0);
        let then = self.parts.iter().skip_while(|other| **other != part).skip(1);
        let then = then.map(|part| part.label().to_owned()).collect();
        Field { label: part.label().to_owned(), width, then }
    }

    async fn ask_text(
        &self,
        asker: &Asker,
        part: Part,
        values: &mut Values,
        problem: Option<String>,
    ) -> Result<(), CliError> {
        let is_url = part == Part::Url;
        let start = if is_url { self.shown(&values.url) } else { values.name.clone() };
        let default = if is_url || self.own.is_some() { None } else { default_name(&values.url) };
        let check = async |answer: &str| if is_url { self.check_url(answer) } else { self.check_name(answer).await };
        let answer = asker.text(&self.field(part), Text { start, default, problem }, check).await?;
        if is_url {
            values.url = self.meant(answer)
        } else {
            values.name = answer
        }
        Ok(())
    }

    /// Returns a URL for the form: secrets in an existing webhook's URL are masked.
    fn shown(&self, url: &str) -> String {
        match self.own {
            Some(own) if own.url == url => masked(url).into_owned(),
            _ => url.to_owned(),
        }
    }

    /// Returns the URL of an answer: an unchanged masked URL means the webhook's own.
    fn meant(&self, answer: String) -> String {
        let own = self.own.filter(|own| masked(&own.url) == answer);
        own.map_or(answer, |own| own.url.clone())
    }

    fn check_url(&self, answer: &str) -> Result<(), String> {
        if self.own.is_some_and(|own| masked(&own.url) == answer) {
            return Ok(());
        }
        if answer.is_empty() {
            return Err("it is needed: one looks like https://example.com/hooks".to_owned());
        }
        if is_masked(answer) {
            return Err("it holds ••••, which stands for what is not shown: give the value itself".to_owned());
        }
        let checked = check_url(answer).and_then(|url| self.connection.check_url(&url));
        checked.map_err(|error| format!("it {}", error.message))
    }

    async fn check_name(&self, answer: &str) -> Result<(), String> {
        check_name(answer).map_err(|error| format!("it {}", error.message))?;
        if self.takes_any_name {
            return Ok(());
        }
        match named(&self.connection.client, answer).await {
            Some(other) if self.own.is_none_or(|own| own.id != other.id) => {
                Err(format!("the webhook {} has this name already", other.id))
            }
            _ => Ok(()),
        }
    }
}

async fn ask_events(asker: &Asker, field: &Field, values: &mut Values) -> Result<(), CliError> {
    let types: Vec<EventType> = EventType::subscribable().collect();
    let choice = |event_type: &EventType| Choice {
        name: event_type.to_string(),
        about: event_type.description().to_owned(),
        picked: values.events.iter().any(|filter| filter.matches(*event_type)),
        ..Choice::default()
    };
    let picked = asker.several(field, types.iter().map(choice).collect()).await?;
    let picked: Vec<EventType> = picked.into_iter().filter_map(|place| types.get(place).copied()).collect();
    values.events = filters(&picked, &values.events);
    Ok(())
}

async fn ask_version(asker: &Asker, field: &Field, values: &mut Values) -> Result<(), CliError> {
    let pins: Vec<Option<Version>> = std::iter::once(None).chain(offered(values.pin).map(Some)).collect();
    let choice = |pin: &Option<Version>| Choice { picked: *pin == values.pin, ..version_choice(*pin) };
    let picked = asker.one(field, pins.iter().map(choice).collect()).await?;
    values.pin = pins.get(picked).copied().flatten();
    Ok(())
}

async fn ask_status(asker: &Asker, field: &Field, values: &mut Values) -> Result<(), CliError> {
    let states =
        [(true, "enabled", "it receives events"), (false, "disabled", "it receives nothing until it is enabled")];
    let choice = |(enabled, name, about): (bool, &str, &str)| Choice {
        name: name.to_owned(),
        about: about.to_owned(),
        picked: enabled == values.enabled,
        ..Choice::default()
    };
    let picked = asker.one(field, states.map(choice).to_vec()).await?;
    values.enabled = states.get(picked).is_none_or(|(enabled, ..)| *enabled);
    Ok(())
}

/// Asks to pick a version.
///
/// # Errors
/// Fails if the person leaves or nobody can be asked.
pub(super) async fn pick_version(context: &Context) -> Result<Version, CliError> {
    let versions: Vec<Version> = offered(None).collect();
    let choices = versions.iter().map(|version| version_choice(Some(*version))).collect();
    let picked = context.term.form("VERSION")?.one(&Field::alone("Version"), choices).await?;
    Ok(versions.get(picked).copied().unwrap_or(Version::latest_stable()))
}

/// Returns the versions that can be chosen, and the pinned one.
fn offered(pin: Option<Version>) -> impl Iterator<Item = Version> {
    Version::ALL.into_iter().filter(move |it| it.stability() != Stability::Retired || pin == Some(*it))
}

fn version_choice(pin: Option<Version>) -> Choice {
    let about = match pin {
        None => "the global version, or the latest stable one".to_owned(),
        Some(version) => format!("{}, {}", version.stability(), version.description()),
    };
    Choice { name: pin.map_or("not pinned".to_owned(), |version| version.to_string()), about, ..Choice::default() }
}

/// Returns the default name of a webhook: its URL's host, if that is a valid name.
pub(super) fn default_name(url: &str) -> Option<String> {
    let host = check_url(url).ok()?.host_str()?.to_owned();
    check_name(&host).is_ok().then_some(host)
}

/// The longest wait for the service's check of an answer.
const LONGEST_CHECK: Duration = Duration::from_secs(2);

/// Finds the webhook with exactly this name. If the service is not available now, the final request reports that.
async fn named(client: &Client, name: &str) -> Option<Webhook> {
    let query = WebhookQuery { name: Some(name.to_owned()), limit: Some(1), ..WebhookQuery::default() };
    let found = tokio::time::timeout(LONGEST_CHECK, client.webhooks(&query)).await.ok()?;
    found.ok()?.data.into_iter().next()
}

/// Returns the filters for these types. Existing filters, which also pass future types, are kept if they fit.
fn filters(picked: &[EventType], before: &[EventFilter]) -> Vec<EventFilter> {
    let all = || EventType::subscribable();
    if all().all(|event_type| picked.contains(&event_type)) && !before.contains(&EventFilter::All) {
        let covered = |event_type: EventType| before.iter().any(|filter| filter.matches(event_type));
        return if all().all(covered) { before.to_vec() } else { vec![EventFilter::All] };
    }
    let fits = |filter: &EventFilter| all().filter(|it| filter.matches(*it)).all(|it| picked.contains(&it));
    let mut filters: Vec<EventFilter> = before.iter().copied().filter(fits).collect();
    for event_type in picked {
        if !filters.iter().any(|filter| filter.matches(*event_type)) {
            filters.push(EventFilter::Exactly(*event_type));
        }
    }
    filters
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::columns;

    fn after(picked: &str, before: &str) -> String {
        let types: Vec<EventType> = EventType::subscribable()
            .filter(|it| picked == "all" || picked.split(' ').any(|name| name == it.as_str()))
            .collect();
        let before: Vec<EventFilter> =
            before.split(' ').filter(|it| !it.is_empty()).map(|it| it.parse().unwrap()).collect();
        columns::events(&filters(&types, &before))
    }

    #[test]
    fn filters_stay_as_long_as_they_fit() {
        let attendance = "attendance.inserted attendance.updated attendance.deleted";
        assert_eq!(after("all", ""), "*");
        assert_eq!(after("all", "*"), "*");
        assert_eq!(after("all", "attendance.* user.*"), "attendance.*, user.*");
        assert_eq!(after(attendance, "attendance.*"), "attendance.*");
        assert_eq!(after(&format!("{attendance} user.deleted"), "attendance.*"), "attendance.*, user.deleted");
        assert_eq!(after("attendance.updated user.deleted", "attendance.*"), "attendance.updated, user.deleted");
        assert_eq!(after("user.deleted", "*"), "user.deleted");
        assert_eq!(after("user.deleted attendance.inserted", ""), "attendance.inserted, user.deleted");
    }

    #[test]
    fn the_host_is_the_name_where_it_can_be_one() {
        assert_eq!(default_name("https://erp.example.com:8443/tm").as_deref(), Some("erp.example.com"));
        assert_eq!(default_name("erp.example.com"), None);
        assert_eq!(
            default_name(&format!("https://{}.example.com/", "abcdefghij.".repeat(10).trim_end_matches('.'))),
            None
        );
    }
}
