//! The way to a service elsewhere: name, connection, certificate.

use std::{net::SocketAddr, time::Duration};

use tokio::net::{TcpStream, lookup_host};
use url::{Host, Url};

use crate::{
    api::is_loopback,
    commands::Context,
    render::words::{count, duration},
};

use super::Check;

/// How long a name may be looked up, and a connection be made.
const LIMIT: Duration = Duration::from_secs(5);

/// The checks, and whether it makes sense to go on.
pub(super) async fn checks(url: &Url, context: &Context) -> (Vec<Check>, bool) {
    let proxy = context.settings.proxy.value.as_ref().filter(|_| !is_loopback(url));
    let next = proxy.unwrap_or(url);
    let mut checks = Vec::new();
    if let Some(proxy) = proxy {
        let (host, from) = (proxy.host_str().unwrap_or_default(), &context.settings.proxy.source);
        checks.push(Check::ok("proxy", format!("{host} leads to the service (from {from})")));
    }
    let addresses = match look_up(next).await {
        Ok(addresses) => addresses,
        Err(why) => {
            let message = format!("{} has no address: {why}", next.host_str().unwrap_or_default());
            checks.push(Check::failure("dns", message, "check the name in the profile's URL, and the network"));
            return (checks, false);
        }
    };
    if let Some(Host::Domain(name)) = next.host() {
        checks.push(Check::ok("dns", format!("{name} has {}", count(addresses.len(), "address"))));
    }
    let connected = connect(&addresses).await;
    let passable = connected.is_ok();
    checks.push(match connected {
        Ok(address) => Check::ok("connection", format!("{address} answers")),
        Err(why) => Check::failure(
            "connection",
            format!("no connection to {}: {why}", next.host_str().unwrap_or_default()),
            "is the service running? `tm-hooks serve` starts one; else check the URL's port, and firewalls between",
        ),
    });
    (checks, passable)
}

async fn look_up(url: &Url) -> Result<Vec<SocketAddr>, String> {
    let port = url.port_or_known_default().unwrap_or(443);
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

/// The first address that takes a connection.
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
