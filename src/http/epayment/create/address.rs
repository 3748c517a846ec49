//! Addresses of a create request: those the customer is sent to, and the one the mock calls.

use std::{net::IpAddr, sync::Arc};

use url::{Host, Url};

use crate::{
    domain::{
        Strictness,
        payment::{Refusal, is_https_or_app},
    },
    http::schema::{Check, Node},
};

/// An address of the web over https, or of an app (ePayment API guide, error 4090).
pub(super) fn customer_url(check: &mut Check, node: Node<'_>) -> Option<Arc<str>> {
    let text = check.string(node)?;
    if !is_https_or_app(text) {
        check.refuse(Refusal::InvalidUrl(node.name().into(), text.into()));
    }
    Some(text.into())
}

/// Where the mock asks. A strict sales unit has to give an address that the platform could reach; any
/// other one may be on the developer's own machine.
pub(super) fn callback_url(check: &mut Check, node: Node<'_>) -> Option<Arc<str>> {
    let text = check.string(node)?;
    let is_right = match check.strictness() {
        Strictness::Lenient => is_http(text),
        Strictness::Strict => is_public(text),
    };
    if !is_right {
        check.refuse(Refusal::InvalidUrl(node.name().into(), text.into()));
    }
    Some(text.into())
}

fn is_http(text: &str) -> bool {
    Url::parse(text).is_ok_and(|url| ["http", "https"].contains(&url.scheme()) && url.has_host())
}

/// The ports that the platform sends to (ePayment API description, `DynamicOptions`).
const PORTS: [u16; 3] = [80, 443, 8080];

/// https, to a host that the whole world can find, on a common port.
fn is_public(text: &str) -> bool {
    let Ok(url) = Url::parse(text) else { return false };
    let is_public_host = match url.host() {
        Some(Host::Domain(name)) => name.contains('.') && name.rsplit('.').next() != Some("local"),
        Some(Host::Ipv4(address)) => !is_private(address.into()),
        Some(Host::Ipv6(address)) => !is_private(address.into()),
        None => false,
    };
    let port = url.port_or_known_default();
    url.scheme() == "https" && is_public_host && port.is_some_and(|port| PORTS.contains(&port))
}

fn is_private(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(it) => {
            it.is_loopback() || it.is_private() || it.is_link_local() || it.is_unspecified()
        }
        IpAddr::V6(it) => it.is_loopback() || it.is_unspecified() || it.is_unique_local(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_callback_is_http_anywhere_and_for_strict_units_public_https() {
        let cases = [
            ("https://shop.example/shipping", true, true),
            ("https://shop.example:8080/shipping", true, true),
            ("https://shop.example:8443/shipping", true, false),
            ("http://shop.example/shipping", true, false),
            ("http://localhost:3000/shipping", true, false),
            ("https://localhost/shipping", true, false),
            ("https://127.0.0.1/shipping", true, false),
            ("https://192.168.1.2/shipping", true, false),
            ("https://[::1]/shipping", true, false),
            ("shopapp://shipping", false, false),
            ("shop.example", false, false),
            ("", false, false),
        ];
        for (text, lenient, strict) in cases {
            assert_eq!((is_http(text), is_public(text)), (lenient, strict), "{text}");
        }
    }
}
