//! What customers do by themselves, by phone number.

use axum::{Json, http::StatusCode};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    answer::{PathName, PathUnit, Refusal, Typed},
    customers::phone,
};
use crate::{
    app::{
        users::{PlannedAct, User},
        webhooks::zulu_text,
    },
    domain::{Behaviour, Market},
};

/// A customer, and what it does by itself.
#[derive(Serialize, ToSchema)]
pub(super) struct UserBody {
    phone: String,
    /// `NO`, `DK` or `FI`, if it is of one of these.
    #[serde(skip_serializing_if = "Option::is_none")]
    market: Option<&'static str>,
    /// What it does, payment after payment. Left out if it waits for the tester.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "once: reject, then approve after 5s")]
    behaviour: Option<String>,
    /// What it does with the next payment.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "reject")]
    next: Option<String>,
    /// Whether a tester has chosen it, and not the number.
    chosen: bool,
    /// What it will do with payments that wait for it, in order.
    planned: Vec<PlannedBody>,
}

/// Something that a customer will do by itself, unless somebody else is quicker.
#[derive(Serialize, ToSchema)]
pub(super) struct PlannedBody {
    reference: String,
    at: String,
    #[schema(example = "approve")]
    act: String,
}

/// What a customer is to do.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct BehaviourBody {
    /// In words: `approve`, `approve after 5s`, `card refused then approve`, `once: reject, then approve` …
    #[schema(example = "once: reject, then approve after 5s")]
    behaviour: String,
}

/// The customers who act by themselves
///
/// The test numbers of each market, and the numbers whose behaviour was chosen. Every other valid number
/// waits for the tester.
#[utoipa::path(get, path = "/users", responses((status = 200, body = Vec<UserBody>)))]
pub(super) async fn list(PathUnit(unit): PathUnit) -> Json<Vec<UserBody>> {
    Json(unit.users().into_iter().map(UserBody::from).collect())
}

/// One customer, whether or not it acts by itself
#[utoipa::path(get, path = "/users/{phone}", responses((status = 200, body = UserBody)))]
pub(super) async fn show(
    PathUnit(unit): PathUnit,
    PathName(text): PathName,
) -> Result<Json<UserBody>, Refusal> {
    Ok(Json(unit.user(&phone(&text)?).into()))
}

/// Chooses what a customer does, from the next payment on
///
/// Payments that wait for it already go on as they began. 400 when the words are not understood: the
/// answer names them, and those there are.
#[utoipa::path(
    put,
    path = "/users/{phone}",
    request_body = BehaviourBody,
    responses((status = 200, body = UserBody))
)]
pub(super) async fn choose(
    PathUnit(unit): PathUnit,
    PathName(text): PathName,
    Typed(body): Typed<BehaviourBody>,
) -> Result<Json<UserBody>, Refusal> {
    let phone = phone(&text)?;
    let hint = "such as: approve after 5s; card refused then approve; once: reject, then approve";
    let behaviour = body
        .behaviour
        .parse::<Behaviour>()
        .map_err(|error| Refusal::bad_request(format!("behaviour: {error}"), Some(hint)))?;
    let hint = "the app is used in Norway (47), Denmark (45), Finland (358), Sweden (46) and Greenland (299)";
    let user = unit
        .choose_behaviour(&phone, behaviour)
        .map_err(|error| Refusal::bad_request(error.to_string(), Some(hint)))?;
    Ok(Json(user.into()))
}

/// Lets a customer do what its number says, from the next payment on
///
/// 404 when it does so already.
#[utoipa::path(delete, path = "/users/{phone}", responses((status = 204)))]
pub(super) async fn clear(
    PathUnit(unit): PathUnit,
    PathName(text): PathName,
) -> Result<StatusCode, Refusal> {
    let phone = phone(&text)?;
    if unit.clear_behaviour(&phone) {
        return Ok(StatusCode::NO_CONTENT);
    }
    let detail = format!("no behaviour was chosen for {phone}");
    Err(Refusal::not_found(detail, "vipps-mock users lists what customers do, and why"))
}

impl From<User> for UserBody {
    fn from(user: User) -> Self {
        Self {
            phone: user.phone.to_string(),
            market: user.market.map(Market::code),
            behaviour: user.behaviour.map(|it| it.to_string()),
            next: user.next.map(|it| it.to_string()),
            chosen: user.is_chosen,
            planned: user.planned.into_iter().map(PlannedBody::from).collect(),
        }
    }
}

impl From<PlannedAct> for PlannedBody {
    fn from(planned: PlannedAct) -> Self {
        Self {
            reference: planned.reference.to_string(),
            at: zulu_text(planned.at),
            act: planned.act.to_string(),
        }
    }
}
