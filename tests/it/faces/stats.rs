use super::{face, lived_in, untouched};

#[test]
fn good() {
    insta::assert_snapshot!(face(&lived_in(), &["stats"]), @"
    $ tm-hooks stats | cat
    wh_nr7ed90z83	Payroll Nordlicht	1	0	0 % of 1
    wh_sa3mysjv39	Chat bot Team West	2	2	100 % of 2
    exit 0

    $ tm-hooks stats
    local: the service inside this program, with its data in /home/mara/.local/share/tm-hooks
    WEBHOOK                   ERRORS  ID
    Chat bot Team West  few:  2 of 2  wh_sa3mysjv39
    Payroll Nordlicht   few:  0 of 1  wh_nr7ed90z83

    67 % of 3 attempts failed since 1 d ago.
    exit 0
    ");
}

#[test]
fn good_by_hour() {
    insta::assert_snapshot!(face(&lived_in(), &["stats", "--by", "hour"]), @"
    $ tm-hooks stats --by hour | cat
    2026-11-25T16:00:00Z	-	3	2	67 % of 3
    2> Hours are those of UTC.
    exit 0

    $ tm-hooks stats --by hour
    local: the service inside this program, with its data in /home/mara/.local/share/tm-hooks
    HOUR              ERRORS                                FAILED
    Wed 25 Nov 16:00    67 %  ━━━━━━━━━━━━━━━━━━━━━━━━━━━━  2 of 3

    67 % of 3 attempts failed since 1 d ago.
    Hours are those of UTC.
    exit 0
    ");
}

#[test]
fn empty() {
    insta::assert_snapshot!(face(&untouched(), &["stats"]), @"
    $ tm-hooks stats | cat
    2> No finished attempts since 2026-11-24T17:00:00.000Z; tests are left out.
    exit 0

    $ tm-hooks stats
    local: the service inside this program, with its data in /home/mara/.local/share/tm-hooks
    No finished attempts since 1 d ago; tests are left out.
    exit 0
    ");
}

#[test]
fn wrong() {
    insta::assert_snapshot!(face(&lived_in(), &["stats", "--since", "yesterday"]), @r#"
    $ tm-hooks stats --since yesterday | cat
    2> error: invalid value 'yesterday' for '--since <WHEN>': "yesterday" is neither a duration (2h, 7d), nor a date (2026-11-23), nor a time (2026-11-23T17:40:00Z)
    exit 2

    $ tm-hooks stats --since yesterday
    error: invalid value 'yesterday' for '--since <WHEN>': "yesterday" is neither a duration (2h, 7d),
           nor a date (2026-11-23), nor a time (2026-11-23T17:40:00Z)
    exit 2
    "#);
}
