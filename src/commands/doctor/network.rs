//! Checks the way to a remote service: name and connection.

use std::{net::SocketAddr, time::Duration};

use tokio::net::{TcpStream, lookup_host};
use url::{Host, Url};

use crate::{
    api::ProxyHop,
    commands::Context,
    render::words::{count, duration},
};

use super::check::CheckResult;

/// The time limit for a name lookup, and for a connection.
const LIMIT: Duration = Duration::from_secs(5);

/// Returns the checks, and whether further ones make sense.
pub(super) async fn checks(url: &Url, context: &Context) -> (Vec<CheckResult>, bool) {
    let proxy = match context.settings.proxy_to(url) {
        Ok(proxy) => proxy.map(|proxy| ProxyHop { url: proxy.value, from: proxy.source.to_string() }),
        Err(error) => return (vec![CheckResult::failed("proxy", error)], false),
    };
    let next = proxy.as_ref().map_or(url, |proxy| &proxy.url);
    let mut checks = Vec::new();
    if let Some(proxy) = &proxy {
        checks.push(CheckResult::ok("proxy", format!("{} leads to the service", proxy.in_words())));
    }
    let addresses = match look_up(next).await {
        Ok(addresses) => addresses,
        Err(why) => {
            let message = format!("{} has no address: {why}", next.host_str().unwrap_or_default());
            checks.push(CheckResult::failure(
                "dns",
                message,
                match &proxy {
                    Some(proxy) => format!("check the name in {}, and the network", proxy.from),
                    None => "check the name in the profile's URL, and the network".to_owned(),
                },
            ));
            return (checks, false);
        }
    };
    if let Some(Host::Domain(name)) = next.host() {
        checks.push(CheckResult::ok("dns", format!("{name} has {}", count(addresses.len(), "address"))));
    }
    let connected = connect(&addresses).await;
    let passable = connected.is_ok();
    checks.push(match connected {
        Ok(address) => CheckResult::ok("connection", format!("{address} answers")),
        Err(why) => {
            let (target, next_step) = match &proxy {
                Some(proxy) => (proxy.in_words(), how_to_do_without(proxy, url)),
                None => (
                    next.host_str().unwrap_or_default().to_owned(),
                    "is the service running? `tm-hooks serve` starts one; else check the URL's port, and firewalls between"
                        .to_owned(),
                ),
            };
            CheckResult::failure("connection", format!("no connection to {target}: {why}"), next_step)
        }
    });
    (checks, passable)
}

/// Suggests what to do about a proxy that cannot be reached.
fn how_to_do_without(proxy: &ProxyHop, url: &Url) -> String {
    let host = url.host_str().unwrap_or_default();
    format!(
        "is it running? check {}; NO_PROXY={host} leaves this service out, where a variable names the proxy",
        proxy.from
    )
}

async fn look_up(url: &Url) -> Result<Vec<SocketAddr>, String> {
    // 1080 is the registered port of SOCKS, the only schemes here without a default port.
    let port = url.port_or_known_default().unwrap_or(1080);
    let addresses = match url.host() {
        Some(Host::Ipv4(address)) => return Ok(vec![(address, port).into()]),
        Some(Host::Ipv6(address)) => return Ok(vec![(address, port).into()]),
        Some(Host::Domain(name)) => tokio::time::timeout(LIMIT, lookup_host((name, port))).await,
        None => return Err("the URL names no host".to_owned()),
    };
    match addresses {
        Ok(Ok(addresses)) => Ok(addresses.collect()),
        Ok(Err(error)) => Err(error.to_string()),
        Err(_) => Err(format!("no answer within {}", duration(LIMIT))),
    }
}

/// Returns the first address that accepts a connection.
async fn connect(addresses: &[SocketAddr]) -> Result<SocketAddr, String> {
    let mut why = "the name has no address".to_owned();
    for address in addresses {
        match tokio::time::timeout(LIMIT, TcpStream::connect(address)).await {
            Ok(Ok(_)) => return Ok(*address),
            Ok(Err(error)) => why = error.to_string(),
            Err(_) => why = format!("no answer within {}", duration(LIMIT)),
        }
    }
    Err(why)
}
