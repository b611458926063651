//! What a failed call of the API means to the person who typed the command.

use super::{CliError, Kind};
use crate::{
    api::{ApiError, TransportError, TransportFailure},
    domain::problem::Problem,
};

impl From<ApiError> for CliError {
    fn from(error: ApiError) -> Self {
        let kind = kind_of(&error);
        let code = error.code();
        let hint = hint_for(&error, kind);
        let status = error.status();
        let failure = match error {
            ApiError::Refused { problem, .. } => {
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

/// What the status, or the lack of one, means: the right half of the table of exit codes.
fn kind_of(error: &ApiError) -> Kind {
    match (error, error.status()) {
        (_, Some(401)) => Kind::Unauthenticated,
        (_, Some(402 | 403)) => Kind::Forbidden,
        (_, Some(404)) => Kind::NotFound,
        (_, Some(409 | 412)) => Kind::Conflict,
        (_, Some(429 | 500..=599)) => Kind::Temporary,
        (_, Some(405)) => Kind::NotThisService,
        (ApiError::NotThisService { .. }, _) => Kind::NotThisService,
        (ApiError::Transport(error), _) if error.failure == TransportFailure::Garbled => Kind::NotThisService,
        (ApiError::Transport(error), _) if error.failure == TransportFailure::Denied => Kind::Unexpected,
        (ApiError::Transport(_), _) => Kind::Temporary,
        _ => Kind::Refused,
    }
}

/// What to do next.
fn hint_for(error: &ApiError, kind: Kind) -> Option<String> {
    if let ApiError::Refused { problem, .. } = error
        && let Some(hint) = hint_for_problem(problem)
    {
        return Some(hint);
    }
    if let ApiError::Transport(TransportError { hint: Some(hint), .. }) = error {
        return Some(hint.clone());
    }
    let hint = match (error, kind) {
        (_, Kind::Unauthenticated) => {
            "log in with `tm-hooks login`, or set TM_HOOKS_TOKEN, or TM_HOOKS_TOKEN_FILE, to a token of the service"
        }
        (_, Kind::Forbidden) if error.status() == Some(402) => "ask the service's operator for a plan that includes it",
        (_, Kind::Forbidden) => "the token does not allow it: ask for one that does",
        (ApiError::Status { status: 404, .. }, _) => {
            "check --service, TM_HOOKS_URL or the profile's URL, its path too: tm-hooks doctor"
        }
        (_, Kind::NotFound) => "tm-hooks list shows what there is",
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

/// What the service's own refusal lets us say more exactly.
fn hint_for_problem(problem: &Problem) -> Option<String> {
    match (problem.code.as_str(), &problem.conflicting_id) {
        ("name_taken", Some(id)) if id.starts_with("tk_") => {
            Some(format!("choose another --name, or revoke it: tm-hooks token revoke {id}"))
        }
        ("missing_scope", _) => {
            Some("ask for a token with this scope: `tm-hooks token create --scope …` makes one".to_owned())
        }
        ("name_taken", Some(id)) => Some(format!("choose another --name, or look at it: tm-hooks show {id}")),
        ("precondition_failed", _) => Some("somebody changed it meanwhile: look at it, and try again".to_owned()),
        ("event_id_reused", _) => Some("leave out --id, and the event gets an id of its own".to_owned()),
        _ => None,
    }
}

/// What may help when the same command may work later.
fn hint_for_temporary(error: &ApiError) -> String {
    let hint = match error {
        ApiError::Transport(failed) => match failed.failure {
            TransportFailure::Dns => "check the name in --service, TM_HOOKS_URL or the profile, and the network",
            TransportFailure::Connect => {
                "is it running? `tm-hooks serve` starts one; else check --service, TM_HOOKS_URL or the profile's URL"
            }
            TransportFailure::Tls => {
                "a certificate of your own authority is trusted with --ca-cert FILE; tm-hooks doctor looks closer"
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

    #[test]
    fn answers_become_the_documented_kinds() {
        let code = |status: u16| {
            let place = "http://127.0.0.1:1".to_owned();
            CliError::from(ApiError::Status { place, status, retry_after: None }).kind().exit_code()
        };
        let expected = [
            (400, 7),
            (401, 4),
            (402, 5),
            (403, 5),
            (404, 3),
            (409, 6),
            (412, 6),
            (413, 7),
            (422, 7),
            (429, 9),
            (500, 9),
        ];
        for (status, exit) in expected {
            assert_eq!(code(status), exit, "{status}");
        }
        let stranger =
            ApiError::NotThisService { place: "http://x.example".to_owned(), what: "it answered HTML".to_owned() };
        let stranger = CliError::from(stranger);
        assert_eq!((stranger.kind().exit_code(), stranger.code_text()), (6, "not_this_service"));
    }
}
