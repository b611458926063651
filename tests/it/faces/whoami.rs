use super::{Look, face, lived_in, untouched};

#[test]
fn good() {
    insta::assert_snapshot!(Look::at(&lived_in()).served().run(&["whoami", "--check"]), @"
    $ tm-hooks whoami --check | cat
    profile	production
    service	http://127.0.0.1:38080/
    tokenSource	TM_HOOKS_TOKEN
    name	admin
    scopes	admin
    valid	valid
    exit 0

    $ tm-hooks whoami --check
    ✓ admin   token valid
      profile     production
      service     http://127.0.0.1:38080/
      token from  TM_HOOKS_TOKEN
      scopes      admin
    exit 0
    ");
}

#[test]
fn empty() {
    insta::assert_snapshot!(face(&untouched(), &["whoami"]), @"
    $ tm-hooks whoami | cat
    profile	local
    service	local
    tokenSource	-
    name	local
    scopes	admin
    valid	valid
    exit 0

    $ tm-hooks whoami
    ✓ local   token valid
      profile  local
      service  local
      scopes   admin
    exit 0
    ");
}

#[test]
fn wrong() {
    insta::assert_snapshot!(Look::at(&untouched()).served_to_strangers().run(&["whoami", "--check"]), @"
    $ tm-hooks whoami --check | cat
    2> error: not logged in to http://127.0.0.1:38080/
    2>   hint: tm-hooks login --profile production
    exit 4

    $ tm-hooks whoami --check
    error: not logged in to http://127.0.0.1:38080/
      hint: tm-hooks login --profile production
    exit 4
    ");
}
