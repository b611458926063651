use super::{Look, face, untouched};

#[test]
fn good() {
    let home = untouched();
    insta::assert_snapshot!(Look::at(&home).logged_in().run(&["logout"]), @"
    $ tm-hooks logout | cat
    2> ✓ Logged out of http://127.0.0.1:38080/. The token is gone from the file.
    exit 0

    $ tm-hooks logout
    ✓ Logged out of http://127.0.0.1:38080/. The token is gone from the file.
    exit 0
    ");
}

#[test]
fn empty() {
    insta::assert_snapshot!(face(&untouched(), &["logout"]), @"
    $ tm-hooks logout | cat
    2> The service inside this program needs no token
    exit 0

    $ tm-hooks logout
    The service inside this program needs no token
    exit 0
    ");
}

#[test]
fn wrong() {
    insta::assert_snapshot!(face(&untouched(), &["logout", "--profile", "prodction"]), @r#"
    $ tm-hooks logout --profile prodction | cat
    2> error: there is no profile "prodction" (from --profile)
    2>   hint: tm-hooks profile list shows them all; "local" always exists; tm-hooks profile add NAME URL makes one
    exit 2

    $ tm-hooks logout --profile prodction
    error: there is no profile "prodction" (from --profile)
      hint: tm-hooks profile list shows them all; "local" always exists; tm-hooks profile add NAME URL
            makes one
    exit 2
    "#);
}
