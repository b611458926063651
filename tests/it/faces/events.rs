use super::{face, lived_in, untouched};

#[test]
fn good() {
    insta::assert_snapshot!(face(&lived_in(), &["events"]), @"
    $ tm-hooks events | cat
    2026-11-25T16:54:30.000Z	tm_01a213a15570744cac3f0cc185409462	attendance.updated	3	2026-11-25T16:54:30.000Z	-
    2026-11-25T16:50:00.000Z	tm_01a2139d36c077129695135ffe92b768	user.inserted	2	2026-11-25T16:50:00.000Z	-
    2026-11-24T14:30:00.000Z	tm_01a20df6ae40708cbb385c81766a6578	attendance.inserted	1	2026-11-24T14:30:00.000Z	-
    exit 0

    $ tm-hooks events
    local: the service inside this program, with its data in /home/mara/.local/share/tm-hooks
    TIME  TYPE                 SEQUENCE  EVENT ID
     30s  attendance.updated          3  tm_01a213a15570744cac3f0cc185409462
      5m  user.inserted               2  tm_01a2139d36c077129695135ffe92b768
      1d  attendance.inserted         1  tm_01a20df6ae40708cbb385c81766a6578
    exit 0
    ");
}

#[test]
fn of_a_person() {
    insta::assert_snapshot!(face(&lived_in(), &["events", "--user", "ERIKA  Example"]), @"
    $ tm-hooks events --user 'ERIKA  Example' | cat
    2026-11-25T16:54:30.000Z	tm_01a213a15570744cac3f0cc185409462	attendance.updated	3	2026-11-25T16:54:30.000Z	-
    2026-11-25T16:50:00.000Z	tm_01a2139d36c077129695135ffe92b768	user.inserted	2	2026-11-25T16:50:00.000Z	-
    2026-11-24T14:30:00.000Z	tm_01a20df6ae40708cbb385c81766a6578	attendance.inserted	1	2026-11-24T14:30:00.000Z	-
    2> Looked at 3 events from 2026-11-24T14:30:00.000Z to 2026-11-25T16:54:30.000Z.
    exit 0

    $ tm-hooks events --user 'ERIKA  Example'
    local: the service inside this program, with its data in /home/mara/.local/share/tm-hooks
    TIME  TYPE                 SEQUENCE  EVENT ID
     30s  attendance.updated          3  tm_01a213a15570744cac3f0cc185409462
      5m  user.inserted               2  tm_01a2139d36c077129695135ffe92b768
      1d  attendance.inserted         1  tm_01a20df6ae40708cbb385c81766a6578
    Looked at 3 events from 2026-11-24T14:30:00.000Z to 2026-11-25T16:54:30.000Z.
    exit 0
    ");
}

#[test]
fn of_nobody() {
    insta::assert_snapshot!(face(&lived_in(), &["events", "--user", "Mara Mustermann", "-o", "json"]), @r#"
    $ tm-hooks events --user 'Mara Mustermann' -o json | cat
    {"data":[],"next":null,"lookedAt":{"events":3,"withoutData":0,"damaged":0,"from":"2026-11-24T14:30:00.000Z","until":"2026-11-25T16:54:30.000Z"}}
    2> Looked at 3 events from 2026-11-24T14:30:00.000Z to 2026-11-25T16:54:30.000Z.
    exit 0

    $ tm-hooks events --user 'Mara Mustermann' -o json
    local: the service inside this program, with its data in /home/mara/.local/share/tm-hooks
    {
      "data": [],
      "next": null,
      "lookedAt": {
        "events": 3,
        "withoutData": 0,
        "damaged": 0,
        "from": "2026-11-24T14:30:00.000Z",
        "until": "2026-11-25T16:54:30.000Z"
      }
    }
    No event that was looked at is about this person.
    Looked at 3 events from 2026-11-24T14:30:00.000Z to 2026-11-25T16:54:30.000Z.
    exit 0
    "#);
    insta::assert_snapshot!(face(&untouched(), &["events", "--user", "Mara Mustermann"]), @"
    $ tm-hooks events --user 'Mara Mustermann' | cat
    2> There was no event to look at.
    exit 0

    $ tm-hooks events --user 'Mara Mustermann'
    local: the service inside this program, with its data in /home/mara/.local/share/tm-hooks
    There was no event to look at.
    exit 0
    ");
}

#[test]
fn of_blanks() {
    insta::assert_snapshot!(face(&lived_in(), &["events", "--user", " "]), @"
    $ tm-hooks events --user ' ' | cat
    2> error: The request cannot be read
    2>   user: must have 1 to 300 characters that are no blanks
    2>   hint: correct it, and run the command again
    exit 7

    $ tm-hooks events --user ' '
    local: the service inside this program, with its data in /home/mara/.local/share/tm-hooks
    error: The request cannot be read
      user: must have 1 to 300 characters that are no blanks
      hint: correct it, and run the command again
    exit 7
    ");
}

#[test]
fn export_of_one() {
    insta::assert_snapshot!(face(&lived_in(), &["events", "--export", "--limit", "1", "--type", "user.inserted"]), @r#"
    $ tm-hooks events --export --limit 1 --type user.inserted | cat
    {"id":"tm_01a2139d36c077129695135ffe92b768","type":"user.inserted","source":null,"sequence":2,"occurredAt":"2026-11-25T16:50:00.000Z","acceptedAt":"2026-11-25T16:50:00.000Z","data":{"clientId":"5b0e7c52-6a1d-4f83-9c2e-7d40b1a9e3f6","userId":"d3a1f5b8-9e27-4c64-a0d3-18b7e6c2f940","userCardNumber":"4711815","userFirstName":"Erika","userLastName":"Example","userFullName":"Erika Example","userEmployeeNumber":"E-1001","emailAddress":"erika.example@example.com","departmentId":"8a3f6e1c-b7d2-4905-a4c8-52e19f0b7d64","departmentName":"Warehouse","locationId":"c94d1f07-23b8-4e6a-8f51-0a6d9e72b4c3","locationName":"Harbour Street"},"deliveries":[{"id":"dl_01m89stdp0fhnvvrjn3pgyh0t5","eventId":"tm_01a2139d36c077129695135ffe92b768","eventType":"user.inserted","webhookId":"wh_sa3mysjv39","version":"v2","status":"pending","test":false,"attempts":2,"maxAttempts":10,"nextAttemptAt":"2026-11-25T17:00:01.161Z","inFlight":false,"createdAt":"2026-11-25T16:50:00.000Z","finishedAt":null}]}
    2> Looked at 1 event from 2026-11-25T16:50:00.000Z to 2026-11-25T16:50:00.000Z.
    exit 0

    $ tm-hooks events --export --limit 1 --type user.inserted
    local: the service inside this program, with its data in /home/mara/.local/share/tm-hooks
    {"id":"tm_01a2139d36c077129695135ffe92b768","type":"user.inserted","source":null,"sequence":2,"occur
    redAt":"2026-11-25T16:50:00.000Z","acceptedAt":"2026-11-25T16:50:00.000Z","data":{"clientId":"5b0e7c
    52-6a1d-4f83-9c2e-7d40b1a9e3f6","userId":"d3a1f5b8-9e27-4c64-a0d3-18b7e6c2f940","userCardNumber":"47
    11815","userFirstName":"Erika","userLastName":"Example","userFullName":"Erika Example","userEmployee
    Number":"E-1001","emailAddress":"erika.example@example.com","departmentId":"8a3f6e1c-b7d2-4905-a4c8-
    52e19f0b7d64","departmentName":"Warehouse","locationId":"c94d1f07-23b8-4e6a-8f51-0a6d9e72b4c3","loca
    tionName":"Harbour Street"},"deliveries":[{"id":"dl_01m89stdp0fhnvvrjn3pgyh0t5","eventId":"tm_01a213
    9d36c077129695135ffe92b768","eventType":"user.inserted","webhookId":"wh_sa3mysjv39","version":"v2","
    status":"pending","test":false,"attempts":2,"maxAttempts":10,"nextAttemptAt":"2026-11-25T17:00:01.16
    1Z","inFlight":false,"createdAt":"2026-11-25T16:50:00.000Z","finishedAt":null}]}
    Looked at 1 event from 2026-11-25T16:50:00.000Z to 2026-11-25T16:50:00.000Z.
    exit 0
    "#);
}

#[test]
fn export_as_a_table() {
    insta::assert_snapshot!(face(&lived_in(), &["events", "--export", "-o", "table"]), @"
    $ tm-hooks events --export -o table | cat
    2> error: --export writes whole events as NDJSON, and takes no other --output
    2>   hint: leave one of them out; jq or another program makes something else of the lines
    exit 2

    $ tm-hooks events --export -o table
    error: --export writes whole events as NDJSON, and takes no other --output
      hint: leave one of them out; jq or another program makes something else of the lines
    exit 2
    ");
}

#[test]
fn empty() {
    insta::assert_snapshot!(face(&untouched(), &["events"]), @"
    $ tm-hooks events | cat
    2> No events yet. Send one: tm-hooks send attendance.inserted
    exit 0

    $ tm-hooks events
    local: the service inside this program, with its data in /home/mara/.local/share/tm-hooks
    No events yet. Send one: tm-hooks send attendance.inserted
    exit 0
    ");
}

#[test]
fn wrong() {
    insta::assert_snapshot!(face(&lived_in(), &["events", "--type", "user.created"]), @r#"
    $ tm-hooks events --type user.created | cat
    2> error: "user.created" is no event type that is known or was seen (did you mean "user.inserted"?)
    2>   hint: see them all with `tm-hooks types`; --unknown-type takes it all the same
    exit 2

    $ tm-hooks events --type user.created
    local: the service inside this program, with its data in /home/mara/.local/share/tm-hooks
    error: "user.created" is no event type that is known or was seen (did you mean "user.inserted"?)
      hint: see them all with `tm-hooks types`; --unknown-type takes it all the same
    exit 2
    "#);
}
