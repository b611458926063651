//! Tests a full disk and a locked database: nothing accepted is lost, callers are told what to do, and the service
//! recovers by itself.

use std::{collections::BTreeSet, fs, io::Write, path::PathBuf, process::Command};

use crate::common::{
    Home,
    api::{Answered, Api},
    receiver::{Received, Receiver},
    service::{Served, sqlite},
    skip, until,
    write_lock::WriteLock,
};
use serde_json::json;

/// The size of the small disk, in bytes.
const DISK: usize = 64 * 1024 * 1024;
/// The size of an event, in bytes.
const EVENT: usize = 200 * 1024;

/// A separate disk, which ends with it.
struct SmallDisk(PathBuf);

impl SmallDisk {
    /// Mounts the disk; none if this machine does not allow it.
    fn mounted(home: &Home) -> Option<Self> {
        let folder = home.path().join("disk");
        fs::create_dir(&folder).unwrap();
        let size = format!("size={DISK}");
        let mounted = Command::new("mount").args(["-t", "tmpfs", "-o", &size, "tmpfs"]).arg(&folder).output();
        let done = mounted.is_ok_and(|mounted| mounted.status.success());
        if !done {
            skip::forbidden("no small disk can be mounted here (it needs root)");
        }
        done.then_some(SmallDisk(folder))
    }

    fn database(&self) -> PathBuf {
        self.0.join("hooks.db")
    }

    /// Fills the disk except for `bytes`.
    fn fill_but(&self, name: &str, bytes: u64) -> PathBuf {
        let ballast = self.0.join(name);
        let mut file = fs::File::create(&ballast).unwrap();
        let piece = vec![0_u8; 4096];
        while file.write_all(&piece).is_ok() {}
        let length = file.metadata().unwrap().len();
        file.set_len(length.saturating_sub(bytes)).unwrap();
        ballast
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        // The unmount is lazy, because a service being killed may still have files open.
        let _ = Command::new("umount").arg("-l").arg(&self.0).status();
    }
}

/// A large event that cannot be compressed.
fn large() -> serde_json::Value {
    // The digits look random, because repetitions would be packed.
    let mut digit = 1_u64;
    let mut next = || {
        digit = digit.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"[(digit >> 58) as usize] as char
    };
    let note: String = (0..EVENT).map(|_| next()).collect();
    json!({"type": "user.inserted", "data": {"userFullName": "Mara Beispiel", "note": note}})
}

fn id(accepted: &Answered) -> String {
    accepted.json()["id"].as_str().unwrap().to_owned()
}

fn ids(ledger: &[Received]) -> BTreeSet<String> {
    ledger.iter().map(|received| received.header("webhook-id")).collect()
}

/// Checks the answer of a service whose disk is full.
fn says_it_is_full(answer: &Answered) {
    assert_eq!(answer.status, 503, "{}", answer.body);
    let problem = answer.json();
    let detail = problem["detail"].as_str().unwrap();
    assert_eq!(problem["code"], "unavailable");
    assert!(detail.contains("disk") && detail.contains("is full") && detail.contains("free some space"), "{detail}");
}

#[test]
fn on_a_small_disk_old_bodies_make_room_for_new_events() {
    let home = Home::new();
    let Some(disk) = SmallDisk::mounted(&home) else { return };
    let receiver = Receiver::accepting();
    let served = Served::on_database(&home, &sqlite(disk.database()));
    let api = Api::of(&served);
    api.add("Payroll", &receiver.url(), "*");
    let (mut accepted, mut refused) = (BTreeSet::new(), 0);
    // The test sends twice what the disk holds; each event is stored twice, as it arrived and as it is sent.
    while accepted.len() * EVENT * 2 < DISK * 2 {
        let answer = until("the service to accept an event", || {
            let answer = api.post("/v1/events", large());
            if answer.status != 202 {
                says_it_is_full(&answer);
                refused += 1;
            }
            (answer.status == 202).then_some(answer)
        });
        accepted.insert(id(&answer));
        // The test waits for each delivery, because pending events must not be deleted.
        receiver.wait("the delivery", |ledger| ledger.len() >= accepted.len());
    }
    let _ = writeln!(std::io::stderr(), "{} events on a small disk, {refused} refused meanwhile", accepted.len());
    assert_eq!(ids(&receiver.ledger()), accepted);
    until("all results to be recorded", || (api.attempts("status=succeeded").len() == accepted.len()).then_some(()));
    let (code, log) = served.stopped();
    assert_eq!(code, Some(0), "{log}");
}

#[test]
fn a_full_disk_is_said_to_be_full_and_loses_nothing() {
    let home = Home::new();
    let Some(disk) = SmallDisk::mounted(&home) else { return };
    let receiver = Receiver::holding(|_| true);
    let database = sqlite(disk.database());
    let served = Served::on_database(&home, &database);
    let api = Api::of(&served);
    api.add("Payroll", &receiver.url(), "*");
    let ballast = disk.fill_but("ballast", 16 * 1024 * 1024);
    // The receiver never answers, so everything is pending and nothing can be deleted.
    let mut accepted = BTreeSet::new();
    let refused = until("the disk to be full", || {
        let answer = api.post("/v1/events", large());
        if answer.status == 202 {
            accepted.insert(id(&answer));
        }
        (answer.status != 202).then_some(answer)
    });
    says_it_is_full(&refused);
    assert!(!accepted.is_empty());
    assert_eq!(api.get("/v1/webhooks").status, 200, "reading goes on");
    assert_eq!(api.get("/livez").status, 200);

    // Other files take the rest of the disk, and answers arrive while nothing can be recorded.
    let rest = disk.fill_but("rest", 0);
    receiver.release();
    receiver.wait("a delivery", |ledger| !ledger.is_empty());
    says_it_is_full(&api.post("/v1/events", large()));
    let unready = api.get("/readyz").of_status(503).json();
    assert_eq!((&unready["code"], &unready["errors"][0]["field"]), (&json!("unavailable"), &json!("database")));
    assert!(unready["detail"].as_str().unwrap().contains("its disk is full"), "{unready}");
    fs::remove_file(rest).unwrap();
    fs::remove_file(ballast).unwrap();
    let more = until("it to accept again", || {
        let answer = api.post("/v1/events", large());
        (answer.status == 202).then_some(answer)
    });
    accepted.insert(id(&more));
    receiver.wait("everything that was accepted", |ledger| accepted.is_subset(&ids(ledger)));
    until("all of it to be recorded", || (api.attempts("status=succeeded").len() == accepted.len()).then_some(()));
    assert_eq!(ids(&receiver.ledger()), accepted, "what was refused was sent");
    assert_eq!(receiver.ledger().len(), accepted.len(), "something was sent twice");
    assert_eq!(served.stopped().0, Some(0));

    let served = Served::on_database(&home, &database);
    assert_eq!(Api::of(&served).attempts("status=succeeded").len(), accepted.len(), "it is there after a restart");
}

#[test]
fn a_database_that_another_process_holds_makes_wait_and_loses_nothing() {
    let (home, receiver) = (Home::new(), Receiver::holding(|received| received.json()["event"] == "user.inserted"));
    let path = home.path().join("locked/hooks.db");
    let served = Served::on_database(&home, &sqlite(path.clone()));
    let api = Api::of(&served);
    api.add("Payroll", &receiver.url(), "*");
    let in_flight = api.send("user.inserted");
    receiver.wait("the first delivery", |ledger| ledger.len() == 1);

    let other = WriteLock::of(&path);
    let event = json!({"type": "user.deleted", "data": {"userFullName": "Mara Beispiel"}});
    let sent = api.begin(20, "/v1/events", &[], &event);
    receiver.release();
    let unready = until("it to notice", || {
        let ready = api.get("/readyz");
        (ready.status == 503).then_some(ready)
    });
    assert_eq!(unready.json()["errors"][0]["field"], "database", "{}", unready.body);
    assert_eq!(api.get("/v1/webhooks").status, 200, "reading goes on");
    assert_eq!(api.attempts("status=pending").len(), 1, "nothing could be recorded");
    drop(other);

    let answers = sent();
    let mut accepted: BTreeSet<_> = answers.iter().filter(|it| it.status == 202).map(id).collect();
    let others: Vec<_> = answers.iter().filter(|it| it.status != 202).collect();
    assert!(others.iter().all(|it| it.status == 503 && it.json()["code"] == "unavailable"), "{others:?}");
    assert!(!accepted.is_empty(), "it was free again in good time");
    accepted.insert(in_flight);
    receiver.wait("everything that was accepted", |ledger| ledger.len() >= accepted.len());
    until("all of it to be recorded", || (api.attempts("status=succeeded").len() == accepted.len()).then_some(()));
    assert_eq!((ids(&receiver.ledger()), receiver.ledger().len()), (accepted.clone(), accepted.len()));
    assert_eq!(api.get("/readyz").status, 200);
    assert_eq!(served.stopped().0, Some(0));
}
