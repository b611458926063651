//! Asks a person to pick what to retry if nothing was named.

use std::collections::BTreeSet;

use crate::{
    api::Client,
    commands::{Context, attempts},
    domain::{
        attempt::{Attempt, AttemptKind, AttemptStatus},
        query::AttemptQuery,
    },
    error::{CliError, Kind},
    render::words,
    term::{Choice, Field},
};

/// The number of attempts that are examined.
const LOOKED_AT: u64 = 250;

/// Asks to pick the newest failed attempt of an undelivered delivery, and returns its id.
///
/// # Errors
/// Fails if there is none, the person leaves, or nobody can be asked.
pub(super) async fn one(client: &Client, context: &Context) -> Result<String, CliError> {
    let mut failed = newest(client, AttemptStatus::Failed).await?;
    undelivered(&mut failed, &newest(client, AttemptStatus::Succeeded).await?);
    if failed.is_empty() {
        return Err(CliError::new(Kind::NotFound, "there is nothing to try again: no attempt of late has failed")
            .hint("tm-hooks attempts"));
    }
    let names = attempts::names(client).await;
    let choice = |attempt: &Attempt| Choice {
        name: names.get(&attempt.webhook_id).cloned().unwrap_or_else(|| attempt.webhook_id.to_string()),
        id: attempt.id.to_string(),
        about: format!(
            "{}, {}, {}",
            attempt.event_type,
            attempt.outcome().trim_start_matches("failed: "),
            words::time(attempt.started_at, &context.view)
        ),
        picked: false,
    };
    let choices = failed.iter().map(choice).collect();
    let picked = context.term.form("ID")?.one(&Field::alone("Attempt"), choices).await?;
    Ok(failed.swap_remove(picked).id.to_string())
}

async fn newest(client: &Client, status: AttemptStatus) -> Result<Vec<Attempt>, CliError> {
    let query = AttemptQuery { status: Some(status), limit: Some(LOOKED_AT), ..AttemptQuery::default() };
    Ok(client.attempts(&query).await?.data)
}

/// Keeps the newest failed attempt of each delivery that has not succeeded. Tests are never retried.
fn undelivered(failed: &mut Vec<Attempt>, succeeded: &[Attempt]) {
    let mut known: BTreeSet<_> = succeeded.iter().map(|attempt| attempt.delivery_id).collect();
    failed.retain(|attempt| attempt.kind != AttemptKind::Test && known.insert(attempt.delivery_id));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::sample_attempt;

    #[test]
    fn each_delivery_that_has_not_succeeded_is_there_once() {
        let delivery = |id: &str, number| Attempt { delivery_id: id.parse().unwrap(), number, ..sample_attempt() };
        let (one, two) = ("dl_01h455vb4pex5vsknk084sn02q", "dl_06f8k2v0c1q4jt3xw9b7n5m8ed");
        let test = Attempt { kind: AttemptKind::Test, ..delivery("dl_01h455vb4pex5vsknk084sn02r", 1) };
        let mut failed = vec![delivery(one, 2), test, delivery(two, 1), delivery(one, 1)];
        let mut all = failed.clone();
        undelivered(&mut all, &[]);
        assert_eq!(all.iter().map(|attempt| attempt.number).collect::<Vec<_>>(), [2, 1]);
        undelivered(&mut failed, &[delivery(two, 2)]);
        assert_eq!(failed, [delivery(one, 2)]);
    }
}
