use super::{Look, lived_in, untouched};

use crate::common::service::TOKEN;

#[test]
fn good() {
    let home = lived_in();
    std::fs::write(home.path().join("token"), TOKEN).unwrap();
    insta::assert_snapshot!(Look::at(&home).served_to_strangers().run(&["login", "URL", "--token-file", "token", "--insecure-storage"]), @"
    $ tm-hooks login http://127.0.0.1:38080 --token-file token --insecure-storage | cat
    admin
    2> ✓ Logged in to http://127.0.0.1:38080/ as admin. The token is in /home/mara/.config/tm-hooks/credentials.toml, which only you can read.
    2>   Profile production, which is used from now on.
    exit 0

    $ tm-hooks login http://127.0.0.1:38080 --token-file token --insecure-storage
    ✓ Logged in to http://127.0.0.1:38080/ as admin. The token is in
      /home/mara/.config/tm-hooks/credentials.toml, which only you can read.
      Profile production, which is used from now on.
    exit 0
    ");
}

#[test]
fn empty() {
    let keys = format!("{TOKEN}\r");
    insta::assert_snapshot!(Look::at(&untouched()).served_to_strangers().typing("not shown", &keys).run(&["login", "URL", "--insecure-storage"]), @"
    $ tm-hooks login http://127.0.0.1:38080 --insecure-storage | cat
    2> error: an answer is needed and there is nobody to ask
    2>   hint: answer with --token-stdin or --token-file
    exit 2

    $ tm-hooks login http://127.0.0.1:38080 --insecure-storage
    ? Token for http://127.0.0.1:38080/ (it is not shown):
    ✓ Logged in to http://127.0.0.1:38080/ as admin. The token is in
      /home/mara/.config/tm-hooks/credentials.toml, which only you can read.
      Profile production, which is used from now on.
    exit 0
    ");
}

#[test]
fn wrong() {
    let home = untouched();
    std::fs::write(home.path().join("token"), "an-invented-token-that-is-wrong").unwrap();
    insta::assert_snapshot!(Look::at(&home).served_to_strangers().run(&["login", "URL", "--token-file", "token", "--insecure-storage"]), @"
    $ tm-hooks login http://127.0.0.1:38080 --token-file token --insecure-storage | cat
    2> error: http://127.0.0.1:38080/ does not accept the token
    2>   hint: it may be mistyped, expired or revoked: log in with another one, tm-hooks login
    exit 4

    $ tm-hooks login http://127.0.0.1:38080 --token-file token --insecure-storage
    error: http://127.0.0.1:38080/ does not accept the token
      hint: it may be mistyped, expired or revoked: log in with another one, tm-hooks login
    exit 4
    ");
}
