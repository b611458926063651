//! Checks that the README's pictures show the program's output: eight webhooks, some of them in trouble, on a clock
//! that stands still. `RENEW_DOCUMENTS=1 cargo test --locked --test it documents` redraws them.

use std::sync::{Arc, Mutex};

use crate::common::{
    Clock, Home,
    receiver::{Received, Receiver, answer, status},
    service::{Served, TOKEN},
    terminal::Terminal,
};

use super::{
    pages::{place, read, renewing},
    picture,
};

/// A picture: its file, the typed command, the terminal's width, and a description.
struct Picture {
    file: &'static str,
    command: &'static str,
    columns: u16,
    about: &'static str,
}

const PICTURES: [Picture; 3] = [
    Picture {
        file: "docs/pictures/list.svg",
        command: "tm-hooks list",
        columns: 84,
        about: "Eight webhooks, the three in trouble on top, with error rates and the command that says why",
    },
    Picture {
        file: "docs/pictures/show.svg",
        command: "tm-hooks show 'Chat bot Team West'",
        columns: 84,
        about: "A failing webhook: since when and why it fails, the likely cause, and the commands that help",
    },
    Picture {
        file: "docs/pictures/test.svg",
        command: "tm-hooks test 'Chat bot Team West'",
        columns: 84,
        about: "A test that is answered with 401, its likely cause, and what to run next",
    },
];

/// The names that the pictures give the receivers, which are all the same one.
const HOSTS: [(&str, &str); 7] = [
    ("chat", "https://chat.westkai.example/bots/tm"),
    ("access", "https://access.torhaus.example/hooks"),
    ("legacy", "https://bridge.havelblick.example/hooks"),
    ("lake", "https://lake.torhaus.example/in"),
    ("cafe", "https://dienstplan.creme.example/schichten"),
    ("shifts", "https://shifts.nordlicht.example/in"),
    ("payroll", "https://payroll.nordlicht.example/timemoto"),
];

struct World {
    home: Home,
    receiver: Receiver,
    /// The clock of the sending home, by which answers take some time.
    clock: Arc<Mutex<Clock>>,
}

impl World {
    /// Plays a day and a half of eight webhooks. Where a time is shown, only one delivery is under way.
    fn new() -> Self {
        let home = Home::at("2026-11-24T08:00:00Z");
        let clock = Arc::new(Mutex::new(home.clock()));
        let passes = Arc::clone(&clock);
        let receiver = Receiver::answering(move |_, received| {
            if received.path == "/chat" {
                passes.lock().unwrap().go_on(30);
            }
            let mut response = answer_of(received);
            let date = axum::http::HeaderValue::from_static("Wed, 25 Nov 2026 16:55:05 GMT");
            response.headers_mut().insert("date", date);
            response
        });
        let world = World { home, receiver, clock };
        world.add("Chat bot Team West", "chat", "user.inserted");
        world.add("Access control Torhaus", "access", "user.updated");
        world.add("Legacy bridge", "legacy", "user.deleted");
        world.add("Data lake", "lake", "attendance.*");
        world.add("Café Crème – Schichtübergabe Nord", "cafe", "attendance.inserted");
        world.add("Shift planner", "shifts", "attendance.inserted");
        world.add("Payroll Nordlicht", "payroll", "attendance.*");
        world.home.ok(["add", "https://canteen.nordlicht.example/in", "--name", "Canteen", "--events", "user.deleted"]);
        world.home.ok(["disable", "Canteen"]);
        world.live();
        world
    }

    fn add(&self, name: &str, path: &str, events: &str) {
        let url = format!("http://{}/{path}", self.receiver.address());
        self.home.ok(["add", &url, "--name", name, "--events", events]);
    }

    /// Sends events at this time; what is due is delivered, too.
    fn at(&self, time: &str, events: &[&str]) {
        self.home.set_clock(time);
        for event in events {
            let _ = self.home.run(["send", event]);
        }
    }

    fn live(&self) {
        self.at("2026-11-24T14:40:00Z", &["user.inserted", "user.updated"]);
        self.home.ok(["pin", "Chat bot Team West", "v2"]);
        self.at("2026-11-24T14:55:00Z", &["user.inserted", "user.deleted", "attendance.inserted"]);
        for hour in 8..16 {
            let time = format!("2026-11-25T{hour:02}:10:00Z");
            self.at(&time, &["attendance.inserted", "attendance.updated", "attendance.deleted"]);
        }
        self.at("2026-11-25T16:55:05Z", &["user.updated", "attendance.inserted"]);
        // Waiting deliveries are not due at the time of the pictures, so a service that starts has nothing to do.
        self.at("2026-11-25T16:55:48Z", &["user.inserted"]);
        self.home.set_clock("2026-11-25T16:55:50Z");
    }

    /// The command's output with the receivers' names.
    fn shown(&self, picture: &Picture) -> String {
        let home = self.home.copy();
        *self.clock.lock().unwrap() = home.clock();
        let served = Served::start(home.program(), &[]);
        home.ok(["profile", "add", "production", &served.url]);
        home.ok(["profile", "use", "production"]);
        let terminal = Terminal::of(&home).columns(picture.columns).env("TM_HOOKS_TOKEN", TOKEN);
        let seen = terminal.shell(picture.command).ended();
        HOSTS.iter().fold(seen.raw.clone(), |text, (path, url)| {
            let real = format!("{}/{path}", self.receiver.address());
            text.replace(&format!("http://{real}"), url).replace(&real, url.trim_start_matches("https://"))
        })
    }
}

/// The chat bot refuses signatures of `v2`, access control asks for a pause, the bridge is gone, and the lake is flaky.
fn answer_of(received: &Received) -> axum::response::Response {
    // The answer depends on the event, so the order of requests does not matter.
    let (number, is_first) = (received.json()["sequence"].as_u64().unwrap(), received.header("webhook-attempt") == "1");
    match received.path.as_str() {
        "/chat" if received.header("webhook-version") == "v2" => {
            answer(401, r#"{"ok": false, "code": "SIGNATURE_INVALID"}"#)
        }
        "/access" if number > 2 => {
            let mut response = status(429);
            response.headers_mut().insert("retry-after", axum::http::HeaderValue::from_static("1367"));
            response
        }
        "/legacy" => status(410),
        "/lake" if is_first && number % 8 == 3 => status(503),
        _ => status(204),
    }
}

#[test]
fn the_pictures_show_what_the_program_shows() {
    let world = World::new();
    let mut stale = Vec::new();
    for picture in PICTURES {
        let fresh = picture::of(picture.command, &world.shown(&picture), picture.columns, picture.about);
        if renewing() {
            std::fs::create_dir_all(place("docs/pictures")).unwrap();
            std::fs::write(place(picture.file), fresh).unwrap();
        } else if read(picture.file) != fresh {
            stale.push(format!("{}:\n{fresh}", picture.file));
        }
    }
    assert!(stale.is_empty(), "{}\nRENEW_DOCUMENTS=1 cargo test --locked --test it documents", stale.join("\n"));
}

/// Checks that the README contains each picture, with a description for people who do not see it.
#[test]
fn the_readme_has_every_picture() {
    let readme = read("README.md");
    for picture in PICTURES {
        assert!(readme.contains(&format!("![{}]({})", picture.about, picture.file)), "{}", picture.file);
    }
}
