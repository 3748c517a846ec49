//! Answers that a fault makes in place of the service.

use axum::{
    http::{StatusCode, header::CONTENT_TYPE},
    response::{IntoResponse as _, Response},
};

use crate::{
    app::limits::TooManyCalls,
    domain::fault::RETRY_AFTER_S,
    http::{
        gateway,
        shapes::{self, Place},
    },
};

/// The gateway says no.
pub(super) fn gateway(status: u16) -> Response {
    match known(status) {
        StatusCode::TOO_MANY_REQUESTS => too_many(RETRY_AFTER_S),
        status => gateway::generic(status, ""),
    }
}

/// The gateway has seen too many calls.
pub(super) fn too_many(retry_after_s: u32) -> Response {
    gateway::too_many(TooManyCalls { retry_after_s: retry_after_s.into() })
}

/// The API says no; what is no API behind the gateway leaves that to the gateway.
pub(super) fn status(status: u16, place: Option<Place<'_>>) -> Response {
    let status = known(status);
    match place {
        Some(place) => shapes::print_status(status, place),
        None => gateway::generic(status, ""),
    }
}

/// Something in between has only a page to show, as firewalls and balancers do.
pub(super) fn html(status: u16) -> Response {
    let status = known(status);
    let title = status.canonical_reason().unwrap_or("Error");
    let page = format!(
        "<html>\r\n<head><title>{code} {title}</title></head>\r\n<body>\r\n<center><h1>{code} \
         {title}</h1></center>\r\n<hr><center>Microsoft-Azure-Application-Gateway/v2</center>\r\n\
         </body>\r\n</html>\r\n",
        code = status.as_u16()
    );
    (status, [(CONTENT_TYPE, "text/html")], page).into_response()
}

/// The control API takes no other.
fn known(status: u16) -> StatusCode {
    StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
}
