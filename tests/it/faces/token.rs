use super::{Look, face, lived_in, untouched};

use crate::common::Home;

/// A home with a token for a pipeline.
fn with_a_token() -> Home {
    let home = lived_in();
    home.ok(["token", "create", "--name", "ci", "--scope", "webhooks:read,events:write", "--expires", "90d"]);
    home
}

#[test]
fn create_good() {
    insta::assert_snapshot!(Look::at(&lived_in()).served().run(&["token", "create", "--name", "ci", "--scope", "webhooks:read", "--expires", "90d"]), @"
    $ tm-hooks token create --name ci --scope webhooks:read --expires 90d | cat
    tmtoken_*******************************************
    2> ✓ Made the token ci (tk_01m89t3jn0e5htpztbefqjycvf) for webhooks:read, valid until it expires 2027-02-23T16:55:00.000Z
    exit 0

    $ tm-hooks token create --name ci --scope webhooks:read --expires 90d
    ✓ ci   made                                        tk_01m89t3jn0e5htpztbefqjycvf
      scopes   webhooks:read
      expires  in 90 d
      token    tmtoken_*******************************************

    It is shown this once: keep it where its user reads it, in TM_HOOKS_TOKEN_FILE for example.
    exit 0
    ");
}

#[test]
fn create_empty() {
    insta::assert_snapshot!(face(&untouched(), &["token", "create", "--name", "ci", "--scope", "webhooks:read"]), @"
    $ tm-hooks token create --name ci --scope webhooks:read | cat
    tmtoken_*******************************************
    2> ✓ Made the token ci (tk_01m89t3jn0f8qvg2hsxq39520t) for webhooks:read, valid until it is revoked
    exit 0

    $ tm-hooks token create --name ci --scope webhooks:read
    local: the service inside this program, with its data in /home/mara/.local/share/tm-hooks
    ✓ ci   made                                        tk_01m89t3jn0f8qvg2hsxq39520t
      scopes   webhooks:read
      token    tmtoken_*******************************************

    It is shown this once: keep it where its user reads it, in TM_HOOKS_TOKEN_FILE for example.
    exit 0
    ");
}

#[test]
fn create_wrong() {
    insta::assert_snapshot!(Look::at(&untouched()).served().run(&["token", "create", "--name", "ci", "--scope", "webhook:read"]), @r#"
    $ tm-hooks token create --name ci --scope webhook:read | cat
    2> error: invalid value 'webhook:read' for '--scope <SCOPE>': "webhook:read" is not a scope; there are webhooks:read, webhooks:write, secrets:read, sources:read, sources:write, events:write, admin
    exit 2

    $ tm-hooks token create --name ci --scope webhook:read
    error: invalid value 'webhook:read' for '--scope <SCOPE>': "webhook:read" is not a scope; there are
           webhooks:read, webhooks:write, secrets:read, sources:read, sources:write, events:write, admin
    exit 2
    "#);
}

#[test]
fn list_good() {
    insta::assert_snapshot!(face(&with_a_token(), &["token", "list"]), @"
    $ tm-hooks token list | cat
    tk_01m89t3jn0e7s8dhraaya71bzs	ci	webhooks:read,events:write	2026-11-25T16:55:00.000Z	2027-02-23T16:55:00.000Z	-
    exit 0

    $ tm-hooks token list
    local: the service inside this program, with its data in /home/mara/.local/share/tm-hooks
    NAME  SCOPES                      EXPIRES  MADE  TOKEN
    ci    webhooks:read,events:write  in 90d     0s  tk_01m89t3jn0e7s8dhraaya71bzs
    exit 0
    ");
}

#[test]
fn list_empty() {
    insta::assert_snapshot!(face(&untouched(), &["token", "list"]), @"
    $ tm-hooks token list | cat
    2> No tokens yet. Make one: tm-hooks token create --name ci --scope webhooks:read
    exit 0

    $ tm-hooks token list
    local: the service inside this program, with its data in /home/mara/.local/share/tm-hooks
    No tokens yet. Make one: tm-hooks token create --name ci --scope webhooks:read
    exit 0
    ");
}

#[test]
fn list_wrong() {
    insta::assert_snapshot!(Look::at(&untouched()).served_to_strangers().run(&["token", "list"]), @"
    $ tm-hooks token list | cat
    2> error: not logged in to http://127.0.0.1:38080
    2>   hint: tm-hooks login http://127.0.0.1:38080
    exit 4

    $ tm-hooks token list
    error: not logged in to http://127.0.0.1:38080
      hint: tm-hooks login http://127.0.0.1:38080
    exit 4
    ");
}

#[test]
fn revoke_good() {
    insta::assert_snapshot!(Look::at(&with_a_token()).typing("Revoke", "y\r").run(&["token", "revoke", "ci"]), @"
    $ tm-hooks token revoke ci | cat
    2> error: an answer is needed and there is nobody to ask
    2>   hint: answer with --yes
    exit 2

    $ tm-hooks token revoke ci
    local: the service inside this program, with its data in /home/mara/.local/share/tm-hooks
    ? Revoke the token ci (tk_01m89t3jn0e7s8dhraaya71bzs)? Whoever uses it is shut out. [y/N] y
    ✓ Revoked ci (tk_01m89t3jn0e7s8dhraaya71bzs)
    exit 0
    ");
}

#[test]
fn revoke_empty() {
    insta::assert_snapshot!(face(&untouched(), &["token", "revoke", "ci"]), @r#"
    $ tm-hooks token revoke ci | cat
    2> error: there is no token "ci"
    2>   hint: see them: tm-hooks token list
    exit 3

    $ tm-hooks token revoke ci
    local: the service inside this program, with its data in /home/mara/.local/share/tm-hooks
    error: there is no token "ci"
      hint: see them: tm-hooks token list
    exit 3
    "#);
}

#[test]
fn revoke_wrong() {
    insta::assert_snapshot!(face(&with_a_token(), &["token", "revoke", "CI", "--yes"]), @r#"
    $ tm-hooks token revoke CI --yes | cat
    2> error: there is no token "CI"
    2>   hint: see them: tm-hooks token list
    exit 3

    $ tm-hooks token revoke CI --yes
    local: the service inside this program, with its data in /home/mara/.local/share/tm-hooks
    error: there is no token "CI"
      hint: see them: tm-hooks token list
    exit 3
    "#);
}
