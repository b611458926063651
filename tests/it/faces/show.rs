use super::{Look, face, id, lived_in, untouched};
use crate::common::Run;

#[test]
fn good() {
    insta::assert_snapshot!(face(&lived_in(), &["show", "Chat bot Team West"]), @r#"
    $ tm-hooks show 'Chat bot Team West' | cat
    id	wh_sa3mysjv39
    name	Chat bot Team West
    events	user.*
    version	v2 pinned
    status	failing
    errorRate	100 % of 2
    lastAttemptAt	2026-11-25T16:54:15.000Z
    url	http://127.0.0.1:38080/bot
    headers	-
    scheme	both
    sources	-
    disabledReason	-
    disabledAt	-
    failingSince	2026-11-25T16:50:00.000Z, 2 failures in a row
    heldUntil	-
    pendingDeliveries	1
    createdAt	2026-11-24T14:30:00.000Z
    updatedAt	2026-11-24T14:30:00.000Z
    exit 0

    $ tm-hooks show 'Chat bot Team West'
    local: the service inside this program, with its data in /home/mara/.local/share/tm-hooks
    ✗ Chat bot Team West   failing 5m                                  wh_sa3mysjv39
      http://127.0.0.1:38080/bot

      why      401 unauthorized, 2 times in a row: {"ok": false, "code": "SIGNATURE_INVALID"}
      likely   it does not accept the signature, wants a header of its own, or minds the case of
               Timemoto-Signature and webhook-id
               tm-hooks secret show wh_sa3mysjv39 --reveal
               tm-hooks edit wh_sa3mysjv39 --header @FILE

      events         user.*
      version        v2 pinned
      errors 24 h    100 % of 2
      last attempt   45 s ago
      scheme         both
      failing since  5 min ago, 2 failures in a row
      waiting        1
      added          1 d ago
      changed        1 d ago

      ✗ 45s  user.inserted  2/10  401  0 ms  at_01m89t26prezt8made85g93var
      ✗  5m  user.inserted  1/10  401  0 ms  at_01m89stdp0fbjvc0d7bvkx1rrs

      whole    tm-hooks show at_01m89t26prezt8made85g93var
    exit 0
    "#);
}

#[test]
fn good_attempt() {
    let home = lived_in();
    let attempt = id(&home, ["attempts", "--status", "failed", "-o", "id"]);
    insta::assert_snapshot!(face(&home, &["show", &attempt]), @r#"
    $ tm-hooks show at_01m89t26prezt8made85g93var | cat
    startedAt	2026-11-25T16:54:15.000Z
    id	at_01m89t26prezt8made85g93var
    webhookId	wh_sa3mysjv39
    eventType	user.inserted
    eventId	tm_01a2139d36c077129695135ffe92b768
    kind	manual
    number	2/10
    httpStatus	401
    durationMs	0 ms
    status	failed: unauthorized
    nextRetryAt	2026-11-25T17:00:01.161Z
    deliveryId	dl_01m89stdp0fhnvvrjn3pgyh0t5
    version	v2
    errorDetail	the receiver answered 401 unauthorized

    request
    POST http://127.0.0.1:38080/bot
    content-type: application/json
    user-agent: tm-hooks/0.1.0
    Timemoto-Signature: 02b07ec738081645f0c812f0d2bbbc22c60244550b709a33dbb23b089cb6b31a
    webhook-id: tm_01a2139d36c077129695135ffe92b768
    webhook-timestamp: 1795625655
    webhook-signature: v1,jgz7YT8P2iqigr9hIClzHXObRxsige7L4stC+rYtkKM=
    webhook-version: v2
    webhook-attempt: 2

    {
      "version": "v2",
      "id": "tm_01a2139d36c077129695135ffe92b768",
      "event": "user.inserted",
      "sequence": 2,
      "occurredAt": "2026-11-25T16:50:00.000Z",
      "dispatchedAt": "2026-11-25T16:50:00.000Z",
      "data": {
        "clientId": "5b0e7c52-6a1d-4f83-9c2e-7d40b1a9e3f6",
        "user": {
          "id": "d3a1f5b8-9e27-4c64-a0d3-18b7e6c2f940",
          "firstName": "Erika",
          "lastName": "Example",
          "fullName": "Erika Example",
          "cardNumber": "4711815",
          "employeeNumber": "E-1001",
          "emailAddress": "erika.example@example.com",
          "department": {
            "id": "8a3f6e1c-b7d2-4905-a4c8-52e19f0b7d64",
            "name": "Warehouse"
          }
        },
        "location": {
          "id": "c94d1f07-23b8-4e6a-8f51-0a6d9e72b4c3",
          "name": "Harbour Street"
        },
        "extra": {}
      }
    }

    answer
    401 Unauthorized
    date: Wed, 25 Nov 2026 16:54:15 GMT
    content-length: 42

    {
      "ok": false,
      "code": "SIGNATURE_INVALID"
    }
    exit 0

    $ tm-hooks show at_01m89t26prezt8made85g93var
    local: the service inside this program, with its data in /home/mara/.local/share/tm-hooks
    ✗ Chat bot Team West answered 401 Unauthorized to user.inserted
      45 s ago (Wed 25 Nov 16:54:15), try 2 of 10 (manual), took 0 ms, next in 5 min 1 s

      likely   it does not accept the signature, wants a header of its own, or minds the case of
               Timemoto-Signature and webhook-id
               tm-hooks secret show wh_sa3mysjv39 --reveal
               tm-hooks edit wh_sa3mysjv39 --header @FILE

      request  POST http://127.0.0.1:38080/bot                         v2, 620 bytes
               Timemoto-Signature  02b07ec738081645f0c812f0…  as receivers assume it
               webhook-signature   v1,jgz7YT8P2iqigr9hIClzHXObRxsige7L4stC+rYtkKM=
               6 more headers and the body: --whole             as a command: --curl
      answer   401 Unauthorized                                             42 bytes
               {"ok": false, "code": "SIGNATURE_INVALID"}

      tries    ✗ 1/10  5 min ago  401  0 ms  at_01m89stdp0fbjvc0d7bvkx1rrs
               ✗ 2/10  45 s ago   401  0 ms  this one
                 3/10  in 5 min 1 s

      event    tm_01a2139d36c077129695135ffe92b768
      again    tm-hooks retry at_01m89t26prezt8made85g93var
    exit 0
    "#);
}

/// All of it is asked for, or a command that does it again.
#[test]
fn good_attempt_whole() {
    let home = lived_in();
    let attempt = id(&home, ["attempts", "--status", "failed", "-o", "id"]);
    let whole = Look::at(&home).shown(&["show", &attempt, "--whole"]);
    insta::assert_snapshot!(whole.lines().take(34).collect::<Vec<_>>().join("\n"), @"
    $ tm-hooks show at_01m89t26prezt8made85g93var --whole
    local: the service inside this program, with its data in /home/mara/.local/share/tm-hooks
    ✗ Chat bot Team West answered 401 Unauthorized to user.inserted
      time        45 s ago
      attempt     at_01m89t26prezt8made85g93var
      webhook     wh_sa3mysjv39
      event id    tm_01a2139d36c077129695135ffe92b768
      kind        manual
      try         2/10
      took        0 ms
      next retry  in 5 min 1 s
      delivery    dl_01m89stdp0fhnvvrjn3pgyh0t5
      version     v2
      in detail   the receiver answered 401 unauthorized

      likely   it does not accept the signature, wants a header of its own, or minds the case of
               Timemoto-Signature and webhook-id
               tm-hooks secret show wh_sa3mysjv39 --reveal
               tm-hooks edit wh_sa3mysjv39 --header @FILE
      again    tm-hooks retry at_01m89t26prezt8made85g93var

      tries    ✗ 1/10  5 min ago  401  0 ms  at_01m89stdp0fbjvc0d7bvkx1rrs
               ✗ 2/10  45 s ago   401  0 ms  this one
                 3/10  in 5 min 1 s

    request
    POST http://127.0.0.1:38080/bot
    content-type: application/json
    user-agent: tm-hooks/0.1.0
    Timemoto-Signature: 02b07ec738081645f0c812f0d2bbbc22c60244550b709a33dbb23b089cb6b31a
    webhook-id: tm_01a2139d36c077129695135ffe92b768
    webhook-timestamp: 1795625655
    webhook-signature: v1,jgz7YT8P2iqigr9hIClzHXObRxsige7L4stC+rYtkKM=
    webhook-version: v2
    ");
    insta::assert_snapshot!(Look::at(&home).shown(&["show", &attempt, "--curl"]), @r#"
    $ tm-hooks show at_01m89t26prezt8made85g93var --curl
    local: the service inside this program, with its data in /home/mara/.local/share/tm-hooks
    curl -ig 'http://127.0.0.1:38080/bot' \
      -H 'Accept:' \
      -H 'content-type: application/json' \
      -H 'user-agent: tm-hooks/0.1.0' \
      -H 'Timemoto-Signature: 02b07ec738081645f0c812f0d2bbbc22c60244550b709a33dbb23b089cb6b31a' \
      -H 'webhook-id: tm_01a2139d36c077129695135ffe92b768' \
      -H 'webhook-timestamp: 1795625655' \
      -H 'webhook-signature: v1,jgz7YT8P2iqigr9hIClzHXObRxsige7L4stC+rYtkKM=' \
      -H 'webhook-version: v2' \
      -H 'webhook-attempt: 2' \
      --data-raw '{"version":"v2","id":"tm_01a2139d36c077129695135ffe92b768","event":"user.inserted","se
    quence":2,"occurredAt":"2026-11-25T16:50:00.000Z","dispatchedAt":"2026-11-25T16:50:00.000Z","data":{
    "clientId":"5b0e7c52-6a1d-4f83-9c2e-7d40b1a9e3f6","user":{"id":"d3a1f5b8-9e27-4c64-a0d3-18b7e6c2f940
    ","firstName":"Erika","lastName":"Example","fullName":"Erika Example","cardNumber":"4711815","employ
    eeNumber":"E-1001","emailAddress":"erika.example@example.com","department":{"id":"8a3f6e1c-b7d2-4905
    -a4c8-52e19f0b7d64","name":"Warehouse"}},"location":{"id":"c94d1f07-23b8-4e6a-8f51-0a6d9e72b4c3","na
    me":"Harbour Street"},"extra":{}}}'
    exit 0
    "#);
    let piped = |arguments: &[&str]| home.program().args(arguments).said().ok();
    assert_eq!(piped(&["show", &attempt, "--whole"]), piped(&["show", &attempt]));
}

#[test]
fn good_attempt_that_worked() {
    let home = lived_in();
    let attempt = id(&home, ["attempts", "--status", "succeeded", "-o", "id"]);
    insta::assert_snapshot!(Look::at(&home).shown(&["show", &attempt]), @"
    $ tm-hooks show at_01m89t2nbgfxqsv2qjcrsgvv93
    local: the service inside this program, with its data in /home/mara/.local/share/tm-hooks
      Payroll Nordlicht answered 204 No Content to attendance.updated
      30 s ago (Wed 25 Nov 16:54:30), try 1 of 10, took 0 ms

      request  POST http://127.0.0.1:38080/payroll                   v1, 1,389 bytes
               Timemoto-Signature  f7ad2b26fd4fb5058b934773…  as receivers assume it
               webhook-signature   v1,/OF2AMDqe3VDLpG0iLbO3SGxMK//oL+U0Q+9cRmX0n0=
               6 more headers and the body: --whole             as a command: --curl
      answer   204 No Content                                                no body

      event    tm_01a213a15570744cac3f0cc185409462
    exit 0
    ");
}

#[test]
fn good_delivery() {
    let home = lived_in();
    let delivery = home.json(["attempts", "--status", "failed", "--json"])["data"][0]["deliveryId"].clone();
    insta::assert_snapshot!(Look::at(&home).shown(&["show", delivery.as_str().unwrap()]), @"
    $ tm-hooks show dl_01m89stdp0fhnvvrjn3pgyh0t5
    local: the service inside this program, with its data in /home/mara/.local/share/tm-hooks
    delivery  dl_01m89stdp0fhnvvrjn3pgyh0t5
    webhook   wh_sa3mysjv39
    event     user.inserted
    event id  tm_01a2139d36c077129695135ffe92b768
    version   v2
    status    pending
    tries     2/10
    next try  in 5 min 1 s
    test      no
    made      5 min ago

    attempts
      TIME  WEBHOOK             EVENT           TRY  ANSWER            TOOK  NEXT
    ✗  45s  Chat bot Team West  user.inserted  2/10  401 unauthorized  0 ms  in 5m
    ✗   5m  Chat bot Team West  user.inserted  1/10  401 unauthorized  0 ms

    not shown: EVENT ID, ATTEMPT; --columns shows them
    exit 0
    ");
}

#[test]
fn good_event() {
    let home = lived_in();
    let event = id(&home, ["events", "-o", "id"]);
    insta::assert_snapshot!(face(&home, &["show", &event]), @r#"
    $ tm-hooks show tm_01a213a15570744cac3f0cc185409462 | cat
    acceptedAt	2026-11-25T16:54:30.000Z
    id	tm_01a213a15570744cac3f0cc185409462
    type	attendance.updated
    sequence	3
    occurredAt	2026-11-25T16:54:30.000Z
    source	-

    data
    {
      "clockingType": "In",
      "deviceSerialNumber": "402600711830294",
      "clientId": "5b0e7c52-6a1d-4f83-9c2e-7d40b1a9e3f6",
      "userId": "d3a1f5b8-9e27-4c64-a0d3-18b7e6c2f940",
      "userCardNumber": "4711815",
      "userFirstName": "Erika",
      "userLastName": "Example",
      "userFullName": "Erika Example",
      "userEmployeeNumber": "E-1001",
      "departmentId": "8a3f6e1c-b7d2-4905-a4c8-52e19f0b7d64",
      "departmentName": "Warehouse",
      "locationId": "c94d1f07-23b8-4e6a-8f51-0a6d9e72b4c3",
      "locationName": "Harbour Street",
      "projectId": "b64d02e8-5f17-4c93-8ae0-d3719c5f2a46",
      "projectName": "26351 - Autumn Catalogue",
      "projectCode": "5561",
      "timeZone": "Europe/Amsterdam",
      "timeLogged": "2026-11-25T17:40:25",
      "timeLoggedRounded": "2026-11-25T17:40:00",
      "timeInserted": "2026-11-25T16:54:29.9998252Z",
      "clockingActionTypeId": 0,
      "verificationModeId": 15,
      "recordHash": -2650627581247121408,
      "recordIgnored": false,
      "clockingPairId": "Pairs_Sequences_5b0e7c52-6a1d-4f83-9c2e-7d40b1a9e3f6_d3a1f5b8-9e27-4c64-a0d3-18b7e6c2f940_2026_11_25_2a119dcd-228d-4681-ad8c-8807305e1499",
      "clockingSequenceId": "Sequences_5b0e7c52-6a1d-4f83-9c2e-7d40b1a9e3f6_d3a1f5b8-9e27-4c64-a0d3-18b7e6c2f940_2026_11_25",
      "planningId": 0,
      "absenceTypeId": null,
      "absenceTypeName": null,
      "color": null,
      "comment": null,
      "payPeriodId": "5c2631d4-234f-49cf-8a3a-c3df95716dd8",
      "payPeriodName": "48"
    }

    deliveries
    dl_01m89t2nbgfahb7z3x45w53ced	wh_nr7ed90z83	attendance.updated	tm_01a213a15570744cac3f0cc185409462	v1	succeeded	1/10	-
    exit 0

    $ tm-hooks show tm_01a213a15570744cac3f0cc185409462
    local: the service inside this program, with its data in /home/mara/.local/share/tm-hooks
    time      30 s ago
    event id  tm_01a213a15570744cac3f0cc185409462
    type      attendance.updated
    sequence  3
    happened  30 s ago

    data
    {
      "clockingType": "In",
      "deviceSerialNumber": "402600711830294",
      "clientId": "5b0e7c52-6a1d-4f83-9c2e-7d40b1a9e3f6",
      "userId": "d3a1f5b8-9e27-4c64-a0d3-18b7e6c2f940",
      "userCardNumber": "4711815",
      "userFirstName": "Erika",
      "userLastName": "Example",
      "userFullName": "Erika Example",
      "userEmployeeNumber": "E-1001",
      "departmentId": "8a3f6e1c-b7d2-4905-a4c8-52e19f0b7d64",
      "departmentName": "Warehouse",
      "locationId": "c94d1f07-23b8-4e6a-8f51-0a6d9e72b4c3",
      "locationName": "Harbour Street",
      "projectId": "b64d02e8-5f17-4c93-8ae0-d3719c5f2a46",
      "projectName": "26351 - Autumn Catalogue",
      "projectCode": "5561",
      "timeZone": "Europe/Amsterdam",
      "timeLogged": "2026-11-25T17:40:25",
      "timeLoggedRounded": "2026-11-25T17:40:00",
    … 15 more lines: --whole

    deliveries
    WEBHOOK            STATUS     TRIES  VERSION  EVENT               DELIVERY
    Payroll Nordlicht  succeeded   1/10  v1       attendance.updated  dl_01m89t2nbgfahb7z3x45w53ced
    exit 0
    "#);
}

#[test]
fn empty() {
    insta::assert_snapshot!(face(&untouched(), &["show", "Payroll Nordlicht"]), @r#"
    $ tm-hooks show 'Payroll Nordlicht' | cat
    2> error: there is no webhook "Payroll Nordlicht"
    2>   hint: tm-hooks list shows them all
    exit 3

    $ tm-hooks show 'Payroll Nordlicht'
    local: the service inside this program, with its data in /home/mara/.local/share/tm-hooks
    error: there is no webhook "Payroll Nordlicht"
      hint: tm-hooks list shows them all
    exit 3
    "#);
}

#[test]
fn wrong() {
    insta::assert_snapshot!(face(&lived_in(), &["show", "Payrol Nordlicht"]), @r#"
    $ tm-hooks show 'Payrol Nordlicht' | cat
    2> error: there is no webhook "Payrol Nordlicht"
    2>   hint: did you mean "Payroll Nordlicht"?
    exit 3

    $ tm-hooks show 'Payrol Nordlicht'
    local: the service inside this program, with its data in /home/mara/.local/share/tm-hooks
    error: there is no webhook "Payrol Nordlicht"
      hint: did you mean "Payroll Nordlicht"?
    exit 3
    "#);
}
