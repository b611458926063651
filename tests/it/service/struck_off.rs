//! Tests a living service that others take for dead, because its file has a second name or its lock is gone: it still
//! delivers everything once.

use std::{
    collections::BTreeSet,
    fs,
    os::unix::fs::symlink,
    path::{Path, PathBuf},
};

use serde_json::json;

use crate::{
    common::{Run, ledger::Delivering, receiver::Receiver, until, write_lock::WriteLock},
    files::Mounted,
};

/// The events that the receiver holds until it is released.
const HELD: &str = "user.inserted";

fn service() -> Delivering {
    Delivering::to(Receiver::holding(|received| received.json()["event"] == HELD))
}

fn database(service: &Delivering) -> PathBuf {
    service.home.path().join("served/hooks.db")
}

fn locks(service: &Delivering) -> PathBuf {
    database(service).with_file_name("hooks.db.instances")
}

/// Runs a command in another process with the profile `local` and the database in this folder.
fn beside(service: &Delivering, folder: &Path, arguments: &[&str]) {
    let mut program = service.home.program();
    program.env("TM_HOOKS_DATA_DIR", folder).args(arguments).said().exits(0);
}

/// Sends an event to a new webhook, which is claimed by a look for work like every retry.
fn delivers(service: &Delivering, name: &str, sent: &mut BTreeSet<String>) {
    let api = service.api();
    api.add(name, &format!("{}/{name}", service.receiver.url()), "*");
    let event = api.send("user.deleted");
    let path = format!("/hooks/{name}");
    service.receiver.wait(name, |ledger| ledger.iter().any(|it| it.path == path && it.id() == event));
    sent.insert(event);
}

/// Checks that each receiver got each event once, that all are recorded, and that the service is ready.
fn nothing_came_twice(service: &Delivering) {
    let api = service.api();
    until("everything to be recorded", || api.attempts("status=pending").is_empty().then_some(()));
    until("nothing to wait", || (api.pending() == 0).then_some(()));
    let came: Vec<_> = service.receiver.ledger().iter().map(|it| (it.path.clone(), it.id())).collect();
    assert_eq!(came.iter().collect::<BTreeSet<_>>().len(), came.len(), "something was sent twice");
    assert_eq!(api.attempts("status=succeeded").len(), came.len(), "something was sent and is not recorded");
    api.get("/readyz").of_status(200);
    assert_eq!(api.get("/v1/queue").of_status(200).json()["instances"], 1);
}

/// Changes the locks during a request, and then sends new events.
fn survives(service: &Delivering, happens: impl FnOnce()) {
    let (api, mut sent) = (service.api(), BTreeSet::new());
    api.add("before", &format!("{}/before", service.receiver.url()), "*");
    let in_flight = api.send(HELD);
    service.receiver.wait("the one in flight", |ledger| ledger.len() == 1);
    happens();
    delivers(service, "after", &mut sent);
    service.receiver.release();
    until("its result", || {
        let ended = api.attempts("status=succeeded");
        ended.iter().any(|attempt| attempt["eventId"] == in_flight.as_str()).then_some(())
    });
    delivers(service, "later", &mut sent);
    nothing_came_twice(service);
}

#[test]
fn a_command_that_comes_through_a_link_takes_nothing_from_it() {
    let service = service();
    let (other, linked) = (service.home.path().join("other"), service.home.path().join("linked"));
    fs::create_dir(&other).unwrap();
    symlink(database(&service), other.join("hooks.db")).unwrap();
    symlink(service.home.path().join("served"), &linked).unwrap();
    survives(&service, || {
        for folder in [other, linked, service.home.path().join("served/../linked/../served")] {
            beside(&service, &folder, &["list"]);
            beside(&service, &folder, &["retry", "--failed", "--since", "1h"]);
        }
    });
}

#[test]
fn a_command_that_comes_through_a_mount_takes_nothing_from_it() {
    let service = service();
    let (folder, file) = (service.home.path().join("folder"), service.home.path().join("file"));
    fs::create_dir(&folder).unwrap();
    fs::create_dir(&file).unwrap();
    fs::write(file.join("hooks.db"), "").unwrap();
    let Some(_folder) = Mounted::bind(&service.home.path().join("served"), &folder) else { return };
    let Some(_file) = Mounted::bind(&database(&service), &file.join("hooks.db")) else { return };
    survives(&service, || {
        for way in [&folder, &file] {
            beside(&service, way, &["list"]);
            beside(&service, way, &["retry", "--failed", "--since", "1h"]);
        }
    });
    let beside: Vec<_> = fs::read_dir(&file).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(beside, ["hooks.db"], "its log lies where the others do not find it");
}

#[test]
fn a_second_name_of_the_same_file_is_refused_where_its_log_is_not() {
    let service = service();
    let other = service.home.path().join("other");
    fs::create_dir(&other).unwrap();
    fs::hard_link(database(&service), other.join("hooks.db")).unwrap();
    survives(&service, || {
        let mut program = service.home.program();
        program.env("TM_HOOKS_DATA_DIR", &other).arg("list").said().exits(1).tells("another name");
        beside(&service, &service.home.path().join("served"), &["list"]);
    });
}

#[test]
fn a_service_whose_locks_are_removed_puts_them_back() {
    let service = service();
    survives(&service, || {
        fs::remove_dir_all(locks(&service)).unwrap();
        for arguments in [&["list"][..], &["retry", "--failed", "--since", "1h"]] {
            beside(&service, &service.home.path().join("served"), arguments);
        }
    });
    assert_eq!(fs::read_dir(locks(&service)).unwrap().count(), 1, "its lock is there again");
}

#[test]
fn a_service_that_was_struck_off_while_it_stood_still_joins_anew() {
    let service = service();
    survives(&service, || {
        // The service must not be stopped in the middle of a write.
        let lock = WriteLock::of(&database(&service));
        service.served.signal("STOP");
        drop(lock);
        fs::remove_dir_all(locks(&service)).unwrap();
        // This command frees claims that it takes for abandoned, and delivers nothing.
        let add = ["add", "https://elsewhere.example", "--name", "Elsewhere", "--events", "attendance.*"];
        beside(&service, &service.home.path().join("served"), &add);
        service.served.signal("CONT");
    });
}

#[test]
fn a_service_whose_row_is_gone_joins_anew() {
    let service = service();
    survives(&service, || {
        let connection = rusqlite::Connection::open(database(&service)).unwrap();
        connection.execute("DELETE FROM instances", []).unwrap();
    });
}

#[test]
fn a_service_that_cannot_claim_is_not_ready() {
    let service = service();
    let (api, mut sent) = (service.api(), BTreeSet::new());
    delivers(&service, "before", &mut sent);
    fs::remove_dir_all(locks(&service)).unwrap();
    fs::write(locks(&service), "").unwrap();
    let connection = rusqlite::Connection::open(database(&service)).unwrap();
    connection.execute("DELETE FROM instances", []).unwrap();
    let unready = until("it to notice", || {
        let ready = api.get("/readyz");
        (ready.status == 503).then_some(ready)
    });
    assert_eq!(unready.json()["errors"][0]["field"], json!("delivery"), "{}", unready.body);
    fs::remove_file(locks(&service)).unwrap();
    until("it to be ready", || (api.get("/readyz").status == 200).then_some(()));
    delivers(&service, "after", &mut sent);
    nothing_came_twice(&service);
}
