use super::{face, lived_in, untouched};
use crate::common::Home;

/// What it says apart from what its fast clock and its many tasks make anew each time: ids, times, the table of attempts but
/// for how many there are, and the order of its two webhooks where that is the order of their ids.
fn played(home: &Home) -> String {
    let text = face(home, &["demo"]);
    let (mut kept, mut command) = (Vec::new(), "");
    for line in text.lines() {
        command = line.strip_prefix("$ tm-hooks ").unwrap_or(if line.is_empty() { "" } else { command });
        if command.starts_with("attempts") && !line.starts_with('$') {
            kept.extend(line.contains("/10").then(|| "(an attempt)".to_owned()));
            continue;
        }
        kept.push(with_stars(line));
        if let [.., one, other] = &mut kept[..]
            && command.starts_with("stats")
            && [&*one, &*other].iter().all(|row| row.starts_with('*'))
            && one > other
        {
            std::mem::swap(one, other);
        }
    }
    kept.join("\n")
}

/// Stars for a webhook's id and for a time.
fn with_stars(line: &str) -> String {
    let is_brief = |word: &str| word.strip_suffix(['s', 'm']).is_some_and(|number| number.parse::<u32>().is_ok());
    if line.contains(" % of ") && line.split_whitespace().any(is_brief) {
        // Times of one and of two digits shift what stands before them.
        let words = line.split_whitespace().map(|word| if is_brief(word) { "***" } else { word });
        return with_stars(&words.collect::<Vec<_>>().join(" "));
    }
    let differs = |word: &str| ["wh_", "2026-11-25T"].iter().any(|start| word.starts_with(start));
    let words = line.split_inclusive([' ', '\t']).map(|word| match word.trim_end() {
        bare if differs(bare) => word.replace(bare, &"*".repeat(bare.len())),
        _ => word.to_owned(),
    });
    words.collect()
}

#[test]
fn good() {
    insta::assert_snapshot!(played(&lived_in()), @r#"
    $ tm-hooks demo | cat

    $ tm-hooks list
    ID	NAME	EVENTS	VERSION	STATUS	ERRORS 24 H	LAST ATTEMPT	URL
    *************	Chat bot	attendance.inserted, user.*	v2 pinned	enabled	55 % of 11	************************	http://127.0.0.1:38080/chat
    *************	Payroll	attendance.*	v1 latest	enabled	0 % of 4	************************	http://127.0.0.1:38080/payroll

    $ tm-hooks attempts "Chat bot" --limit 6
    (an attempt)
    (an attempt)
    (an attempt)
    (an attempt)
    (an attempt)
    (an attempt)

    $ tm-hooks stats --by webhook
    GROUP	NAME	ATTEMPTS	FAILED	ERRORS
    *************	Chat bot	11	6	55 % of 11
    *************	Payroll	4	0	0 % of 4
    2> A webhook service in memory, two receivers on this machine, and a clock that runs 240 times as fast.
    2> ✓ Added Payroll (attendance.*) and Chat bot (attendance.inserted, user.*)
    2> ✓ Payroll answered a signed test with 204 No Content
    2> ✓ Sent 6 events; Chat bot is down and answers 503
    2> ✓ Chat bot is up again: its deliveries were retried by the schedule, and all have arrived
    2>
    2> All of it happened. Try it with a receiver of your own, on this machine or anywhere:
    2>   add it    tm-hooks add http://127.0.0.1:8080/hooks --name Mine --events 'attendance.*'
    2>   test it   tm-hooks test Mine
    2>   send one  tm-hooks send attendance.inserted
    exit 0

    $ tm-hooks demo
    A webhook service in memory, two receivers on this machine, and a clock that runs 240 times as fast.
    ✓ Added Payroll (attendance.*) and Chat bot (attendance.inserted, user.*)
    ✓ Payroll answered a signed test with 204 No Content
    ✓ Sent 6 events; Chat bot is down and answers 503
    ✓ Chat bot is up again: its deliveries were retried by the schedule, and all have arrived

    $ tm-hooks list
    NAME      STATUS   ERRORS 24 H  LAST  VERSION  URL                             ID
    Chat bot enabled 55 % of 11 *** v2 pin http://127.0.0.1:38080/chat *************
    Payroll enabled 0 % of 4 *** v1 http://127.0.0.1:38080/payroll *************

    $ tm-hooks attempts "Chat bot" --limit 6
    (an attempt)
    (an attempt)
    (an attempt)
    (an attempt)
    (an attempt)
    (an attempt)

    $ tm-hooks stats --by webhook
      WEBHOOK         ERRORS  ID
    ✗ Chat bot    55 % of 11  *************
      Payroll   few:  0 of 4  *************

    All of it happened. Try it with a receiver of your own, on this machine or anywhere:
      add it    tm-hooks add http://127.0.0.1:8080/hooks --name Mine --events 'attendance.*'
      test it   tm-hooks test Mine
      send one  tm-hooks send attendance.inserted
    exit 0
    "#);
}

/// It is the same whatever the home holds.
#[test]
fn empty() {
    assert_eq!(played(&untouched()), played(&lived_in()));
}

#[test]
fn wrong() {
    insta::assert_snapshot!(face(&untouched(), &["demo", "Payroll"]), @r#"
    $ tm-hooks demo Payroll | cat
    2> error: "Payroll" is one word too many
    2>   hint: usage: tm-hooks demo
    exit 2

    $ tm-hooks demo Payroll
    error: "Payroll" is one word too many
      hint: usage: tm-hooks demo
    exit 2
    "#);
}
