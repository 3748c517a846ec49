//! A call as the control API shows it.

use std::sync::Arc;

use serde::Serialize;
use utoipa::ToSchema;

use super::{
    STRAY,
    curl::{self, Variables},
    har::Entry,
    mask::Mask,
};
use crate::{
    app::{
        SalesUnit,
        facts::{DatedFact, Fact},
        journal::{Call, Said},
        webhooks::zulu_text,
    },
    domain::DeliveryId,
    http::{
        Edge,
        control::{clock::FactBody, deliveries::StatusName},
        error::REASON,
        routes::Route,
    },
};

/// A call in short.
#[derive(Serialize, ToSchema)]
#[schema(as = CallSummary)]
#[serde(rename_all = "camelCase")]
pub(in crate::http::control) struct SummaryBody {
    pub(super) id: String,
    /// When it came, by the clock of the sales unit.
    pub(super) at: String,
    pub(super) method: String,
    /// Path and query.
    pub(super) target: String,
    /// Left out if there is no such route.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) operation: Option<&'static str>,
    /// The payment or order it is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) reference: Option<String>,
    /// 0 if there was no answer.
    pub(super) status: u16,
    /// Real milliseconds until the answer.
    pub(super) duration_ms: f64,
    /// Which rule refused it: what the answer says as `Vipps-Mock-Reason`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) reason: Option<String>,
    /// What the caller may have meant.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) near_miss: Option<String>,
    /// The fault that struck it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) fault: Option<String>,
}

/// A call with everything that is known about it.
#[derive(Serialize, ToSchema)]
#[schema(as = Call)]
#[serde(rename_all = "camelCase")]
pub(in crate::http::control) struct CallBody {
    #[serde(flatten)]
    pub(super) summary: SummaryBody,
    pub(super) request: SaidBody,
    pub(super) response: SaidBody,
    /// The same call as a command for a shell, secrets and phone numbers as variables unless unmasked.
    /// Left out if its body was not kept whole.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) curl: Option<String>,
    /// What it changed, in order.
    pub(super) events: Vec<FactBody>,
    /// The webhooks that it sent out.
    pub(super) deliveries: Vec<SentBody>,
}

/// What one side said.
#[derive(Serialize, ToSchema)]
#[schema(as = CallSide)]
#[serde(rename_all = "camelCase")]
pub(super) struct SaidBody {
    /// Names, in lower case, and values.
    #[schema(value_type = Vec<Vec<String>>)]
    pub(super) headers: Vec<(String, String)>,
    /// Its first 64 KiB.
    pub(super) body: String,
    /// How many bytes it had.
    pub(super) body_size: usize,
    /// Whether there was more than is shown.
    pub(super) is_cut: bool,
}

/// A webhook that a call sent out.
#[derive(Serialize, ToSchema)]
#[schema(as = CallDelivery)]
pub(super) struct SentBody {
    id: String,
    /// Left out, like the status, if it has been forgotten.
    #[serde(skip_serializing_if = "Option::is_none")]
    event: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    status: Option<StatusName>,
}

/// A call to be shown, with what is needed for that.
pub(super) struct View<'a> {
    unit: Option<&'a Arc<SalesUnit>>,
    call: &'a Call,
    /// The address that the call was sent to.
    base: String,
    mask: Mask,
    variables: Variables,
}

impl<'a> View<'a> {
    pub(super) fn new(
        edge: &Edge,
        unit: Option<&'a Arc<SalesUnit>>,
        call: &'a Call,
        unmasked: bool,
    ) -> Self {
        let base = address(call, edge);
        let owner = unit.map(|it| &**it);
        let (mask, variables) = if unmasked {
            (Mask::Off, Variables::default())
        } else {
            (Mask::of(call, owner), Variables::of(call, owner))
        };
        Self { unit, call, base, mask, variables }
    }

    pub(super) fn summary(&self) -> SummaryBody {
        let call = self.call;
        let prefix = if self.unit.is_some() { "" } else { STRAY };
        SummaryBody {
            id: format!("{prefix}{}", call.number),
            at: zulu_text(call.at),
            method: call.method().to_owned(),
            target: self.mask.target(call.target()),
            operation: operation(call),
            reference: reference(call).map(|it| self.mask.text(&it)),
            status: call.status,
            duration_ms: milliseconds(call),
            reason: call.answer().header(REASON.as_str()).map(|it| self.mask.text(it)),
            near_miss: call.near_miss.as_deref().map(|it| self.mask.text(it)),
            fault: fault(call).map(|it| self.mask.text(&it)),
        }
    }

    pub(super) fn whole(&self) -> CallBody {
        let came_of_it = &self.call.came_of_it;
        let event = |fact| FactBody::from(fact).map_text(|text| self.mask.text(text));
        CallBody {
            summary: self.summary(),
            request: self.said(self.call.request()),
            response: self.said(self.call.answer()),
            curl: curl::command(self.call, &self.base, &self.variables),
            events: came_of_it.facts.iter().map(event).collect(),
            deliveries: came_of_it.deliveries.iter().map(|id| self.sent(*id)).collect(),
        }
    }

    pub(super) fn archived(&self) -> Entry {
        Entry::of(self.whole(), &self.base)
    }

    fn said(&self, said: Said<'_>) -> SaidBody {
        let header =
            |(name, value): (&str, &[u8])| (name.to_owned(), self.mask.header(name, value));
        SaidBody {
            headers: said.headers().map(header).collect(),
            body: self.mask.body(said),
            body_size: said.body_size,
            is_cut: said.body.len() < said.body_size,
        }
    }

    fn sent(&self, id: DeliveryId) -> SentBody {
        let delivery = self.unit.and_then(|unit| unit.delivery(id));
        SentBody {
            id: id.to_string(),
            event: delivery.as_ref().map(|it| it.event.name()),
            status: delivery.map(|it| StatusName::of(it.status())),
        }
    }
}

/// The address that a call was sent to: that of links, or whatever name the caller had for it.
fn address(call: &Call, edge: &Edge) -> String {
    let public = edge.public_url();
    match call.request().header("host") {
        Some(host) if public.split_once("://").is_none_or(|(_, name)| name != host) => {
            format!("http://{host}")
        }
        Some(_) | None => public,
    }
}

/// How long the answer took.
fn milliseconds(call: &Call) -> f64 {
    // No call takes so long that the last digit would be lost.
    let us = u32::try_from(call.duration_us).unwrap_or(u32::MAX);
    f64::from(us) / 1000.0
}

fn path(call: &Call) -> &str {
    call.target().split('?').next().unwrap_or_default()
}

/// What the call asks for, if there is such a route.
pub(super) fn operation(call: &Call) -> Option<&'static str> {
    Route::of(call.method(), path(call)).map(|it| it.operation)
}

/// The payment or order that the call is about.
pub(super) fn reference(call: &Call) -> Option<String> {
    let path = path(call);
    Route::of(call.method(), path)?.reference_of_call(path, call.request().body)
}

/// What struck it: at most one fault each of those that call, its operation and its answer can meet.
fn fault(call: &Call) -> Option<String> {
    let struck = |dated: &DatedFact| {
        matches!(dated.fact, Fact::FaultStruck { .. }).then(|| dated.fact.to_string())
    };
    let struck: Vec<_> = call.came_of_it.facts.iter().filter_map(struck).collect();
    (!struck.is_empty()).then(|| struck.join("; "))
}
