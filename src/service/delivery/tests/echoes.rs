//! Tests that secrets are kept neither from receivers that echo requests nor in errors.

use super::{
    wire::{NO_CONTENT, Wire, receiver},
    *,
};
use crate::domain::secret::MASK;

#[tokio::test]
async fn an_echo_of_what_is_secret_is_kept_masked() {
    let mut claim = super::wire::claim("http://127.0.0.1/");
    Arc::make_mut(&mut claim.recipient).headers = BTreeMap::from([
        ("Authorization".to_owned(), "Bearer invented-token".to_owned()),
        ("X-Short".to_owned(), "yes".to_owned()),
    ]);
    let secret = claim.recipient.secrets.secret.expose().to_owned();
    let body = format!("yes: invented-token, {secret}, {}", "x".repeat(16_320));
    // The last secret begins just before the end of the kept part.
    let body = format!("{body}{secret}");
    let answer = format!(
        "HTTP/1.1 200 OK\r\nx-got: Bearer invented-token\r\nx-key: {secret}\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    );
    let (url, _) = receiver(move |mut line| {
        let answer = answer.clone();
        async move {
            line.request().await?;
            line.say(answer).await
        }
    })
    .await;
    let mut wire = Wire::to(&url);
    Arc::make_mut(&mut claim.recipient).url = url;
    wire.claim = claim;
    let response = wire.deliver().await.response.unwrap();
    let kept = format!("{response:?}");
    assert!(!kept.contains("invented-token") && !kept.contains(&secret[6..]), "{kept}");
    assert!(!kept.contains("tmkey"), "not even its beginning: {kept}");
    assert!(response.body.starts_with(&format!("yes: {MASK}, {MASK}, xxx")), "{kept}");
    assert!(response.headers.iter().any(|header| header.name == "x-got" && header.value == MASK), "{kept}");
}

#[tokio::test]
async fn no_error_tells_a_header() {
    for answer in ["", "Bearer invented-token\r\n\r\n", "HTTP/1.1 500 Oh\r\nBearer invented-token\r\n\r\n"] {
        let (url, _) = receiver(move |mut line| async move {
            line.request().await?;
            line.say(answer).await
        })
        .await;
        let mut wire = Wire::to(&url);
        wire.recipient().headers = BTreeMap::from([("Authorization".to_owned(), "Bearer invented-token".to_owned())]);
        let outcome = wire.send().await;
        assert!(outcome.error.is_some() && !format!("{outcome:?}").contains("invented"), "{outcome:?}");
    }
}

#[tokio::test]
async fn what_is_stored_of_an_echo_is_masked() {
    let (url, _) = receiver(|mut line| async move {
        line.request().await?;
        line.say("HTTP/1.1 500 Oh\r\nx-tenant: blue\r\ncontent-length: 9\r\n\r\ngot blue!").await?;
        line.say(NO_CONTENT).await
    })
    .await;
    let world = World::new();
    world.deliver_one_to(&url).await;
    let response = world.newest().await.response.unwrap();
    assert_eq!(response.body, format!("got {MASK}!"));
    assert!(response.headers.iter().any(|header| header.name == "x-tenant" && header.value == MASK), "{response:?}");
}
