//! Whose address counts: the peer's, or what trusted proxies say of theirs.

use std::net::IpAddr;

use axum::{extract::ConnectInfo, http::request::Parts};
use ipnet::IpNet;

/// The header in which each proxy adds the address that it got a request from.
const FORWARDED_FOR: &str = "x-forwarded-for";

/// Tells the addresses of senders.
#[derive(Debug, Clone, Default)]
pub struct Senders {
    trusted: Vec<IpNet>,
}

impl Senders {
    /// Believes proxies in these networks.
    pub fn behind(trusted: Vec<IpNet>) -> Self {
        Senders { trusted }
    }

    /// The address that sent a request, as text; empty within the process.
    pub(super) fn address(&self, parts: &Parts) -> String {
        let Some(ConnectInfo::<IpAddr>(peer)) = parts.extensions.get() else { return String::new() };
        let told = parts.headers.get_all(FORWARDED_FOR).iter().filter_map(|value| value.to_str().ok());
        let told: Vec<&str> = told.flat_map(|value| value.split(',')).map(str::trim).collect();
        self.of(*peer, &told).to_string()
    }

    /// The nearest address that no trusted proxy has. Each proxy has added one to the end of the list.
    fn of(&self, peer: IpAddr, told: &[&str]) -> IpAddr {
        let mut sender = peer.to_canonical();
        for text in told.iter().rev() {
            if !self.trusted.iter().any(|network| network.contains(&sender)) {
                break;
            }
            // What is no address was not added by a proxy that is trusted.
            let Ok(before) = text.parse::<IpAddr>() else { break };
            sender = before.to_canonical();
        }
        sender
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_trusted_proxies_are_believed() {
        let of = |trusted: &[&str], peer: &str, told: &[&str]| {
            let senders = Senders::behind(trusted.iter().map(|network| network.parse().unwrap()).collect());
            senders.of(peer.parse().unwrap(), told).to_string()
        };
        assert_eq!(of(&[], "192.0.2.1", &["198.51.100.7"]), "192.0.2.1");
        assert_eq!(of(&["192.0.2.0/24"], "192.0.2.1", &["198.51.100.7"]), "198.51.100.7");
        assert_eq!(of(&["192.0.2.0/24"], "192.0.2.1", &["203.0.113.9", "198.51.100.7"]), "198.51.100.7", "made up");
        let two = &["192.0.2.0/24", "10.0.0.0/8"];
        assert_eq!(of(two, "192.0.2.1", &["203.0.113.9", "10.1.1.1"]), "203.0.113.9");
        assert_eq!(of(two, "192.0.2.1", &["unknown"]), "192.0.2.1");
        assert_eq!(of(two, "192.0.2.1", &[]), "192.0.2.1");
        assert_eq!(of(&["192.0.2.0/24"], "::ffff:192.0.2.1", &["2001:db8::1"]), "2001:db8::1");
    }
}
