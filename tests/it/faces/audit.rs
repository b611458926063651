use super::{Look, face, lived_in, untouched};

#[test]
fn good() {
    insta::assert_snapshot!(face(&lived_in(), &["audit"]), @r#"
    $ tm-hooks audit | cat
    2026-11-25T16:54:15.000Z	local	delivery.retry	at_01m89stdp0fbjvc0d7bvkx1rrs	-	-	{"deliveries":1}
    2026-11-24T14:30:00.000Z	local	webhook.disable	wh_25kf6y1df8	Canteen	{"enabled":true,"disabledReason":null}	{"enabled":false,"disabledReason":"manual"}
    2026-11-24T14:30:00.000Z	local	webhook.add	wh_25kf6y1df8	Canteen	-	{"name":"Canteen","url":"https://canteen.nordlicht.example/in","events":["user.deleted"],"headers":{},"scheme":null,"sources":null,"enabled":true,"disabledReason":null,"pinnedVersion":null}
    2026-11-24T14:30:00.000Z	local	webhook.add	wh_sa3mysjv39	Chat bot Team West	-	{"name":"Chat bot Team West","url":"http://127.0.0.1:38080/bot","events":["user.*"],"headers":{},"scheme":null,"sources":null,"enabled":true,"disabledReason":null,"pinnedVersion":"v2"}
    2026-11-24T14:30:00.000Z	local	webhook.add	wh_nr7ed90z83	Payroll Nordlicht	-	{"name":"Payroll Nordlicht","url":"http://127.0.0.1:38080/payroll","events":["attendance.*"],"headers":{},"scheme":null,"sources":null,"enabled":true,"disabledReason":null,"pinnedVersion":null}
    exit 0

    $ tm-hooks audit
    local: the service inside this program, with its data in /home/mara/.local/share/tm-hooks
    TIME  BY     ACTION           NAME                CHANGED  TARGET
     45s  local  delivery.retry   –                   –        at_01m89stdp0fbjvc0d7bvkx1rrs
      1d  local  webhook.disable  Canteen             status   wh_25kf6y1df8
      1d  local  webhook.add      Canteen             –        wh_25kf6y1df8
      1d  local  webhook.add      Chat bot Team West  –        wh_sa3mysjv39
      1d  local  webhook.add      Payroll Nordlicht   –        wh_nr7ed90z83
    exit 0
    "#);
}

#[test]
fn empty() {
    insta::assert_snapshot!(face(&untouched(), &["audit"]), @"
    $ tm-hooks audit | cat
    2> Nothing was changed yet.
    exit 0

    $ tm-hooks audit
    local: the service inside this program, with its data in /home/mara/.local/share/tm-hooks
    Nothing was changed yet.
    exit 0
    ");
}

/// Who has no token does not see it.
#[test]
fn wrong() {
    insta::assert_snapshot!(Look::at(&lived_in()).served_to_strangers().run(&["audit"]), @"
    $ tm-hooks audit | cat
    2> error: not logged in to http://127.0.0.1:38080
    2>   hint: tm-hooks login http://127.0.0.1:38080
    exit 4

    $ tm-hooks audit
    error: not logged in to http://127.0.0.1:38080
      hint: tm-hooks login http://127.0.0.1:38080
    exit 4
    ");
}
