use super::{Look, face, lived_in, untouched};

#[test]
fn good() {
    insta::assert_snapshot!(Look::at(&lived_in()).first(12).run(&["help", "list"]), @r#"
    $ tm-hooks help list | cat
    List webhooks, their addresses and error rates

    It says which events each webhook receives, and in which version. The error rate covers the last 24
    hours; tests are left out. A webhook is "failing" when its newest attempt failed. The service
    disables a webhook after five days without a success; from half of that time on the list says so. On
    a terminal those in trouble come first, unless --sort says otherwise.

    Usage: tm-hooks list [OPTIONS]

    Options:
          --event <TYPE>
              Only webhooks that receive this type of event
    …
    exit 0

    $ tm-hooks help list
    List webhooks, their addresses and error rates

    It says which events each webhook receives, and in which version. The error rate covers the last 24
    hours; tests are left out. A webhook is "failing" when its newest attempt failed. The service
    disables a webhook after five days without a success; from half of that time on the list says so. On
    a terminal those in trouble come first, unless --sort says otherwise.

    Usage: tm-hooks list [OPTIONS]

    Options:
          --event <TYPE>
              Only webhooks that receive this type of event
    …
    exit 0
    "#);
}

#[test]
fn empty() {
    insta::assert_snapshot!(Look::at(&untouched()).first(12).run(&["help"]), @"
    $ tm-hooks help | cat
    Administer webhooks: add, test, watch and repair them from a terminal

    Without any configuration a webhook service runs inside this program and keeps its data in your
    home. With --service, or TM_HOOKS_URL, it talks to a service somewhere else.

    Usage: tm-hooks <COMMAND>

    Webhooks:
      list         List webhooks, their addresses and error rates [alias: ls]
      show         Show a webhook, an attempt, an event or a delivery
      add          Add a webhook
      edit         Change a webhook's name, URL, events, sources, version or headers
    …
    exit 0

    $ tm-hooks help
    Administer webhooks: add, test, watch and repair them from a terminal

    Without any configuration a webhook service runs inside this program and keeps its data in your
    home. With --service, or TM_HOOKS_URL, it talks to a service somewhere else.

    Usage: tm-hooks <COMMAND>

    Webhooks:
      list         List webhooks, their addresses and error rates [alias: ls]
      show         Show a webhook, an attempt, an event or a delivery
      add          Add a webhook
      edit         Change a webhook's name, URL, events, sources, version or headers
    …
    exit 0
    ");
}

#[test]
fn wrong() {
    insta::assert_snapshot!(face(&untouched(), &["help", "enviroment"]), @r#"
    $ tm-hooks help enviroment | cat
    2> error: there is no command and no topic "enviroment"
    2>   hint: did you mean "environment"? the topics are options, exit-codes, environment, configuration, output, filtering, schemes, scripting
    exit 2

    $ tm-hooks help enviroment
    error: there is no command and no topic "enviroment"
      hint: did you mean "environment"? the topics are options, exit-codes, environment, configuration,
            output, filtering, schemes, scripting
    exit 2
    "#);
}

/// The program without a verb.
#[test]
fn nothing_was_said() {
    insta::assert_snapshot!(Look::at(&untouched()).first(12).run(&[]), @"
    $ tm-hooks | cat
    2> Administer webhooks: add, test, watch and repair them from a terminal
    2>
    2> Usage: tm-hooks <COMMAND>
    2>
    2> Webhooks:
    2>   list         List webhooks, their addresses and error rates [alias: ls]
    2>   show         Show a webhook, an attempt, an event or a delivery
    2>   add          Add a webhook
    2>   edit         Change a webhook's name, URL, events, sources, version or headers
    2>   enable       Enable webhooks: they receive events again
    2>   disable      Disable webhooks: they receive nothing
    2>   pin          Pin webhooks to a version of the wire format
    2> …
    exit 2

    $ tm-hooks
    Administer webhooks: add, test, watch and repair them from a terminal

    Usage: tm-hooks <COMMAND>

    Webhooks:
      list         List webhooks, their addresses and error rates [alias: ls]
      show         Show a webhook, an attempt, an event or a delivery
      add          Add a webhook
      edit         Change a webhook's name, URL, events, sources, version or headers
      enable       Enable webhooks: they receive events again
      disable      Disable webhooks: they receive nothing
      pin          Pin webhooks to a version of the wire format
    …
    exit 2
    ");
}

/// A verb that is mistyped.
#[test]
fn wrong_verb() {
    insta::assert_snapshot!(face(&untouched(), &["lst"]), @r#"
    $ tm-hooks lst | cat
    2> error: there is no command "lst"
    2>   hint: did you mean "test", "ls" or "list"?
    2>         usage: tm-hooks <COMMAND>
    exit 2

    $ tm-hooks lst
    error: there is no command "lst"
      hint: did you mean "test", "ls" or "list"?
            usage: tm-hooks <COMMAND>
    exit 2
    "#);
}
