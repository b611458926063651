use super::{face, lived_in, untouched};

#[test]
fn good() {
    insta::assert_snapshot!(face(&lived_in(), &["enable", "Canteen"]), @"
    $ tm-hooks enable Canteen | cat
    wh_25kf6y1df8
    2> ✓ Enabled Canteen (wh_25kf6y1df8)
    exit 0

    $ tm-hooks enable Canteen
    local: the service inside this program, with its data in /home/mara/.local/share/tm-hooks
    ✓ Enabled Canteen (wh_25kf6y1df8)
    Events that came while it was disabled were recorded, but not sent to it. Send them:
    tm-hooks retry --failed wh_25kf6y1df8 --since 2026-11-24T14:30:00.000Z
    exit 0
    ");
}

#[test]
fn empty() {
    insta::assert_snapshot!(face(&untouched(), &["enable", "--all", "--yes"]), @"
    $ tm-hooks enable --all --yes | cat
    2> No webhook is to be enabled
    exit 0

    $ tm-hooks enable --all --yes
    local: the service inside this program, with its data in /home/mara/.local/share/tm-hooks
    No webhook is to be enabled
    exit 0
    ");
}

#[test]
fn wrong() {
    insta::assert_snapshot!(face(&lived_in(), &["enable", "canteen"]), @r#"
    $ tm-hooks enable canteen | cat
    2> error: there is no webhook "canteen"
    2>   hint: did you mean "Canteen"?
    exit 3

    $ tm-hooks enable canteen
    local: the service inside this program, with its data in /home/mara/.local/share/tm-hooks
    error: there is no webhook "canteen"
      hint: did you mean "Canteen"?
    exit 3
    "#);
}
