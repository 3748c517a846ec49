//! Which addresses webhooks may be registered for.

use url::{Host, Url};

use crate::domain::Strictness;

/// The ports that are named as safe (Webhooks API description, `RegisterRequest.url`). Not every
/// port is contacted, and the others are not told.
const SAFE_PORTS: [u16; 3] = [80, 443, 8080];

/// Top-level names that no public name server knows: for tests, documentation and local use
/// (RFC 6761, RFC 6762, RFC 8375, and the name reserved for private use by ICANN).
const PRIVATE_NAMES: [&str; 9] =
    ["localhost", "local", "test", "example", "invalid", "internal", "onion", "arpa", "lan"];

/// Whether webhooks may go to an address.
///
/// By default to any http or https address: a mock that cannot reach the developer's own machine
/// would be of little use. Where everything is as it is written, only to https on a public host
/// and a common port (Webhooks API guide, registration). Whether the host exists, nobody is asked.
#[must_use]
pub fn may_receive(address: &str, strictness: Strictness) -> bool {
    let Ok(url) = Url::parse(address) else { return false };
    match strictness {
        Strictness::Lenient => ["http", "https"].contains(&url.scheme()) && url.has_host(),
        Strictness::Strict => {
            let port = url.port_or_known_default();
            url.scheme() == "https"
                && port.is_some_and(|it| SAFE_PORTS.contains(&it))
                && url.username().is_empty()
                && url.password().is_none()
                && is_public(&url)
        }
    }
}

/// Whether a host has a name that could be public. An address in digits has none.
fn is_public(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => {
            let name = name.trim_end_matches('.');
            let top = name.rsplit('.').next().unwrap_or_default();
            name.contains('.') && !PRIVATE_NAMES.contains(&top)
        }
        Some(Host::Ipv4(_) | Host::Ipv6(_)) | None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strict_takes_https_on_public_hosts_and_common_ports() {
        let cases = [
            ("https://example.com/hooks", true, true),
            ("https://EXAMPLE.com:8080/hooks?shop=1", true, true),
            ("https://xn--rksmrgs-5wao1o.com/", true, true),
            ("https://example.com:443", true, true),
            ("https://example.com:8443/hooks", true, false),
            ("http://example.com/hooks", true, false),
            ("https://localhost/hooks", true, false),
            ("http://localhost:3000/hooks", true, false),
            ("https://taxi.localhost/hooks", true, false),
            ("https://taxi.example/hooks", true, false),
            ("https://taxi.test./hooks", true, false),
            ("https://intranet/hooks", true, false),
            ("https://93.184.215.14/hooks", true, false),
            ("https://[2606:4700::1]/hooks", true, false),
            ("https://user:secret@example.com/hooks", true, false),
            ("ftp://example.com", false, false),
            ("example.com/hooks", false, false),
            ("https://", false, false),
            ("mailto:taxi@example.com", false, false),
        ];
        for (address, lenient, strict) in cases {
            assert_eq!(may_receive(address, Strictness::Lenient), lenient, "{address}");
            assert_eq!(may_receive(address, Strictness::Strict), strict, "{address}");
        }
    }
}
