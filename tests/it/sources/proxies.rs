//! Tests `serve --ingress` behind the proxies of `docs/serving.md`, configured as that page says but for names, ports and
//! certificates.

use std::{
    fs,
    io::Write,
    net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream},
    path::Path,
    process::{Child, Command, Stdio},
};

use serde_json::Value;
use socket2::{Domain, Socket, Type};

use super::outside::{Outside, answered, event, path, read_all, signature};
use crate::common::{PATIENCE, api::Answered, receiver::Receiver, skip, until};

/// Another address of this machine than the proxy's: nobody trusts it.
const SENDER: Ipv4Addr = Ipv4Addr::new(127, 0, 0, 2);

/// The block of the page in this language that shows the ingress.
fn configuration(language: &str) -> String {
    let page = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/serving.md")).unwrap();
    let mut blocks = page.split("```").skip(1).step_by(2);
    let block = blocks.find(|block| block.starts_with(language) && block.contains("/in/")).unwrap();
    block[language.len()..].to_owned()
}

fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

/// A running proxy, which is killed when it is dropped.
struct Proxy {
    child: Child,
    address: SocketAddr,
}

impl Proxy {
    fn start(mut command: Command, port: u16) -> Self {
        let child = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        let mut proxy = Proxy { child, address: SocketAddr::from(([127, 0, 0, 1], port)) };
        until("the proxy to listen", || {
            assert!(proxy.child.try_wait().unwrap().is_none(), "it ended: does it take the page's configuration?");
            TcpStream::connect(proxy.address).ok()
        });
        proxy
    }

    fn nginx(folder: &Path, to: SocketAddr) -> Self {
        let (port, block) = (free_port(), configuration("nginx"));
        let plain = block.lines().filter(|line| !line.contains("ssl_certificate")).collect::<Vec<_>>().join("\n");
        let server =
            replaced(&replaced(&plain, "443 ssl", &format!("127.0.0.1:{port}")), "127.0.0.1:8421", &to.to_string());
        let temporary: String = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
            .map(|name| format!("{name}_temp_path {}/{name};\n", folder.display()))
            .concat();
        let pid = folder.join("pid");
        let whole = format!(
            "daemon off;\nmaster_process off;\npid {};\nerror_log stderr;\nevents {{}}\nhttp {{\naccess_log off;\n{temporary}{server}\n}}\n",
            pid.display()
        );
        fs::write(folder.join("nginx.conf"), whole).unwrap();
        let mut command = Command::new("nginx");
        command.arg("-p").arg(folder).arg("-c").arg(folder.join("nginx.conf"));
        Proxy::start(command, port)
    }

    fn caddy(folder: &Path, to: SocketAddr) -> Self {
        let (port, block) = (free_port(), configuration("caddyfile"));
        let site = replaced(&block, "hooks.example.com {", &format!("http://:{port} {{\nbind 127.0.0.1"));
        let options = "{\nadmin off\nauto_https off\n";
        let whole = replaced(&site, "127.0.0.1:8421", &to.to_string()).replacen("{\n", options, 1);
        fs::write(folder.join("Caddyfile"), whole).unwrap();
        let mut command = Command::new("caddy");
        command.args(["run", "--adapter", "caddyfile", "--config"]).arg(folder.join("Caddyfile"));
        command.env("HOME", folder).env("XDG_DATA_HOME", folder).env("XDG_CONFIG_HOME", folder);
        Proxy::start(command, port)
    }

    /// Sends a request from an address that the proxy does not have.
    fn ask(&self, head: &str, body: &[u8]) -> Answered {
        let socket = Socket::new(Domain::IPV4, Type::STREAM, None).unwrap();
        socket.bind(&SocketAddr::from((SENDER, 0)).into()).unwrap();
        socket.connect(&self.address.into()).unwrap();
        let mut stream = TcpStream::from(socket);
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        let head =
            format!("{head}Host: hooks.example.com\r\nConnection: close\r\nContent-Length: {}\r\n\r\n", body.len());
        // It may be refused before it was read to its end.
        let _ = stream.write_all(&[head.as_bytes(), body].concat());
        answered(&read_all(&mut stream))
    }

    fn post(&self, source: &Value, headers: &str, body: &[u8]) -> Answered {
        let head = format!("POST {} HTTP/1.1\r\nContent-Type: application/json\r\n{headers}", path(source));
        self.ask(&head, body)
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The text with another one in place of one that is in it.
#[track_caller]
fn replaced(text: &str, from: &str, to: &str) -> String {
    assert!(text.contains(from), "the page no longer says {from}");
    text.replace(from, to)
}

fn passes(start: fn(&Path, SocketAddr) -> Proxy) {
    let (receiver, folder) = (Receiver::accepting(), tempfile::TempDir::new().unwrap());
    let outside = Outside::with(&["--public-url", "https://hooks.example.com", "--trusted-proxy", "127.0.0.1/32"]);
    outside.api.add("all", &receiver.url(), "*");
    let source = outside.source("TimeMoto", "timemoto");
    let proxy = start(folder.path(), outside.senders);
    let body = "\u{feff}{\"id\" : \"a\",\"event\":\"x.y\",\"data\":{\"n\":1.0e+2,\"t\":\"\\u00e4 ä\"}}\r\n".as_bytes();
    let signed = format!("Timemoto-Signature: {}\r\n", signature(body));
    assert_eq!(proxy.post(&source, &signed, body).of_status(200).json()["outcome"], "accepted");
    outside.delivered(1);
    assert_eq!(receiver.ledger()[0].body, body, "nothing is changed on the way");
    // Larger ones than events go through, and are refused for a reason that is noted; very large ones do not.
    proxy.post(&source, &signed, &vec![b'a'; 285_000]).of_status(413);
    assert_eq!(outside.received(&source, "outcome=refused", 1)[0]["reason"], "too_large");
    let status = proxy.post(&source, &signed, &vec![b'a'; 2_000_000]).status;
    assert!(matches!(status, 413 | 502), "{status}");
    let forged = "Timemoto-Signature: 00\r\nX-Forwarded-For: 203.0.113.9\r\nX-Forwarded-For: 198.51.100.7\r\n";
    proxy.post(&source, forged, &event(1, "x.y")).of_status(401);
    let noted = outside.received(&source, "outcome=refused", 2);
    assert_eq!(noted[0]["reason"], "forged");
    assert_eq!(noted[0]["address"], SENDER.to_string(), "what a client claims is not believed");
    for hidden in ["/v1/webhooks", "/openapi.json", "/docs", "/livez", "/metrics", "/in/../v1/webhooks", "/"] {
        assert_eq!(proxy.ask(&format!("GET {hidden} HTTP/1.1\r\n"), b"").status, 404, "{hidden}");
    }
}

#[test]
fn nginx_passes_on_what_senders_deliver_and_nothing_else() {
    if !skip::without(&["nginx"], "the configuration for it is not tried") {
        passes(Proxy::nginx);
    }
}

#[test]
fn caddy_passes_on_what_senders_deliver_and_nothing_else() {
    if !skip::without(&["caddy"], "the configuration for it is not tried") {
        passes(Proxy::caddy);
    }
}
