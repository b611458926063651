//! Which addresses may be dialled: no private, loopback, link-local or otherwise special one, unless allowed.
//!
//! A URL is checked when it is stored, as far as it says where it goes; the address is checked again when it is
//! really connected to, so that a name that resolves to something else later does not get through.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use ipnet::IpNet;
use url::{Host, Url};

use crate::domain::problem::FieldError;

/// When plain HTTP may be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum PlainHttp {
    Never,
    ToLoopback,
    Always,
}

/// The rule of one service.
#[derive(Debug, Clone)]
pub struct NetGuard {
    plain_http: PlainHttp,
    loopback: bool,
    allowed: Vec<IpNet>,
}

/// Why an address may not be dialled, with the flag that would allow it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// The address is not public.
    #[error("{address} is {what}; `tm-hooks serve --allow-cidr {address}` would allow it")]
    Address {
        /// The address.
        address: IpAddr,
        /// What kind of address it is.
        what: &'static str,
    },
    /// The scheme is `http`.
    #[error("plain HTTP is not allowed: use https://, or `tm-hooks serve --allow-http`")]
    PlainHttp,
}

impl NetGuard {
    /// HTTPS to public addresses only.
    pub fn strict() -> Self {
        NetGuard { plain_http: PlainHttp::Never, loopback: false, allowed: Vec::new() }
    }

    /// What the profile `local` allows: loopback too, there by plain HTTP as well.
    pub fn local() -> Self {
        NetGuard { plain_http: PlainHttp::ToLoopback, loopback: true, ..Self::strict() }
    }

    /// The same rule, with plain HTTP to every address it allows.
    pub fn allow_http(self) -> Self {
        NetGuard { plain_http: PlainHttp::Always, ..self }
    }

    /// The same rule, with these networks allowed.
    pub fn allow_networks(mut self, networks: impl IntoIterator<Item = IpNet>) -> Self {
        self.allowed.extend(networks);
        self
    }

    /// Checks a URL as far as it says where it goes: its scheme, and its host where that is an address or
    /// `localhost`. Names are not resolved.
    pub fn check_url(&self, url: &Url) -> Result<(), FieldError> {
        let refused = |refused: Refused| FieldError::new("url", refused.to_string());
        let address = match url.host() {
            Some(Host::Ipv4(address)) => Some(IpAddr::V4(address)),
            Some(Host::Ipv6(address)) => Some(IpAddr::V6(address)),
            Some(Host::Domain(name)) if is_localhost(name) => Some(IpAddr::V4(Ipv4Addr::LOCALHOST)),
            _ => None,
        };
        match address {
            Some(address) => self.check_connect(url.scheme() == "http", address).map_err(refused),
            None if url.scheme() == "http" && self.plain_http != PlainHttp::Always => Err(refused(Refused::PlainHttp)),
            None => Ok(()),
        }
    }

    /// Checks the address that is about to be connected to.
    pub fn check_connect(&self, plain_http: bool, address: IpAddr) -> Result<(), Refused> {
        let address = unwrap_embedded(address);
        let http_allowed = match self.plain_http {
            PlainHttp::Always => true,
            PlainHttp::ToLoopback => address.is_loopback(),
            PlainHttp::Never => false,
        };
        if plain_http && !http_allowed {
            return Err(Refused::PlainHttp);
        }
        let allowed = self.loopback && address.is_loopback() || self.allowed.iter().any(|net| net.contains(&address));
        match special(address) {
            Some(what) if !allowed => Err(Refused::Address { address, what }),
            _ => Ok(()),
        }
    }
}

/// RFC 6761 keeps `localhost` and all names below it for loopback.
fn is_localhost(name: &str) -> bool {
    let name = name.trim_end_matches('.');
    name.eq_ignore_ascii_case("localhost") || name.to_ascii_lowercase().ends_with(".localhost")
}

/// The IPv4 address an IPv6 one really stands for: mapped (`::ffff:0:0/96`) or translated (`64:ff9b::/96`).
fn unwrap_embedded(address: IpAddr) -> IpAddr {
    let IpAddr::V6(v6) = address else { return address };
    if let Some(v4) = v6.to_ipv4_mapped() {
        return IpAddr::V4(v4);
    }
    match v6.segments() {
        [0x64, 0xff9b, 0, 0, 0, 0, high, low] => {
            IpAddr::V4(Ipv4Addr::from_bits(u32::from(high) << 16 | u32::from(low)))
        }
        _ => address,
    }
}

/// What makes an address one that is not reached over the public Internet; none for a public one.
fn special(address: IpAddr) -> Option<&'static str> {
    match address {
        IpAddr::V4(address) => special_v4(address),
        IpAddr::V6(address) => special_v6(address),
    }
}

/// IANA's registry of special-purpose IPv4 addresses (RFC 6890 and its updates), with multicast and 6to4 relays.
fn special_v4(address: Ipv4Addr) -> Option<&'static str> {
    const NETWORKS: [(Ipv4Addr, u32, &str); 15] = [
        (Ipv4Addr::new(0, 0, 0, 0), 8, "an address of this network"),
        (Ipv4Addr::new(10, 0, 0, 0), 8, "a private address"),
        (Ipv4Addr::new(100, 64, 0, 0), 10, "a provider's shared address"),
        (Ipv4Addr::new(127, 0, 0, 0), 8, "a loopback address"),
        (Ipv4Addr::new(169, 254, 0, 0), 16, "a link-local address"),
        (Ipv4Addr::new(172, 16, 0, 0), 12, "a private address"),
        (Ipv4Addr::new(192, 0, 0, 0), 24, "a reserved address"),
        (Ipv4Addr::new(192, 0, 2, 0), 24, "an address for documentation"),
        (Ipv4Addr::new(192, 88, 99, 0), 24, "a reserved address"),
        (Ipv4Addr::new(192, 168, 0, 0), 16, "a private address"),
        (Ipv4Addr::new(198, 18, 0, 0), 15, "an address for benchmarks"),
        (Ipv4Addr::new(198, 51, 100, 0), 24, "an address for documentation"),
        (Ipv4Addr::new(203, 0, 113, 0), 24, "an address for documentation"),
        (Ipv4Addr::new(224, 0, 0, 0), 4, "a multicast address"),
        (Ipv4Addr::new(240, 0, 0, 0), 4, "a reserved address"),
    ];
    let inside =
        |(network, bits, _): &&(Ipv4Addr, u32, &str)| (address.to_bits() ^ network.to_bits()) >> (32 - bits) == 0;
    NETWORKS.iter().find(inside).map(|(_, _, what)| *what)
}

/// Public IPv6 addresses are in `2000::/3` (RFC 4291); inside it IANA's registry of special-purpose addresses lists
/// protocol assignments, documentation and 6to4, none of which a receiver has.
fn special_v6(address: Ipv6Addr) -> Option<&'static str> {
    if address.is_loopback() {
        return Some("a loopback address");
    }
    match address.segments() {
        [0xfe80..=0xfebf, ..] => Some("a link-local address"),
        [0xfc00..=0xfdff, ..] => Some("a private address"),
        [0xff00..=0xffff, ..] => Some("a multicast address"),
        [0x2001, 0..=0x01ff, ..] => Some("an address for protocols"),
        [0x2001, 0x0db8, ..] | [0x3fff, 0..=0x0fff, ..] => Some("an address for documentation"),
        [0x2002, ..] => Some("a 6to4 address"),
        [0x2000..=0x3fff, ..] => None,
        _ => Some("a reserved address"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url(text: &str) -> Url {
        Url::parse(text).unwrap()
    }

    #[test]
    fn every_spelling_of_a_special_address_is_refused() {
        for host in [
            "127.0.0.1",
            "127.1",
            "2130706433",
            "0x7f000001",
            "0177.0.0.1",
            "0",
            "0.0.0.0",
            "10.0.0.1",
            "100.64.0.1",
            "169.254.169.254",
            "172.16.0.1",
            "172.31.255.255",
            "192.168.1.1",
            "192.0.0.192",
            "198.18.0.1",
            "224.0.0.1",
            "255.255.255.255",
            "localhost",
            "LOCALHOST.",
            "app.localhost",
            "[::1]",
            "[::]",
            "[::ffff:127.0.0.1]",
            "[::ffff:7f00:1]",
            "[64:ff9b::7f00:1]",
            "[64:ff9b:1::1]",
            "[::127.0.0.1]",
            "[fe80::1]",
            "[fc00::1]",
            "[fd12:3456::1]",
            "[2002:7f00:1::]",
            "[2001::1]",
            "[2001:db8::1]",
            "[ff02::1]",
            "[100::1]",
            "[3fff::1]",
            "①②⑦.⓪.⓪.①",
        ] {
            let refused = NetGuard::strict().check_url(&url(&format!("https://{host}/")));
            assert!(refused.is_err(), "{host} got through");
        }
    }

    #[test]
    fn public_addresses_and_names_pass() {
        for host in ["1.1.1.1", "172.32.0.1", "11.0.0.1", "[2606:4700::1111]", "[::ffff:1.1.1.1]", "example.com"] {
            assert_eq!(NetGuard::strict().check_url(&url(&format!("https://{host}/"))), Ok(()), "{host}");
        }
    }

    #[test]
    fn plain_http_needs_its_flag_and_the_error_names_it() {
        let error = NetGuard::strict().check_url(&url("http://example.com")).unwrap_err();
        assert!(error.message.contains("--allow-http"), "{error}");
        assert_eq!(NetGuard::strict().allow_http().check_url(&url("http://example.com")), Ok(()));
        let error = NetGuard::strict().allow_http().check_url(&url("http://10.0.0.1")).unwrap_err();
        assert!(error.message.contains("--allow-cidr 10.0.0.1"), "{error}");
    }

    #[test]
    fn networks_can_be_allowed() {
        let guard = NetGuard::strict().allow_networks(["10.0.0.0/8".parse().unwrap()]);
        assert_eq!(guard.check_connect(false, "10.1.2.3".parse().unwrap()), Ok(()));
        assert_eq!(guard.check_connect(false, "::ffff:10.1.2.3".parse().unwrap()), Ok(()));
        assert!(guard.check_connect(false, "192.168.0.1".parse().unwrap()).is_err());
    }

    #[test]
    fn local_reaches_loopback_by_http_and_nothing_else_private() {
        let guard = NetGuard::local();
        for allowed in ["http://127.0.0.1:9000", "http://localhost:9000/x", "http://[::1]/", "https://example.com"] {
            assert_eq!(guard.check_url(&url(allowed)), Ok(()), "{allowed}");
        }
        for refused in ["http://example.com", "http://10.0.0.1", "https://10.0.0.1", "https://169.254.169.254"] {
            assert!(guard.check_url(&url(refused)).is_err(), "{refused}");
        }
        assert_eq!(guard.check_connect(true, "1.1.1.1".parse().unwrap()), Err(Refused::PlainHttp));
    }
}
