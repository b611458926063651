use super::{face, lived_in, untouched};

#[test]
fn good() {
    insta::assert_snapshot!(face(&lived_in(), &["api", "GET", "/v1/webhooks?limit=1"]), @r#"
    $ tm-hooks api GET '/v1/webhooks?limit=1' | cat
    {"data":[{"id":"wh_25kf6y1df8","name":"Canteen","url":"https://canteen.nordlicht.example/in","events":["user.deleted"],"enabled":false,"headers":{},"scheme":null,"sources":null,"pinnedVersion":null,"version":"v1","versionSource":"latest","status":"disabled","errorRate":null,"attempts24h":0,"failed24h":0,"pendingDeliveries":0,"createdAt":"2026-11-24T14:30:00.000Z","updatedAt":"2026-11-24T14:30:00.000Z","lastAttemptAt":null,"disabledReason":"manual","disabledAt":"2026-11-24T14:30:00.000Z","failingSince":null,"failuresInARow":0,"disablesAt":null,"heldUntil":null,"breaker":"closed","revision":2}],"next":"Mzo"}
    2> This is one page, and there may be more: --paginate shows them all
    exit 0

    $ tm-hooks api GET '/v1/webhooks?limit=1'
    local: the service inside this program, with its data in /home/mara/.local/share/tm-hooks
    {
      "data": [
        {
          "id": "wh_25kf6y1df8",
          "name": "Canteen",
          "url": "https://canteen.nordlicht.example/in",
          "events": [
            "user.deleted"
          ],
          "enabled": false,
          "headers": {},
          "scheme": null,
          "sources": null,
          "pinnedVersion": null,
          "version": "v1",
          "versionSource": "latest",
          "status": "disabled",
          "errorRate": null,
          "attempts24h": 0,
          "failed24h": 0,
          "pendingDeliveries": 0,
          "createdAt": "2026-11-24T14:30:00.000Z",
          "updatedAt": "2026-11-24T14:30:00.000Z",
          "lastAttemptAt": null,
          "disabledReason": "manual",
          "disabledAt": "2026-11-24T14:30:00.000Z",
          "failingSince": null,
          "failuresInARow": 0,
          "disablesAt": null,
          "heldUntil": null,
          "breaker": "closed",
          "revision": 2
        }
      ],
      "next": "Mzo"
    }
    This is one page, and there may be more: --paginate shows them all
    exit 0
    "#);
}

#[test]
fn empty() {
    insta::assert_snapshot!(face(&untouched(), &["api", "GET", "/v1/attempts"]), @r#"
    $ tm-hooks api GET /v1/attempts | cat
    {"data":[],"next":null}
    exit 0

    $ tm-hooks api GET /v1/attempts
    local: the service inside this program, with its data in /home/mara/.local/share/tm-hooks
    {
      "data": [],
      "next": null
    }
    exit 0
    "#);
}

#[test]
fn wrong() {
    insta::assert_snapshot!(face(&lived_in(), &["api", "GET", "/v1/webhook"]), @"
    $ tm-hooks api GET /v1/webhook | cat
    2> error: there is no path /v1/webhook; /docs lists them
    2>   hint: did you mean /v1/webhooks?
    exit 6

    $ tm-hooks api GET /v1/webhook
    local: the service inside this program, with its data in /home/mara/.local/share/tm-hooks
    error: there is no path /v1/webhook; /docs lists them
      hint: did you mean /v1/webhooks?
    exit 6
    ");
}

/// The service refuses what it is sent.
#[test]
fn wrong_status() {
    insta::assert_snapshot!(face(&lived_in(), &["api", "POST", "/v1/events", "-f", "type=user.created"]), @"
    $ tm-hooks api POST /v1/events -f type=user.created | cat
    2> error: The input was not accepted
    2>   data: is missing
    2>   hint: correct it, and run the command again
    exit 7

    $ tm-hooks api POST /v1/events -f type=user.created
    local: the service inside this program, with its data in /home/mara/.local/share/tm-hooks
    error: The input was not accepted
      data: is missing
      hint: correct it, and run the command again
    exit 7
    ");
}
