use std::time::Duration;

use super::{
    super::{Request, SharedSecret, sender::Signatory},
    *,
};
use crate::domain::{attempt::Header, time::Timestamp};

const BODY: &str = "{\"id\":\"tm_1\",\"data\":{\"recordHash\":3458764513820540987,\"name\":\"Änne / O'Hara\"}}";
const NOW: i64 = 1_795_455_600;

fn secret(text: &str) -> SharedSecret {
    SharedSecret::read(text).unwrap()
}

fn header(name: &str, value: &str) -> Header {
    Header { name: name.to_owned(), value: value.to_owned() }
}

/// Signs `body` by `scheme` with the secret `text`, which is taken literally.
fn signed(scheme: &str, text: &str, body: &str) -> Request {
    let (word, behind) = text.split_at(text.trim_end().len());
    let mut request = Request { body: body.as_bytes().to_vec(), ..Request::default() };
    sign(scheme, &secret(word).within("", behind), &mut request);
    request
}

fn sign(scheme: &str, secret: &SharedSecret, request: &mut Request) {
    let (scheme, now) = (scheme.parse().unwrap(), Timestamp::from_seconds(NOW));
    let secrets = std::slice::from_ref(secret);
    Signatory { scheme: &scheme, secrets, id: None, now }.add_headers(request).unwrap();
}

fn judged_at(scheme: &str, request: &Request, now: i64) -> Verdict {
    let (scheme, secret, previous) = (scheme.parse().unwrap(), secret("the secret"), [secret("the old one")]);
    let now = Timestamp::from_seconds(now);
    let tolerance = Some(Duration::from_secs(300));
    Check { scheme: &scheme, secret: &secret, previous: &previous, now, tolerance }.of(request)
}

fn judged(scheme: &str, request: &Request) -> Verdict {
    judged_at(scheme, request, NOW)
}

fn code(scheme: &str, request: &Request) -> Code {
    judged(scheme, request).code
}

const OURS: &str = "hmac-sha256";
const TIMED: &str = "hmac-sha256 message={header:X-Timestamp}.{raw} header=X-Signature";

#[test]
fn what_is_signed_is_genuine_and_what_is_altered_is_not() {
    for scheme in
        [OURS, TIMED, "sha512 place=both encoding=base64url", "md5 key=upper prefix=v1=", "hmac-sha1 prefix=HMAC\\x20"]
    {
        let request = signed(scheme, "the secret", BODY);
        assert_eq!(code(scheme, &request), Code::Genuine, "{scheme}");
        let altered = Request { body: BODY.replace("Änne", "Anna").into_bytes(), ..request.clone() };
        assert_eq!(code(scheme, &altered), Code::WrongSecret, "{scheme}");
        assert_eq!(code(scheme, &signed(scheme, "another", BODY)), Code::WrongSecret, "{scheme}");
    }
    let said = judged(OURS, &signed(OURS, "another", BODY)).sentence;
    assert!(said.contains("a body that was changed on its way looks just the same"), "{said}");
}

#[test]
fn one_of_several_signatures_is_enough() {
    let mut request = signed("hmac-sha256 prefix=v1,", "the secret", BODY);
    let value = format!("v1,0000 {}", request.headers[0].value);
    request.headers[0].value = value;
    assert_eq!(code("hmac-sha256 prefix=v1,", &request), Code::Genuine);
}

#[test]
fn the_secret_before_is_named() {
    let verdict = judged(OURS, &signed(OURS, "the old one", BODY));
    assert_eq!((verdict.code, verdict.is_genuine()), (Code::PreviousSecret, true));
}

#[test]
fn what_is_missing_is_named() {
    let none = Request { body: BODY.into(), ..Request::default() };
    assert_eq!(code(OURS, &none), Code::HeaderMissing);
    assert!(judged(OURS, &none).sentence.ends_with("Timemoto-Signature is missing, so nothing is signed"));
    let elsewhere = Request { headers: vec![header("X-Shop-Hmac-SHA256", "00")], ..none.clone() };
    assert!(
        judged(OURS, &elsewhere).sentence.ends_with("; there is X-Shop-Hmac-SHA256, which another scheme may name")
    );
    let packed = Request { headers: vec![header("Stripe-Signature", "t=1614265330,v1=00ff")], ..none.clone() };
    let told = "the header Stripe-Signature packs several parts (t, v1), as Stripe's does, and no scheme's text says such a header";
    assert!(judged(OURS, &packed).sentence.ends_with(told));
    let verdict = judged("hmac-sha256 header=Stripe-Signature", &packed);
    assert_eq!((verdict.code, verdict.sentence.as_str()), (Code::MalformedSignature, told));
    let empty = Request { headers: vec![header("timemoto-signature", " ")], ..none.clone() };
    assert_eq!(code(OURS, &empty), Code::HeaderMissing);
    let mut untimed = signed(TIMED, "the secret", BODY);
    untimed.headers.remove(0);
    assert_eq!(code(TIMED, &untimed), Code::HeaderMissing);
    assert!(judged(TIMED, &untimed).sentence.contains("no header X-Timestamp"));
    let request = signed(OURS, "the secret", BODY);
    assert_eq!(code("hmac-sha256 message={url}{raw}", &request), Code::UrlMissing);
    assert_eq!(code("hmac-sha256 message={sequence}{raw}", &request), Code::BodyUnreadable);
    assert_eq!(code("hmac-sha256 key=hex", &request), Code::SecretUnfit);
}

#[test]
fn a_right_signature_in_another_form_is_told_from_a_wrong_one() {
    for (sent_as, expected) in [
        ("hmac-sha256 encoding=hex-upper", Code::UpperCaseHex),
        ("hmac-sha256 prefix=sha256=", Code::Prefixed),
        ("hmac-sha256 encoding=hex-upper prefix=sha256=", Code::UpperCaseHex),
        ("hmac-sha256 encoding=base64", Code::OtherEncoding),
        ("hmac-sha256 encoding=base64url-nopad prefix=v1=", Code::OtherEncoding),
    ] {
        let request = signed(sent_as, "the secret", BODY);
        let verdict = judged(OURS, &request);
        assert_eq!(verdict.code, expected, "{sent_as}");
        assert!(!verdict.is_genuine());
        assert_eq!(code(&verdict.instead.unwrap().to_string(), &request), Code::Genuine, "{sent_as}");
    }
    let bare = signed(OURS, "the secret", BODY);
    assert_eq!(code("hmac-sha256 prefix=sha256=", &bare), Code::PrefixMissing);
    let cut = Request { headers: vec![header("Timemoto-Signature", &bare.headers[0].value[1..])], ..bare.clone() };
    assert_eq!(code(OURS, &cut), Code::MalformedSignature);
    assert!(judged(OURS, &cut).sentence.contains("64 characters are expected, and 63 are there"));
}

/// Some sign with what a `whsec_` secret says in Base64, others with its characters.
#[test]
fn another_key_of_the_same_secret_is_found() {
    let request = signed("hmac-sha256 key=upper", "the secret", BODY);
    let verdict = judged(OURS, &request);
    assert_eq!((verdict.code, verdict.is_genuine()), (Code::OtherKey, false));
    assert!(verdict.sentence.ends_with("the secret in upper case, not the whole secret"), "{}", verdict.sentence);
    assert_eq!(code(&verdict.instead.unwrap().to_string(), &request), Code::Genuine);
}

#[test]
fn a_secret_with_a_line_break_is_found() {
    for sent_with in ["the secret\n", "the secret\r\n", "the secret "] {
        let verdict = judged(OURS, &signed(OURS, sent_with, BODY));
        assert_eq!(verdict.code, Code::SecretHasNewline, "{sent_with:?}");
    }
}

#[test]
fn a_body_that_was_written_again_is_found() {
    let request = signed(OURS, "the secret", BODY);
    for changed in [
        format!("{BODY}\n"),
        serde_json::to_string_pretty(&serde_json::from_str::<serde_json::Value>(BODY).unwrap()).unwrap(),
        BODY.replace(",", ", ").replace(":", ": "),
        BODY.replace("3458764513820540987", "3458764513820541000"),
    ] {
        let verdict = judged(OURS, &Request { body: changed.clone().into_bytes(), ..request.clone() });
        assert_eq!(verdict.code, Code::BodyChanged, "{changed}");
        assert_eq!(verdict.change.unwrap().signed, BODY.as_bytes());
    }
    let python = signed(OURS, "the secret", &BODY.replace(",", ", ").replace(":", ": ").replace('Ä', "\\u00c4"));
    let verdict = judged(OURS, &Request { body: BODY.into(), ..python });
    assert!(verdict.sentence.contains("as Python writes it"), "{verdict:?}");
}

#[test]
fn where_the_bodies_differ_is_shown() {
    let request = signed(OURS, "the secret", BODY);
    let rounded = BODY.replace("3458764513820540987", "3458764513820541000");
    let verdict = judged(OURS, &Request { body: rounded.clone().into(), ..request });
    assert!(verdict.sentence.contains("3458764513820540987 instead of 3458764513820541000"), "{}", verdict.sentence);
    let (was, is) = verdict.change.unwrap().difference(rounded.as_bytes());
    assert_eq!(was, "ordHash\":3458764513820540987,\"name\":\"Änne / O'Hara\"}}");
    assert_eq!(is, "ordHash\":3458764513820541000,\"name\":\"Änne / O'Hara\"}}");
}

#[test]
fn what_is_old_or_from_the_future_is_told_in_minutes() {
    let request = signed(TIMED, "the secret", BODY);
    let at = |seconds: i64| judged_at(TIMED, &request, NOW + seconds);
    assert_eq!(at(301).code, Code::Genuine);
    assert_eq!(at(-300).code, Code::Genuine);
    assert_eq!(at(-301).code, Code::TimestampTooNew);
    assert_eq!(at(302).code, Code::TimestampTooOld);
    assert!(at(12 * 60).sentence.contains("is 12 minutes old by X-Timestamp, and 5 minutes are allowed"));
    assert!(at(3 * 3_600).sentence.contains("3 hours (180 minutes)"));
    // A scheme without a time header has no time to check.
    assert_eq!(judged_at(OURS, &signed(OURS, "the secret", BODY), NOW + 9_999).code, Code::Genuine);
}

#[test]
fn times_come_in_several_spellings() {
    for value in [
        "1795455600",
        "1795455600000",
        "1795455600000000",
        "2026-11-23T17:40:00Z",
        " 2026-11-23T18:40:00+01:00 ",
        "Mon, 23 Nov 2026 17:40:00 GMT",
    ] {
        let mut request = Request { headers: vec![header("X-Timestamp", value)], body: BODY.into(), url: None };
        sign(TIMED, &secret("the secret"), &mut request);
        assert_eq!(
            judged_at(TIMED, &request, time::moment(value).unwrap().as_seconds()).code,
            Code::Genuine,
            "{value}"
        );
    }
    assert_eq!(time::moment("2026-11-23T17:40:00Z"), time::moment("1795455600"));
    let mut request = Request { headers: vec![header("X-Timestamp", "soon")], body: BODY.into(), url: None };
    sign(TIMED, &secret("the secret"), &mut request);
    assert_eq!(code(TIMED, &request), Code::TimestampUnreadable);
}

#[test]
fn no_sentence_tells_the_secret_or_a_right_signature() {
    let right = signed(OURS, "the secret", BODY).headers[0].value.clone();
    let altered =
        Request { body: b"{}".to_vec(), headers: vec![header("Timemoto-Signature", &"0".repeat(64))], url: None };
    let verdict = judged(OURS, &altered);
    let all = format!("{verdict:?}");
    assert!(!all.contains("the secret\"") && !all.contains(&right));
}
