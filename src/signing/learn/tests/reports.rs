//! What others' checks of signatures got wrong, by their public reports.

use super::*;

const BODY: &str = r#"{"id":"tm_1","event":"test"}"#;

fn with(name: &str, value: impl Into<String>) -> Request {
    Request { headers: vec![header(name, value)], ..plain(BODY) }
}

fn value(scheme: &str, with: &str, body: &str) -> String {
    signed(scheme, with, plain(body)).headers.pop().unwrap().value
}

/// librefang/librefang#3492, stripe/stripe-ruby#1960: an empty secret signs what anybody can.
/// NousResearch/hermes-agent#102069: so does one of blanks.
#[test]
fn an_empty_secret_is_none() {
    for text in ["", " ", "\t \r\n", "\u{a0}"] {
        assert!(SharedSecret::read(text).is_err(), "{text:?}");
    }
}

/// corsairdev/corsair#1024: a secret that is no Base64 decodes to an empty key. openai/openai-node#1887: or to a short one.
#[test]
fn a_secret_that_decodes_to_little_is_no_key() {
    for text in ["whsec_!!!!!!!!", "whsec_========", "whsec_", "whsec_AP8=", "tmkey_00ff00ff"] {
        for key in [&b""[..], &[0, 255], &[0, 255, 0, 255]] {
            for hash in Hash::ALL {
                let request = attacks::forged(*hash, true, key, BODY.as_bytes());
                assert_eq!(explaining(&request, &secret(text)), [], "{text}");
            }
        }
    }
}

/// inkbox-ai/inkbox#144: a signature of another length is an error, and not a wrong one. hyperlocalise/hyperlocalise#748: as
/// many characters are not as many bytes.
#[test]
fn a_signature_of_another_length_is_wrong() {
    let known = vec!["hmac-sha256 header=X-Sig prefix=sha256=".parse::<Scheme>().unwrap()];
    let right = value("hmac-sha256 header=X-Sig", SECRET, BODY);
    assert_eq!(still(&known, &with("X-Sig", format!("sha256={right}")), &secret(SECRET)), known);
    let wide = format!("é{}", &right[1..]);
    let (short, long, prefixed) =
        (format!("sha256={}", &right[1..]), format!("sha256={right}0"), format!("sha256={wide}"));
    for wrong in ["", "sha256=", "sha256=abcd", &right, &short, &long, &prefixed] {
        assert_eq!(still(&known, &with("X-Sig", wrong), &secret(SECRET)), [], "{wrong}");
    }
    assert_eq!(explaining(&with("X-Sig", wide), &secret(SECRET)), []);
}

/// octokit/webhooks.js#71: a body that is read and written again has other escapes (\u001B, \u001b).
#[test]
fn escapes_are_part_of_the_raw_body() {
    let body = r#"{"id":"tm_1","text":"\u001B[0m"}"#;
    let request = signed("hmac-sha256", SECRET, plain(body));
    assert_eq!(texts(&explaining(&request, &secret(SECRET)))[0], "hmac-sha256 key=secret message=raw encoding=hex");
    let request = signed("hmac-sha256 message=json:js", SECRET, plain(body));
    assert_eq!(explaining(&request, &secret(SECRET))[0].message.to_string(), "json:js");
}

/// adnanh/webhook#355: several signatures with commas between, while a secret is replaced. No scheme's text says so; what
/// must not happen is that the first signature is learnt as the second's prefix.
#[test]
fn a_signature_is_no_prefix() {
    let pair = |scheme: &str| (value(scheme, "another secret", BODY), value(scheme, SECRET, BODY));
    for (new, old) in [pair("hmac-sha256"), pair("hmac-sha256 encoding=base64url-nopad"), pair("md5 encoding=base64")] {
        for value in [format!("sha256={new},sha256={old}"), format!("{new},{old}"), format!("{new}:{old}")] {
            assert_eq!(explaining(&with("X-Sig", value.as_str()), &secret(SECRET)), [], "{value}");
        }
    }
    let (new, old) = pair("hmac-sha256");
    let blank = format!("sha256={new} sha256={old}");
    assert_eq!(explaining(&with("X-Sig", blank), &secret(SECRET))[0].prefix, "sha256=");
}

/// mastodon/ostatus2#5: hex in another case is taken for wrong. Here it is learnt as it is, unless it is mixed.
#[test]
fn hex_has_one_case() {
    let right = value("hmac-sha256", SECRET, BODY);
    let mix = |(at, digit): (usize, char)| if at % 2 == 0 { digit.to_ascii_uppercase() } else { digit };
    let mixed: String = right.chars().enumerate().map(mix).collect();
    assert_eq!(explaining(&with("X-Sig", mixed), &secret(SECRET)), []);
    assert!(explaining(&with("X-Sig", right.to_uppercase()), &secret(SECRET))[0].to_string().contains("hex-upper"));
}

/// standard-webhooks/standard-webhooks#235: a secret with `v1,` before it, which hours were spent on.
#[test]
fn a_secret_with_a_signature_s_prefix_is_said() {
    let right = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    let request = signed("hmac-sha256 key=base64 encoding=base64 header=X-Sig prefix=v1,", right, plain(BODY));
    let wrong = secret(&format!("v1,{right}"));
    assert_eq!(explaining(&request, &wrong), []);
    assert!(lacking(&request, &wrong).to_string().contains("leave it out"));
}

/// stripe/stripe-php#1003: blanks before a signature.
#[test]
fn blanks_around_a_signature_do_not_count() {
    let right = value("hmac-sha256", SECRET, BODY);
    let known = explaining(&with("X-Sig", right.as_str()), &secret(SECRET));
    let blank = with("X-Sig", format!(" \t{right} "));
    assert_eq!(explaining(&blank, &secret(SECRET)), known);
    assert_eq!(still(&known, &blank, &secret(SECRET)), known);
}

/// adnanh/webhook#85: the answer to a wrong signature holds the right one.
#[test]
fn what_is_said_of_a_wrong_signature_holds_no_right_one() {
    let right = value("hmac-sha256", SECRET, BODY);
    let first = if right.starts_with('0') { '1' } else { '0' };
    let request = with("X-Sig", format!("{first}{}", &right[1..]));
    let lacking = lacking(&request, &secret(SECRET));
    let said = format!("{lacking} {:?}", lacking.next());
    assert!(!said.contains(&right[1..]) && said.contains("X-Sig"), "{said}");
}

/// polarsource/polar#13522: a secret that begins like one of Standard Webhooks, and is taken as it is.
#[test]
fn a_secret_of_standard_webhooks_may_be_the_key_as_it_is() {
    let with = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    for key in ["secret", "bare", "base64"] {
        let message = "{header:webhook-id}.{header:webhook-timestamp}.{raw}";
        let scheme =
            format!("hmac-sha256 key={key} message={message} encoding=base64 header=webhook-signature prefix=v1,");
        let found = explaining(&signed(&scheme, with, plain(BODY)), &secret(with));
        assert_eq!(found[0].key.to_string(), key);
    }
}

/// A header that is repeated, as two proxies may do: the genuine one counts, wherever it stands.
#[test]
fn a_repeated_header_counts_as_often_as_it_is_there() {
    let right = header("X-Sig", value("hmac-sha256", SECRET, BODY));
    let wrong = header("x-sig", "0f".repeat(32));
    for headers in [vec![right.clone(), wrong.clone()], vec![wrong.clone(), right.clone()], vec![right.clone(), right]]
    {
        let request = Request { headers, ..plain(BODY) };
        let found = explaining(&request, &secret(SECRET));
        assert_eq!(found[0].header.to_ascii_lowercase(), "x-sig");
        assert_eq!(still(&found, &request, &secret(SECRET)), found);
    }
}
