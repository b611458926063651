//! Tests `serve --listen` and `--database` as people write them.

use std::process::Command;

use crate::common::{
    Home, Run,
    service::{Served, TOKEN, sqlite},
};

/// Starts a service with this `--listen`; returns the address that it prints.
fn listening(home: &Home, listen: &str) -> String {
    let served = Served::listening_on(home.program(), listen, &["--database", &sqlite(home.path().join("x.db"))]);
    served.url.clone()
}

#[test]
fn a_port_alone_is_this_machine_s() {
    let home = Home::new();
    for listen in ["0", ":0", "localhost:0", "127.0.0.1:0"] {
        let url = listening(&home, listen);
        assert!(url.starts_with("http://127.0.0.1:") && !url.ends_with(":0"), "{listen}: {url}");
    }
    assert!(listening(&home, "*:0").starts_with("http://0.0.0.0:"));
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    assert_eq!(listening(&home, &format!(":{free}")), format!("http://127.0.0.1:{free}"));
}

#[test]
fn what_is_no_address_is_explained() {
    let home = Home::new();
    for nothing in ["", " "] {
        home.run(["serve", "--listen", nothing]).exits(2).tells("it is empty").tells("leave out --listen");
    }
    home.run(["serve", "--listen", "65536"]).exits(2).tells("is no port");
    home.run(["serve", "--listen", "hooks.example:8420"]).exits(2).tells("is no address").tells("0.0.0.0:8420");
}

/// Runs `serve` on this database, which it must refuse.
fn refused(home: &Home, database: &str, words: &str) {
    let mut program: Command = home.program();
    program.args(["serve", "--listen", "0", "--database", database]).env("TM_HOOKS_ADMIN_TOKEN", TOKEN);
    program.said().exits(2).tells(words);
}

#[test]
fn a_database_is_where_it_was_meant_or_refused() {
    let home = Home::new();
    Served::on_database(&home, "sqlite:~/here/hooks.db").stopped();
    assert!(home.path().join("here/hooks.db").exists());
    refused(&home, "sqlite:~mara/hooks.db", "only ~/ is known");
    refused(&home, "sqlite::memory", "sqlite::memory: has a colon");
    refused(&home, "sqlite:hooks.db?mode=rwc", "no options");
    refused(&home, "sqlite:.", "path of a file");
    let mut left: Vec<_> = std::fs::read_dir(home.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    left.sort();
    assert_eq!(left, ["here"], "something else was made");
}
