use super::{face, lived_in, untouched};

#[test]
fn good() {
    insta::assert_snapshot!(face(&lived_in(), &["test", "Payroll Nordlicht"]), @"
    $ tm-hooks test 'Payroll Nordlicht' | cat
    2026-11-25T16:55:00.000Z	at_01m89t3jn0f309cnmz7sfj4qwh	wh_nr7ed90z83	test	tm_01a213a1caa07db287e1f64155a5cbbf	test	1/1	204	0 ms	succeeded
    2> ✓ Payroll Nordlicht answered 204 No Content in 0 ms
    2>   sent     test, v1, to http://127.0.0.1:38080/payroll
    2>   whole    tm-hooks show at_01m89t3jn0f309cnmz7sfj4qwh
    exit 0

    $ tm-hooks test 'Payroll Nordlicht'
    local: the service inside this program, with its data in /home/mara/.local/share/tm-hooks
    ✓ Payroll Nordlicht answered 204 No Content in 0 ms
      sent     test, v1, to http://127.0.0.1:38080/payroll
      whole    tm-hooks show at_01m89t3jn0f309cnmz7sfj4qwh
    exit 0
    ");
}

/// The receiver does not accept it.
#[test]
fn good_refused() {
    insta::assert_snapshot!(face(&lived_in(), &["test", "Chat bot Team West"]), @r#"
    $ tm-hooks test 'Chat bot Team West' | cat
    2026-11-25T16:55:00.000Z	at_01m89t3jn0f309cnmz7sfj4qwh	wh_sa3mysjv39	test	tm_01a213a1caa07db287e1f64155a5cbbf	test	1/1	401	0 ms	failed: unauthorized
    2> ✗ Chat bot Team West answered 401 Unauthorized in 0 ms
    2>   likely   it does not accept the signature, wants a header of its own, or minds the case of Timemoto-Signature and webhook-id
    2>            tm-hooks secret show wh_sa3mysjv39 --reveal
    2>            tm-hooks edit wh_sa3mysjv39 --header @FILE
    2>   answer   {"ok": false, "code": "SIGNATURE_INVALID"}
    2>   sent     test, v2, to http://127.0.0.1:38080/bot
    2>   whole    tm-hooks show at_01m89t3jn0f309cnmz7sfj4qwh
    exit 10

    $ tm-hooks test 'Chat bot Team West'
    local: the service inside this program, with its data in /home/mara/.local/share/tm-hooks
    ✗ Chat bot Team West answered 401 Unauthorized in 0 ms
      likely   it does not accept the signature, wants a header of its own, or minds the case of
               Timemoto-Signature and webhook-id
               tm-hooks secret show wh_sa3mysjv39 --reveal
               tm-hooks edit wh_sa3mysjv39 --header @FILE
      answer   {"ok": false, "code": "SIGNATURE_INVALID"}
      sent     test, v2, to http://127.0.0.1:38080/bot
      whole    tm-hooks show at_01m89t3jn0f309cnmz7sfj4qwh
    exit 10
    "#);
}

/// One of two does not accept it.
#[test]
fn good_several() {
    insta::assert_snapshot!(face(&lived_in(), &["test", "Payroll Nordlicht", "Chat bot Team West"]), @r#"
    $ tm-hooks test 'Payroll Nordlicht' 'Chat bot Team West' | cat
    2026-11-25T16:55:00.000Z	at_01m89t3jn0e90bvax7ysczgb28	wh_nr7ed90z83	test	tm_01a213a1caa07e89a997eac9d3238a8c	test	1/1	204	0 ms	succeeded
    2026-11-25T16:55:00.000Z	at_01m89t3jn0fw4a39dkwqeytqc7	wh_sa3mysjv39	test	tm_01a213a1caa07058ae76556441c40505	test	1/1	401	0 ms	failed: unauthorized
    2> ✓ Payroll Nordlicht answered 204 No Content in 0 ms
    2>   sent     test, v1, to http://127.0.0.1:38080/payroll
    2>   whole    tm-hooks show at_01m89t3jn0e90bvax7ysczgb28
    2> ✗ Chat bot Team West answered 401 Unauthorized in 0 ms
    2>   likely   it does not accept the signature, wants a header of its own, or minds the case of Timemoto-Signature and webhook-id
    2>            tm-hooks secret show wh_sa3mysjv39 --reveal
    2>            tm-hooks edit wh_sa3mysjv39 --header @FILE
    2>   answer   {"ok": false, "code": "SIGNATURE_INVALID"}
    2>   sent     test, v2, to http://127.0.0.1:38080/bot
    2>   whole    tm-hooks show at_01m89t3jn0fw4a39dkwqeytqc7
    2> ✗ 1 of 2 webhooks answered 2xx; Chat bot Team West did not
    exit 11

    $ tm-hooks test 'Payroll Nordlicht' 'Chat bot Team West'
    local: the service inside this program, with its data in /home/mara/.local/share/tm-hooks
    ✓ Payroll Nordlicht answered 204 No Content in 0 ms
      sent     test, v1, to http://127.0.0.1:38080/payroll
      whole    tm-hooks show at_01m89t3jn0e90bvax7ysczgb28
    ✗ Chat bot Team West answered 401 Unauthorized in 0 ms
      likely   it does not accept the signature, wants a header of its own, or minds the case of
               Timemoto-Signature and webhook-id
               tm-hooks secret show wh_sa3mysjv39 --reveal
               tm-hooks edit wh_sa3mysjv39 --header @FILE
      answer   {"ok": false, "code": "SIGNATURE_INVALID"}
      sent     test, v2, to http://127.0.0.1:38080/bot
      whole    tm-hooks show at_01m89t3jn0fw4a39dkwqeytqc7
    ✗ 1 of 2 webhooks answered 2xx; Chat bot Team West did not
    exit 11
    "#);
}

#[test]
fn empty() {
    insta::assert_snapshot!(face(&untouched(), &["test", "Payroll Nordlicht"]), @r#"
    $ tm-hooks test 'Payroll Nordlicht' | cat
    2> error: there is no webhook "Payroll Nordlicht"
    2>   hint: tm-hooks list shows them all
    exit 3

    $ tm-hooks test 'Payroll Nordlicht'
    local: the service inside this program, with its data in /home/mara/.local/share/tm-hooks
    error: there is no webhook "Payroll Nordlicht"
      hint: tm-hooks list shows them all
    exit 3
    "#);
}

#[test]
fn wrong() {
    insta::assert_snapshot!(face(&lived_in(), &["test", "--no-input"]), @"
    $ tm-hooks test --no-input | cat
    2> error: <WEBHOOK>... is missing
    2>   hint: usage: tm-hooks test <WEBHOOK>...
    exit 2

    $ tm-hooks test --no-input
    error: <WEBHOOK>... is missing
      hint: usage: tm-hooks test <WEBHOOK>...
    exit 2
    ");
}
