//! Turns failed API calls into errors for the person who typed the command.

use url::Url;

use super::{CliError, Kind};
use crate::{
    api::{CallError, SPEAKS_TLS, TransportError, TransportFailure},
    domain::problem::Problem,
};

impl From<CallError> for CliError {
    fn from(error: CallError) -> Self {
        let kind = kind_of(&error);
        let code = error.code();
        let hint = hint_for(&error, kind);
        let status = error.status();
        let failure = match error {
            CallError::Refused { problem, .. } => {
                let message = if problem.errors.is_empty() { problem.detail } else { problem.title };
                let request_id = Some(problem.request_id).filter(|id| !id.is_empty());
                CliError::new(kind, message).answer(status, request_id).fields(problem.errors)
            }
            other => CliError::new(kind, other.to_string()).answer(status, None),
        };
        let failure = failure.code(code);
        match hint {
            Some(hint) => failure.hint(hint),
            None => failure,
        }
    }
}

/// Returns the kind for a status, or for the lack of one.
fn kind_of(error: &CallError) -> Kind {
    if error.is_ambiguous_event() {
        return Kind::Ambiguous;
    }
    match (error, error.status()) {
        (CallError::NoSuchPath { .. } | CallError::NotThisService { .. }, _) => Kind::NotThisService,
        (_, Some(401)) => Kind::Unauthenticated,
        (_, Some(402 | 403)) => Kind::Forbidden,
        (_, Some(404)) => Kind::NotFound,
        (_, Some(409 | 412)) => Kind::Conflict,
        (_, Some(429 | 500..=599)) => Kind::Temporary,
        (_, Some(405)) => Kind::NotThisService,
        (CallError::Transport(error), _) if error.failure == TransportFailure::Garbled => Kind::NotThisService,
        (CallError::Transport(error), _) if error.failure == TransportFailure::Denied => Kind::Unexpected,
        (CallError::Transport(_), _) => Kind::Temporary,
        _ => Kind::Refused,
    }
}

/// Suggests what to do next.
fn hint_for(error: &CallError, kind: Kind) -> Option<String> {
    if let CallError::Refused { problem, .. } = error
        && let Some(hint) = hint_for_problem(problem)
    {
        return Some(hint);
    }
    if let CallError::Transport(TransportError { hint: Some(hint), .. }) = error {
        return Some(hint.clone());
    }
    if let CallError::NotThisService { place, what } = error
        && what.starts_with(SPEAKS_TLS)
    {
        return Some(format!("try {}", place.replacen("http://", "https://", 1)));
    }
    let hint = match (error, kind) {
        (CallError::NotLoggedIn { place }, _) => return Some(format!("tm-hooks login {place}")),
        (_, Kind::Unauthenticated) => {
            "log in with `tm-hooks login`, or set TM_HOOKS_TOKEN, or TM_HOOKS_TOKEN_FILE, to a token of the service"
        }
        (_, Kind::Forbidden) if error.status() == Some(402) => "ask the service's operator for a plan that includes it",
        (_, Kind::Forbidden) => "the token does not allow it: ask for one that does",
        (CallError::TooLong { .. }, _) => "give something shorter",
        (CallError::NoSuchPath { place, .. } | CallError::NotThisService { place, .. }, _)
            if let Some(host) = without_prefix(place) =>
        {
            return Some(format!(
                "leave out the path behind the host, in --service, TM_HOOKS_URL or the profile's URL: {host}"
            ));
        }
        (CallError::NoSuchPath { .. }, _) => {
            "tm-hooks api GET /openapi.json --jq '.paths | keys[]' lists the paths; another version may have others"
        }
        (CallError::Refused { problem, .. }, Kind::NotFound) => return Some(look_for(&problem.detail)),
        (_, Kind::Conflict) => "look at what is there, and try again",
        (_, Kind::Refused) => "correct it, and run the command again",
        (_, Kind::NotThisService) => {
            "check --service, TM_HOOKS_URL or the profile's URL; a network may want you to sign in first"
        }
        (_, Kind::Temporary) => return Some(hint_for_temporary(error)),
        _ => return None,
    };
    Some(hint.to_owned())
}

/// Returns the service's URL without its path, or `None` if it has none.
fn without_prefix(place: &str) -> Option<String> {
    let mut url = Url::parse(place).ok().filter(|url| url.path() != "/")?;
    url.set_path("");
    Some(url.as_str().trim_end_matches('/').to_owned())
}

/// Suggests where to look for a missing object, by the noun in the service's message: `there is no attempt at_…`.
fn look_for(detail: &str) -> String {
    let noun = detail.strip_prefix("there is no ").and_then(|rest| rest.split(' ').next());
    let hint = match noun.unwrap_or_default() {
        "webhook" => "tm-hooks list shows them all",
        "attempt" | "delivery" => "tm-hooks attempts shows them; old ones go by themselves",
        "event" => "tm-hooks events shows them; old ones go by themselves",
        "token" => "tm-hooks token list shows them all",
        "source" => "tm-hooks source list shows them all",
        "previous" => "nothing is left to revoke: only the current secret is valid",
        _ => "check the id: tm-hooks list, tm-hooks attempts and tm-hooks events show what there is",
    };
    hint.to_owned()
}

/// Returns a more precise hint for the service's own refusals.
fn hint_for_problem(problem: &Problem) -> Option<String> {
    match (problem.code.as_str(), &problem.conflicting_id) {
        ("name_taken", Some(id)) if id.starts_with("tk_") => {
            Some(format!("choose another --name, or revoke it: tm-hooks token revoke {id}"))
        }
        ("name_taken", Some(id)) if id.starts_with("src_") => {
            Some(format!("choose another name, or look at it: tm-hooks source show {id}"))
        }
        ("missing_scope", _) => {
            Some("ask for a token with this scope: `tm-hooks token create --scope …` makes one".to_owned())
        }
        ("name_taken", Some(id)) => Some(format!("choose another --name, or look at it: tm-hooks show {id}")),
        ("rotation_under_way", Some(id)) => Some(format!(
            "when the receiver has the new secret, end the overlap and rotate again: tm-hooks secret revoke {id}"
        )),
        ("precondition_failed", _) => Some("somebody changed it meanwhile: look at it, and try again".to_owned()),
        ("ambiguous_id", _) => Some("name its source: --source NAME".to_owned()),
        ("event_id_reused", _) => Some("leave out --id, and the event gets an id of its own".to_owned()),
        _ => None,
    }
}

/// Suggests what may help if the same command may work later.
fn hint_for_temporary(error: &CallError) -> String {
    let hint = match error {
        CallError::Transport(failed) => match failed.failure {
            TransportFailure::Dns => "check the name in --service, TM_HOOKS_URL or the profile, and the network",
            TransportFailure::Connect => {
                "is it running? `tm-hooks serve` starts one; else check --service, TM_HOOKS_URL or the profile's URL"
            }
            TransportFailure::Tls => {
                "a certificate of your own, or of your own authority, is trusted with --ca-cert FILE; tm-hooks doctor looks \
                 closer"
            }
            TransportFailure::WrongName => "use a name that it is made out to",
            TransportFailure::NotYetValid => "set this machine's clock, if that is wrong",
            TransportFailure::Proxy => {
                "check the proxy; NO_PROXY=HOST leaves a service out, where a variable names the proxy: tm-hooks doctor"
            }
            TransportFailure::ProxyLogin => {
                "write them into its address: http://USER:PASSWORD@HOST:PORT, what is no letter or digit as %20"
            }
            TransportFailure::Expired => {
                "renew the service's certificate (`tm-hooks serve` reads renewed files at SIGHUP); or set this machine's \
                 clock, if that is wrong"
            }
            TransportFailure::Timeout => "give it more time with --request-timeout",
            TransportFailure::Closed | TransportFailure::Garbled => {
                "try again, or more often with --retries; a proxy in between may cut it off: tm-hooks doctor"
            }
            TransportFailure::Denied => "tm-hooks doctor looks closer",
        },
        _ => match (error.status(), error.retry_after()) {
            (_, Some(wait)) => return format!("it asks to wait {} s before the next try", wait.as_secs()),
            (Some(429), None) => "wait a while, and ask less often",
            _ => "try again later; if it goes on, the service's own log says why",
        },
    };
    hint.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::problem::ProblemCode;

    #[test]
    fn answers_become_the_documented_kinds() {
        let code = |status: u16| {
            let place = "http://127.0.0.1:1".to_owned();
            CliError::from(CallError::Status { place, status, retry_after: None }).kind().exit_code()
        };
        let expected =
            [(400, 7), (401, 4), (402, 5), (403, 5), (409, 6), (412, 6), (413, 7), (422, 7), (429, 9), (500, 9)];
        for (status, exit) in expected {
            assert_eq!(code(status), exit, "{status}");
        }
        let not_found = |status, code: &str| {
            let problem = Problem { status, code: code.to_owned(), ..Problem::not_found("webhook", "wh_k3v9m2x7qd") };
            CliError::from(CallError::Refused { problem: Box::new(problem), retry_after: None })
        };
        assert_eq!(not_found(404, "not_found").kind(), Kind::NotFound);
        assert_eq!(not_found(403, "not_found").kind(), Kind::Forbidden);
        assert_eq!(not_found(502, "not_found").kind(), Kind::Temporary);
        let stranger =
            CallError::NotThisService { place: "http://x.example".to_owned(), what: "it answered HTML".to_owned() };
        let stranger = CliError::from(stranger);
        assert_eq!((stranger.kind().exit_code(), stranger.code_text()), (6, "not_this_service"));
    }

    #[test]
    fn what_stands_behind_the_host_is_to_be_left_out() {
        let hint = |place: &str, what: &str| {
            let place = place.to_owned();
            let error = match what {
                "path" => {
                    let problem = Box::new(Problem::new(ProblemCode::NoSuchPath, "there is no path /v1/v1/me"));
                    CallError::NoSuchPath { place, problem }
                }
                _ => CallError::NotThisService { place, what: what.to_owned() },
            };
            let error = CliError::from(error);
            assert_eq!(error.kind(), Kind::NotThisService);
            error.hint_text().unwrap().to_owned()
        };
        for what in ["path", "it answered text/html instead of JSON"] {
            assert!(hint("https://hooks.example.com:8443/v1", what).ends_with(": https://hooks.example.com:8443"));
            assert!(!hint("https://hooks.example.com", what).contains("behind the host"));
        }
        assert!(hint("local", "path").contains("/openapi.json"));
    }

    #[test]
    fn the_hint_fits_what_is_not_there() {
        let hint = |what: &str| {
            let problem = Box::new(Problem::not_found(what, "x"));
            CliError::from(CallError::Refused { problem, retry_after: None }).hint_text().map(str::to_owned)
        };
        assert!(hint("webhook").unwrap().starts_with("tm-hooks list "));
        assert!(hint("attempt").unwrap().starts_with("tm-hooks attempts "));
        assert!(hint("token").unwrap().starts_with("tm-hooks token list "));
        assert!(hint("previous secret").unwrap().contains("only the current secret"));
        assert!(hint("recovery").unwrap().starts_with("check the id"));
    }
}
