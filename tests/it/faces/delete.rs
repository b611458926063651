use super::{Look, face, lived_in, untouched};

#[test]
fn good() {
    insta::assert_snapshot!(Look::at(&lived_in()).typing("Delete", "y\r").run(&["delete", "Canteen"]), @"
    $ tm-hooks delete Canteen | cat
    2> error: an answer is needed and there is nobody to ask
    2>   hint: answer with --yes
    exit 2

    $ tm-hooks delete Canteen
    local: the service inside this program, with its data in /home/mara/.local/share/tm-hooks
    ? Delete Canteen (wh_25kf6y1df8, https://canteen.nordlicht.example/in) and its secret? [y/N] y
    ✓ Deleted Canteen (wh_25kf6y1df8)
    exit 0
    ");
}

#[test]
fn good_yes() {
    insta::assert_snapshot!(face(&lived_in(), &["delete", "Canteen", "Chat bot Team West", "--yes"]), @"
    $ tm-hooks delete Canteen 'Chat bot Team West' --yes | cat
    wh_25kf6y1df8
    wh_sa3mysjv39
    2> ✓ Deleted Canteen (wh_25kf6y1df8)
    2> ✓ Deleted Chat bot Team West (wh_sa3mysjv39)
    exit 0

    $ tm-hooks delete Canteen 'Chat bot Team West' --yes
    local: the service inside this program, with its data in /home/mara/.local/share/tm-hooks
    ✓ Deleted Canteen (wh_25kf6y1df8)
    ✓ Deleted Chat bot Team West (wh_sa3mysjv39)
    exit 0
    ");
}

#[test]
fn empty() {
    insta::assert_snapshot!(face(&untouched(), &["delete", "Canteen", "--yes"]), @r#"
    $ tm-hooks delete Canteen --yes | cat
    2> error: there is no webhook "Canteen"
    2>   hint: tm-hooks list shows them all
    exit 3

    $ tm-hooks delete Canteen --yes
    local: the service inside this program, with its data in /home/mara/.local/share/tm-hooks
    error: there is no webhook "Canteen"
      hint: tm-hooks list shows them all
    exit 3
    "#);
}

#[test]
fn wrong() {
    insta::assert_snapshot!(face(&lived_in(), &["delete", "Canteen", "Chat bot", "--yes"]), @r#"
    $ tm-hooks delete Canteen 'Chat bot' --yes | cat
    2> error: there is no webhook "Chat bot"
    2>   hint: did you mean "Chat bot Team West"?
    exit 3

    $ tm-hooks delete Canteen 'Chat bot' --yes
    local: the service inside this program, with its data in /home/mara/.local/share/tm-hooks
    error: there is no webhook "Chat bot"
      hint: did you mean "Chat bot Team West"?
    exit 3
    "#);
}
