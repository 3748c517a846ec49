//! Where a call may come from that changes things without keys: from the mock's own pages and from
//! programs, under a name that is the mock's own.
//!
//! A page elsewhere could otherwise pay, cancel or reset in the name of a developer who has it open
//! beside a mock: by sending something to a local address, or by giving its own name that address.

use std::{fmt, net::IpAddr};

use axum::http::{
    HeaderMap, HeaderName,
    header::{HOST, ORIGIN},
};
use url::{Host, Url};

/// Who made a call that is not taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Stranger {
    /// Somebody who called the mock by a public name that is not its own.
    Name(String),
    /// A page of this origin.
    Page(String),
}

impl fmt::Display for Stranger {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Name(host) => write!(formatter, "the mock is not known by the name {host}"),
            Self::Page(origin) => write!(formatter, "a page of {origin} may not steer the mock"),
        }
    }
}

/// Lets a call pass, unless its headers name a stranger.
///
/// # Errors
///
/// The [`Stranger`]. Whoever sends neither `Host` nor `Origin` is no browser, and cannot be led astray.
pub(super) fn admit(headers: &HeaderMap, public_url: &str) -> Result<(), Stranger> {
    let text =
        |name: HeaderName| headers.get(name).map(|it| it.to_str().unwrap_or("unreadable text"));
    let (host, origin) = (text(HOST), text(ORIGIN));
    let public = Url::parse(public_url).ok();
    if let Some(host) = host {
        let called = Url::parse(&format!("http://{host}")).ok();
        let is_own = called.is_some_and(|called| {
            is_private(&called) || called.host() == public.as_ref().and_then(Url::host)
        });
        if !is_own {
            return Err(Stranger::Name(host.to_owned()));
        }
    }
    let Some(origin) = origin else { return Ok(()) };
    let is_public = public.is_some_and(|url| url.origin().ascii_serialization() == origin);
    let authority = origin.split_once("://").map(|(_, authority)| authority);
    if is_public || (authority.is_some() && authority == host) {
        Ok(())
    } else {
        Err(Stranger::Page(origin.to_owned()))
    }
}

/// The last parts of names that nobody can register in public: reserved ones (RFC 6761, RFC 6762,
/// RFC 8375), `internal` (ICANN), and those that local networks use although nobody reserved them
/// (RFC 6762, appendix G).
const PRIVATE: [&str; 11] = [
    "localhost",
    "test",
    "local",
    "home.arpa",
    "internal",
    "lan",
    "localdomain",
    "home",
    "corp",
    "intranet",
    "private",
];

/// Whether nobody on the internet can give this name another address: an address itself, a name of
/// one part, as services in a network of containers have, or one that is private.
fn is_private(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => {
            let name = name.trim_end_matches('.');
            let ends_in = |suffix: &&str| {
                name.strip_suffix(*suffix).is_some_and(|it| it.is_empty() || it.ends_with('.'))
            };
            !name.contains('.') || name.parse::<IpAddr>().is_ok() || PRIVATE.iter().any(ends_in)
        }
        Some(Host::Ipv4(_) | Host::Ipv6(_)) => true,
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: [(HeaderName, &str); 2]) -> HeaderMap {
        let sent = pairs.into_iter().filter(|(_, value)| !value.is_empty());
        sent.map(|(name, value)| (name, value.parse().unwrap())).collect()
    }

    #[test]
    fn only_own_pages_under_an_own_name_may_act() {
        let cases = [
            ("127.0.0.1:8080", "http://127.0.0.1:8080", "own"),
            ("localhost:8080", "http://localhost:8080", "own"),
            ("[::1]:8080", "http://[::1]:8080", "own"),
            ("192.168.1.7:8080", "http://192.168.1.7:8080", "own"),
            ("mock:8080", "http://mock:8080", "own"),
            ("mock.example", "https://mock.example", "own"),
            ("127.0.0.1:8080", "https://mock.example", "own"),
            ("127.0.0.1:8080", "", "own"),
            ("", "", "own"),
            ("127.0.0.1:8080", "https://evil.example", "page"),
            ("127.0.0.1:8080", "http://127.0.0.1:9999", "page"),
            ("127.0.0.1:8080", "http://localhost:8080", "page"),
            ("127.0.0.1:8080", "null", "page"),
            ("", "https://evil.example", "page"),
            ("evil.example:8080", "http://evil.example:8080", "name"),
            ("evil.example", "", "name"),
            ("a b", "", "name"),
        ];
        for (host, origin, expected) in cases {
            let headers = headers([(HOST, host), (ORIGIN, origin)]);
            let answer = match admit(&headers, "https://mock.example") {
                Ok(()) => "own",
                Err(Stranger::Page(named)) => {
                    assert_eq!(named, origin);
                    "page"
                }
                Err(Stranger::Name(named)) => {
                    assert_eq!(named, host);
                    "name"
                }
            };
            assert_eq!(answer, expected, "{host} {origin}");
        }
    }

    #[test]
    fn names_that_nobody_can_register_are_the_mocks_own() {
        let cases = [
            ("mock", true),
            ("my_mock:8080", true),
            ("Mock.LOCAL.", true),
            ("a.b.localhost", true),
            ("host.docker.internal:8080", true),
            ("mock.default.svc.cluster.local", true),
            ("router.home.arpa", true),
            ("mock.lan", true),
            ("mock.test", true),
            ("mock.notlocal", false),
            ("notlocal.com", false),
            ("local.evil.example", false),
            ("home.arpa.evil.example", false),
            ("127.0.0.1.evil.example", false),
            ("evil.example.", false),
        ];
        for (host, expected) in cases {
            let headers = headers([(HOST, host), (ORIGIN, "")]);
            assert_eq!(admit(&headers, "http://127.0.0.1:8080").is_ok(), expected, "{host}");
        }
    }
}
