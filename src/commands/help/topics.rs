//! The topics of `tm-hooks help`. A test runs every line in them that begins with `$`.

use clap::Command;

use crate::{
    error::EXIT_CODES,
    render::{AS_IN_JQ_1_7, Difference, LEFT_OUT, OURS, OUTSIDE},
};

use super::{environment, pages};

/// A topic's name, its description, and its text, which may depend on the program and the width.
pub(super) type Topic = (&'static str, &'static str, fn(Command, usize) -> String);

/// All topics.
pub(super) const TOPICS: [Topic; 8] = [
    (pages::OPTIONS, "the options of every command", pages::options),
    ("exit-codes", "what the exit codes mean", |_, _| exit_codes()),
    ("environment", "the environment variables", |_, _| environment::text()),
    ("configuration", "what the configuration file may hold", |_, _| CONFIGURATION.to_owned()),
    ("output", "outputs, and what scripts may rely on", |_, _| OUTPUT.to_owned()),
    ("filtering", "choosing fields and columns, and --jq", |_, _| filtering()),
    ("schemes", "how requests are signed, as a text", |_, _| SCHEMES.to_owned()),
    ("scripting", "shell scripts and pipelines", |_, _| SCRIPTING.to_owned()),
];

fn exit_codes() -> String {
    EXIT_CODES.map(|(code, meaning)| format!("{code:>3}  {meaning}\n")).concat()
}

fn filtering() -> String {
    let widths = AS_IN_JQ_1_7
        .iter()
        .chain(OURS)
        .fold((0, 0), |(filter, jq), row| (filter.max(row.filter.chars().count()), jq.max(row.jq.chars().count())));
    let rows = |heading: &str, rows: &[Difference]| {
        let line =
            |filter: &str, jq: &str, here: &str| format!("  {filter:<0$}  {jq:<1$}  {here}\n", widths.0, widths.1);
        let lines: String = rows.iter().map(|row| line(row.filter, row.jq, row.here)).collect();
        format!("\n{heading}\n\n{}{lines}", line("", "jq 1.6", "here"))
    };
    let as_in_jq = rows("These work as in jq 1.7:", AS_IN_JQ_1_7);
    let ours = rows("These differ; numbers keep their text until you calculate with them:", OURS);
    format!(
        "{FILTERING}{as_in_jq}{ours}\nMissing, as they look beyond the data:\n\n{OUTSIDE}\n\
         Also missing:\n\n{LEFT_OUT}"
    )
}

const CONFIGURATION: &str = "\
The file is config.toml in ~/.config/tm-hooks, or where TM_HOOKS_CONFIG_DIR says; tm-hooks config path prints it.
It is changed by hand, or by tm-hooks config set, profile and login, which keep your comments.

profile = \"production\"              # the profile that is used when nothing names one
output = \"table\"                    # table, json, ndjson, csv, tsv or id
signs = \"auto\"                      # auto, or ascii for a terminal that shows no other signs
retries = 3                           # how often a temporarily failed request is repeated, 0 to 20
request-timeout = \"30s\"             # how long one request may take
ca-cert = \"own.pem\"                 # certificates to trust besides the system's; a path starts here, or at ~
proxy = \"http://proxy.example:3128\" # the proxy that leads to the service, or socks5h://…

[profiles.production]
url = \"https://hooks.example.com\"   # where the service is
protected = true                      # ask before every change
allow-http = false                    # whether the token may go over plain HTTP to another machine
token = \"keyring\"                   # where login has put the token: keyring or file
output = \"json\"                     # output, retries, request-timeout, ca-cert and proxy may stand here too

A profile that moves to another url loses allow-http, proxy, ca-cert and its token, which belonged to the service before.

The profile \"local\", the service inside this program, always exists.
";

const OUTPUT: &str = "\
Data goes to stdout, all else to stderr.

table   on a terminal aligned and fitted to its width, trouble first, with relative times: long names, URLs, events
        and answers are cut with ..., ids never; in a pipe the rows tab-separated in the service's order, never cut,
        without a header, with times in UTC
json    {\"data\": [...], \"next\": null or a cursor} for a list, the bare object for one thing;
        --json=id,name gives a bare array of these fields
ndjson  one object a line
csv     RFC 4180 with a header; --columns chooses
tsv     tab-separated with a header; a tab, a line break and a backslash in a value are written \\t, \\n, \\r and \\\\
id      ids, one a line

--table-header always|never says whether a table, csv or tsv has a header.

A part is never shown as the whole. Webhooks, tokens and profiles are listed whole: only a terminal's table stops at 50,
and says of how many. Attempts, events and the audit log stop at 50 everywhere; stderr says that there is more, and json
carries the cursor in \"next\". --limit N and --all say otherwise; --quiet keeps stderr silent. A service whose list
never ends is exit code 6: one that comes back to a page that was there, has 2,000 pages in a row that are not full, or
more than 100,000 pages (4,000 where json or a terminal's table needs all at once; 400 of webhooks and tokens).

With json and ndjson an error is one JSON object on stderr:
{\"error\": {\"code\", \"message\", \"hint\", \"status\", \"requestId\", \"retryable\"}}
Warnings that the data does not show, such as what a profile lost when it moved, are written there too, one object per
line: {\"warning\": {\"code\", \"message\"}}
";

const FILTERING: &str = "\
--columns name,url     which columns a table, csv or tsv has, in this order; by their names in JSON
--json=id,name         JSON with these fields only; the error for a wrong name lists the names
--jq EXPRESSION        a filter in the language of jq, over the JSON output; no jq is needed

A list has an event's data and deliveries, or an attempt's request and response, if --json= or --columns names them.
A filter sees {\"data\": [...], \"next\": ...} for a list and the bare object for one thing. With -o ndjson it sees one
object after the other, as they come in, which needs no memory for --all. Strings are printed without quotes, all else
as JSON, one result per line. Numbers keep all their digits, unless you calculate with them.

  $ tm-hooks list --columns name,status,url -o csv
  $ tm-hooks list --json=id,name
  $ tm-hooks list --jq '.data[] | select(.status == \"failing\") | .name'
  $ tm-hooks list --jq '.data[] | [.name, .url] | @tsv'
  $ tm-hooks attempts --all -o ndjson --jq 'select(.durationMs > 1000) | .id'
  $ tm-hooks attempts --since 24h --all --jq '.data | group_by(.httpStatus) | map({status: .[0].httpStatus, count: length})'
  $ tm-hooks attempts --all --jq '.data[] | select(.error // \"\" | test(\"timeout|refused\"; \"i\")) | .id'
  $ tm-hooks events --all --json=id,data --jq '.[] | [.id, .data.userFullName] | @tsv'
  $ tm-hooks types attendance.inserted --jq 'keys | length'
  $ tm-hooks api GET /v1/webhooks --paginate --jq '.data | length'

The language is jq's, with its own functions and regular expressions; jq 1.6 is what it is compared with. A filter sees
the data alone: neither files nor the environment nor other inputs; and it cannot end the program. It may work for 5 s
and hold some 256 MB, and more for more data; then it ends with an error. A filter that is not valid gives exit code 2,
one that fails 1. Error messages, which `catch` sees, may differ from jq's.
";

const SCRIPTING: &str = "\
- Nothing is asked without a terminal, with --no-input, or with CI set; --yes answers \"are you sure?\".
- Ctrl-C is 130. Another signal ends a command as that signal always does, which a shell tells as 143 for SIGTERM.
- The service and its token come from TM_HOOKS_URL and TM_HOOKS_TOKEN, or TM_HOOKS_TOKEN_FILE; never from an argument.
- In a pipe a command that changes something prints its id.
- The exit code says what happened (tm-hooks help exit-codes); a temporary failure was retried before it is 9.
- --wait and --timeout belong to verbs that wait: test, send and retry. 8 means that the time ran out.
- In place of a file, - is standard input.
- A reader who leaves, as head does, ends the output, not the work: send | head -1 sends all of it, and the exit code
  stays the command's own. Output that cannot be written, to a full disk or a closed stdout, is 1 where all else went
  well; what was done is told on stderr. A token or a secret that could not be shown is not made.

  $ tm-hooks add https://erp.example.com/timemoto --name ERP --events 'attendance.*' --if-not-exists
  $ tm-hooks test ERP --timeout 30s
  $ tm-hooks stats ERP --fail-over 5%
  $ tm-hooks attempts ERP --status failed --since 1h -o id | xargs -r tm-hooks retry --wait
  $ echo '{\"clockingType\":\"Out\"}' | tm-hooks send attendance.inserted --data - --wait
  $ tm-hooks api PATCH \"/v1/webhooks/$(tm-hooks show ERP --jq .id)\" -f enabled:=true --jq .status

docs/ci.md has whole examples for a shell script, GitHub Actions and GitLab CI.
";

const SCHEMES: &str = "\
A scheme says how a request is signed. It has a name:

timemoto  the one that receivers of TimeMoto assume; TimeMoto has not published how it signs
standard  Standard Webhooks
both      each in its own headers, and webhook-version and webhook-attempt: what a webhook has unless you say otherwise
none      no signature, and no header of ours; for webhooks alone

or it is a text: an algorithm, and behind it name=value in any order, where the first of each is what is left out.

algorithm  hmac-sha256, -sha1, -sha512, -md5; sha256, sha1, sha512, md5 of secret and message, one behind the other
key        secret, bare (without tmkey_ or whsec_), hex, base64, utf16le, sha256, upper, lower
place      before, after, both: where the key stands, without hmac
message    raw, data, url, path, json:minified, :pretty, :sorted, :js, :python, :dotnet, :php
           or a pattern: {id}.{raw}  {header:X-Timestamp}:{raw}  {raw}\\n  with {event}, {sequence}, {dispatchedAt} too
encoding   hex, hex-upper, base64, base64-nopad, base64url, base64url-nopad
header     Timemoto-Signature, or another one that it stands in
prefix     what stands before it there, such as sha256=; a blank is \\x20

  GitHub   hmac-sha256 header=X-Hub-Signature-256 prefix=sha256=
  Convoy   hmac-sha512 header=X-Convoy-Signature
  Svix     hmac-sha256 key=base64 message={header:svix-id}.{header:svix-timestamp}.{raw} encoding=base64
           header=svix-signature prefix=v1,

verify and sign take it with --scheme, verify --detect finds it, and with add and edit --scheme a webhook's deliveries are
signed so: a header that the message names gets the time of the attempt, or the event's id where its name ends with id.
";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_topic_names_every_setting_and_what_it_shows_can_be_read() {
        for key in &crate::config::KEYS {
            assert!(CONFIGURATION.contains(&format!("\n{} = ", key.name)), "{}", key.name);
        }
        let shown = CONFIGURATION.split("\n\n").filter(|part| part.contains(" = ")).collect::<Vec<_>>().join("\n");
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("config.toml"), shown).unwrap();
        let variables = [("TM_HOOKS_CONFIG_DIR", folder.path().to_str().unwrap())];
        let dir = crate::config::ConfigDir::find(&variables.into_iter().collect()).unwrap();
        assert!(crate::config::ConfigFile::read(&dir).unwrap().has_profile("production"));
    }
}
