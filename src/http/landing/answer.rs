//! How pages are answered: their headers, and the statuses of those that refuse.

use std::{fmt::Write as _, sync::LazyLock};

use askama::Template;
use axum::{
    http::{
        HeaderName, HeaderValue, StatusCode,
        header::{
            CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, LOCATION, REFERRER_POLICY,
            X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS,
        },
    },
    response::{IntoResponse as _, Response},
};
use base64::{Engine as _, prelude::BASE64_STANDARD};
use sha2::{Digest as _, Sha256};

use super::pages::{Message, SCRIPT, STYLE};
use crate::http::error::explain;

/// Why a page is not the one that was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Refusal {
    /// The token stands for no payment.
    UnknownLink,
    /// The link has led somebody to the end before.
    UsedLink,
    /// The browser that followed the link was closed.
    ClosedBrowser,
    /// What was typed cannot be accepted.
    WrongInput,
    /// The request comes from a page that is none of ours.
    ForeignPage,
}

impl Refusal {
    const fn status(self) -> StatusCode {
        match self {
            Self::UnknownLink => StatusCode::NOT_FOUND,
            Self::UsedLink | Self::ClosedBrowser => StatusCode::GONE,
            Self::WrongInput => StatusCode::UNPROCESSABLE_ENTITY,
            Self::ForeignPage => StatusCode::FORBIDDEN,
        }
    }

    /// Which rule decided, and where it is written.
    const fn why(self) -> &'static str {
        match self {
            Self::UnknownLink => "No payment has this token (ePayment API guide, landing page)",
            Self::UsedLink => {
                "The payment behind this link was answered before, and a link is used once \
                 (ePayment API guide, landing page)"
            }
            Self::ClosedBrowser => {
                "A tester has closed the browser that followed this link, so nobody comes back by \
                 it (a choice of the tester)"
            }
            Self::WrongInput => {
                "What was typed cannot pay this, and the page does not say why (ePayment API \
                 guide, landing page)"
            }
            Self::ForeignPage => {
                "The Origin or the Host of this request is not that of the mock's own pages (a \
                 guard of the mock)"
            }
        }
    }
}

/// A page as it was asked for.
pub(super) fn page(template: &impl Template) -> Response {
    html(StatusCode::OK, template)
}

/// A page that says no.
pub(super) fn refused(refusal: Refusal, template: &impl Template) -> Response {
    let mut response = html(refusal.status(), template);
    explain(&mut response, refusal.why());
    response
}

/// The page of a link that stands for nothing.
pub(super) fn unknown_link() -> Response {
    let text = "Check that the whole link was copied.";
    refused(Refusal::UnknownLink, &Message::new("This link leads nowhere", text))
}

/// Sends the browser on, by GET whatever it came with.
pub(super) fn redirect(location: &str) -> Response {
    let location = HeaderValue::from_str(&ascii(location));
    let headers = [(LOCATION, location.unwrap_or(HeaderValue::from_static("/")))];
    guarded((StatusCode::SEE_OTHER, headers).into_response())
}

/// What the script of a page asks for.
pub(super) fn json(text: String) -> Response {
    guarded(([(CONTENT_TYPE, "application/json")], text).into_response())
}

fn html(status: StatusCode, template: &impl Template) -> Response {
    // Writing to a string does not fail.
    let text = template.render().unwrap_or_default();
    guarded((status, [(CONTENT_TYPE, "text/html; charset=utf-8")], text).into_response())
}

/// Nothing of a page is kept, framed, guessed at or told to others, and it runs no code but its own.
///
/// Where forms lead is left open: browsers would hold a merchant's address against it, to which
/// the answer to a form may redirect.
fn guarded(mut response: Response) -> Response {
    static POLICY: LazyLock<Option<HeaderValue>> = LazyLock::new(|| {
        let hash = |text: &str| BASE64_STANDARD.encode(Sha256::digest(text));
        let policy = format!(
            "default-src 'none'; style-src 'sha256-{}'; script-src 'sha256-{}'; connect-src 'self'; \
             base-uri 'none'; frame-ancestors 'none'",
            hash(STYLE),
            hash(SCRIPT)
        );
        policy.parse().ok()
    });
    const FIXED: [(HeaderName, HeaderValue); 4] = [
        (CACHE_CONTROL, HeaderValue::from_static("no-store")),
        (X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
        (X_FRAME_OPTIONS, HeaderValue::from_static("DENY")),
        // Not `no-referrer`: with that, browsers do not say where a form comes from.
        (REFERRER_POLICY, HeaderValue::from_static("same-origin")),
    ];
    response.headers_mut().extend(
        FIXED.into_iter().chain(POLICY.clone().map(|policy| (CONTENT_SECURITY_POLICY, policy))),
    );
    response
}

/// An address as a header may carry it: what is not ASCII is written as its bytes.
fn ascii(url: &str) -> String {
    url.bytes().fold(String::with_capacity(url.len()), |mut text, byte| {
        if byte.is_ascii_graphic() {
            text.push(char::from(byte));
        } else {
            // Writing to a string does not fail.
            let _ = write!(text, "%{byte:02X}");
        }
        text
    })
}

#[cfg(test)]
mod tests {
    use super::ascii;

    #[test]
    fn addresses_fit_into_a_header() {
        let url = "https://taxi.example/bl\u{e5}?a=<b>&c=%20 \r\n";
        assert_eq!(ascii(url), "https://taxi.example/bl%C3%A5?a=<b>&c=%20%20%0D%0A");
    }
}
