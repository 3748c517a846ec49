//! Who may send a form: the mock's own pages, in a browser that found them by the mock's own name.
//!
//! A page elsewhere could otherwise pay or cancel in the name of a developer who has it open beside
//! a mock, by sending a form to a local address or by giving its own name that address.

use std::net::IpAddr;

use axum::{
    extract::{Request, State},
    http::{
        HeaderMap, HeaderName, Method,
        header::{HOST, ORIGIN},
    },
    middleware::Next,
    response::Response,
};
use url::{Host, Url};

use super::{
    answer::{Refusal, refused},
    pages::Message,
};
use crate::http::Edge;

/// Lets looking pass, and acting only from the mock's own pages.
pub(super) async fn own_pages(State(edge): State<Edge>, request: Request, next: Next) -> Response {
    let looks = [Method::GET, Method::HEAD].contains(request.method());
    if looks || is_own(request.headers(), &edge.public_url()) {
        return next.run(request).await;
    }
    let text = "Forms are taken from the pages of this mock only.";
    refused(Refusal::ForeignPage, &Message::new("This form came from elsewhere", text))
}

/// Whoever sends neither header is no browser, and cannot be led astray.
fn is_own(headers: &HeaderMap, public_url: &str) -> bool {
    let public = Url::parse(public_url).ok();
    let text = |name: HeaderName| headers.get(name).map(|it| it.to_str().unwrap_or_default());
    let Some(host) = text(HOST) else { return text(ORIGIN).is_none() };
    let own_name = |url: &Url| is_local(url) || url.host() == public.as_ref().and_then(Url::host);
    let called = Url::parse(&format!("http://{host}")).ok();
    if !called.is_some_and(|url| own_name(&url)) {
        return false;
    }
    text(ORIGIN).is_none_or(|origin| {
        let is_public = public.is_some_and(|url| url.origin().ascii_serialization() == origin);
        is_public || origin.split_once("://").is_some_and(|(_, authority)| authority == host)
    })
}

/// Nobody else can give this name another address.
fn is_local(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => {
            let name = name.trim_end_matches('.');
            name == "localhost" || name.ends_with(".localhost") || name.parse::<IpAddr>().is_ok()
        }
        Some(Host::Ipv4(_) | Host::Ipv6(_)) => true,
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_own_pages_under_an_own_name_may_act() {
        let cases = [
            ("127.0.0.1:8080", "http://127.0.0.1:8080", true),
            ("localhost:8080", "http://localhost:8080", true),
            ("[::1]:8080", "http://[::1]:8080", true),
            ("192.168.1.7:8080", "http://192.168.1.7:8080", true),
            ("mock.test", "https://mock.test", true),
            ("127.0.0.1:8080", "https://mock.test", true),
            ("127.0.0.1:8080", "", true),
            ("", "", true),
            ("127.0.0.1:8080", "https://evil.example", false),
            ("127.0.0.1:8080", "http://127.0.0.1:9999", false),
            ("127.0.0.1:8080", "http://localhost:8080", false),
            ("127.0.0.1:8080", "null", false),
            ("evil.example:8080", "http://evil.example:8080", false),
            ("evil.example", "", false),
            ("", "https://evil.example", false),
        ];
        for (host, origin, allowed) in cases {
            let mut headers = HeaderMap::new();
            for (name, value) in [(HOST, host), (ORIGIN, origin)] {
                if !value.is_empty() {
                    headers.insert(name, value.parse().unwrap());
                }
            }
            assert_eq!(is_own(&headers, "https://mock.test"), allowed, "{host} {origin}");
        }
    }
}
