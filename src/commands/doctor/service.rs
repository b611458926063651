//! Checks the remote service: its certificate, its version, its clock, and whether it accepts the token.

use std::time::Duration;

use url::Url;

use crate::{
    api::{About, CallError, Client, TransportFailure},
    certificates::SOON,
    commands::{Context, whoami::not_accepted},
    config::is_loopback,
    credentials::Token,
    domain::time::Timestamp,
    render::words,
};

use super::{
    check::{CheckResult, CheckStatus},
    sources,
};

/// The difference of the clocks from which a warning is shown.
const NOTABLE: Duration = Duration::from_secs(30);
/// The age from which receivers refuse signatures, by Standard Webhooks.
const HARMFUL: Duration = Duration::from_secs(5 * 60);

pub(super) async fn checks(url: &Url, token: Option<Token>, context: &Context) -> Vec<CheckResult> {
    // The service's description needs no token.
    let asked = match context.reach(url, None) {
        Ok(connection) => connection.client.about().await,
        Err(error) => return vec![CheckResult::failed("tls", error)],
    };
    let About { version, date, certificate_expires } = match asked {
        Ok(about) => about,
        Err(error) => return no_answer(url, error),
    };
    let now = context.now();
    let mut checks = vec![tls(url, certificate_expires, now)];
    match version {
        Ok(version) => checks.extend([service(&version), clock(date.as_deref(), now)]),
        Err(error) => {
            checks.push(CheckResult::failed("service", error));
            return checks;
        }
    }
    if let Some(token) = token {
        match context.reach(url, Some(token)) {
            Ok(connection) => {
                let scopes = scopes(url, &connection.client).await;
                let works = scopes.status == CheckStatus::Ok;
                checks.push(scopes);
                if works {
                    checks.extend(sources::checks(&connection.client, now).await);
                }
            }
            Err(error) => checks.push(CheckResult::failed("scopes", error)),
        }
    }
    checks
}

/// Describes why there was no answer. The certificate is not judged if the connection broke for another reason.
fn no_answer(url: &Url, error: CallError) -> Vec<CheckResult> {
    use TransportFailure::{Expired, NotYetValid, Proxy, ProxyLogin, Tls, WrongName};
    let failure = match &error {
        CallError::Transport(failed) => Some(failed.failure),
        _ => None,
    };
    match failure {
        Some(Tls | Expired | NotYetValid | WrongName) => vec![CheckResult::failed("tls", error)],
        Some(Proxy | ProxyLogin) => vec![CheckResult::failed("proxy", error)],
        _ => no_tls(url).into_iter().chain([CheckResult::failed("service", error)]).collect(),
    }
}

fn tls(url: &Url, certificate_expires: Option<Timestamp>, now: Timestamp) -> CheckResult {
    no_tls(url).unwrap_or_else(|| certificate(certificate_expires, now))
}

/// Judges plain HTTP, or returns `None` for TLS.
fn no_tls(url: &Url) -> Option<CheckResult> {
    let next_step = "put TLS in front, and use https://";
    match url.scheme() {
        "https" => None,
        _ if is_loopback(url) => Some(CheckResult::ok("tls", "none: the service is on this machine")),
        _ => Some(CheckResult::warning("tls", "none: others can read the token on its way", next_step)),
    }
}

/// Judges an accepted certificate by its expiry.
fn certificate(expires: Option<Timestamp>, now: Timestamp) -> CheckResult {
    let Some(expires) = expires else {
        let message = "the certificate is valid and trusted, but does not say until when";
        return CheckResult::warning("tls", message, "look at it: openssl s_client -connect HOST:PORT");
    };
    let left = expires.since(now);
    if left >= SOON {
        return CheckResult::ok("tls", format!("the certificate is valid until {}, and trusted", expires.day()));
    }
    CheckResult::warning(
        "tls",
        format!("the certificate expires in {}, on {}", words::duration(left), expires.day()),
        "renew it at the service; `tm-hooks serve` reads renewed files at SIGHUP",
    )
}

/// Returns major and minor of a version.
fn major_and_minor(version: &str) -> Option<(u32, u32)> {
    let mut parts = version.split('.').map(|part| part.parse().ok());
    Some((parts.next()??, parts.next()??))
}

fn service(version: &str) -> CheckResult {
    let ours = env!("CARGO_PKG_VERSION");
    match (major_and_minor(version), major_and_minor(ours)) {
        (Some(theirs), Some(own)) if theirs < own => CheckResult::warning(
            "service",
            format!("tm-hooks {version}, older than this program ({ours})"),
            "some commands may not work there: update the service",
        ),
        (Some(theirs), Some(own)) if theirs > own => CheckResult::warning(
            "service",
            format!("tm-hooks {version}, newer than this program ({ours})"),
            "update this program to see everything",
        ),
        _ => CheckResult::ok("service", format!("tm-hooks {version}")),
    }
}

fn clock(date: Option<&str>, now: Timestamp) -> CheckResult {
    let theirs = date.and_then(|date| jiff::fmt::rfc2822::parse(date).ok());
    let Some(theirs) = theirs else {
        return CheckResult::warning("clock", "the service does not say what time it is", "compare the clocks by hand");
    };
    let theirs = Timestamp::from_seconds(theirs.timestamp().as_second());
    // The header only has whole seconds.
    let apart = if theirs > now { theirs.since(now) } else { now.since(theirs) };
    let word = if theirs > now { "behind" } else { "ahead of" };
    let message = format!("this machine is {} {word} the service", words::duration(apart));
    let next_step = "set the clock by NTP: signatures carry the time, and are refused when it is 5 min off";
    match apart {
        apart if apart > HARMFUL => CheckResult::failure("clock", message, next_step),
        apart if apart > NOTABLE => CheckResult::warning("clock", message, next_step),
        _ => CheckResult::ok("clock", "this machine and the service agree"),
    }
}

async fn scopes(url: &Url, client: &Client) -> CheckResult {
    match client.me().await {
        Ok(me) => CheckResult::ok("scopes", format!("{} may {}", me.name, words::listed(&me.scopes))),
        Err(error) => CheckResult::failed("scopes", not_accepted(url, error)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clocks_may_differ_a_little() {
        let now = Timestamp::from_seconds(1_795_455_600); // 2026-11-23T17:40:00Z
        let verdict = |date| clock(Some(date), now).status;
        assert_eq!(verdict("Mon, 23 Nov 2026 17:40:29 GMT"), CheckStatus::Ok);
        assert_eq!(verdict("Mon, 23 Nov 2026 17:39:29 GMT"), CheckStatus::Warning);
        assert_eq!(verdict("Mon, 23 Nov 2026 17:45:00 GMT"), CheckStatus::Warning);
        assert_eq!(verdict("Mon, 23 Nov 2026 17:45:01 GMT"), CheckStatus::Failure);
        assert!(clock(Some("Mon, 23 Nov 2026 17:50:00 GMT"), now).message.contains("10 min behind"));
        assert_eq!(clock(None, now).status, CheckStatus::Warning);
        assert_eq!(clock(Some("yesterday"), now).status, CheckStatus::Warning);
    }

    #[test]
    fn a_certificate_is_warned_of_in_its_last_two_weeks() {
        const DAY: Duration = Duration::from_secs(24 * 60 * 60);
        let now: Timestamp = "2026-11-23T17:40:00Z".parse().unwrap();
        let expiring = |left: Duration| certificate(Some(now.plus(left)), now);
        let well = expiring(14 * DAY);
        assert_eq!((well.status, well.next_step), (CheckStatus::Ok, None));
        assert_eq!(well.message, "the certificate is valid until 2026-12-07, and trusted");
        let soon = expiring(14 * DAY - Duration::from_secs(60));
        assert_eq!(soon.status, CheckStatus::Warning);
        assert_eq!(soon.message, "the certificate expires in 13 d 23 h, on 2026-12-07");
        assert!(soon.next_step.unwrap().contains("renew"));
        assert_eq!(certificate(Some(Timestamp::MAX), now).status, CheckStatus::Ok);
        assert_eq!(certificate(None, now).status, CheckStatus::Warning);
    }

    #[test]
    fn what_is_not_secured_has_no_certificate() {
        let tls = |url: &str| tls(&url.parse().unwrap(), None, Timestamp::from_seconds(0));
        assert_eq!(tls("http://127.0.0.1:8420").status, CheckStatus::Ok);
        assert_eq!(tls("http://hooks.example.com").status, CheckStatus::Warning);
    }

    #[test]
    fn versions_are_compared_as_numbers() {
        assert_eq!(service(env!("CARGO_PKG_VERSION")).status, CheckStatus::Ok);
        assert_eq!(service("0.0.9").status, CheckStatus::Warning);
        assert!(service("10.2.0").message.contains("newer"));
    }
}
