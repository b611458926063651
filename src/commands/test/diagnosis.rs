//! The likely cause of a failed attempt, and what to do about it.

use crate::domain::{
    attempt::{Attempt, AttemptError, AttemptStatus},
    masked_url::masked,
    webhook::Webhook,
};

/// The likely cause, where there is one.
pub(super) fn likely(webhook: &Webhook, attempt: &Attempt) -> Option<String> {
    if attempt.status == AttemptStatus::Succeeded {
        return None;
    }
    match (attempt.http_status, attempt.error) {
        (Some(status), _) => by_status(status, webhook),
        (None, Some(error)) => by_error(error, webhook),
        (None, None) => None,
    }
}

fn by_status(status: u16, webhook: &Webhook) -> Option<String> {
    let id = webhook.id;
    let cause = match status {
        300..=399 => format!(
            "the receiver redirects, which is never followed. Give the webhook the final URL:\n`tm-hooks edit {id} --url …`"
        ),
        400 | 415 | 422 => "the receiver does not understand the body. See what was sent with the command below;\n\
                            another version of it may be wanted: `tm-hooks test … --protocol v2`"
            .to_owned(),
        401 => format!(
            "the receiver does not accept the signature, or wants a header of its own. Compare its secret with\n\
             `tm-hooks secret show {id} --reveal`; `tm-hooks edit {id} --header …` adds a header"
        ),
        403 => format!(
            "the receiver, or a firewall before it, does not let the request in: by signature, by address, or for want\n\
             of a header. Compare its secret with `tm-hooks secret show {id} --reveal`"
        ),
        404 => format!("there is nothing at this path. Check the URL: {}", masked(&webhook.url)),
        405 => "the path is there, but does not take POST. Check the URL".to_owned(),
        410 => {
            format!("the receiver wants no more. A delivery answered so disables the webhook: `tm-hooks enable {id}`")
        }
        413 => "the body is too large for the receiver. Raise the limit of its web server".to_owned(),
        429 => "the receiver gets too many requests. Deliveries wait as long as its Retry-After asks".to_owned(),
        500 => "the receiver's own program failed. Its log says why".to_owned(),
        502..=504 => "the web server before the receiver's program cannot reach it. Is the program running?".to_owned(),
        _ => return None,
    };
    Some(cause)
}

fn by_error(error: AttemptError, webhook: &Webhook) -> Option<String> {
    use AttemptError as E;
    let url = masked(&webhook.url);
    let cause = match error {
        E::DnsNotFound => format!("the name in the URL is mistyped, or not known to this machine: {url}"),
        E::DnsTimeout | E::DnsFailed => "the name servers of the sending machine do not answer".to_owned(),
        E::AddressRefused => "the address is private or of the sending machine, which the service does not allow.\n\
                              The one who runs it can: `tm-hooks serve --allow-cidr …`"
            .to_owned(),
        E::ConnectionRefused => format!("nothing listens there. Is the receiver running, and is the port right? {url}"),
        E::ConnectTimeout | E::ConnectFailed => "a firewall drops the connection, or the machine is down".to_owned(),
        E::ConnectionClosed => "the receiver, or a proxy before it, hung up before it had answered".to_owned(),
        E::TlsTimeout | E::TlsFailed => {
            "the port does not speak TLS, or only an old version. Is it https at all?".to_owned()
        }
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
        E::Redirected | E::Gone | E::UnexpectedStatus | E::Internal => return None,
    };
    Some(cause)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::{sample_attempt, sample_webhook};

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
    fn the_common_refusals_have_a_cause_and_success_has_none() {
        let webhook = sample_webhook("wh_7c1zr8t0wb", "Chat bot");
        for status in [301, 400, 401, 403, 404, 405, 410, 413, 429, 500, 502, 503] {
            let attempt = Attempt { http_status: Some(status), ..sample_attempt() };
            assert!(likely(&webhook, &attempt).is_some(), "{status}");
        }
        let succeeded = Attempt { status: AttemptStatus::Succeeded, http_status: Some(204), ..sample_attempt() };
        assert_eq!(likely(&webhook, &succeeded), None);
    }
}
