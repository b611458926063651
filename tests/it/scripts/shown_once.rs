//! Tests values that are shown once: they are not created if they cannot be shown, and are named if showing them fails
//! later.

use std::process::Stdio;

use crate::common::{
    Home, Run,
    ledger::Delivering,
    receiver::Receiver,
    service,
    streams::{full, redirected, shell, unread},
};

fn home() -> Home {
    let home = Home::new();
    home.ok(["add", "https://erp.example.com/hooks", "--name", "ERP", "--events", "*"]);
    home
}

/// The creations, replacements and readings, newest first.
fn changes(home: &Home) -> String {
    home.ok(["audit", "--all", "--jq", "[.data[].action] | join(\" \")"])
}

const TOKEN: [&str; 6] = ["token", "create", "--name", "ci", "--scope", "webhooks:read"];
const MAKERS: [&[&str]; 6] = [
    &TOKEN,
    &["token", "create", "--name", "ci", "--scope", "webhooks:read", "-o", "json"],
    &["secret", "rotate", "ERP"],
    &["secret", "rotate", "ERP", "--reveal", "-o", "json"],
    &["secret", "show", "ERP", "--reveal"],
    &["api", "POST", "/v1/tokens", "-f", "name=ci", "-f", "scopes:=[\"webhooks:read\"]"],
];

#[test]
fn nothing_is_made_for_a_stdout_that_cannot_be_written_to() {
    let home = home();
    for arguments in MAKERS {
        for how in [">&-", "1</dev/null", ">&- 2>&-"] {
            let said = redirected(&home, how, arguments).said();
            assert_eq!(said.code, 1, "{arguments:?} {how}: {}", said.err);
            assert!(how.contains('2') || said.err.contains("nothing was done"), "{arguments:?} {how}: {}", said.err);
        }
    }
    assert_eq!(changes(&home), "webhook.add\n");
}

#[test]
fn nothing_is_made_for_a_reader_who_has_gone() {
    let home = home();
    let unread = |arguments: &[&str]| home.program().args(arguments).stdout(unread()).stderr(Stdio::piped()).said();
    unread(&TOKEN).exits(1).tells("nothing was done: nobody reads standard output any more");
    unread(&["secret", "rotate", "ERP", "--reveal"]).exits(1).tells("nothing was done");
    assert_eq!(changes(&home), "webhook.add\n");
    // The masked form does not show it anyway.
    unread(&["secret", "rotate", "ERP"]).exits(0).tells("Replaced the secret of ERP");
}

#[test]
fn what_was_made_and_not_shown_is_named() {
    let home = home();
    let lost = |arguments: &[&str]| home.program().args(arguments).stdout(full()).stderr(Stdio::piped()).said();
    let said = lost(&TOKEN);
    let id = home.json(["token", "list", "-o", "json"])["data"][0]["id"].as_str().unwrap().to_owned();
    said.exits(1).tells(&format!("the token ci ({id}) was made and not shown: could not write to standard output"));
    said.tells(&format!("tm-hooks token revoke {id}"));
    home.ok(["token", "revoke", &id, "--yes"]);
    let error = lost(MAKERS[1]).exits(1).fails_as_json("output_lost");
    let id = home.json(["token", "list", "-o", "json"])["data"][0]["id"].as_str().unwrap().to_owned();
    assert!(error.to_string().contains(&format!("the token ci ({id}) was made and not shown")), "{error}");

    let webhook = home.json(["show", "ERP", "-o", "json"])["id"].as_str().unwrap().to_owned();
    for arguments in [MAKERS[2], MAKERS[3]] {
        let said = lost(arguments);
        said.exits(1).tells(&format!("the secret of ERP ({webhook}) was replaced, but not shown"));
        said.tells(&format!("tm-hooks secret show {webhook} --reveal"));
        home.ok(["secret", "revoke", &webhook]);
    }
    lost(&["secret", "show", "ERP", "--reveal"]).exits(1).tells("could not write to standard output");
}

#[test]
fn a_token_that_its_output_leaves_out_is_not_made() {
    let home = home();
    let create = |more: &[&str]| home.program().args(TOKEN).args(more).said();
    for fields in [&["-o", "id"][..], &["--json=id,name"], &["-o", "csv", "--columns", "name"]] {
        create(fields).exits(2).tells("made and never shown");
    }
    assert_eq!(changes(&home), "webhook.add\n");
    for filter in ["empty", ".id", ".token | length", ".token[:20]", ".token[20:]", "select(.name == \"other\").token"]
    {
        let said = create(&["--jq", filter]);
        assert_eq!(said.exits(2).tells("made and never shown").out, "", "{filter}");
        let api = ["api", "POST", "/v1/tokens", "-f", "name=ci", "-f", "scopes:=[\"webhooks:read\"]", "--jq", filter];
        home.run(api).exits(2).tells("made and never shown");
        home.run(["secret", "rotate", "ERP", "--reveal", "--jq", filter.replace("token", "secret").as_str()]).exits(2);
    }
    create(&["--jq", ".token.nothing"]).exits(1).tells("--jq: cannot index");
    for hides in [&["-o", "id"][..], &["--json=webhookId"]] {
        home.program().args(["secret", "rotate", "ERP", "--reveal"]).args(hides).said().exits(2);
    }
    assert_eq!(changes(&home), "webhook.add\n");
    assert!(create(&["--json=id,token"]).exits(0).out.contains("tmtoken_"), "it is shown");
    for filter in [".token", ".name + \" \" + .token", "[.token]", ".token | @base64", "select(.name == \"ci\").token"]
    {
        home.ok(["token", "revoke", "ci", "--yes"]);
        assert!(create(&["--jq", filter]).exits(0).out.len() > 43, "{filter}");
    }
    let secret = home.ok(["secret", "rotate", "ERP", "--reveal", "--jq", ".secret"]);
    assert!(secret.starts_with("tmkey_"), "{secret}");
}

/// Checks `ulimit -f`: a file that may not grow acts like a full disk, and does not end the program without a message.
#[test]
fn a_file_that_may_not_grow_is_noticed_too() {
    let service = Delivering::to(Receiver::accepting());
    let limited = |arguments: &[&str]| {
        let mut limited = shell(&service.home, "ulimit -f 0; exec \"$0\" \"$@\" >file", arguments);
        limited.envs([("TM_HOOKS_URL", service.served.url.as_str()), ("TM_HOOKS_TOKEN", service::TOKEN)]).said()
    };
    limited(&TOKEN).exits(1).tells("nothing was done: could not write to standard output: File too large");
    assert_eq!(service.ok(&["token", "list"]), "");
    let add = ["add", "https://erp.example.com/hooks", "--name", "ERP", "--events", "*"];
    limited(&add).exits(1).tells("could not write to standard output: File too large");
    assert_eq!(service.json(&["list"])["data"][0]["name"], "ERP");
}

/// Checks output that is discarded on purpose.
#[test]
fn dev_null_is_as_good_as_any() {
    for how in [">/dev/null", "1<>/dev/null"] {
        let home = home();
        for arguments in [&TOKEN[..], &["secret", "rotate", "ERP", "--reveal"], &["secret", "show", "ERP", "--reveal"]]
        {
            redirected(&home, how, arguments).said().exits(0);
        }
        assert_eq!(changes(&home), "secret.read secret.rotate token.create webhook.add\n", "{how}");
    }
}
