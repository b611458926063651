use super::{face, lived_in, untouched};

#[test]
fn list_good() {
    let home = untouched();
    home.ok(["config", "set", "retries", "5"]);
    insta::assert_snapshot!(face(&home, &["config", "list"]), @"
    $ tm-hooks config list | cat
    profile	local	default
    service	local	default
    output	table	default
    signs	auto	default
    retries	5	/home/mara/.config/tm-hooks/config.toml:1
    request-timeout	30s	default
    ca-cert	-	default
    proxy	-	default
    allow-http	false	default
    protected	false	default
    data-dir	/home/mara/.local/share/tm-hooks	default
    exit 0

    $ tm-hooks config list
    SETTING          VALUE                    FROM
    profile          local                    default
    service          local                    default
    output           table                    default
    signs            auto                     default
    retries          5                        ~/.config/tm-hooks/config.toml:1
    request-timeout  30s                      default
    ca-cert          –                        default
    proxy            –                        default
    allow-http       false                    default
    protected        false                    default
    data-dir         ~/.local/share/tm-hooks  default
    exit 0
    ");
}

#[test]
fn list_empty() {
    insta::assert_snapshot!(face(&untouched(), &["config", "list"]), @"
    $ tm-hooks config list | cat
    profile	local	default
    service	local	default
    output	table	default
    signs	auto	default
    retries	3	default
    request-timeout	30s	default
    ca-cert	-	default
    proxy	-	default
    allow-http	false	default
    protected	false	default
    data-dir	/home/mara/.local/share/tm-hooks	default
    exit 0

    $ tm-hooks config list
    SETTING          VALUE                    FROM
    profile          local                    default
    service          local                    default
    output           table                    default
    signs            auto                     default
    retries          3                        default
    request-timeout  30s                      default
    ca-cert          –                        default
    proxy            –                        default
    allow-http       false                    default
    protected        false                    default
    data-dir         ~/.local/share/tm-hooks  default
    exit 0
    ");
}

#[test]
fn list_wrong() {
    insta::assert_snapshot!(face(&untouched(), &["config", "show"]), @r#"
    $ tm-hooks config show | cat
    2> error: there is no command "show"
    2>   hint: did you mean "tm-hooks config list"?
    exit 2

    $ tm-hooks config show
    error: there is no command "show"
      hint: did you mean "tm-hooks config list"?
    exit 2
    "#);
}

#[test]
fn get_good() {
    insta::assert_snapshot!(face(&untouched(), &["config", "get", "retries"]), @"
    $ tm-hooks config get retries | cat
    3
    exit 0

    $ tm-hooks config get retries
    3
    exit 0
    ");
}

#[test]
fn get_empty() {
    insta::assert_snapshot!(face(&untouched(), &["config", "get", "profiles.production.url"]), @"
    $ tm-hooks config get profiles.production.url | cat
    2> error: profiles.production.url is not set in /home/mara/.config/tm-hooks/config.toml
    2>   hint: tm-hooks config set profiles.production.url VALUE
    exit 3

    $ tm-hooks config get profiles.production.url
    error: profiles.production.url is not set in /home/mara/.config/tm-hooks/config.toml
      hint: tm-hooks config set profiles.production.url VALUE
    exit 3
    ");
}

#[test]
fn get_wrong() {
    insta::assert_snapshot!(face(&untouched(), &["config", "get", "retrys"]), @r#"
    $ tm-hooks config get retrys | cat
    2> error: there is no setting "retrys"
    2>   hint: did you mean retries? tm-hooks help configuration names them all
    exit 2

    $ tm-hooks config get retrys
    error: there is no setting "retrys"
      hint: did you mean retries? tm-hooks help configuration names them all
    exit 2
    "#);
}

#[test]
fn set_good() {
    let home = untouched();
    home.ok(["config", "set", "output", "csv"]);
    insta::assert_snapshot!(face(&home, &["config", "set", "retries", "5"]), @"
    $ tm-hooks config set retries 5 | cat
    2> ✓ Set retries to 5
    exit 0

    $ tm-hooks config set retries 5
    ✓ Set retries to 5
    exit 0
    ");
}

#[test]
fn set_empty() {
    insta::assert_snapshot!(face(&untouched(), &["config", "set", "output", "json"]), @"
    $ tm-hooks config set output json | cat
    2> ✓ Set output to json
    exit 0

    $ tm-hooks config set output json
    ✓ Set output to json
    exit 0
    ");
}

#[test]
fn set_wrong() {
    insta::assert_snapshot!(face(&untouched(), &["config", "set", "output", "jsn"]), @r#"
    $ tm-hooks config set output jsn | cat
    2> error: output cannot be "jsn": the outputs are table, json, ndjson, csv, tsv and id
    2>   hint: tm-hooks config set output json
    exit 2

    $ tm-hooks config set output jsn
    error: output cannot be "jsn": the outputs are table, json, ndjson, csv, tsv and id
      hint: tm-hooks config set output json
    exit 2
    "#);
}

#[test]
fn path_good() {
    insta::assert_snapshot!(face(&lived_in(), &["config", "path"]), @"
    $ tm-hooks config path | cat
    /home/mara/.config/tm-hooks/config.toml
    exit 0

    $ tm-hooks config path
    /home/mara/.config/tm-hooks/config.toml
    exit 0
    ");
}

#[test]
fn path_empty() {
    insta::assert_snapshot!(face(&untouched(), &["config", "path"]), @"
    $ tm-hooks config path | cat
    /home/mara/.config/tm-hooks/config.toml
    exit 0

    $ tm-hooks config path
    /home/mara/.config/tm-hooks/config.toml
    exit 0
    ");
}

#[test]
fn path_wrong() {
    insta::assert_snapshot!(face(&untouched(), &["config", "paths"]), @r#"
    $ tm-hooks config paths | cat
    2> error: there is no command "paths"
    2>   hint: did you mean "path"?
    2>         usage: tm-hooks config <COMMAND>
    exit 2

    $ tm-hooks config paths
    error: there is no command "paths"
      hint: did you mean "path"?
            usage: tm-hooks config <COMMAND>
    exit 2
    "#);
}
