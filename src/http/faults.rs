//! What befalls a call on its way, because a tester asked for it.
//!
//! A call meets such a fault when the gateway has let it through. Whatever the fault makes of the
//! answer is written down like any other; how the answer then leaves is the matter of its [`Ending`].

mod answers;
mod ending;

use std::sync::Arc;

use axum::{
    body::HttpBody as _,
    http::{HeaderValue, request::Parts},
    response::Response,
};

pub(super) use ending::Ending;

use super::{
    error::{FAULT, explain},
    routes::Route,
    shapes::Place,
};
use crate::{
    app::{
        SalesUnit,
        faults::{Met, SeenCall, seen_as},
    },
    domain::fault::{Commit, FaultId, WireEffect},
};
use ending::Broken;

/// A call that may meet faults.
pub(super) struct Encounter {
    unit: Arc<SalesUnit>,
    call: Arc<SeenCall>,
}

impl Encounter {
    /// Nothing where nothing can go wrong, which costs one look.
    pub(super) fn of(unit: Option<&Arc<SalesUnit>>, parts: &Parts, body: &[u8]) -> Option<Self> {
        let unit = unit.filter(|it| it.has_faults())?;
        let path = parts.uri.path();
        let route = Route::of(parts.method.as_str(), path);
        let headers = parts.headers.iter();
        let call = SeenCall {
            operation: route.map(|it| it.operation),
            reference: route.and_then(|it| it.reference_of_call(path, body)),
            headers: headers
                .map(|(name, it)| (name.as_str().into(), it.as_bytes().into()))
                .collect(),
        };
        Some(Self { unit: unit.clone(), call: Arc::new(call) })
    }

    /// Has the call answered by `carry_out`, unless a fault does that, and says how the answer leaves.
    pub(super) async fn answer(
        self,
        place: Option<Place<'_>>,
        carry_out: impl Future<Output = Response>,
    ) -> Response {
        let Met { fault, late_by } = self.unit.meet(&self.call);
        let carry_out = seen_as(self.call, carry_out);
        let Some((id, effect)) = fault else {
            return Ending { late_by, broken: None }.of(carry_out.await);
        };
        let (mut response, broken) = match effect {
            WireEffect::Gateway { status, commit } => {
                commits(commit, carry_out).await;
                (answers::gateway(status), None)
            }
            WireEffect::Status { status, commit } => {
                commits(commit, carry_out).await;
                (answers::status(status, place), None)
            }
            WireEffect::Html { status, commit } => {
                commits(commit, carry_out).await;
                (answers::html(status), None)
            }
            WireEffect::RateLimit { retry_after_s } => (answers::too_many(retry_after_s), None),
            WireEffect::Hang => (Response::default(), Some(Broken::Hangs)),
            WireEffect::Close => (Response::default(), Some(Broken::Closes)),
            WireEffect::DropReply => (carry_out.await, Some(Broken::IsDropped)),
            WireEffect::Truncate { bytes } => {
                let response = carry_out.await;
                let length = response.body().size_hint().lower();
                let kept = bytes.map_or(length / 2, u64::from);
                (response, Some(Broken::EndsAfter(kept)))
            }
        };
        if broken.is_none() {
            name(&mut response, id);
        }
        Ending { late_by, broken }.of(response)
    }
}

/// The true answer of what takes effect is lost.
async fn commits(commit: Commit, carry_out: impl Future<Output = Response>) {
    match commit {
        Commit::First => drop(carry_out.await),
        Commit::Never => {}
    }
}

/// Says that a fault has made this answer: whoever compares answers has to leave it out.
fn name(response: &mut Response, fault: FaultId) {
    response.headers_mut().insert(FAULT, HeaderValue::from(fault.0));
    let why = format!("Fault {fault} of the sales unit was waiting for this call (control API)");
    explain(response, &why);
}
