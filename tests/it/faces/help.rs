use super::{Look, face, lived_in, untouched};

#[test]
fn good() {
    insta::assert_snapshot!(Look::at(&lived_in()).first(12).run(&["help", "list"]), @r#"
    $ tm-hooks help list | cat
    List webhooks: where they send, which events, in which version, and how many attempts fail

    The error rate covers the last 24 hours; tests are left out. A webhook is "failing" when its newest
    attempt failed. The service disables a webhook after five days without a success; from half of that
    time on the list says so. On a terminal those in trouble come first, unless --sort says otherwise.

    Usage: tm-hooks list [OPTIONS]

    Options:
          --event <TYPE>
              Only webhooks that receive this type of event

    …
    exit 0

    $ tm-hooks help list
    List webhooks: where they send, which events, in which version, and how many attempts fail

    The error rate covers the last 24 hours; tests are left out. A webhook is "failing" when its newest
    attempt failed. The service disables a webhook after five days without a success; from half of that
    time on the list says so. On a terminal those in trouble come first, unless --sort says otherwise.

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

    Usage: tm-hooks [OPTIONS] <COMMAND>

    Commands:
      list         List webhooks: where they send, which events, in which version, and how many attempts
                   fail [alias: ls]
      show         Show anything that has an id: a webhook, an attempt with the whole exchange, an
                   event, a delivery
    …
    exit 0

    $ tm-hooks help
    Administer webhooks: add, test, watch and repair them from a terminal

    Without any configuration a webhook service runs inside this program and keeps its data in your
    home. With --service, or TM_HOOKS_URL, it talks to a service somewhere else.

    Usage: tm-hooks [OPTIONS] <COMMAND>

    Commands:
      list         List webhooks: where they send, which events, in which version, and how many attempts
                   fail [alias: ls]
      show         Show anything that has an id: a webhook, an attempt with the whole exchange, an
                   event, a delivery
    …
    exit 0
    ");
}

#[test]
fn wrong() {
    insta::assert_snapshot!(face(&untouched(), &["help", "enviroment"]), @r#"
    $ tm-hooks help enviroment | cat
    2> error: there is no command and no topic "enviroment"
    2>   hint: did you mean "environment"? the topics are exit-codes, environment, configuration, output, filtering, scripting
    exit 2

    $ tm-hooks help enviroment
    error: there is no command and no topic "enviroment"
      hint: did you mean "environment"? the topics are exit-codes, environment, configuration, output,
            filtering, scripting
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
    2> Usage: tm-hooks [OPTIONS] <COMMAND>
    2>
    2> Commands:
    2>   list         List webhooks: where they send, which events, in which version, and how many attempts
    2>                fail [alias: ls]
    2>   show         Show anything that has an id: a webhook, an attempt with the whole exchange, an
    2>                event, a delivery
    2>   add          Add a webhook
    2>   edit         Change a webhook's name, URL, events, version or headers
    2>   enable       Enable webhooks: they receive events again, and deliveries that were held are sent
    2> …
    exit 2

    $ tm-hooks
    Administer webhooks: add, test, watch and repair them from a terminal

    Usage: tm-hooks [OPTIONS] <COMMAND>

    Commands:
      list         List webhooks: where they send, which events, in which version, and how many attempts
                   fail [alias: ls]
      show         Show anything that has an id: a webhook, an attempt with the whole exchange, an
                   event, a delivery
      add          Add a webhook
      edit         Change a webhook's name, URL, events, version or headers
      enable       Enable webhooks: they receive events again, and deliveries that were held are sent
    …
    exit 2
    ");
}

/// A verb that is mistyped.
#[test]
fn wrong_verb() {
    insta::assert_snapshot!(face(&untouched(), &["lst"]), @"
    $ tm-hooks lst | cat
    2> error: unrecognized subcommand 'lst'
    2>   hint: tip: some similar subcommands exist: 'test', 'ls', 'list'
    2>         Usage: tm-hooks [OPTIONS] <COMMAND>
    exit 2

    $ tm-hooks lst
    error: unrecognized subcommand 'lst'
      hint: tip: some similar subcommands exist: 'test', 'ls', 'list'
            Usage: tm-hooks [OPTIONS] <COMMAND>
    exit 2
    ");
}
