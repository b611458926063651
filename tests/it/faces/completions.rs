use super::{Look, face, lived_in, untouched};

#[test]
fn good() {
    insta::assert_snapshot!(Look::at(&lived_in()).first(5).run(&["completions", "bash"]), @"
    $ tm-hooks completions bash | cat
    # Completion of tm-hooks for Bash, with or without the package bash-completion.
    # The program itself knows what can be completed; it says so when TM_HOOKS_COMPLETE is set.

    _tm_hooks() {
        local program=${1:-tm-hooks} text=${2-} line=${COMP_LINE-} point=${COMP_POINT-} candidate
    …
    exit 0

    $ tm-hooks completions bash
    # Completion of tm-hooks for Bash, with or without the package bash-completion.
    # The program itself knows what can be completed; it says so when TM_HOOKS_COMPLETE is set.

    _tm_hooks() {
        local program=${1:-tm-hooks} text=${2-} line=${COMP_LINE-} point=${COMP_POINT-} candidate
    …
    exit 0
    ");
}

#[test]
fn empty() {
    insta::assert_snapshot!(Look::at(&untouched()).first(5).run(&["completions", "fish"]), @"
    $ tm-hooks completions fish | cat
    # Completion of tm-hooks for fish.
    # The program itself knows what can be completed; it says so when TM_HOOKS_COMPLETE is set.

    function __tm_hooks_complete
        set -l words (commandline --tokenize --cut-at-cursor --current-process)
    …
    exit 0

    $ tm-hooks completions fish
    # Completion of tm-hooks for fish.
    # The program itself knows what can be completed; it says so when TM_HOOKS_COMPLETE is set.

    function __tm_hooks_complete
        set -l words (commandline --tokenize --cut-at-cursor --current-process)
    …
    exit 0
    ");
}

#[test]
fn wrong() {
    insta::assert_snapshot!(face(&lived_in(), &["completions", "bsh"]), @r#"
    $ tm-hooks completions bsh | cat
    2> error: invalid value 'bsh' for '<SHELL>'
    2>   hint: it is one of bash, elvish, fish, powershell, zsh
    2>         did you mean "bash"?
    exit 2

    $ tm-hooks completions bsh
    error: invalid value 'bsh' for '<SHELL>'
      hint: it is one of bash, elvish, fish, powershell, zsh
            did you mean "bash"?
    exit 2
    "#);
}
