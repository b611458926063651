//! Checks a request against a scheme and a secret.

use std::time::Duration;

use subtle::ConstantTimeEq;

use super::{
    super::{
        digest::digest,
        labelled,
        request::{Missing, Request},
        secret::SharedSecret,
        sender::Signer,
    },
    body,
    code::Code,
    form,
    said::Verdict,
    time,
};
use crate::domain::scheme::{KeyForm, Scheme, key_in_words};
use crate::domain::time::Timestamp;

/// What a request is checked against.
#[derive(Debug, Clone, Copy)]
pub struct Check<'a> {
    /// How it should be signed.
    pub scheme: &'a Scheme,
    /// The secret in force.
    pub secret: &'a SharedSecret,
    /// The previous secrets that are still valid.
    pub previous: &'a [SharedSecret],
    /// The current time.
    pub now: Timestamp,
    /// The largest difference between the request's time and `now`. Without it, the time is not checked.
    pub tolerance: Option<Duration>,
}

/// What the signature's header holds, and what it is compared with.
struct SignatureClaim<'a> {
    check: Check<'a>,
    request: &'a Request,
    /// Each signature in the header, with its prefix.
    entries: Vec<&'a str>,
    message: Vec<u8>,
}

impl Check<'_> {
    /// Checks a request.
    pub fn of(&self, request: &Request) -> Verdict {
        self.claim(request).map_or_else(|verdict| *verdict, |claim| claim.judged())
    }

    fn claim<'a>(&'a self, request: &'a Request) -> Result<SignatureClaim<'a>, Box<Verdict>> {
        let header = &self.scheme.header;
        let entries: Vec<&str> = request.signatures(self.scheme).collect();
        if entries.is_empty() {
            let what = if request.header(header).is_some() { "is empty" } else { "is missing" };
            let sentence = format!("the header {header} {what}, so nothing is signed{}", instead_of(header, request));
            return Err(Verdict::new(Code::HeaderMissing, sentence).into());
        }
        let message = request.message(&self.scheme.message).map_err(|missing| Box::new(incomplete(&missing)))?;
        Ok(SignatureClaim { check: *self, request, entries, message })
    }
}

/// What the request has instead, where it looks like a signature.
fn instead_of(missing: &str, request: &Request) -> String {
    let names = request.headers.iter().map(|header| header.name.as_str());
    let is_like = |name: &&str| {
        let lower = name.to_ascii_lowercase();
        ["signature", "hmac", "digest"].iter().any(|word| lower.contains(word)) && !name.eq_ignore_ascii_case(missing)
    };
    let others: Vec<&str> = names.filter(is_like).take(3).collect();
    match (labelled::told(request), others.as_slice()) {
        (Some(told), _) => format!("; {told}"),
        (None, []) => String::new(),
        (None, others) => format!("; there is {}, which another scheme may name", others.join(" and ")),
    }
}

fn incomplete(missing: &Missing) -> Verdict {
    let code = match missing {
        Missing::Header(_) => Code::HeaderMissing,
        Missing::Url => Code::UrlMissing,
        Missing::Json | Missing::Field(_) => Code::BodyUnreadable,
    };
    Verdict::new(code, format!("{missing}, which the scheme signs"))
}

impl SignatureClaim<'_> {
    fn judged(&self) -> Verdict {
        let Check { scheme, secret, previous, .. } = self.check;
        let Some(key) = secret.key(scheme.key) else {
            let sentence = format!("the secret makes no key by key={}", scheme.key);
            return Verdict::new(Code::SecretUnfit, sentence);
        };
        if self.fits(secret, &self.message) {
            return self.in_time(Verdict::new(Code::Genuine, "the signature is right"));
        }
        if previous.iter().any(|secret| self.fits(secret, &self.message)) {
            let sentence = "the signature is right, and made with the secret before this one";
            return self.in_time(Verdict::new(Code::PreviousSecret, sentence));
        }
        let digest = digest(scheme.algorithm, &key, &[&self.message]);
        form::explain(scheme, &self.entries, &digest)
            .or_else(|| self.key_differs())
            .or_else(|| self.secret_differs())
            .or_else(|| self.body_differs())
            .or_else(|| form::malformed(scheme, self.request, &self.entries))
            .unwrap_or_else(unexplained)
    }

    /// Whether one of the signatures was made with this secret for this message. Compares in constant time.
    fn fits(&self, secret: &SharedSecret, message: &[u8]) -> bool {
        let Ok(signer) = Signer::new(self.check.scheme, secret) else { return false };
        let expected = format!("{}{}", self.check.scheme.prefix, signer.written(message));
        self.entries.iter().fold(false, |fits, entry| fits | bool::from(entry.as_bytes().ct_eq(expected.as_bytes())))
    }

    fn in_time(&self, verdict: Verdict) -> Verdict {
        let Check { scheme, now, tolerance, .. } = self.check;
        let header = scheme.message.timestamp_header();
        let value = header.and_then(|name| Some((name, self.request.header(name)?)));
        match (value, tolerance) {
            (Some((name, value)), Some(tolerance)) => time::judged(name, value, now, tolerance).unwrap_or(verdict),
            _ => verdict,
        }
    }

    /// The signature is right with another key that is made of the same secret: libraries do not agree on which.
    fn key_differs(&self) -> Option<Verdict> {
        let scheme = self.check.scheme;
        let others = KeyForm::ALL.iter().filter(|key| **key != scheme.key);
        let instead = others.map(|key| Scheme { key: *key, ..scheme.clone() }).find(|other| {
            let check = Check { scheme: other, ..self.check };
            let claim =
                SignatureClaim { check, request: self.request, entries: self.entries.clone(), message: Vec::new() };
            claim.fits(self.check.secret, &self.message)
        })?;
        let sentence = format!(
            "the signature is right for another key of the same secret: {}, not {}",
            key_in_words(instead.key),
            key_in_words(scheme.key)
        );
        Some(Verdict { instead: Some(instead), ..Verdict::new(Code::OtherKey, sentence) })
    }

    /// Whoever signs has read the secret with what stands around it in a file.
    fn secret_differs(&self) -> Option<Verdict> {
        let around =
            [("", "\n"), ("", "\r\n"), ("", "\n\n"), ("\n", ""), ("\u{feff}", ""), ("", " "), (" ", ""), ("\"", "\"")];
        let (before, behind) = around.into_iter().find(|(before, behind)| {
            let secret = self.check.secret.within(before, behind);
            self.fits(&secret, &self.message)
        })?;
        let sentence = format!(
            "the signature is made with the secret and {} it: whoever signs has read it from a file or a form without \
             taking that off",
            match (before, behind) {
                ("", "\n" | "\r\n" | "\n\n") => "a line break behind",
                ("\n", _) => "a line break before",
                ("\u{feff}", _) => "a byte order mark before",
                ("\"", _) => "quotes around",
                ("", _) => "a blank behind",
                _ => "a blank before",
            }
        );
        Some(Verdict::new(Code::SecretHasNewline, sentence))
    }

    /// Checks whether the signature fits another form of the same body.
    fn body_differs(&self) -> Option<Verdict> {
        let change = body::variants(self.request).find(|change| {
            let request = Request { body: change.signed.clone(), ..self.request.clone() };
            let message = request.message(&self.check.scheme.message);
            message.is_ok_and(|message| message != self.message && self.fits(self.check.secret, &message))
        })?;
        let sentence = format!(
            "the body is not the one that was signed: the signature fits {}. Check the raw bytes, before anything reads \
             them as JSON",
            change.name
        );
        Some(Verdict { change: Some(change), ..Verdict::new(Code::BodyChanged, sentence) })
    }
}

fn unexplained() -> Verdict {
    let sentence = "the signature is not made with this secret, or the body is not the one that was signed: a body that \
                    was changed on its way looks just the same";
    Verdict::new(Code::WrongSecret, sentence)
}
