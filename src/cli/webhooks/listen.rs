//! `vipps-mock webhooks listen`: what comes, as it comes, and what the receiver behind says to it.

use std::net::SocketAddr;
use std::sync::Arc;

use clap::Args;
use jiff::SignedDuration;
use reqwest::Url;
use tokio::net::TcpListener;

use super::relay::{Relay, Trusted};
use crate::app::clock::within;
use crate::cli::control::UnitControl;
use crate::cli::exit::{self, Exit};
use crate::cli::failure::Failure;
use crate::cli::output::{self, Format};
use crate::cli::serve::{StopSignal, listen_address};
use crate::cli::taxi::webhook_address;
use crate::domain::EventType;
use crate::taxi::client::{Client, SystemName};
use crate::taxi::clock::RealClock;
use crate::taxi::credentials::Credentials;
use crate::taxi::error::Error;
use crate::taxi::webhook::receiver::PATH;

/// Flags of `vipps-mock webhooks listen`.
#[derive(Debug, Args)]
#[command(after_long_help = exit::help(
    &[
        "vipps-mock webhooks listen",
        "vipps-mock webhooks listen --forward-to http://localhost:3000/hook",
        "vipps-mock webhooks listen --event epayments.payment.authorized.v1 --output json",
    ],
    &[Exit::Done, Exit::Usage, Exit::Unreachable, Exit::Refused, Exit::Listen],
))]
pub(crate) struct ListenArgs {
    /// Pass each delivery on to this address, with the same bytes and headers, and answer what it
    /// answers [default: answer 200]
    ///
    /// The path and query are registered as well, so that they are part of what is signed. The Host
    /// header stays what was signed: the address of this listener.
    #[arg(long, value_name = "URL", value_parser = webhook_address)]
    forward_to: Option<Url>,

    /// Register for this event alone; may be given more than once [default: every event there is]
    #[arg(long = "event", value_name = "EVENT")]
    events: Vec<EventType>,

    /// Where to listen; port 0 takes any free port
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:0", value_parser = listen_address)]
    webhook_listen: SocketAddr,

    /// Address at which the mock reaches that listener [default: this machine, by the name localhost]
    #[arg(long, value_name = "URL", value_parser = webhook_address)]
    webhook_url: Option<Url>,
}

/// How long taking back the registration may hold up the end of the program.
const UNREGISTER_WITHIN: SignedDuration = SignedDuration::from_secs(3);

/// Listens until told to stop, and takes the registration back.
pub(crate) async fn run(
    unit: &UnitControl,
    args: ListenArgs,
    format: Format,
) -> Result<Exit, Failure> {
    // Asked for before anything is registered, so that no early signal leaves it behind.
    let mut told_to_stop = StopSignal::new()?;
    let client = client(unit).await?;
    let events = events(unit, &args.events).await?;
    let (listener, url) = listen(&args).await?;
    let relay = Arc::new(Relay::new(&url, args.forward_to.clone(), format).map_err(wrong_address)?);
    let serving = relay.serve(listener);
    let registered = client.register_webhook(&url, &events).await;
    let registered = registered.map_err(|error| call("register the webhook", error))?;
    let (id, secret) = (registered.id, registered.secret);
    let shown = shown_secret(unit, &id).await;
    relay.trust(Trusted { id: id.clone(), secret });
    output::note(&format!("registered {url} for {} events, as {id}", events.len()));
    if let Some(secret) = shown {
        output::note(&format!("secret {secret}"));
    }
    if let Some(forward_to) = &args.forward_to {
        output::note(&format!("each delivery is passed on to {forward_to}; Ctrl-C ends it"));
    }
    tokio::select! {
        () = told_to_stop.wait() => {}
        () = relay.nobody_reads() => {}
    }
    unregister(&client, &id).await;
    serving.abort();
    Ok(Exit::Done)
}

/// The Webhooks API as a merchant calls it, with the keys that the control API tells.
async fn client(unit: &UnitControl) -> Result<Client, Failure> {
    let keys = unit.keys().await?;
    let credentials = Credentials {
        base_url: unit.url().to_string(),
        client_id: keys.client_id,
        client_secret: keys.client_secret,
        subscription_key: keys.subscription_key,
        msn: keys.msn,
    };
    let client = Client::new(credentials, SystemName::reference_taxi(), Arc::new(RealClock));
    client.map_err(|error| call("call the Webhooks API", error))
}

/// What to register for. An event that may be registered once is left to whoever has it.
async fn events(unit: &UnitControl, wanted: &[EventType]) -> Result<Vec<&'static str>, Failure> {
    if !wanted.is_empty() {
        return Ok(wanted.iter().map(|it| it.name()).collect());
    }
    let registered = unit.registrations().await?.body;
    let is_free = |event: &EventType| {
        let count =
            registered.iter().filter(|it| it.events.iter().any(|name| name == event.name()));
        count.count() < event.registrations_max()
    };
    let (free, taken): (Vec<_>, Vec<_>) = EventType::all().partition(is_free);
    for event in taken {
        let max = event.registrations_max();
        output::note(&format!("without {}: it has its {max} registrations", event.name()));
    }
    Ok(free.into_iter().map(EventType::name).collect())
}

async fn listen(args: &ListenArgs) -> Result<(TcpListener, String), Failure> {
    let refused = |error: std::io::Error| Failure::Listen {
        address: args.webhook_listen.to_string(),
        cause: error.kind().to_string(),
    };
    let listener = TcpListener::bind(args.webhook_listen).await.map_err(refused)?;
    let port = listener.local_addr().map_err(refused)?.port();
    let url = match (&args.webhook_url, &args.forward_to) {
        (Some(url), _) => url.to_string(),
        (None, Some(forward_to)) => {
            let query = forward_to.query().map_or_else(String::new, |query| format!("?{query}"));
            format!("http://localhost:{port}{}{query}", forward_to.path())
        }
        (None, None) => format!("http://localhost:{port}{PATH}"),
    };
    Ok((listener, url))
}

/// The secret for people: the merchant's client does not tell.
async fn shown_secret(unit: &UnitControl, id: &str) -> Option<String> {
    let registrations = unit.registrations().await.ok()?.body;
    registrations.into_iter().find(|it| it.id == id).map(|it| it.secret)
}

async fn unregister(client: &Client, id: &str) {
    match within(UNREGISTER_WITHIN, client.delete_webhook(id)).await {
        Some(Ok(())) => output::note(&format!("deleted the registration {id}")),
        Some(Err(error)) if error.status() == Some(404) => {
            output::note("the registration was gone already");
        }
        Some(Err(error)) => output::note(&format!("{id} may still be registered: {error}")),
        None => output::note(&format!("{id} may still be registered: no answer in time")),
    }
}

fn call(doing: &'static str, error: Error) -> Failure {
    Failure::Call { doing, error: Box::new(error) }
}

#[expect(clippy::needless_pass_by_value, reason = "the shape that map_err wants")]
fn wrong_address(error: std::io::Error) -> Failure {
    Failure::Usage { message: format!("invalid value for '--webhook-url': {error}"), hint: None }
}
