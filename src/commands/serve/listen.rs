//! Parses `--listen`, an address and a port.

use std::{
    fmt,
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    str::FromStr,
};

/// The default port.
const PORT: u16 = 8420;

/// The address to listen on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Listen(pub SocketAddr);

impl Default for Listen {
    fn default() -> Self {
        Listen((Ipv4Addr::LOCALHOST, PORT).into())
    }
}

impl fmt::Display for Listen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl FromStr for Listen {
    type Err = String;

    /// Parses `127.0.0.1:8420`, `[::1]:8420`, `localhost:8420`; `8420` and `:8420` listen on this machine only, as
    /// access from elsewhere must be explicit; `*:8420` is every address. The port is optional.
    fn from_str(text: &str) -> Result<Self, String> {
        let text = text.trim();
        if text.is_empty() {
            return Err(format!("it is empty: write an address, such as 127.0.0.1:{PORT}, or leave out --listen"));
        }
        if let Ok(address) = text.parse() {
            return Ok(Listen(address));
        }
        let (host, port) = match text.rsplit_once(':') {
            // The colon belongs to an IPv6 address without brackets.
            _ if text.parse::<Ipv6Addr>().is_ok() || text.ends_with(']') => (text, None),
            Some((host, port)) => (host, Some(port)),
            None if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()) => ("", Some(text)),
            None => (text, None),
        };
        let port = port.map_or(Ok(PORT), |port| {
            port.parse().map_err(|_| format!("\"{port}\" is no port: a port is a number from 0 to 65535"))
        })?;
        Ok(Listen(SocketAddr::new(address(host)?, port)))
    }
}

fn address(host: &str) -> Result<IpAddr, String> {
    if host == "[]" {
        return Err(format!("[] is no address: an IPv6 address stands between the brackets, such as [::1]:{PORT}"));
    }
    match host.trim_start_matches('[').trim_end_matches(']') {
        "" => Ok(Ipv4Addr::LOCALHOST.into()),
        "*" => Ok(Ipv4Addr::UNSPECIFIED.into()),
        name if name.eq_ignore_ascii_case("localhost") => Ok(Ipv4Addr::LOCALHOST.into()),
        address => address.parse().map_err(|_| {
            format!(
                "\"{address}\" is no address: write one of this machine's, such as 127.0.0.1:{PORT}; 0.0.0.0:{PORT} is all of \
                 them"
            )
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_read_as_people_write_them() {
        for (text, meant) in [
            ("127.0.0.1:8471", "127.0.0.1:8471"),
            ("0.0.0.0:8471", "0.0.0.0:8471"),
            ("[::1]:8471", "[::1]:8471"),
            ("[::]:0", "[::]:0"),
            ("8471", "127.0.0.1:8471"),
            (":8471", "127.0.0.1:8471"),
            ("0", "127.0.0.1:0"),
            ("localhost:8471", "127.0.0.1:8471"),
            ("LocalHost", "127.0.0.1:8420"),
            ("*:8471", "0.0.0.0:8471"),
            ("0.0.0.0", "0.0.0.0:8420"),
            ("::1", "[::1]:8420"),
            ("[::1]", "[::1]:8420"),
            (" 127.0.0.1:1 ", "127.0.0.1:1"),
        ] {
            assert_eq!(text.parse::<Listen>().map(|listen| listen.to_string()).as_deref(), Ok(meant), "{text}");
        }
        assert_eq!(Listen::default().to_string(), "127.0.0.1:8420");
    }

    #[test]
    fn what_is_none_is_explained() {
        let why = |text: &str| text.parse::<Listen>().unwrap_err();
        for nothing in ["", " ", "\t"] {
            assert!(why(nothing).starts_with("it is empty"), "{nothing:?}");
        }
        for nowhere in [":", "[]", "[]:1"] {
            assert!(why(nowhere).contains("is no "), "{nowhere}: {}", why(nowhere));
        }
        for port in ["65536", ":99999", "127.0.0.1:x", "localhost:", "127.0.0.1:-1"] {
            assert!(why(port).contains("is no port"), "{port}: {}", why(port));
        }
        for host in ["hooks.example:8471", "http://127.0.0.1:8471", "256.0.0.1:1", "127.0.0.1/8"] {
            assert!(why(host).contains("is no address"), "{host}: {}", why(host));
        }
    }
}
