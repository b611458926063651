use super::{Look, face, lived_in, untouched};

#[test]
fn good() {
    insta::assert_snapshot!(Look::at(&lived_in()).first(8).run(&["man"]), @r#"
    $ tm-hooks man | cat
    .ie \n(.g .ds Aq \(aq
    .el .ds Aq '
    .TH tm-hooks 1  "tm-hooks 0.1.0"
    .SH NAME
    tm\-hooks \- Administer webhooks: add, test, watch and repair them from a terminal
    .SH SYNOPSIS
    \fBtm\-hooks\fR [\fB\-o\fR|\fB\-\-output\fR] [\fB\-\-json\fR] [\fB\-\-jq\fR] [\fB\-\-columns\fR] [\fB\-\-table\-header\fR] [\fB\-\-time\fR] [\fB\-p\fR|\fB\-\-profile\fR] [\fB\-\-service\fR] [\fB\-q\fR|\fB\-\-quiet\fR] [\fB\-v\fR|\fB\-\-verbose\fR]... [\fB\-y\fR|\fB\-\-yes\fR] [\fB\-\-no\-input\fR] [\fB\-\-color\fR] [\fB\-\-request\-timeout\fR] [\fB\-\-retries\fR] [\fB\-\-ca\-cert\fR] [\fB\-\-proxy\fR] [\fB\-\-allow\-http\fR] [\fB\-h\fR|\fB\-\-help\fR] [\fB\-V\fR|\fB\-\-version\fR] <\fIsubcommands\fR>
    .SH DESCRIPTION
    …
    exit 0

    $ tm-hooks man
    .ie \n(.g .ds Aq \(aq
    .el .ds Aq '
    .TH tm-hooks 1  "tm-hooks 0.1.0"
    .SH NAME
    tm\-hooks \- Administer webhooks: add, test, watch and repair them from a terminal
    .SH SYNOPSIS
    \fBtm\-hooks\fR [\fB\-o\fR|\fB\-\-output\fR] [\fB\-\-json\fR] [\fB\-\-jq\fR] [\fB\-\-columns\fR] [\fB\-\-table\-header\fR] [\fB\-\-time\fR] [\fB\-p\fR|\fB\-\-profile\fR] [\fB\-\-service\fR] [\fB\-q\fR|\fB\-\-quiet\fR] [\fB\-v\fR|\fB\-\-verbose\fR]... [\fB\-y\fR|\fB\-\-yes\fR] [\fB\-\-no\-input\fR] [\fB\-\-color\fR] [\fB\-\-request\-timeout\fR] [\fB\-\-retries\fR] [\fB\-\-ca\-cert\fR] [\fB\-\-proxy\fR] [\fB\-\-allow\-http\fR] [\fB\-h\fR|\fB\-\-help\fR] [\fB\-V\fR|\fB\-\-version\fR] <\fIsubcommands\fR>
    .SH DESCRIPTION
    …
    exit 0
    "#);
}

#[test]
fn empty() {
    insta::assert_snapshot!(Look::at(&untouched()).first(4).run(&["man"]), @r#"
    $ tm-hooks man | cat
    .ie \n(.g .ds Aq \(aq
    .el .ds Aq '
    .TH tm-hooks 1  "tm-hooks 0.1.0"
    .SH NAME
    …
    exit 0

    $ tm-hooks man
    .ie \n(.g .ds Aq \(aq
    .el .ds Aq '
    .TH tm-hooks 1  "tm-hooks 0.1.0"
    .SH NAME
    …
    exit 0
    "#);
}

#[test]
fn wrong() {
    insta::assert_snapshot!(face(&untouched(), &["man", "list"]), @"
    $ tm-hooks man list | cat
    2> error: unexpected argument 'list' found
    2>   hint: Usage: tm-hooks man [OPTIONS]
    exit 2

    $ tm-hooks man list
    error: unexpected argument 'list' found
      hint: Usage: tm-hooks man [OPTIONS]
    exit 2
    ");
}
