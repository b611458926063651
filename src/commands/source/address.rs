//! Where a source's sender sends to, as far as it is known here.

use crate::{commands::Context, domain::source::Source};

/// The address for a sender's form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Address {
    /// A URL, or a path if not even the service's URL is known.
    pub(super) url: String,
    /// Why it may not be the whole URL.
    pub(super) lacks: Option<&'static str>,
}

impl Address {
    pub(super) fn of(source: &Source, context: &Context) -> Self {
        Address::joined(&source.url, context.settings.service().map(url::Url::as_str))
    }

    fn joined(url: &str, service: Option<&str>) -> Self {
        if !url.starts_with('/') {
            return Address { url: url.to_owned(), lacks: None };
        }
        match service {
            Some(service) => Address {
                url: format!("{}{url}", service.trim_end_matches('/')),
                lacks: Some(
                    "  The service does not know its public URL. If senders reach it elsewhere, start it with that:\n     \
                     tm-hooks serve --public-url https://hooks.example.com",
                ),
            },
            None => Address {
                url: url.to_owned(),
                lacks: Some(
                    "  It is a path of the service, which has to run. It shows the whole URL if it is started with that:\n     \
                     tm-hooks serve --public-url https://hooks.example.com",
                ),
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_gets_the_service_before_it() {
        let of = |url: &str, service| {
            let Address { url, lacks } = Address::joined(url, service);
            (url, lacks.is_some())
        };
        let whole = "https://hooks.example.com/in/src_k3v9m2x7qd";
        assert_eq!(of(whole, Some("http://127.0.0.1:8420/")), (whole.to_owned(), false));
        assert_eq!(of("/in/src_k3v9m2x7qd", Some("https://hooks.example.com/")), (whole.to_owned(), true));
        let below = of("/in/src_k3v9m2x7qd", Some("https://example.com/hooks"));
        assert_eq!(below.0, "https://example.com/hooks/in/src_k3v9m2x7qd");
        assert_eq!(of("/in/src_k3v9m2x7qd", None), ("/in/src_k3v9m2x7qd".to_owned(), true));
    }
}
