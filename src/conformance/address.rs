//! Where webhooks come in: at ports of this machine, or through one address for all of them.

use std::collections::HashMap;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::response::{IntoResponse as _, Response};
use http::{StatusCode, header};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

use super::error::RunError;

/// The longest webhook body that is passed on.
const BODY_BYTES_MAX: usize = 64 * 1024;
/// What the first segment of a path through the one address begins with.
const SEGMENT: &str = "hook-";

/// How the target reaches this machine.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum WebhookAddress {
    /// On loopback: both are on one machine.
    #[default]
    Loopback,
    /// By a name, at whatever ports the run listens on.
    Host(String),
    /// At one address, given as it is called from outside; a tunnel leads to where is listened.
    Tunnel {
        /// Where to listen.
        listen: SocketAddr,
        /// The address that is registered, without a slash at its end.
        url: String,
    },
}

/// A free port to be called at, and its address, which is not everywhere the same.
#[derive(Debug)]
pub(super) struct Port {
    /// What is listened on.
    pub(super) listener: TcpListener,
    /// The address for callers in this process, without a slash at its end.
    pub(super) from_here: String,
    /// The address for the mock, without a slash at its end.
    pub(super) from_mock: String,
}

/// Gives out addresses.
#[derive(Debug)]
pub(super) enum Addresses {
    Loopback,
    Host(String),
    Tunnel(Tunnel),
}

/// One address from outside, behind which every receiver has a path of its own.
#[derive(Debug)]
pub(super) struct Tunnel {
    url: String,
    routes: Arc<Routes>,
    next: AtomicU32,
    server: JoinHandle<()>,
}

#[derive(Debug)]
struct Routes {
    http: reqwest::Client,
    /// The path of the address from outside, which the tunnel may or may not take off.
    path: String,
    to: Mutex<HashMap<String, String>>,
}

impl Addresses {
    /// Listens at once where one address is given for all.
    pub(super) async fn open(
        given: &WebhookAddress,
        http: &reqwest::Client,
    ) -> Result<Self, RunError> {
        match given {
            WebhookAddress::Loopback => Ok(Self::Loopback),
            WebhookAddress::Host(name) => Ok(Self::Host(name.clone())),
            WebhookAddress::Tunnel { listen, url } => {
                let listener = TcpListener::bind(listen).await.map_err(|source| {
                    RunError::NoListener { address: listen.to_string(), source }
                })?;
                Ok(Self::Tunnel(Tunnel::serve(listener, url, http)))
            }
        }
    }

    /// Listens at a free port, under an address of its own.
    pub(super) async fn listen(&self) -> io::Result<Port> {
        let address = match self {
            Self::Host(_) => Ipv4Addr::UNSPECIFIED,
            Self::Loopback | Self::Tunnel(_) => Ipv4Addr::LOCALHOST,
        };
        let listener = TcpListener::bind((address, 0)).await?;
        let port = listener.local_addr()?.port();
        let from_here = format!("http://127.0.0.1:{port}");
        let from_mock = match self {
            Self::Loopback => from_here.clone(),
            Self::Host(name) => format!("http://{name}:{port}"),
            Self::Tunnel(tunnel) => tunnel.lead_to(&from_here),
        };
        Ok(Port { listener, from_here, from_mock })
    }

    /// Whether there is something between the target and this machine.
    pub(super) fn is_tunnel(&self) -> bool {
        matches!(self, Self::Tunnel(_))
    }

    /// Whether somebody has said how the target reaches this machine.
    pub(super) fn is_named(&self) -> bool {
        !matches!(self, Self::Loopback)
    }
}

impl Tunnel {
    fn serve(listener: TcpListener, url: &str, http: &reqwest::Client) -> Self {
        let url = url.trim_end_matches('/').to_owned();
        let parsed = reqwest::Url::parse(&url).ok();
        let path = parsed.map(|url| url.path().trim_end_matches('/').to_owned());
        let to = Mutex::default();
        let routes = Arc::new(Routes { http: http.clone(), path: path.unwrap_or_default(), to });
        let service = Router::new().fallback(pass_on).with_state(Arc::clone(&routes));
        let server = tokio::spawn(async move {
            // Serving ends when the tunnel is dropped; there is nobody to tell of an error.
            let _ = axum::serve(listener, service).await;
        });
        Self { url, routes, next: AtomicU32::new(0), server }
    }

    /// The address from outside of a server of this machine.
    fn lead_to(&self, upstream: &str) -> String {
        let segment = format!("{SEGMENT}{}", self.next.fetch_add(1, Ordering::Relaxed));
        let address = format!("{}/{segment}", self.url);
        self.routes.with(|to| to.insert(segment, upstream.to_owned()));
        address
    }
}

impl Drop for Tunnel {
    fn drop(&mut self) {
        self.server.abort();
    }
}

impl Routes {
    // The table is whole between any two statements, whatever panicked elsewhere.
    fn with<T>(&self, act: impl FnOnce(&mut HashMap<String, String>) -> T) -> T {
        act(&mut self.to.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// The full address on this machine for a path as it arrives. The path stays as it was
    /// registered: that is what is signed.
    fn upstream(&self, path: &str) -> Option<String> {
        let start = path.find(&format!("/{SEGMENT}"))?;
        let own = &path[start..];
        let end = own[1..].find(['/', '?']).map_or(own.len(), |end| end + 1);
        let upstream = self.with(|to| to.get(&own[1..end]).cloned())?;
        Some(format!("{upstream}{}{own}", self.path))
    }
}

async fn pass_on(State(routes): State<Arc<Routes>>, request: Request<Body>) -> Response {
    try_to_pass_on(&routes, request).await.unwrap_or_else(|| StatusCode::NOT_FOUND.into_response())
}

async fn try_to_pass_on(routes: &Routes, request: Request<Body>) -> Option<Response> {
    let (mut parts, body) = request.into_parts();
    let upstream = routes.upstream(parts.uri.path_and_query()?.as_str())?;
    let body = to_bytes(body, BODY_BYTES_MAX).await.ok()?;
    // The client of the next leg writes this itself.
    parts.headers.remove(header::CONTENT_LENGTH);
    let call = routes.http.request(parts.method, upstream).headers(parts.headers).body(body);
    let reply = call.send().await.ok()?;
    let (status, headers) = (reply.status(), reply.headers().clone());
    Some((status, headers, reply.bytes().await.ok()?).into_response())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_leads_to_its_receiver_whether_or_not_the_tunnel_takes_a_part_off() {
        let routes = Routes {
            http: crate::taxi::transport::http_client().unwrap(),
            path: "/tunnel".to_owned(),
            to: Mutex::default(),
        };
        routes.with(|to| to.insert("hook-1".to_owned(), "http://127.0.0.1:9".to_owned()));
        let cases = [
            ("/hook-1/hooks?a=1", Some("http://127.0.0.1:9/tunnel/hook-1/hooks?a=1")),
            ("/tunnel/hook-1/hooks", Some("http://127.0.0.1:9/tunnel/hook-1/hooks")),
            ("/hook-1", Some("http://127.0.0.1:9/tunnel/hook-1")),
            ("/hook-12/hooks", None),
            ("/hooks", None),
        ];
        for (path, expected) in cases {
            assert_eq!(routes.upstream(path).as_deref(), expected, "{path}");
        }
    }
}
