//! Tests that `serve --database` with a nearly right name creates no file.

use std::fs;

use crate::common::Home;

#[test]
fn what_is_no_path_is_refused_and_makes_nothing() {
    let home = Home::new();
    let meant = [
        ("sqlite:x.db?mode=rwc", "no options"),
        ("sqlite:x.db?", "no options"),
        ("sqlite:file:x.db", "no options"),
        ("sqlite:FILE:x.db?mode=memory", "no options"),
        ("sqlite:sqlite:x.db", "no options"),
        ("sqlite:my%20x.db", "without %20"),
        ("sqlite::MEMORY:", "sqlite::memory: has a colon"),
        ("sqlite:memory", "sqlite::memory: has a colon"),
        ("SQLITE:x.db", "it is sqlite:PATH"),
        ("file:x.db", "it is sqlite:PATH"),
    ];
    for (database, why) in meant {
        home.run(["serve", "--listen", "127.0.0.1:0", "--database", database]).exits(2).tells(why);
    }
    let made: Vec<_> = fs::read_dir(home.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert!(made.is_empty(), "{made:?}");
}
