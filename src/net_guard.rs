//! Decides to which addresses the service may connect: to no private, loopback, link-local or other special one, unless
//! it is allowed.
//!
//! A URL is checked when it is stored, as far as it names an address; the address is checked again for every
//! connection, so that a name that resolves differently later does not pass.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use ipnet::{IpNet, Ipv4Net};
use url::{Host, Url};

use crate::domain::problem::FieldError;

/// The addresses for which plain HTTP is allowed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum PlainHttp {
    Never,
    ToLoopback,
    Always,
}

/// The rules of one service.
#[derive(Debug, Clone)]
pub struct NetGuard {
    plain_http: PlainHttp,
    loopback: bool,
    allowed: Vec<IpNet>,
}

/// The reason why a connection is refused, with the flag that would allow it.
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
    /// Allows HTTPS to public addresses only.
    pub fn strict() -> Self {
        NetGuard { plain_http: PlainHttp::Never, loopback: false, allowed: Vec::new() }
    }

    /// Returns the rules of the profile `local`: loopback is allowed too, also by plain HTTP.
    pub fn local() -> Self {
        NetGuard { plain_http: PlainHttp::ToLoopback, loopback: true, ..Self::strict() }
    }

    /// Allows plain HTTP to every allowed address.
    pub fn allow_http(self) -> Self {
        NetGuard { plain_http: PlainHttp::Always, ..self }
    }

    /// Allows these networks too. A network of IPv4-mapped or translated addresses means the IPv4 network; a wider IPv6
    /// network, such as `::/0`, allows no embedded IPv4 address.
    pub fn allow_networks(mut self, networks: impl IntoIterator<Item = IpNet>) -> Self {
        self.allowed.extend(networks.into_iter().map(unwrap_network));
        self
    }

    /// Checks a URL: its scheme, its port, and its host if that is an address or `localhost`. Names are not resolved.
    pub fn check_url(&self, url: &Url) -> Result<(), FieldError> {
        let refused = |refused: Refused| FieldError::new("url", refused.to_string());
        if url.port() == Some(0) {
            return Err(FieldError::new("url", "has port 0, which nothing listens on"));
        }
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

    /// Checks an address before a connection.
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

/// Whether a name is loopback: RFC 6761 reserves `localhost` and all names below it.
fn is_localhost(name: &str) -> bool {
    let name = name.trim_end_matches('.');
    name.eq_ignore_ascii_case("localhost") || name.to_ascii_lowercase().ends_with(".localhost")
}

/// Returns the IPv4 network that a network of mapped or translated addresses means; other networks stay unchanged.
fn unwrap_network(network: IpNet) -> IpNet {
    let IpNet::V6(v6) = network else { return network };
    match (unwrap_embedded(v6.network().into()), v6.prefix_len().checked_sub(96)) {
        (IpAddr::V4(v4), Some(bits)) => Ipv4Net::new(v4, bits).map_or(network, IpNet::V4),
        _ => network,
    }
}

/// Returns the IPv4 address that is embedded in an IPv6 one: mapped (`::ffff:0:0/96`, RFC 4291) or translated
/// (`64:ff9b::/96`, RFC 6052).
fn unwrap_embedded(address: IpAddr) -> IpAddr {
    let IpAddr::V6(v6) = address else { return address };
    if let Some(v4) = v6.to_ipv4_mapped() {
        return IpAddr::V4(v4);
    }
    match v6.segments() {
        [0x64, 0xff9b, 0, 0, 0, 0, high, low] => IpAddr::V4(joined(high, low)),
        _ => address,
    }
}

fn joined(high: u16, low: u16) -> Ipv4Addr {
    Ipv4Addr::from_bits(u32::from(high) << 16 | u32::from(low))
}

/// Describes an address that is not public, or returns `None` for a public one.
fn special(address: IpAddr) -> Option<&'static str> {
    match address {
        IpAddr::V4(address) => special_v4(address),
        IpAddr::V6(address) => special_v6(address),
    }
}

/// The table is IANA's IPv4 Special-Purpose Address Registry
/// (<https://www.iana.org/assignments/iana-ipv4-special-registry>, RFC 6890 and its updates, as of RFC 9637 of 2024),
/// with multicast (RFC 5771). It omits the anycast addresses that the registry lists as globally reachable (AS112,
/// AMT): they are public, though no receiver has one.
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

/// Public IPv6 addresses are in `2000::/3` (RFC 4291): everything else is refused. Within it, IANA's IPv6
/// Special-Purpose Address Registry (<https://www.iana.org/assignments/iana-ipv6-special-registry>, as of RFC 9637 of
/// 2024) lists protocol assignments with Teredo, documentation and 6to4, which no receiver has. The interface part of
/// an ISATAP address (RFC 5214) leads to an IPv4 address, which must then be a public one.
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
        [0x2000..=0x3fff, _, _, _, 0 | 0x200, 0x5efe, high, low] => special_v4(joined(high, low)),
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
            "127.0.1",
            "127.0.0.1.",
            "2130706433",
            "0x7f000001",
            "0x7f.1",
            "0X7F.0.0.0x1",
            "0177.0.0.1",
            "00000177.1",
            "017700000001",
            "127.255.255.254",
            "%31%32%37.0.0.1",
            "127%2e0.0.1",
            "①②⑦.⓪.⓪.①",
            "１２７．０．０．１",
            "127。0。0。1",
            "user:word@127.0.0.1",
            "example.com@127.0.0.1",
            "0",
            "0x0",
            "0.0.0.0",
            "0.1.2.3",
            "localhost",
            "LOCALHOST.",
            "app.localhost",
            "app.localhost.",
            "ｌｏｃａｌｈｏｓｔ",
            "loc%61lhost",
            "[::1]",
            "[0:0:0:0:0:0:0:1]",
            "[::]",
            "[::ffff:127.0.0.1]",
            "[::ffff:7f00:1]",
            "[0:0:0:0:0:ffff:127.0.0.1]",
            "[64:ff9b::7f00:1]",
            "[64:ff9b::127.0.0.1]",
        ] {
            let refused = NetGuard::strict().check_url(&url(&format!("https://{host}/")));
            assert!(refused.is_err(), "{host} got through");
        }
    }

    #[test]
    fn every_kind_of_special_address_is_refused_in_whatever_it_is_wrapped() {
        for v4 in [
            "0.0.0.0",
            "0.255.255.255",
            "10.0.0.1",
            "10.255.255.255",
            "100.64.0.1",
            "100.127.255.255",
            "127.0.0.53",
            "169.254.0.0",
            "169.254.169.254",
            "172.16.0.1",
            "172.31.255.255",
            "192.0.0.192",
            "192.0.2.1",
            "192.88.99.1",
            "192.168.1.1",
            "198.18.0.1",
            "198.19.255.255",
            "198.51.100.1",
            "203.0.113.1",
            "224.0.0.1",
            "239.255.255.255",
            "240.0.0.1",
            "255.255.255.255",
        ] {
            let address: Ipv4Addr = v4.parse().unwrap();
            let [high, low] = [address.to_bits() >> 16, address.to_bits() & 0xffff];
            for text in [
                v4.to_owned(),
                format!("::ffff:{v4}"),
                format!("::{v4}"),
                format!("::ffff:0:{v4}"),
                format!("64:ff9b::{v4}"),
                format!("64:ff9b:1::{v4}"),
                format!("2002:{high:x}:{low:x}::1"),
                format!("2001:0:{high:x}:{low:x}::1"),
                format!("2001::{:x}:{:x}", !high & 0xffff, !low & 0xffff),
                format!("2606:4700::5efe:{high:x}:{low:x}"),
                format!("2606:4700::200:5efe:{high:x}:{low:x}"),
                format!("fe80::5efe:{high:x}:{low:x}"),
            ] {
                let address = text.parse().unwrap();
                assert!(NetGuard::strict().check_connect(false, address).is_err(), "{text} got through");
            }
        }
    }

    #[test]
    fn ipv6_is_refused_where_it_is_not_public() {
        for address in [
            "::2",
            "64:ff9b:1::1",
            "64:ff9b:1:ffff::1",
            "100::1",
            "100:0:0:1::1",
            "200::1",
            "400::1",
            "2001::1",
            "2001:1::1",
            "2001:2::1",
            "2001:10::1",
            "2001:20::1",
            "2001:1ff::1",
            "2001:db8::1",
            "2001:db8:ffff::1",
            "2002:7f00:1::",
            "3fff::1",
            "3fff:fff::1",
            "4000::1",
            "5f00::1",
            "8000::1",
            "fc00::1",
            "fd12:3456::1",
            "fdff:ffff::1",
            "fe00::1",
            "fe80::1",
            "febf::1",
            "fec0::1",
            "feff::1",
            "ff02::1",
            "ff0e::1",
        ] {
            let refused = NetGuard::strict().check_connect(false, address.parse().unwrap());
            assert!(refused.is_err(), "{address} got through");
            let refused = NetGuard::strict().check_url(&url(&format!("https://[{address}]/")));
            assert!(refused.is_err(), "{address} got through in a URL");
        }
    }

    #[test]
    fn hosts_that_are_none_are_no_url() {
        for host in
            ["[fe80::1%eth0]", "[fe80::1%25eth0]", "127.0.0.256", "0x100000000", "256.1", "[::1", "a b", "1.2.3.4.5"]
        {
            assert!(Url::parse(&format!("https://{host}/")).is_err(), "{host} is a host");
        }
    }

    #[test]
    fn port_0_is_refused() {
        assert!(NetGuard::local().check_url(&url("https://example.com:0/")).is_err());
        assert!(NetGuard::local().check_url(&url("http://127.0.0.1:0/")).is_err());
    }

    #[test]
    fn public_addresses_and_names_pass() {
        for host in [
            "1.1.1.1",
            "172.32.0.1",
            "11.0.0.1",
            "100.128.0.1",
            "198.20.0.1",
            "[2606:4700::1111]",
            "[2606:4700::5efe:101:101]",
            "[::ffff:1.1.1.1]",
            "[64:ff9b::1.1.1.1]",
            "[2001:200::1]",
            "[3ffe::1]",
            "example.com",
            "example.com.",
            "localhost.example.com",
        ] {
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
    fn a_network_is_allowed_however_it_is_written_and_no_more_than_it() {
        for (network, reached, refused) in [
            ("::ffff:10.0.0.0/104", "10.1.2.3", "192.168.0.1"),
            ("64:ff9b::10.0.0.0/104", "::ffff:10.1.2.3", "::1"),
            ("10.0.0.1/32", "64:ff9b::10.0.0.1", "10.0.0.2"),
            ("fd00::/8", "fd12::1", "fc00::1"),
            ("::/0", "::1", "::ffff:127.0.0.1"),
        ] {
            let guard = NetGuard::strict().allow_networks([network.parse().unwrap()]);
            assert_eq!(guard.check_connect(false, reached.parse().unwrap()), Ok(()), "{network}");
            assert!(guard.check_connect(false, refused.parse().unwrap()).is_err(), "{network} allows {refused}");
        }
    }

    #[test]
    fn local_reaches_loopback_by_http_and_nothing_else_private() {
        let guard = NetGuard::local();
        for allowed in [
            "http://127.0.0.1:9000",
            "http://localhost:9000/x",
            "http://[::1]/",
            "http://[::ffff:127.0.0.1]/",
            "https://example.com",
        ] {
            assert_eq!(guard.check_url(&url(allowed)), Ok(()), "{allowed}");
        }
        for refused in ["http://example.com", "http://10.0.0.1", "https://10.0.0.1", "https://169.254.169.254"] {
            assert!(guard.check_url(&url(refused)).is_err(), "{refused}");
        }
        assert_eq!(guard.check_connect(true, "1.1.1.1".parse().unwrap()), Err(Refused::PlainHttp));
    }
}
