//! `vipps-mock demo`: mock, customers and taxi in one process.

use std::error::Error;
use std::net::SocketAddr;
use std::ops::ControlFlow;
use std::sync::Arc;

use clap::Args;

use super::access::AccessArgs;
use super::control::first;
use super::env::{exports, quoted, variables};
use super::exit::{self, Exit};
use super::failure::Failure;
use super::output::{self, Colour};
use super::ride::TaxiOnTerminal;
use super::serve::{self, DEFAULT_LISTEN, StopSignal, listen_address};
use super::server::{Server, Settings};
use super::target::DEFAULT_URL;
use super::wire::SalesUnit;
use crate::config;
use crate::http::ControlToken;
use crate::taxi::clock::RealClock;
use crate::taxi::credentials::Credentials;
use crate::taxi::fare::Fare;
use crate::taxi::money::Amount;
use crate::taxi::reference::RideKey;
use crate::taxi::ride::{Reserve, RideOrder};
use crate::taxi::webhook::verify::SKEW_MAX;
use crate::taxi::webhook::{DateCheck, Receiver};

/// Flags of `vipps-mock demo`.
#[derive(Debug, Args)]
#[command(after_long_help = exit::help(
    &["vipps-mock demo", "vipps-mock demo --listen 127.0.0.1:0 --exit"],
    &[Exit::Done, Exit::NotMet, Exit::Usage, Exit::Listen],
))]
pub(crate) struct DemoArgs {
    /// Address the mock listens on [default: 127.0.0.1:8080, or any free port if that one is taken]
    #[arg(long, value_name = "ADDR", value_parser = listen_address)]
    listen: Option<SocketAddr>,

    #[command(flatten)]
    access: AccessArgs,

    /// End after the rides, with 0 if both are paid
    #[arg(long)]
    exit: bool,
}

/// The passenger of both rides: one who approves at once.
const PASSENGER: &str = "4790000001";

/// Starts a mock, takes two rides against it, and stays until Ctrl-C.
pub(crate) async fn run(args: DemoArgs) -> Result<Exit, Failure> {
    let mut interrupted = StopSignal::new()?;
    let server = start(args.listen, &args.access).await?;
    let shown = show(&server.url(), &mut interrupted).await;
    if matches!(shown, Ok(ControlFlow::Continue(()))) && !args.exit {
        let lines = farewell(&called_as(), &server.url(), args.access.token(), &first_unit()?);
        output::line(&lines.join("\n"))?;
        interrupted.wait().await;
    }
    serve::stop(server).await;
    shown.map(|_| Exit::Done)
}

async fn start(listen: Option<SocketAddr>, access: &AccessArgs) -> Result<Server, Failure> {
    let free = Settings::sandbox();
    let control = access.control(listen.unwrap_or(free.listen))?;
    let sandbox = Settings { control, ..free };
    if let Some(listen) = listen {
        return Ok(Server::start(Settings { listen, ..sandbox }).await?);
    }
    let usual = listen_address(DEFAULT_LISTEN).unwrap_or(sandbox.listen);
    let started = Server::start(Settings { listen: usual, ..sandbox.clone() }).await;
    let refused: Failure = match started {
        Ok(server) => return Ok(server),
        Err(refused) => refused.into(),
    };
    output::note(&format!("{refused}; taking any free port instead, --listen chooses one"));
    Ok(Server::start(sandbox).await?)
}

/// Takes the rides, and breaks off when told to stop after them.
async fn show(url: &str, interrupted: &mut StopSignal) -> Result<ControlFlow<()>, Failure> {
    let dates = DateCheck::Within { clock: Arc::new(RealClock), skew_max: SKEW_MAX };
    let receiver = Receiver::bind(dates).await.map_err(|error| broken(&error))?;
    let taxi = TaxiOnTerminal::new(credentials(url)?, Some(receiver))?;
    let settled = take_both_rides(&taxi, interrupted).await;
    let stopped = taxi.go_off_duty(interrupted).await;
    settled.map(|()| stopped)
}

async fn take_both_rides(
    taxi: &TaxiOnTerminal,
    interrupted: &mut StopSignal,
) -> Result<(), Failure> {
    output::line(&Colour::of_stdout().bold("The fare is known when the ride is over"))?;
    taxi.drive(&order("demo-ride-1", Reserve::Final)?, interrupted).await?;
    output::line("")?;
    output::line(&Colour::of_stdout().bold("An estimate is reserved before the ride"))?;
    let estimate = Reserve::Estimate(Amount::nok(50_000));
    taxi.drive(&order("demo-ride-2", estimate)?, interrupted).await?;
    Ok(())
}

fn order(ride: &str, reserve: Reserve) -> Result<RideOrder, Failure> {
    let ride: RideKey = ride.parse().map_err(|error| broken(&error))?;
    let phone = PASSENGER.parse().map_err(|error| broken(&error))?;
    let fare = Fare::taxi_ride(Amount::nok(34_592)).map_err(|error| broken(&error))?;
    Ok(RideOrder { reserve, ..RideOrder::new(ride, phone, fare) })
}

/// What cannot go wrong on an ordinary machine; if it does all the same, the demo says so and ends.
fn broken(error: &dyn Error) -> Failure {
    Failure::NotMet { message: error.to_string(), hint: None }
}

fn first_unit() -> Result<SalesUnit, Failure> {
    first(config::default_units().iter().map(SalesUnit::from).collect())
}

fn credentials(url: &str) -> Result<Credentials, Failure> {
    let variables = variables(url, &first_unit()?);
    let value = |wanted: &str| {
        let found = variables.iter().find(|(name, _)| *name == wanted);
        found.map(|(_, value)| value.clone())
    };
    Credentials::from_lookup(value).map_err(|error| broken(&error))
}

/// What to do with the mock that is now running.
fn farewell(
    program: &str,
    url: &str,
    token: Option<&ControlToken>,
    unit: &SalesUnit,
) -> Vec<String> {
    let mut lines = vec![
        String::new(),
        format!("The mock listens on {url} until Ctrl-C. In another terminal:"),
        String::new(),
    ];
    if url != DEFAULT_URL {
        lines.push(format!("export VIPPS_MOCK_URL={url}"));
    }
    if let Some(token) = token {
        lines.push(format!("export VIPPS_MOCK_CONTROL_TOKEN={}", quoted(token.reveal())));
    }
    lines.push(exports(&variables(url, unit)));
    lines.push(String::new());
    let next = [
        "payments                                            # what happened",
        "payments show demo-ride-2-1                         # one of them, whole",
        "taxi ride --phone 4791234567 --fare 128.00          # a customer who waits for you:",
        "approve REF                                         # REF as the ride prints it",
        "--help",
    ];
    lines.extend(next.map(|command| format!("{program} {command}")));
    lines
}

/// The program under the name it was called by: after `cargo run` it is on no path.
fn called_as() -> String {
    let name = std::env::args_os().next().unwrap_or_else(|| "vipps-mock".into());
    let name = name.to_string_lossy();
    if name.contains(char::is_whitespace) { quoted(&name) } else { name.into_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rides_and_credentials_of_the_demo_are_valid() {
        assert_eq!(credentials("http://127.0.0.1:1").expect("valid").msn, "900001");
        let order = order("demo-ride-1", Reserve::Final).expect("valid");
        assert_eq!(order.reservation().to_string(), "NOK 345.92");
    }

    #[test]
    fn another_address_than_the_usual_is_handed_on() {
        let unit = first_unit().expect("valid");
        let at = |url| farewell("vipps-mock", url, None, &unit).join("\n");
        assert!(!at(DEFAULT_URL).contains("VIPPS_MOCK_"));
        let token = "it's".parse().expect("valid");
        let lines = farewell("vipps-mock", DEFAULT_URL, Some(&token), &unit).join("\n");
        assert!(lines.contains(r"export VIPPS_MOCK_CONTROL_TOKEN='it'\''s'"), "{lines}");
        assert!(
            at("http://127.0.0.1:4711").contains("export VIPPS_MOCK_URL=http://127.0.0.1:4711")
        );
    }
}
