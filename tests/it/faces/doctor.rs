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
    local

      ✓ config file   none at ~/.config/tm-hooks/config.toml
      ✓ profile       local (default): local
      ✓ settings      all as they are by default
      ✓ data folder   ~/.local/share/tm-hooks, for you alone
      ✓ authorities   there are some to vouch for receivers at https://
      ✓ database      it opens, answers and takes writes

    6 in order.
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
    local

      ✓ config file   none at ~/.config/tm-hooks/config.toml
      ✓ profile       local (default): local
      ✓ settings      all as they are by default
      ✓ data folder   ~/.local/share/tm-hooks is made by the first command
      ✓ authorities   there are some to vouch for receivers at https://
      ✓ database      ~/.local/share/tm-hooks/hooks.db is made by the first command

    6 in order.
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
    production   http://127.0.0.1:38080/

      ✓ config file   ~/.config/tm-hooks/config.toml
      ✓ profile       production (~/.config/tm-hooks/config.toml:1): http://127.0.0.1:38080/
      ✓ settings      all as they are by default
      ✗ token         none for http://127.0.0.1:38080/
                      tm-hooks login http://127.0.0.1:38080/, or set TM_HOOKS_TOKEN
      ✓ connection    127.0.0.1:38080 answers
      ✓ tls           none: the service is on this machine
      ✓ service       tm-hooks 0.1.0
      ✓ clock         this machine and the service agree

    1 failed, 7 in order.
    exit 10
    ");
}
