//! One connection that is kept open, and one call at a time on it.
//!
//! Not an HTTP client: one would cost more than the routes that are measured, and hide them.

use std::net::SocketAddr;

use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
};

use crate::Outcome;

pub(crate) struct Connection {
    stream: TcpStream,
    received: Vec<u8>,
}

/// An answer of the 2xx kind: there is no other in a benchmark.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Answer<'a> {
    pub(crate) headers: usize,
    pub(crate) body: &'a [u8],
}

/// How an answer lies in what was received.
struct Layout {
    status: u16,
    headers: usize,
    head_length: usize,
    body_length: usize,
}

impl Connection {
    pub(crate) async fn open(address: SocketAddr) -> Outcome<Self> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        Ok(Self { stream, received: Vec::with_capacity(16 * 1024) })
    }

    /// Sends a whole request and waits for the whole answer, which must be a good one.
    pub(crate) async fn call(&mut self, request: &[u8]) -> Outcome<Answer<'_>> {
        self.stream.write_all(request).await?;
        self.received.clear();
        let layout = loop {
            if self.stream.read_buf(&mut self.received).await? == 0 {
                return Err("the server closed the connection".into());
            }
            match Layout::of(&self.received)? {
                Some(layout) if layout.end() <= self.received.len() => break layout,
                Some(_) | None => {}
            }
        };
        if self.received.len() != layout.end() {
            return Err("the server sent more than an answer".into());
        }
        if !(200..300).contains(&layout.status) {
            let text = String::from_utf8_lossy(&self.received);
            return Err(format!("not an answer of the 2xx kind: {text}").into());
        }
        Ok(Answer { headers: layout.headers, body: &self.received[layout.head_length..] })
    }
}

impl Layout {
    /// Of what has arrived so far; `None` while that is not the whole head.
    fn of(received: &[u8]) -> Outcome<Option<Self>> {
        let mut headers = [httparse::EMPTY_HEADER; 16];
        let mut response = httparse::Response::new(&mut headers);
        let httparse::Status::Complete(head_length) = response.parse(received)? else {
            return Ok(None);
        };
        let length =
            response.headers.iter().find(|it| it.name.eq_ignore_ascii_case("content-length"));
        let body_length = match length {
            Some(length) => std::str::from_utf8(length.value)?.parse()?,
            None => 0,
        };
        let status = response.code.unwrap_or_default();
        Ok(Some(Self { status, headers: response.headers.len(), head_length, body_length }))
    }

    const fn end(&self) -> usize {
        self.head_length + self.body_length
    }
}
