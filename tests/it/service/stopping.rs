//! Tests a service that is asked to stop, and one that is frozen and continues: everything in flight is recorded, and
//! nothing is sent twice.

use std::{
    collections::BTreeSet,
    io::Write,
    net::TcpStream,
    time::{Duration, Instant},
};

use crate::common::{
    Home,
    api::Api,
    receiver::{Received, Receiver},
    service::{Served, sqlite},
    until,
};
use portable_pty::{CommandBuilder, PtySize, native_pty_system};
use rusqlite::Connection;

/// The number of webhooks; with eight requests each, more than a hundred are in flight.
const WEBHOOKS: usize = 20;
const IN_FLIGHT: usize = WEBHOOKS * 8;
/// Far longer than an idle service takes; the documentation promises a second.
const LONGEST_STOP: Duration = Duration::from_secs(5);
/// How long the service stays frozen; its neighbour looks for abandoned work every second.
const FROZEN_FOR: Duration = Duration::from_secs(3);

/// Each request's event and webhook.
fn ledger(requests: &[Received]) -> Vec<(String, String)> {
    let mut seen: Vec<_> = requests.iter().map(|it| (it.path.clone(), it.header("webhook-id"))).collect();
    seen.sort();
    seen
}

fn is_held(received: &Received) -> bool {
    received.json()["event"] == "user.inserted"
}

/// Lets every webhook succeed once, so that it may have eight requests in flight.
fn prove(api: &Api, receiver: &Receiver, webhooks: usize) {
    api.send("user.deleted");
    receiver.wait("the first deliveries", |ledger| ledger.len() == webhooks);
    until("them to be recorded", || (api.attempts("status=succeeded").len() == webhooks).then_some(()));
}

#[test]
fn a_stopped_service_leaves_everything_in_one_file() {
    let (home, receiver) = (Home::new(), Receiver::accepting());
    let file = home.path().join("stopping/hooks.db");
    let served = Served::on_database(&home, &sqlite(file.clone()));
    let api = Api::of(&served);
    api.add("ERP", &receiver.url(), "user.*");
    for _ in 0..100 {
        api.send("user.inserted");
    }
    receiver.wait("all of them", |ledger| ledger.len() == 100);
    assert_eq!(served.stopped().0, Some(0));
    let log = file.with_extension("db-wal");
    assert_eq!(log.metadata().map_or(0, |log| log.len()), 0, "a copy without the log would lack what is in it");
    let copy = home.path().join("copy.db");
    std::fs::copy(&file, &copy).unwrap();
    let attempts: u32 =
        Connection::open(copy).unwrap().query_row("SELECT count(*) FROM attempts", [], |row| row.get(0)).unwrap();
    assert_eq!(attempts, 100);
}

#[test]
fn sighup_ends_nothing() {
    let (home, receiver) = (Home::new(), Receiver::holding(is_held));
    let served = Served::on_database(&home, &sqlite(home.path().join("stopping/hooks.db")));
    let api = Api::of(&served);
    api.add("ERP", &receiver.url(), "user.*");
    api.send("user.inserted");
    receiver.wait("the request", |ledger| ledger.len() == 1);
    served.signal("HUP");
    served.signal("HUP");
    receiver.release();
    until("it to be recorded", || (api.attempts("status=succeeded").len() == 1).then_some(()));
    assert_eq!(served.stopped().0, Some(0));
    assert_eq!(receiver.ledger().len(), 1);
}

#[test]
fn a_window_that_is_closed_leaves_no_service_behind() {
    let home = Home::new();
    let window = native_pty_system().openpty(PtySize::default()).unwrap();
    let mut serve = CommandBuilder::new("/bin/sh");
    serve.args(["-c", "exec \"$0\" serve --listen 127.0.0.1:0 > address", env!("CARGO_BIN_EXE_tm-hooks")]);
    serve.cwd(home.path());
    serve.env_clear();
    home.environment().into_iter().for_each(|(name, value)| serve.env(name, value));
    let mut served = window.slave.spawn_command(serve).unwrap();
    drop(window.slave);
    let url = until("its address", || {
        std::fs::read_to_string(home.path().join("address")).ok().filter(|written| written.ends_with('\n'))
    });
    let address = url.trim().trim_start_matches("http://");
    TcpStream::connect(address).unwrap();
    drop(window.master);
    let status = until("the service to end", || served.try_wait().unwrap());
    assert_eq!((status.exit_code(), status.signal()), (0, None), "it ended in good order");
}

#[test]
fn what_is_in_flight_at_the_end_is_recorded_and_not_sent_again() {
    let (home, receiver) = (Home::new(), Receiver::holding(is_held));
    let database = sqlite(home.path().join("stopping/hooks.db"));
    let served = Served::on_database(&home, &database);
    let api = Api::of(&served);
    for number in 0..WEBHOOKS {
        api.add(&format!("Webhook {number}"), &format!("{}/{number}", receiver.url()), "user.*");
    }
    prove(&api, &receiver, WEBHOOKS);
    (0..8).for_each(|_| drop(api.send("user.inserted")));
    receiver.wait("all places to be taken", |ledger| ledger.len() == WEBHOOKS + IN_FLIGHT);
    (0..2).for_each(|_| drop(api.send("user.inserted")));

    served.signal("TERM");
    let refused = until("it to say that it is stopping", || {
        let ready = api.get("/readyz");
        (ready.status == 503).then_some(ready)
    });
    assert_eq!(refused.json()["errors"][0]["field"], "service", "{}", refused.body);
    assert_eq!(api.get("/livez").status, 200, "it still answers");
    receiver.release();
    let (code, log) = served.ended();
    assert_eq!(code, Some(0), "{log}");
    assert_eq!(receiver.ledger().len(), WEBHOOKS + IN_FLIGHT, "nothing new was begun");

    let served = Served::on_database(&home, &database);
    let api = Api::of(&served);
    let all = WEBHOOKS * 11;
    receiver.wait("the rest", |ledger| ledger.len() >= all);
    until("the rest to be recorded", || (api.attempts("status=succeeded").len() == all).then_some(()));
    let seen = ledger(&receiver.ledger());
    assert_eq!(seen.iter().collect::<BTreeSet<_>>().len(), all, "all of it came");
    assert_eq!(seen.len(), all, "something was sent twice");
    assert_eq!((api.pending(), api.attempts("status=failed").len()), (0, 0));
    assert_eq!(served.stopped().0, Some(0));
}

#[test]
fn an_idle_service_stops_soon() {
    let (home, receiver) = (Home::new(), Receiver::accepting());
    let served = Served::on_database(&home, &sqlite(home.path().join("idle/hooks.db")));
    let api = Api::of(&served);
    api.add("Payroll", &receiver.url(), "*");
    api.send("user.inserted");
    until("it to be idle", || (api.attempts("status=succeeded").len() == 1).then_some(()));
    let asked = Instant::now();
    let (code, log) = served.stopped();
    let took = asked.elapsed();
    let _ = writeln!(std::io::stderr(), "an idle service stopped within {} ms", took.as_millis());
    assert_eq!(code, Some(0), "{log}");
    assert!(took < LONGEST_STOP, "it took {took:?}");
}

/// Freezes a service while it does not lock the database, because its neighbour must not wait.
fn freeze(served: &Served, database: &std::path::Path) {
    let neighbour = Connection::open(database).unwrap();
    until("a moment at which nothing is written", || {
        served.signal("STOP");
        let free = neighbour.execute_batch("BEGIN IMMEDIATE; ROLLBACK").is_ok();
        if !free {
            served.signal("CONT");
        }
        free.then_some(())
    });
}

#[test]
fn what_a_frozen_service_has_in_flight_stays_its_own() {
    let (home, slow, quick) = (Home::new(), Receiver::holding(is_held), Receiver::accepting());
    let path = home.path().join("frozen/hooks.db");
    let database = sqlite(path.clone());
    let frozen = Served::on_database(&home, &database);
    let api = Api::of(&frozen);
    let its_own = api.add("Slow", &slow.url(), "user.*");
    prove(&api, &slow, 1);
    (0..8).for_each(|_| drop(api.send("user.inserted")));
    slow.wait("its requests", |ledger| ledger.len() == 9);
    freeze(&frozen, &path);

    let neighbour = Served::on_database(&home, &database);
    let api = Api::of(&neighbour);
    api.add("Quick", &quick.url(), "attendance.*");
    let (since, mut sent) = (Instant::now(), BTreeSet::new());
    while since.elapsed() < FROZEN_FOR {
        sent.insert(api.send("attendance.inserted"));
        quick.wait("the neighbour's deliveries", |ledger| ledger.len() == sent.len());
    }
    assert_eq!(slow.ledger().len(), 9, "the neighbour has taken what is not its own");
    slow.release();
    let recorded = |status: &str| api.attempts(&format!("status={status}&webhook={its_own}")).len();
    assert_eq!((recorded("pending"), recorded("succeeded")), (8, 1), "nobody speaks for the one that is frozen");

    frozen.signal("CONT");
    until("its results to be recorded", || (recorded("succeeded") == 9).then_some(()));
    let [first, second] = [frozen.stopped(), neighbour.stopped()];
    assert_eq!((first.0, second.0), (Some(0), Some(0)), "{}{}", first.1, second.1);
    assert_eq!(slow.ledger().len(), 9, "something was sent twice");
    assert_eq!(quick.ledger().iter().map(Received::id).collect::<BTreeSet<_>>(), sent);
    assert_eq!(quick.ledger().len(), sent.len());
}
