use super::{Look, face, untouched};

use crate::common::Home;

/// A home that knows two services, and uses the protected one.
fn with_profiles() -> Home {
    let home = untouched();
    home.ok(["profile", "add", "production", "https://hooks.havelblick.example", "--protected"]);
    home.ok(["profile", "add", "staging", "https://staging.havelblick.example"]);
    home.ok(["profile", "use", "production"]);
    home
}

#[test]
fn list_good() {
    insta::assert_snapshot!(face(&with_profiles(), &["profile", "list"]), @"
    $ tm-hooks profile list | cat
    local	-	-	-	-	inside this program
    production	in use	protected	-	-	https://hooks.havelblick.example/
    staging	-	-	-	-	https://staging.havelblick.example/
    exit 0

    $ tm-hooks profile list
    PROFILE     IN USE  PROTECTED  URL
    local       –       –          inside this program
    production  in use  protected  https://hooks.havelblick.example/
    staging     –       –          https://staging.havelblick.example/
    exit 0
    ");
}

#[test]
fn list_empty() {
    insta::assert_snapshot!(face(&untouched(), &["profile", "list"]), @"
    $ tm-hooks profile list | cat
    local	in use	-	-	-	inside this program
    exit 0

    $ tm-hooks profile list
    PROFILE  IN USE  URL
    local    in use  inside this program
    exit 0
    ");
}

#[test]
fn list_wrong() {
    insta::assert_snapshot!(Look::at(&untouched()).first(10).run(&["profile"]), @"
    $ tm-hooks profile | cat
    2> List, choose, add and remove profiles: services with a name
    2>
    2> Usage: tm-hooks profile <COMMAND>
    2>
    2> Commands:
    2>   list    List the profiles
    2>   use     Use a profile from now on
    2>   add     Add a profile, or change the one of this name
    2>   remove  Remove a profile, and the token that login has kept for it
    2>
    2> …
    exit 2

    $ tm-hooks profile
    List, choose, add and remove profiles: services with a name

    Usage: tm-hooks profile <COMMAND>

    Commands:
      list    List the profiles
      use     Use a profile from now on
      add     Add a profile, or change the one of this name
      remove  Remove a profile, and the token that login has kept for it

    …
    exit 2
    ");
}

#[test]
fn use_good() {
    insta::assert_snapshot!(face(&with_profiles(), &["profile", "use", "staging"]), @"
    $ tm-hooks profile use staging | cat
    staging
    2> ✓ Profile staging is used from now on
    exit 0

    $ tm-hooks profile use staging
    ✓ Profile staging is used from now on
    exit 0
    ");
}

#[test]
fn use_empty() {
    insta::assert_snapshot!(face(&untouched(), &["profile", "use", "local"]), @"
    $ tm-hooks profile use local | cat
    local
    2> ✓ Profile local is used from now on
    exit 0

    $ tm-hooks profile use local
    ✓ Profile local is used from now on
    exit 0
    ");
}

#[test]
fn use_wrong() {
    insta::assert_snapshot!(face(&with_profiles(), &["profile", "use", "prodution"]), @r#"
    $ tm-hooks profile use prodution | cat
    2> error: there is no profile "prodution"
    2>   hint: tm-hooks profile list shows them all; "local" always exists; tm-hooks profile add NAME URL makes one
    exit 3

    $ tm-hooks profile use prodution
    error: there is no profile "prodution"
      hint: tm-hooks profile list shows them all; "local" always exists; tm-hooks profile add NAME URL
            makes one
    exit 3
    "#);
}

#[test]
fn add_good() {
    insta::assert_snapshot!(face(&with_profiles(), &["profile", "add", "tryout", "https://tryout.havelblick.example"]), @"
    $ tm-hooks profile add tryout https://tryout.havelblick.example | cat
    tryout
    2> ✓ Added profile tryout: https://tryout.havelblick.example/
    2>   Log in:  tm-hooks login --profile tryout
    exit 0

    $ tm-hooks profile add tryout https://tryout.havelblick.example
    ✓ Added profile tryout: https://tryout.havelblick.example/
      Log in:  tm-hooks login --profile tryout
    exit 0
    ");
}

#[test]
fn add_empty() {
    insta::assert_snapshot!(face(&untouched(), &["profile", "add", "production", "https://hooks.havelblick.example", "--protected"]), @"
    $ tm-hooks profile add production https://hooks.havelblick.example --protected | cat
    production
    2> ✓ Added profile production: https://hooks.havelblick.example/
    2>   Log in:  tm-hooks login --profile production
    exit 0

    $ tm-hooks profile add production https://hooks.havelblick.example --protected
    ✓ Added profile production: https://hooks.havelblick.example/
      Log in:  tm-hooks login --profile production
    exit 0
    ");
}

#[test]
fn add_wrong() {
    insta::assert_snapshot!(face(&with_profiles(), &["profile", "add", "tryout", "tryout.havelblick.example"]), @r#"
    $ tm-hooks profile add tryout tryout.havelblick.example | cat
    2> error: "tryout.havelblick.example" is no service's URL (from URL): it does not begin with https://
    2>   hint: give it as --service https://hooks.example.com
    exit 2

    $ tm-hooks profile add tryout tryout.havelblick.example
    error: "tryout.havelblick.example" is no service's URL (from URL): it does not begin with https://
      hint: give it as --service https://hooks.example.com
    exit 2
    "#);
}

#[test]
fn remove_good() {
    insta::assert_snapshot!(face(&with_profiles(), &["profile", "remove", "staging"]), @"
    $ tm-hooks profile remove staging | cat
    staging
    2> ✓ Removed profile staging
    exit 0

    $ tm-hooks profile remove staging
    ✓ Removed profile staging
    exit 0
    ");
}

#[test]
fn remove_empty() {
    insta::assert_snapshot!(face(&untouched(), &["profile", "remove", "staging"]), @r#"
    $ tm-hooks profile remove staging | cat
    2> error: there is no profile "staging"
    2>   hint: tm-hooks profile list shows them all
    exit 3

    $ tm-hooks profile remove staging
    error: there is no profile "staging"
      hint: tm-hooks profile list shows them all
    exit 3
    "#);
}

#[test]
fn remove_wrong() {
    insta::assert_snapshot!(face(&with_profiles(), &["profile", "remove", "local"]), @r#"
    $ tm-hooks profile remove local | cat
    2> error: "local" is the service inside this program: it always exists
    exit 2

    $ tm-hooks profile remove local
    error: "local" is the service inside this program: it always exists
    exit 2
    "#);
}
