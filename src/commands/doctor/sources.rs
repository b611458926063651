//! Checks the sources: silence is the failure that nobody notices.

use super::check::CheckResult;
use crate::{
    api::{CallError, Client},
    domain::{
        page::Limit,
        problem::ProblemCode,
        source::{Source, SourceQuery, SourceState},
        time::Timestamp,
    },
    render::words,
};

/// Checks each source; an old service has none.
pub(super) async fn checks(client: &Client, now: Timestamp) -> Vec<CheckResult> {
    let mut query = SourceQuery { limit: Some(Limit::MOST.into()), ..SourceQuery::default() };
    let mut checks = Vec::new();
    loop {
        let page = match client.sources(&query).await {
            Ok(page) => page,
            Err(error) => return not_seen(error).into_iter().collect(),
        };
        for source in page.data {
            // The single one has its sequences, too.
            match client.source(source.id).await {
                Ok(source) => checks.push(check(&source, now)),
                Err(error) => checks.push(CheckResult::failed("source", error)),
            }
        }
        match page.next {
            Some(next) => query.cursor = Some(next),
            None => return checks,
        }
    }
}

fn not_seen(error: CallError) -> Option<CheckResult> {
    match &error {
        CallError::Refused { problem, .. } if problem.code == ProblemCode::MissingScope.as_str() => {
            Some(CheckResult::ok("sources", "not looked at: the token may not see them (sources:read)"))
        }
        CallError::Refused { problem, .. } if problem.code == ProblemCode::NoSuchPath.as_str() => None,
        _ => Some(CheckResult::failed("sources", error)),
    }
}

fn check(source: &Source, now: Timestamp) -> CheckResult {
    let Source { name, enabled, state, has_secret, last_genuine_at, refused24h, kept, is_silent, .. } = source;
    let ago = |at: &Timestamp| format!("{} ago", words::duration(now.since(*at)));
    let last = last_genuine_at
        .as_ref()
        .map_or("nothing genuine came yet".to_owned(), |at| format!("last genuine {}", ago(at)));
    let refused = match refused24h {
        0 => String::new(),
        more => format!(", {} refused in 24 h", words::thousands(*more)),
    };
    let told = format!("{name}: {last}{refused}");
    let received = format!("tm-hooks source received \"{name}\" --refused");
    if *is_silent {
        let next_step =
            "look whether the sender still has the webhook and its address, and whether the proxy passes it on";
        return CheckResult::failure("source", format!("{told}; more was expected by now"), next_step);
    }
    if !enabled {
        return CheckResult::ok("source", format!("{name}: disabled"));
    }
    if source.scheme.is_none() {
        let next_step = format!("give it the sender's secret: tm-hooks source secret set \"{name}\"");
        return CheckResult::warning("source", format!("{told}; whoever knows its address can send"), next_step);
    }
    if !has_secret {
        let next_step = format!("tm-hooks source secret set \"{name}\"");
        return CheckResult::warning("source", format!("{told}; it has no secret, so nothing gets in"), next_step);
    }
    if *state == SourceState::Learning {
        let next_step = if *refused24h > 0 { received } else { format!("tm-hooks source wait \"{name}\"") };
        return CheckResult::warning("source", format!("{told}; it is still learning, {kept} kept"), next_step);
    }
    match source.sequences.filter(|sequences| sequences.missing > 0) {
        Some(sequences) => CheckResult::warning(
            "source",
            format!(
                "{told}; {} of the numbers {} to {} did not come",
                words::thousands(sequences.missing),
                sequences.first,
                sequences.last
            ),
            "look at the sender's attempts for what failed there",
        ),
        None => CheckResult::ok("source", told),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::commands::doctor::check::CheckStatus;

    const NOW: i64 = 1_795_455_600;

    fn source(changed: serde_json::Value) -> Source {
        let mut source = serde_json::json!({
            "id": "src_k3v9m2x7qd", "name": "Acme", "enabled": true, "scheme": "timemoto", "state": "ready",
            "url": "/in/src_k3v9m2x7qd", "hasSecret": true, "expectWithinSeconds": null, "expectDays": null,
            "timeZone": null, "redeliverChanged": false, "lastGenuineAt": "2026-11-23T17:00:00Z", "isSilent": false,
            "refused24h": 0, "kept": 0, "createdAt": "2026-11-20T00:00:00Z", "updatedAt": "2026-11-20T00:00:00Z",
            "revision": 1
        });
        for (key, value) in changed.as_object().unwrap() {
            source[key] = value.clone();
        }
        serde_json::from_value(source).unwrap()
    }

    fn of(changed: serde_json::Value) -> (CheckStatus, String) {
        let check = check(&source(changed), Timestamp::from_seconds(NOW));
        (check.status, check.message)
    }

    #[test]
    fn silence_fails_and_what_may_be_amiss_is_told() {
        use serde_json::json;
        assert_eq!(of(json!({})), (CheckStatus::Ok, "Acme: last genuine 40 min ago".to_owned()));
        assert_eq!(of(json!({"isSilent": true})).0, CheckStatus::Failure);
        for (changed, told) in [
            (json!({"hasSecret": false, "scheme": "learn", "state": "learning"}), "no secret"),
            (json!({"scheme": "learn", "state": "learning", "refused24h": 1200}), "1,200 refused in 24 h; it is still"),
            (json!({"scheme": "none", "hasSecret": false}), "whoever knows"),
            (json!({"sequences": {"first": 47, "last": 60, "missing": 2}}), "2 of the numbers 47 to 60"),
        ] {
            let (status, message) = of(changed);
            assert_eq!(status, CheckStatus::Warning);
            assert!(message.contains(told), "{message}");
        }
        assert_eq!(
            of(json!({"enabled": false, "lastGenuineAt": null})),
            (CheckStatus::Ok, "Acme: disabled".to_owned())
        );
    }
}
