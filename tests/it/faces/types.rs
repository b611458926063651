use super::{face, lived_in, untouched};

#[test]
fn good() {
    insta::assert_snapshot!(face(&lived_in(), &["types"]), @"
    $ tm-hooks types | cat
    attendance.inserted	someone clocked in or out
    attendance.updated	a recorded clocking was changed
    attendance.deleted	a recorded clocking was removed
    user.inserted	a person was added
    user.updated	a person's details were changed
    user.deleted	a person was removed
    test	a test of one webhook, made by `tm-hooks test`
    exit 0

    $ tm-hooks types
    local: the service inside this program, with its data in /home/mara/.local/share/tm-hooks
    TYPE                 DESCRIPTION
    attendance.inserted  someone clocked in or out
    attendance.updated   a recorded clocking was changed
    attendance.deleted   a recorded clocking was removed
    user.inserted        a person was added
    user.updated         a person's details were changed
    user.deleted         a person was removed
    test                 a test of one webhook, made by `tm-hooks test`

    See an example payload: tm-hooks types attendance.inserted
    exit 0
    ");
}

#[test]
fn empty() {
    insta::assert_snapshot!(face(&untouched(), &["types", "user.deleted"]), @r#"
    $ tm-hooks types user.deleted | cat
    {"clientId":"5b0e7c52-6a1d-4f83-9c2e-7d40b1a9e3f6","userId":"7e4c90ab-15d6-4b3f-92e8-c6a05d7f1b83","userCardNumber":"","userFirstName":"Sam","userLastName":"Sample","userFullName":"Sam Sample","userEmployeeNumber":"E-1002","emailAddress":"sam.sample@example.com","departmentId":"8a3f6e1c-b7d2-4905-a4c8-52e19f0b7d64","departmentName":"Warehouse","locationId":"c94d1f07-23b8-4e6a-8f51-0a6d9e72b4c3","locationName":"Harbour Street","isDeleted":true}
    exit 0

    $ tm-hooks types user.deleted
    local: the service inside this program, with its data in /home/mara/.local/share/tm-hooks
    user.deleted   a person was removed
    {
      "clientId": "5b0e7c52-6a1d-4f83-9c2e-7d40b1a9e3f6",
      "userId": "7e4c90ab-15d6-4b3f-92e8-c6a05d7f1b83",
      "userCardNumber": "",
      "userFirstName": "Sam",
      "userLastName": "Sample",
      "userFullName": "Sam Sample",
      "userEmployeeNumber": "E-1002",
      "emailAddress": "sam.sample@example.com",
      "departmentId": "8a3f6e1c-b7d2-4905-a4c8-52e19f0b7d64",
      "departmentName": "Warehouse",
      "locationId": "c94d1f07-23b8-4e6a-8f51-0a6d9e72b4c3",
      "locationName": "Harbour Street",
      "isDeleted": true
    }
    exit 0
    "#);
}

#[test]
fn wrong() {
    insta::assert_snapshot!(face(&lived_in(), &["types", "users.deleted"]), @r#"
    $ tm-hooks types users.deleted | cat
    2> error: "users.deleted" is no event type that is known or was seen (did you mean "user.deleted"?)
    2>   hint: see them all: tm-hooks types
    exit 2

    $ tm-hooks types users.deleted
    local: the service inside this program, with its data in /home/mara/.local/share/tm-hooks
    error: "users.deleted" is no event type that is known or was seen (did you mean "user.deleted"?)
      hint: see them all: tm-hooks types
    exit 2
    "#);
}
