//! The bytes of one webhook request, and of its answer as far as it matters.
//!
//! HTTP libraries write header names in their own casing and add headers of
//! their own. What the platform sends has been captured, and is sent here as
//! it was: one request a connection, ended when the answer's status is known
//! and what it announced has been read.

use std::{
    io,
    net::{Ipv4Addr, Ipv6Addr, SocketAddr},
    sync::Arc,
};

use rustls::{
    ClientConfig, RootCertStore,
    pki_types::{InvalidDnsNameError, ServerName},
};
use tokio::{
    io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _},
    net::TcpStream,
};
use tokio_rustls::TlsConnector;
use url::{Host, Url};

use super::send::path_and_query;

/// A way to receivers. Certificates are checked against compiled-in authorities.
pub(super) struct Wire {
    tls: Option<TlsConnector>,
}

/// Why an attempt got no answer.
#[derive(Debug, thiserror::Error)]
pub(super) enum WireError {
    /// The address names no host.
    #[error("the address names no host")]
    NoHost,
    /// The host's name cannot be in a certificate.
    #[error(transparent)]
    Name(#[from] InvalidDnsNameError),
    /// There is no way to speak TLS.
    #[error("TLS is not available")]
    NoTls,
    /// The network said no.
    #[error("{}", describe(.0))]
    Io(#[from] io::Error),
    /// What came back is not HTTP.
    #[error("the answer is not HTTP: {0}")]
    NotHttp(#[from] httparse::Error),
    /// The receiver hung up before its answer was complete.
    #[error("the connection was closed before an answer came")]
    NoAnswer,
    /// The receiver's headers do not end.
    #[error("the headers of the answer are longer than {HEAD_MAX} bytes")]
    HeadTooLong,
}

/// The longest head of an answer, in bytes.
const HEAD_MAX: usize = 64 * 1024;

/// How much of an answer's body is read, in bytes. Nothing depends on it.
const BODY_MAX: usize = 64 * 1024;

const HEADERS_MAX: usize = 128;

impl Wire {
    pub(super) fn new() -> Self {
        let roots: RootCertStore = webpki_roots::TLS_SERVER_ROOTS.iter().cloned().collect();
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let tls = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .map(|it| it.with_root_certificates(roots).with_no_client_auth())
            .map(|config| TlsConnector::from(Arc::new(config)));
        Self { tls: tls.ok() }
    }

    /// Posts once, and gives back the answer as far as it decides anything.
    pub(super) async fn post(
        &self,
        url: &Url,
        headers: &[(&'static str, String)],
        body: &[u8],
    ) -> Result<Answer, WireError> {
        let port = url.port_or_known_default().ok_or(WireError::NoHost)?;
        let stream = match url.host().ok_or(WireError::NoHost)? {
            Host::Domain("localhost") => TcpStream::connect(&localhost(port)[..]).await?,
            Host::Domain(name) => TcpStream::connect((name, port)).await?,
            Host::Ipv4(address) => TcpStream::connect((address, port)).await?,
            Host::Ipv6(address) => TcpStream::connect((address, port)).await?,
        };
        let request = request(url, headers, body);
        if url.scheme() == "https" {
            let tls = self.tls.as_ref().ok_or(WireError::NoTls)?;
            let host = url.host_str().unwrap_or_default().trim_matches(['[', ']']);
            let name = ServerName::try_from(host.to_owned())?;
            exchange(Box::new(tls.connect(name, stream).await?), &request).await
        } else {
            exchange(Box::new(stream), &request).await
        }
    }
}

/// The one name that is known without asking: an image that holds only the program has no
/// `/etc/hosts`. Receivers listen on the first of these or, some servers by default, the second.
fn localhost(port: u16) -> [SocketAddr; 2] {
    [(Ipv4Addr::LOCALHOST, port).into(), (Ipv6Addr::LOCALHOST, port).into()]
}

fn request(url: &Url, headers: &[(&'static str, String)], body: &[u8]) -> Vec<u8> {
    let mut head = format!("POST {} HTTP/1.1\r\n", path_and_query(url));
    for (name, value) in headers {
        head.extend([name, ": ", value.as_str(), "\r\n"]);
    }
    head.push_str("\r\n");
    let mut request = head.into_bytes();
    request.extend_from_slice(body);
    request
}

async fn exchange(mut stream: Box<dyn Stream>, request: &[u8]) -> Result<Answer, WireError> {
    stream.write_all(request).await?;
    stream.flush().await?;
    let mut received = Vec::new();
    loop {
        match parse(&received)? {
            // 100 Continue and its like announce the answer proper.
            Some(head) if head.status < 200 => {
                received.drain(..head.length);
                continue;
            }
            Some(head) => {
                let have = received.len() - head.length;
                let left = head.body_length.min(BODY_MAX).saturating_sub(have);
                return Ok(Answer { status: head.status, stream, left });
            }
            None if HEAD_MAX <= received.len() => return Err(WireError::HeadTooLong),
            None => {}
        }
        if stream.read_buf(&mut received).await? == 0 {
            return Err(WireError::NoAnswer);
        }
    }
}

/// An answer whose status is known.
pub(super) struct Answer {
    pub(super) status: u16,
    stream: Box<dyn Stream>,
    /// How much of the announced body has not come yet.
    left: usize,
}

impl Answer {
    /// Reads what was announced, so that the receiver sees its answer taken. The status has been
    /// decided: whatever goes wrong here is nobody's concern.
    pub(super) async fn hear_out(self) {
        let mut rest = self.stream.take(self.left as u64);
        let _ = tokio::io::copy(&mut rest, &mut tokio::io::sink()).await;
    }
}

/// A connection, with or without TLS.
trait Stream: AsyncRead + AsyncWrite + Send + Unpin {}

impl<T: AsyncRead + AsyncWrite + Send + Unpin> Stream for T {}

struct Head {
    status: u16,
    length: usize,
    body_length: usize,
}

fn parse(received: &[u8]) -> Result<Option<Head>, WireError> {
    let mut headers = [httparse::EMPTY_HEADER; HEADERS_MAX];
    let mut response = httparse::Response::new(&mut headers);
    let httparse::Status::Complete(length) = response.parse(received)? else { return Ok(None) };
    let announced = response
        .headers
        .iter()
        .find(|header| header.name.eq_ignore_ascii_case("content-length"))
        .and_then(|header| std::str::from_utf8(header.value).ok()?.trim().parse().ok());
    let status = response.code.unwrap_or_default();
    Ok(Some(Head { status, length, body_length: announced.unwrap_or(0) }))
}

/// The same words on every machine, for the common cases.
fn describe(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::ConnectionRefused => "connection refused".to_owned(),
        io::ErrorKind::ConnectionReset => "connection reset".to_owned(),
        _ => error.to_string(),
    }
}

impl std::fmt::Debug for Wire {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Wire").finish_non_exhaustive()
    }
}
