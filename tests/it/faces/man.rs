use super::{Look, face, lived_in, untouched};

#[test]
fn good() {
    insta::assert_snapshot!(Look::at(&lived_in()).first(8).run(&["man"]), @r#"
    $ tm-hooks man | cat
    .ie \n(.g .ds Aq \(aq
    .el .ds Aq '
    .TH tm-hooks 1  "tm-hooks 0.1.0"
    .nh
    .ad l
    .ie \n(.g .ds Aq \(aq
    .el .ds Aq '
    .SH NAME
    …
    exit 0

    $ tm-hooks man
    .ie \n(.g .ds Aq \(aq
    .el .ds Aq '
    .TH tm-hooks 1  "tm-hooks 0.1.0"
    .nh
    .ad l
    .ie \n(.g .ds Aq \(aq
    .el .ds Aq '
    .SH NAME
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
    .nh
    …
    exit 0

    $ tm-hooks man
    .ie \n(.g .ds Aq \(aq
    .el .ds Aq '
    .TH tm-hooks 1  "tm-hooks 0.1.0"
    .nh
    …
    exit 0
    "#);
}

#[test]
fn wrong() {
    insta::assert_snapshot!(face(&untouched(), &["man", "list"]), @r#"
    $ tm-hooks man list | cat
    2> error: "list" is one word too many
    2>   hint: usage: tm-hooks man [OPTIONS]
    exit 2

    $ tm-hooks man list
    error: "list" is one word too many
      hint: usage: tm-hooks man [OPTIONS]
    exit 2
    "#);
}
