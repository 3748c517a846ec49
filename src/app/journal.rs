//! The journal: the latest API calls, as they went over the wire, and what came of each.
//!
//! Every call is written down while it is answered, so that has to cost next to nothing: a call is
//! one piece of memory into which its parts are copied, and nothing is parsed, formatted or masked
//! before somebody looks. To keep the parts themselves would cost more: a header that is kept keeps
//! the connection's whole read buffer, which then cannot be used again.

use std::{
    cell::RefCell,
    collections::VecDeque,
    ops::Range,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use jiff::Timestamp;

use super::{Mock, clock::Stopwatch, facts::DatedFact, unit::SalesUnit};
use crate::domain::DeliveryId;

/// How many calls a journal holds, the latest.
pub const CALLS_KEPT: usize = 2_000;

/// How many bytes all calls of a journal take at most.
pub const JOURNAL_MAX: usize = 8 * 1024 * 1024;

/// How many bytes of a body are kept, from its beginning.
pub const BODY_KEPT: usize = 64 * 1024;

/// What a request has and its answer is likely to need, so that a call is written without moving.
const ANSWER_LIKELY: usize = 1024;

/// The latest calls. It has a lock of its own: every call writes, and none needs anything else for
/// that.
#[derive(Debug, Default)]
pub struct Journal(Mutex<Calls>);

#[derive(Debug, Default)]
struct Calls {
    /// Oldest first, their numbers without a gap.
    kept: VecDeque<Arc<Call>>,
    bytes: usize,
    latest: u64,
}

/// A call that has been answered.
#[derive(Debug)]
pub struct Call {
    /// The how-manieth of its journal, from one, in the order in which calls were answered.
    pub number: u64,
    /// When it came, by the clock of its sales unit.
    pub at: Timestamp,
    /// How long the answer took, in real microseconds.
    pub duration_us: u64,
    /// The status of the answer.
    pub status: u16,
    /// What the caller may have meant, if the call went nowhere.
    pub near_miss: Option<String>,
    /// What came of it.
    pub came_of_it: CameOfIt,
    method: Range<usize>,
    target: Range<usize>,
    request: Part,
    answer: Part,
    /// All parts, one behind the other.
    text: Vec<u8>,
}

/// What one side said.
#[derive(Debug, Clone, Default)]
struct Part {
    headers: Range<usize>,
    body: Range<usize>,
    body_size: usize,
}

/// One side of a call: header by header, and the body.
#[derive(Debug, Clone, Copy)]
pub struct Said<'a> {
    headers: &'a [u8],
    /// Its body, or the first [`BODY_KEPT`] bytes of it.
    pub body: &'a [u8],
    /// How many bytes the body had.
    pub body_size: usize,
}

/// What a call has changed in its sales unit.
#[derive(Debug, Clone, Default)]
pub struct CameOfIt {
    /// What was noted, in order.
    pub facts: Vec<DatedFact>,
    /// The webhooks that were sent out.
    pub deliveries: Vec<DeliveryId>,
}

/// A call that is being answered.
#[derive(Debug)]
pub struct Draft {
    call: Call,
    stopwatch: Stopwatch,
}

tokio::task_local! {
    static CAME_OF_IT: RefCell<CameOfIt>;
}

/// Has a call answered, and says what it has changed meanwhile.
pub async fn watched<F: Future>(call: F) -> (F::Output, CameOfIt) {
    let watched = async {
        let answer = call.await;
        (answer, CAME_OF_IT.with(RefCell::take))
    };
    CAME_OF_IT.scope(RefCell::default(), watched).await
}

/// Notes for the call that is being answered, if one is, that this came of it.
pub(super) fn note(fact: &DatedFact) {
    // Whatever is done by the clock or a tester is done outside of any call.
    let _ = CAME_OF_IT.try_with(|it| it.borrow_mut().facts.push(fact.clone()));
}

/// The same of a webhook.
pub(super) fn note_delivery(id: DeliveryId) {
    let _ = CAME_OF_IT.try_with(|it| it.borrow_mut().deliveries.push(id));
}

impl Journal {
    /// Writes a call down. The oldest ones make room for it.
    pub fn write(&self, mut call: Call) {
        let size = call.size();
        let mut calls = self.lock();
        calls.latest += 1;
        call.number = calls.latest;
        calls.bytes += size;
        calls.kept.push_back(Arc::new(call));
        // The latest one stays, whatever its size.
        while 1 < calls.kept.len() && (CALLS_KEPT < calls.kept.len() || JOURNAL_MAX < calls.bytes) {
            calls.bytes -= calls.kept.pop_front().map_or(0, |oldest| oldest.size());
        }
    }

    /// Every call that is kept, oldest first.
    #[must_use]
    pub fn calls(&self) -> Vec<Arc<Call>> {
        self.lock().kept.iter().cloned().collect()
    }

    /// The call of this number, if it is kept.
    #[must_use]
    pub fn call(&self, number: u64) -> Option<Arc<Call>> {
        let calls = self.lock();
        let place = number.checked_sub(calls.kept.front()?.number)?;
        calls.kept.get(usize::try_from(place).ok()?).cloned()
    }

    /// Forgets everything, and counts from one again.
    pub(super) fn clear(&self) {
        *self.lock() = Calls::default();
    }

    // Nothing panics while it is held but an allocation.
    fn lock(&self) -> MutexGuard<'_, Calls> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl SalesUnit {
    /// Its latest calls.
    #[must_use]
    pub fn journal(&self) -> &Journal {
        &self.journal
    }
}

impl Mock {
    /// The latest calls that belong to no sales unit.
    #[must_use]
    pub fn strays(&self) -> &Journal {
        &self.0.strays
    }
}

impl Draft {
    /// Begins to write a call down that has come at this time.
    #[must_use]
    pub fn begin<N: AsRef<str>, V: AsRef<[u8]>>(
        at: Timestamp,
        method: &str,
        target: &str,
        headers: impl IntoIterator<Item = (N, V)> + Copy,
        body: &[u8],
    ) -> Self {
        let kept = body.len().min(BODY_KEPT);
        let size = method.len() + target.len() + headers_size(headers) + kept;
        let mut text = Vec::with_capacity(size + ANSWER_LIKELY);
        text.extend_from_slice(method.as_bytes());
        text.extend_from_slice(target.as_bytes());
        let method = 0..method.len();
        let target = method.end..text.len();
        let request = Part::write(&mut text, headers, body);
        let call = Call {
            number: 0,
            at,
            duration_us: 0,
            status: 0,
            near_miss: None,
            came_of_it: CameOfIt::default(),
            method,
            target,
            request,
            answer: Part::default(),
            text,
        };
        Self { call, stopwatch: Stopwatch::start() }
    }

    /// The call so far.
    #[must_use]
    pub fn call(&self) -> &Call {
        &self.call
    }

    /// Ends with the answer, to be written into a journal.
    #[must_use]
    pub fn end<N: AsRef<str>, V: AsRef<[u8]>>(
        self,
        status: u16,
        headers: impl IntoIterator<Item = (N, V)> + Copy,
        body: &[u8],
    ) -> Call {
        let Self { mut call, stopwatch } = self;
        call.text.reserve(headers_size(headers) + body.len().min(BODY_KEPT));
        call.answer = Part::write(&mut call.text, headers, body);
        call.status = status;
        call.duration_us = stopwatch.elapsed_us();
        call
    }
}

fn headers_size<N: AsRef<str>, V: AsRef<[u8]>>(headers: impl IntoIterator<Item = (N, V)>) -> usize {
    let sizes = headers.into_iter().map(|(it, value)| it.as_ref().len() + value.as_ref().len() + 2);
    sizes.sum()
}

impl Part {
    /// A name has no colon in it, and a value no line feed.
    fn write<N: AsRef<str>, V: AsRef<[u8]>>(
        text: &mut Vec<u8>,
        headers: impl IntoIterator<Item = (N, V)>,
        body: &[u8],
    ) -> Self {
        let start = text.len();
        for (name, value) in headers {
            text.extend_from_slice(name.as_ref().as_bytes());
            text.push(b':');
            text.extend_from_slice(value.as_ref());
            text.push(b'\n');
        }
        let end = text.len();
        text.extend_from_slice(&body[..body.len().min(BODY_KEPT)]);
        Self { headers: start..end, body: end..text.len(), body_size: body.len() }
    }
}

impl Call {
    /// `POST`, or whatever was sent in its place.
    #[must_use]
    pub fn method(&self) -> &str {
        self.text_at(&self.method)
    }

    /// Path and query.
    #[must_use]
    pub fn target(&self) -> &str {
        self.text_at(&self.target)
    }

    /// What was sent.
    #[must_use]
    pub fn request(&self) -> Said<'_> {
        self.said(&self.request)
    }

    /// What was answered.
    #[must_use]
    pub fn answer(&self) -> Said<'_> {
        self.said(&self.answer)
    }

    fn said(&self, part: &Part) -> Said<'_> {
        let at = |range: &Range<usize>| self.text.get(range.clone()).unwrap_or_default();
        Said { headers: at(&part.headers), body: at(&part.body), body_size: part.body_size }
    }

    fn text_at(&self, range: &Range<usize>) -> &str {
        let bytes = self.text.get(range.clone()).unwrap_or_default();
        // It was copied from text.
        std::str::from_utf8(bytes).unwrap_or_default()
    }

    /// How many bytes it takes in memory, but for what the facts share with the sales unit.
    fn size(&self) -> usize {
        let CameOfIt { facts, deliveries } = &self.came_of_it;
        size_of::<Self>()
            + self.text.capacity()
            + facts.capacity() * size_of::<DatedFact>()
            + deliveries.capacity() * size_of::<DeliveryId>()
            + self.near_miss.as_ref().map_or(0, String::capacity)
    }
}

impl<'a> Said<'a> {
    /// Names, in lower case, and values, in the order sent.
    pub fn headers(self) -> impl Iterator<Item = (&'a str, &'a [u8])> {
        let lines = self.headers.split(|it| *it == b'\n').filter(|it| !it.is_empty());
        lines.filter_map(|line| {
            let colon = line.iter().position(|it| *it == b':')?;
            let (name, value) = line.split_at(colon);
            Some((std::str::from_utf8(name).ok()?, value.get(1..)?))
        })
    }

    /// The first value of a header, if it is text.
    #[must_use]
    pub fn header(self, name: &str) -> Option<&'a str> {
        let (_, value) = self.headers().find(|(it, _)| *it == name)?;
        std::str::from_utf8(value).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOON: &str = "2030-01-01T12:00:00Z";

    fn call(target: &str, body: &[u8]) -> Call {
        let headers = [("host", b"mock.test".as_slice()), ("x-empty", b""), ("x-colon", b"a: b")];
        let noon = NOON.parse().unwrap();
        let draft = Draft::begin(noon, "POST", target, headers, body);
        let answer = [("content-type", b"application/json".as_slice())];
        draft.end(201, answer, b"{}")
    }

    #[test]
    fn call_is_read_back_as_it_was_written() {
        let call = call("/epayment/v1/payments?a=b", b"{\"a\":1}");
        assert_eq!((call.method(), call.target()), ("POST", "/epayment/v1/payments?a=b"));
        let headers: Vec<_> = call.request().headers().collect();
        let expected = [("host", b"mock.test".as_slice()), ("x-empty", b""), ("x-colon", b"a: b")];
        assert_eq!(headers, expected);
        assert_eq!(call.request().header("x-colon"), Some("a: b"));
        assert_eq!(call.request().body, b"{\"a\":1}");
        assert_eq!(call.answer().header("content-type"), Some("application/json"));
        assert_eq!(
            (call.status, call.answer().body, call.answer().body_size),
            (201, &b"{}"[..], 2)
        );
    }

    #[test]
    fn long_body_is_cut_and_its_length_known() {
        let call = call("/", &vec![b'x'; BODY_KEPT + 1]);
        assert_eq!(
            (call.request().body.len(), call.request().body_size),
            (BODY_KEPT, BODY_KEPT + 1)
        );
    }

    #[test]
    fn the_oldest_calls_make_room() {
        let journal = Journal::default();
        for number in 0..CALLS_KEPT + 2 {
            journal.write(call(&format!("/{number}"), b""));
        }
        assert_eq!(journal.calls().len(), CALLS_KEPT);
        assert!(journal.call(2).is_none());
        assert_eq!(journal.call(3).unwrap().target(), "/2");
        assert_eq!(journal.calls().last().unwrap().number, 2_002);
        assert!(journal.call(2_003).is_none());
        journal.clear();
        assert!(journal.calls().is_empty());
    }

    #[test]
    fn large_calls_make_room_for_less() {
        let journal = Journal::default();
        let body = vec![b'x'; BODY_KEPT];
        for _ in 0..2 * JOURNAL_MAX / BODY_KEPT {
            journal.write(call("/", &body));
        }
        let sizes: usize = journal.calls().iter().map(|it| it.size()).sum();
        assert!(sizes <= JOURNAL_MAX && JOURNAL_MAX - 2 * BODY_KEPT < sizes, "{sizes}");
        assert_eq!(journal.lock().bytes, sizes);
    }
}
