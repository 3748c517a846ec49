//! Where links lead: the addresses that the mock serves itself.

use crate::{
    domain::payment::{LinkAddress, LinkKind, QrFormat},
    http::Edge,
};

/// The scheme of the app of the test environment (ePayment API guide, app switch).
const APP_SCHEME: &str = "vippsMT";

/// `redirectUrl` of a payment: what its merchant hands on to the customer.
pub(in crate::http) fn redirect_url(edge: &Edge, link: &LinkAddress) -> String {
    let LinkAddress { token, kind } = link;
    match kind {
        LinkKind::Page | LinkKind::Code(QrFormat::TargetUrl) => landing_url(edge, token),
        LinkKind::App => format!("{APP_SCHEME}://token={token}"),
        LinkKind::Code(QrFormat::Svg | QrFormat::Png { .. }) => {
            format!("{}/qr-image/v1?token={token}", edge.public_url())
        }
    }
}

/// The landing page of a payment, whatever its link leads to.
pub(in crate::http) fn landing_url(edge: &Edge, token: &str) -> String {
    format!("{}/?token={token}", edge.public_url())
}
