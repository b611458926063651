//! Diagnoses a failed attempt: a sentence with the likely cause, then commands that help, one per line.

use url::Url;

use crate::{
    certificates,
    domain::{
        attempt::{Attempt, AttemptError, AttemptStatus},
        masked_url::masked,
        scheme::{SchemeChoice, TIMEMOTO_SIGNATURE, WEBHOOK_ID},
        webhook::Webhook,
    },
    term::sanitise,
};

/// The longest part of an answer's body that is shown, in characters.
const SHOWN: usize = 200;

/// Returns the beginning of a body on one line.
pub(super) fn beginning(body: &str) -> String {
    let clean = sanitise(body.trim());
    match clean.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("{}…", &clean[..end]),
        None => clean.into_owned(),
    }
}

/// Returns the likely cause, if there is one.
pub(super) fn likely(webhook: &Webhook, attempt: &Attempt) -> Option<String> {
    if attempt.status == AttemptStatus::Succeeded {
        return None;
    }
    match (attempt.http_status, attempt.error) {
        (Some(300..=399), _) => Some(by_redirect(webhook, attempt)),
        (Some(400 | 496), _) if wants_a_certificate(attempt) => Some(ASKS_WHO_CONNECTS.to_owned()),
        (Some(status), _) => by_status(status, webhook),
        (None, Some(AttemptError::TlsFailed)) => {
            Some(by_handshake(attempt.error_detail.as_deref().unwrap_or_default()))
        }
        (None, Some(error)) => by_error(error, webhook),
        (None, None) => None,
    }
}

const ASKS_WHO_CONNECTS: &str = "the receiver, or a proxy before it, asks who connects (mutual TLS), and tm-hooks shows no certificate. Let \
     webhooks in without one: their signature says who sent them";

/// Whether nginx refused the request for lack of a client certificate: it completes the handshake and answers in words.
fn wants_a_certificate(attempt: &Attempt) -> bool {
    attempt.response.as_ref().is_some_and(|response| response.body.contains("No required SSL certificate was sent"))
}

/// Describes a redirect, with its target if the receiver names one.
fn by_redirect(webhook: &Webhook, attempt: &Attempt) -> String {
    let id = webhook.id;
    let headers = attempt.response.iter().flat_map(|response| &response.headers);
    let location = headers.filter(|header| header.name.eq_ignore_ascii_case("location")).map(|header| &header.value);
    match location.filter_map(|location| resolved(location, &webhook.url)).next() {
        Some(url) => format!(
            "it redirects, which is never followed. When you trust where it leads, give the webhook that URL\n\
             tm-hooks edit {id} --url {url}"
        ),
        None => {
            format!("it redirects, which is never followed. Give the webhook the final URL\ntm-hooks edit {id} --url …")
        }
    }
}

/// Resolves a `Location`, which may be relative, to a URL that is one word for a shell.
fn resolved(location: &str, url: &str) -> Option<String> {
    let resolved = Url::parse(url).ok()?.join(location).ok()?;
    if !matches!(resolved.scheme(), "https" | "http") {
        return None;
    }
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "-._~:/@,+%=".contains(c);
    let text = masked(resolved.as_str()).replace('\'', "%27");
    Some(if text.chars().all(is_plain) { text } else { format!("'{text}'") })
}

/// Describes a failed handshake without a code of its own.
fn by_handshake(detail: &str) -> String {
    if detail.contains("its certificate") {
        "the receiver's certificate cannot be used as it is. Have one made for a server, by an authority that is trusted"
    } else if detail.contains(certificates::WANTS_CLIENT) {
        ASKS_WHO_CONNECTS
    } else {
        "the port does not speak TLS, or only an old version. Is it https at all?"
    }
    .to_owned()
}

fn by_status(status: u16, webhook: &Webhook) -> Option<String> {
    let id = webhook.id;
    let cause = match status {
        400 | 415 | 422 => format!(
            "it does not understand the body. Another version of it may be wanted\ntm-hooks test {id} --protocol v2"
        ),
        401 if webhook.signs_by() == SchemeChoice::None => format!(
            "it wants a signature, and this webhook sends none; or it wants a header of its own\n\
             tm-hooks edit {id} --scheme both\n\
             tm-hooks edit {id} --header @FILE"
        ),
        401 => format!(
            "it does not accept the signature, wants a header of its own, or minds the case of {}\n\
             tm-hooks secret show {id} --reveal\n\
             tm-hooks edit {id} --header @FILE",
            headers_of(&webhook.signs_by())
        ),
        403 => format!(
            "it, or a firewall before it, does not let the request in: by signature, by address, or for want of a header\n\
             tm-hooks secret show {id} --reveal"
        ),
        404 => format!("there is nothing at this path. Check the URL: {}", masked(&webhook.url)),
        405 => "the path is there, but does not take POST. Check the URL".to_owned(),
        410 => {
            format!("it wants no more, which disables the webhook. When it wants events again\ntm-hooks enable {id}")
        }
        413 => "the body is too large for the receiver. Raise the limit of its web server".to_owned(),
        429 => "the receiver gets too many requests. Deliveries wait as long as its Retry-After asks".to_owned(),
        500 => "the receiver's own program failed. Its log says why".to_owned(),
        502..=504 => "the web server before the receiver's program cannot reach it. Is the program running?".to_owned(),
        _ => return None,
    };
    Some(cause)
}

/// The headers that a receiver may look for in other letters.
fn headers_of(scheme: &SchemeChoice) -> String {
    match scheme {
        SchemeChoice::Timemoto => TIMEMOTO_SIGNATURE.to_owned(),
        SchemeChoice::Standard => WEBHOOK_ID.to_owned(),
        SchemeChoice::Text(scheme) => scheme.header.clone(),
        SchemeChoice::Both | SchemeChoice::None => format!("{TIMEMOTO_SIGNATURE} and {WEBHOOK_ID}"),
    }
}

fn by_error(error: AttemptError, webhook: &Webhook) -> Option<String> {
    use AttemptError as E;
    let url = masked(&webhook.url);
    let cause = match error {
        E::DnsNotFound => format!("the name in the URL is mistyped, or not known to this machine: {url}"),
        E::DnsTimeout | E::DnsFailed => "the name servers of the sending machine do not answer".to_owned(),
        E::AddressRefused => "the address is private or of the sending machine, which the service does not allow. Who \
                              runs it can\ntm-hooks serve --allow-cidr …"
            .to_owned(),
        E::ConnectionRefused => format!("nothing listens there. Is the receiver running, and is the port right? {url}"),
        E::ConnectTimeout | E::ConnectFailed => "a firewall drops the connection, or the machine is down".to_owned(),
        E::ConnectionClosed => "the receiver, or a proxy before it, hung up before it had answered".to_owned(),
        E::TlsTimeout => "the port does not speak TLS. Is it https at all?".to_owned(),
        E::TlsExpired => "the receiver's certificate has expired. Renew it".to_owned(),
        E::TlsUntrusted => {
            "the certificate is self-signed, or the receiver does not send the certificates in between".to_owned()
        }
        E::TlsWrongName => format!("the certificate is for another name than the URL's: {url}"),
        E::Timeout => "the receiver works before it answers. Let it answer at once, and work afterwards".to_owned(),
        E::Interrupted => "the program ended while it waited. Give it a longer --timeout".to_owned(),
        E::InvalidResponse => {
            "the port speaks something else than HTTP, perhaps TLS. Check http and https in the URL".to_owned()
        }
        E::TlsFailed | E::Redirected | E::Gone | E::UnexpectedStatus | E::Internal => return None,
    };
    Some(cause)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        domain::attempt::{Header, ReceivedResponse},
        render::{sample_attempt, sample_webhook},
    };

    #[test]
    fn every_way_not_to_answer_has_a_cause() {
        let webhook = sample_webhook("wh_7c1zr8t0wb", "Chat bot");
        let answers = [E::Redirected, E::Gone, E::UnexpectedStatus, E::Internal];
        use AttemptError as E;
        for error in AttemptError::ALL {
            let attempt = Attempt { http_status: None, error: Some(*error), ..sample_attempt() };
            assert_eq!(likely(&webhook, &attempt).is_none(), answers.contains(error), "{error}");
        }
    }

    #[test]
    fn a_redirect_names_where_it_leads() {
        let webhook = Webhook { url: "https://erp.example/hooks".to_owned(), ..sample_webhook("wh_7c1zr8t0wb", "ERP") };
        let cause = |location: Option<&str>| {
            let header = |value: &str| Header { name: "location".to_owned(), value: value.to_owned() };
            let headers = location.map(header).into_iter().collect();
            let response = Some(ReceivedResponse { headers, body: String::new(), truncated: false });
            likely(&webhook, &Attempt { http_status: Some(301), response, ..sample_attempt() }).unwrap()
        };
        assert!(cause(Some("/hooks/")).ends_with("tm-hooks edit wh_7c1zr8t0wb --url https://erp.example/hooks/"));
        assert!(
            cause(Some("https://www.erp.example/h?a=1&b='")).ends_with("--url 'https://www.erp.example/h?a=1&b=%27'")
        );
        assert!(!cause(Some("/h?token=abcd")).contains("abcd"));
        for none in [None, Some("javascript:x"), Some("https://")] {
            assert!(cause(none).ends_with("--url …"), "{none:?}");
        }
    }

    #[test]
    fn what_a_handshake_failed_for_is_told_apart() {
        let webhook = sample_webhook("wh_7c1zr8t0wb", "ERP");
        let cause = |detail: &str| {
            let error_detail = Some(format!("the TLS handshake failed: {detail}"));
            let error = Some(AttemptError::TlsFailed);
            likely(&webhook, &Attempt { http_status: None, error, error_detail, ..sample_attempt() }).unwrap()
        };
        assert!(cause("its certificate is not made for a server").contains("made for a server"));
        assert!(cause(&format!("what answers {}", certificates::WANTS_CLIENT)).contains("mutual TLS"));
        assert!(cause("what answers does not speak TLS on this port").contains("does not speak TLS"));
        let body = "<center>No required SSL certificate was sent</center>".to_owned();
        let response = Some(ReceivedResponse { headers: Vec::new(), body, truncated: false });
        let nginx = Attempt { http_status: Some(400), response, ..sample_attempt() };
        assert!(likely(&webhook, &nginx).unwrap().contains("mutual TLS"));
    }

    #[test]
    fn the_common_refusals_have_a_cause_and_success_has_none() {
        let webhook = sample_webhook("wh_7c1zr8t0wb", "Chat bot");
        for status in [301, 400, 401, 403, 404, 405, 410, 413, 429, 500, 502, 503] {
            let attempt = Attempt { http_status: Some(status), ..sample_attempt() };
            assert!(likely(&webhook, &attempt).is_some(), "{status}");
        }
        let succeeded = Attempt { status: AttemptStatus::Succeeded, http_status: Some(204), ..sample_attempt() };
        assert_eq!(likely(&webhook, &succeeded), None);
    }

    #[test]
    fn long_bodies_are_cut_between_characters() {
        assert_eq!(beginning(&"é".repeat(300)).chars().count(), SHOWN + 1);
        assert_eq!(beginning(" ok\n"), "ok");
    }
}
