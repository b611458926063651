//! The input of a verification: requests and secrets.

use std::{collections::BTreeSet, path::Path, time::Duration};

use crate::{
    commands::{Context, input},
    domain::{attempt::Attempt, ids::AttemptId, masked_url::is_masked, time::Timestamp},
    error::{CliError, Kind},
    signing::{
        Request, Scheme, SharedSecret, WEBHOOK_SIGNATURE,
        recorded::{self, NotRecorded},
        scheme::SchemeChoice,
        verdict::Check,
    },
};

use super::{args::Args, judged::Judged};

/// The requests and the secrets.
pub(super) struct Given {
    pub(super) requests: Vec<Request>,
    /// The secrets, the current one first.
    pub(super) secrets: Vec<SharedSecret>,
}

impl Given {
    /// Reads the requests and the secrets.
    ///
    /// # Errors
    /// Fails if a file cannot be read or holds no request, or if there is no secret.
    pub(super) async fn read(args: &Args, context: &Context) -> Result<Self, CliError> {
        if args.delivery.is_empty() && args.body.is_none() {
            return Err(CliError::usage("there is no request to verify").hint(
                "a recorded request or an attempt: --delivery FILE|-|ATTEMPT\n\
                 its parts: --body FILE --header 'Name: value'",
            ));
        }
        let secrets: Result<Vec<_>, _> =
            args.secret_file.iter().map(|path| input::shared_secret(path, context)).collect();
        let mut given = Given { requests: Vec::new(), secrets: secrets? };
        if let Some(path) = &args.body {
            let headers = input::any_headers(&args.header, context)?;
            given.requests.push(Request { url: None, headers, body: input::bytes(path, "--body", context)?.to_vec() });
        }
        for name in &args.delivery {
            match name.parse::<AttemptId>() {
                Ok(id) => given.ask(id, args.secret_file.is_empty(), context).await?,
                Err(_) => given.requests.extend(recorded_in(name, context)?),
            }
        }
        if let Some(url) = &args.url {
            given.requests.iter_mut().for_each(|request| request.url = Some(url.clone()));
        }
        if given.secrets.is_empty() {
            return Err(CliError::usage("there is no secret to verify with").hint("name its file: --secret-file FILE"));
        }
        Ok(given)
    }

    /// Fetches an attempt's request and, if no secret is given, its webhook's secrets.
    async fn ask(&mut self, id: AttemptId, with_secrets: bool, context: &Context) -> Result<(), CliError> {
        let connection = context.connect()?;
        let attempt = connection.client.attempt(id).await?;
        if with_secrets {
            let secrets = connection.client.secrets(attempt.webhook_id).await?;
            let previous = secrets.previous.map(|previous| SharedSecret::from(&previous.secret));
            self.secrets = std::iter::once(SharedSecret::from(&secrets.secret)).chain(previous).collect();
        }
        self.requests.push(sent(attempt)?);
        Ok(())
    }

    /// Checks each request against the scheme, or else against the one whose header it has.
    pub(super) fn judge(
        &self,
        choice: Option<&SchemeChoice>,
        tolerance: Option<Duration>,
        now: Timestamp,
    ) -> Vec<Judged> {
        let Some((secret, previous)) = self.secrets.split_first() else { return Vec::new() };
        let mut seen = BTreeSet::new();
        let judge = |request: &Request| {
            let schemes = choice.map_or_else(|| vec![assumed(request, secret)], |choice| secret.schemes(choice));
            let held = schemes.into_iter().map(|scheme| {
                let verdict = Check { scheme: &scheme, secret, previous, now, tolerance }.of(request);
                (scheme, verdict)
            });
            // Of two that have to be right, the one that is not says why.
            let (scheme, verdict) = held.reduce(|first, second| if first.1.is_genuine() { second } else { first })?;
            let known = request.field("id").map_or_else(|| request.body.clone(), String::into_bytes);
            let is_repeat = verdict.is_genuine() && !seen.insert(known);
            Some(Judged::of(request, &scheme, verdict, is_repeat))
        };
        self.requests.iter().filter_map(judge).collect()
    }
}

/// Returns the scheme of a request by its headers.
fn assumed(request: &Request, secret: &SharedSecret) -> Scheme {
    let ours = Scheme::timemoto();
    let is_standard = request.header(&ours.header).is_none() && request.header(WEBHOOK_SIGNATURE).is_some();
    if is_standard { Scheme::standard(secret.standard_key()) } else { ours }
}

fn sent(attempt: Attempt) -> Result<Request, CliError> {
    let unknown = || {
        CliError::new(Kind::Conflict, format!("what {} has sent is no longer kept", attempt.id)).code("body_not_kept")
    };
    let request = attempt.request.as_ref().ok_or_else(unknown)?;
    let body = request.body.clone().ok_or_else(unknown)?.into_bytes();
    // Masked headers are removed, as their values are unknown.
    let headers = request.headers.iter().filter(|header| !is_masked(&header.value)).cloned().collect();
    Ok(Request { url: Some(request.url.clone()), headers, body })
}

fn recorded_in(name: &str, context: &Context) -> Result<Vec<Request>, CliError> {
    let bytes = input::bytes(Path::new(name), "--delivery", context)?;
    recorded::read(&bytes).map_err(|error| {
        let hint = match error {
            NotRecorded::Empty | NotRecorded::Http(_) => {
                "a request as it went over the wire begins with POST /hooks HTTP/1.1; its headers, a blank line and the \
                 body follow"
            }
            NotRecorded::Line { .. } => {
                "a recorded request is {\"url\": …, \"headers\": {…}, \"body\": \"the raw body as text\"}"
            }
        };
        CliError::usage(format!("--delivery {name} holds no request: {error}")).hint(hint)
    })
}
