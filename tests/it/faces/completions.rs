use super::{Look, face, lived_in, untouched};

#[test]
fn good() {
    insta::assert_snapshot!(Look::at(&lived_in()).first(5).run(&["completions", "bash"]), @r#"
    $ tm-hooks completions bash | cat
    _tm__hooks() {
        local i cur prev opts cmd
        COMPREPLY=()
        if [[ "${BASH_VERSINFO[0]}" -ge 4 ]]; then
            cur="$2"
    …
    exit 0

    $ tm-hooks completions bash
    _tm__hooks() {
        local i cur prev opts cmd
        COMPREPLY=()
        if [[ "${BASH_VERSINFO[0]}" -ge 4 ]]; then
            cur="$2"
    …
    exit 0
    "#);
}

#[test]
fn empty() {
    insta::assert_snapshot!(Look::at(&untouched()).first(5).run(&["completions", "fish"]), @r"
    $ tm-hooks completions fish | cat
    # Print an optspec for argparse to handle cmd's options that are independent of any subcommand.
    function __fish_tm_hooks_global_optspecs
        string join \n o/output= json= jq= columns= table-header= time= p/profile= service= q/quiet v/verbose y/yes no-input color= request-timeout= retries= ca-cert= proxy= allow-http h/help V/version
    end

    …
    exit 0

    $ tm-hooks completions fish
    # Print an optspec for argparse to handle cmd's options that are independent of any subcommand.
    function __fish_tm_hooks_global_optspecs
        string join \n o/output= json= jq= columns= table-header= time= p/profile= service= q/quiet v/verbose y/yes no-input color= request-timeout= retries= ca-cert= proxy= allow-http h/help V/version
    end

    …
    exit 0
    ");
}

#[test]
fn wrong() {
    insta::assert_snapshot!(face(&lived_in(), &["completions", "bsh"]), @"
    $ tm-hooks completions bsh | cat
    2> error: invalid value 'bsh' for '<SHELL>'
    2>   hint: [possible values: bash, elvish, fish, powershell, zsh]
    2>         tip: a similar value exists: 'bash'
    exit 2

    $ tm-hooks completions bsh
    error: invalid value 'bsh' for '<SHELL>'
      hint: [possible values: bash, elvish, fish, powershell, zsh]
            tip: a similar value exists: 'bash'
    exit 2
    ");
}
