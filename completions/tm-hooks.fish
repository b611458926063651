# Print an optspec for argparse to handle cmd's options that are independent of any subcommand.
function __fish_tm_hooks_global_optspecs
    string join \n o/output= json= jq= columns= table-header= time= p/profile= service= q/quiet v/verbose y/yes no-input color= request-timeout= retries= ca-cert= proxy= allow-http h/help V/version
end

function __fish_tm_hooks_needs_command
    # Figure out if the current invocation already has a command.
    set -l cmd (commandline -opc)
    set -e cmd[1]
    argparse -s (__fish_tm_hooks_global_optspecs) -- $cmd 2>/dev/null
    or return
    if set -q argv[1]
        # Also print the command, so this can be used to figure out what it is.
        echo $argv[1]
        return 1
    end
    return 0
end

function __fish_tm_hooks_using_subcommand
    set -l cmd (__fish_tm_hooks_needs_command)
    test -z "$cmd"
    and return 1
    contains -- $cmd[1] $argv
end

complete -c tm-hooks -n "__fish_tm_hooks_needs_command" -s o -l output -d 'How data is written' -r -f -a "table\t'For people: aligned on a terminal, tab-separated elsewhere'
json\t'One JSON document'
ndjson\t'One JSON object a line'
csv\t'RFC 4180 with a header'
tsv\t'Tab-separated with a header; `\\t`, `\\n`, `\\r` and `\\\\` stand for themselves'
id\t'Ids, one a line'"
complete -c tm-hooks -n "__fish_tm_hooks_needs_command" -l json -d 'JSON; with names, an array of just these fields' -r
complete -c tm-hooks -n "__fish_tm_hooks_needs_command" -l jq -d 'Filter the JSON there would be, in the language of jq: strings come without quotes, one result a line' -r
complete -c tm-hooks -n "__fish_tm_hooks_needs_command" -l columns -d 'Which columns a table, CSV or TSV has, by their names in JSON' -r
complete -c tm-hooks -n "__fish_tm_hooks_needs_command" -l table-header -d 'Whether a table has a header: on a terminal, always, or never' -r -f -a "auto\t'On a terminal, and in CSV and TSV'
always\t'Always'
never\t'Never'"
complete -c tm-hooks -n "__fish_tm_hooks_needs_command" -l time -d 'How times are written in tables: relative on a terminal, UTC elsewhere' -r -f -a "relative\t'`2 min ago`'
local\t'In the time zone of this machine'
utc\t'RFC 3339 in UTC'"
complete -c tm-hooks -n "__fish_tm_hooks_needs_command" -s p -l profile -d 'Which profile to use; "local" is the service inside this program' -r
complete -c tm-hooks -n "__fish_tm_hooks_needs_command" -l service -d 'The service to talk to; else TM_HOOKS_URL, else the one inside this program' -r
complete -c tm-hooks -n "__fish_tm_hooks_needs_command" -l color -d 'Whether to use colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always, whatever the environment says'
never\t'Never'"
complete -c tm-hooks -n "__fish_tm_hooks_needs_command" -l request-timeout -d 'How long one request to the service may take (default 30s)' -r
complete -c tm-hooks -n "__fish_tm_hooks_needs_command" -l retries -d 'How often a request that failed for a while is made again (default 3)' -r
complete -c tm-hooks -n "__fish_tm_hooks_needs_command" -l ca-cert -d 'A file with certificates to trust besides the system\'s, in PEM' -r -F
complete -c tm-hooks -n "__fish_tm_hooks_needs_command" -l proxy -d 'The proxy that leads to the service; else what HTTPS_PROXY and NO_PROXY say' -r
complete -c tm-hooks -n "__fish_tm_hooks_needs_command" -s q -l quiet -d 'No messages but warnings and errors'
complete -c tm-hooks -n "__fish_tm_hooks_needs_command" -s v -l verbose -d 'Say more about what is going on'
complete -c tm-hooks -n "__fish_tm_hooks_needs_command" -s y -l yes -d 'Answer yes to "are you sure?"'
complete -c tm-hooks -n "__fish_tm_hooks_needs_command" -l no-input -d 'Ask nothing; fail with exit code 2 where an answer is needed'
complete -c tm-hooks -n "__fish_tm_hooks_needs_command" -l allow-http -d 'Let the token go over plain HTTP to another machine'
complete -c tm-hooks -n "__fish_tm_hooks_needs_command" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c tm-hooks -n "__fish_tm_hooks_needs_command" -s V -l version -d 'Print version'
complete -c tm-hooks -n "__fish_tm_hooks_needs_command" -f -a "list" -d 'List webhooks: where they send, which events, in which version, and how many attempts fail'
complete -c tm-hooks -n "__fish_tm_hooks_needs_command" -f -a "ls" -d 'List webhooks: where they send, which events, in which version, and how many attempts fail'
complete -c tm-hooks -n "__fish_tm_hooks_needs_command" -f -a "show" -d 'Show anything that has an id: a webhook, an attempt with the whole exchange, an event, a delivery'
complete -c tm-hooks -n "__fish_tm_hooks_needs_command" -f -a "add" -d 'Add a webhook'
complete -c tm-hooks -n "__fish_tm_hooks_needs_command" -f -a "edit" -d 'Change a webhook\'s name, URL, events, version or headers'
complete -c tm-hooks -n "__fish_tm_hooks_needs_command" -f -a "enable" -d 'Enable webhooks: they receive events again, and deliveries that were held are sent over the next 30 seconds'
complete -c tm-hooks -n "__fish_tm_hooks_needs_command" -f -a "disable" -d 'Disable webhooks: they receive nothing, and their waiting deliveries are held'
complete -c tm-hooks -n "__fish_tm_hooks_needs_command" -f -a "pin" -d 'Pin webhooks to a version of the wire format'
complete -c tm-hooks -n "__fish_tm_hooks_needs_command" -f -a "unpin" -d 'Let webhooks use the global version again, or the latest stable one as long as none is set'
complete -c tm-hooks -n "__fish_tm_hooks_needs_command" -f -a "versions" -d 'List the versions of the wire format; show or set the global one'
complete -c tm-hooks -n "__fish_tm_hooks_needs_command" -f -a "delete" -d 'Delete webhooks; their waiting deliveries are cancelled'
complete -c tm-hooks -n "__fish_tm_hooks_needs_command" -f -a "rm" -d 'Delete webhooks; their waiting deliveries are cancelled'
complete -c tm-hooks -n "__fish_tm_hooks_needs_command" -f -a "test" -d 'Send a signed test to webhooks and show what each receiver answers'
complete -c tm-hooks -n "__fish_tm_hooks_needs_command" -f -a "attempts" -d 'List attempts, newest first: what was sent when, how it was answered, and when it is tried next'
complete -c tm-hooks -n "__fish_tm_hooks_needs_command" -f -a "events" -d 'List events that were taken in, newest first'
complete -c tm-hooks -n "__fish_tm_hooks_needs_command" -f -a "types" -d 'List the types of events, with an example payload each'
complete -c tm-hooks -n "__fish_tm_hooks_needs_command" -f -a "send" -d 'Send events: each goes to every enabled webhook that wants its type'
complete -c tm-hooks -n "__fish_tm_hooks_needs_command" -f -a "retry" -d 'Try again: attempts, deliveries or events, or with --failed all that was not delivered'
complete -c tm-hooks -n "__fish_tm_hooks_needs_command" -f -a "stats" -d 'Show error rates over a window: failed attempts of all finished ones, tests left out'
complete -c tm-hooks -n "__fish_tm_hooks_needs_command" -f -a "secret" -d 'Show, replace or retire a webhook\'s secret'
complete -c tm-hooks -n "__fish_tm_hooks_needs_command" -f -a "api" -d 'Make any request to the service\'s API, and print what it answers'
complete -c tm-hooks -n "__fish_tm_hooks_needs_command" -f -a "login" -d 'Log in to a service: check a token, and keep it in the keyring'
complete -c tm-hooks -n "__fish_tm_hooks_needs_command" -f -a "logout" -d 'Log out: remove the token from where login has put it'
complete -c tm-hooks -n "__fish_tm_hooks_needs_command" -f -a "whoami" -d 'Show which service is used, as whom, and where the token came from'
complete -c tm-hooks -n "__fish_tm_hooks_needs_command" -f -a "profile" -d 'List, choose, add and remove profiles: services with a name'
complete -c tm-hooks -n "__fish_tm_hooks_needs_command" -f -a "config" -d 'List, get and set settings; show where the configuration file is'
complete -c tm-hooks -n "__fish_tm_hooks_needs_command" -f -a "doctor" -d 'Check the profile, the way to its service, the clock and the token'
complete -c tm-hooks -n "__fish_tm_hooks_needs_command" -f -a "token" -d 'Make, list and revoke the service\'s tokens'
complete -c tm-hooks -n "__fish_tm_hooks_needs_command" -f -a "audit" -d 'List who changed what, newest first'
complete -c tm-hooks -n "__fish_tm_hooks_needs_command" -f -a "serve" -d 'Run the webhook service: take in events, deliver them signed, retry, keep the history'
complete -c tm-hooks -n "__fish_tm_hooks_needs_command" -f -a "demo" -d 'See it work: add webhooks, send events, watch a receiver fail and recover, look at the history'
complete -c tm-hooks -n "__fish_tm_hooks_needs_command" -f -a "completions" -d 'Print a completion script for a shell'
complete -c tm-hooks -n "__fish_tm_hooks_needs_command" -f -a "man" -d 'Print the manual page'
complete -c tm-hooks -n "__fish_tm_hooks_needs_command" -f -a "help" -d 'Show help for a command, or on a topic'
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand list" -l event -d 'Only webhooks that receive this type of event' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand list" -l search -d 'Only webhooks whose name or URL contains this' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand list" -l sort -d 'The order: created (newest first), name, or error-rate (highest first)' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand list" -l limit -d 'Show at most so many (default: 50 in a terminal\'s table, all elsewhere)' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand list" -s o -l output -d 'How data is written' -r -f -a "table\t'For people: aligned on a terminal, tab-separated elsewhere'
json\t'One JSON document'
ndjson\t'One JSON object a line'
csv\t'RFC 4180 with a header'
tsv\t'Tab-separated with a header; `\\t`, `\\n`, `\\r` and `\\\\` stand for themselves'
id\t'Ids, one a line'"
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand list" -l json -d 'JSON; with names, an array of just these fields' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand list" -l jq -d 'Filter the JSON there would be, in the language of jq: strings come without quotes, one result a line' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand list" -l columns -d 'Which columns a table, CSV or TSV has, by their names in JSON' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand list" -l table-header -d 'Whether a table has a header: on a terminal, always, or never' -r -f -a "auto\t'On a terminal, and in CSV and TSV'
always\t'Always'
never\t'Never'"
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand list" -l time -d 'How times are written in tables: relative on a terminal, UTC elsewhere' -r -f -a "relative\t'`2 min ago`'
local\t'In the time zone of this machine'
utc\t'RFC 3339 in UTC'"
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand list" -s p -l profile -d 'Which profile to use; "local" is the service inside this program' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand list" -l service -d 'The service to talk to; else TM_HOOKS_URL, else the one inside this program' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand list" -l color -d 'Whether to use colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always, whatever the environment says'
never\t'Never'"
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand list" -l request-timeout -d 'How long one request to the service may take (default 30s)' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand list" -l retries -d 'How often a request that failed for a while is made again (default 3)' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand list" -l ca-cert -d 'A file with certificates to trust besides the system\'s, in PEM' -r -F
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand list" -l proxy -d 'The proxy that leads to the service; else what HTTPS_PROXY and NO_PROXY say' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand list" -l enabled -d 'Only webhooks that are enabled'
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand list" -l disabled -d 'Only webhooks that are disabled'
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand list" -l failing -d 'Only webhooks whose newest attempt failed'
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand list" -l all -d 'Show all of them'
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand list" -l reveal -d 'Show on a terminal what is secret in URLs, too: `?token=…`'
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand list" -s q -l quiet -d 'No messages but warnings and errors'
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand list" -s v -l verbose -d 'Say more about what is going on'
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand list" -s y -l yes -d 'Answer yes to "are you sure?"'
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand list" -l no-input -d 'Ask nothing; fail with exit code 2 where an answer is needed'
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand list" -l allow-http -d 'Let the token go over plain HTTP to another machine'
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand list" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand ls" -l event -d 'Only webhooks that receive this type of event' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand ls" -l search -d 'Only webhooks whose name or URL contains this' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand ls" -l sort -d 'The order: created (newest first), name, or error-rate (highest first)' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand ls" -l limit -d 'Show at most so many (default: 50 in a terminal\'s table, all elsewhere)' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand ls" -s o -l output -d 'How data is written' -r -f -a "table\t'For people: aligned on a terminal, tab-separated elsewhere'
json\t'One JSON document'
ndjson\t'One JSON object a line'
csv\t'RFC 4180 with a header'
tsv\t'Tab-separated with a header; `\\t`, `\\n`, `\\r` and `\\\\` stand for themselves'
id\t'Ids, one a line'"
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand ls" -l json -d 'JSON; with names, an array of just these fields' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand ls" -l jq -d 'Filter the JSON there would be, in the language of jq: strings come without quotes, one result a line' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand ls" -l columns -d 'Which columns a table, CSV or TSV has, by their names in JSON' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand ls" -l table-header -d 'Whether a table has a header: on a terminal, always, or never' -r -f -a "auto\t'On a terminal, and in CSV and TSV'
always\t'Always'
never\t'Never'"
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand ls" -l time -d 'How times are written in tables: relative on a terminal, UTC elsewhere' -r -f -a "relative\t'`2 min ago`'
local\t'In the time zone of this machine'
utc\t'RFC 3339 in UTC'"
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand ls" -s p -l profile -d 'Which profile to use; "local" is the service inside this program' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand ls" -l service -d 'The service to talk to; else TM_HOOKS_URL, else the one inside this program' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand ls" -l color -d 'Whether to use colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always, whatever the environment says'
never\t'Never'"
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand ls" -l request-timeout -d 'How long one request to the service may take (default 30s)' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand ls" -l retries -d 'How often a request that failed for a while is made again (default 3)' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand ls" -l ca-cert -d 'A file with certificates to trust besides the system\'s, in PEM' -r -F
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand ls" -l proxy -d 'The proxy that leads to the service; else what HTTPS_PROXY and NO_PROXY say' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand ls" -l enabled -d 'Only webhooks that are enabled'
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand ls" -l disabled -d 'Only webhooks that are disabled'
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand ls" -l failing -d 'Only webhooks whose newest attempt failed'
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand ls" -l all -d 'Show all of them'
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand ls" -l reveal -d 'Show on a terminal what is secret in URLs, too: `?token=…`'
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand ls" -s q -l quiet -d 'No messages but warnings and errors'
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand ls" -s v -l verbose -d 'Say more about what is going on'
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand ls" -s y -l yes -d 'Answer yes to "are you sure?"'
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand ls" -l no-input -d 'Ask nothing; fail with exit code 2 where an answer is needed'
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand ls" -l allow-http -d 'Let the token go over plain HTTP to another machine'
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand ls" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand show" -s o -l output -d 'How data is written' -r -f -a "table\t'For people: aligned on a terminal, tab-separated elsewhere'
json\t'One JSON document'
ndjson\t'One JSON object a line'
csv\t'RFC 4180 with a header'
tsv\t'Tab-separated with a header; `\\t`, `\\n`, `\\r` and `\\\\` stand for themselves'
id\t'Ids, one a line'"
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand show" -l json -d 'JSON; with names, an array of just these fields' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand show" -l jq -d 'Filter the JSON there would be, in the language of jq: strings come without quotes, one result a line' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand show" -l columns -d 'Which columns a table, CSV or TSV has, by their names in JSON' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand show" -l table-header -d 'Whether a table has a header: on a terminal, always, or never' -r -f -a "auto\t'On a terminal, and in CSV and TSV'
always\t'Always'
never\t'Never'"
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand show" -l time -d 'How times are written in tables: relative on a terminal, UTC elsewhere' -r -f -a "relative\t'`2 min ago`'
local\t'In the time zone of this machine'
utc\t'RFC 3339 in UTC'"
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand show" -s p -l profile -d 'Which profile to use; "local" is the service inside this program' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand show" -l service -d 'The service to talk to; else TM_HOOKS_URL, else the one inside this program' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand show" -l color -d 'Whether to use colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always, whatever the environment says'
never\t'Never'"
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand show" -l request-timeout -d 'How long one request to the service may take (default 30s)' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand show" -l retries -d 'How often a request that failed for a while is made again (default 3)' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand show" -l ca-cert -d 'A file with certificates to trust besides the system\'s, in PEM' -r -F
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand show" -l proxy -d 'The proxy that leads to the service; else what HTTPS_PROXY and NO_PROXY say' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand show" -l reveal -d 'Show on a terminal what is secret in URLs, too: `?token=…`'
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand show" -s q -l quiet -d 'No messages but warnings and errors'
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand show" -s v -l verbose -d 'Say more about what is going on'
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand show" -s y -l yes -d 'Answer yes to "are you sure?"'
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand show" -l no-input -d 'Ask nothing; fail with exit code 2 where an answer is needed'
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand show" -l allow-http -d 'Let the token go over plain HTTP to another machine'
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand show" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand add" -l name -d 'Its name, which no other webhook has' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand add" -l events -d 'Which events it receives: types, attendance.*, user.*, or * for all' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand add" -l pin -d 'Pin it to a version of the wire format' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand add" -l header -d 'A header for each delivery, as \'Name: value\', or @file with one a line' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand add" -l secret-file -d 'A file (or - for standard input) with the secret to use; without it one is made' -r -F
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand add" -s o -l output -d 'How data is written' -r -f -a "table\t'For people: aligned on a terminal, tab-separated elsewhere'
json\t'One JSON document'
ndjson\t'One JSON object a line'
csv\t'RFC 4180 with a header'
tsv\t'Tab-separated with a header; `\\t`, `\\n`, `\\r` and `\\\\` stand for themselves'
id\t'Ids, one a line'"
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand add" -l json -d 'JSON; with names, an array of just these fields' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand add" -l jq -d 'Filter the JSON there would be, in the language of jq: strings come without quotes, one result a line' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand add" -l columns -d 'Which columns a table, CSV or TSV has, by their names in JSON' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand add" -l table-header -d 'Whether a table has a header: on a terminal, always, or never' -r -f -a "auto\t'On a terminal, and in CSV and TSV'
always\t'Always'
never\t'Never'"
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand add" -l time -d 'How times are written in tables: relative on a terminal, UTC elsewhere' -r -f -a "relative\t'`2 min ago`'
local\t'In the time zone of this machine'
utc\t'RFC 3339 in UTC'"
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand add" -s p -l profile -d 'Which profile to use; "local" is the service inside this program' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand add" -l service -d 'The service to talk to; else TM_HOOKS_URL, else the one inside this program' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand add" -l color -d 'Whether to use colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always, whatever the environment says'
never\t'Never'"
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand add" -l request-timeout -d 'How long one request to the service may take (default 30s)' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand add" -l retries -d 'How often a request that failed for a while is made again (default 3)' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand add" -l ca-cert -d 'A file with certificates to trust besides the system\'s, in PEM' -r -F
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand add" -l proxy -d 'The proxy that leads to the service; else what HTTPS_PROXY and NO_PROXY say' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand add" -l disabled -d 'Add it disabled'
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand add" -l if-not-exists -d 'When a webhook with this name is there already, leave it as it is and succeed'
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand add" -s q -l quiet -d 'No messages but warnings and errors'
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand add" -s v -l verbose -d 'Say more about what is going on'
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand add" -s y -l yes -d 'Answer yes to "are you sure?"'
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand add" -l no-input -d 'Ask nothing; fail with exit code 2 where an answer is needed'
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand add" -l allow-http -d 'Let the token go over plain HTTP to another machine'
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand add" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand edit" -l name -d 'A new name' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand edit" -l url -d 'A new URL' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand edit" -l events -d 'New events, or changes to them: TYPE, +TYPE, -TYPE' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand edit" -l pin -d 'Pin it to a version' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand edit" -l header -d 'Set a header, as \'Name: value\', or @file with one a line' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand edit" -l remove-header -d 'Remove a header' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand edit" -s o -l output -d 'How data is written' -r -f -a "table\t'For people: aligned on a terminal, tab-separated elsewhere'
json\t'One JSON document'
ndjson\t'One JSON object a line'
csv\t'RFC 4180 with a header'
tsv\t'Tab-separated with a header; `\\t`, `\\n`, `\\r` and `\\\\` stand for themselves'
id\t'Ids, one a line'"
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand edit" -l json -d 'JSON; with names, an array of just these fields' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand edit" -l jq -d 'Filter the JSON there would be, in the language of jq: strings come without quotes, one result a line' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand edit" -l columns -d 'Which columns a table, CSV or TSV has, by their names in JSON' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand edit" -l table-header -d 'Whether a table has a header: on a terminal, always, or never' -r -f -a "auto\t'On a terminal, and in CSV and TSV'
always\t'Always'
never\t'Never'"
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand edit" -l time -d 'How times are written in tables: relative on a terminal, UTC elsewhere' -r -f -a "relative\t'`2 min ago`'
local\t'In the time zone of this machine'
utc\t'RFC 3339 in UTC'"
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand edit" -s p -l profile -d 'Which profile to use; "local" is the service inside this program' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand edit" -l service -d 'The service to talk to; else TM_HOOKS_URL, else the one inside this program' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand edit" -l color -d 'Whether to use colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always, whatever the environment says'
never\t'Never'"
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand edit" -l request-timeout -d 'How long one request to the service may take (default 30s)' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand edit" -l retries -d 'How often a request that failed for a while is made again (default 3)' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand edit" -l ca-cert -d 'A file with certificates to trust besides the system\'s, in PEM' -r -F
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand edit" -l proxy -d 'The proxy that leads to the service; else what HTTPS_PROXY and NO_PROXY say' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand edit" -l unpin -d 'Pin it no longer'
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand edit" -s q -l quiet -d 'No messages but warnings and errors'
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand edit" -s v -l verbose -d 'Say more about what is going on'
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand edit" -s y -l yes -d 'Answer yes to "are you sure?"'
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand edit" -l no-input -d 'Ask nothing; fail with exit code 2 where an answer is needed'
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand edit" -l allow-http -d 'Let the token go over plain HTTP to another machine'
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand edit" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand enable" -s o -l output -d 'How data is written' -r -f -a "table\t'For people: aligned on a terminal, tab-separated elsewhere'
json\t'One JSON document'
ndjson\t'One JSON object a line'
csv\t'RFC 4180 with a header'
tsv\t'Tab-separated with a header; `\\t`, `\\n`, `\\r` and `\\\\` stand for themselves'
id\t'Ids, one a line'"
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand enable" -l json -d 'JSON; with names, an array of just these fields' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand enable" -l jq -d 'Filter the JSON there would be, in the language of jq: strings come without quotes, one result a line' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand enable" -l columns -d 'Which columns a table, CSV or TSV has, by their names in JSON' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand enable" -l table-header -d 'Whether a table has a header: on a terminal, always, or never' -r -f -a "auto\t'On a terminal, and in CSV and TSV'
always\t'Always'
never\t'Never'"
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand enable" -l time -d 'How times are written in tables: relative on a terminal, UTC elsewhere' -r -f -a "relative\t'`2 min ago`'
local\t'In the time zone of this machine'
utc\t'RFC 3339 in UTC'"
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand enable" -s p -l profile -d 'Which profile to use; "local" is the service inside this program' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand enable" -l service -d 'The service to talk to; else TM_HOOKS_URL, else the one inside this program' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand enable" -l color -d 'Whether to use colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always, whatever the environment says'
never\t'Never'"
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand enable" -l request-timeout -d 'How long one request to the service may take (default 30s)' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand enable" -l retries -d 'How often a request that failed for a while is made again (default 3)' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand enable" -l ca-cert -d 'A file with certificates to trust besides the system\'s, in PEM' -r -F
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand enable" -l proxy -d 'The proxy that leads to the service; else what HTTPS_PROXY and NO_PROXY say' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand enable" -l all -d 'All webhooks'
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand enable" -s q -l quiet -d 'No messages but warnings and errors'
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand enable" -s v -l verbose -d 'Say more about what is going on'
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand enable" -s y -l yes -d 'Answer yes to "are you sure?"'
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand enable" -l no-input -d 'Ask nothing; fail with exit code 2 where an answer is needed'
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand enable" -l allow-http -d 'Let the token go over plain HTTP to another machine'
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand enable" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand disable" -s o -l output -d 'How data is written' -r -f -a "table\t'For people: aligned on a terminal, tab-separated elsewhere'
json\t'One JSON document'
ndjson\t'One JSON object a line'
csv\t'RFC 4180 with a header'
tsv\t'Tab-separated with a header; `\\t`, `\\n`, `\\r` and `\\\\` stand for themselves'
id\t'Ids, one a line'"
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand disable" -l json -d 'JSON; with names, an array of just these fields' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand disable" -l jq -d 'Filter the JSON there would be, in the language of jq: strings come without quotes, one result a line' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand disable" -l columns -d 'Which columns a table, CSV or TSV has, by their names in JSON' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand disable" -l table-header -d 'Whether a table has a header: on a terminal, always, or never' -r -f -a "auto\t'On a terminal, and in CSV and TSV'
always\t'Always'
never\t'Never'"
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand disable" -l time -d 'How times are written in tables: relative on a terminal, UTC elsewhere' -r -f -a "relative\t'`2 min ago`'
local\t'In the time zone of this machine'
utc\t'RFC 3339 in UTC'"
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand disable" -s p -l profile -d 'Which profile to use; "local" is the service inside this program' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand disable" -l service -d 'The service to talk to; else TM_HOOKS_URL, else the one inside this program' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand disable" -l color -d 'Whether to use colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always, whatever the environment says'
never\t'Never'"
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand disable" -l request-timeout -d 'How long one request to the service may take (default 30s)' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand disable" -l retries -d 'How often a request that failed for a while is made again (default 3)' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand disable" -l ca-cert -d 'A file with certificates to trust besides the system\'s, in PEM' -r -F
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand disable" -l proxy -d 'The proxy that leads to the service; else what HTTPS_PROXY and NO_PROXY say' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand disable" -l all -d 'All webhooks'
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand disable" -s q -l quiet -d 'No messages but warnings and errors'
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand disable" -s v -l verbose -d 'Say more about what is going on'
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand disable" -s y -l yes -d 'Answer yes to "are you sure?"'
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand disable" -l no-input -d 'Ask nothing; fail with exit code 2 where an answer is needed'
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand disable" -l allow-http -d 'Let the token go over plain HTTP to another machine'
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand disable" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand pin" -s o -l output -d 'How data is written' -r -f -a "table\t'For people: aligned on a terminal, tab-separated elsewhere'
json\t'One JSON document'
ndjson\t'One JSON object a line'
csv\t'RFC 4180 with a header'
tsv\t'Tab-separated with a header; `\\t`, `\\n`, `\\r` and `\\\\` stand for themselves'
id\t'Ids, one a line'"
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand pin" -l json -d 'JSON; with names, an array of just these fields' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand pin" -l jq -d 'Filter the JSON there would be, in the language of jq: strings come without quotes, one result a line' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand pin" -l columns -d 'Which columns a table, CSV or TSV has, by their names in JSON' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand pin" -l table-header -d 'Whether a table has a header: on a terminal, always, or never' -r -f -a "auto\t'On a terminal, and in CSV and TSV'
always\t'Always'
never\t'Never'"
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand pin" -l time -d 'How times are written in tables: relative on a terminal, UTC elsewhere' -r -f -a "relative\t'`2 min ago`'
local\t'In the time zone of this machine'
utc\t'RFC 3339 in UTC'"
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand pin" -s p -l profile -d 'Which profile to use; "local" is the service inside this program' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand pin" -l service -d 'The service to talk to; else TM_HOOKS_URL, else the one inside this program' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand pin" -l color -d 'Whether to use colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always, whatever the environment says'
never\t'Never'"
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand pin" -l request-timeout -d 'How long one request to the service may take (default 30s)' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand pin" -l retries -d 'How often a request that failed for a while is made again (default 3)' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand pin" -l ca-cert -d 'A file with certificates to trust besides the system\'s, in PEM' -r -F
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand pin" -l proxy -d 'The proxy that leads to the service; else what HTTPS_PROXY and NO_PROXY say' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand pin" -s q -l quiet -d 'No messages but warnings and errors'
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand pin" -s v -l verbose -d 'Say more about what is going on'
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand pin" -s y -l yes -d 'Answer yes to "are you sure?"'
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand pin" -l no-input -d 'Ask nothing; fail with exit code 2 where an answer is needed'
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand pin" -l allow-http -d 'Let the token go over plain HTTP to another machine'
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand pin" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand unpin" -s o -l output -d 'How data is written' -r -f -a "table\t'For people: aligned on a terminal, tab-separated elsewhere'
json\t'One JSON document'
ndjson\t'One JSON object a line'
csv\t'RFC 4180 with a header'
tsv\t'Tab-separated with a header; `\\t`, `\\n`, `\\r` and `\\\\` stand for themselves'
id\t'Ids, one a line'"
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand unpin" -l json -d 'JSON; with names, an array of just these fields' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand unpin" -l jq -d 'Filter the JSON there would be, in the language of jq: strings come without quotes, one result a line' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand unpin" -l columns -d 'Which columns a table, CSV or TSV has, by their names in JSON' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand unpin" -l table-header -d 'Whether a table has a header: on a terminal, always, or never' -r -f -a "auto\t'On a terminal, and in CSV and TSV'
always\t'Always'
never\t'Never'"
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand unpin" -l time -d 'How times are written in tables: relative on a terminal, UTC elsewhere' -r -f -a "relative\t'`2 min ago`'
local\t'In the time zone of this machine'
utc\t'RFC 3339 in UTC'"
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand unpin" -s p -l profile -d 'Which profile to use; "local" is the service inside this program' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand unpin" -l service -d 'The service to talk to; else TM_HOOKS_URL, else the one inside this program' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand unpin" -l color -d 'Whether to use colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always, whatever the environment says'
never\t'Never'"
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand unpin" -l request-timeout -d 'How long one request to the service may take (default 30s)' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand unpin" -l retries -d 'How often a request that failed for a while is made again (default 3)' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand unpin" -l ca-cert -d 'A file with certificates to trust besides the system\'s, in PEM' -r -F
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand unpin" -l proxy -d 'The proxy that leads to the service; else what HTTPS_PROXY and NO_PROXY say' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand unpin" -s q -l quiet -d 'No messages but warnings and errors'
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand unpin" -s v -l verbose -d 'Say more about what is going on'
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand unpin" -s y -l yes -d 'Answer yes to "are you sure?"'
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand unpin" -l no-input -d 'Ask nothing; fail with exit code 2 where an answer is needed'
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand unpin" -l allow-http -d 'Let the token go over plain HTTP to another machine'
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand unpin" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand versions; and not __fish_seen_subcommand_from default" -s o -l output -d 'How data is written' -r -f -a "table\t'For people: aligned on a terminal, tab-separated elsewhere'
json\t'One JSON document'
ndjson\t'One JSON object a line'
csv\t'RFC 4180 with a header'
tsv\t'Tab-separated with a header; `\\t`, `\\n`, `\\r` and `\\\\` stand for themselves'
id\t'Ids, one a line'"
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand versions; and not __fish_seen_subcommand_from default" -l json -d 'JSON; with names, an array of just these fields' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand versions; and not __fish_seen_subcommand_from default" -l jq -d 'Filter the JSON there would be, in the language of jq: strings come without quotes, one result a line' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand versions; and not __fish_seen_subcommand_from default" -l columns -d 'Which columns a table, CSV or TSV has, by their names in JSON' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand versions; and not __fish_seen_subcommand_from default" -l table-header -d 'Whether a table has a header: on a terminal, always, or never' -r -f -a "auto\t'On a terminal, and in CSV and TSV'
always\t'Always'
never\t'Never'"
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand versions; and not __fish_seen_subcommand_from default" -l time -d 'How times are written in tables: relative on a terminal, UTC elsewhere' -r -f -a "relative\t'`2 min ago`'
local\t'In the time zone of this machine'
utc\t'RFC 3339 in UTC'"
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand versions; and not __fish_seen_subcommand_from default" -s p -l profile -d 'Which profile to use; "local" is the service inside this program' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand versions; and not __fish_seen_subcommand_from default" -l service -d 'The service to talk to; else TM_HOOKS_URL, else the one inside this program' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand versions; and not __fish_seen_subcommand_from default" -l color -d 'Whether to use colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always, whatever the environment says'
never\t'Never'"
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand versions; and not __fish_seen_subcommand_from default" -l request-timeout -d 'How long one request to the service may take (default 30s)' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand versions; and not __fish_seen_subcommand_from default" -l retries -d 'How often a request that failed for a while is made again (default 3)' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand versions; and not __fish_seen_subcommand_from default" -l ca-cert -d 'A file with certificates to trust besides the system\'s, in PEM' -r -F
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand versions; and not __fish_seen_subcommand_from default" -l proxy -d 'The proxy that leads to the service; else what HTTPS_PROXY and NO_PROXY say' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand versions; and not __fish_seen_subcommand_from default" -s q -l quiet -d 'No messages but warnings and errors'
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand versions; and not __fish_seen_subcommand_from default" -s v -l verbose -d 'Say more about what is going on'
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand versions; and not __fish_seen_subcommand_from default" -s y -l yes -d 'Answer yes to "are you sure?"'
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand versions; and not __fish_seen_subcommand_from default" -l no-input -d 'Ask nothing; fail with exit code 2 where an answer is needed'
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand versions; and not __fish_seen_subcommand_from default" -l allow-http -d 'Let the token go over plain HTTP to another machine'
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand versions; and not __fish_seen_subcommand_from default" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand versions; and not __fish_seen_subcommand_from default" -f -a "default" -d 'Show or set the global version'
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand versions; and __fish_seen_subcommand_from default" -s o -l output -d 'How data is written' -r -f -a "table\t'For people: aligned on a terminal, tab-separated elsewhere'
json\t'One JSON document'
ndjson\t'One JSON object a line'
csv\t'RFC 4180 with a header'
tsv\t'Tab-separated with a header; `\\t`, `\\n`, `\\r` and `\\\\` stand for themselves'
id\t'Ids, one a line'"
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand versions; and __fish_seen_subcommand_from default" -l json -d 'JSON; with names, an array of just these fields' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand versions; and __fish_seen_subcommand_from default" -l jq -d 'Filter the JSON there would be, in the language of jq: strings come without quotes, one result a line' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand versions; and __fish_seen_subcommand_from default" -l columns -d 'Which columns a table, CSV or TSV has, by their names in JSON' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand versions; and __fish_seen_subcommand_from default" -l table-header -d 'Whether a table has a header: on a terminal, always, or never' -r -f -a "auto\t'On a terminal, and in CSV and TSV'
always\t'Always'
never\t'Never'"
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand versions; and __fish_seen_subcommand_from default" -l time -d 'How times are written in tables: relative on a terminal, UTC elsewhere' -r -f -a "relative\t'`2 min ago`'
local\t'In the time zone of this machine'
utc\t'RFC 3339 in UTC'"
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand versions; and __fish_seen_subcommand_from default" -s p -l profile -d 'Which profile to use; "local" is the service inside this program' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand versions; and __fish_seen_subcommand_from default" -l service -d 'The service to talk to; else TM_HOOKS_URL, else the one inside this program' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand versions; and __fish_seen_subcommand_from default" -l color -d 'Whether to use colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always, whatever the environment says'
never\t'Never'"
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand versions; and __fish_seen_subcommand_from default" -l request-timeout -d 'How long one request to the service may take (default 30s)' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand versions; and __fish_seen_subcommand_from default" -l retries -d 'How often a request that failed for a while is made again (default 3)' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand versions; and __fish_seen_subcommand_from default" -l ca-cert -d 'A file with certificates to trust besides the system\'s, in PEM' -r -F
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand versions; and __fish_seen_subcommand_from default" -l proxy -d 'The proxy that leads to the service; else what HTTPS_PROXY and NO_PROXY say' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand versions; and __fish_seen_subcommand_from default" -l latest -d 'Set none: webhooks without a pin use the latest stable version'
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand versions; and __fish_seen_subcommand_from default" -s q -l quiet -d 'No messages but warnings and errors'
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand versions; and __fish_seen_subcommand_from default" -s v -l verbose -d 'Say more about what is going on'
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand versions; and __fish_seen_subcommand_from default" -s y -l yes -d 'Answer yes to "are you sure?"'
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand versions; and __fish_seen_subcommand_from default" -l no-input -d 'Ask nothing; fail with exit code 2 where an answer is needed'
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand versions; and __fish_seen_subcommand_from default" -l allow-http -d 'Let the token go over plain HTTP to another machine'
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand versions; and __fish_seen_subcommand_from default" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand delete" -s o -l output -d 'How data is written' -r -f -a "table\t'For people: aligned on a terminal, tab-separated elsewhere'
json\t'One JSON document'
ndjson\t'One JSON object a line'
csv\t'RFC 4180 with a header'
tsv\t'Tab-separated with a header; `\\t`, `\\n`, `\\r` and `\\\\` stand for themselves'
id\t'Ids, one a line'"
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand delete" -l json -d 'JSON; with names, an array of just these fields' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand delete" -l jq -d 'Filter the JSON there would be, in the language of jq: strings come without quotes, one result a line' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand delete" -l columns -d 'Which columns a table, CSV or TSV has, by their names in JSON' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand delete" -l table-header -d 'Whether a table has a header: on a terminal, always, or never' -r -f -a "auto\t'On a terminal, and in CSV and TSV'
always\t'Always'
never\t'Never'"
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand delete" -l time -d 'How times are written in tables: relative on a terminal, UTC elsewhere' -r -f -a "relative\t'`2 min ago`'
local\t'In the time zone of this machine'
utc\t'RFC 3339 in UTC'"
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand delete" -s p -l profile -d 'Which profile to use; "local" is the service inside this program' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand delete" -l service -d 'The service to talk to; else TM_HOOKS_URL, else the one inside this program' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand delete" -l color -d 'Whether to use colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always, whatever the environment says'
never\t'Never'"
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand delete" -l request-timeout -d 'How long one request to the service may take (default 30s)' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand delete" -l retries -d 'How often a request that failed for a while is made again (default 3)' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand delete" -l ca-cert -d 'A file with certificates to trust besides the system\'s, in PEM' -r -F
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand delete" -l proxy -d 'The proxy that leads to the service; else what HTTPS_PROXY and NO_PROXY say' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand delete" -l if-exists -d 'Succeed when there is no such webhook'
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand delete" -s q -l quiet -d 'No messages but warnings and errors'
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand delete" -s v -l verbose -d 'Say more about what is going on'
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand delete" -s y -l yes -d 'Answer yes to "are you sure?"'
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand delete" -l no-input -d 'Ask nothing; fail with exit code 2 where an answer is needed'
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand delete" -l allow-http -d 'Let the token go over plain HTTP to another machine'
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand delete" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand rm" -s o -l output -d 'How data is written' -r -f -a "table\t'For people: aligned on a terminal, tab-separated elsewhere'
json\t'One JSON document'
ndjson\t'One JSON object a line'
csv\t'RFC 4180 with a header'
tsv\t'Tab-separated with a header; `\\t`, `\\n`, `\\r` and `\\\\` stand for themselves'
id\t'Ids, one a line'"
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand rm" -l json -d 'JSON; with names, an array of just these fields' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand rm" -l jq -d 'Filter the JSON there would be, in the language of jq: strings come without quotes, one result a line' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand rm" -l columns -d 'Which columns a table, CSV or TSV has, by their names in JSON' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand rm" -l table-header -d 'Whether a table has a header: on a terminal, always, or never' -r -f -a "auto\t'On a terminal, and in CSV and TSV'
always\t'Always'
never\t'Never'"
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand rm" -l time -d 'How times are written in tables: relative on a terminal, UTC elsewhere' -r -f -a "relative\t'`2 min ago`'
local\t'In the time zone of this machine'
utc\t'RFC 3339 in UTC'"
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand rm" -s p -l profile -d 'Which profile to use; "local" is the service inside this program' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand rm" -l service -d 'The service to talk to; else TM_HOOKS_URL, else the one inside this program' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand rm" -l color -d 'Whether to use colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always, whatever the environment says'
never\t'Never'"
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand rm" -l request-timeout -d 'How long one request to the service may take (default 30s)' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand rm" -l retries -d 'How often a request that failed for a while is made again (default 3)' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand rm" -l ca-cert -d 'A file with certificates to trust besides the system\'s, in PEM' -r -F
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand rm" -l proxy -d 'The proxy that leads to the service; else what HTTPS_PROXY and NO_PROXY say' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand rm" -l if-exists -d 'Succeed when there is no such webhook'
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand rm" -s q -l quiet -d 'No messages but warnings and errors'
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand rm" -s v -l verbose -d 'Say more about what is going on'
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand rm" -s y -l yes -d 'Answer yes to "are you sure?"'
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand rm" -l no-input -d 'Ask nothing; fail with exit code 2 where an answer is needed'
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand rm" -l allow-http -d 'Let the token go over plain HTTP to another machine'
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand rm" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand test" -l event -d 'Send the example of this type instead of a test event' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand test" -l set -d 'Set a field of the data: clockingType=Out; dots lead into objects: shift.name=Night' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand test" -l data -d 'Replace fields of the data by those of a JSON object: @file, - for standard input, or the object itself' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand test" -l protocol -d 'Send it in this version instead of the webhook\'s own' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand test" -l timeout -d 'Wait so long for each answer, at most' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand test" -s o -l output -d 'How data is written' -r -f -a "table\t'For people: aligned on a terminal, tab-separated elsewhere'
json\t'One JSON document'
ndjson\t'One JSON object a line'
csv\t'RFC 4180 with a header'
tsv\t'Tab-separated with a header; `\\t`, `\\n`, `\\r` and `\\\\` stand for themselves'
id\t'Ids, one a line'"
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand test" -l json -d 'JSON; with names, an array of just these fields' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand test" -l jq -d 'Filter the JSON there would be, in the language of jq: strings come without quotes, one result a line' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand test" -l columns -d 'Which columns a table, CSV or TSV has, by their names in JSON' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand test" -l table-header -d 'Whether a table has a header: on a terminal, always, or never' -r -f -a "auto\t'On a terminal, and in CSV and TSV'
always\t'Always'
never\t'Never'"
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand test" -l time -d 'How times are written in tables: relative on a terminal, UTC elsewhere' -r -f -a "relative\t'`2 min ago`'
local\t'In the time zone of this machine'
utc\t'RFC 3339 in UTC'"
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand test" -s p -l profile -d 'Which profile to use; "local" is the service inside this program' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand test" -l service -d 'The service to talk to; else TM_HOOKS_URL, else the one inside this program' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand test" -l color -d 'Whether to use colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always, whatever the environment says'
never\t'Never'"
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand test" -l request-timeout -d 'How long one request to the service may take (default 30s)' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand test" -l retries -d 'How often a request that failed for a while is made again (default 3)' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand test" -l ca-cert -d 'A file with certificates to trust besides the system\'s, in PEM' -r -F
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand test" -l proxy -d 'The proxy that leads to the service; else what HTTPS_PROXY and NO_PROXY say' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand test" -s q -l quiet -d 'No messages but warnings and errors'
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand test" -s v -l verbose -d 'Say more about what is going on'
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand test" -s y -l yes -d 'Answer yes to "are you sure?"'
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand test" -l no-input -d 'Ask nothing; fail with exit code 2 where an answer is needed'
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand test" -l allow-http -d 'Let the token go over plain HTTP to another machine'
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand test" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand attempts" -l status -d 'Only attempts that succeeded, failed, or are pending (in flight)' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand attempts" -l code -d 'Only attempts answered with this HTTP status, or one of a class: 503, 5xx' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand attempts" -l event -d 'Only attempts that carried this type of event' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand attempts" -l kind -d 'Only attempts made for this reason: event, retry, manual, recover, test' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand attempts" -l since -d 'Only attempts begun since then: 2h (ago), 2026-11-23, or a time in RFC 3339' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand attempts" -l until -d 'Only attempts begun before then' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand attempts" -l limit -d 'Show at most so many, newest first (default 50)' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand attempts" -s o -l output -d 'How data is written' -r -f -a "table\t'For people: aligned on a terminal, tab-separated elsewhere'
json\t'One JSON document'
ndjson\t'One JSON object a line'
csv\t'RFC 4180 with a header'
tsv\t'Tab-separated with a header; `\\t`, `\\n`, `\\r` and `\\\\` stand for themselves'
id\t'Ids, one a line'"
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand attempts" -l json -d 'JSON; with names, an array of just these fields' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand attempts" -l jq -d 'Filter the JSON there would be, in the language of jq: strings come without quotes, one result a line' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand attempts" -l columns -d 'Which columns a table, CSV or TSV has, by their names in JSON' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand attempts" -l table-header -d 'Whether a table has a header: on a terminal, always, or never' -r -f -a "auto\t'On a terminal, and in CSV and TSV'
always\t'Always'
never\t'Never'"
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand attempts" -l time -d 'How times are written in tables: relative on a terminal, UTC elsewhere' -r -f -a "relative\t'`2 min ago`'
local\t'In the time zone of this machine'
utc\t'RFC 3339 in UTC'"
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand attempts" -s p -l profile -d 'Which profile to use; "local" is the service inside this program' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand attempts" -l service -d 'The service to talk to; else TM_HOOKS_URL, else the one inside this program' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand attempts" -l color -d 'Whether to use colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always, whatever the environment says'
never\t'Never'"
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand attempts" -l request-timeout -d 'How long one request to the service may take (default 30s)' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand attempts" -l retries -d 'How often a request that failed for a while is made again (default 3)' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand attempts" -l ca-cert -d 'A file with certificates to trust besides the system\'s, in PEM' -r -F
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand attempts" -l proxy -d 'The proxy that leads to the service; else what HTTPS_PROXY and NO_PROXY say' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand attempts" -l all -d 'Show all of them'
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand attempts" -s q -l quiet -d 'No messages but warnings and errors'
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand attempts" -s v -l verbose -d 'Say more about what is going on'
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand attempts" -s y -l yes -d 'Answer yes to "are you sure?"'
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand attempts" -l no-input -d 'Ask nothing; fail with exit code 2 where an answer is needed'
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand attempts" -l allow-http -d 'Let the token go over plain HTTP to another machine'
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand attempts" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand events" -l type -d 'Only events of this type' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand events" -l since -d 'Only events taken in since then: 2h (ago), 2026-11-23, or a time in RFC 3339' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand events" -l until -d 'Only events taken in before then' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand events" -l limit -d 'Show at most so many, newest first (default 50)' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand events" -s o -l output -d 'How data is written' -r -f -a "table\t'For people: aligned on a terminal, tab-separated elsewhere'
json\t'One JSON document'
ndjson\t'One JSON object a line'
csv\t'RFC 4180 with a header'
tsv\t'Tab-separated with a header; `\\t`, `\\n`, `\\r` and `\\\\` stand for themselves'
id\t'Ids, one a line'"
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand events" -l json -d 'JSON; with names, an array of just these fields' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand events" -l jq -d 'Filter the JSON there would be, in the language of jq: strings come without quotes, one result a line' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand events" -l columns -d 'Which columns a table, CSV or TSV has, by their names in JSON' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand events" -l table-header -d 'Whether a table has a header: on a terminal, always, or never' -r -f -a "auto\t'On a terminal, and in CSV and TSV'
always\t'Always'
never\t'Never'"
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand events" -l time -d 'How times are written in tables: relative on a terminal, UTC elsewhere' -r -f -a "relative\t'`2 min ago`'
local\t'In the time zone of this machine'
utc\t'RFC 3339 in UTC'"
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand events" -s p -l profile -d 'Which profile to use; "local" is the service inside this program' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand events" -l service -d 'The service to talk to; else TM_HOOKS_URL, else the one inside this program' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand events" -l color -d 'Whether to use colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always, whatever the environment says'
never\t'Never'"
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand events" -l request-timeout -d 'How long one request to the service may take (default 30s)' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand events" -l retries -d 'How often a request that failed for a while is made again (default 3)' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand events" -l ca-cert -d 'A file with certificates to trust besides the system\'s, in PEM' -r -F
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand events" -l proxy -d 'The proxy that leads to the service; else what HTTPS_PROXY and NO_PROXY say' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand events" -l all -d 'Show all of them'
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand events" -s q -l quiet -d 'No messages but warnings and errors'
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand events" -s v -l verbose -d 'Say more about what is going on'
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand events" -s y -l yes -d 'Answer yes to "are you sure?"'
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand events" -l no-input -d 'Ask nothing; fail with exit code 2 where an answer is needed'
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand events" -l allow-http -d 'Let the token go over plain HTTP to another machine'
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand events" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand types" -s o -l output -d 'How data is written' -r -f -a "table\t'For people: aligned on a terminal, tab-separated elsewhere'
json\t'One JSON document'
ndjson\t'One JSON object a line'
csv\t'RFC 4180 with a header'
tsv\t'Tab-separated with a header; `\\t`, `\\n`, `\\r` and `\\\\` stand for themselves'
id\t'Ids, one a line'"
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand types" -l json -d 'JSON; with names, an array of just these fields' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand types" -l jq -d 'Filter the JSON there would be, in the language of jq: strings come without quotes, one result a line' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand types" -l columns -d 'Which columns a table, CSV or TSV has, by their names in JSON' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand types" -l table-header -d 'Whether a table has a header: on a terminal, always, or never' -r -f -a "auto\t'On a terminal, and in CSV and TSV'
always\t'Always'
never\t'Never'"
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand types" -l time -d 'How times are written in tables: relative on a terminal, UTC elsewhere' -r -f -a "relative\t'`2 min ago`'
local\t'In the time zone of this machine'
utc\t'RFC 3339 in UTC'"
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand types" -s p -l profile -d 'Which profile to use; "local" is the service inside this program' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand types" -l service -d 'The service to talk to; else TM_HOOKS_URL, else the one inside this program' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand types" -l color -d 'Whether to use colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always, whatever the environment says'
never\t'Never'"
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand types" -l request-timeout -d 'How long one request to the service may take (default 30s)' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand types" -l retries -d 'How often a request that failed for a while is made again (default 3)' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand types" -l ca-cert -d 'A file with certificates to trust besides the system\'s, in PEM' -r -F
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand types" -l proxy -d 'The proxy that leads to the service; else what HTTPS_PROXY and NO_PROXY say' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand types" -s q -l quiet -d 'No messages but warnings and errors'
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand types" -s v -l verbose -d 'Say more about what is going on'
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand types" -s y -l yes -d 'Answer yes to "are you sure?"'
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand types" -l no-input -d 'Ask nothing; fail with exit code 2 where an answer is needed'
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand types" -l allow-http -d 'Let the token go over plain HTTP to another machine'
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand types" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand send" -l set -d 'Set a field of the data: clockingType=Out; dots lead into objects: shift.name=Night' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand send" -l data -d 'Replace fields of the data by those of a JSON object: @file, - for standard input, or the object itself' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand send" -l unset -d 'Remove a field of the data' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand send" -l id -d 'An id of your own: sent again with the same content it is taken as the same event' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand send" -l count -d 'Send so many events, each with an id of its own' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand send" -l rate -d 'Send them at this rate: 10/s, 90/m' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand send" -l timeout -d 'Wait so long, at most' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand send" -s o -l output -d 'How data is written' -r -f -a "table\t'For people: aligned on a terminal, tab-separated elsewhere'
json\t'One JSON document'
ndjson\t'One JSON object a line'
csv\t'RFC 4180 with a header'
tsv\t'Tab-separated with a header; `\\t`, `\\n`, `\\r` and `\\\\` stand for themselves'
id\t'Ids, one a line'"
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand send" -l json -d 'JSON; with names, an array of just these fields' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand send" -l jq -d 'Filter the JSON there would be, in the language of jq: strings come without quotes, one result a line' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand send" -l columns -d 'Which columns a table, CSV or TSV has, by their names in JSON' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand send" -l table-header -d 'Whether a table has a header: on a terminal, always, or never' -r -f -a "auto\t'On a terminal, and in CSV and TSV'
always\t'Always'
never\t'Never'"
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand send" -l time -d 'How times are written in tables: relative on a terminal, UTC elsewhere' -r -f -a "relative\t'`2 min ago`'
local\t'In the time zone of this machine'
utc\t'RFC 3339 in UTC'"
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand send" -s p -l profile -d 'Which profile to use; "local" is the service inside this program' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand send" -l service -d 'The service to talk to; else TM_HOOKS_URL, else the one inside this program' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand send" -l color -d 'Whether to use colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always, whatever the environment says'
never\t'Never'"
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand send" -l request-timeout -d 'How long one request to the service may take (default 30s)' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand send" -l retries -d 'How often a request that failed for a while is made again (default 3)' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand send" -l ca-cert -d 'A file with certificates to trust besides the system\'s, in PEM' -r -F
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand send" -l proxy -d 'The proxy that leads to the service; else what HTTPS_PROXY and NO_PROXY say' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand send" -l wait -d 'Wait until each delivery was tried once'
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand send" -s q -l quiet -d 'No messages but warnings and errors'
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand send" -s v -l verbose -d 'Say more about what is going on'
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand send" -s y -l yes -d 'Answer yes to "are you sure?"'
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand send" -l no-input -d 'Ask nothing; fail with exit code 2 where an answer is needed'
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand send" -l allow-http -d 'Let the token go over plain HTTP to another machine'
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand send" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand retry" -l since -d 'What failed or came since then: 2h (ago), 2026-11-23, or a time in RFC 3339' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand retry" -l until -d 'What failed or came before then (default: now)' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand retry" -l rate -d 'Deliver at this rate at most: 10/s, 90/m' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand retry" -l timeout -d 'Wait so long, at most (default: 60s; with --failed as long as it takes)' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand retry" -s o -l output -d 'How data is written' -r -f -a "table\t'For people: aligned on a terminal, tab-separated elsewhere'
json\t'One JSON document'
ndjson\t'One JSON object a line'
csv\t'RFC 4180 with a header'
tsv\t'Tab-separated with a header; `\\t`, `\\n`, `\\r` and `\\\\` stand for themselves'
id\t'Ids, one a line'"
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand retry" -l json -d 'JSON; with names, an array of just these fields' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand retry" -l jq -d 'Filter the JSON there would be, in the language of jq: strings come without quotes, one result a line' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand retry" -l columns -d 'Which columns a table, CSV or TSV has, by their names in JSON' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand retry" -l table-header -d 'Whether a table has a header: on a terminal, always, or never' -r -f -a "auto\t'On a terminal, and in CSV and TSV'
always\t'Always'
never\t'Never'"
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand retry" -l time -d 'How times are written in tables: relative on a terminal, UTC elsewhere' -r -f -a "relative\t'`2 min ago`'
local\t'In the time zone of this machine'
utc\t'RFC 3339 in UTC'"
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand retry" -s p -l profile -d 'Which profile to use; "local" is the service inside this program' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand retry" -l service -d 'The service to talk to; else TM_HOOKS_URL, else the one inside this program' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand retry" -l color -d 'Whether to use colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always, whatever the environment says'
never\t'Never'"
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand retry" -l request-timeout -d 'How long one request to the service may take (default 30s)' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand retry" -l retries -d 'How often a request that failed for a while is made again (default 3)' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand retry" -l ca-cert -d 'A file with certificates to trust besides the system\'s, in PEM' -r -F
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand retry" -l proxy -d 'The proxy that leads to the service; else what HTTPS_PROXY and NO_PROXY say' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand retry" -l failed -d 'All that was not delivered since --since'
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand retry" -l dry-run -d 'Only count'
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand retry" -l wait -d 'Wait until each was tried once'
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand retry" -s q -l quiet -d 'No messages but warnings and errors'
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand retry" -s v -l verbose -d 'Say more about what is going on'
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand retry" -s y -l yes -d 'Answer yes to "are you sure?"'
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand retry" -l no-input -d 'Ask nothing; fail with exit code 2 where an answer is needed'
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand retry" -l allow-http -d 'Let the token go over plain HTTP to another machine'
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand retry" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand stats" -l since -d 'Only attempts ended since then: 2h (ago), 2026-11-23, or a time in RFC 3339 (default 24h)' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand stats" -l by -d 'One line for each webhook, event (type), code, hour or day' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand stats" -l fail-over -d 'Fail with exit code 10 when more than this share failed: 5%, 0.05' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand stats" -s o -l output -d 'How data is written' -r -f -a "table\t'For people: aligned on a terminal, tab-separated elsewhere'
json\t'One JSON document'
ndjson\t'One JSON object a line'
csv\t'RFC 4180 with a header'
tsv\t'Tab-separated with a header; `\\t`, `\\n`, `\\r` and `\\\\` stand for themselves'
id\t'Ids, one a line'"
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand stats" -l json -d 'JSON; with names, an array of just these fields' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand stats" -l jq -d 'Filter the JSON there would be, in the language of jq: strings come without quotes, one result a line' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand stats" -l columns -d 'Which columns a table, CSV or TSV has, by their names in JSON' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand stats" -l table-header -d 'Whether a table has a header: on a terminal, always, or never' -r -f -a "auto\t'On a terminal, and in CSV and TSV'
always\t'Always'
never\t'Never'"
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand stats" -l time -d 'How times are written in tables: relative on a terminal, UTC elsewhere' -r -f -a "relative\t'`2 min ago`'
local\t'In the time zone of this machine'
utc\t'RFC 3339 in UTC'"
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand stats" -s p -l profile -d 'Which profile to use; "local" is the service inside this program' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand stats" -l service -d 'The service to talk to; else TM_HOOKS_URL, else the one inside this program' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand stats" -l color -d 'Whether to use colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always, whatever the environment says'
never\t'Never'"
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand stats" -l request-timeout -d 'How long one request to the service may take (default 30s)' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand stats" -l retries -d 'How often a request that failed for a while is made again (default 3)' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand stats" -l ca-cert -d 'A file with certificates to trust besides the system\'s, in PEM' -r -F
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand stats" -l proxy -d 'The proxy that leads to the service; else what HTTPS_PROXY and NO_PROXY say' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand stats" -s q -l quiet -d 'No messages but warnings and errors'
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand stats" -s v -l verbose -d 'Say more about what is going on'
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand stats" -s y -l yes -d 'Answer yes to "are you sure?"'
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand stats" -l no-input -d 'Ask nothing; fail with exit code 2 where an answer is needed'
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand stats" -l allow-http -d 'Let the token go over plain HTTP to another machine'
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand stats" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand secret; and not __fish_seen_subcommand_from show rotate revoke" -s o -l output -d 'How data is written' -r -f -a "table\t'For people: aligned on a terminal, tab-separated elsewhere'
json\t'One JSON document'
ndjson\t'One JSON object a line'
csv\t'RFC 4180 with a header'
tsv\t'Tab-separated with a header; `\\t`, `\\n`, `\\r` and `\\\\` stand for themselves'
id\t'Ids, one a line'"
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand secret; and not __fish_seen_subcommand_from show rotate revoke" -l json -d 'JSON; with names, an array of just these fields' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand secret; and not __fish_seen_subcommand_from show rotate revoke" -l jq -d 'Filter the JSON there would be, in the language of jq: strings come without quotes, one result a line' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand secret; and not __fish_seen_subcommand_from show rotate revoke" -l columns -d 'Which columns a table, CSV or TSV has, by their names in JSON' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand secret; and not __fish_seen_subcommand_from show rotate revoke" -l table-header -d 'Whether a table has a header: on a terminal, always, or never' -r -f -a "auto\t'On a terminal, and in CSV and TSV'
always\t'Always'
never\t'Never'"
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand secret; and not __fish_seen_subcommand_from show rotate revoke" -l time -d 'How times are written in tables: relative on a terminal, UTC elsewhere' -r -f -a "relative\t'`2 min ago`'
local\t'In the time zone of this machine'
utc\t'RFC 3339 in UTC'"
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand secret; and not __fish_seen_subcommand_from show rotate revoke" -s p -l profile -d 'Which profile to use; "local" is the service inside this program' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand secret; and not __fish_seen_subcommand_from show rotate revoke" -l service -d 'The service to talk to; else TM_HOOKS_URL, else the one inside this program' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand secret; and not __fish_seen_subcommand_from show rotate revoke" -l color -d 'Whether to use colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always, whatever the environment says'
never\t'Never'"
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand secret; and not __fish_seen_subcommand_from show rotate revoke" -l request-timeout -d 'How long one request to the service may take (default 30s)' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand secret; and not __fish_seen_subcommand_from show rotate revoke" -l retries -d 'How often a request that failed for a while is made again (default 3)' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand secret; and not __fish_seen_subcommand_from show rotate revoke" -l ca-cert -d 'A file with certificates to trust besides the system\'s, in PEM' -r -F
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand secret; and not __fish_seen_subcommand_from show rotate revoke" -l proxy -d 'The proxy that leads to the service; else what HTTPS_PROXY and NO_PROXY say' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand secret; and not __fish_seen_subcommand_from show rotate revoke" -s q -l quiet -d 'No messages but warnings and errors'
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand secret; and not __fish_seen_subcommand_from show rotate revoke" -s v -l verbose -d 'Say more about what is going on'
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand secret; and not __fish_seen_subcommand_from show rotate revoke" -s y -l yes -d 'Answer yes to "are you sure?"'
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand secret; and not __fish_seen_subcommand_from show rotate revoke" -l no-input -d 'Ask nothing; fail with exit code 2 where an answer is needed'
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand secret; and not __fish_seen_subcommand_from show rotate revoke" -l allow-http -d 'Let the token go over plain HTTP to another machine'
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand secret; and not __fish_seen_subcommand_from show rotate revoke" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand secret; and not __fish_seen_subcommand_from show rotate revoke" -f -a "show" -d 'Show the secret'
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand secret; and not __fish_seen_subcommand_from show rotate revoke" -f -a "rotate" -d 'Replace the secret by a new one; for a while both are valid'
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand secret; and not __fish_seen_subcommand_from show rotate revoke" -f -a "revoke" -d 'End the overlap: only the new secret is valid from now on'
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand secret; and __fish_seen_subcommand_from show" -l format -d 'How to write it' -r -f -a "plain\t'The secret alone'
standard\t'As libraries for Standard Webhooks take it: whsec_ and Base64'
env\t'An assignment for a shell or an .env file'"
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand secret; and __fish_seen_subcommand_from show" -s o -l output -d 'How data is written' -r -f -a "table\t'For people: aligned on a terminal, tab-separated elsewhere'
json\t'One JSON document'
ndjson\t'One JSON object a line'
csv\t'RFC 4180 with a header'
tsv\t'Tab-separated with a header; `\\t`, `\\n`, `\\r` and `\\\\` stand for themselves'
id\t'Ids, one a line'"
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand secret; and __fish_seen_subcommand_from show" -l json -d 'JSON; with names, an array of just these fields' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand secret; and __fish_seen_subcommand_from show" -l jq -d 'Filter the JSON there would be, in the language of jq: strings come without quotes, one result a line' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand secret; and __fish_seen_subcommand_from show" -l columns -d 'Which columns a table, CSV or TSV has, by their names in JSON' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand secret; and __fish_seen_subcommand_from show" -l table-header -d 'Whether a table has a header: on a terminal, always, or never' -r -f -a "auto\t'On a terminal, and in CSV and TSV'
always\t'Always'
never\t'Never'"
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand secret; and __fish_seen_subcommand_from show" -l time -d 'How times are written in tables: relative on a terminal, UTC elsewhere' -r -f -a "relative\t'`2 min ago`'
local\t'In the time zone of this machine'
utc\t'RFC 3339 in UTC'"
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand secret; and __fish_seen_subcommand_from show" -s p -l profile -d 'Which profile to use; "local" is the service inside this program' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand secret; and __fish_seen_subcommand_from show" -l service -d 'The service to talk to; else TM_HOOKS_URL, else the one inside this program' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand secret; and __fish_seen_subcommand_from show" -l color -d 'Whether to use colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always, whatever the environment says'
never\t'Never'"
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand secret; and __fish_seen_subcommand_from show" -l request-timeout -d 'How long one request to the service may take (default 30s)' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand secret; and __fish_seen_subcommand_from show" -l retries -d 'How often a request that failed for a while is made again (default 3)' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand secret; and __fish_seen_subcommand_from show" -l ca-cert -d 'A file with certificates to trust besides the system\'s, in PEM' -r -F
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand secret; and __fish_seen_subcommand_from show" -l proxy -d 'The proxy that leads to the service; else what HTTPS_PROXY and NO_PROXY say' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand secret; and __fish_seen_subcommand_from show" -l reveal -d 'Show the secret itself'
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand secret; and __fish_seen_subcommand_from show" -s q -l quiet -d 'No messages but warnings and errors'
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand secret; and __fish_seen_subcommand_from show" -s v -l verbose -d 'Say more about what is going on'
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand secret; and __fish_seen_subcommand_from show" -s y -l yes -d 'Answer yes to "are you sure?"'
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand secret; and __fish_seen_subcommand_from show" -l no-input -d 'Ask nothing; fail with exit code 2 where an answer is needed'
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand secret; and __fish_seen_subcommand_from show" -l allow-http -d 'Let the token go over plain HTTP to another machine'
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand secret; and __fish_seen_subcommand_from show" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand secret; and __fish_seen_subcommand_from rotate" -l overlap -d 'How long the old secret stays valid: 0s to 30d' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand secret; and __fish_seen_subcommand_from rotate" -l format -d 'How to write it' -r -f -a "plain\t'The secret alone'
standard\t'As libraries for Standard Webhooks take it: whsec_ and Base64'
env\t'An assignment for a shell or an .env file'"
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand secret; and __fish_seen_subcommand_from rotate" -s o -l output -d 'How data is written' -r -f -a "table\t'For people: aligned on a terminal, tab-separated elsewhere'
json\t'One JSON document'
ndjson\t'One JSON object a line'
csv\t'RFC 4180 with a header'
tsv\t'Tab-separated with a header; `\\t`, `\\n`, `\\r` and `\\\\` stand for themselves'
id\t'Ids, one a line'"
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand secret; and __fish_seen_subcommand_from rotate" -l json -d 'JSON; with names, an array of just these fields' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand secret; and __fish_seen_subcommand_from rotate" -l jq -d 'Filter the JSON there would be, in the language of jq: strings come without quotes, one result a line' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand secret; and __fish_seen_subcommand_from rotate" -l columns -d 'Which columns a table, CSV or TSV has, by their names in JSON' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand secret; and __fish_seen_subcommand_from rotate" -l table-header -d 'Whether a table has a header: on a terminal, always, or never' -r -f -a "auto\t'On a terminal, and in CSV and TSV'
always\t'Always'
never\t'Never'"
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand secret; and __fish_seen_subcommand_from rotate" -l time -d 'How times are written in tables: relative on a terminal, UTC elsewhere' -r -f -a "relative\t'`2 min ago`'
local\t'In the time zone of this machine'
utc\t'RFC 3339 in UTC'"
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand secret; and __fish_seen_subcommand_from rotate" -s p -l profile -d 'Which profile to use; "local" is the service inside this program' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand secret; and __fish_seen_subcommand_from rotate" -l service -d 'The service to talk to; else TM_HOOKS_URL, else the one inside this program' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand secret; and __fish_seen_subcommand_from rotate" -l color -d 'Whether to use colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always, whatever the environment says'
never\t'Never'"
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand secret; and __fish_seen_subcommand_from rotate" -l request-timeout -d 'How long one request to the service may take (default 30s)' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand secret; and __fish_seen_subcommand_from rotate" -l retries -d 'How often a request that failed for a while is made again (default 3)' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand secret; and __fish_seen_subcommand_from rotate" -l ca-cert -d 'A file with certificates to trust besides the system\'s, in PEM' -r -F
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand secret; and __fish_seen_subcommand_from rotate" -l proxy -d 'The proxy that leads to the service; else what HTTPS_PROXY and NO_PROXY say' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand secret; and __fish_seen_subcommand_from rotate" -l reveal -d 'Show the secret itself'
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand secret; and __fish_seen_subcommand_from rotate" -s q -l quiet -d 'No messages but warnings and errors'
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand secret; and __fish_seen_subcommand_from rotate" -s v -l verbose -d 'Say more about what is going on'
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand secret; and __fish_seen_subcommand_from rotate" -s y -l yes -d 'Answer yes to "are you sure?"'
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand secret; and __fish_seen_subcommand_from rotate" -l no-input -d 'Ask nothing; fail with exit code 2 where an answer is needed'
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand secret; and __fish_seen_subcommand_from rotate" -l allow-http -d 'Let the token go over plain HTTP to another machine'
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand secret; and __fish_seen_subcommand_from rotate" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand secret; and __fish_seen_subcommand_from revoke" -s o -l output -d 'How data is written' -r -f -a "table\t'For people: aligned on a terminal, tab-separated elsewhere'
json\t'One JSON document'
ndjson\t'One JSON object a line'
csv\t'RFC 4180 with a header'
tsv\t'Tab-separated with a header; `\\t`, `\\n`, `\\r` and `\\\\` stand for themselves'
id\t'Ids, one a line'"
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand secret; and __fish_seen_subcommand_from revoke" -l json -d 'JSON; with names, an array of just these fields' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand secret; and __fish_seen_subcommand_from revoke" -l jq -d 'Filter the JSON there would be, in the language of jq: strings come without quotes, one result a line' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand secret; and __fish_seen_subcommand_from revoke" -l columns -d 'Which columns a table, CSV or TSV has, by their names in JSON' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand secret; and __fish_seen_subcommand_from revoke" -l table-header -d 'Whether a table has a header: on a terminal, always, or never' -r -f -a "auto\t'On a terminal, and in CSV and TSV'
always\t'Always'
never\t'Never'"
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand secret; and __fish_seen_subcommand_from revoke" -l time -d 'How times are written in tables: relative on a terminal, UTC elsewhere' -r -f -a "relative\t'`2 min ago`'
local\t'In the time zone of this machine'
utc\t'RFC 3339 in UTC'"
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand secret; and __fish_seen_subcommand_from revoke" -s p -l profile -d 'Which profile to use; "local" is the service inside this program' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand secret; and __fish_seen_subcommand_from revoke" -l service -d 'The service to talk to; else TM_HOOKS_URL, else the one inside this program' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand secret; and __fish_seen_subcommand_from revoke" -l color -d 'Whether to use colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always, whatever the environment says'
never\t'Never'"
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand secret; and __fish_seen_subcommand_from revoke" -l request-timeout -d 'How long one request to the service may take (default 30s)' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand secret; and __fish_seen_subcommand_from revoke" -l retries -d 'How often a request that failed for a while is made again (default 3)' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand secret; and __fish_seen_subcommand_from revoke" -l ca-cert -d 'A file with certificates to trust besides the system\'s, in PEM' -r -F
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand secret; and __fish_seen_subcommand_from revoke" -l proxy -d 'The proxy that leads to the service; else what HTTPS_PROXY and NO_PROXY say' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand secret; and __fish_seen_subcommand_from revoke" -s q -l quiet -d 'No messages but warnings and errors'
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand secret; and __fish_seen_subcommand_from revoke" -s v -l verbose -d 'Say more about what is going on'
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand secret; and __fish_seen_subcommand_from revoke" -s y -l yes -d 'Answer yes to "are you sure?"'
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand secret; and __fish_seen_subcommand_from revoke" -l no-input -d 'Ask nothing; fail with exit code 2 where an answer is needed'
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand secret; and __fish_seen_subcommand_from revoke" -l allow-http -d 'Let the token go over plain HTTP to another machine'
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand secret; and __fish_seen_subcommand_from revoke" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand api" -s f -l field -d 'A field of the body, or of the query: name=text or name:=json' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand api" -l input -d 'The body: a file, or - for standard input' -r -F
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand api" -s o -l output -d 'How data is written' -r -f -a "table\t'For people: aligned on a terminal, tab-separated elsewhere'
json\t'One JSON document'
ndjson\t'One JSON object a line'
csv\t'RFC 4180 with a header'
tsv\t'Tab-separated with a header; `\\t`, `\\n`, `\\r` and `\\\\` stand for themselves'
id\t'Ids, one a line'"
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand api" -l json -d 'JSON; with names, an array of just these fields' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand api" -l jq -d 'Filter the JSON there would be, in the language of jq: strings come without quotes, one result a line' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand api" -l columns -d 'Which columns a table, CSV or TSV has, by their names in JSON' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand api" -l table-header -d 'Whether a table has a header: on a terminal, always, or never' -r -f -a "auto\t'On a terminal, and in CSV and TSV'
always\t'Always'
never\t'Never'"
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand api" -l time -d 'How times are written in tables: relative on a terminal, UTC elsewhere' -r -f -a "relative\t'`2 min ago`'
local\t'In the time zone of this machine'
utc\t'RFC 3339 in UTC'"
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand api" -s p -l profile -d 'Which profile to use; "local" is the service inside this program' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand api" -l service -d 'The service to talk to; else TM_HOOKS_URL, else the one inside this program' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand api" -l color -d 'Whether to use colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always, whatever the environment says'
never\t'Never'"
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand api" -l request-timeout -d 'How long one request to the service may take (default 30s)' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand api" -l retries -d 'How often a request that failed for a while is made again (default 3)' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand api" -l ca-cert -d 'A file with certificates to trust besides the system\'s, in PEM' -r -F
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand api" -l proxy -d 'The proxy that leads to the service; else what HTTPS_PROXY and NO_PROXY say' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand api" -l paginate -d 'Follow the cursors, and print all pages as one'
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand api" -s i -l include -d 'Print the answer\'s status and headers above it'
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand api" -s q -l quiet -d 'No messages but warnings and errors'
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand api" -s v -l verbose -d 'Say more about what is going on'
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand api" -s y -l yes -d 'Answer yes to "are you sure?"'
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand api" -l no-input -d 'Ask nothing; fail with exit code 2 where an answer is needed'
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand api" -l allow-http -d 'Let the token go over plain HTTP to another machine'
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand api" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand login" -l token-file -d 'Read the token from a file; - is standard input' -r -F
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand login" -s o -l output -d 'How data is written' -r -f -a "table\t'For people: aligned on a terminal, tab-separated elsewhere'
json\t'One JSON document'
ndjson\t'One JSON object a line'
csv\t'RFC 4180 with a header'
tsv\t'Tab-separated with a header; `\\t`, `\\n`, `\\r` and `\\\\` stand for themselves'
id\t'Ids, one a line'"
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand login" -l json -d 'JSON; with names, an array of just these fields' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand login" -l jq -d 'Filter the JSON there would be, in the language of jq: strings come without quotes, one result a line' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand login" -l columns -d 'Which columns a table, CSV or TSV has, by their names in JSON' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand login" -l table-header -d 'Whether a table has a header: on a terminal, always, or never' -r -f -a "auto\t'On a terminal, and in CSV and TSV'
always\t'Always'
never\t'Never'"
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand login" -l time -d 'How times are written in tables: relative on a terminal, UTC elsewhere' -r -f -a "relative\t'`2 min ago`'
local\t'In the time zone of this machine'
utc\t'RFC 3339 in UTC'"
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand login" -s p -l profile -d 'Which profile to use; "local" is the service inside this program' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand login" -l service -d 'The service to talk to; else TM_HOOKS_URL, else the one inside this program' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand login" -l color -d 'Whether to use colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always, whatever the environment says'
never\t'Never'"
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand login" -l request-timeout -d 'How long one request to the service may take (default 30s)' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand login" -l retries -d 'How often a request that failed for a while is made again (default 3)' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand login" -l ca-cert -d 'A file with certificates to trust besides the system\'s, in PEM' -r -F
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand login" -l proxy -d 'The proxy that leads to the service; else what HTTPS_PROXY and NO_PROXY say' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand login" -l token-stdin -d 'Read the token from standard input'
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand login" -l insecure-storage -d 'Keep the token in a file that only you can read, instead of in the keyring'
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand login" -s q -l quiet -d 'No messages but warnings and errors'
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand login" -s v -l verbose -d 'Say more about what is going on'
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand login" -s y -l yes -d 'Answer yes to "are you sure?"'
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand login" -l no-input -d 'Ask nothing; fail with exit code 2 where an answer is needed'
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand login" -l allow-http -d 'Let the token go over plain HTTP to another machine'
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand login" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand logout" -s o -l output -d 'How data is written' -r -f -a "table\t'For people: aligned on a terminal, tab-separated elsewhere'
json\t'One JSON document'
ndjson\t'One JSON object a line'
csv\t'RFC 4180 with a header'
tsv\t'Tab-separated with a header; `\\t`, `\\n`, `\\r` and `\\\\` stand for themselves'
id\t'Ids, one a line'"
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand logout" -l json -d 'JSON; with names, an array of just these fields' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand logout" -l jq -d 'Filter the JSON there would be, in the language of jq: strings come without quotes, one result a line' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand logout" -l columns -d 'Which columns a table, CSV or TSV has, by their names in JSON' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand logout" -l table-header -d 'Whether a table has a header: on a terminal, always, or never' -r -f -a "auto\t'On a terminal, and in CSV and TSV'
always\t'Always'
never\t'Never'"
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand logout" -l time -d 'How times are written in tables: relative on a terminal, UTC elsewhere' -r -f -a "relative\t'`2 min ago`'
local\t'In the time zone of this machine'
utc\t'RFC 3339 in UTC'"
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand logout" -s p -l profile -d 'Which profile to use; "local" is the service inside this program' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand logout" -l service -d 'The service to talk to; else TM_HOOKS_URL, else the one inside this program' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand logout" -l color -d 'Whether to use colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always, whatever the environment says'
never\t'Never'"
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand logout" -l request-timeout -d 'How long one request to the service may take (default 30s)' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand logout" -l retries -d 'How often a request that failed for a while is made again (default 3)' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand logout" -l ca-cert -d 'A file with certificates to trust besides the system\'s, in PEM' -r -F
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand logout" -l proxy -d 'The proxy that leads to the service; else what HTTPS_PROXY and NO_PROXY say' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand logout" -l all -d 'From every service, and tokens in the file that no profile knows of'
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand logout" -s q -l quiet -d 'No messages but warnings and errors'
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand logout" -s v -l verbose -d 'Say more about what is going on'
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand logout" -s y -l yes -d 'Answer yes to "are you sure?"'
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand logout" -l no-input -d 'Ask nothing; fail with exit code 2 where an answer is needed'
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand logout" -l allow-http -d 'Let the token go over plain HTTP to another machine'
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand logout" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand whoami" -s o -l output -d 'How data is written' -r -f -a "table\t'For people: aligned on a terminal, tab-separated elsewhere'
json\t'One JSON document'
ndjson\t'One JSON object a line'
csv\t'RFC 4180 with a header'
tsv\t'Tab-separated with a header; `\\t`, `\\n`, `\\r` and `\\\\` stand for themselves'
id\t'Ids, one a line'"
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand whoami" -l json -d 'JSON; with names, an array of just these fields' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand whoami" -l jq -d 'Filter the JSON there would be, in the language of jq: strings come without quotes, one result a line' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand whoami" -l columns -d 'Which columns a table, CSV or TSV has, by their names in JSON' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand whoami" -l table-header -d 'Whether a table has a header: on a terminal, always, or never' -r -f -a "auto\t'On a terminal, and in CSV and TSV'
always\t'Always'
never\t'Never'"
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand whoami" -l time -d 'How times are written in tables: relative on a terminal, UTC elsewhere' -r -f -a "relative\t'`2 min ago`'
local\t'In the time zone of this machine'
utc\t'RFC 3339 in UTC'"
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand whoami" -s p -l profile -d 'Which profile to use; "local" is the service inside this program' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand whoami" -l service -d 'The service to talk to; else TM_HOOKS_URL, else the one inside this program' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand whoami" -l color -d 'Whether to use colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always, whatever the environment says'
never\t'Never'"
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand whoami" -l request-timeout -d 'How long one request to the service may take (default 30s)' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand whoami" -l retries -d 'How often a request that failed for a while is made again (default 3)' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand whoami" -l ca-cert -d 'A file with certificates to trust besides the system\'s, in PEM' -r -F
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand whoami" -l proxy -d 'The proxy that leads to the service; else what HTTPS_PROXY and NO_PROXY say' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand whoami" -l check -d 'Fail when the token is not valid, or there is none'
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand whoami" -s q -l quiet -d 'No messages but warnings and errors'
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand whoami" -s v -l verbose -d 'Say more about what is going on'
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand whoami" -s y -l yes -d 'Answer yes to "are you sure?"'
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand whoami" -l no-input -d 'Ask nothing; fail with exit code 2 where an answer is needed'
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand whoami" -l allow-http -d 'Let the token go over plain HTTP to another machine'
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand whoami" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand profile; and not __fish_seen_subcommand_from list use add remove" -s o -l output -d 'How data is written' -r -f -a "table\t'For people: aligned on a terminal, tab-separated elsewhere'
json\t'One JSON document'
ndjson\t'One JSON object a line'
csv\t'RFC 4180 with a header'
tsv\t'Tab-separated with a header; `\\t`, `\\n`, `\\r` and `\\\\` stand for themselves'
id\t'Ids, one a line'"
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand profile; and not __fish_seen_subcommand_from list use add remove" -l json -d 'JSON; with names, an array of just these fields' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand profile; and not __fish_seen_subcommand_from list use add remove" -l jq -d 'Filter the JSON there would be, in the language of jq: strings come without quotes, one result a line' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand profile; and not __fish_seen_subcommand_from list use add remove" -l columns -d 'Which columns a table, CSV or TSV has, by their names in JSON' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand profile; and not __fish_seen_subcommand_from list use add remove" -l table-header -d 'Whether a table has a header: on a terminal, always, or never' -r -f -a "auto\t'On a terminal, and in CSV and TSV'
always\t'Always'
never\t'Never'"
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand profile; and not __fish_seen_subcommand_from list use add remove" -l time -d 'How times are written in tables: relative on a terminal, UTC elsewhere' -r -f -a "relative\t'`2 min ago`'
local\t'In the time zone of this machine'
utc\t'RFC 3339 in UTC'"
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand profile; and not __fish_seen_subcommand_from list use add remove" -s p -l profile -d 'Which profile to use; "local" is the service inside this program' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand profile; and not __fish_seen_subcommand_from list use add remove" -l service -d 'The service to talk to; else TM_HOOKS_URL, else the one inside this program' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand profile; and not __fish_seen_subcommand_from list use add remove" -l color -d 'Whether to use colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always, whatever the environment says'
never\t'Never'"
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand profile; and not __fish_seen_subcommand_from list use add remove" -l request-timeout -d 'How long one request to the service may take (default 30s)' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand profile; and not __fish_seen_subcommand_from list use add remove" -l retries -d 'How often a request that failed for a while is made again (default 3)' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand profile; and not __fish_seen_subcommand_from list use add remove" -l ca-cert -d 'A file with certificates to trust besides the system\'s, in PEM' -r -F
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand profile; and not __fish_seen_subcommand_from list use add remove" -l proxy -d 'The proxy that leads to the service; else what HTTPS_PROXY and NO_PROXY say' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand profile; and not __fish_seen_subcommand_from list use add remove" -s q -l quiet -d 'No messages but warnings and errors'
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand profile; and not __fish_seen_subcommand_from list use add remove" -s v -l verbose -d 'Say more about what is going on'
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand profile; and not __fish_seen_subcommand_from list use add remove" -s y -l yes -d 'Answer yes to "are you sure?"'
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand profile; and not __fish_seen_subcommand_from list use add remove" -l no-input -d 'Ask nothing; fail with exit code 2 where an answer is needed'
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand profile; and not __fish_seen_subcommand_from list use add remove" -l allow-http -d 'Let the token go over plain HTTP to another machine'
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand profile; and not __fish_seen_subcommand_from list use add remove" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand profile; and not __fish_seen_subcommand_from list use add remove" -f -a "list" -d 'List the profiles'
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand profile; and not __fish_seen_subcommand_from list use add remove" -f -a "use" -d 'Use a profile from now on'
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand profile; and not __fish_seen_subcommand_from list use add remove" -f -a "add" -d 'Add a profile, or change the one of this name'
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand profile; and not __fish_seen_subcommand_from list use add remove" -f -a "remove" -d 'Remove a profile, and the token that login has kept for it'
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand profile; and __fish_seen_subcommand_from list" -s o -l output -d 'How data is written' -r -f -a "table\t'For people: aligned on a terminal, tab-separated elsewhere'
json\t'One JSON document'
ndjson\t'One JSON object a line'
csv\t'RFC 4180 with a header'
tsv\t'Tab-separated with a header; `\\t`, `\\n`, `\\r` and `\\\\` stand for themselves'
id\t'Ids, one a line'"
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand profile; and __fish_seen_subcommand_from list" -l json -d 'JSON; with names, an array of just these fields' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand profile; and __fish_seen_subcommand_from list" -l jq -d 'Filter the JSON there would be, in the language of jq: strings come without quotes, one result a line' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand profile; and __fish_seen_subcommand_from list" -l columns -d 'Which columns a table, CSV or TSV has, by their names in JSON' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand profile; and __fish_seen_subcommand_from list" -l table-header -d 'Whether a table has a header: on a terminal, always, or never' -r -f -a "auto\t'On a terminal, and in CSV and TSV'
always\t'Always'
never\t'Never'"
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand profile; and __fish_seen_subcommand_from list" -l time -d 'How times are written in tables: relative on a terminal, UTC elsewhere' -r -f -a "relative\t'`2 min ago`'
local\t'In the time zone of this machine'
utc\t'RFC 3339 in UTC'"
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand profile; and __fish_seen_subcommand_from list" -s p -l profile -d 'Which profile to use; "local" is the service inside this program' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand profile; and __fish_seen_subcommand_from list" -l service -d 'The service to talk to; else TM_HOOKS_URL, else the one inside this program' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand profile; and __fish_seen_subcommand_from list" -l color -d 'Whether to use colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always, whatever the environment says'
never\t'Never'"
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand profile; and __fish_seen_subcommand_from list" -l request-timeout -d 'How long one request to the service may take (default 30s)' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand profile; and __fish_seen_subcommand_from list" -l retries -d 'How often a request that failed for a while is made again (default 3)' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand profile; and __fish_seen_subcommand_from list" -l ca-cert -d 'A file with certificates to trust besides the system\'s, in PEM' -r -F
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand profile; and __fish_seen_subcommand_from list" -l proxy -d 'The proxy that leads to the service; else what HTTPS_PROXY and NO_PROXY say' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand profile; and __fish_seen_subcommand_from list" -s q -l quiet -d 'No messages but warnings and errors'
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand profile; and __fish_seen_subcommand_from list" -s v -l verbose -d 'Say more about what is going on'
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand profile; and __fish_seen_subcommand_from list" -s y -l yes -d 'Answer yes to "are you sure?"'
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand profile; and __fish_seen_subcommand_from list" -l no-input -d 'Ask nothing; fail with exit code 2 where an answer is needed'
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand profile; and __fish_seen_subcommand_from list" -l allow-http -d 'Let the token go over plain HTTP to another machine'
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand profile; and __fish_seen_subcommand_from list" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand profile; and __fish_seen_subcommand_from use" -s o -l output -d 'How data is written' -r -f -a "table\t'For people: aligned on a terminal, tab-separated elsewhere'
json\t'One JSON document'
ndjson\t'One JSON object a line'
csv\t'RFC 4180 with a header'
tsv\t'Tab-separated with a header; `\\t`, `\\n`, `\\r` and `\\\\` stand for themselves'
id\t'Ids, one a line'"
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand profile; and __fish_seen_subcommand_from use" -l json -d 'JSON; with names, an array of just these fields' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand profile; and __fish_seen_subcommand_from use" -l jq -d 'Filter the JSON there would be, in the language of jq: strings come without quotes, one result a line' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand profile; and __fish_seen_subcommand_from use" -l columns -d 'Which columns a table, CSV or TSV has, by their names in JSON' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand profile; and __fish_seen_subcommand_from use" -l table-header -d 'Whether a table has a header: on a terminal, always, or never' -r -f -a "auto\t'On a terminal, and in CSV and TSV'
always\t'Always'
never\t'Never'"
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand profile; and __fish_seen_subcommand_from use" -l time -d 'How times are written in tables: relative on a terminal, UTC elsewhere' -r -f -a "relative\t'`2 min ago`'
local\t'In the time zone of this machine'
utc\t'RFC 3339 in UTC'"
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand profile; and __fish_seen_subcommand_from use" -s p -l profile -d 'Which profile to use; "local" is the service inside this program' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand profile; and __fish_seen_subcommand_from use" -l service -d 'The service to talk to; else TM_HOOKS_URL, else the one inside this program' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand profile; and __fish_seen_subcommand_from use" -l color -d 'Whether to use colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always, whatever the environment says'
never\t'Never'"
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand profile; and __fish_seen_subcommand_from use" -l request-timeout -d 'How long one request to the service may take (default 30s)' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand profile; and __fish_seen_subcommand_from use" -l retries -d 'How often a request that failed for a while is made again (default 3)' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand profile; and __fish_seen_subcommand_from use" -l ca-cert -d 'A file with certificates to trust besides the system\'s, in PEM' -r -F
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand profile; and __fish_seen_subcommand_from use" -l proxy -d 'The proxy that leads to the service; else what HTTPS_PROXY and NO_PROXY say' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand profile; and __fish_seen_subcommand_from use" -s q -l quiet -d 'No messages but warnings and errors'
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand profile; and __fish_seen_subcommand_from use" -s v -l verbose -d 'Say more about what is going on'
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand profile; and __fish_seen_subcommand_from use" -s y -l yes -d 'Answer yes to "are you sure?"'
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand profile; and __fish_seen_subcommand_from use" -l no-input -d 'Ask nothing; fail with exit code 2 where an answer is needed'
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand profile; and __fish_seen_subcommand_from use" -l allow-http -d 'Let the token go over plain HTTP to another machine'
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand profile; and __fish_seen_subcommand_from use" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand profile; and __fish_seen_subcommand_from add" -s o -l output -d 'How data is written' -r -f -a "table\t'For people: aligned on a terminal, tab-separated elsewhere'
json\t'One JSON document'
ndjson\t'One JSON object a line'
csv\t'RFC 4180 with a header'
tsv\t'Tab-separated with a header; `\\t`, `\\n`, `\\r` and `\\\\` stand for themselves'
id\t'Ids, one a line'"
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand profile; and __fish_seen_subcommand_from add" -l json -d 'JSON; with names, an array of just these fields' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand profile; and __fish_seen_subcommand_from add" -l jq -d 'Filter the JSON there would be, in the language of jq: strings come without quotes, one result a line' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand profile; and __fish_seen_subcommand_from add" -l columns -d 'Which columns a table, CSV or TSV has, by their names in JSON' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand profile; and __fish_seen_subcommand_from add" -l table-header -d 'Whether a table has a header: on a terminal, always, or never' -r -f -a "auto\t'On a terminal, and in CSV and TSV'
always\t'Always'
never\t'Never'"
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand profile; and __fish_seen_subcommand_from add" -l time -d 'How times are written in tables: relative on a terminal, UTC elsewhere' -r -f -a "relative\t'`2 min ago`'
local\t'In the time zone of this machine'
utc\t'RFC 3339 in UTC'"
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand profile; and __fish_seen_subcommand_from add" -s p -l profile -d 'Which profile to use; "local" is the service inside this program' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand profile; and __fish_seen_subcommand_from add" -l service -d 'The service to talk to; else TM_HOOKS_URL, else the one inside this program' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand profile; and __fish_seen_subcommand_from add" -l color -d 'Whether to use colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always, whatever the environment says'
never\t'Never'"
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand profile; and __fish_seen_subcommand_from add" -l request-timeout -d 'How long one request to the service may take (default 30s)' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand profile; and __fish_seen_subcommand_from add" -l retries -d 'How often a request that failed for a while is made again (default 3)' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand profile; and __fish_seen_subcommand_from add" -l ca-cert -d 'A file with certificates to trust besides the system\'s, in PEM' -r -F
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand profile; and __fish_seen_subcommand_from add" -l proxy -d 'The proxy that leads to the service; else what HTTPS_PROXY and NO_PROXY say' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand profile; and __fish_seen_subcommand_from add" -l protected -d 'Ask before every change'
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand profile; and __fish_seen_subcommand_from add" -l use -d 'Use it from now on'
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand profile; and __fish_seen_subcommand_from add" -s q -l quiet -d 'No messages but warnings and errors'
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand profile; and __fish_seen_subcommand_from add" -s v -l verbose -d 'Say more about what is going on'
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand profile; and __fish_seen_subcommand_from add" -s y -l yes -d 'Answer yes to "are you sure?"'
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand profile; and __fish_seen_subcommand_from add" -l no-input -d 'Ask nothing; fail with exit code 2 where an answer is needed'
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand profile; and __fish_seen_subcommand_from add" -l allow-http -d 'Let the token go over plain HTTP to another machine'
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand profile; and __fish_seen_subcommand_from add" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand profile; and __fish_seen_subcommand_from remove" -s o -l output -d 'How data is written' -r -f -a "table\t'For people: aligned on a terminal, tab-separated elsewhere'
json\t'One JSON document'
ndjson\t'One JSON object a line'
csv\t'RFC 4180 with a header'
tsv\t'Tab-separated with a header; `\\t`, `\\n`, `\\r` and `\\\\` stand for themselves'
id\t'Ids, one a line'"
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand profile; and __fish_seen_subcommand_from remove" -l json -d 'JSON; with names, an array of just these fields' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand profile; and __fish_seen_subcommand_from remove" -l jq -d 'Filter the JSON there would be, in the language of jq: strings come without quotes, one result a line' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand profile; and __fish_seen_subcommand_from remove" -l columns -d 'Which columns a table, CSV or TSV has, by their names in JSON' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand profile; and __fish_seen_subcommand_from remove" -l table-header -d 'Whether a table has a header: on a terminal, always, or never' -r -f -a "auto\t'On a terminal, and in CSV and TSV'
always\t'Always'
never\t'Never'"
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand profile; and __fish_seen_subcommand_from remove" -l time -d 'How times are written in tables: relative on a terminal, UTC elsewhere' -r -f -a "relative\t'`2 min ago`'
local\t'In the time zone of this machine'
utc\t'RFC 3339 in UTC'"
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand profile; and __fish_seen_subcommand_from remove" -s p -l profile -d 'Which profile to use; "local" is the service inside this program' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand profile; and __fish_seen_subcommand_from remove" -l service -d 'The service to talk to; else TM_HOOKS_URL, else the one inside this program' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand profile; and __fish_seen_subcommand_from remove" -l color -d 'Whether to use colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always, whatever the environment says'
never\t'Never'"
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand profile; and __fish_seen_subcommand_from remove" -l request-timeout -d 'How long one request to the service may take (default 30s)' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand profile; and __fish_seen_subcommand_from remove" -l retries -d 'How often a request that failed for a while is made again (default 3)' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand profile; and __fish_seen_subcommand_from remove" -l ca-cert -d 'A file with certificates to trust besides the system\'s, in PEM' -r -F
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand profile; and __fish_seen_subcommand_from remove" -l proxy -d 'The proxy that leads to the service; else what HTTPS_PROXY and NO_PROXY say' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand profile; and __fish_seen_subcommand_from remove" -s q -l quiet -d 'No messages but warnings and errors'
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand profile; and __fish_seen_subcommand_from remove" -s v -l verbose -d 'Say more about what is going on'
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand profile; and __fish_seen_subcommand_from remove" -s y -l yes -d 'Answer yes to "are you sure?"'
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand profile; and __fish_seen_subcommand_from remove" -l no-input -d 'Ask nothing; fail with exit code 2 where an answer is needed'
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand profile; and __fish_seen_subcommand_from remove" -l allow-http -d 'Let the token go over plain HTTP to another machine'
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand profile; and __fish_seen_subcommand_from remove" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand config; and not __fish_seen_subcommand_from list get set path" -s o -l output -d 'How data is written' -r -f -a "table\t'For people: aligned on a terminal, tab-separated elsewhere'
json\t'One JSON document'
ndjson\t'One JSON object a line'
csv\t'RFC 4180 with a header'
tsv\t'Tab-separated with a header; `\\t`, `\\n`, `\\r` and `\\\\` stand for themselves'
id\t'Ids, one a line'"
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand config; and not __fish_seen_subcommand_from list get set path" -l json -d 'JSON; with names, an array of just these fields' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand config; and not __fish_seen_subcommand_from list get set path" -l jq -d 'Filter the JSON there would be, in the language of jq: strings come without quotes, one result a line' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand config; and not __fish_seen_subcommand_from list get set path" -l columns -d 'Which columns a table, CSV or TSV has, by their names in JSON' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand config; and not __fish_seen_subcommand_from list get set path" -l table-header -d 'Whether a table has a header: on a terminal, always, or never' -r -f -a "auto\t'On a terminal, and in CSV and TSV'
always\t'Always'
never\t'Never'"
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand config; and not __fish_seen_subcommand_from list get set path" -l time -d 'How times are written in tables: relative on a terminal, UTC elsewhere' -r -f -a "relative\t'`2 min ago`'
local\t'In the time zone of this machine'
utc\t'RFC 3339 in UTC'"
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand config; and not __fish_seen_subcommand_from list get set path" -s p -l profile -d 'Which profile to use; "local" is the service inside this program' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand config; and not __fish_seen_subcommand_from list get set path" -l service -d 'The service to talk to; else TM_HOOKS_URL, else the one inside this program' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand config; and not __fish_seen_subcommand_from list get set path" -l color -d 'Whether to use colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always, whatever the environment says'
never\t'Never'"
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand config; and not __fish_seen_subcommand_from list get set path" -l request-timeout -d 'How long one request to the service may take (default 30s)' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand config; and not __fish_seen_subcommand_from list get set path" -l retries -d 'How often a request that failed for a while is made again (default 3)' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand config; and not __fish_seen_subcommand_from list get set path" -l ca-cert -d 'A file with certificates to trust besides the system\'s, in PEM' -r -F
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand config; and not __fish_seen_subcommand_from list get set path" -l proxy -d 'The proxy that leads to the service; else what HTTPS_PROXY and NO_PROXY say' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand config; and not __fish_seen_subcommand_from list get set path" -s q -l quiet -d 'No messages but warnings and errors'
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand config; and not __fish_seen_subcommand_from list get set path" -s v -l verbose -d 'Say more about what is going on'
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand config; and not __fish_seen_subcommand_from list get set path" -s y -l yes -d 'Answer yes to "are you sure?"'
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand config; and not __fish_seen_subcommand_from list get set path" -l no-input -d 'Ask nothing; fail with exit code 2 where an answer is needed'
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand config; and not __fish_seen_subcommand_from list get set path" -l allow-http -d 'Let the token go over plain HTTP to another machine'
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand config; and not __fish_seen_subcommand_from list get set path" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand config; and not __fish_seen_subcommand_from list get set path" -f -a "list" -d 'List the settings in force, and where each came from'
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand config; and not __fish_seen_subcommand_from list get set path" -f -a "get" -d 'Print a setting in force, or a profile\'s value in the file'
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand config; and not __fish_seen_subcommand_from list get set path" -f -a "set" -d 'Set a value in the file; comments in it survive'
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand config; and not __fish_seen_subcommand_from list get set path" -f -a "path" -d 'Print where the file is, or would be'
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand config; and __fish_seen_subcommand_from list" -s o -l output -d 'How data is written' -r -f -a "table\t'For people: aligned on a terminal, tab-separated elsewhere'
json\t'One JSON document'
ndjson\t'One JSON object a line'
csv\t'RFC 4180 with a header'
tsv\t'Tab-separated with a header; `\\t`, `\\n`, `\\r` and `\\\\` stand for themselves'
id\t'Ids, one a line'"
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand config; and __fish_seen_subcommand_from list" -l json -d 'JSON; with names, an array of just these fields' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand config; and __fish_seen_subcommand_from list" -l jq -d 'Filter the JSON there would be, in the language of jq: strings come without quotes, one result a line' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand config; and __fish_seen_subcommand_from list" -l columns -d 'Which columns a table, CSV or TSV has, by their names in JSON' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand config; and __fish_seen_subcommand_from list" -l table-header -d 'Whether a table has a header: on a terminal, always, or never' -r -f -a "auto\t'On a terminal, and in CSV and TSV'
always\t'Always'
never\t'Never'"
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand config; and __fish_seen_subcommand_from list" -l time -d 'How times are written in tables: relative on a terminal, UTC elsewhere' -r -f -a "relative\t'`2 min ago`'
local\t'In the time zone of this machine'
utc\t'RFC 3339 in UTC'"
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand config; and __fish_seen_subcommand_from list" -s p -l profile -d 'Which profile to use; "local" is the service inside this program' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand config; and __fish_seen_subcommand_from list" -l service -d 'The service to talk to; else TM_HOOKS_URL, else the one inside this program' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand config; and __fish_seen_subcommand_from list" -l color -d 'Whether to use colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always, whatever the environment says'
never\t'Never'"
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand config; and __fish_seen_subcommand_from list" -l request-timeout -d 'How long one request to the service may take (default 30s)' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand config; and __fish_seen_subcommand_from list" -l retries -d 'How often a request that failed for a while is made again (default 3)' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand config; and __fish_seen_subcommand_from list" -l ca-cert -d 'A file with certificates to trust besides the system\'s, in PEM' -r -F
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand config; and __fish_seen_subcommand_from list" -l proxy -d 'The proxy that leads to the service; else what HTTPS_PROXY and NO_PROXY say' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand config; and __fish_seen_subcommand_from list" -s q -l quiet -d 'No messages but warnings and errors'
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand config; and __fish_seen_subcommand_from list" -s v -l verbose -d 'Say more about what is going on'
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand config; and __fish_seen_subcommand_from list" -s y -l yes -d 'Answer yes to "are you sure?"'
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand config; and __fish_seen_subcommand_from list" -l no-input -d 'Ask nothing; fail with exit code 2 where an answer is needed'
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand config; and __fish_seen_subcommand_from list" -l allow-http -d 'Let the token go over plain HTTP to another machine'
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand config; and __fish_seen_subcommand_from list" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand config; and __fish_seen_subcommand_from get" -s o -l output -d 'How data is written' -r -f -a "table\t'For people: aligned on a terminal, tab-separated elsewhere'
json\t'One JSON document'
ndjson\t'One JSON object a line'
csv\t'RFC 4180 with a header'
tsv\t'Tab-separated with a header; `\\t`, `\\n`, `\\r` and `\\\\` stand for themselves'
id\t'Ids, one a line'"
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand config; and __fish_seen_subcommand_from get" -l json -d 'JSON; with names, an array of just these fields' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand config; and __fish_seen_subcommand_from get" -l jq -d 'Filter the JSON there would be, in the language of jq: strings come without quotes, one result a line' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand config; and __fish_seen_subcommand_from get" -l columns -d 'Which columns a table, CSV or TSV has, by their names in JSON' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand config; and __fish_seen_subcommand_from get" -l table-header -d 'Whether a table has a header: on a terminal, always, or never' -r -f -a "auto\t'On a terminal, and in CSV and TSV'
always\t'Always'
never\t'Never'"
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand config; and __fish_seen_subcommand_from get" -l time -d 'How times are written in tables: relative on a terminal, UTC elsewhere' -r -f -a "relative\t'`2 min ago`'
local\t'In the time zone of this machine'
utc\t'RFC 3339 in UTC'"
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand config; and __fish_seen_subcommand_from get" -s p -l profile -d 'Which profile to use; "local" is the service inside this program' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand config; and __fish_seen_subcommand_from get" -l service -d 'The service to talk to; else TM_HOOKS_URL, else the one inside this program' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand config; and __fish_seen_subcommand_from get" -l color -d 'Whether to use colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always, whatever the environment says'
never\t'Never'"
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand config; and __fish_seen_subcommand_from get" -l request-timeout -d 'How long one request to the service may take (default 30s)' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand config; and __fish_seen_subcommand_from get" -l retries -d 'How often a request that failed for a while is made again (default 3)' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand config; and __fish_seen_subcommand_from get" -l ca-cert -d 'A file with certificates to trust besides the system\'s, in PEM' -r -F
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand config; and __fish_seen_subcommand_from get" -l proxy -d 'The proxy that leads to the service; else what HTTPS_PROXY and NO_PROXY say' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand config; and __fish_seen_subcommand_from get" -s q -l quiet -d 'No messages but warnings and errors'
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand config; and __fish_seen_subcommand_from get" -s v -l verbose -d 'Say more about what is going on'
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand config; and __fish_seen_subcommand_from get" -s y -l yes -d 'Answer yes to "are you sure?"'
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand config; and __fish_seen_subcommand_from get" -l no-input -d 'Ask nothing; fail with exit code 2 where an answer is needed'
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand config; and __fish_seen_subcommand_from get" -l allow-http -d 'Let the token go over plain HTTP to another machine'
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand config; and __fish_seen_subcommand_from get" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand config; and __fish_seen_subcommand_from set" -s o -l output -d 'How data is written' -r -f -a "table\t'For people: aligned on a terminal, tab-separated elsewhere'
json\t'One JSON document'
ndjson\t'One JSON object a line'
csv\t'RFC 4180 with a header'
tsv\t'Tab-separated with a header; `\\t`, `\\n`, `\\r` and `\\\\` stand for themselves'
id\t'Ids, one a line'"
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand config; and __fish_seen_subcommand_from set" -l json -d 'JSON; with names, an array of just these fields' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand config; and __fish_seen_subcommand_from set" -l jq -d 'Filter the JSON there would be, in the language of jq: strings come without quotes, one result a line' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand config; and __fish_seen_subcommand_from set" -l columns -d 'Which columns a table, CSV or TSV has, by their names in JSON' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand config; and __fish_seen_subcommand_from set" -l table-header -d 'Whether a table has a header: on a terminal, always, or never' -r -f -a "auto\t'On a terminal, and in CSV and TSV'
always\t'Always'
never\t'Never'"
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand config; and __fish_seen_subcommand_from set" -l time -d 'How times are written in tables: relative on a terminal, UTC elsewhere' -r -f -a "relative\t'`2 min ago`'
local\t'In the time zone of this machine'
utc\t'RFC 3339 in UTC'"
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand config; and __fish_seen_subcommand_from set" -s p -l profile -d 'Which profile to use; "local" is the service inside this program' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand config; and __fish_seen_subcommand_from set" -l service -d 'The service to talk to; else TM_HOOKS_URL, else the one inside this program' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand config; and __fish_seen_subcommand_from set" -l color -d 'Whether to use colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always, whatever the environment says'
never\t'Never'"
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand config; and __fish_seen_subcommand_from set" -l request-timeout -d 'How long one request to the service may take (default 30s)' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand config; and __fish_seen_subcommand_from set" -l retries -d 'How often a request that failed for a while is made again (default 3)' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand config; and __fish_seen_subcommand_from set" -l ca-cert -d 'A file with certificates to trust besides the system\'s, in PEM' -r -F
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand config; and __fish_seen_subcommand_from set" -l proxy -d 'The proxy that leads to the service; else what HTTPS_PROXY and NO_PROXY say' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand config; and __fish_seen_subcommand_from set" -l unset -d 'Take it out of the file instead'
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand config; and __fish_seen_subcommand_from set" -s q -l quiet -d 'No messages but warnings and errors'
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand config; and __fish_seen_subcommand_from set" -s v -l verbose -d 'Say more about what is going on'
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand config; and __fish_seen_subcommand_from set" -s y -l yes -d 'Answer yes to "are you sure?"'
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand config; and __fish_seen_subcommand_from set" -l no-input -d 'Ask nothing; fail with exit code 2 where an answer is needed'
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand config; and __fish_seen_subcommand_from set" -l allow-http -d 'Let the token go over plain HTTP to another machine'
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand config; and __fish_seen_subcommand_from set" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand config; and __fish_seen_subcommand_from path" -s o -l output -d 'How data is written' -r -f -a "table\t'For people: aligned on a terminal, tab-separated elsewhere'
json\t'One JSON document'
ndjson\t'One JSON object a line'
csv\t'RFC 4180 with a header'
tsv\t'Tab-separated with a header; `\\t`, `\\n`, `\\r` and `\\\\` stand for themselves'
id\t'Ids, one a line'"
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand config; and __fish_seen_subcommand_from path" -l json -d 'JSON; with names, an array of just these fields' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand config; and __fish_seen_subcommand_from path" -l jq -d 'Filter the JSON there would be, in the language of jq: strings come without quotes, one result a line' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand config; and __fish_seen_subcommand_from path" -l columns -d 'Which columns a table, CSV or TSV has, by their names in JSON' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand config; and __fish_seen_subcommand_from path" -l table-header -d 'Whether a table has a header: on a terminal, always, or never' -r -f -a "auto\t'On a terminal, and in CSV and TSV'
always\t'Always'
never\t'Never'"
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand config; and __fish_seen_subcommand_from path" -l time -d 'How times are written in tables: relative on a terminal, UTC elsewhere' -r -f -a "relative\t'`2 min ago`'
local\t'In the time zone of this machine'
utc\t'RFC 3339 in UTC'"
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand config; and __fish_seen_subcommand_from path" -s p -l profile -d 'Which profile to use; "local" is the service inside this program' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand config; and __fish_seen_subcommand_from path" -l service -d 'The service to talk to; else TM_HOOKS_URL, else the one inside this program' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand config; and __fish_seen_subcommand_from path" -l color -d 'Whether to use colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always, whatever the environment says'
never\t'Never'"
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand config; and __fish_seen_subcommand_from path" -l request-timeout -d 'How long one request to the service may take (default 30s)' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand config; and __fish_seen_subcommand_from path" -l retries -d 'How often a request that failed for a while is made again (default 3)' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand config; and __fish_seen_subcommand_from path" -l ca-cert -d 'A file with certificates to trust besides the system\'s, in PEM' -r -F
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand config; and __fish_seen_subcommand_from path" -l proxy -d 'The proxy that leads to the service; else what HTTPS_PROXY and NO_PROXY say' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand config; and __fish_seen_subcommand_from path" -s q -l quiet -d 'No messages but warnings and errors'
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand config; and __fish_seen_subcommand_from path" -s v -l verbose -d 'Say more about what is going on'
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand config; and __fish_seen_subcommand_from path" -s y -l yes -d 'Answer yes to "are you sure?"'
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand config; and __fish_seen_subcommand_from path" -l no-input -d 'Ask nothing; fail with exit code 2 where an answer is needed'
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand config; and __fish_seen_subcommand_from path" -l allow-http -d 'Let the token go over plain HTTP to another machine'
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand config; and __fish_seen_subcommand_from path" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand doctor" -s o -l output -d 'How data is written' -r -f -a "table\t'For people: aligned on a terminal, tab-separated elsewhere'
json\t'One JSON document'
ndjson\t'One JSON object a line'
csv\t'RFC 4180 with a header'
tsv\t'Tab-separated with a header; `\\t`, `\\n`, `\\r` and `\\\\` stand for themselves'
id\t'Ids, one a line'"
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand doctor" -l json -d 'JSON; with names, an array of just these fields' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand doctor" -l jq -d 'Filter the JSON there would be, in the language of jq: strings come without quotes, one result a line' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand doctor" -l columns -d 'Which columns a table, CSV or TSV has, by their names in JSON' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand doctor" -l table-header -d 'Whether a table has a header: on a terminal, always, or never' -r -f -a "auto\t'On a terminal, and in CSV and TSV'
always\t'Always'
never\t'Never'"
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand doctor" -l time -d 'How times are written in tables: relative on a terminal, UTC elsewhere' -r -f -a "relative\t'`2 min ago`'
local\t'In the time zone of this machine'
utc\t'RFC 3339 in UTC'"
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand doctor" -s p -l profile -d 'Which profile to use; "local" is the service inside this program' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand doctor" -l service -d 'The service to talk to; else TM_HOOKS_URL, else the one inside this program' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand doctor" -l color -d 'Whether to use colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always, whatever the environment says'
never\t'Never'"
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand doctor" -l request-timeout -d 'How long one request to the service may take (default 30s)' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand doctor" -l retries -d 'How often a request that failed for a while is made again (default 3)' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand doctor" -l ca-cert -d 'A file with certificates to trust besides the system\'s, in PEM' -r -F
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand doctor" -l proxy -d 'The proxy that leads to the service; else what HTTPS_PROXY and NO_PROXY say' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand doctor" -s q -l quiet -d 'No messages but warnings and errors'
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand doctor" -s v -l verbose -d 'Say more about what is going on'
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand doctor" -s y -l yes -d 'Answer yes to "are you sure?"'
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand doctor" -l no-input -d 'Ask nothing; fail with exit code 2 where an answer is needed'
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand doctor" -l allow-http -d 'Let the token go over plain HTTP to another machine'
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand doctor" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand token; and not __fish_seen_subcommand_from create list revoke" -s o -l output -d 'How data is written' -r -f -a "table\t'For people: aligned on a terminal, tab-separated elsewhere'
json\t'One JSON document'
ndjson\t'One JSON object a line'
csv\t'RFC 4180 with a header'
tsv\t'Tab-separated with a header; `\\t`, `\\n`, `\\r` and `\\\\` stand for themselves'
id\t'Ids, one a line'"
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand token; and not __fish_seen_subcommand_from create list revoke" -l json -d 'JSON; with names, an array of just these fields' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand token; and not __fish_seen_subcommand_from create list revoke" -l jq -d 'Filter the JSON there would be, in the language of jq: strings come without quotes, one result a line' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand token; and not __fish_seen_subcommand_from create list revoke" -l columns -d 'Which columns a table, CSV or TSV has, by their names in JSON' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand token; and not __fish_seen_subcommand_from create list revoke" -l table-header -d 'Whether a table has a header: on a terminal, always, or never' -r -f -a "auto\t'On a terminal, and in CSV and TSV'
always\t'Always'
never\t'Never'"
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand token; and not __fish_seen_subcommand_from create list revoke" -l time -d 'How times are written in tables: relative on a terminal, UTC elsewhere' -r -f -a "relative\t'`2 min ago`'
local\t'In the time zone of this machine'
utc\t'RFC 3339 in UTC'"
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand token; and not __fish_seen_subcommand_from create list revoke" -s p -l profile -d 'Which profile to use; "local" is the service inside this program' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand token; and not __fish_seen_subcommand_from create list revoke" -l service -d 'The service to talk to; else TM_HOOKS_URL, else the one inside this program' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand token; and not __fish_seen_subcommand_from create list revoke" -l color -d 'Whether to use colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always, whatever the environment says'
never\t'Never'"
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand token; and not __fish_seen_subcommand_from create list revoke" -l request-timeout -d 'How long one request to the service may take (default 30s)' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand token; and not __fish_seen_subcommand_from create list revoke" -l retries -d 'How often a request that failed for a while is made again (default 3)' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand token; and not __fish_seen_subcommand_from create list revoke" -l ca-cert -d 'A file with certificates to trust besides the system\'s, in PEM' -r -F
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand token; and not __fish_seen_subcommand_from create list revoke" -l proxy -d 'The proxy that leads to the service; else what HTTPS_PROXY and NO_PROXY say' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand token; and not __fish_seen_subcommand_from create list revoke" -s q -l quiet -d 'No messages but warnings and errors'
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand token; and not __fish_seen_subcommand_from create list revoke" -s v -l verbose -d 'Say more about what is going on'
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand token; and not __fish_seen_subcommand_from create list revoke" -s y -l yes -d 'Answer yes to "are you sure?"'
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand token; and not __fish_seen_subcommand_from create list revoke" -l no-input -d 'Ask nothing; fail with exit code 2 where an answer is needed'
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand token; and not __fish_seen_subcommand_from create list revoke" -l allow-http -d 'Let the token go over plain HTTP to another machine'
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand token; and not __fish_seen_subcommand_from create list revoke" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand token; and not __fish_seen_subcommand_from create list revoke" -f -a "create" -d 'Make a token; it is shown this once'
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand token; and not __fish_seen_subcommand_from create list revoke" -f -a "list" -d 'List tokens, when they expire and when they were last used'
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand token; and not __fish_seen_subcommand_from create list revoke" -f -a "revoke" -d 'Revoke a token: it opens nothing any more'
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand token; and __fish_seen_subcommand_from create" -l name -d 'What it is called: unique among tokens' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand token; and __fish_seen_subcommand_from create" -l scope -d 'What it may do (several: commas between them, or the flag again)' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand token; and __fish_seen_subcommand_from create" -l expires -d 'How long it is valid, such as 90d; without it, until it is revoked' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand token; and __fish_seen_subcommand_from create" -s o -l output -d 'How data is written' -r -f -a "table\t'For people: aligned on a terminal, tab-separated elsewhere'
json\t'One JSON document'
ndjson\t'One JSON object a line'
csv\t'RFC 4180 with a header'
tsv\t'Tab-separated with a header; `\\t`, `\\n`, `\\r` and `\\\\` stand for themselves'
id\t'Ids, one a line'"
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand token; and __fish_seen_subcommand_from create" -l json -d 'JSON; with names, an array of just these fields' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand token; and __fish_seen_subcommand_from create" -l jq -d 'Filter the JSON there would be, in the language of jq: strings come without quotes, one result a line' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand token; and __fish_seen_subcommand_from create" -l columns -d 'Which columns a table, CSV or TSV has, by their names in JSON' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand token; and __fish_seen_subcommand_from create" -l table-header -d 'Whether a table has a header: on a terminal, always, or never' -r -f -a "auto\t'On a terminal, and in CSV and TSV'
always\t'Always'
never\t'Never'"
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand token; and __fish_seen_subcommand_from create" -l time -d 'How times are written in tables: relative on a terminal, UTC elsewhere' -r -f -a "relative\t'`2 min ago`'
local\t'In the time zone of this machine'
utc\t'RFC 3339 in UTC'"
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand token; and __fish_seen_subcommand_from create" -s p -l profile -d 'Which profile to use; "local" is the service inside this program' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand token; and __fish_seen_subcommand_from create" -l service -d 'The service to talk to; else TM_HOOKS_URL, else the one inside this program' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand token; and __fish_seen_subcommand_from create" -l color -d 'Whether to use colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always, whatever the environment says'
never\t'Never'"
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand token; and __fish_seen_subcommand_from create" -l request-timeout -d 'How long one request to the service may take (default 30s)' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand token; and __fish_seen_subcommand_from create" -l retries -d 'How often a request that failed for a while is made again (default 3)' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand token; and __fish_seen_subcommand_from create" -l ca-cert -d 'A file with certificates to trust besides the system\'s, in PEM' -r -F
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand token; and __fish_seen_subcommand_from create" -l proxy -d 'The proxy that leads to the service; else what HTTPS_PROXY and NO_PROXY say' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand token; and __fish_seen_subcommand_from create" -s q -l quiet -d 'No messages but warnings and errors'
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand token; and __fish_seen_subcommand_from create" -s v -l verbose -d 'Say more about what is going on'
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand token; and __fish_seen_subcommand_from create" -s y -l yes -d 'Answer yes to "are you sure?"'
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand token; and __fish_seen_subcommand_from create" -l no-input -d 'Ask nothing; fail with exit code 2 where an answer is needed'
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand token; and __fish_seen_subcommand_from create" -l allow-http -d 'Let the token go over plain HTTP to another machine'
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand token; and __fish_seen_subcommand_from create" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand token; and __fish_seen_subcommand_from list" -l limit -d 'Show at most so many (default: 50 in a terminal\'s table, all elsewhere)' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand token; and __fish_seen_subcommand_from list" -s o -l output -d 'How data is written' -r -f -a "table\t'For people: aligned on a terminal, tab-separated elsewhere'
json\t'One JSON document'
ndjson\t'One JSON object a line'
csv\t'RFC 4180 with a header'
tsv\t'Tab-separated with a header; `\\t`, `\\n`, `\\r` and `\\\\` stand for themselves'
id\t'Ids, one a line'"
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand token; and __fish_seen_subcommand_from list" -l json -d 'JSON; with names, an array of just these fields' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand token; and __fish_seen_subcommand_from list" -l jq -d 'Filter the JSON there would be, in the language of jq: strings come without quotes, one result a line' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand token; and __fish_seen_subcommand_from list" -l columns -d 'Which columns a table, CSV or TSV has, by their names in JSON' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand token; and __fish_seen_subcommand_from list" -l table-header -d 'Whether a table has a header: on a terminal, always, or never' -r -f -a "auto\t'On a terminal, and in CSV and TSV'
always\t'Always'
never\t'Never'"
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand token; and __fish_seen_subcommand_from list" -l time -d 'How times are written in tables: relative on a terminal, UTC elsewhere' -r -f -a "relative\t'`2 min ago`'
local\t'In the time zone of this machine'
utc\t'RFC 3339 in UTC'"
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand token; and __fish_seen_subcommand_from list" -s p -l profile -d 'Which profile to use; "local" is the service inside this program' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand token; and __fish_seen_subcommand_from list" -l service -d 'The service to talk to; else TM_HOOKS_URL, else the one inside this program' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand token; and __fish_seen_subcommand_from list" -l color -d 'Whether to use colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always, whatever the environment says'
never\t'Never'"
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand token; and __fish_seen_subcommand_from list" -l request-timeout -d 'How long one request to the service may take (default 30s)' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand token; and __fish_seen_subcommand_from list" -l retries -d 'How often a request that failed for a while is made again (default 3)' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand token; and __fish_seen_subcommand_from list" -l ca-cert -d 'A file with certificates to trust besides the system\'s, in PEM' -r -F
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand token; and __fish_seen_subcommand_from list" -l proxy -d 'The proxy that leads to the service; else what HTTPS_PROXY and NO_PROXY say' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand token; and __fish_seen_subcommand_from list" -l all -d 'Show all of them'
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand token; and __fish_seen_subcommand_from list" -s q -l quiet -d 'No messages but warnings and errors'
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand token; and __fish_seen_subcommand_from list" -s v -l verbose -d 'Say more about what is going on'
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand token; and __fish_seen_subcommand_from list" -s y -l yes -d 'Answer yes to "are you sure?"'
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand token; and __fish_seen_subcommand_from list" -l no-input -d 'Ask nothing; fail with exit code 2 where an answer is needed'
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand token; and __fish_seen_subcommand_from list" -l allow-http -d 'Let the token go over plain HTTP to another machine'
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand token; and __fish_seen_subcommand_from list" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand token; and __fish_seen_subcommand_from revoke" -s o -l output -d 'How data is written' -r -f -a "table\t'For people: aligned on a terminal, tab-separated elsewhere'
json\t'One JSON document'
ndjson\t'One JSON object a line'
csv\t'RFC 4180 with a header'
tsv\t'Tab-separated with a header; `\\t`, `\\n`, `\\r` and `\\\\` stand for themselves'
id\t'Ids, one a line'"
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand token; and __fish_seen_subcommand_from revoke" -l json -d 'JSON; with names, an array of just these fields' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand token; and __fish_seen_subcommand_from revoke" -l jq -d 'Filter the JSON there would be, in the language of jq: strings come without quotes, one result a line' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand token; and __fish_seen_subcommand_from revoke" -l columns -d 'Which columns a table, CSV or TSV has, by their names in JSON' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand token; and __fish_seen_subcommand_from revoke" -l table-header -d 'Whether a table has a header: on a terminal, always, or never' -r -f -a "auto\t'On a terminal, and in CSV and TSV'
always\t'Always'
never\t'Never'"
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand token; and __fish_seen_subcommand_from revoke" -l time -d 'How times are written in tables: relative on a terminal, UTC elsewhere' -r -f -a "relative\t'`2 min ago`'
local\t'In the time zone of this machine'
utc\t'RFC 3339 in UTC'"
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand token; and __fish_seen_subcommand_from revoke" -s p -l profile -d 'Which profile to use; "local" is the service inside this program' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand token; and __fish_seen_subcommand_from revoke" -l service -d 'The service to talk to; else TM_HOOKS_URL, else the one inside this program' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand token; and __fish_seen_subcommand_from revoke" -l color -d 'Whether to use colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always, whatever the environment says'
never\t'Never'"
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand token; and __fish_seen_subcommand_from revoke" -l request-timeout -d 'How long one request to the service may take (default 30s)' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand token; and __fish_seen_subcommand_from revoke" -l retries -d 'How often a request that failed for a while is made again (default 3)' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand token; and __fish_seen_subcommand_from revoke" -l ca-cert -d 'A file with certificates to trust besides the system\'s, in PEM' -r -F
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand token; and __fish_seen_subcommand_from revoke" -l proxy -d 'The proxy that leads to the service; else what HTTPS_PROXY and NO_PROXY say' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand token; and __fish_seen_subcommand_from revoke" -s q -l quiet -d 'No messages but warnings and errors'
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand token; and __fish_seen_subcommand_from revoke" -s v -l verbose -d 'Say more about what is going on'
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand token; and __fish_seen_subcommand_from revoke" -s y -l yes -d 'Answer yes to "are you sure?"'
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand token; and __fish_seen_subcommand_from revoke" -l no-input -d 'Ask nothing; fail with exit code 2 where an answer is needed'
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand token; and __fish_seen_subcommand_from revoke" -l allow-http -d 'Let the token go over plain HTTP to another machine'
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand token; and __fish_seen_subcommand_from revoke" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand audit" -l since -d 'Only what was done since then: 2h (ago), 2026-11-23, or a time in RFC 3339' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand audit" -l until -d 'Only what was done before then' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand audit" -l actor -d 'Only what was done by this token (its name or id), by admin, local or service' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand audit" -l target -d 'Only what was done to this: an id, or the name it had then' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand audit" -l limit -d 'Show at most so many, newest first (default 50)' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand audit" -s o -l output -d 'How data is written' -r -f -a "table\t'For people: aligned on a terminal, tab-separated elsewhere'
json\t'One JSON document'
ndjson\t'One JSON object a line'
csv\t'RFC 4180 with a header'
tsv\t'Tab-separated with a header; `\\t`, `\\n`, `\\r` and `\\\\` stand for themselves'
id\t'Ids, one a line'"
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand audit" -l json -d 'JSON; with names, an array of just these fields' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand audit" -l jq -d 'Filter the JSON there would be, in the language of jq: strings come without quotes, one result a line' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand audit" -l columns -d 'Which columns a table, CSV or TSV has, by their names in JSON' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand audit" -l table-header -d 'Whether a table has a header: on a terminal, always, or never' -r -f -a "auto\t'On a terminal, and in CSV and TSV'
always\t'Always'
never\t'Never'"
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand audit" -l time -d 'How times are written in tables: relative on a terminal, UTC elsewhere' -r -f -a "relative\t'`2 min ago`'
local\t'In the time zone of this machine'
utc\t'RFC 3339 in UTC'"
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand audit" -s p -l profile -d 'Which profile to use; "local" is the service inside this program' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand audit" -l service -d 'The service to talk to; else TM_HOOKS_URL, else the one inside this program' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand audit" -l color -d 'Whether to use colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always, whatever the environment says'
never\t'Never'"
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand audit" -l request-timeout -d 'How long one request to the service may take (default 30s)' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand audit" -l retries -d 'How often a request that failed for a while is made again (default 3)' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand audit" -l ca-cert -d 'A file with certificates to trust besides the system\'s, in PEM' -r -F
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand audit" -l proxy -d 'The proxy that leads to the service; else what HTTPS_PROXY and NO_PROXY say' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand audit" -l all -d 'Show all of them'
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand audit" -s q -l quiet -d 'No messages but warnings and errors'
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand audit" -s v -l verbose -d 'Say more about what is going on'
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand audit" -s y -l yes -d 'Answer yes to "are you sure?"'
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand audit" -l no-input -d 'Ask nothing; fail with exit code 2 where an answer is needed'
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand audit" -l allow-http -d 'Let the token go over plain HTTP to another machine'
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand audit" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand serve" -l listen -d 'Address and port to listen on; port 0 takes a free one' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand serve" -l database -d 'Where to keep the data: sqlite:PATH (made when absent) or sqlite::memory:' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand serve" -l allow-cidr -d 'Deliver to addresses in this network too, though they are not public (may be given several times)' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand serve" -l admin-token-file -d 'Read the admin token from this file' -r -F
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand serve" -l tls-cert -d 'Answer over TLS with this chain of certificates (PEM); SIGHUP has it read again' -r -F
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand serve" -l tls-key -d 'The certificate\'s private key (PEM)' -r -F
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand serve" -l secret-key-file -d 'Encrypt webhooks\' secrets and headers in the database with the key in this file: 64 hex digits, as `openssl rand -hex 32` makes; further lines are previous keys [env: TM_HOOKS_SECRET_KEY_FILE]' -r -F
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand serve" -l previous-secret-key-file -d 'The key before: what it encrypted is encrypted with the new one at the start' -r -F
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand serve" -l rate-limit -d 'How many requests each token may make, such as 50/s; a second\'s may come at once [default: as many as it likes]' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand serve" -l keep-history -d 'How long attempts, deliveries and events are kept after they ended; error rates are kept for 13 months' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand serve" -l keep-bodies -d 'How long bodies and answers are kept, at most as long as the history' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand serve" -l log-format -d 'How logs are written: text, or json with one object a line [default: text on a terminal, else json]' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand serve" -s o -l output -d 'How data is written' -r -f -a "table\t'For people: aligned on a terminal, tab-separated elsewhere'
json\t'One JSON document'
ndjson\t'One JSON object a line'
csv\t'RFC 4180 with a header'
tsv\t'Tab-separated with a header; `\\t`, `\\n`, `\\r` and `\\\\` stand for themselves'
id\t'Ids, one a line'"
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand serve" -l json -d 'JSON; with names, an array of just these fields' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand serve" -l jq -d 'Filter the JSON there would be, in the language of jq: strings come without quotes, one result a line' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand serve" -l columns -d 'Which columns a table, CSV or TSV has, by their names in JSON' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand serve" -l table-header -d 'Whether a table has a header: on a terminal, always, or never' -r -f -a "auto\t'On a terminal, and in CSV and TSV'
always\t'Always'
never\t'Never'"
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand serve" -l time -d 'How times are written in tables: relative on a terminal, UTC elsewhere' -r -f -a "relative\t'`2 min ago`'
local\t'In the time zone of this machine'
utc\t'RFC 3339 in UTC'"
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand serve" -s p -l profile -d 'Which profile to use; "local" is the service inside this program' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand serve" -l service -d 'The service to talk to; else TM_HOOKS_URL, else the one inside this program' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand serve" -l color -d 'Whether to use colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always, whatever the environment says'
never\t'Never'"
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand serve" -l request-timeout -d 'How long one request to the service may take (default 30s)' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand serve" -l retries -d 'How often a request that failed for a while is made again (default 3)' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand serve" -l ca-cert -d 'A file with certificates to trust besides the system\'s, in PEM' -r -F
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand serve" -l proxy -d 'The proxy that leads to the service; else what HTTPS_PROXY and NO_PROXY say' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand serve" -l allow-http -d 'Deliver by plain HTTP too'
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand serve" -s q -l quiet -d 'No messages but warnings and errors'
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand serve" -s v -l verbose -d 'Say more about what is going on'
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand serve" -s y -l yes -d 'Answer yes to "are you sure?"'
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand serve" -l no-input -d 'Ask nothing; fail with exit code 2 where an answer is needed'
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand serve" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand demo" -s o -l output -d 'How data is written' -r -f -a "table\t'For people: aligned on a terminal, tab-separated elsewhere'
json\t'One JSON document'
ndjson\t'One JSON object a line'
csv\t'RFC 4180 with a header'
tsv\t'Tab-separated with a header; `\\t`, `\\n`, `\\r` and `\\\\` stand for themselves'
id\t'Ids, one a line'"
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand demo" -l json -d 'JSON; with names, an array of just these fields' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand demo" -l jq -d 'Filter the JSON there would be, in the language of jq: strings come without quotes, one result a line' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand demo" -l columns -d 'Which columns a table, CSV or TSV has, by their names in JSON' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand demo" -l table-header -d 'Whether a table has a header: on a terminal, always, or never' -r -f -a "auto\t'On a terminal, and in CSV and TSV'
always\t'Always'
never\t'Never'"
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand demo" -l time -d 'How times are written in tables: relative on a terminal, UTC elsewhere' -r -f -a "relative\t'`2 min ago`'
local\t'In the time zone of this machine'
utc\t'RFC 3339 in UTC'"
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand demo" -s p -l profile -d 'Which profile to use; "local" is the service inside this program' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand demo" -l service -d 'The service to talk to; else TM_HOOKS_URL, else the one inside this program' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand demo" -l color -d 'Whether to use colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always, whatever the environment says'
never\t'Never'"
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand demo" -l request-timeout -d 'How long one request to the service may take (default 30s)' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand demo" -l retries -d 'How often a request that failed for a while is made again (default 3)' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand demo" -l ca-cert -d 'A file with certificates to trust besides the system\'s, in PEM' -r -F
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand demo" -l proxy -d 'The proxy that leads to the service; else what HTTPS_PROXY and NO_PROXY say' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand demo" -s q -l quiet -d 'No messages but warnings and errors'
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand demo" -s v -l verbose -d 'Say more about what is going on'
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand demo" -s y -l yes -d 'Answer yes to "are you sure?"'
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand demo" -l no-input -d 'Ask nothing; fail with exit code 2 where an answer is needed'
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand demo" -l allow-http -d 'Let the token go over plain HTTP to another machine'
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand demo" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand completions" -s o -l output -d 'How data is written' -r -f -a "table\t'For people: aligned on a terminal, tab-separated elsewhere'
json\t'One JSON document'
ndjson\t'One JSON object a line'
csv\t'RFC 4180 with a header'
tsv\t'Tab-separated with a header; `\\t`, `\\n`, `\\r` and `\\\\` stand for themselves'
id\t'Ids, one a line'"
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand completions" -l json -d 'JSON; with names, an array of just these fields' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand completions" -l jq -d 'Filter the JSON there would be, in the language of jq: strings come without quotes, one result a line' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand completions" -l columns -d 'Which columns a table, CSV or TSV has, by their names in JSON' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand completions" -l table-header -d 'Whether a table has a header: on a terminal, always, or never' -r -f -a "auto\t'On a terminal, and in CSV and TSV'
always\t'Always'
never\t'Never'"
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand completions" -l time -d 'How times are written in tables: relative on a terminal, UTC elsewhere' -r -f -a "relative\t'`2 min ago`'
local\t'In the time zone of this machine'
utc\t'RFC 3339 in UTC'"
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand completions" -s p -l profile -d 'Which profile to use; "local" is the service inside this program' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand completions" -l service -d 'The service to talk to; else TM_HOOKS_URL, else the one inside this program' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand completions" -l color -d 'Whether to use colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always, whatever the environment says'
never\t'Never'"
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand completions" -l request-timeout -d 'How long one request to the service may take (default 30s)' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand completions" -l retries -d 'How often a request that failed for a while is made again (default 3)' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand completions" -l ca-cert -d 'A file with certificates to trust besides the system\'s, in PEM' -r -F
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand completions" -l proxy -d 'The proxy that leads to the service; else what HTTPS_PROXY and NO_PROXY say' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand completions" -s q -l quiet -d 'No messages but warnings and errors'
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand completions" -s v -l verbose -d 'Say more about what is going on'
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand completions" -s y -l yes -d 'Answer yes to "are you sure?"'
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand completions" -l no-input -d 'Ask nothing; fail with exit code 2 where an answer is needed'
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand completions" -l allow-http -d 'Let the token go over plain HTTP to another machine'
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand completions" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand man" -l dir -d 'Write every page into this folder, which is made when absent' -r -F
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand man" -s o -l output -d 'How data is written' -r -f -a "table\t'For people: aligned on a terminal, tab-separated elsewhere'
json\t'One JSON document'
ndjson\t'One JSON object a line'
csv\t'RFC 4180 with a header'
tsv\t'Tab-separated with a header; `\\t`, `\\n`, `\\r` and `\\\\` stand for themselves'
id\t'Ids, one a line'"
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand man" -l json -d 'JSON; with names, an array of just these fields' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand man" -l jq -d 'Filter the JSON there would be, in the language of jq: strings come without quotes, one result a line' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand man" -l columns -d 'Which columns a table, CSV or TSV has, by their names in JSON' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand man" -l table-header -d 'Whether a table has a header: on a terminal, always, or never' -r -f -a "auto\t'On a terminal, and in CSV and TSV'
always\t'Always'
never\t'Never'"
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand man" -l time -d 'How times are written in tables: relative on a terminal, UTC elsewhere' -r -f -a "relative\t'`2 min ago`'
local\t'In the time zone of this machine'
utc\t'RFC 3339 in UTC'"
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand man" -s p -l profile -d 'Which profile to use; "local" is the service inside this program' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand man" -l service -d 'The service to talk to; else TM_HOOKS_URL, else the one inside this program' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand man" -l color -d 'Whether to use colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always, whatever the environment says'
never\t'Never'"
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand man" -l request-timeout -d 'How long one request to the service may take (default 30s)' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand man" -l retries -d 'How often a request that failed for a while is made again (default 3)' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand man" -l ca-cert -d 'A file with certificates to trust besides the system\'s, in PEM' -r -F
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand man" -l proxy -d 'The proxy that leads to the service; else what HTTPS_PROXY and NO_PROXY say' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand man" -s q -l quiet -d 'No messages but warnings and errors'
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand man" -s v -l verbose -d 'Say more about what is going on'
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand man" -s y -l yes -d 'Answer yes to "are you sure?"'
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand man" -l no-input -d 'Ask nothing; fail with exit code 2 where an answer is needed'
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand man" -l allow-http -d 'Let the token go over plain HTTP to another machine'
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand man" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand help" -s o -l output -d 'How data is written' -r -f -a "table\t'For people: aligned on a terminal, tab-separated elsewhere'
json\t'One JSON document'
ndjson\t'One JSON object a line'
csv\t'RFC 4180 with a header'
tsv\t'Tab-separated with a header; `\\t`, `\\n`, `\\r` and `\\\\` stand for themselves'
id\t'Ids, one a line'"
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand help" -l json -d 'JSON; with names, an array of just these fields' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand help" -l jq -d 'Filter the JSON there would be, in the language of jq: strings come without quotes, one result a line' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand help" -l columns -d 'Which columns a table, CSV or TSV has, by their names in JSON' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand help" -l table-header -d 'Whether a table has a header: on a terminal, always, or never' -r -f -a "auto\t'On a terminal, and in CSV and TSV'
always\t'Always'
never\t'Never'"
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand help" -l time -d 'How times are written in tables: relative on a terminal, UTC elsewhere' -r -f -a "relative\t'`2 min ago`'
local\t'In the time zone of this machine'
utc\t'RFC 3339 in UTC'"
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand help" -s p -l profile -d 'Which profile to use; "local" is the service inside this program' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand help" -l service -d 'The service to talk to; else TM_HOOKS_URL, else the one inside this program' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand help" -l color -d 'Whether to use colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always, whatever the environment says'
never\t'Never'"
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand help" -l request-timeout -d 'How long one request to the service may take (default 30s)' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand help" -l retries -d 'How often a request that failed for a while is made again (default 3)' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand help" -l ca-cert -d 'A file with certificates to trust besides the system\'s, in PEM' -r -F
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand help" -l proxy -d 'The proxy that leads to the service; else what HTTPS_PROXY and NO_PROXY say' -r
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand help" -s q -l quiet -d 'No messages but warnings and errors'
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand help" -s v -l verbose -d 'Say more about what is going on'
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand help" -s y -l yes -d 'Answer yes to "are you sure?"'
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand help" -l no-input -d 'Ask nothing; fail with exit code 2 where an answer is needed'
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand help" -l allow-http -d 'Let the token go over plain HTTP to another machine'
complete -c tm-hooks -n "__fish_tm_hooks_using_subcommand help" -s h -l help -d 'Print help (see more with \'--help\')'
