//! Reads the validity of a certificate from its DER (X.690): `tbsCertificate.validity` (RFC 5280, 4.1). It decides no
//! trust; the TLS library checks certificates. A whole X.509 parser would make the small client large.

use crate::domain::time::Timestamp;

const INTEGER: u8 = 0x02;
const UTC_TIME: u8 = 0x17;
const GENERALIZED_TIME: u8 = 0x18;
const SEQUENCE: u8 = 0x30;
/// `[0]`, the tag of the version; it is absent in version 1.
const VERSION: u8 = 0xa0;

/// The validity of a certificate, both ends included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Validity {
    /// Its first second.
    pub from: Timestamp,
    /// Its last second.
    pub until: Timestamp,
}

/// Returns when a certificate is valid, or `None` if the bytes are not a certificate.
pub fn validity(der: &[u8]) -> Option<Validity> {
    let certificate = Values(der).take(SEQUENCE)?;
    let mut signed = Values(Values(certificate).take(SEQUENCE)?);
    let _ = signed.take(VERSION);
    let (_serial_number, _signature, _issuer) = (signed.take(INTEGER)?, signed.take(SEQUENCE)?, signed.take(SEQUENCE)?);
    let mut validity = Values(signed.take(SEQUENCE)?);
    let mut next = || {
        let (tag, value) = validity.next()?;
        time(tag, std::str::from_utf8(value).ok()?)
    };
    Some(Validity { from: next()?, until: next()? })
}

/// Consecutive values, each with its tag and its length.
struct Values<'a>(&'a [u8]);

impl<'a> Values<'a> {
    /// Reads the next value and its tag. Lengths of up to three bytes are supported: no certificate has 16 MiB.
    fn next(&mut self) -> Option<(u8, &'a [u8])> {
        let (&[tag, first], rest) = self.0.split_first_chunk()?;
        let (length, rest) = match first {
            ..=0x7f => (usize::from(first), rest),
            // 0x80 means an indefinite length, which DER does not allow.
            0x81..=0x83 => {
                let (bytes, rest) = rest.split_at_checked(usize::from(first & 0x7f))?;
                (bytes.iter().fold(0, |length, byte| length << 8 | usize::from(*byte)), rest)
            }
            _ => return None,
        };
        let (value, rest) = rest.split_at_checked(length)?;
        self.0 = rest;
        Some((tag, value))
    }

    /// Reads the next value if it has this tag; otherwise reads nothing.
    fn take(&mut self, tag: u8) -> Option<&'a [u8]> {
        let mut ahead = Values(self.0);
        let (_, value) = ahead.next().filter(|(found, _)| *found == tag)?;
        *self = ahead;
        Some(value)
    }
}

/// Parses `YYMMDDHHMMSSZ` from 1950 to 2049, or else `YYYYMMDDHHMMSSZ` (RFC 5280, 4.1.2.5).
fn time(tag: u8, text: &str) -> Option<Timestamp> {
    let digits = text.strip_suffix('Z').filter(|digits| digits.bytes().all(|byte| byte.is_ascii_digit()))?;
    let full = match (tag, digits.len()) {
        (UTC_TIME, 12) if digits < "50" => format!("20{digits}"),
        (UTC_TIME, 12) => format!("19{digits}"),
        (GENERALIZED_TIME, 14) => digits.to_owned(),
        _ => return None,
    };
    let (date, time) = full.split_at(8);
    // The end of the year 9999 means "never", and the calendar library does not support its last day.
    if date == "99991231" {
        return Some(Timestamp::MAX);
    }
    format!("{date}T{time}Z").parse().ok()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Makes a certificate that expires at midnight at the beginning of this day.
    fn certificate(year: i32, month: u8, day: u8) -> Vec<u8> {
        let mut params = rcgen::CertificateParams::new(["localhost".to_owned()]).unwrap();
        params.not_after = rcgen::date_time_ymd(year, month, day);
        params.self_signed(&rcgen::KeyPair::generate().unwrap()).unwrap().der().to_vec()
    }

    fn expiry(der: &[u8]) -> Option<Timestamp> {
        validity(der).map(|validity| validity.until)
    }

    fn expires(year: i32, month: u8, day: u8) -> String {
        expiry(&certificate(year, month, day)).unwrap().to_string()
    }

    #[test]
    fn the_end_is_found_in_both_forms_of_time() {
        assert_eq!(expires(2026, 12, 7), "2026-12-07T00:00:00.000Z");
        assert_eq!(expires(1999, 2, 28), "1999-02-28T00:00:00.000Z");
        assert_eq!(expires(2049, 12, 31), "2049-12-31T00:00:00.000Z");
        assert_eq!(expires(2050, 1, 1), "2050-01-01T00:00:00.000Z");
        assert_eq!(expires(4096, 1, 1), "4096-01-01T00:00:00.000Z");
        assert_eq!(expiry(&certificate(9999, 12, 31)), Some(Timestamp::MAX));
    }

    #[test]
    fn the_beginning_is_found_too() {
        let mut params = rcgen::CertificateParams::new(["localhost".to_owned()]).unwrap();
        params.not_before = rcgen::date_time_ymd(2026, 11, 23);
        let der = params.self_signed(&rcgen::KeyPair::generate().unwrap()).unwrap().der().to_vec();
        assert_eq!(validity(&der).unwrap().from.to_string(), "2026-11-23T00:00:00.000Z");
    }

    #[test]
    fn a_first_version_has_no_number() {
        let validity = [SEQUENCE, 30].into_iter().chain(*b"\x17\x0d260101000000Z").chain(*b"\x17\x0d261207174059Z");
        let signed: Vec<u8> = [INTEGER, 1, 7, SEQUENCE, 0, SEQUENCE, 0].into_iter().chain(validity).collect();
        let whole = |signed: &[u8]| {
            let length = u8::try_from(signed.len()).unwrap();
            [&[SEQUENCE, length + 2, SEQUENCE, length], signed].concat()
        };
        assert_eq!(expiry(&whole(&signed)), "2026-12-07T17:40:59Z".parse().ok());
        let mut other = signed.clone();
        other[0] = SEQUENCE;
        assert_eq!(expiry(&whole(&other)), None, "the serial number is a number");
    }

    #[test]
    fn half_a_certificate_is_none() {
        let whole = certificate(2026, 12, 7);
        for length in 0..whole.len() {
            assert_eq!(expiry(&whole[..length]), None, "{length} bytes");
        }
    }

    #[test]
    fn lengths_that_lead_elsewhere_are_refused() {
        for length in [&[0x80][..], &[0x7f], &[0xff], &[0x83, 0xff, 0xff, 0xff], &[0x84, 0, 0, 0, 2], &[0x82, 0]] {
            let hostile = [&[SEQUENCE], length, &[SEQUENCE, 0]].concat();
            assert_eq!(expiry(&hostile), None, "{length:x?}");
            assert!(Values(&hostile).next().is_none(), "{length:x?}");
        }
        assert_eq!(Values(&[SEQUENCE, 0x81, 1, 7, 9]).next(), Some((SEQUENCE, &[7][..])));
    }

    #[test]
    fn times_that_are_none_are_refused() {
        for text in [
            "261307000000Z",
            "260230000000Z",
            "261207250000Z",
            "2612070000Z",
            "261207000000",
            "261207000000+0100",
            "26120700000-Z",
            "+61207000000Z",
            "２612070000Z",
            "",
            "Z",
        ] {
            assert_eq!(time(UTC_TIME, text), None, "{text}");
        }
        assert_eq!(time(GENERALIZED_TIME, "261207000000Z"), None);
        assert_eq!(time(UTC_TIME, "20261207000000Z"), None);
        assert_eq!(time(INTEGER, "261207000000Z"), None);
    }

    proptest! {
        #[test]
        fn nothing_that_is_sent_stops_it(
            noise in prop::collection::vec(any::<u8>(), 0..64),
            changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..8),
        ) {
            let _ = expiry(&noise);
            let mut der = std::sync::LazyLock::force(&WHOLE).clone();
            for (place, byte) in changes {
                let place = place.index(der.len());
                der[place] = byte;
            }
            let _ = expiry(&der);
        }
    }

    static WHOLE: std::sync::LazyLock<Vec<u8>> = std::sync::LazyLock::new(|| certificate(2026, 12, 7));
}
