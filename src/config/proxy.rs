//! Chooses the proxy for a service: the named one, or else the one of the usual variables, with all forms of
//! `NO_PROXY`. A variable is read only when a request needs it.

use http::Uri;
use hyper_util::client::proxy::matcher::Matcher;
use url::{Host, Url};

use crate::{domain::text::url_fault, term::Environment};

use super::{ConfigError, Setting, SettingSource, without_login};

/// The proxy variables for an `https:` URL; the first that is set counts.
const FOR_HTTPS: [&str; 4] = ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"];
/// The proxy variables for an `http:` URL; the first that is set counts.
const FOR_HTTP: [&str; 4] = ["HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"];
const EXCEPTIONS: [&str; 2] = ["NO_PROXY", "no_proxy"];
/// A variable that web servers set for CGI programs.
const CGI: &str = "REQUEST_METHOD";

/// The allowed schemes of a proxy's address. Desktops write `socks:` for SOCKS 5.
const SCHEMES: [&str; 7] = ["http", "https", "socks5h", "socks5", "socks4a", "socks4", "socks"];

/// Parses a proxy's address. Without a scheme it is HTTP, as in the proxy variables.
///
/// # Errors
/// Fails if it is not a proxy's address.
pub fn proxy_url(text: &str) -> Result<Url, String> {
    let full = if text.contains("://") { text.to_owned() } else { format!("http://{text}") };
    let full = match full.split_once("://") {
        // The proxy resolves the name, as a desktop behind one often cannot.
        Some((scheme, rest)) if scheme.eq_ignore_ascii_case("socks") => format!("socks5h://{rest}"),
        _ => full,
    };
    let url: Url = full.parse().map_err(|error| url_fault(error).to_owned())?;
    if SCHEMES.contains(&url.scheme()) && url.host_str().is_some_and(|host| !host.is_empty()) {
        return Ok(url);
    }
    Err("a proxy's address starts with http://, https://, socks5h://, socks5:// or socks4://".to_owned())
}

/// Whether a URL names this machine.
pub fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        None => false,
    }
}

/// Returns the environment's proxy for a service, or `None` for a service on this machine or in `NO_PROXY`.
///
/// # Errors
/// Fails if there is a proxy that cannot be used: the request must not silently take another way.
pub(super) fn from_environment(service: &Url, environment: &Environment) -> Result<Option<Setting<Url>>, ConfigError> {
    let Some(name) = variable_for(service, environment) else { return Ok(None) };
    if is_loopback(service) || is_spared(service, environment)? {
        return Ok(None);
    }
    let text = readable(name, environment)?;
    match proxy_url(text) {
        Ok(value) => Ok(Some(Setting { value, source: SettingSource::Environment(name) })),
        Err(why) => {
            Err(ConfigError::BadValue { value: without_login(text), from: SettingSource::Environment(name), why })
        }
    }
}

/// Returns the variable that applies to a service with this scheme.
fn variable_for(service: &Url, environment: &Environment) -> Option<&'static str> {
    let names = if service.scheme() == "http" { FOR_HTTP } else { FOR_HTTPS };
    // In a CGI program, HTTP_PROXY comes from the request's header `Proxy`.
    let by_request = |name: &str| name == "HTTP_PROXY" && environment.given(CGI).is_some();
    let is_set = |name: &str| environment.get(name).is_some() || environment.is_unreadable(name);
    names.into_iter().find(|name| is_set(name) && !by_request(name))
}

fn readable<'a>(name: &str, environment: &'a Environment) -> Result<&'a str, ConfigError> {
    match environment.is_unreadable(name) {
        true => Err(ConfigError::BadVariable(name.to_owned())),
        false => Ok(environment.get(name).unwrap_or_default()),
    }
}

/// Whether `NO_PROXY` names the service.
fn is_spared(service: &Url, environment: &Environment) -> Result<bool, ConfigError> {
    let is_set = |name: &&str| environment.get(name).is_some() || environment.is_unreadable(name);
    let Some(name) = EXCEPTIONS.into_iter().find(is_set) else { return Ok(false) };
    let list = readable(name, environment)?;
    let entries: Vec<String> = list
        .split(|c: char| c == ',' || c.is_whitespace())
        .filter_map(|entry| entry_for(entry, service.port_or_known_default()))
        .collect();
    // For the matcher, `*` matches every name but no address.
    if entries.iter().any(|entry| entry == "*") {
        return Ok(true);
    }
    // The matcher handles domains, addresses and networks, and needs some proxy.
    let matcher = Matcher::builder().all("http://proxy.invalid").no(entries.join(",")).build();
    let target = service.as_str().parse::<Uri>().ok();
    Ok(target.is_some_and(|target| matcher.intercept(&target).is_none()))
}

/// Converts an entry of `NO_PROXY` for the matcher, or returns `None` if it is for another port than the service's.
///
/// Some programs accept more forms than the matcher, and people write them: `*.example.com`, `10.1.*`, `host:8443`.
fn entry_for(entry: &str, port: Option<u16>) -> Option<String> {
    let (host, only) = match entry.rsplit_once(':') {
        Some((host, digits)) if !host.contains(':') || host.ends_with(']') => (host, Some(digits.parse().ok()?)),
        _ => (entry, None),
    };
    if only.is_some() && only != port {
        return None;
    }
    let host = host.trim_start_matches('[').trim_end_matches(']').trim_end_matches('.');
    if let Some(network) = host.strip_suffix(".*") {
        let parts: Vec<Option<u8>> = network.split('.').map(|part| part.parse().ok()).collect();
        if parts.len() <= 3 && parts.iter().all(Option::is_some) {
            return Some(format!("{network}{}/{}", ".0".repeat(4 - parts.len()), 8 * parts.len()));
        }
    }
    Some(host.strip_prefix('*').filter(|rest| rest.starts_with('.')).unwrap_or(host).to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Returns the proxy for `service` with these variables, and its source.
    fn found(service: &str, variables: &[(&str, &str)]) -> Result<Option<(String, &'static str)>, String> {
        let environment = variables.iter().copied().collect();
        let proxy = from_environment(&service.parse().unwrap(), &environment).map_err(|error| error.to_string())?;
        Ok(proxy.map(|Setting { value, source }| match source {
            SettingSource::Environment(name) => (value.to_string(), name),
            other => panic!("{other}"),
        }))
    }

    #[test]
    fn the_scheme_decides_which_variables_count() {
        let variables = [
            ("HTTPS_PROXY", "http://secure.invalid:1"),
            ("http_proxy", "plain.invalid:2"),
            ("ALL_PROXY", "socks5h://all.invalid"),
        ];
        let https = |variables: &[_]| found("https://hooks.example", variables).unwrap();
        let http = |variables: &[_]| found("http://hooks.example", variables).unwrap();
        assert_eq!(https(&variables), Some(("http://secure.invalid:1/".to_owned(), "HTTPS_PROXY")));
        assert_eq!(http(&variables), Some(("http://plain.invalid:2/".to_owned(), "http_proxy")));
        assert_eq!(https(&variables[1..]), Some(("socks5h://all.invalid".to_owned(), "ALL_PROXY")));
        assert_eq!(http(&variables[..1]), None);
        assert_eq!(https(&[("HTTPS_PROXY", ""), variables[2]]).unwrap().1, "ALL_PROXY", "an empty one is none");
    }

    #[test]
    fn this_machine_needs_none_even_where_it_cannot_be_used() {
        for service in ["http://127.0.0.1:8420", "https://localhost", "http://[::1]:1", "http://a.localhost"] {
            assert_eq!(found(service, &[("ALL_PROXY", "no proxy at all")]), Ok(None), "{service}");
        }
    }

    #[test]
    fn one_that_cannot_be_used_is_an_error_and_shows_no_password() {
        let said = found("https://hooks.example", &[("HTTPS_PROXY", "ftp://me:pass@p.example")]).unwrap_err();
        assert!(said.starts_with("HTTPS_PROXY cannot be \"ftp://…@p.example\"") && said.contains("socks5h"), "{said}");
        let spared = [("HTTPS_PROXY", "ftp://p.example"), ("NO_PROXY", "hooks.example")];
        assert_eq!(found("https://hooks.example", &spared), Ok(None), "nobody goes by it");
    }

    #[test]
    fn what_no_proxy_may_hold() {
        let spared = |service: &str, list: &str| {
            let variables = [("ALL_PROXY", "http://p.invalid"), ("no_proxy", list)];
            found(service, &variables).unwrap().is_none()
        };
        for (service, list) in [
            ("https://hooks.example", "*"),
            ("http://10.1.2.3", "a.example,*"),
            ("http://[2001:db8::1]", "*"),
            ("https://hooks.example", "other.example, hooks.example"),
            ("https://hooks.example", "other.example hooks.example"),
            ("https://HOOKS.example", "Hooks.Example."),
            ("https://a.hooks.example", "hooks.example"),
            ("https://a.hooks.example", ".hooks.example"),
            ("https://a.hooks.example", "*.hooks.example"),
            ("https://hooks.example:8443", "hooks.example:8443"),
            ("https://hooks.example", "hooks.example:443"),
            ("http://10.1.2.3", "10.0.0.0/8"),
            ("http://10.1.2.3", "10.1.*"),
            ("http://10.1.2.3:8420", "10.1.2.3"),
            ("http://[2001:db8::1]", "[2001:db8::1]"),
            ("http://[2001:db8::1]:8420", "[2001:db8::1]:8420"),
            ("http://[2001:db8::1]", "2001:db8::/32"),
        ] {
            assert!(spared(service, list), "{service} by {list}");
        }
        for (service, list) in [
            ("https://hooks.example", ""),
            ("https://nothooks.example", "hooks.example"),
            ("https://hooks.example", "a.hooks.example"),
            ("https://hooks.example", "hooks.example:8443"),
            ("http://11.1.2.3", "10.0.0.0/8,10.*"),
            ("http://[2001:db9::1]", "2001:db8::/32"),
        ] {
            assert!(!spared(service, list), "{service} by {list}");
        }
    }

    #[test]
    fn a_request_to_a_web_server_names_no_proxy() {
        let variables = [("HTTP_PROXY", "http://evil.invalid"), ("REQUEST_METHOD", "GET")];
        assert_eq!(found("http://hooks.example", &variables), Ok(None));
        assert!(found("http://hooks.example", &variables[..1]).unwrap().is_some());
    }

    #[test]
    fn addresses_have_a_host_and_a_scheme_that_is_known() {
        let url = |text: &str| proxy_url(text).map(|url| url.to_string());
        assert_eq!(url("proxy.example:3128").as_deref(), Ok("http://proxy.example:3128/"));
        assert_eq!(url("socks://127.0.0.1:10808/").as_deref(), Ok("socks5h://127.0.0.1:10808/"));
        assert_eq!(url("SOCKS5h://me:pass@p.example:1080").as_deref(), Ok("socks5h://me:pass@p.example:1080"));
        for wrong in ["", "http://", "socks5h://", "ftp://p.example", "pac+http://p.example", "http://p.example:99999"]
        {
            assert!(proxy_url(wrong).is_err(), "{wrong}");
        }
    }
}
