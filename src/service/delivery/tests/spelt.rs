//! Tests the spelling of header names on the wire, byte by byte.

use tokio::io::AsyncReadExt;

use super::{
    secured::Authority,
    wire::{NO_CONTENT, Wire, receiver},
    *,
};
use crate::service::delivery::{limits::Limits, request::prepare};

/// Reads the head of a request from a connection.
async fn head_of<S: tokio::io::AsyncRead + Unpin>(stream: &mut S, body: usize) -> std::io::Result<String> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(stream.read_u8().await?);
    }
    stream.read_exact(&mut vec![0; body]).await?;
    Ok(String::from_utf8(head).unwrap())
}

fn with_headers(wire: &mut Wire, body: usize) {
    wire.claim.body = vec![b'x'; body].into();
    let given = [("X-Api-Key", "1"), ("X-TENANT", "blue"), ("authorization", "Bearer x-api-key"), ("eTag-Like", "2")];
    wire.recipient().headers = given.map(|(name, value)| (name.to_owned(), value.to_owned())).into();
}

#[tokio::test]
async fn header_names_are_sent_as_they_are_shown() {
    let authority = Authority::new();
    for tls in [None, Some(authority.certify_in(&rustls::version::TLS13))] {
        for body in [10, 3 << 20] {
            let (sender, mut heads) = tokio::sync::mpsc::unbounded_channel();
            let acceptor = tls.clone();
            let (url, ledger) = receiver(move |mut line| {
                let (sender, acceptor) = (sender.clone(), acceptor.clone());
                async move {
                    let Some(acceptor) = acceptor else {
                        loop {
                            sender.send(head_of(&mut line.stream, body).await?).unwrap();
                            line.say(NO_CONTENT).await?;
                        }
                    };
                    let mut line = line.through(|stream| acceptor.accept(stream)).await?;
                    loop {
                        sender.send(head_of(&mut line.stream, body).await?).unwrap();
                        line.say(NO_CONTENT).await?;
                    }
                }
            })
            .await;
            let mut wire = match &tls {
                Some(_) => authority.wire(Limits::default(), &url),
                None => Wire::to(&url),
            };
            with_headers(&mut wire, body);
            // The second request uses the same connection.
            for _ in 0..2 {
                wire.deliver().await;
                let head = heads.recv().await.unwrap();
                let shown = prepare(&wire.claim, Timestamp::from_seconds(START)).unwrap().headers;
                assert_eq!(shown.len(), 12);
                for header in shown {
                    assert!(head.contains(&format!("\r\n{}: ", header.name)), "{} in {head}", header.name);
                }
                assert!(head.contains("\r\nTimemoto-Signature: ") && head.contains("\r\nX-Api-Key: 1\r\n"), "{head}");
                assert!(head.contains("\r\nwebhook-id: ") && head.contains(": Bearer x-api-key\r\n"), "{head}");
            }
            assert_eq!(ledger.connections(), 1);
        }
    }
}
