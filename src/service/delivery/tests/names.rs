//! Tests names of receivers: without an address, slow, with several addresses, or with other addresses the second time.

use std::{
    net::{IpAddr, Ipv4Addr},
    sync::atomic::{AtomicUsize, Ordering},
};

use async_trait::async_trait;

use super::{
    wire::{NO_CONTENT, Wire, brief, claim, receiver},
    *,
};
use crate::{
    domain::attempt::AttemptError,
    service::delivery::{
        connector::Connector,
        limits::Limits,
        resolver::{LookupError, Resolve},
    },
};

const LIVE: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);
const PRIVATE: IpAddr = IpAddr::V4(Ipv4Addr::new(10, 0, 0, 1));
const PUBLIC: IpAddr = IpAddr::V4(Ipv4Addr::new(1, 1, 1, 1));

/// Answers the look-ups in turn with these, and then always with the last one; none never ends.
struct Names {
    answers: Vec<Option<Result<Vec<IpAddr>, LookupError>>>,
    asked: AtomicUsize,
}

#[async_trait]
impl Resolve for Names {
    async fn resolve(&self, host: &str) -> Result<Vec<IpAddr>, LookupError> {
        if host == "other.example" {
            return Ok(vec![LIVE]);
        }
        let number = self.asked.fetch_add(1, Ordering::SeqCst).min(self.answers.len() - 1);
        match &self.answers[number] {
            Some(answer) => answer.clone(),
            None => std::future::pending().await,
        }
    }
}

fn names(answers: impl IntoIterator<Item = Option<Result<Vec<IpAddr>, LookupError>>>) -> Arc<Names> {
    Arc::new(Names { answers: answers.into_iter().collect(), asked: AtomicUsize::new(0) })
}

/// The URL of a receiver under a name.
fn named(url: &str) -> String {
    url.replace("127.0.0.1", "receiver.example")
}

fn wire(guard: NetGuard, limits: Limits, names: &Arc<Names>, url: &str) -> Wire {
    Wire::over(Connector::new(guard, limits).with_resolver(names.clone()), limits, &named(url))
}

#[tokio::test]
async fn a_name_without_an_address_says_why() {
    use AttemptError::{DnsFailed, DnsNotFound};
    for (answer, error, words) in [
        (Err(LookupError::NotFound), DnsNotFound, "the name receiver.example does not exist"),
        (Ok(Vec::new()), DnsNotFound, "receiver.example has no address"),
        (Err(LookupError::Failed("try later".to_owned())), DnsFailed, "looking up receiver.example failed: try later"),
    ] {
        let names = names([Some(answer)]);
        let wire = wire(NetGuard::local(), Limits::default(), &names, "http://127.0.0.1:1/");
        assert_eq!(wire.fail(error).await, words);
    }
}

#[tokio::test]
async fn a_slow_lookup_ends_at_its_limit_and_holds_up_nobody() {
    let (url, ledger) = receiver(|mut line| async move { line.serve().await }).await;
    let names = names([None]);
    let slow = wire(NetGuard::local(), Limits::default(), &names, &url);
    let other = claim(&url.replace("127.0.0.1", "other.example"));
    let other = Wire { sender: slow.sender.clone(), claim: other };
    let lookups = futures_util::future::join_all((0..100).map(|_| slow.send()));
    tokio::select! {
        biased;
        ended = lookups => panic!("{ended:?}"),
        _ = other.deliver() => {}
    }
    assert_eq!((names.asked.load(Ordering::SeqCst), ledger.requests()), (100, 1));

    let detail = wire(NetGuard::local(), brief(), &names, &url).fail(AttemptError::DnsTimeout).await;
    assert_eq!(detail, "looking up receiver.example took longer than 0.2 s");
    assert_eq!(ledger.requests(), 1);
}

#[tokio::test]
async fn a_name_with_one_refused_address_is_refused_as_a_whole() {
    let (url, ledger) = receiver(|mut line| async move { line.serve().await }).await;
    for addresses in [vec![LIVE, PRIVATE], vec![PRIVATE, LIVE]] {
        let names = names([Some(Ok(addresses))]);
        let detail = wire(NetGuard::local(), Limits::default(), &names, &url).fail(AttemptError::AddressRefused).await;
        assert!(detail.contains("--allow-"), "{detail}");
    }
    for refused in [LIVE, PRIVATE, "::ffff:10.0.0.1".parse().unwrap(), "64:ff9b::7f00:1".parse().unwrap()] {
        let names = names([Some(Ok(vec![PUBLIC, refused]))]);
        let guard = NetGuard::strict().allow_http();
        wire(guard, Limits::default(), &names, &url).fail(AttemptError::AddressRefused).await;
    }
    assert_eq!(ledger.connections(), 0);
}

#[tokio::test]
async fn a_name_is_looked_up_and_checked_once_a_connection() {
    let (url, ledger) = receiver(|mut line| async move {
        line.request().await?;
        line.say(NO_CONTENT).await
    })
    .await;
    let names = names([Some(Ok(vec![LIVE])), Some(Ok(vec![PRIVATE]))]);
    let wire = wire(NetGuard::local(), Limits::default(), &names, &url);
    wire.deliver().await;
    assert_eq!(names.asked.load(Ordering::SeqCst), 1, "what was checked is what is dialled");
    wire.fail(AttemptError::AddressRefused).await;
    assert_eq!((names.asked.load(Ordering::SeqCst), ledger.connections()), (2, 1));
}

#[tokio::test]
async fn a_name_that_moves_is_followed_though_its_connection_is_never_idle() {
    let (url, ledger) = receiver(|mut line| async move { line.serve().await }).await;
    let moved = || names([Some(Ok(vec![LIVE])), Some(Ok(vec![LIVE])), Some(Ok(vec![PRIVATE]))]);
    let kept = moved();
    let wire_of = |life, names: &Arc<Names>| wire(NetGuard::local(), Limits { life, ..Limits::default() }, names, &url);
    let long = wire_of(Duration::from_secs(60), &kept);
    for _ in 0..10 {
        long.deliver().await;
    }
    assert_eq!((kept.asked.load(Ordering::SeqCst), ledger.connections()), (1, 1), "it is used again");
    // Each connection is too old to be kept at its first answer.
    let short = wire_of(Duration::ZERO, &moved());
    short.deliver().await;
    short.deliver().await;
    short.fail(AttemptError::AddressRefused).await;
    assert_eq!(ledger.connections(), 3);
}

#[tokio::test]
async fn of_many_addresses_eight_are_tried() {
    let (url, ledger) = receiver(|mut line| async move { line.serve().await }).await;
    // The receiver listens on one address of the machine, and nothing listens on these.
    let dead = |count: u8| (0..count).map(|last| IpAddr::from([127, 0, 1, last])).chain([LIVE]).collect::<Vec<_>>();
    let late = names([Some(Ok(dead(7)))]);
    wire(NetGuard::local(), Limits::default(), &late, &url).deliver().await;
    let too_late = names([Some(Ok(dead(200)))]);
    wire(NetGuard::local(), Limits::default(), &too_late, &url).fail(AttemptError::ConnectionRefused).await;
    assert_eq!(ledger.connections(), 1);
}
