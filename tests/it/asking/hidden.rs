//! Tests the question whose answer is hidden: tokens are pasted, and keys with another meaning are not part of them.

use rstest::rstest;

use crate::common::{
    Home,
    service::{Served, TOKEN},
    terminal::Terminal,
};

#[rstest]
#[case::typed("TOKEN\r")]
#[case::pasted("\u{1b}[200~TOKEN\u{1b}[201~\r")]
#[case::pasted_with_its_line_break("\u{1b}[200~TOKEN\r\n\u{1b}[201~\r")]
#[case::pasted_with_blanks("  TOKEN \r")]
#[case::corrected("wrong\u{15}TOKENx\u{7f}\r")]
#[case::with_keys_that_mean_nothing("\u{1b}[A\u{1b}OPTOKEN\u{1b}[D\u{1b}[1;5C\u{1b}[5~\t\r")]
fn a_token_is_what_was_typed(#[case] keys: &str) {
    let (home, place) = (Home::new(), Home::new());
    let served = Served::on_database(&place, "sqlite::memory:");
    let keys = keys.replace("TOKEN", TOKEN);
    let login = Terminal::of(&home).start(&["login", &served.url, "--insecure-storage"]);
    let seen = login.answered("not shown", &keys);
    seen.exits(0).leaves_no_trace();
    assert!(!seen.raw.contains(TOKEN), "the token was shown");
    home.ok(["list"]);
}

/// Checks that Ctrl-Z does nothing if no shell could continue the program.
#[test]
fn ctrl_z_is_no_part_of_a_token() {
    let (home, place) = (Home::new(), Home::new());
    let served = Served::on_database(&place, "sqlite::memory:");
    let (first, second) = TOKEN.split_at(9);
    let login = Terminal::of(&home).start(&["login", &served.url, "--insecure-storage"]);
    login.answered("not shown", &format!("{first}\u{1a}{second}\r")).exits(0).leaves_no_trace();
}

#[rstest]
#[case::two_lines_pasted("\u{1b}[200~first\nsecond\u{1b}[201~\r", 2)]
#[case::no_utf8("\u{fffd}\r", 2)]
#[case::nothing("\r", 2)]
#[case::escape("half\u{1b}", 1)]
#[case::end_of_input("half\u{4}", 1)]
fn what_is_no_token_is_refused(#[case] keys: &str, #[case] code: i32) {
    let home = Home::new();
    let login = Terminal::of(&home).start(&["login", "http://127.0.0.1:9", "--insecure-storage"]);
    let seen = login.answered("not shown", keys);
    seen.exits(code).leaves_no_trace();
    assert!(!seen.raw.contains("first") && !seen.raw.contains("half"), "{seen}");
}
