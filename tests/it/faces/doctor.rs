use super::{Look, face, lived_in, untouched};

#[test]
fn good() {
    insta::assert_snapshot!(face(&lived_in(), &["doctor"]), @"
    $ tm-hooks doctor | cat
    config file	ok	none at /home/mara/.config/tm-hooks/config.toml	-
    profile	ok	local (default): local	-
    settings	ok	all as they are by default	-
    data folder	ok	/home/mara/.local/share/tm-hooks, for you alone	-
    authorities	ok	there are some to vouch for receivers at https://	-
    database	ok	it opens, answers and takes writes	-
    exit 0

    $ tm-hooks doctor
    local: the service inside this program, with its data in /home/mara/.local/share/tm-hooks
    ✓ ok       config file    none at /home/mara/.config/tm-hooks/config.toml
    ✓ ok       profile        local (default): local
    ✓ ok       settings       all as they are by default
    ✓ ok       data folder    /home/mara/.local/share/tm-hooks, for you alone
    ✓ ok       authorities    there are some to vouch for receivers at https://
    ✓ ok       database       it opens, answers and takes writes
    exit 0
    ");
}

#[test]
fn empty() {
    insta::assert_snapshot!(face(&untouched(), &["doctor"]), @"
    $ tm-hooks doctor | cat
    config file	ok	none at /home/mara/.config/tm-hooks/config.toml	-
    profile	ok	local (default): local	-
    settings	ok	all as they are by default	-
    data folder	ok	/home/mara/.local/share/tm-hooks is made by the first command	-
    authorities	ok	there are some to vouch for receivers at https://	-
    database	ok	/home/mara/.local/share/tm-hooks/hooks.db is made by the first command	-
    exit 0

    $ tm-hooks doctor
    ✓ ok       config file    none at /home/mara/.config/tm-hooks/config.toml
    ✓ ok       profile        local (default): local
    ✓ ok       settings       all as they are by default
    ✓ ok       data folder    /home/mara/.local/share/tm-hooks is made by the first command
    ✓ ok       authorities    there are some to vouch for receivers at https://
    ✓ ok       database       /home/mara/.local/share/tm-hooks/hooks.db is made by the first command
    exit 0
    ");
}

/// A profile without a token.
#[test]
fn wrong() {
    insta::assert_snapshot!(Look::at(&lived_in()).served_to_strangers().run(&["doctor"]), @"
    $ tm-hooks doctor | cat
    config file	ok	/home/mara/.config/tm-hooks/config.toml	-
    profile	ok	production (/home/mara/.config/tm-hooks/config.toml:1): http://127.0.0.1:38080/	-
    settings	ok	all as they are by default	-
    token	failure	none for http://127.0.0.1:38080/	tm-hooks login http://127.0.0.1:38080/, or set TM_HOOKS_TOKEN
    connection	ok	127.0.0.1:38080 answers	-
    tls	ok	none: the service is on this machine	-
    service	ok	tm-hooks 0.1.0	-
    clock	ok	this machine and the service agree	-
    exit 10

    $ tm-hooks doctor
    ✓ ok       config file    /home/mara/.config/tm-hooks/config.toml
    ✓ ok       profile        production (/home/mara/.config/tm-hooks/config.toml:1): http://127.0.0.1:3
    8080/
    ✓ ok       settings       all as they are by default
    ✗ failure  token          none for http://127.0.0.1:38080/
                              → tm-hooks login http://127.0.0.1:38080/, or set TM_HOOKS_TOKEN
    ✓ ok       connection     127.0.0.1:38080 answers
    ✓ ok       tls            none: the service is on this machine
    ✓ ok       service        tm-hooks 0.1.0
    ✓ ok       clock          this machine and the service agree
    exit 10
    ");
}
