//! Tests of what only this store has: its file, its one writer, and its query plans.

use std::{
    future::Future,
    path::Path,
    sync::{Arc, mpsc::channel},
    time::Duration,
};

use rusqlite::{Connection, params};

use super::{
    SqliteStore,
    connection::{database_files::DatabaseFiles, encryption::Seals, open_reader, open_writer, rows},
    instances::Lives,
    timeline::Timeline,
    writer::{Writer, session::Session},
};
use crate::{
    domain::{
        delivery::DeliveryStatus,
        ids::{DeliveryId, RecoveryId},
        random::SystemRandom,
        recovery::RecoveryWhat,
        time::Timestamp,
    },
    service::store::{
        AddRecovery, Change, Location, ManualRetry, RecoveryWindow, Result, Retention, RetryTarget, Store, StoreError,
    },
};

impl SqliteStore {
    /// Opens a store as most tests need it.
    pub fn plain(location: Location) -> Result<Self> {
        Self::open(location, None, Arc::new(crate::domain::random::SystemRandom), Arc::default())
    }

    /// Limits how long writes wait for another process that locks the database.
    pub(in super::super) async fn wait_at_most(&self, longest: std::time::Duration) -> Result<()> {
        self.write(move |session| Ok(session.connection.busy_timeout(longest)?)).await
    }
}

fn writer(location: &Location) -> Writer {
    let connection = open_writer(location, None).unwrap();
    let (seals, random) = (Seals::default(), Arc::new(SystemRandom));
    let session = Session::new(connection, DatabaseFiles::of(location), seals, random, Arc::default());
    Writer::start(session, Arc::default()).unwrap()
}

fn insert(session: &mut Session, name: &str) -> Result<()> {
    rows::execute(&session.connection, "INSERT INTO sequences (name, value) VALUES (?1, 0)", params![name]).map(drop)
}

async fn names(writer: &Writer) -> Vec<String> {
    let read = |session: &mut Session| {
        let sql = "SELECT name FROM sequences WHERE name LIKE 'test %' ORDER BY name";
        rows::all(&session.connection, sql, [], |row| row.get(0))
    };
    writer.run(read).await.unwrap()
}

/// Queues a job without waiting for its end.
async fn queue<T>(job: &mut std::pin::Pin<Box<impl Future<Output = T>>>) {
    tokio::select! {
        biased;
        _ = job => panic!("it cannot have ended"),
        () = std::future::ready(()) => {}
    }
}

#[tokio::test]
async fn a_job_that_fails_in_a_batch_harms_no_other() {
    let writer = writer(&Location::Memory);
    let (go, wait) = channel::<()>();
    // While the first job waits, the others are queued, so that one transaction takes them all.
    let mut first = Box::pin(writer.run(move |session| {
        wait.recv().unwrap();
        insert(session, "test 1")
    }));
    let mut failing = Box::pin(writer.run(|session| {
        insert(session, "test 2")?;
        Err::<(), _>(StoreError::IdempotencyKeyReused)
    }));
    let mut panicking = Box::pin(writer.run(|session| {
        insert(session, "test 3")?;
        if session.work_arrived { Ok(()) } else { panic!("this test's own panic") }
    }));
    let mut last = Box::pin(writer.run(|session| insert(session, "test 4")));
    queue(&mut first).await;
    queue(&mut failing).await;
    queue(&mut panicking).await;
    queue(&mut last).await;
    go.send(()).unwrap();
    first.await.unwrap();
    assert!(matches!(failing.await, Err(StoreError::IdempotencyKeyReused)));
    assert!(matches!(panicking.await, Err(StoreError::Internal(_))));
    last.await.unwrap();
    assert_eq!(names(&writer).await, ["test 1", "test 4"]);
}

#[tokio::test]
async fn what_is_queued_is_done_before_the_store_is_gone() {
    let folder = tempfile::tempdir().unwrap();
    let location = Location::File(folder.path().join("hooks.db"));
    let first = writer(&location);
    let (go, wait) = channel::<()>();
    let mut blocking = Box::pin(first.run(move |_| {
        wait.recv().unwrap();
        Ok(())
    }));
    queue(&mut blocking).await;
    let mut queued = Box::pin(first.run(|session| insert(session, "test 1")));
    queue(&mut queued).await;
    drop((blocking, queued));
    go.send(()).unwrap();
    drop(first);
    assert_eq!(names(&writer(&location)).await, ["test 1"]);
    assert!(!folder.path().join("hooks.db-wal").exists(), "the last one out folds the log into the file");
}

#[tokio::test]
async fn a_full_disk_is_said_and_gone_when_there_is_room() {
    let writer = writer(&Location::Memory);
    let limit = |pages: &'static str| {
        move |session: &mut Session| {
            let sql = format!("PRAGMA max_page_count = {pages}");
            session.connection.query_row(&sql, [], |row| row.get::<_, i64>(0))?;
            Ok(())
        }
    };
    writer.run(limit("1")).await.unwrap();
    let fill = |name: String| writer.run(move |session| insert(session, &format!("test {name} {}", "x".repeat(3000))));
    let mut kept = 0;
    let error = loop {
        match fill(format!("{kept:04}")).await {
            Ok(()) => kept += 1,
            Err(error) => break error,
        }
        assert!(kept < 1000, "it must be full one day");
    };
    assert!(matches!(error, StoreError::DiskFull(_)), "{error}");
    assert_eq!(names(&writer).await.len(), kept);
    // All jobs of a commit get the same error.
    let (first, second) = tokio::join!(fill("a".to_owned()), fill("b".to_owned()));
    for refused in [first, second] {
        assert!(matches!(refused, Err(StoreError::DiskFull(_))), "{refused:?}");
    }
    writer.run(limit("100000")).await.unwrap();
    fill("again".to_owned()).await.unwrap();
    assert_eq!(names(&writer).await.len(), kept + 1);
}

#[tokio::test]
async fn a_database_that_stays_locked_is_unavailable_for_all_who_wait() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("hooks.db");
    let writer = writer(&Location::File(path.clone()));
    writer.run(|session| Ok(session.connection.busy_timeout(Duration::ZERO)?)).await.unwrap();
    let other = Connection::open(&path).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    let locked = writer.run(|session| insert(session, "test 1")).await;
    assert!(matches!(locked, Err(StoreError::Unavailable(_))), "{locked:?}");
    let reading = open_reader(&path, &Default::default()).unwrap();
    assert_eq!(rows::value::<i64>(&reading, "SELECT count(*) FROM webhooks", []).unwrap(), Some(0));
    other.execute_batch("COMMIT").unwrap();
    writer.run(|session| insert(session, "test 1")).await.unwrap();
}

#[cfg(unix)]
#[tokio::test]
async fn its_files_are_for_their_owner_only() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("share").join("tm-hooks");
    let store = SqliteStore::plain(Location::File(data.join("hooks.db"))).unwrap();
    let instance = store.join(Timestamp::from_seconds(0)).await.unwrap();
    let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    for name in ["hooks.db", "hooks.db-wal", "hooks.db-shm"] {
        assert_eq!(mode(&data.join(name)), 0o600, "{name}");
    }
    assert_eq!(mode(&data.join(format!("hooks.db.instances/{instance}.lock"))), 0o600);
    for folder in [data.join("hooks.db.instances"), data, folder.path().join("share")] {
        assert_eq!(mode(&folder), 0o700, "{}", folder.display());
    }
}

#[tokio::test]
async fn leaving_takes_the_lock_file_along() {
    let folder = tempfile::tempdir().unwrap();
    let open = || {
        let location = Location::File(folder.path().join("hooks.db"));
        SqliteStore::plain(location).unwrap()
    };
    let files = || std::fs::read_dir(folder.path().join("hooks.db.instances")).unwrap().count();
    let now = Timestamp::from_seconds(0);
    let (store, other) = (open(), open());
    let instance = store.join(now).await.unwrap();
    other.join(now).await.unwrap();
    assert_eq!(files(), 2);
    drop(other);
    assert_eq!((store.free_abandoned(now).await.unwrap(), files()), (0, 1));
    store.leave(instance).await.unwrap();
    assert_eq!(files(), 0);
}

#[cfg(unix)]
#[tokio::test]
async fn who_comes_by_a_link_sees_that_the_others_live() {
    let folder = tempfile::tempdir().unwrap();
    let (path, link) = (folder.path().join("real/hooks.db"), folder.path().join("linked.db"));
    std::os::unix::fs::symlink(&path, &link).unwrap();
    let open = |path: &Path| SqliteStore::plain(Location::File(path.to_owned())).unwrap();
    let now = Timestamp::from_seconds(0);
    // The link is opened first, so its target is created through it.
    let (by_link, store) = (open(&link), open(&path));
    let instance = store.join(now).await.unwrap();
    assert_eq!(by_link.probed_instances().await.unwrap(), [(instance, Lives::Yes)]);
    by_link.free_abandoned(now).await.unwrap();
    store.leave(instance).await.unwrap();
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 2, "something lies beside the link");
}

#[tokio::test]
async fn lock_files_that_were_left_behind_go_and_those_in_use_stay() {
    let folder = tempfile::tempdir().unwrap();
    let store = SqliteStore::plain(Location::File(folder.path().join("hooks.db"))).unwrap();
    let entered = store.join(Timestamp::from_seconds(0)).await.unwrap();
    let instances = folder.path().join("hooks.db.instances");
    let make = |name: &str, hours: u64| {
        let file =
            std::fs::File::options().write(true).create(true).truncate(false).open(instances.join(name)).unwrap();
        let long_ago = std::time::SystemTime::now() - Duration::from_secs(hours * 3600);
        file.set_modified(long_ago).unwrap();
        file
    };
    make("aa.lock", 2);
    make("bb.lock", 0);
    let held = make("cc.lock", 2);
    held.try_lock().unwrap();
    make(&format!("{entered}.lock"), 2);
    store.maintain().await.unwrap();
    let left = std::fs::read_dir(&instances).unwrap().map(|file| file.unwrap().file_name().into_string().unwrap());
    let mut left: Vec<String> = left.collect();
    left.sort();
    let mut expected = vec!["bb.lock".to_owned(), "cc.lock".to_owned(), format!("{entered}.lock")];
    expected.sort();
    assert_eq!(left, expected);
}

#[tokio::test]
async fn what_goes_leaves_room_that_is_used_again_and_the_log_is_cut() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("hooks.db");
    let store = SqliteStore::plain(Location::File(path.clone())).unwrap();
    let now = Timestamp::from_seconds(0);
    let first = Timestamp::from_seconds(0);
    let fill = move |session: &mut Session| {
        let sql = "INSERT INTO events (id, type, accepted_at, digest, body)
            VALUES (randomblob(16), 4, ?1, 0, randomblob(350))";
        for _ in 0..8_000 {
            let event = rows::insert(&session.connection, sql, [first])?;
            session.pending.row(Timeline::Events, event, first);
        }
        Ok(())
    };
    store.write(fill).await.unwrap();
    let full = store.overview(now).await.unwrap();
    assert!(full.bytes > 3_000_000 && full.reusable_bytes < 100_000, "{full:?}");
    // The bodies are deleted, and the events stay.
    let later = Timestamp::from_seconds(8 * 24 * 3600);
    while store.tidy(later.into(), Retention::default()).await.unwrap().more {}
    let kept = "SELECT count(*) - count(body) FROM events";
    assert_eq!(store.read(move |connection| rows::value::<i64>(connection, kept, [])).await.unwrap(), Some(8_000));
    let emptied = store.overview(now).await.unwrap();
    assert!(emptied.bytes == full.bytes && emptied.reusable_bytes > 2_000_000, "{emptied:?}");
    assert!(std::fs::metadata(path.with_extension("db-wal")).unwrap().len() > 0);
    store.maintain().await.unwrap();
    assert_eq!(std::fs::metadata(path.with_extension("db-wal")).unwrap().len(), 0);
    store.write(fill).await.unwrap();
    let again = store.overview(now).await.unwrap();
    assert!(again.bytes < full.bytes + 1_000_000, "{again:?} after {full:?}");
}

#[tokio::test]
async fn what_a_deletion_could_not_finish_is_cancelled_later() {
    let store = SqliteStore::plain(Location::Memory).unwrap();
    let prepare =
        "INSERT INTO webhooks (id, name, url, events, headers, enabled, secret, revision, created_at, updated_at,
            deleted_at) VALUES ('wh_0000000000', '', '', '[]', '{}', TRUE, x'', 2, 0, 0, 5);
        INSERT INTO webhook_queues (webhook, state, next_due) VALUES (1, 2, 0);
        INSERT INTO deliveries (id, event, webhook, version, kind, status, created_at)
            VALUES (zeroblob(16), 1, 1, 1, 1, 0, 0);
        INSERT INTO work (delivery, webhook, event_type, kind, try, due_at) VALUES (1, 1, 1, 1, 1, 0)";
    store.write(move |session| Ok(session.connection.execute_batch(prepare)?)).await.unwrap();
    store.free_abandoned(Timestamp::from_seconds(9)).await.unwrap();
    let left = "SELECT (SELECT count(*) FROM work) + (SELECT count(next_due) FROM webhook_queues)";
    assert_eq!(store.read(move |connection| rows::value::<i64>(connection, left, [])).await.unwrap(), Some(0));
    let status = "SELECT status FROM deliveries";
    let status = store.read(move |connection| rows::value(connection, status, [])).await.unwrap();
    assert_eq!(status, Some(DeliveryStatus::Cancelled));
}

#[tokio::test]
async fn what_is_no_longer_kept_is_refused_and_skipped() {
    let store = SqliteStore::plain(Location::Memory).unwrap();
    let now = Timestamp::from_seconds(1_000);
    let instance = store.join(now).await.unwrap();
    // There are three events: the body of the first one's failed delivery is gone; the second was missed, and nothing
    // is left of it; the third was missed and has its data.
    let prepare =
        "INSERT INTO webhooks (id, name, url, events, headers, enabled, secret, revision, created_at, updated_at)
            VALUES ('wh_0000000000', '', 'http://127.0.0.1:9', '[\"*\"]', '{}', TRUE,
                CAST('tmkey_' || '0123456789abcdef0123456789abcdef' AS BLOB), 1, 0, 0);
        INSERT INTO webhook_queues (webhook, state) VALUES (1, 1);
        INSERT INTO event_types (number, name) VALUES (4, 'user.inserted');
        INSERT INTO events (id, type, accepted_at, digest, body) VALUES
            (randomblob(16), 4, 5, 0, NULL), (randomblob(16), 4, 6, 0, NULL),
            (randomblob(16), 4, 7, 0, CAST(x'0000' || '{\"data\":{}}' AS BLOB));
        INSERT INTO time_blocks (timeline, level, block, earliest, latest) VALUES
            (2, 1, 0, 0, 10000), (2, 2, 0, 0, 10000), (2, 3, 0, 0, 10000);
        INSERT INTO deliveries (id, event, webhook, version, kind, status, attempts, created_at, finished_at)
            VALUES (zeroblob(16), 1, 1, 1, 1, 2, 10, 5, 9)";
    store.write(move |session| Ok(session.connection.execute_batch(prepare)?)).await.unwrap();
    let delivery = DeliveryId::from_bytes([0; 16]);
    let retry = ManualRetry { target: RetryTarget::Delivery(delivery), instance };
    let refused = store.start_retry(retry, Change::at(now, None)).await;
    assert!(matches!(refused, Err(StoreError::BodyNotKept(id)) if id == delivery), "{refused:?}");

    let window =
        RecoveryWindow { webhook: None, since: Timestamp::from_seconds(0), until: now, what: RecoveryWhat::Both };
    let estimate = store.estimate_recovery(window.clone()).await.unwrap();
    assert_eq!((estimate.failed, estimate.missed, estimate.skipped), (0, 1, 2));
    let id = RecoveryId::new(now, [1; 10]);
    store.add_recovery(AddRecovery { id, window, rate: None }, Change::at(now, None)).await.unwrap();
    while store.advance_recovery(now).await.unwrap() {}
    let recovery = store.recovery(id).await.unwrap().unwrap();
    assert_eq!((recovery.looked, recovery.made, recovery.skipped), (4, 1, 2));
    let count = "SELECT count(*) FROM deliveries WHERE event = 3 AND body IS NULL";
    let claimed = store.read(|connection| rows::value::<i64>(connection, count, [])).await;
    assert_eq!(claimed.unwrap(), Some(1), "it is sent in the event's own body");
}

#[test]
fn what_is_no_database_of_ours_is_refused_and_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("hooks.db");
    std::fs::write(&path, "not a database, but long enough to be looked at as if it were one").unwrap();
    let before = std::fs::read(&path).unwrap();
    let opened = SqliteStore::plain(Location::File(path.clone()));
    assert!(matches!(opened.err(), Some(StoreError::Internal(_))));
    assert_eq!(std::fs::read(&path).unwrap(), before);
    let nowhere = Location::File(path.join("below").join("hooks.db"));
    let opened = SqliteStore::plain(nowhere);
    assert!(matches!(opened.err(), Some(StoreError::Denied(_))));
}

#[tokio::test]
async fn nothing_is_stored_behind_what_was_cut_off() {
    for cut in ["", "-wal"] {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("hooks.db");
        let writer = writer(&Location::File(path.clone()));
        writer.run(|session| insert(session, "before")).await.unwrap();
        let mut file = path.into_os_string();
        file.push(cut);
        // Another process must do this, because closing a file releases a process's own locks on it.
        let shell = std::process::Command::new("sh").args(["-c", ": > \"$0\""]).arg(&file).status().unwrap();
        assert!(shell.success());
        for _ in 0..3 {
            let refused = writer.run(|session| insert(session, "after")).await;
            assert!(matches!(&refused, Err(StoreError::Gone(gone)) if *gone == *file), "{cut:?}: {refused:?}");
        }
    }
}

#[tokio::test]
async fn what_sqlite_cuts_itself_is_no_loss() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("hooks.db");
    let writer = writer(&Location::File(path.clone()));
    let fill = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20000)
        INSERT INTO sequences (name, value) SELECT 'long ' || i, i FROM n";
    writer.run(move |session| rows::execute(&session.connection, fill, []).map(drop)).await.unwrap();
    let other = Connection::open(&path).unwrap();
    let size = || std::fs::metadata(&path).unwrap().len();
    let mut sizes = vec![size()];
    for statements in [
        "PRAGMA wal_checkpoint(TRUNCATE)",
        "DELETE FROM sequences WHERE name LIKE 'long %'; VACUUM; PRAGMA wal_checkpoint(TRUNCATE)",
    ] {
        other.execute_batch(statements).unwrap();
        sizes.push(size());
        writer
            .run(|session| rows::execute(&session.connection, "UPDATE settings SET only_row = 1", []).map(drop))
            .await
            .unwrap();
    }
    assert!(sizes[2] < sizes[1], "the file was cut: {sizes:?}");
}
