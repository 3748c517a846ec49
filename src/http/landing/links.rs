//! Where links lead: the addresses that the mock serves itself.

use crate::{
    domain::{
        Profile,
        payment::{LinkAddress, LinkKind, QrFormat},
    },
    http::Edge,
};

/// `redirectUrl` of a payment: what its merchant hands on to the customer.
pub(in crate::http) fn redirect_url(edge: &Edge, link: &LinkAddress) -> String {
    let LinkAddress { token, kind } = link;
    match kind {
        LinkKind::Page | LinkKind::Code(QrFormat::TargetUrl) => landing_url(edge, token),
        LinkKind::App(profile) => format!("{}://token={token}", app_scheme(*profile)),
        LinkKind::Code(QrFormat::Svg | QrFormat::Png { .. }) => {
            format!("{}/qr-image/v1?token={token}", edge.public_url())
        }
    }
}

/// The landing page of a payment, whatever its link leads to.
pub(in crate::http) fn landing_url(edge: &Edge, token: &str) -> String {
    format!("{}/?token={token}", edge.public_url())
}

/// What the app answers to (ePayment API guide, app switch).
const fn app_scheme(profile: Profile) -> &'static str {
    match profile {
        Profile::Test => "vippsMT",
        Profile::Production => "vipps",
    }
}
