use super::{company, face, lived_in, untouched};
use crate::common::terminal::Terminal;

#[test]
fn good() {
    insta::assert_snapshot!(face(&lived_in(), &["stats"]), @"
    $ tm-hooks stats | cat
    wh_nr7ed90z83	Payroll Nordlicht	1	0	0 % of 1
    wh_sa3mysjv39	Chat bot Team West	2	2	100 % of 2
    exit 0

    $ tm-hooks stats
    local: the service inside this program, with its data in /home/mara/.local/share/tm-hooks
    WEBHOOK                   ERRORS   P50   P95  ID
    Chat bot Team West  few:  2 of 2  0 ms  0 ms  wh_sa3mysjv39
    Payroll Nordlicht   few:  0 of 1  0 ms  0 ms  wh_nr7ed90z83

    67 % of 3 attempts failed since Tue 24 Nov 17:00.
    exit 0
    ");
}

#[test]
fn good_by_hour() {
    insta::assert_snapshot!(face(&lived_in(), &["stats", "--by", "hour"]), @"
    $ tm-hooks stats --by hour | cat
    2026-11-25T16:00:00Z	-	3	2	67 % of 3
    2> Hours are those of UTC.
    exit 0

    $ tm-hooks stats --by hour
    local: the service inside this program, with its data in /home/mara/.local/share/tm-hooks
    HOUR              ERRORS                                FAILED   P95
    Wed 25 Nov 16:00    67 %  ━━━━━━━━━━━━━━━━━━━━━━━━━━━━  2 of 3  0 ms

    67 % of 3 attempts failed since Tue 24 Nov 17:00.
    Hours are those of UTC.
    exit 0
    ");
}

#[test]
fn empty() {
    insta::assert_snapshot!(face(&untouched(), &["stats"]), @"
    $ tm-hooks stats | cat
    2> No finished attempts since 2026-11-24T17:00:00.000Z; tests are left out.
    exit 0

    $ tm-hooks stats
    local: the service inside this program, with its data in /home/mara/.local/share/tm-hooks
    No finished attempts since Tue 24 Nov 17:00; tests are left out.
    exit 0
    ");
}

#[test]
fn wrong() {
    insta::assert_snapshot!(face(&lived_in(), &["stats", "--since", "yesterday"]), @r#"
    $ tm-hooks stats --since yesterday | cat
    2> error: invalid value 'yesterday' for '--since <WHEN>': "yesterday" is neither a duration (2h, 7d), nor a date (2026-11-23), nor a time (2026-11-23T17:40:00Z)
    exit 2

    $ tm-hooks stats --since yesterday
    error: invalid value 'yesterday' for '--since <WHEN>': "yesterday" is neither a duration (2h, 7d),
           nor a date (2026-11-23), nor a time (2026-11-23T17:40:00Z)
    exit 2
    "#);
}

/// The order and the number of groups are those that were asked for, in a pipe and on a terminal.
#[test]
fn groups_are_sorted_and_limited() {
    let home = company();
    let names = |order, limit| home.ok(["stats", "--sort", order, "--limit", limit, "-o", "csv", "--columns", "name"]);
    let cafe = "Café Crème – Schichtübergabe";
    assert_eq!(names("attempts", "2"), format!("name\r\n{cafe}\r\nPayroll Nordlicht\r\n"));
    assert_eq!(names("name", "3"), format!("name\r\nAccess control Torhaus\r\n{cafe}\r\nChat bot Team West\r\n"));
    assert_eq!(names("errors", "1"), "name\r\nChat bot Team West\r\n");
    let said = home.run(["stats", "--limit", "2"]);
    assert!(said.err.ends_with("2 groups shown, 4 more without --limit\n"), "{}", said.err);
    let seen = Terminal::of(&home).run(&["stats", "--sort", "name", "--limit", "1"]);
    assert!(seen.screen.contains("Access control Torhaus") && !seen.screen.contains("Payroll"), "{seen}");
    assert!(seen.screen.contains("23 % of 61 attempts failed since"), "all of them are counted: {seen}");
    home.run(["stats", "--limit", "0"]).exits(2);
    home.run(["stats", "--sort", "worst"]).exits(2);
}

/// A pipe keeps the columns that scripts know; percentiles are there for those who name them.
#[test]
fn percentiles_are_in_json_and_where_they_are_named() {
    let home = lived_in();
    let stats: serde_json::Value = serde_json::from_str(&home.ok(["stats", "-o", "json"])).unwrap();
    for counted in [&stats, &stats["groups"][0], &stats["groups"][1]] {
        assert!(counted["p50Ms"].is_u64() && counted["p95Ms"].as_u64() >= counted["p50Ms"].as_u64(), "{stats}");
    }
    let named = home.ok(["stats", "--columns", "name,p50Ms,p95Ms", "-o", "csv"]);
    assert_eq!(named, "name,p50Ms,p95Ms\r\nPayroll Nordlicht,0,0\r\nChat bot Team West,0,0\r\n");
    let none: serde_json::Value = serde_json::from_str(&untouched().ok(["stats", "-o", "json"])).unwrap();
    assert!(none["p50Ms"].is_null() && none["p95Ms"].is_null(), "nothing was answered: {none}");
}
