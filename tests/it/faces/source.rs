use super::{Look, SENDERS_SECRET, face, taking_in, untouched};

#[test]
fn add_good() {
    insta::assert_snapshot!(Look::at(&taking_in()).typing("empty as long", "\r").run(&["source", "add", "Warehouse"]), @r#"
    $ tm-hooks source add Warehouse | cat
    src_mcczc150m2
    2> ✓ Added Warehouse (src_mcczc150m2). It learns from the first requests how its sender signs.
    2>   Its URL:
    2>      /in/src_mcczc150m2
    2>   It is a path of the service, which has to run. It shows the whole URL if it is started with that:
    2>      tm-hooks serve --public-url https://hooks.example.com
    2>
    2>   1. In TimeMoto Cloud's Developer Options, create a webhook with this URL and all events.
    2>   2. Copy its Secret, and paste it here:
    2>      tm-hooks source secret set Warehouse
    2>   3. Press "Send test webhook" there, and see it come in:
    2>      tm-hooks source wait Warehouse
    exit 0

    $ tm-hooks source add Warehouse
    local: the service inside this program, with its data in /home/mara/.local/share/tm-hooks
    ? Secret of Warehouse (it is not shown; empty as long as there is none):
    ✓ Added Warehouse (src_mcczc150m2). It learns from the first requests how its sender signs.
      Its URL:
         /in/src_mcczc150m2
      It is a path of the service, which has to run. It shows the whole URL if it is started with that:
         tm-hooks serve --public-url https://hooks.example.com

      1. In TimeMoto Cloud's Developer Options, create a webhook with this URL and all events.
      2. Copy its Secret, and paste it here:
         tm-hooks source secret set Warehouse
      3. Press "Send test webhook" there, and see it come in:
         tm-hooks source wait Warehouse
    exit 0
    "#);
}

#[test]
fn add_good_served() {
    insta::assert_snapshot!(Look::at(&taking_in()).served().run(&["source", "add", "Warehouse", "--secret-file", "secret", "--expect-within", "24h"]), @r#"
    $ tm-hooks source add Warehouse --secret-file secret --expect-within 24h | cat
    src_a2kwx1rhhd
    2> ✓ Added Warehouse (src_a2kwx1rhhd). It learns from the first requests how its sender signs.
    2>   Its URL:
    2>      http://127.0.0.1:38080/in/src_a2kwx1rhhd
    2>   The service does not know its public URL. If senders reach it elsewhere, start it with that:
    2>      tm-hooks serve --public-url https://hooks.example.com
    2>
    2>   1. In TimeMoto Cloud's Developer Options, create a webhook with this URL and all events.
    2>   2. Press "Send test webhook" there, and see it come in:
    2>      tm-hooks source wait Warehouse
    exit 0

    $ tm-hooks source add Warehouse --secret-file secret --expect-within 24h
    ✓ Added Warehouse (src_a2kwx1rhhd). It learns from the first requests how its sender signs.
      Its URL:
         http://127.0.0.1:38080/in/src_a2kwx1rhhd
      The service does not know its public URL. If senders reach it elsewhere, start it with that:
         tm-hooks serve --public-url https://hooks.example.com

      1. In TimeMoto Cloud's Developer Options, create a webhook with this URL and all events.
      2. Press "Send test webhook" there, and see it come in:
         tm-hooks source wait Warehouse
    exit 0
    "#);
}

#[test]
fn add_empty() {
    insta::assert_snapshot!(Look::at(&untouched()).typing("Secret of TimeMoto", &format!("{SENDERS_SECRET}\r")).run(&["source", "add", "TimeMoto"]), @r#"
    $ tm-hooks source add TimeMoto | cat
    src_t9ybxrc8d4
    2> ✓ Added TimeMoto (src_t9ybxrc8d4). It learns from the first requests how its sender signs.
    2>   Its URL:
    2>      /in/src_t9ybxrc8d4
    2>   It is a path of the service, which has to run. It shows the whole URL if it is started with that:
    2>      tm-hooks serve --public-url https://hooks.example.com
    2>
    2>   1. In TimeMoto Cloud's Developer Options, create a webhook with this URL and all events.
    2>   2. Copy its Secret, and paste it here:
    2>      tm-hooks source secret set TimeMoto
    2>   3. Press "Send test webhook" there, and see it come in:
    2>      tm-hooks source wait TimeMoto
    exit 0

    $ tm-hooks source add TimeMoto
    local: the service inside this program, with its data in /home/mara/.local/share/tm-hooks
    ? Secret of TimeMoto (it is not shown; empty as long as there is none):
    ✓ Added TimeMoto (src_t9ybxrc8d4). It learns from the first requests how its sender signs.
      Its URL:
         /in/src_t9ybxrc8d4
      It is a path of the service, which has to run. It shows the whole URL if it is started with that:
         tm-hooks serve --public-url https://hooks.example.com

      1. In TimeMoto Cloud's Developer Options, create a webhook with this URL and all events.
      2. Press "Send test webhook" there, and see it come in:
         tm-hooks source wait TimeMoto
    exit 0
    "#);
}

#[test]
fn add_wrong() {
    insta::assert_snapshot!(face(&taking_in(), &["source", "add", "TimeMoto, Hamburg"]), @"
    $ tm-hooks source add 'TimeMoto, Hamburg' | cat
    2> error: could not add TimeMoto, Hamburg
    2>   name: must not hold a comma, which separates names in --sources
    exit 7

    $ tm-hooks source add 'TimeMoto, Hamburg'
    error: could not add TimeMoto, Hamburg
      name: must not hold a comma, which separates names in --sources
    exit 7
    ");
}

#[test]
fn add_unsigned() {
    insta::assert_snapshot!(face(&untouched(), &["source", "add", "Gate", "--scheme", "none"]), @r#"
    $ tm-hooks source add Gate --scheme none | cat
    src_t9ybxrc8d4
    2> ✓ Added Gate (src_t9ybxrc8d4). It takes unsigned requests.
    2>   Its URL:
    2>      /in/src_t9ybxrc8d4
    2>   It is a path of the service, which has to run. It shows the whole URL if it is started with that:
    2>      tm-hooks serve --public-url https://hooks.example.com
    2> note: whoever knows its URL can send events: keep it secret
    2>
    2>   1. In TimeMoto Cloud's Developer Options, create a webhook with this URL and all events.
    2>   2. Press "Send test webhook" there, and see it come in:
    2>      tm-hooks source wait Gate
    exit 0

    $ tm-hooks source add Gate --scheme none
    local: the service inside this program, with its data in /home/mara/.local/share/tm-hooks
    ✓ Added Gate (src_t9ybxrc8d4). It takes unsigned requests.
      Its URL:
         /in/src_t9ybxrc8d4
      It is a path of the service, which has to run. It shows the whole URL if it is started with that:
         tm-hooks serve --public-url https://hooks.example.com
    note: whoever knows its URL can send events: keep it secret

      1. In TimeMoto Cloud's Developer Options, create a webhook with this URL and all events.
      2. Press "Send test webhook" there, and see it come in:
         tm-hooks source wait Gate
    exit 0
    "#);
}

#[test]
fn list_good() {
    insta::assert_snapshot!(face(&taking_in(), &["source", "list"]), @"
    $ tm-hooks source list | cat
    src_qjpnkzyjq8	Gate	true	ready	none	-	0	-	false	/in/src_qjpnkzyjq8
    src_gcvrw1pa5r	Visitor terminal	true	learning	learn	-	0	-	false	/in/src_gcvrw1pa5r
    src_x2xcycvk7p	Old office	false	ready	timemoto	-	0	-	false	/in/src_x2xcycvk7p
    src_w42gyn1w5v	Branch Hamburg	true	learning	learn	2026-11-25T16:52:00.000Z	2	-	false	/in/src_w42gyn1w5v
    src_9k3hqtmsnr	TimeMoto	true	ready	timemoto	2026-11-25T16:50:00.000Z	1	86400	false	/in/src_9k3hqtmsnr
    src_t9ybxrc8d4	Canteen clock	true	ready	timemoto	2026-11-24T08:00:00.000Z	0	86400	true	/in/src_t9ybxrc8d4
    exit 0

    $ tm-hooks source list
    local: the service inside this program, with its data in /home/mara/.local/share/tm-hooks
      NAME              STATE             REFUSED 24 H  LAST  SCHEME    ID
    ✗ Canteen clock     silent 1d                    –    1d  timemoto  src_t9ybxrc8d4
    ○ Old office        disabled                     –     –  timemoto  src_x2xcycvk7p
    ! Visitor terminal  without a secret             –     –  learn     src_gcvrw1pa5r
    ! Branch Hamburg    learning, 1 kept             2    3m  learn     src_w42gyn1w5v
      Gate              ready                        –     –  none      src_qjpnkzyjq8
      TimeMoto          ready                        1    5m  timemoto  src_9k3hqtmsnr

    6 sources: 1 silent, 1 disabled, 1 without a secret, 1 learning.
    Why:  tm-hooks source show 'Canteen clock'
    not shown: EXPECTED, URL; --columns shows them
    exit 0
    ");
}

#[test]
fn list_empty() {
    insta::assert_snapshot!(face(&untouched(), &["source", "list"]), @"
    $ tm-hooks source list | cat
    2> No sources yet. Add one: tm-hooks source add TimeMoto
    exit 0

    $ tm-hooks source list
    local: the service inside this program, with its data in /home/mara/.local/share/tm-hooks
    No sources yet. Add one: tm-hooks source add TimeMoto
    exit 0
    ");
}

#[test]
fn list_wrong() {
    insta::assert_snapshot!(face(&taking_in(), &["source", "list", "--columns", "name,status"]), @r#"
    $ tm-hooks source list --columns name,status | cat
    2> error: --columns names an unknown column: "status"
    2>   hint: did you mean "state"? the columns are id,name,enabled,state,scheme,lastGenuineAt,refused24h,expectWithinSeconds,isSilent,url,hasSecret,expectDays,timeZone,redeliverChanged,kept,createdAt,updatedAt,revision,sequences,departures,lacking
    exit 2

    $ tm-hooks source list --columns name,status
    error: --columns names an unknown column: "status"
      hint: did you mean "state"? the columns are
            id,name,enabled,state,scheme,lastGenuineAt,refused24h,expectWithinSeconds,isSilent,url,hasSe
    cret,expectDays,timeZone,redeliverChanged,kept,createdAt,updatedAt,revision,sequences,departures,lac
    king
    exit 2
    "#);
}

#[test]
fn show_good() {
    insta::assert_snapshot!(face(&taking_in(), &["source", "show", "TimeMoto"]), @"
    $ tm-hooks source show TimeMoto | cat
    id	src_9k3hqtmsnr
    name	TimeMoto
    enabled	true
    state	ready
    scheme	timemoto
    lastGenuineAt	2026-11-25T16:50:00.000Z
    refused24h	1
    expectWithinSeconds	86400
    isSilent	false
    url	/in/src_9k3hqtmsnr
    hasSecret	true
    expectDays	mon-fri
    timeZone	Europe/Berlin
    redeliverChanged	false
    kept	0
    createdAt	2026-11-24T08:00:00.000Z
    updatedAt	2026-11-24T08:00:00.000Z
    exit 0

    $ tm-hooks source show TimeMoto
    local: the service inside this program, with its data in /home/mara/.local/share/tm-hooks
      TimeMoto   ready                                                src_9k3hqtmsnr
      url        /in/src_9k3hqtmsnr
      scheme     timemoto
      secret     set; it is not shown
      genuine    5 min ago
      refused    1 in 24 h
      expected   within 1 d, mon-fri, Europe/Berlin
      sequences  42 to 45, 2 missing
      added      1 d ago

    unlike the known format
    FIELD       TYPE          EVENTS  LAST  WHAT
    data.badge  user.deleted       1    5m  is no known field

    What was refused:  tm-hooks source received TimeMoto --refused
    its URL may not be the whole: tm-hooks serve --public-url URL makes it so
    exit 0
    ");
}

#[test]
fn show_learning() {
    insta::assert_snapshot!(face(&taking_in(), &["source", "show", "Branch Hamburg"]), @"
    $ tm-hooks source show 'Branch Hamburg' | cat
    id	src_w42gyn1w5v
    name	Branch Hamburg
    enabled	true
    state	learning
    scheme	learn
    lastGenuineAt	2026-11-25T16:52:00.000Z
    refused24h	2
    expectWithinSeconds	-
    isSilent	false
    url	/in/src_w42gyn1w5v
    hasSecret	true
    expectDays	-
    timeZone	-
    redeliverChanged	false
    kept	1
    createdAt	2026-11-24T08:00:00.000Z
    updatedAt	2026-11-24T08:00:00.000Z
    exit 0

    $ tm-hooks source show 'Branch Hamburg'
    local: the service inside this program, with its data in /home/mara/.local/share/tm-hooks
    ! Branch Hamburg   learning, 1 kept                               src_w42gyn1w5v
      url      /in/src_w42gyn1w5v
      scheme   learn
      secret   set; it is not shown
      genuine  3 min ago
      refused  2 in 24 h
      kept     1 until another one confirms the scheme
      added    1 d ago

    why no scheme was learnt
      2 refused requests: no header holds anything that may be a signature. What to capture next:
      - all headers of the request, the signature's among them, as they came
      - the body byte by byte, before anything reads it as JSON: a line break or a digit more is another
        body
      - the secret as the sender shows it now: has it been replaced since the request came?
      - a request that is short, such as a test, and a second one

    What was refused:  tm-hooks source received 'Branch Hamburg' --refused
    its URL may not be the whole: tm-hooks serve --public-url URL makes it so
    exit 0
    ");
}

#[test]
fn show_empty() {
    insta::assert_snapshot!(face(&untouched(), &["source", "show", "TimeMoto"]), @r#"
    $ tm-hooks source show TimeMoto | cat
    2> error: there is no source "TimeMoto"
    2>   hint: there is none yet: tm-hooks source add
    exit 3

    $ tm-hooks source show TimeMoto
    local: the service inside this program, with its data in /home/mara/.local/share/tm-hooks
    error: there is no source "TimeMoto"
      hint: there is none yet: tm-hooks source add
    exit 3
    "#);
}

#[test]
fn show_wrong() {
    insta::assert_snapshot!(face(&taking_in(), &["source", "show", "Timemoto"]), @r#"
    $ tm-hooks source show Timemoto | cat
    2> error: there is no source "Timemoto"
    2>   hint: did you mean "TimeMoto"?
    exit 3

    $ tm-hooks source show Timemoto
    local: the service inside this program, with its data in /home/mara/.local/share/tm-hooks
    error: there is no source "Timemoto"
      hint: did you mean "TimeMoto"?
    exit 3
    "#);
}

#[test]
fn edit_good() {
    insta::assert_snapshot!(face(&taking_in(), &["source", "edit", "TimeMoto", "--expect-within", "8h", "--redeliver-changed"]), @"
    $ tm-hooks source edit TimeMoto --expect-within 8h --redeliver-changed | cat
    src_9k3hqtmsnr
    2> ✓ Changed TimeMoto (src_9k3hqtmsnr): expected within, what becomes of changed events
    exit 0

    $ tm-hooks source edit TimeMoto --expect-within 8h --redeliver-changed
    local: the service inside this program, with its data in /home/mara/.local/share/tm-hooks
    ✓ Changed TimeMoto (src_9k3hqtmsnr): expected within, what becomes of changed events
    exit 0
    ");
}

#[test]
fn edit_empty() {
    insta::assert_snapshot!(face(&untouched(), &["source", "edit", "TimeMoto", "--no-expect"]), @r#"
    $ tm-hooks source edit TimeMoto --no-expect | cat
    2> error: there is no source "TimeMoto"
    2>   hint: there is none yet: tm-hooks source add
    exit 3

    $ tm-hooks source edit TimeMoto --no-expect
    local: the service inside this program, with its data in /home/mara/.local/share/tm-hooks
    error: there is no source "TimeMoto"
      hint: there is none yet: tm-hooks source add
    exit 3
    "#);
}

#[test]
fn edit_wrong() {
    insta::assert_snapshot!(face(&taking_in(), &["source", "edit", "TimeMoto", "--expect-days", "monday"]), @r#"
    $ tm-hooks source edit TimeMoto --expect-days monday | cat
    2> error: invalid value 'monday' for '--expect-days <DAYS>': "monday" are not days of the week, such as mon-fri or sat,sun
    exit 2

    $ tm-hooks source edit TimeMoto --expect-days monday
    error: invalid value 'monday' for '--expect-days <DAYS>': "monday" are not days of the week, such as
           mon-fri or sat,sun
    exit 2
    "#);
}

#[test]
fn enable_good() {
    insta::assert_snapshot!(face(&taking_in(), &["source", "enable", "Old office"]), @"
    $ tm-hooks source enable 'Old office' | cat
    src_x2xcycvk7p
    2> ✓ Enabled Old office (src_x2xcycvk7p)
    exit 0

    $ tm-hooks source enable 'Old office'
    local: the service inside this program, with its data in /home/mara/.local/share/tm-hooks
    ✓ Enabled Old office (src_x2xcycvk7p)
    exit 0
    ");
}

#[test]
fn enable_empty() {
    insta::assert_snapshot!(face(&untouched(), &["source", "enable", "--all"]), @"
    $ tm-hooks source enable --all | cat
    2> No source is to be enabled
    exit 0

    $ tm-hooks source enable --all
    local: the service inside this program, with its data in /home/mara/.local/share/tm-hooks
    No source is to be enabled
    exit 0
    ");
}

#[test]
fn enable_wrong() {
    insta::assert_snapshot!(face(&taking_in(), &["source", "enable", "Old offise"]), @r#"
    $ tm-hooks source enable 'Old offise' | cat
    2> error: there is no source "Old offise"
    2>   hint: did you mean "Old office"?
    exit 3

    $ tm-hooks source enable 'Old offise'
    local: the service inside this program, with its data in /home/mara/.local/share/tm-hooks
    error: there is no source "Old offise"
      hint: did you mean "Old office"?
    exit 3
    "#);
}

#[test]
fn disable_good() {
    insta::assert_snapshot!(face(&taking_in(), &["source", "disable", "TimeMoto"]), @"
    $ tm-hooks source disable TimeMoto | cat
    src_9k3hqtmsnr
    2> ✓ Disabled TimeMoto (src_9k3hqtmsnr). Its URL answers 404: what comes now is not taken in
    exit 0

    $ tm-hooks source disable TimeMoto
    local: the service inside this program, with its data in /home/mara/.local/share/tm-hooks
    ✓ Disabled TimeMoto (src_9k3hqtmsnr). Its URL answers 404: what comes now is not taken in
    exit 0
    ");
}

#[test]
fn disable_empty() {
    insta::assert_snapshot!(face(&untouched(), &["source", "disable", "--all"]), @"
    $ tm-hooks source disable --all | cat
    2> No source is to be disabled
    exit 0

    $ tm-hooks source disable --all
    local: the service inside this program, with its data in /home/mara/.local/share/tm-hooks
    No source is to be disabled
    exit 0
    ");
}

#[test]
fn disable_wrong() {
    insta::assert_snapshot!(face(&taking_in(), &["source", "disable"]), @"
    $ tm-hooks source disable | cat
    2> error: <SOURCE|--all> is missing
    2>   hint: usage: tm-hooks source disable <SOURCE|--all>
    exit 2

    $ tm-hooks source disable
    error: <SOURCE|--all> is missing
      hint: usage: tm-hooks source disable <SOURCE|--all>
    exit 2
    ");
}

#[test]
fn delete_good() {
    insta::assert_snapshot!(Look::at(&taking_in()).typing("Delete", "y\r").run(&["source", "delete", "Branch Hamburg"]), @"
    $ tm-hooks source delete 'Branch Hamburg' | cat
    2> error: an answer is needed and there is nobody to ask
    2>   hint: answer with --yes
    exit 2

    $ tm-hooks source delete 'Branch Hamburg'
    local: the service inside this program, with its data in /home/mara/.local/share/tm-hooks
    ? Delete Branch Hamburg (src_w42gyn1w5v, 1 kept and not delivered yet) with its URL, its secret and
      what it received? Its events stay under its name. [y/N] y
    ✓ Deleted Branch Hamburg (src_w42gyn1w5v)
    exit 0
    ");
}

#[test]
fn delete_empty() {
    insta::assert_snapshot!(face(&untouched(), &["source", "delete", "TimeMoto", "--if-exists", "--yes"]), @r#"
    $ tm-hooks source delete TimeMoto --if-exists --yes | cat
    2> There is no source "TimeMoto"
    exit 0

    $ tm-hooks source delete TimeMoto --if-exists --yes
    local: the service inside this program, with its data in /home/mara/.local/share/tm-hooks
    There is no source "TimeMoto"
    exit 0
    "#);
}

#[test]
fn delete_wrong() {
    insta::assert_snapshot!(face(&taking_in(), &["source", "delete", "src_12", "--yes"]), @r#"
    $ tm-hooks source delete src_12 --yes | cat
    2> error: there is no source "src_12"
    2>   hint: the beginning of an id needs at least 4 letters after src_
    exit 3

    $ tm-hooks source delete src_12 --yes
    local: the service inside this program, with its data in /home/mara/.local/share/tm-hooks
    error: there is no source "src_12"
      hint: the beginning of an id needs at least 4 letters after src_
    exit 3
    "#);
}

#[test]
fn secret_good() {
    insta::assert_snapshot!(Look::at(&taking_in()).typing("Secret of", &format!("{SENDERS_SECRET}\r")).run(&["source", "secret", "set", "Visitor terminal"]), @"
    $ tm-hooks source secret set 'Visitor terminal' | cat
    2> error: an answer is needed and there is nobody to ask
    2>   hint: answer with --secret-file
    exit 2

    $ tm-hooks source secret set 'Visitor terminal'
    local: the service inside this program, with its data in /home/mara/.local/share/tm-hooks
    ? Secret of Visitor terminal (it is not shown):
    ✓ Set the secret of Visitor terminal (src_gcvrw1pa5r)
      Send a test from there, and see it come in:  tm-hooks source wait 'Visitor terminal'
    exit 0
    ");
}

#[test]
fn secret_empty() {
    insta::assert_snapshot!(face(&untouched(), &["source", "secret", "set", "TimeMoto", "--secret-file", "/dev/null"]), @"
    $ tm-hooks source secret set TimeMoto --secret-file /dev/null | cat
    2> error: /dev/null holds no secret: a sender's secret has at least 8 characters
    exit 2

    $ tm-hooks source secret set TimeMoto --secret-file /dev/null
    error: /dev/null holds no secret: a sender's secret has at least 8 characters
    exit 2
    ");
}

/// Too short: it is asked again, and the person gives up.
#[test]
fn secret_wrong() {
    insta::assert_snapshot!(Look::at(&taking_in()).typing("Secret of", "1234\r").typing("at least 8", "\u{3}").run(&["source", "secret", "set", "TimeMoto"]), @"
    $ tm-hooks source secret set TimeMoto | cat
    2> error: an answer is needed and there is nobody to ask
    2>   hint: answer with --secret-file
    exit 2

    $ tm-hooks source secret set TimeMoto
    local: the service inside this program, with its data in /home/mara/.local/share/tm-hooks
    ? Secret of TimeMoto (it is not shown):
    ✗ That is none: a sender's secret has at least 8 characters.
    ? Secret of TimeMoto (it is not shown):
    exit 130
    ");
}

#[test]
fn received_good() {
    insta::assert_snapshot!(face(&taking_in(), &["source", "received", "TimeMoto"]), @"
    $ tm-hooks source received TimeMoto | cat
    2026-11-25T16:50:00.000Z	refused	401	forged	-	-	-	2	127.0.0.1
    2026-11-25T16:50:00.000Z	repeated	200	-	tm_0000000000000000000000000000002d	user.deleted	45	148	-
    2026-11-25T16:50:00.000Z	accepted	200	-	tm_0000000000000000000000000000002d	user.deleted	45	148	-
    2026-11-25T16:50:00.000Z	accepted	200	-	tm_0000000000000000000000000000002a	user.deleted	42	138	-
    2026-11-25T16:50:00.000Z	test	200	-	tm_00000000000000000000000000000029	test	41	130	-
    exit 0

    $ tm-hooks source received TimeMoto
    local: the service inside this program, with its data in /home/mara/.local/share/tm-hooks
      TIME  OUTCOME   STATUS  TYPE          SEQUENCE  BYTES  FROM       WHY
    ✗   5m  refused      401  –                    –      2  127.0.0.1  the signature does not fit
        5m  repeated     200  user.deleted        45    148  –          –
        5m  accepted     200  user.deleted        45    148  –          –
        5m  accepted     200  user.deleted        42    138  –          –
        5m  test         200  test                41    130  –          –

    Why, with the secret in FILE:
      tm-hooks source received TimeMoto --refused -o ndjson |
        tm-hooks verify --secret-file FILE --delivery -
    not shown: EVENT ID; --columns shows them
    exit 0
    ");
}

#[test]
fn received_empty() {
    insta::assert_snapshot!(face(&taking_in(), &["source", "received", "Gate"]), @"
    $ tm-hooks source received Gate | cat
    2> Nothing has come yet. Wait for it: tm-hooks source wait Gate
    exit 0

    $ tm-hooks source received Gate
    local: the service inside this program, with its data in /home/mara/.local/share/tm-hooks
    Nothing has come yet. Wait for it: tm-hooks source wait Gate
    exit 0
    ");
}

#[test]
fn received_wrong() {
    insta::assert_snapshot!(face(&taking_in(), &["source", "received", "Branch Hamburg", "--refused"]), @"
    $ tm-hooks source received 'Branch Hamburg' --refused | cat
    2026-11-25T16:52:00.000Z	refused	401	unexplained	-	-	-	2	127.0.0.1
    2026-11-25T16:52:00.000Z	refused	401	unexplained	-	-	-	2	127.0.0.1
    exit 0

    $ tm-hooks source received 'Branch Hamburg' --refused
    local: the service inside this program, with its data in /home/mara/.local/share/tm-hooks
      TIME  OUTCOME  STATUS  BYTES  FROM       WHY
    ✗   3m  refused     401      2  127.0.0.1  no scheme explains the signature
    ✗   3m  refused     401      2  127.0.0.1  no scheme explains the signature

    Why, with the secret in FILE:
      tm-hooks source received 'Branch Hamburg' --refused -o ndjson |
        tm-hooks verify --secret-file FILE --delivery -
    exit 0
    ");
}

#[test]
fn wait_good() {
    insta::assert_snapshot!(face(&taking_in(), &["source", "wait", "Branch Hamburg"]), @"
    $ tm-hooks source wait 'Branch Hamburg' | cat
    src_w42gyn1w5v
    2> ✓ Branch Hamburg has received genuine requests already, the last 2026-11-25T16:52:00.000Z
    2> It is kept until a second, different one confirms how its sender signs; then both are delivered. Send another test, or wait for an event.
    exit 0

    $ tm-hooks source wait 'Branch Hamburg'
    local: the service inside this program, with its data in /home/mara/.local/share/tm-hooks
    ✓ Branch Hamburg has received genuine requests already, the last 3 min ago
    It is kept until a second, different one confirms how its sender signs; then both are delivered.
    Send another test, or wait for an event.
    exit 0
    ");
}

#[test]
fn wait_empty() {
    insta::assert_snapshot!(face(&untouched(), &["source", "wait", "TimeMoto"]), @r#"
    $ tm-hooks source wait TimeMoto | cat
    2> error: there is no source "TimeMoto"
    2>   hint: there is none yet: tm-hooks source add
    exit 3

    $ tm-hooks source wait TimeMoto
    local: the service inside this program, with its data in /home/mara/.local/share/tm-hooks
    error: there is no source "TimeMoto"
      hint: there is none yet: tm-hooks source add
    exit 3
    "#);
}

/// It waits for a source that has no secret, and no service runs.
#[test]
fn wait_wrong() {
    insta::assert_snapshot!(face(&taking_in(), &["source", "wait", "Visitor terminal", "--timeout", "10ms"]), @"
    $ tm-hooks source wait 'Visitor terminal' --timeout 10ms | cat
    2> warning: it has no secret, so nothing is genuine: tm-hooks source secret set 'Visitor terminal'
    2> warning: nothing can come in, as no service runs: tm-hooks serve
    2> error: no genuine request came to Visitor terminal within 10 ms
    2>   hint: nothing came at all; its URL and state: tm-hooks source show 'Visitor terminal'
    exit 8

    $ tm-hooks source wait 'Visitor terminal' --timeout 10ms
    local: the service inside this program, with its data in /home/mara/.local/share/tm-hooks
    warning: it has no secret, so nothing is genuine: tm-hooks source secret set 'Visitor terminal'
    warning: nothing can come in, as no service runs: tm-hooks serve
    error: no genuine request came to Visitor terminal within 10 ms
      hint: nothing came at all; its URL and state: tm-hooks source show 'Visitor terminal'
    exit 8
    ");
}
