//! Reports the results of tests.

use crate::{
    commands::{Context, diagnosis},
    domain::{
        attempt::{Attempt, AttemptStatus},
        masked_url::masked,
        webhook::Webhook,
    },
    render::words::{listed, milliseconds},
    term::sanitise,
};

/// Reports the receiver's answer to a person.
pub(super) fn tell(webhook: &Webhook, attempt: &Attempt, context: &Context) {
    let text = text(webhook, attempt);
    match attempt.status {
        AttemptStatus::Succeeded => context.term.success(&text),
        AttemptStatus::Pending | AttemptStatus::Failed => context.term.failure(&text),
    }
}

/// Reports the results of several tests to a person.
pub(super) fn sum_up(webhooks: &[Webhook], attempts: &[Attempt], context: &Context) {
    if let Some((all_well, text)) = summary(webhooks, attempts) {
        if all_well { context.term.success(&text) } else { context.term.failure(&text) }
    }
}

/// Summarises several tests: `3 of 4 webhooks answered 2xx; Chat bot did not`, and whether all succeeded.
fn summary(webhooks: &[Webhook], attempts: &[Attempt]) -> Option<(bool, String)> {
    const WIDEST: usize = 80;
    let total = attempts.len();
    let failed: Vec<&str> = webhooks
        .iter()
        .zip(attempts)
        .filter(|(_, attempt)| attempt.status != AttemptStatus::Succeeded)
        .map(|(webhook, _)| webhook.name.as_str())
        .collect();
    let text = format!("{} of {total} webhooks answered 2xx", total - failed.len());
    let text = match failed.as_slice() {
        _ if total < 2 => return None,
        [] => text,
        few if few.len() < total => {
            let named = format!("{text}; {} did not", listed(few));
            if named.chars().count() + 2 <= WIDEST { named } else { format!("{text}; {} did not", few.len()) }
        }
        _ => text,
    };
    Some((failed.is_empty(), text))
}

fn text(webhook: &Webhook, attempt: &Attempt) -> String {
    let mut lines = vec![headline(webhook, attempt)];
    let mut line = |label: &str, text: &str| lines.push(format!("  {label:<8} {text}"));
    for (number, part) in diagnosis::likely(webhook, attempt).iter().flat_map(|likely| likely.lines()).enumerate() {
        line(if number == 0 { "likely" } else { "" }, part);
    }
    let told_by_status = attempt.http_status.is_some() && attempt.status != AttemptStatus::Succeeded;
    if let Some(detail) = attempt.error_detail.as_ref().filter(|_| !told_by_status) {
        line("detail", &sanitise(detail));
    }
    if let Some(response) = attempt.response.as_ref().filter(|response| !response.body.is_empty()) {
        line("answer", &diagnosis::beginning(&response.body));
    }
    if let Some(request) = &attempt.request {
        let version = attempt.version.map(|version| format!("{version}, ")).unwrap_or_default();
        line("sent", &format!("{}, {version}to {}", attempt.event_type, masked(&request.url)));
    }
    line("whole", &format!("tm-hooks show {}", attempt.id));
    lines.join("\n")
}

/// Writes `Payroll answered 204 No Content in 38 ms`, or `Payroll did not answer: timed out, after 20 s`.
fn headline(webhook: &Webhook, attempt: &Attempt) -> String {
    let name = &webhook.name;
    let took = attempt.duration_ms.map(milliseconds).unwrap_or_default();
    match (attempt.http_status, attempt.error) {
        (Some(status), _) => {
            let reason = http::StatusCode::from_u16(status).ok().and_then(|status| status.canonical_reason());
            format!(
                "{name} answered {status}{} in {took}",
                reason.map(|reason| format!(" {reason}")).unwrap_or_default()
            )
        }
        (None, Some(error)) => format!("{name} did not answer: {}, after {took}", error.describe()),
        (None, None) => format!("{name} did not answer, after {took}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        domain::attempt::{AttemptError, Header},
        render::{sample_attempt, sample_webhook},
    };

    #[test]
    fn shows_a_likely_cause_and_the_answer() {
        let mut attempt = sample_attempt();
        attempt.http_status = Some(401);
        let request = attempt.request.as_mut().unwrap();
        request.headers = vec![
            Header { name: "Content-Type".to_owned(), value: "application/json".to_owned() },
            Header { name: "Timemoto-Signature".to_owned(), value: "3f2a".to_owned() },
        ];
        attempt.response.as_mut().unwrap().body = "{\"ok\":\u{1b}[31mfalse}".to_owned();
        insta::assert_snapshot!(text(&sample_webhook("wh_7c1zr8t0wb", "Chat bot"), &attempt), @r#"
        Chat bot answered 401 Unauthorized in 41 ms
          likely   it does not accept the signature, wants a header of its own, or minds the case of Timemoto-Signature and webhook-id
                   tm-hooks secret show wh_7c1zr8t0wb --reveal
                   tm-hooks edit wh_7c1zr8t0wb --header @FILE
          answer   {"ok":false}
          sent     attendance.inserted, v1, to https://bot.example.com/tm
          whole    tm-hooks show at_06f8k2v0c1q4jt3xw9b7n5m8ed
        "#);
    }

    #[test]
    fn no_answer_is_said_with_its_reason() {
        let mut attempt = sample_attempt();
        (attempt.http_status, attempt.error) = (None, Some(AttemptError::Timeout));
        attempt.duration_ms = Some(20_000);
        let webhook = sample_webhook("wh_7c1zr8t0wb", "Chat bot");
        assert_eq!(headline(&webhook, &attempt), "Chat bot did not answer: timed out, after 20 s");
    }

    #[test]
    fn several_tests_are_summed_up_and_one_is_not() {
        let webhook = |name: &str| sample_webhook("wh_7c1zr8t0wb", name);
        let failed = sample_attempt();
        let succeeded = Attempt { status: AttemptStatus::Succeeded, ..sample_attempt() };
        let of = |names: &[&str], attempts: &[&Attempt]| {
            let attempts: Vec<Attempt> = attempts.iter().map(|attempt| (*attempt).clone()).collect();
            summary(&names.iter().map(|name| webhook(name)).collect::<Vec<_>>(), &attempts)
        };
        assert_eq!(of(&["Payroll"], &[&failed]), None);
        let some = of(&["Payroll", "Chat bot", "ERP"], &[&succeeded, &failed, &succeeded]);
        assert_eq!(some, Some((false, "2 of 3 webhooks answered 2xx; Chat bot did not".to_owned())));
        let all = of(&["Payroll", "ERP"], &[&succeeded, &succeeded]);
        assert_eq!(all, Some((true, "2 of 2 webhooks answered 2xx".to_owned())));
        assert_eq!(of(&["a", "b"], &[&failed, &failed]).unwrap().1, "0 of 2 webhooks answered 2xx");
        let long = "x".repeat(63);
        let some = of(&["Payroll", &long], &[&succeeded, &failed]).unwrap().1;
        assert_eq!(some, "1 of 2 webhooks answered 2xx; 1 did not");
    }
}
