//! `vipps-mock taxi`: the reference merchant pays for a ride, against any address.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};
use reqwest::Url;
use tokio::net::TcpListener;

use super::control::root_cause;
use super::exit::{self, Exit};
use super::failure::Failure;
use super::meter::MeterArgs;
use super::ride::{ATTEMPT_MAX, TaxiOnTerminal};
use super::serve::{StopSignal, listen_address};
use super::written::Written;
use crate::taxi::clock::{Clock, RealClock};
use crate::taxi::credentials::Credentials;
use crate::taxi::fare::{Fare, FareError};
use crate::taxi::money::{Amount, Currency};
use crate::taxi::phone::Phone;
use crate::taxi::reference::RideKey;
use crate::taxi::ride::{Reserve, RideOrder};
use crate::taxi::transport::http_client;
use crate::taxi::webhook::verify::SKEW_MAX;
use crate::taxi::webhook::{DateCheck, Receiver, receiver};

/// Flags of `vipps-mock taxi`.
#[derive(Debug, Args)]
pub(crate) struct TaxiArgs {
    #[command(subcommand)]
    command: TaxiCommand,
}

#[derive(Debug, Subcommand)]
enum TaxiCommand {
    /// Pay for one ride, from the order in the taxi app to the money
    ///
    /// Asks the passenger, waits for the answer by webhook and by polling, stores the receipt, captures
    /// the fare, releases the rest, and reads the payment once more. Each step is printed as it happens.
    ///
    /// The API and the sales unit come from the environment: `VIPPS_BASE_URL`, `VIPPS_CLIENT_ID`,
    /// `VIPPS_CLIENT_SECRET`, `VIPPS_SUBSCRIPTION_KEY` and `VIPPS_MSN`. For a mock, `vipps-mock env`
    /// prints them.
    Ride(Box<RideArgs>),
    /// Take up the rides of a journal where they were cut off
    ///
    /// Reads what was about to be done, asks the API what came of it, and goes on from there: nobody is
    /// asked twice, nothing is captured twice, and nothing stays held.
    Resume(ResumeArgs),
}

/// Flags of `vipps-mock taxi ride`.
#[derive(Debug, Args)]
#[command(after_long_help = exit::help(
    &[
        "eval \"$(vipps-mock env)\"",
        "vipps-mock taxi ride --phone 4790000001 --fare 345.92",
        "vipps-mock taxi ride --phone 4790000001 --fare 345.92 --reserve estimate --estimate 500.00",
        "vipps-mock taxi ride --phone 4790000001 --fare 345.92 --ride n01234-0001 --attempt 2",
        "vipps-mock taxi ride --phone 4790000001 --start 97.00 --km 8.2@12.20 --minutes 14@8.42 \
         --toll 31.00 --tip 34.59",
        "vipps-mock taxi ride --phone 4790000001 --fare 345.92 --ride n01234-0002 --journal rides.redb",
        "vipps-mock taxi ride --phone 4791234567 --fare 128.00    # waits for vipps-mock approve",
    ],
    &[Exit::Done, Exit::NotMet, Exit::Usage, Exit::Unreachable, Exit::Refused, Exit::Listen],
))]
struct RideArgs {
    /// The passenger's number with its country code
    #[arg(long, value_name = "PHONE")]
    phone: Phone,

    /// What the ride costs, such as 345.92
    // A minus sign is taken in, so that the answer is about the amount and not about a flag -5.
    #[arg(
        long,
        value_name = "AMOUNT",
        allow_hyphen_values = true,
        required_unless_present = "start"
    )]
    fare: Option<String>,

    #[command(flatten)]
    meter: MeterArgs,

    /// What the passenger gives on top: with the fare, or by itself if the hold has no room
    #[arg(long, value_name = "AMOUNT", allow_hyphen_values = true)]
    tip: Option<String>,

    /// Currency of the amounts: the one of the sales unit's market
    #[arg(long, value_name = "CODE", default_value = "NOK")]
    currency: Currency,

    /// What the passenger is asked to approve
    #[arg(long, value_name = "WHAT", default_value = "final")]
    reserve: ReserveArg,

    /// The reservation, at least the fare; what is not used is released
    #[arg(
        long,
        value_name = "AMOUNT",
        required_if_eq("reserve", "estimate"),
        allow_hyphen_values = true
    )]
    estimate: Option<String>,

    /// The ride's id; the id of an earlier ride takes that one up again [default: a new one]
    #[arg(long, value_name = "ID")]
    ride: Option<RideKey>,

    /// Which attempt to get the ride paid: one more after a declined or unanswered one
    #[arg(long, value_name = "N", default_value_t = 1,
          value_parser = clap::value_parser!(u8).range(1..=i64::from(ATTEMPT_MAX)))]
    attempt: u8,

    /// The car's licence, for the receipt and for new ride ids
    #[arg(long, value_name = "LICENCE", default_value = "N01234")]
    licence: String,

    /// File to write each step into before it is made; the same file and ride take it up again
    ///
    /// Without it the ride is forgotten when the program ends, and --ride asks the API alone.
    #[arg(long, value_name = "FILE")]
    journal: Option<PathBuf>,

    #[command(flatten)]
    hearing: HearingArgs,
}

/// Flags of `vipps-mock taxi resume`.
#[derive(Debug, Args)]
#[command(after_long_help = exit::help(
    &["vipps-mock taxi resume --journal rides.redb"],
    &[Exit::Done, Exit::NotMet, Exit::Usage, Exit::Unreachable, Exit::Refused, Exit::Listen],
))]
struct ResumeArgs {
    /// The journal that `taxi ride --journal` has written
    #[arg(long, value_name = "FILE")]
    journal: PathBuf,

    #[command(flatten)]
    hearing: HearingArgs,
}

/// How the answer is found out.
#[derive(Debug, Args)]
struct HearingArgs {
    /// Where to listen for webhooks; port 0 takes any free port
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:0", value_parser = listen_address)]
    webhook_listen: SocketAddr,

    /// Address at which the API reaches that listener [default: this machine, by the name localhost]
    #[arg(long, value_name = "URL", value_parser = webhook_address)]
    webhook_url: Option<Url>,

    /// Find out by polling alone
    #[arg(long, conflicts_with_all = ["webhook_listen", "webhook_url"])]
    no_webhooks: bool,
}

/// Values of `--reserve`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum ReserveArg {
    /// The fare: the ride is over, and the fare is known
    Final,
    /// An estimate: the ride has not ended
    Estimate,
}

/// Pays for a ride, or goes on paying.
pub(crate) async fn run(args: TaxiArgs) -> Result<Exit, Failure> {
    let (order, journal, hearing) = match args.command {
        TaxiCommand::Ride(args) => (Some(args.order()?), args.journal, args.hearing),
        TaxiCommand::Resume(args) => (None, Some(args.journal), args.hearing),
    };
    if let (None, Some(file)) = (&order, &journal)
        && !file.exists()
    {
        return Err(Failure::Usage {
            message: format!("there is no journal {}", file.display()),
            hint: Some("taxi ride --journal writes one".to_owned()),
        });
    }
    let credentials = credentials()?;
    let mut interrupted = StopSignal::new()?;
    let written = journal.as_deref().map(Written::open).transpose()?;
    let receiver = hearing.receiver().await?;
    tokio::select! {
        found = look_for_api(&credentials.base_url) => found?,
        () = interrupted.wait() => {
            let message = "interrupted: nobody was asked to pay".to_owned();
            return Err(Failure::NotMet { message, hint: None });
        }
    }
    let taxi = TaxiOnTerminal::new(credentials, receiver)?;
    let paid = match (written, order) {
        (Some(written), Some(order)) => written.drive(&taxi, order, &mut interrupted).await,
        (Some(written), None) => written.resume(&taxi, &mut interrupted).await,
        (None, Some(order)) => taxi.drive(&order, &mut interrupted).await.map(drop),
        (None, None) => Ok(()),
    };
    // Told to stop or not, the program ends here, and what became of the ride decides how.
    let _ = taxi.go_off_duty(&mut interrupted).await;
    paid.map(|()| Exit::Done)
}

fn credentials() -> Result<Credentials, Failure> {
    Credentials::from_env().map_err(|missing| Failure::Usage {
        message: missing.to_string(),
        hint: Some("for a running mock: eval \"$(vipps-mock env)\"".to_owned()),
    })
}

/// The taxi repeats a call that nobody answers for most of a minute, as it should when money is
/// moving. A person who forgot to start the mock should not have to wait for that.
async fn look_for_api(base_url: &str) -> Result<(), Failure> {
    match http_client()?.get(base_url).send().await {
        Err(error) if error.is_connect() => {
            Err(Failure::NoApi { url: base_url.to_owned(), cause: root_cause(&error) })
        }
        // Whatever else there is to say about the address, the taxi says it better.
        _ => Ok(()),
    }
}

impl RideArgs {
    fn order(&self) -> Result<RideOrder, Failure> {
        let mut fare = match &self.fare {
            Some(fare) => Fare::taxi_ride(amount("--fare", self.currency, fare)?)
                .map_err(|error| wrong_fare("--fare", &error))?,
            None => self.meter.fare(self.currency)?,
        };
        if let Some(tip) = &self.tip {
            let tip = amount("--tip", self.currency, tip)?;
            fare = fare.with_tip(tip).map_err(|error| wrong_fare("--tip", &error))?;
        }
        let ride = match &self.ride {
            Some(ride) => ride.clone(),
            None => self.new_ride()?,
        };
        let mut order = RideOrder::new(ride, self.phone.clone(), fare);
        order.reserve = self.reserve()?;
        order.attempt = self.attempt;
        order.vehicle = Some(self.licence.clone());
        Ok(order)
    }

    fn reserve(&self) -> Result<Reserve, Failure> {
        match (self.reserve, &self.estimate) {
            (ReserveArg::Estimate, Some(estimate)) => {
                Ok(Reserve::Estimate(amount("--estimate", self.currency, estimate)?))
            }
            (ReserveArg::Final, None) => Ok(Reserve::Final),
            (ReserveArg::Final, Some(_)) | (ReserveArg::Estimate, None) => Err(Failure::Usage {
                message: "--estimate and --reserve estimate go together".to_owned(),
                hint: None,
            }),
        }
    }

    /// Milliseconds of the day tell rides apart without anything to remember: a ride with the id of
    /// an earlier one would take up that one's payment.
    fn new_ride(&self) -> Result<RideKey, Failure> {
        let now = RealClock.now().to_zoned(jiff::tz::TimeZone::UTC);
        let midnight = now.start_of_day().map_err(|error| wrong_flag("--ride", &error))?;
        let trip = now.duration_since(&midnight).as_millis();
        let trip = u32::try_from(trip).unwrap_or_default();
        RideKey::new(&self.licence, now.date(), trip)
            .map_err(|error| wrong_flag("--licence", &error))
    }
}

impl HearingArgs {
    async fn receiver(&self) -> Result<Option<Receiver>, Failure> {
        if self.no_webhooks {
            return Ok(None);
        }
        let refused = |error: std::io::Error| Failure::Listen {
            address: self.webhook_listen.to_string(),
            cause: error.kind().to_string(),
        };
        let listener = TcpListener::bind(self.webhook_listen).await.map_err(refused)?;
        let port = listener.local_addr().map_err(refused)?.port();
        let url = match &self.webhook_url {
            Some(url) => url.to_string(),
            None => format!("http://localhost:{port}{}", receiver::PATH),
        };
        let dates = DateCheck::Within { clock: std::sync::Arc::new(RealClock), skew_max: SKEW_MAX };
        let receiver = Receiver::serve(listener, &url, dates);
        receiver.map(Some).map_err(|error| wrong_flag("--webhook-url", &error))
    }
}

/// An address that can be registered for webhooks, and that a request can come to as it stands.
pub(crate) fn webhook_address(text: &str) -> Result<Url, String> {
    const EXAMPLE: &str = "such as https://taxi.example/webhooks";
    let url =
        Url::parse(text).map_err(|error| format!("{error}; expected an address {EXAMPLE}"))?;
    if !matches!(url.scheme(), "http" | "https") {
        return Err(format!("expected http:// or https://, {EXAMPLE}"));
    }
    if url.fragment().is_some() {
        return Err(format!("expected an address without #, {EXAMPLE}"));
    }
    Ok(url)
}

/// The currency tells the market, and with it the tax.
fn wrong_fare(flag: &str, error: &FareError) -> Failure {
    match error {
        FareError::UnknownMarket(_) => wrong_flag("--currency", error),
        _ => wrong_flag(flag, error),
    }
}

pub(super) fn amount(flag: &str, currency: Currency, text: &str) -> Result<Amount, Failure> {
    Amount::parse(currency, text).map_err(|error| wrong_flag(flag, &error))
}

pub(super) fn wrong_flag(flag: &str, error: &dyn std::error::Error) -> Failure {
    Failure::Usage { message: format!("invalid value for '{flag}': {error}"), hint: None }
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;

    #[derive(Debug, Parser)]
    struct Line {
        #[command(flatten)]
        ride: RideArgs,
    }

    fn order(flags: &[&str]) -> Result<RideOrder, String> {
        let usual = ["ride", "--phone", "+47 900 00 001", "--fare", "345.92"];
        let line = Line::try_parse_from(usual.iter().chain(flags));
        let line = line.map_err(|error| error.kind().to_string())?;
        line.ride.order().map_err(|failure| failure.to_string())
    }

    #[test]
    fn the_fare_or_the_estimate_is_reserved() {
        let exact = order(&["--ride", "ride-0001", "--licence", "N09876"]).expect("valid");
        assert_eq!(exact.reservation().to_string(), "NOK 345.92");
        assert_eq!(exact.vehicle.as_deref(), Some("N09876"));
        let estimate = order(&["--reserve", "estimate", "--estimate", "500"]).expect("valid");
        assert_eq!(estimate.reservation().to_string(), "NOK 500.00");
    }

    #[test]
    fn an_amount_that_cannot_be_is_said_to_be_one() {
        let cases = [
            (
                "-5",
                "invalid value for '--fare': `-5` is not an amount: write it as 345.92, with two decimals or none",
            ),
            ("99999999999999999", "invalid value for '--fare': the amount is out of range"),
        ];
        for (fare, expected) in cases {
            let line = Line::try_parse_from(["ride", "--phone", "4790000001", "--fare", fare]);
            let failure = line.expect("parsed").ride.order().expect_err("refused");
            assert_eq!(failure.to_string(), expected);
        }
        let estimate = order(&["--reserve", "estimate", "--estimate", "-500"]);
        let refused = estimate.expect_err("refused");
        assert!(refused.starts_with("invalid value for '--estimate': `-500`"), "{refused}");
    }

    #[test]
    fn a_meter_makes_the_fare_and_a_tip_comes_on_top() {
        let parts = ["ride", "--phone", "4790000001", "--start", "97.00", "--km", "8.2@12.20"];
        let more = ["--minutes", "14@8.42", "--toll", "31.00", "--tip", "34.59"];
        let line = Line::try_parse_from(parts.iter().chain(&more)).expect("parsed");
        let metered = line.ride.order().expect("valid");
        assert_eq!(metered.fare.total().to_string(), "NOK 345.92");
        assert_eq!(metered.reservation().to_string(), "NOK 380.51");
        let cases = [
            ("8.2x12", "invalid value for '--km': `8.2x12` is no count and price: write 8.2@12.20"),
            (
                "8,2@12",
                "invalid value for '--km': `8,2` is no quantity: write digits, and decimals after a point, such as 8.2",
            ),
        ];
        for (km, expected) in cases {
            let line = Line::try_parse_from([&parts[..6], &[km]].concat()).expect("parsed");
            assert_eq!(line.ride.order().expect_err("refused").to_string(), expected);
        }
        assert!(order(&["--start", "97.00"]).is_err(), "both a fare and a meter");
    }

    #[test]
    fn webhooks_come_to_http_addresses_without_a_fragment() {
        for right in ["http://localhost:9000/", "https://taxi.example/hooks?car=1"] {
            assert_eq!(webhook_address(right).expect("valid").as_str(), right);
        }
        let cases = [
            ("https://taxi.example/hooks#car", "expected an address without #"),
            ("ftp://taxi.example/", "expected http:// or https://"),
            ("taxi.example:9000", "expected http:// or https://"),
            ("/hooks", "relative URL without a base"),
        ];
        for (wrong, expected) in cases {
            let refused = webhook_address(wrong).expect_err("refused");
            assert!(refused.starts_with(expected), "{refused}");
            assert_eq!(refused.lines().count(), 1);
        }
    }

    #[test]
    fn an_attempt_has_a_number_from_1_to_99() {
        assert_eq!(order(&[]).expect("valid").attempt, 1);
        assert_eq!(order(&["--attempt", "99"]).expect("valid").attempt, 99);
        for wrong in ["0", "100", "-1", "two"] {
            assert!(order(&["--attempt", wrong]).is_err(), "{wrong}");
        }
    }

    #[test]
    fn flags_that_contradict_each_other_are_refused() {
        let cases: [(&[&str], &str); 6] = [
            (&["--estimate", "500.00"], "--estimate and --reserve estimate go together"),
            (&["--reserve", "estimate"], "one or more required arguments were not provided"),
            (
                &["--no-webhooks", "--webhook-url", "http://localhost:9000/"],
                "an argument cannot be used with one or more of the other specified arguments",
            ),
            (
                &["--currency", "SEK"],
                "invalid value for '--currency': the tax rate for fares in SEK is not known",
            ),
            (
                &["--reserve", "estimate", "--estimate", "500,00"],
                "invalid value for '--estimate': `500,00` is not an amount: write it as 345.92, with two decimals or none",
            ),
            (&["--ride", "1"], "invalid value for one of the arguments"),
        ];
        for (flags, expected) in cases {
            assert_eq!(order(flags).expect_err("refused"), expected, "{flags:?}");
        }
    }

    #[test]
    fn a_new_ride_is_named_after_car_day_and_moment() {
        let order = order(&["--licence", "N09876"]).expect("valid");
        assert!(order.ride.as_str().starts_with("n09876-20"), "{}", order.ride);
    }
}
