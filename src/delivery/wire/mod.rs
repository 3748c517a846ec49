//! The bytes of one webhook request, and of its answer.
//!
//! HTTP libraries write header names in their own casing and add headers of
//! their own. What the platform sends has been captured, and is sent here as
//! it was.

mod answer;
mod pool;

use std::{
    io,
    net::{Ipv4Addr, Ipv6Addr, SocketAddr},
    sync::Arc,
};

use rustls::{
    ClientConfig, RootCertStore,
    pki_types::{InvalidDnsNameError, ServerName},
};
use tokio::{io::AsyncWriteExt as _, net::TcpStream};
use tokio_rustls::TlsConnector;
use url::{Host, Url};

pub use answer::Incoming;
use pool::{Connection, Pool};

/// A way to receivers. Certificates are checked against compiled-in authorities.
///
/// A connection is used again by what is sent soon after, and closed when nothing is.
#[derive(Clone)]
pub struct Wire {
    tls: Option<TlsConnector>,
    pool: Arc<Pool>,
}

/// Why an attempt got no answer.
#[derive(Debug, thiserror::Error)]
pub enum WireError {
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
    #[error("the headers of the answer are longer than {} bytes", answer::HEAD_MAX)]
    HeadTooLong,
}

impl Wire {
    /// A wire without connections yet.
    #[must_use]
    pub fn new() -> Self {
        let roots: RootCertStore = webpki_roots::TLS_SERVER_ROOTS.iter().cloned().collect();
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let tls = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .map(|it| it.with_root_certificates(roots).with_no_client_auth())
            .map(|config| TlsConnector::from(Arc::new(config)));
        Self { tls: tls.ok(), pool: Arc::default() }
    }

    /// Posts once, and returns when the status of the answer is known.
    ///
    /// # Errors
    ///
    /// [`WireError`] when no answer comes. It never ends by itself if the receiver keeps silent.
    pub async fn post(
        &self,
        url: &Url,
        headers: &[(&str, String)],
        body: &[u8],
    ) -> Result<Incoming, WireError> {
        let origin = origin(url);
        let mut connection = match self.pool.take(&origin).await {
            Some(connection) => connection,
            None => self.connect(url).await?,
        };
        connection.write_all(&request(url, headers, body)).await?;
        connection.flush().await?;
        Incoming::read_head(connection).await
    }

    /// Reads the rest of an answer, and keeps the connection if it can carry another request.
    pub async fn hear_out(&self, url: &Url, answer: &mut Incoming) {
        if let Some(connection) = answer.read_body().await {
            self.pool.give(origin(url), connection);
        }
    }

    async fn connect(&self, url: &Url) -> Result<Connection, WireError> {
        let port = url.port_or_known_default().ok_or(WireError::NoHost)?;
        let stream = match url.host().ok_or(WireError::NoHost)? {
            Host::Domain("localhost") => TcpStream::connect(&localhost(port)[..]).await?,
            Host::Domain(name) => TcpStream::connect((name, port)).await?,
            Host::Ipv4(address) => TcpStream::connect((address, port)).await?,
            Host::Ipv6(address) => TcpStream::connect((address, port)).await?,
        };
        // A request is one write, and nothing is gained by waiting for more.
        stream.set_nodelay(true)?;
        if url.scheme() != "https" {
            return Ok(Box::new(stream));
        }
        let tls = self.tls.as_ref().ok_or(WireError::NoTls)?;
        let host = url.host_str().unwrap_or_default().trim_matches(['[', ']']);
        let name = ServerName::try_from(host.to_owned())?;
        Ok(Box::new(tls.connect(name, stream).await?))
    }
}

impl Default for Wire {
    fn default() -> Self {
        Self::new()
    }
}

/// What connections and places on the wire are counted by: scheme, host and port.
#[must_use]
pub(super) fn origin(url: &Url) -> String {
    url.origin().ascii_serialization()
}

/// The request target: the path, and the query where there is one.
#[must_use]
pub(super) fn path_and_query(url: &Url) -> String {
    match url.query() {
        Some(query) => format!("{}?{query}", url.path()),
        None => url.path().to_owned(),
    }
}

/// The one name that is known without asking: an image that holds only the program has no
/// `/etc/hosts`. Receivers listen on the first of these or, some servers by default, the second.
fn localhost(port: u16) -> [SocketAddr; 2] {
    [(Ipv4Addr::LOCALHOST, port).into(), (Ipv6Addr::LOCALHOST, port).into()]
}

fn request(url: &Url, headers: &[(&str, String)], body: &[u8]) -> Vec<u8> {
    let mut request = Vec::with_capacity(1024 + body.len());
    for part in ["POST ", &path_and_query(url), " HTTP/1.1\r\n"] {
        request.extend_from_slice(part.as_bytes());
    }
    for (name, value) in headers {
        for part in [name, ": ", value.as_str(), "\r\n"] {
            request.extend_from_slice(part.as_bytes());
        }
    }
    request.extend_from_slice(b"\r\n");
    request.extend_from_slice(body);
    request
}

/// The same words on every machine, for the common cases.
fn describe(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::ConnectionRefused => CONNECTION_REFUSED.to_owned(),
        io::ErrorKind::ConnectionReset => CONNECTION_RESET.to_owned(),
        _ => error.to_string(),
    }
}

const CONNECTION_REFUSED: &str = "connection refused";
const CONNECTION_RESET: &str = "connection reset";

impl WireError {
    /// The reason, without a text of its own where there may be thousands of the same.
    #[must_use]
    pub fn reason(&self) -> std::borrow::Cow<'static, str> {
        match self {
            Self::Io(error) if error.kind() == io::ErrorKind::ConnectionRefused => {
                CONNECTION_REFUSED.into()
            }
            Self::Io(error) if error.kind() == io::ErrorKind::ConnectionReset => {
                CONNECTION_RESET.into()
            }
            other => other.to_string().into(),
        }
    }
}

impl std::fmt::Debug for Wire {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Wire").finish_non_exhaustive()
    }
}
