//! `tm-hooks whoami` shows the service, the token, and its scopes.

use serde::Serialize;
use url::Url;

use crate::{
    api::CallError,
    config::{LOCAL, SettingSource},
    credentials,
    domain::me::Me,
    error::{CliError, Kind},
    render::{self, Cell, Column, Importance, Record, Title, View},
    term::{Sign, Tone},
};

use super::Context;

/// Show the service in use, who you are, and the token's source
///
/// It asks the service. --check makes it an error when the service does not accept the token (exit code 4), or does not
/// answer.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  tm-hooks whoami
  tm-hooks whoami --check --quiet > /dev/null && echo in
  tm-hooks whoami --profile production -o json")]
pub struct Args {
    /// Fail when the token is not valid, or there is none
    #[arg(long)]
    check: bool,
}

/// The caller as the service sees it.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct CallerIdentity {
    /// The profile in use.
    pub profile: Option<String>,
    /// The service's URL, or `local`.
    pub service: String,
    /// The source of the token.
    pub token_source: Option<String>,
    /// The token's name at the service.
    pub name: Option<String>,
    /// The allowed scopes.
    pub scopes: Vec<String>,
    /// Whether the service accepts it; `None` if it did not say.
    pub valid: Option<bool>,
}

impl CallerIdentity {
    /// Makes the identity that the service returned in `me`.
    pub(super) fn known(profile: Option<String>, service: &Url, token_source: String, me: Me) -> Self {
        let Me { name, scopes, .. } = me;
        let service = service.to_string();
        CallerIdentity {
            profile,
            service,
            token_source: Some(token_source),
            name: Some(name),
            scopes,
            valid: Some(true),
        }
    }
}

impl Record for CallerIdentity {
    fn id(&self) -> String {
        self.name.clone().unwrap_or_else(|| "-".to_owned())
    }

    fn columns() -> Vec<Column<Self>> {
        use Importance::{High, Key};
        vec![
            Column::new("profile", "PROFILE", Key, |me, _| Cell::or_nothing(me.profile.as_ref())),
            Column::new("service", "SERVICE", Key, |me, _| Cell::plain(&me.service)),
            Column::new("tokenSource", "TOKEN FROM", High, |me, _| Cell::or_nothing(me.token_source.as_ref())),
            Column::new("name", "NAME", Key, |me, _| Cell::or_nothing(me.name.as_ref())),
            Column::new("scopes", "SCOPES", High, |me, _| Cell::plain(me.scopes.join(", "))),
            Column::new("valid", "TOKEN", Key, |me, _| match me.valid {
                Some(true) => Cell::plain("valid"),
                Some(false) => Cell::toned("not valid", Tone::Trouble),
                None => Cell::plain("not known"),
            }),
        ]
    }

    fn title(&self, _: &View) -> Option<Title> {
        let state = match self.valid {
            Some(true) => Cell::plain("token valid"),
            Some(false) => Cell::toned("token not valid", Tone::Trouble),
            None => Cell::plain("token not known"),
        };
        let subject = self.name.clone().or_else(|| self.profile.clone()).unwrap_or_else(|| self.service.clone());
        Some(Title { subject, state, id: String::new(), says: &["name", "valid"] })
    }

    fn sign(&self, _: &View) -> Sign {
        match self.valid {
            Some(true) => Sign::Done,
            Some(false) => Sign::Failed,
            None => Sign::Look,
        }
    }
}

pub(super) async fn run(args: &Args, context: &Context) -> Result<(), CliError> {
    render::check::<CallerIdentity>(&context.view)?;
    let (identity, failure) = match context.settings.service() {
        None => (local(context), None),
        Some(url) => ask(url, context).await?,
    };
    match failure {
        Some(error) if args.check => Err(error),
        Some(error) => {
            context.term.alert(error.code_text(), &error.to_string());
            render::one(&context.term, &context.view, &identity)
        }
        None => render::one(&context.term, &context.view, &identity),
    }
}

/// Returns the identity at the service inside this program, which needs no token.
fn local(context: &Context) -> CallerIdentity {
    CallerIdentity {
        profile: context.settings.profile.value.clone(),
        service: LOCAL.to_owned(),
        token_source: None,
        name: Some(LOCAL.to_owned()),
        scopes: vec!["admin".to_owned()],
        valid: Some(true),
    }
}

async fn ask(url: &Url, context: &Context) -> Result<(CallerIdentity, Option<CliError>), CliError> {
    let profile = context.settings.profile.value.clone();
    let unknown = |token_source, valid| CallerIdentity {
        profile: profile.clone(),
        service: url.to_string(),
        token_source,
        name: None,
        scopes: Vec::new(),
        valid,
    };
    let Some(token) = credentials::find(url, &context.settings, &context.environment)? else {
        return Ok((unknown(None, Some(false)), Some(not_logged_in(url, context))));
    };
    let source = token.source.to_string();
    match context.reach(url, Some(token))?.client.me().await {
        Ok(me) => Ok((CallerIdentity::known(profile.clone(), url, source, me), None)),
        Err(error) => {
            let valid = (error.status() == Some(401)).then_some(false);
            Ok((unknown(Some(source), valid), Some(not_accepted(url, error))))
        }
    }
}

fn not_logged_in(url: &Url, context: &Context) -> CliError {
    let named = match (&context.settings.target.source, &context.settings.profile.value) {
        (SettingSource::File { .. }, Some(profile)) => format!("tm-hooks login --profile {profile}"),
        _ => format!("tm-hooks login {url}"),
    };
    CliError::new(Kind::Unauthenticated, format!("not logged in to {url}")).hint(named)
}

/// Turns a failed `GET /v1/me` into an error.
pub(super) fn not_accepted(url: &Url, error: CallError) -> CliError {
    match error.status() {
        Some(401) => CliError::new(Kind::Unauthenticated, format!("{url} does not accept the token"))
            .answer(Some(401), None)
            .hint("it may be mistyped, expired or revoked: log in with another one, tm-hooks login"),
        _ => error.into(),
    }
}
