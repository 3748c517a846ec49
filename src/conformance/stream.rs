//! The stream of events, as somebody who listens has it.

use std::collections::VecDeque;

use serde_json::Value;

use super::control::Control;
use super::failure::Failure;

/// What has been heard, and the stream that more may come from.
#[derive(Debug, Default)]
pub(super) struct Heard {
    stream: Option<Stream>,
    /// Every event so far, oldest first.
    pub(super) events: Vec<Value>,
}

/// A stream that is open.
#[derive(Debug)]
struct Stream {
    response: reqwest::Response,
    /// What has come of a line that is not whole yet.
    rest: Vec<u8>,
    ready: VecDeque<Value>,
}

impl Heard {
    /// Begins to listen at this path.
    pub(super) async fn listen(&mut self, control: &Control, path: &str) -> Result<(), Failure> {
        let response = control.open(path).await?;
        let stream = Stream { response, rest: Vec::new(), ready: VecDeque::new() };
        *self = Self { stream: Some(stream), events: Vec::new() };
        Ok(())
    }

    /// Reads a stream that ends by itself.
    pub(super) async fn read(&mut self, control: &Control, path: &str) -> Result<(), Failure> {
        self.listen(control, path).await?;
        while self.next().await?.is_some() {}
        Ok(())
    }

    /// The next event; none once the stream has ended.
    pub(super) async fn next(&mut self) -> Result<Option<&Value>, Failure> {
        let stream = self.stream.as_mut().ok_or_else(|| Failure::new("nobody listens"))?;
        let Some(event) = stream.next().await? else { return Ok(None) };
        self.events.push(event);
        Ok(self.events.last())
    }

    /// The id of the event heard last.
    pub(super) fn last_id(&self) -> Result<&str, Failure> {
        let id = self.events.last().and_then(|event| event["id"].as_str());
        id.ok_or_else(|| Failure::new("no event has been heard"))
    }

    /// All events one below the other, for whoever reads a failure.
    pub(super) fn shown(&self) -> String {
        let lines: Vec<String> = self.events.iter().map(|event| format!("  {event}")).collect();
        if lines.is_empty() { "  nothing was heard".to_owned() } else { lines.join("\n") }
    }
}

impl Stream {
    async fn next(&mut self) -> Result<Option<Value>, Failure> {
        while self.ready.is_empty() {
            let chunk = self.response.chunk().await;
            let chunk =
                chunk.map_err(|error| Failure::new(format!("the stream breaks off: {error}")))?;
            let Some(chunk) = chunk else { return Ok(None) };
            self.rest.extend_from_slice(&chunk);
            self.take_lines()?;
        }
        Ok(self.ready.pop_front())
    }

    /// Takes the whole lines. An event has one line of data, which says all that the others say.
    fn take_lines(&mut self) -> Result<(), Failure> {
        let Some(end) = self.rest.iter().rposition(|it| *it == b'\n') else { return Ok(()) };
        let rest = self.rest.split_off(end + 1);
        let lines = std::mem::replace(&mut self.rest, rest);
        let lines = String::from_utf8_lossy(&lines);
        for data in lines.lines().filter_map(|line| line.strip_prefix("data: ")) {
            let event = serde_json::from_str(data);
            let no_json = |error| Failure::new(format!("an event is no JSON: {error}\n  {data}"));
            self.ready.push_back(event.map_err(no_json)?);
        }
        Ok(())
    }
}
