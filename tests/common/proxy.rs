//! Proxies on loopback that connect to one target for all requests, and record the requests.

use std::{
    io::{Read, Write},
    net::{SocketAddr, TcpListener, TcpStream},
    sync::{Arc, Mutex},
};

use base64::{Engine, engine::general_purpose::STANDARD};

/// A proxy that runs as long as the test.
pub struct Proxy {
    address: SocketAddr,
    asked: Arc<Mutex<Vec<String>>>,
}

/// A proxy's user and password.
type Login = Option<(&'static str, &'static str)>;

impl Proxy {
    /// A SOCKS 5 proxy (RFC 1928, 1929).
    pub fn socks(target: SocketAddr, login: Login) -> Self {
        Self::start(move |stream, asked| socks(stream, target, login, asked))
    }

    /// An HTTP proxy, for `CONNECT` and for whole URLs.
    pub fn http(target: SocketAddr, login: Login) -> Self {
        Self::start(move |stream, asked| http(stream, target, login, asked))
    }

    fn start(serve: impl Fn(TcpStream, &Mutex<Vec<String>>) -> Option<()> + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let proxy = Proxy { address: listener.local_addr().unwrap(), asked: Arc::default() };
        let (asked, serve) = (Arc::clone(&proxy.asked), Arc::new(serve));
        std::thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                let (asked, serve) = (Arc::clone(&asked), Arc::clone(&serve));
                std::thread::spawn(move || serve(stream, &asked));
            }
        });
        proxy
    }

    /// Its URL with this scheme and an optional login: `url("socks5h://", "")`.
    pub fn url(&self, scheme: &str, login: &str) -> String {
        format!("{scheme}{login}{}", self.address)
    }

    /// The requested targets so far: `hooks.invalid:443`.
    pub fn asked(&self) -> Vec<String> {
        self.asked.lock().unwrap().clone()
    }
}

fn bytes<const N: usize>(stream: &mut TcpStream) -> Option<[u8; N]> {
    let mut bytes = [0; N];
    stream.read_exact(&mut bytes).ok().map(|()| bytes)
}

/// Reads a text after its length.
fn text(stream: &mut TcpStream) -> Option<String> {
    let [length] = bytes(stream)?;
    let mut text = vec![0; length.into()];
    stream.read_exact(&mut text).ok()?;
    String::from_utf8(text).ok()
}

fn socks(mut stream: TcpStream, target: SocketAddr, login: Login, asked: &Mutex<Vec<String>>) -> Option<()> {
    let [_version, methods] = bytes(&mut stream)?;
    stream.read_exact(&mut vec![0; methods.into()]).ok()?;
    if let Some((user, password)) = login {
        stream.write_all(&[5, 2]).ok()?;
        let [_version] = bytes(&mut stream)?;
        let known = (text(&mut stream)?, text(&mut stream)?) == (user.to_owned(), password.to_owned());
        stream.write_all(&[1, u8::from(!known)]).ok()?;
    } else {
        stream.write_all(&[5, 0]).ok()?;
    }
    let [_version, _connect, _reserved, kind] = bytes(&mut stream)?;
    let host = match kind {
        1 => std::net::Ipv4Addr::from(bytes::<4>(&mut stream)?).to_string(),
        3 => text(&mut stream)?,
        _ => std::net::Ipv6Addr::from(bytes::<16>(&mut stream)?).to_string(),
    };
    let port = u16::from_be_bytes(bytes(&mut stream)?);
    asked.lock().unwrap().push(format!("{host}:{port}"));
    stream.write_all(&[5, 0, 0, 1, 0, 0, 0, 0, 0, 0]).ok()?;
    lead(stream, target, &[])
}

fn http(mut stream: TcpStream, target: SocketAddr, login: Login, asked: &Mutex<Vec<String>>) -> Option<()> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.extend(bytes::<1>(&mut stream)?);
    }
    let text = String::from_utf8(head.clone()).ok()?;
    let expected = login.map(|(user, password)| STANDARD.encode(format!("{user}:{password}")));
    if expected.is_some_and(|expected| !text.contains(&format!("Basic {expected}\r\n"))) {
        let refusal = "HTTP/1.1 407 Proxy Authentication Required\r\ncontent-length: 0\r\nconnection: close\r\n\r\n";
        return stream.write_all(refusal.as_bytes()).ok();
    }
    let mut words = text.split(' ');
    let (method, wanted) = (words.next()?, words.next()?.to_owned());
    asked.lock().unwrap().push(wanted);
    if method == "CONNECT" {
        stream.write_all(b"HTTP/1.1 200 Connected\r\n\r\n").ok()?;
        head.clear();
    }
    lead(stream, target, &head)
}

/// Connects both sides after sending `first` to the target.
fn lead(from: TcpStream, target: SocketAddr, first: &[u8]) -> Option<()> {
    let mut to = TcpStream::connect(target).ok()?;
    to.write_all(first).ok()?;
    let copy = |mut from: TcpStream, mut to: TcpStream| {
        let _ = std::io::copy(&mut from, &mut to);
        let _ = to.shutdown(std::net::Shutdown::Write);
    };
    let (back_from, back_to) = (to.try_clone().ok()?, from.try_clone().ok()?);
    std::thread::spawn(move || copy(back_from, back_to));
    copy(from, to);
    Some(())
}
