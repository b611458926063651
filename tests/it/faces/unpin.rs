use super::{face, lived_in, untouched};

#[test]
fn good() {
    insta::assert_snapshot!(face(&lived_in(), &["unpin", "Chat bot Team West"]), @"
    $ tm-hooks unpin 'Chat bot Team West' | cat
    wh_sa3mysjv39
    2> ✓ Unpinned Chat bot Team West (wh_sa3mysjv39); it uses v1, latest
    exit 0

    $ tm-hooks unpin 'Chat bot Team West'
    local: the service inside this program, with its data in /home/mara/.local/share/tm-hooks
    ✓ Unpinned Chat bot Team West (wh_sa3mysjv39); it uses v1, latest
    exit 0
    ");
}

#[test]
fn empty() {
    insta::assert_snapshot!(face(&untouched(), &["unpin", "Chat bot Team West"]), @r#"
    $ tm-hooks unpin 'Chat bot Team West' | cat
    2> error: there is no webhook "Chat bot Team West"
    2>   hint: tm-hooks list shows them all
    exit 3

    $ tm-hooks unpin 'Chat bot Team West'
    local: the service inside this program, with its data in /home/mara/.local/share/tm-hooks
    error: there is no webhook "Chat bot Team West"
      hint: tm-hooks list shows them all
    exit 3
    "#);
}

#[test]
fn wrong() {
    insta::assert_snapshot!(face(&lived_in(), &["unpin", "--no-input"]), @"
    $ tm-hooks unpin --no-input | cat
    2> error: <WEBHOOK>... is missing
    2>   hint: usage: tm-hooks unpin <WEBHOOK>...
    exit 2

    $ tm-hooks unpin --no-input
    error: <WEBHOOK>... is missing
      hint: usage: tm-hooks unpin <WEBHOOK>...
    exit 2
    ");
}
