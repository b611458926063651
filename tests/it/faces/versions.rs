use super::{face, lived_in, untouched};

#[test]
fn good() {
    insta::assert_snapshot!(face(&lived_in(), &["versions"]), @"
    $ tm-hooks versions | cat
    v1	stable	default	the wire format observed from TimeMoto Cloud: flat fields, local times
    v2	preview	-	our own format: nested objects, times with offsets, numbers safe for JavaScript
    exit 0

    $ tm-hooks versions
    local: the service inside this program, with its data in /home/mara/.local/share/tm-hooks
    VERSION  STABILITY  DEFAULT  DESCRIPTION
    v1       stable     default  the wire format observed from TimeMoto Cloud: flat fields, local times
    v2       preview    –        our own format: nested objects, times with offsets, numbers safe for
                                 JavaScript
    exit 0
    ");
}

#[test]
fn empty() {
    insta::assert_snapshot!(face(&untouched(), &["versions"]), @"
    $ tm-hooks versions | cat
    v1	stable	default	the wire format observed from TimeMoto Cloud: flat fields, local times
    v2	preview	-	our own format: nested objects, times with offsets, numbers safe for JavaScript
    exit 0

    $ tm-hooks versions
    local: the service inside this program, with its data in /home/mara/.local/share/tm-hooks
    VERSION  STABILITY  DEFAULT  DESCRIPTION
    v1       stable     default  the wire format observed from TimeMoto Cloud: flat fields, local times
    v2       preview    –        our own format: nested objects, times with offsets, numbers safe for
                                 JavaScript
    exit 0
    ");
}

#[test]
fn wrong() {
    insta::assert_snapshot!(face(&lived_in(), &["versions", "v2"]), @r#"
    $ tm-hooks versions v2 | cat
    2> error: there is no command "v2"
    2>   hint: usage: tm-hooks versions
    2>         tm-hooks versions <COMMAND>
    exit 2

    $ tm-hooks versions v2
    error: there is no command "v2"
      hint: usage: tm-hooks versions
            tm-hooks versions <COMMAND>
    exit 2
    "#);
}

#[test]
fn default_good() {
    insta::assert_snapshot!(face(&lived_in(), &["versions", "default", "v2"]), @"
    $ tm-hooks versions default v2 | cat
    v2
    2> ✓ Webhooks without a pin use v2 from now on
    2> note: v2 is a preview and may still change
    exit 0

    $ tm-hooks versions default v2
    local: the service inside this program, with its data in /home/mara/.local/share/tm-hooks
    ✓ Webhooks without a pin use v2 from now on
    note: v2 is a preview and may still change
    exit 0
    ");
}

#[test]
fn default_empty() {
    insta::assert_snapshot!(face(&untouched(), &["versions", "default"]), @"
    $ tm-hooks versions default | cat
    globalVersion	not set
    version	v1
    versionSource	latest
    exit 0

    $ tm-hooks versions default
    local: the service inside this program, with its data in /home/mara/.local/share/tm-hooks
    global version    not set
    version in force  v1
    from              latest
    exit 0
    ");
}

#[test]
fn default_wrong() {
    insta::assert_snapshot!(face(&lived_in(), &["versions", "default", "2"]), @r#"
    $ tm-hooks versions default 2 | cat
    2> error: invalid value '2' for '[VERSION]': "2" is not a version; the versions are v1, v2
    exit 2

    $ tm-hooks versions default 2
    error: invalid value '2' for '[VERSION]': "2" is not a version; the versions are v1, v2
    exit 2
    "#);
}
