//! What a test showed, in words.

use crate::{
    commands::Context,
    domain::{
        attempt::{Attempt, AttemptStatus},
        masked_url::masked,
        webhook::Webhook,
    },
    render::words::milliseconds,
    term::sanitise,
};

use super::diagnosis;

/// How much of an answer's body is shown, in characters.
const SHOWN: usize = 200;
/// The headers that let a receiver check who sent it.
const SIGNATURE_HEADERS: [&str; 4] = ["timemoto-signature", "webhook-id", "webhook-timestamp", "webhook-signature"];

/// Tells a person how the receiver answered.
pub(super) fn tell(webhook: &Webhook, attempt: &Attempt, context: &Context) {
    let text = text(webhook, attempt);
    match attempt.status {
        AttemptStatus::Succeeded => context.term.success(&text),
        AttemptStatus::Pending | AttemptStatus::Failed => context.term.failure(&text),
    }
}

fn text(webhook: &Webhook, attempt: &Attempt) -> String {
    let mut lines = vec![headline(webhook, attempt)];
    let mut line = |label: &str, text: &str| lines.push(format!("  {label:<8} {text}"));
    if let Some(request) = &attempt.request {
        let signed = request
            .headers
            .iter()
            .filter(|header| SIGNATURE_HEADERS.iter().any(|name| header.name.eq_ignore_ascii_case(name)));
        line("sent", &format!("{} in {} to {}", attempt.event_type, attempt.version, masked(&request.url)));
        for (number, header) in signed.enumerate() {
            line(if number == 0 { "signed" } else { "" }, &format!("{}: {}", header.name, header.value));
        }
    }
    if let Some(response) = attempt.response.as_ref().filter(|response| !response.body.is_empty()) {
        line("body", &beginning(&response.body));
    }
    let told_by_status = attempt.http_status.is_some() && attempt.status != AttemptStatus::Succeeded;
    if let Some(detail) = attempt.error_detail.as_ref().filter(|_| !told_by_status) {
        line("detail", &sanitise(detail));
    }
    if let Some(likely) = diagnosis::likely(webhook, attempt) {
        line("likely", &likely.replace('\n', "\n           "));
    }
    line("whole", &format!("tm-hooks show {}", attempt.id));
    lines.join("\n")
}

/// `Payroll answered 204 No Content in 38 ms`, or `Payroll did not answer: timed out, after 20 s`.
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

/// The beginning of a body on one line.
fn beginning(body: &str) -> String {
    let clean = sanitise(body.trim());
    match clean.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("{}…", &clean[..end]),
        None => clean.into_owned(),
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
    fn shows_the_answer_the_signature_and_a_likely_cause() {
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
          sent     attendance.inserted in v1 to https://bot.example.com/tm
          signed   Timemoto-Signature: 3f2a
          body     {"ok":false}
          likely   the receiver does not accept the signature, or wants a header of its own. Compare its secret with
                   `tm-hooks secret show wh_7c1zr8t0wb --reveal`; `tm-hooks edit wh_7c1zr8t0wb --header …` adds a header.
                   A program that minds case must look for `Timemoto-Signature` and `webhook-id` as they are written here
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
    fn long_bodies_are_cut_between_characters() {
        assert_eq!(beginning(&"é".repeat(300)).chars().count(), SHOWN + 1);
        assert_eq!(beginning(" ok\n"), "ok");
    }
}
