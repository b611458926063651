use std::fs;

use super::{face, untouched};
use crate::common::Home;

fn with_a_body(body: &str) -> Home {
    let home = untouched();
    fs::write(home.path().join("shop.secret"), "It's a Secret to Everybody\n").unwrap();
    fs::write(home.path().join("body.json"), body).unwrap();
    home
}

#[test]
fn good() {
    let home = with_a_body("{\"id\":\"tm_1\"}");
    insta::assert_snapshot!(face(&home, &["sign", "--secret-file", "shop.secret", "--body", "body.json"]), @"
    $ tm-hooks sign --secret-file shop.secret --body body.json | cat
    Timemoto-Signature: bbdb46f401807d66e58b70ade03b09e2c225085c03a292a57489f090cd4ee0cf
    webhook-id: tm_1
    webhook-timestamp: 1795625700
    webhook-signature: v1,7NoKJ7S+0fw3ZNRCHmYnTH6lHkBdh8LSQhyo9KS4pg8=
    exit 0

    $ tm-hooks sign --secret-file shop.secret --body body.json
    Timemoto-Signature: bbdb46f401807d66e58b70ade03b09e2c225085c03a292a57489f090cd4ee0cf
    webhook-id: tm_1
    webhook-timestamp: 1795625700
    webhook-signature: v1,7NoKJ7S+0fw3ZNRCHmYnTH6lHkBdh8LSQhyo9KS4pg8=
    Timemoto-Signature is the one that receivers assume; TimeMoto has not published how it signs.
    exit 0
    ");
}

#[test]
fn empty() {
    let home = with_a_body("");
    insta::assert_snapshot!(face(&home, &["sign", "--secret-file", "shop.secret", "--body", "body.json", "--curl"]), @"
    $ tm-hooks sign --secret-file shop.secret --body body.json --curl | cat
    -H 'Timemoto-Signature: 66a0c074deaa0f489ead6537e0d32f9a344b90bbeda705b6ed45ecd3b413fb40'
    exit 0

    $ tm-hooks sign --secret-file shop.secret --body body.json --curl
    -H 'Timemoto-Signature: 66a0c074deaa0f489ead6537e0d32f9a344b90bbeda705b6ed45ecd3b413fb40'
    Timemoto-Signature is the one that receivers assume; TimeMoto has not published how it signs.
    exit 0
    ");
}

#[test]
fn wrong() {
    let home = with_a_body("{}");
    let arguments =
        ["sign", "--secret-file", "shop.secret", "--body", "body.json", "--scheme", "hmac-sha256 key=rot13"];
    insta::assert_snapshot!(face(&home, &arguments), @r#"
    $ tm-hooks sign --secret-file shop.secret --body body.json --scheme 'hmac-sha256 key=rot13' | cat
    2> error: invalid value 'hmac-sha256 key=rot13' for '--scheme <SCHEME>': it is no scheme: "rot13" is not a form of the key; there are secret, bare, hex, base64, utf16le, sha256, upper, lower (at character 17)
    2>   hint: tm-hooks help schemes has the words; tm-hooks verify --detect finds the scheme of a request
    exit 2

    $ tm-hooks sign --secret-file shop.secret --body body.json --scheme 'hmac-sha256 key=rot13'
    error: invalid value 'hmac-sha256 key=rot13' for '--scheme <SCHEME>': it is no scheme: "rot13" is
           not a form of the key; there are secret, bare, hex, base64, utf16le, sha256, upper, lower (at
           character 17)
      hint: tm-hooks help schemes has the words; tm-hooks verify --detect finds the scheme of a request
    exit 2
    "#);
}
