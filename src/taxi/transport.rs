//! The one place where an HTTP client is built: TLS, timeouts, no proxy, no redirects.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use rustls::{ClientConfig, RootCertStore};

/// How long to wait for a connection.
pub const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
/// How long to wait for a whole answer.
pub const ANSWER_TIMEOUT: Duration = Duration::from_secs(30);

/// Where `localhost` is. Port 0 stands for the one of the address that is called.
const LOOPBACK: [SocketAddr; 2] = [
    SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 0),
    SocketAddr::new(IpAddr::V6(Ipv6Addr::LOCALHOST), 0),
];

/// Why no HTTP client could be built.
#[derive(Debug, Clone, thiserror::Error)]
#[error("no HTTP client could be built: {0}")]
pub struct TransportError(String);

/// An HTTP client for the payment API.
///
/// It follows no redirects, because a payment API that redirects is not the one we meant to call,
/// and it asks no proxy. Certificate authorities are compiled in and `localhost` is known without
/// asking: a container need have neither.
///
/// # Errors
///
/// [`TransportError`] when TLS cannot be set up.
pub fn http_client() -> Result<reqwest::Client, TransportError> {
    reqwest::Client::builder()
        .tls_backend_preconfigured(tls()?)
        .no_proxy()
        .resolve_to_addrs("localhost", &LOOPBACK)
        .redirect(reqwest::redirect::Policy::none())
        .connect_timeout(CONNECT_TIMEOUT)
        .timeout(ANSWER_TIMEOUT)
        .build()
        .map_err(|error| TransportError(error.to_string()))
}

/// The TLS settings, built once: parsing all the authorities is the slow part.
fn tls() -> Result<ClientConfig, TransportError> {
    static TLS: OnceLock<Result<ClientConfig, TransportError>> = OnceLock::new();
    TLS.get_or_init(build_tls).clone()
}

fn build_tls() -> Result<ClientConfig, TransportError> {
    let authorities: RootCertStore = webpki_roots::TLS_SERVER_ROOTS.iter().cloned().collect();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| TransportError(error.to_string()))?
        .with_root_certificates(authorities)
        .with_no_client_auth();
    Ok(config)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_client_can_be_built_without_system_certificates() {
        http_client().unwrap();
    }
}
