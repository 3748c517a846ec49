//! Everything that happens, as server-sent events (HTML standard, section 9.2).

use std::{convert::Infallible, sync::Arc};

use axum::{
    extract::State,
    http::HeaderMap,
    response::{
        IntoResponse,
        sse::{Event, KeepAlive, Sse},
    },
};
use futures::{Stream, StreamExt as _, stream};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::answer::{Filter, PathUnit, Refusal};
use crate::{
    app::{
        Mock,
        history::{Entry, Follower, History, Missed, News, Since},
        webhooks::zulu_text,
    },
    http::fields::AmountBody,
};

/// The data of an event, in one line.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct EventBody {
    /// Where it stands in the stream, to go on from: `?after=`, or `Last-Event-ID`.
    id: String,
    /// When, in the sales unit's time, UTC. Like `msn`, not there where it is about what was missed.
    #[serde(skip_serializing_if = "Option::is_none")]
    at: Option<String>,
    /// In which sales unit.
    #[serde(skip_serializing_if = "Option::is_none")]
    msn: Option<String>,
    /// What it is about, which is also the event's name: `payment`, `deadline`, `customer`,
    /// `registration`, `delivery`, `receipt`, `category`, `image`, `shipping`, `fault`, `clock` or `sales-unit`;
    /// `missed` when something had happened that is forgotten by now.
    kind: &'static str,
    /// Which payment or order.
    #[serde(skip_serializing_if = "Option::is_none")]
    reference: Option<String>,
    /// Of a payment the name in its log, of a webhook its type.
    #[serde(skip_serializing_if = "Option::is_none")]
    event: Option<&'static str>,
    /// How much money.
    #[serde(skip_serializing_if = "Option::is_none")]
    amount: Option<AmountBody>,
    /// Which delivery.
    #[serde(skip_serializing_if = "Option::is_none")]
    delivery_id: Option<String>,
    /// A sentence about it.
    text: String,
    /// How many events were missed, where that can be told.
    #[serde(skip_serializing_if = "Option::is_none")]
    missed: Option<u64>,
}

/// Which events are wanted.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Wanted {
    /// Those that follow the one with this id, or `start` for all that are remembered since the last
    /// reset. Without it, those that happen from now on. The header `Last-Event-ID` has precedence, so
    /// that a browser that connects again goes on where it was.
    after: Option<String>,
    /// `false` ends the stream with the latest event, instead of waiting for more.
    follow: Option<bool>,
}

/// Everything that happens in a sales unit, as server-sent events
///
/// Payments, customers, registrations, deliveries, receipts, faults and the clock, in the order of the
/// log. The latest 1,000 events can be read again: `?after=` or `Last-Event-ID` says from where. If some
/// of them are forgotten by then, the first event is called `missed`. The stream ends when the sales unit
/// is dropped; comments keep it alive.
#[utoipa::path(
    get,
    path = "/events",
    params(Wanted),
    responses((status = 200, body = EventBody, content_type = "text/event-stream"))
)]
pub(super) async fn of_unit(
    PathUnit(unit): PathUnit,
    Filter(wanted): Filter<Wanted>,
    headers: HeaderMap,
) -> Result<impl IntoResponse, Refusal> {
    wanted.answer(unit.history(), &headers)
}

/// Everything that happens in all sales units, as server-sent events
///
/// As for one of them, but they are remembered only from when somebody first asks for them; the latest
/// 10,000.
#[utoipa::path(
    get,
    path = "/events",
    params(Wanted),
    responses((status = 200, body = EventBody, content_type = "text/event-stream"))
)]
pub(super) async fn of_all(
    State(mock): State<Mock>,
    Filter(wanted): Filter<Wanted>,
    headers: HeaderMap,
) -> Result<impl IntoResponse, Refusal> {
    wanted.answer(mock.history(), &headers)
}

impl Wanted {
    fn since(&self, headers: &HeaderMap) -> Result<Since, Refusal> {
        // A browser repeats the whole address when it connects again; the header is what is new.
        let header = headers.get("last-event-id").map(|it| String::from_utf8_lossy(it.as_bytes()));
        // An empty one is what a browser has before the first event.
        let header = header.as_deref().filter(|it| !it.is_empty());
        let Some(text) = header.or(self.after.as_deref()) else { return Ok(Since::Now) };
        if text == "start" {
            return Ok(Since::Start);
        }
        text.parse().map(Since::After).map_err(|error| {
            let hint = "take it from the id of an event, or say start";
            Refusal::bad_request(format!("{text}: {error}"), Some(hint))
        })
    }

    fn answer(
        &self,
        history: &Arc<History>,
        headers: &HeaderMap,
    ) -> Result<impl IntoResponse + use<>, Refusal> {
        let since = self.since(headers)?;
        let follower = history.follow(since);
        let place = (since == Since::Now).then(|| place(&follower));
        let events = events(follower, self.follow.unwrap_or(true));
        let events = Sse::new(stream::iter(place).map(Ok::<_, Infallible>).chain(events));
        // A proxy in between must not collect them.
        Ok(([("x-accel-buffering", "no")], events.keep_alive(KeepAlive::default())))
    }
}

/// Where a stream of what is to come begins: an id without data, which is no event, but a place to go on
/// from, should the connection break before there is one.
fn place(follower: &Follower) -> Event {
    Event::default().id(follower.place().to_string())
}

fn events(follower: Follower, waits: bool) -> impl Stream<Item = Result<Event, Infallible>> {
    stream::unfold(follower, move |mut follower| async move {
        let news = if waits { follower.next().await } else { follower.next_ready() };
        Some((Ok(EventBody::from(&news?).event()), follower))
    })
}

impl EventBody {
    fn event(&self) -> Event {
        let event = Event::default().id(&self.id).event(self.kind);
        // Texts and numbers always have a JSON form.
        event.json_data(self).unwrap_or_default()
    }
}

impl From<&News> for EventBody {
    fn from(news: &News) -> Self {
        match news {
            News::Entry(entry) => entry.into(),
            News::Missed(missed) => missed.into(),
        }
    }
}

impl From<&Entry> for EventBody {
    fn from(Entry { place, msn, dated }: &Entry) -> Self {
        let fact = &dated.fact;
        Self {
            id: place.to_string(),
            kind: fact.kind(),
            msn: Some(msn.to_string()),
            at: Some(zulu_text(dated.at)),
            text: fact.to_string(),
            reference: fact.reference().map(str::to_owned),
            event: fact.event(),
            amount: fact.amount().map(Into::into),
            delivery_id: fact.delivery().map(|it| it.to_string()),
            missed: None,
        }
    }
}

impl From<&Missed> for EventBody {
    fn from(Missed { until, count }: &Missed) -> Self {
        let text = match count {
            Some(1) => "1 event came meanwhile and is forgotten by now".to_owned(),
            Some(count) => format!("{count} events came meanwhile and are forgotten by now"),
            None => "the id is of an earlier start, or of another stream: events may be missing"
                .to_owned(),
        };
        Self {
            id: until.to_string(),
            kind: "missed",
            msn: None,
            at: None,
            text,
            reference: None,
            event: None,
            amount: None,
            delivery_id: None,
            missed: *count,
        }
    }
}
