//! Tests endless lists of broken or hostile services: every verb notices and ends.

use std::{
    io::{BufRead, BufReader, Write},
    net::{TcpListener, TcpStream},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use crate::common::{
    Home, Run, Said,
    wire::{self, Wire},
};
use serde_json::{Value, json};

/// Makes the page with this number.
type Page = fn(usize) -> Value;

/// More pages than any command may follow; after them the service stops answering, and the command ends with another
/// error.
const FAR_TOO_MANY: usize = 10_000;

/// A service whose lists answer page after page.
struct Pages {
    url: String,
    answered: Arc<AtomicUsize>,
}

impl Pages {
    fn of(page: Page) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let answered = Arc::new(AtomicUsize::new(0));
        let counted = answered.clone();
        std::thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                // The listener serves one client at a time, on a kept connection.
                let _ = answer(stream, page, &counted);
            }
        });
        Pages { url, answered }
    }

    fn run(&self, arguments: &[&str]) -> Said {
        self.answered.store(0, Ordering::SeqCst);
        Home::new().program().args(["--service", &self.url, "--retries", "0"]).args(arguments).said()
    }

    fn answered(&self) -> usize {
        self.answered.load(Ordering::SeqCst)
    }
}

fn answer(stream: TcpStream, page: Page, answered: &AtomicUsize) -> std::io::Result<()> {
    let mut writer = stream.try_clone()?;
    let mut lines = BufReader::new(stream).lines();
    while let Some(Ok(line)) = lines.next() {
        if line.is_empty() {
            let number = answered.fetch_add(1, Ordering::SeqCst);
            if number > FAR_TOO_MANY {
                break;
            }
            let body = page(number).to_string();
            let head = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length:";
            writer.write_all(format!("{head} {}\r\n\r\n{body}", body.len()).as_bytes())?;
        }
    }
    Ok(())
}

/// A cursor like those of the service.
fn cursor(number: usize) -> String {
    base64::Engine::encode(&base64::engine::general_purpose::URL_SAFE_NO_PAD, format!("{number}:"))
}

/// Every command that follows cursors.
const FOLLOWING: [&[&str]; 17] = [
    &["list"],
    &["list", "-o", "json"],
    &["list", "--jq", ".data"],
    &["token", "list"],
    &["attempts", "--all"],
    &["attempts", "--limit", "1000000", "-o", "ndjson"],
    &["attempts", "--limit", "1"],
    &["events", "--all", "-o", "csv"],
    &["events", "--user", "Kim"],
    &["events", "--export"],
    &["audit", "--all", "--json=number"],
    &["enable", "--all"],
    &["show", "Payroll"],
    &["delete", "wh_k3v9", "--if-exists", "--yes"],
    &["token", "revoke", "tk_06f8k2v0c1q4jt3xw9b7n5m8ed", "--yes"],
    &["api", "GET", "/v1/webhooks", "--paginate"],
    &["api", "GET", "/v1/attempts?limit=7", "--paginate", "-o", "ndjson"],
];

fn expect_that_each_ends(page: Page, why: &str, most: usize) {
    let pages = Pages::of(page);
    for arguments in FOLLOWING {
        let said = pages.run(arguments);
        said.exits(6).tells("does not end").tells(why).tells("hint");
        assert!(said.out.lines().count() <= 1, "a header at most: {said}");
        // A command may look something up by id and name before it follows a list.
        assert!(pages.answered() <= most + 2, "{said} after {} pages", pages.answered());
    }
}

#[test]
fn a_cursor_that_comes_again_ends_every_list() {
    expect_that_each_ends(|_| json!({"data": [], "next": cursor(7)}), "a cursor came twice", 2);
    expect_that_each_ends(|page| json!({"data": [], "next": cursor(page % 3)}), "a cursor came twice", 4);
}

#[test]
fn pages_that_promise_more_and_more_end_too() {
    let empty = Pages::of(|page| json!({"data": [], "next": cursor(page)}));
    let few = Pages::of(|page| json!({"data": [page], "next": cursor(page)}));
    let barely = "2000 pages in a row had fewer entries than were asked for";
    for (pages, arguments, answered, why) in [
        (&empty, &["list"][..], 400, "there are more than 400 pages"),
        (&empty, &["enable", "--all"], 400, "there are more than 400 pages"),
        (&empty, &["attempts", "--limit", "1"], 2_000, barely),
        (&few, &["api", "GET", "/v1/webhooks", "--paginate"], 2_000, barely),
    ] {
        let said = pages.run(arguments);
        said.exits(6).tells(&format!("does not end: {why}"));
        assert_eq!((said.out.as_str(), pages.answered()), ("", answered), "{said}");
    }
    // Every page is full, and there is always another.
    let said = few.run(&["api", "GET", "/v1/webhooks", "-f", "limit=1", "--paginate"]);
    said.exits(6).tells("does not end: there are more than 4000 pages").tells("-o ndjson");
    assert_eq!((said.out.as_str(), few.answered()), ("", 4_000), "{said}");
}

#[test]
fn empty_pages_on_the_way_are_no_end() {
    // The service ends a page early after reading many rows in vain.
    let page: Page = |number| match number {
        0..100 => json!({"data": [], "next": cursor(number)}),
        _ => json!({"data": [{"version": "v1"}], "next": null}),
    };
    let pages = Pages::of(page);
    let found = pages.run(&["api", "GET", "/v1/versions", "--paginate", "--jq", ".data | length"]);
    assert_eq!((found.code, found.out.as_str(), pages.answered()), (0, "1\n", 101), "{found}");
}

#[test]
fn what_is_no_cursor_is_no_end() {
    for next in [json!(7), json!("not ours"), json!({"after": 7})] {
        let body = json!({"data": [], "next": next}).to_string();
        let odd = Wire::saying(wire::json(200, &body));
        for arguments in [&["list", "-o", "json"][..], &["api", "GET", "/v1/webhooks", "--paginate"]] {
            let said = Home::new().program().args(["--service", &odd.url()]).args(arguments).said();
            assert!(said.code != 0 && said.out.is_empty(), "{said}");
        }
    }
}
