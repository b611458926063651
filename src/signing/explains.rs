//! Which of some known schemes a request is signed by: the one rule, for the service's sources and for detection.

use subtle::ConstantTimeEq;

use super::{
    digest::{digest, encode, encoded_length},
    request::{Reading, Request},
    secret::SharedSecret,
};
use crate::domain::scheme::Scheme;

/// Returns those of the schemes that explain this request with this secret, in their order. Nothing is searched: each
/// distinct construction is computed once, and none if its header holds no text of the right length. Signatures are
/// compared in constant time. The time of the request is not judged.
pub fn still(schemes: &[Scheme], request: &Request, secret: &SharedSecret) -> Vec<Scheme> {
    let mut trial = Trial { reading: &Reading::of(request), secret, computed: Vec::new() };
    schemes.iter().filter(|scheme| trial.fits(scheme)).cloned().collect()
}

/// Returns the first of the schemes that explains this request, by the same rule. Those behind it are not tried, and cost
/// nothing: where a sender writes no blanks, `raw` and `json:minified` are never told apart, and only one parses the body.
pub fn first<'a>(schemes: &'a [Scheme], request: &Request, secret: &SharedSecret) -> Option<&'a Scheme> {
    let mut trial = Trial { reading: &Reading::of(request), secret, computed: Vec::new() };
    schemes.iter().find(|scheme| trial.fits(scheme))
}

struct Trial<'t> {
    reading: &'t Reading<'t>,
    secret: &'t SharedSecret,
    /// The digests so far, each with a scheme that has it; none where the request or the secret lacks something.
    computed: Vec<(&'t Scheme, Option<Vec<u8>>)>,
}

impl<'t> Trial<'t> {
    fn fits(&mut self, scheme: &'t Scheme) -> bool {
        let length = scheme.prefix.len() + encoded_length(scheme.algorithm.hash(), scheme.encoding);
        let all = self.reading.request().signatures(scheme);
        let entries: Vec<&str> = all.filter(|entry| entry.len() == length).collect();
        if entries.is_empty() {
            return false;
        }
        let Some(digest) = self.digest(scheme) else { return false };
        let expected = scheme.prefix.clone() + &encode(digest, scheme.encoding);
        entries.iter().fold(false, |fits, entry| fits | bool::from(entry.as_bytes().ct_eq(expected.as_bytes())))
    }

    fn digest(&mut self, scheme: &'t Scheme) -> Option<&[u8]> {
        let is_same = |(other, _): &(&Scheme, _)| {
            (other.algorithm, other.key) == (scheme.algorithm, scheme.key) && other.message == scheme.message
        };
        let place = self.computed.iter().position(is_same).unwrap_or_else(|| {
            self.computed.push((scheme, computed(self.reading, self.secret, scheme)));
            self.computed.len() - 1
        });
        self.computed[place].1.as_deref()
    }
}

fn computed(reading: &Reading<'_>, secret: &SharedSecret, scheme: &Scheme) -> Option<Vec<u8>> {
    let (key, pieces) = (secret.key(scheme.key)?, reading.pieces(&scheme.message).ok()?);
    Some(digest(scheme.algorithm, &key, &pieces))
}
