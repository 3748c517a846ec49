//! Reading an answer: its status, which decides, and then as much of the rest as people look at.

use tokio::io::AsyncReadExt as _;

use super::{Connection, WireError};
use crate::domain::delivery::Answer;

/// The longest head of an answer, in bytes.
pub(super) const HEAD_MAX: usize = 64 * 1024;

/// How much of an answer's body is read, in bytes. Nothing depends on it.
const BODY_MAX: usize = 64 * 1024;

/// How many headers an answer may have.
const HEADERS_MAX: usize = 128;

/// How many headers are kept, and how long a value, in characters.
const HEADERS_KEPT: usize = 32;
const HEADER_KEPT: usize = 256;

/// How much of a body is kept, in bytes.
const BODY_KEPT: usize = 1024;

/// An answer whose status is known, and whose body is still coming.
pub struct Incoming {
    head: Head,
    /// What has come of the body, as it is framed on the wire.
    body: Vec<u8>,
    /// Taken when the answer has been read.
    connection: Option<Connection>,
}

struct Head {
    status: u16,
    headers: Vec<(String, String)>,
    framing: Framing,
    keeps_open: bool,
    /// Of the head itself, in bytes.
    length: usize,
}

/// How the end of a body is recognised (RFC 9112, message body length).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Framing {
    Length(usize),
    Chunked,
    UntilClosed,
}

impl Incoming {
    /// The status.
    #[must_use]
    pub fn status(&self) -> u16 {
        self.head.status
    }

    /// What has been read so far, as far as it is kept.
    #[must_use]
    pub fn answer(&self) -> Answer {
        let (body, is_complete) = self.head.framing.unframe(&self.body);
        let kept = &body[..body.len().min(BODY_KEPT)];
        Answer {
            status: self.head.status,
            headers: self.head.headers.clone(),
            body: String::from_utf8_lossy(kept).into_owned(),
            is_cut: !is_complete || BODY_KEPT < body.len(),
        }
    }

    /// The body, if it has come to its end.
    ///
    /// # Errors
    ///
    /// What is missing.
    pub fn body(&self) -> Result<Vec<u8>, String> {
        match self.head.framing.unframe(&self.body) {
            (body, true) => Ok(body),
            (_, false) => Err(format!("its answer breaks off or is longer than {BODY_MAX} bytes")),
        }
    }

    pub(super) async fn read_head(mut connection: Connection) -> Result<Self, WireError> {
        let mut received = Vec::with_capacity(1024);
        loop {
            match Head::parse(&received)? {
                // 100 Continue and its like announce the answer proper.
                Some(head) if head.status < 200 => {
                    received.drain(..head.length);
                    continue;
                }
                Some(head) => {
                    let body = received.split_off(head.length);
                    return Ok(Self { head, body, connection: Some(connection) });
                }
                None if HEAD_MAX <= received.len() => return Err(WireError::HeadTooLong),
                None => {}
            }
            if connection.read_buf(&mut received).await? == 0 {
                return Err(WireError::NoAnswer);
            }
        }
    }

    /// Reads the body, and gives back the connection if it can carry another request. The status
    /// has been decided: whatever goes wrong here is nobody's concern.
    pub(super) async fn read_body(&mut self) -> Option<Connection> {
        let Head { framing, keeps_open, .. } = self.head;
        while !framing.is_complete(&self.body) && self.body.len() < BODY_MAX {
            match self.connection.as_mut()?.read_buf(&mut self.body).await {
                Ok(0) => {
                    // What ends with the connection is complete now.
                    if framing == Framing::UntilClosed {
                        self.head.framing = Framing::Length(self.body.len());
                    }
                    return None;
                }
                Err(_) => return None,
                Ok(_) => {}
            }
        }
        let ends_here = framing.is_exact(&self.body);
        self.connection.take().filter(|_| keeps_open && ends_here)
    }
}

impl Head {
    fn parse(received: &[u8]) -> Result<Option<Self>, WireError> {
        let mut headers = [httparse::EMPTY_HEADER; HEADERS_MAX];
        let mut response = httparse::Response::new(&mut headers);
        let httparse::Status::Complete(length) = response.parse(received)? else {
            return Ok(None);
        };
        let status = response.code.unwrap_or_default();
        let value = |name: &str| {
            let header = response.headers.iter().find(|it| it.name.eq_ignore_ascii_case(name));
            header.map(|it| String::from_utf8_lossy(it.value).trim().to_ascii_lowercase())
        };
        let framing = if matches!(status, 204 | 304) {
            Framing::Length(0)
        } else if value("transfer-encoding").is_some_and(|it| it.ends_with("chunked")) {
            Framing::Chunked
        } else {
            let length = value("content-length").and_then(|it| it.parse().ok());
            length.map_or(Framing::UntilClosed, Framing::Length)
        };
        let says_close = value("connection").is_some_and(|it| it.contains("close"));
        let keeps_open = response.version == Some(1) && !says_close;
        let kept = response.headers.iter().take(HEADERS_KEPT);
        let headers = kept.map(|it| {
            let text = String::from_utf8_lossy(it.value);
            (it.name.to_owned(), text.chars().take(HEADER_KEPT).collect())
        });
        Ok(Some(Self { status, headers: headers.collect(), framing, keeps_open, length }))
    }
}

impl Framing {
    /// The body without its framing, and whether that is all of it.
    fn unframe(self, raw: &[u8]) -> (Vec<u8>, bool) {
        match self {
            Self::Length(length) => (raw[..raw.len().min(length)].to_vec(), length <= raw.len()),
            Self::UntilClosed => (raw.to_vec(), false),
            Self::Chunked => {
                let Chunks { body, end } = unchunk(raw);
                (body, end.is_some())
            }
        }
    }

    fn is_complete(self, raw: &[u8]) -> bool {
        match self {
            Self::Length(length) => length <= raw.len(),
            Self::UntilClosed => false,
            Self::Chunked => unchunk(raw).end.is_some(),
        }
    }

    /// Whether the body is complete, and nothing has come behind it.
    fn is_exact(self, raw: &[u8]) -> bool {
        match self {
            Self::Length(length) => length == raw.len(),
            Self::UntilClosed => false,
            Self::Chunked => unchunk(raw).end == Some(raw.len()),
        }
    }
}

struct Chunks {
    body: Vec<u8>,
    /// Where the last chunk ends, if it has come.
    end: Option<usize>,
}

/// Takes the chunks of a body apart, as far as they have come. Trailers are not understood, and
/// leave it without an end.
fn unchunk(raw: &[u8]) -> Chunks {
    let (mut body, mut at) = (Vec::new(), 0);
    while let Ok(httparse::Status::Complete((head, size))) = httparse::parse_chunk_size(&raw[at..])
    {
        let start = at + head;
        let end = start.saturating_add(usize::try_from(size).unwrap_or(usize::MAX));
        let after = end.saturating_add(2);
        body.extend_from_slice(&raw[start..raw.len().min(end)]);
        if raw.len() < after {
            break;
        }
        if size == 0 {
            let end = raw[end..].starts_with(b"\r\n").then_some(after);
            return Chunks { body, end };
        }
        at = after;
    }
    Chunks { body, end: None }
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncWriteExt as _, duplex};

    use super::*;

    /// What is made of an answer that comes in these parts, and whether the connection is kept.
    async fn read(parts: &[&str], then_close: bool) -> (Answer, bool) {
        let (mut receiver, ours) = duplex(1024 * 1024);
        for part in parts {
            receiver.write_all(part.as_bytes()).await.unwrap();
        }
        let mut held = Some(receiver);
        if then_close {
            held = None;
        }
        let mut incoming = Incoming::read_head(Box::new(ours)).await.unwrap();
        let connection = incoming.read_body().await;
        drop(held);
        (incoming.answer(), connection.is_some())
    }

    #[tokio::test]
    async fn bodies_end_where_they_say() {
        let cases: [(&[&str], bool, &str, bool, bool); 8] = [
            (&["HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n", "ok"], false, "ok", false, true),
            (&["HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n"], false, "", false, true),
            (&["HTTP/1.1 204 No Content\r\n\r\n"], false, "", false, true),
            (
                &["HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok"],
                false,
                "ok",
                false,
                false,
            ),
            (&["HTTP/1.0 200 OK\r\n\r\n", "o", "k"], true, "ok", false, false),
            (
                &[
                    "HTTP/1.1 500 Oh\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n",
                    "2;x=y\r\nde\r\n0\r\n\r\n",
                ],
                false,
                "abcde",
                false,
                true,
            ),
            (&["HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n", "ok"], true, "ok", true, false),
            (
                &["HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n", "okHTTP/1.1"],
                false,
                "ok",
                false,
                false,
            ),
        ];
        for (parts, then_close, body, is_cut, is_kept) in cases {
            let (answer, kept) = read(parts, then_close).await;
            assert_eq!(
                (answer.body.as_str(), answer.is_cut, kept),
                (body, is_cut, is_kept),
                "{parts:?}"
            );
        }
    }

    #[tokio::test]
    async fn of_a_long_answer_the_beginning_is_kept() {
        let head = "HTTP/1.1 500 Oh\r\nContent-Length: 5000\r\nX-Long: ".to_owned();
        let head = head + &"h".repeat(2000) + "\r\n\r\n";
        let (answer, kept) = read(&[&head, &"b".repeat(5000)], false).await;
        assert_eq!((answer.body.len(), answer.is_cut, kept), (BODY_KEPT, true, true));
        assert_eq!(answer.headers[1].1.len(), HEADER_KEPT);
        let huge = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n", 10 * BODY_MAX);
        let (answer, kept) = read(&[&huge, &"b".repeat(2 * BODY_MAX)], false).await;
        assert_eq!((answer.status, kept), (200, false), "nobody reads ten times the limit");
    }

    #[tokio::test]
    async fn announcements_are_no_answer() {
        let (answer, _) = read(
            &[
                "HTTP/1.1 100 Continue\r\n\r\n",
                "HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\n\r\n",
            ],
            false,
        )
        .await;
        assert_eq!(answer.status, 202);
    }
}
