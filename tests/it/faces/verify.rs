use std::fs;

use super::{Look, face, id, lived_in, untouched};
use crate::common::Home;

/// A home with a recorded request that is signed with the secret in `shop.secret`.
fn recorded(home: Home) -> Home {
    let write = |name: &str, text: &str| fs::write(home.path().join(name), text).unwrap();
    write("shop.secret", "It's a Secret to Everybody\n");
    write(
        "request.http",
        "POST /hooks HTTP/1.1\r\nHost: shop.example\r\nX-Hub-Signature-256: \
         sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17\r\n\r\nHello, World!",
    );
    home
}

const GITHUB: &str = "hmac-sha256 header=X-Hub-Signature-256 prefix=sha256=";

#[test]
fn good() {
    let home = recorded(untouched());
    insta::assert_snapshot!(
        face(&home, &["verify", "--secret-file", "shop.secret", "--delivery", "request.http", "--scheme", GITHUB]),
        @"
    $ tm-hooks verify --secret-file shop.secret --delivery request.http --scheme 'hmac-sha256 header=X-Hub-Signature-256 prefix=sha256=' | cat
    id	-
    genuine	true
    code	genuine
    message	the signature is right
    scheme	hmac-sha256 key=secret message=raw encoding=hex header=X-Hub-Signature-256 prefix=sha256=
    instead	-
    seen	false
    difference	-
    2> ✓ Genuine: the signature is right
    2>   code      genuine
    2>   scheme    hmac-sha256 key=secret message=raw encoding=hex header=X-Hub-Signature-256 prefix=sha256=
    exit 0

    $ tm-hooks verify --secret-file shop.secret --delivery request.http --scheme 'hmac-sha256 header=X-Hub-Signature-256 prefix=sha256='
    ✓ Genuine: the signature is right
      code      genuine
      scheme    hmac-sha256 key=secret message=raw encoding=hex header=X-Hub-Signature-256
                prefix=sha256=
    exit 0
    "
    );
}

#[test]
fn an_attempt_is_genuine() {
    let home = lived_in();
    let attempt = id(&home, ["attempts", "--limit", "1", "-o", "id"]);
    insta::assert_snapshot!(face(&home, &["verify", "--delivery", &attempt]), @"
    $ tm-hooks verify --delivery at_01m89t2nbgfxqsv2qjcrsgvv93 | cat
    id	tm_01a213a15570744cac3f0cc185409462
    genuine	true
    code	genuine
    message	the signature is right
    scheme	hmac-sha256 key=secret message=raw encoding=hex
    instead	-
    seen	false
    difference	-
    2> ✓ tm_01a213a15570744cac3f0cc185409462 is genuine: the signature is right
    2>   code      genuine
    2>   scheme    hmac-sha256 key=secret message=raw encoding=hex
    exit 0

    $ tm-hooks verify --delivery at_01m89t2nbgfxqsv2qjcrsgvv93
    local: the service inside this program, with its data in /home/mara/.local/share/tm-hooks
    ✓ tm_01a213a15570744cac3f0cc185409462 is genuine: the signature is right
      code      genuine
      scheme    hmac-sha256 key=secret message=raw encoding=hex
    exit 0
    ");
}

#[test]
fn detected() {
    let home = recorded(untouched());
    insta::assert_snapshot!(
        Look::at(&home).run(&["verify", "--secret-file", "shop.secret", "--delivery", "request.http", "--detect"]),
        @r#"
    $ tm-hooks verify --secret-file shop.secret --delivery request.http --detect | cat
    hmac-sha256 key=secret message=raw encoding=hex header=X-Hub-Signature-256 prefix=sha256=
    2> ✓ Found, of 380 that were tried: HMAC-SHA-256 of the raw body with the whole secret as the key, in lower-case hex, with "sha256=" before it, in the header X-Hub-Signature-256
    exit 0

    $ tm-hooks verify --secret-file shop.secret --delivery request.http --detect
      const message = rawBody;
      const expected = Buffer.from("sha256=" + createHmac("sha256", key).update(message).digest("hex"));
      return (headers["x-hub-signature-256"] ?? "").split(" ").some((one) => {
        const signature = Buffer.from(one);
        return signature.length === expected.length && timingSafeEqual(signature, expected);
      });
    }

    Python

    import base64, hashlib, hmac, json, re, urllib.parse

    # raw_body: the bytes as they came; headers: a dict with names in lower case; url: the whole URL of
    the request.
    def is_genuine(raw_body, headers, secret, url=""):
        key = secret.encode()
        message = raw_body
        digest = hmac.new(key, message, hashlib.sha256).digest()
        expected = "sha256=" + digest.hex()
        return any(hmac.compare_digest(one.encode(), expected.encode()) for one in headers.get("x-hub-si
    gnature-256", "").split(" "))

    Go

    import (
            "crypto/hmac"
            "crypto/sha256"
            "crypto/subtle"
            "encoding/hex"
            "net/http"
            "strings"
    )

    // rawBody: the bytes as they came.
    func IsGenuine(rawBody []byte, headers http.Header, secret string) bool {
            key := []byte(secret)
            var message []byte
            message = append(message, rawBody...)
            mac := hmac.New(sha256.New, key)
            mac.Write(message)
            expected := "sha256=" + hex.EncodeToString(mac.Sum(nil))
            for _, one := range strings.Fields(headers.Get("X-Hub-Signature-256")) {
                    if subtle.ConstantTimeCompare([]byte(one), []byte(expected)) == 1 {
                            return true
                    }
            }
            return false
    }

    PHP

    <?php
    // $rawBody: file_get_contents('php://input'); $headers: array_change_key_case(getallheaders()); $ur
    l: the whole URL.
    function is_genuine(string $rawBody, array $headers, string $secret, string $url = ''): bool
    {
        $key = $secret;
        $message = $rawBody;
        $digest = hash_hmac('sha256', $message, $key, true);
        $expected = "sha256=" . bin2hex($digest);
        $genuine = false;
        foreach (explode(' ', $headers["x-hub-signature-256"] ?? '') as $one) {
            $genuine = hash_equals($expected, $one) || $genuine;
        }
        return $genuine;
    }

    C#

    using System;
    using System.Linq;
    using System.Security.Cryptography;
    using System.Text;
    using System.Text.Json;
    using System.Text.RegularExpressions;

    public static class Signature
    {
        // rawBody: the bytes as they came; header: gives a header's value by its name; url: the whole U
    RL of the request.
        public static bool IsGenuine(byte[] rawBody, Func<string, string?> header, string secret, string
     url = "")
        {
            var key = Encoding.UTF8.GetBytes(secret);
            var message = rawBody;
            var digest = HMACSHA256.HashData(key, message);
            var expected = Encoding.UTF8.GetBytes("sha256=" + Convert.ToHexString(digest).ToLowerInvaria
    nt());
            var given = header("X-Hub-Signature-256") ?? "";
            return given.Split(' ').Any(one => CryptographicOperations.FixedTimeEquals(Encoding.UTF8.Get
    Bytes(one), expected));
        }
    }

    Rust

    // Cargo.toml: hmac = "0.13", sha2 = "0.11" (sha1, md-5 = "0.11"), hex = "0.4", base64 = "0.23", sub
    tle = "2", http = "1", serde_json = "1"
    use hmac::{Hmac, KeyInit, Mac};
    use sha2::Sha256;
    use subtle::ConstantTimeEq;

    /// raw_body: the bytes as they came.
    pub fn is_genuine(raw_body: &[u8], headers: &http::HeaderMap, secret: &str) -> bool {
        let header = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_defa
    ult();
        let key = secret.as_bytes().to_vec();
        let message: Vec<u8> = [raw_body].concat();
        let digest = Hmac::<Sha256>::new_from_slice(&key).expect("a key of any length").chain_update(&me
    ssage).finalize().into_bytes();
        let expected = "sha256=".to_owned() + &hex::encode(digest);
        let given = header("X-Hub-Signature-256");
        given.split(' ').fold(false, |genuine, one| genuine | bool::from(one.as_bytes().ct_eq(expected.a
    s_bytes())))
    }

    ✓ Found, of 380 that were tried: HMAC-SHA-256 of the raw body with the whole secret as the key, in
      lower-case hex, with "sha256=" before it, in the header X-Hub-Signature-256
    hmac-sha256 key=secret message=raw encoding=hex header=X-Hub-Signature-256 prefix=sha256=
    exit 0
    "#
    );
}

#[test]
fn empty() {
    let home = recorded(untouched());
    fs::write(home.path().join("empty"), "").unwrap();
    insta::assert_snapshot!(face(&home, &["verify", "--secret-file", "shop.secret", "--delivery", "empty"]), @"
    $ tm-hooks verify --secret-file shop.secret --delivery empty | cat
    2> error: --delivery empty holds no request: it is empty
    2>   hint: a request as it went over the wire begins with POST /hooks HTTP/1.1; its headers, a blank line and the body follow
    exit 2

    $ tm-hooks verify --secret-file shop.secret --delivery empty
    error: --delivery empty holds no request: it is empty
      hint: a request as it went over the wire begins with POST /hooks HTTP/1.1; its headers, a blank
            line and the body follow
    exit 2
    ");
}

#[test]
fn wrong() {
    let home = recorded(untouched());
    fs::write(home.path().join("other.secret"), "another").unwrap();
    insta::assert_snapshot!(
        face(&home, &["verify", "--secret-file", "other.secret", "--delivery", "request.http", "--scheme", GITHUB]),
        @"
    $ tm-hooks verify --secret-file other.secret --delivery request.http --scheme 'hmac-sha256 header=X-Hub-Signature-256 prefix=sha256=' | cat
    id	-
    genuine	false
    code	wrong_secret
    message	the signature is not made with this secret, or the body is not the one that was signed: a body that was changed on its way looks just the same
    scheme	hmac-sha256 key=secret message=raw encoding=hex header=X-Hub-Signature-256 prefix=sha256=
    instead	-
    seen	false
    difference	-
    2> ✗ Not genuine: the signature is not made with this secret, or the body is not the one that was signed: a body that was changed on its way looks just the same
    2>   next      with a request that is genuine for sure: tm-hooks verify --detect …
    2>   code      wrong_secret
    2>   scheme    hmac-sha256 key=secret message=raw encoding=hex header=X-Hub-Signature-256 prefix=sha256=
    exit 10

    $ tm-hooks verify --secret-file other.secret --delivery request.http --scheme 'hmac-sha256 header=X-Hub-Signature-256 prefix=sha256='
    ✗ Not genuine: the signature is not made with this secret, or the body is not the one that was
      signed: a body that was changed on its way looks just the same
      next      with a request that is genuine for sure: tm-hooks verify --detect …
      code      wrong_secret
      scheme    hmac-sha256 key=secret message=raw encoding=hex header=X-Hub-Signature-256
                prefix=sha256=
    exit 10
    "
    );
}
