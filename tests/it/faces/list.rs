use super::{face, lived_in, untouched};

#[test]
fn good() {
    insta::assert_snapshot!(face(&lived_in(), &["list"]), @"
    $ tm-hooks list | cat
    wh_25kf6y1df8	Canteen	user.deleted	v1 latest	disabled	none yet	-	https://canteen.nordlicht.example/in
    wh_sa3mysjv39	Chat bot Team West	user.*	v2 pinned	failing	100 % of 2	2026-11-25T16:54:15.000Z	http://127.0.0.1:38080/bot
    wh_nr7ed90z83	Payroll Nordlicht	attendance.*	v1 latest	enabled	0 % of 1	2026-11-25T16:54:30.000Z	http://127.0.0.1:38080/payroll
    2> 1 delivery waits and nobody delivers. Deliver all the time: tm-hooks serve
    exit 0

    $ tm-hooks list
    local: the service inside this program, with its data in /home/mara/.local/share/tm-hooks
      NAME                STATUS      ERRORS 24 H  LAST  VERSION  URL                      ID
    ✗ Chat bot Team West  failing 5m   100 % of 2   45s  v2 pin   http://127.0.0.1:38080…  wh_sa3mysjv39
      Payroll Nordlicht   enabled        0 % of 1   30s  v1       http://127.0.0.1:38080…  wh_nr7ed90z83
    ○ Canteen             disabled         –          –  v1       canteen.nordlicht.exam…  wh_25kf6y1df8

    3 webhooks: 1 in trouble. 67 % of 3 attempts failed in 24 h.
    Why:  tm-hooks show wh_sa3mysjv39
    1 delivery waits and nobody delivers. Deliver all the time: tm-hooks serve
    not shown: EVENTS; --columns shows them
    exit 0
    ");
}

#[test]
fn empty() {
    insta::assert_snapshot!(face(&untouched(), &["list"]), @"
    $ tm-hooks list | cat
    2> No webhooks yet. Add one: tm-hooks add
    exit 0

    $ tm-hooks list
    local: the service inside this program, with its data in /home/mara/.local/share/tm-hooks
    No webhooks yet. Add one: tm-hooks add
    exit 0
    ");
}

#[test]
fn wrong() {
    insta::assert_snapshot!(face(&lived_in(), &["list", "--sort", "age"]), @r#"
    $ tm-hooks list --sort age | cat
    2> error: invalid value 'age' for '--sort <ORDER>': "age" is not a sort order; there are created, name, error-rate
    exit 2

    $ tm-hooks list --sort age
    error: invalid value 'age' for '--sort <ORDER>': "age" is not a sort order; there are created, name,
           error-rate
    exit 2
    "#);
}
