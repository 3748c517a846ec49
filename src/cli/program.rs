//! From the words on the command line to an exit code.

use std::ffi::OsString;

use clap::error::ErrorKind;
use clap::{CommandFactory as _, FromArgMatches as _, Parser, Subcommand};
use tracing_subscriber::EnvFilter;

use super::exit::{self, Exit};
use super::failure::Failure;
use super::wire::Move;
use super::{
    check_in, clock, conformance, demo, env, faults, health, inbox, output, payments, public_url,
    receipts, requests, sales_units, scenario, serve, shell, tail, taxi, users, watch, webhooks,
};

/// A local simulator of the Vipps MobilePay payment APIs
///
/// `serve` starts the mock, `env` hands its credentials to a shell, and the other commands play the
/// customer, move time and look at what happened. Commands talk to the mock at --url.
///
/// Not affiliated with Vipps MobilePay AS. No money moves.
#[derive(Debug, Parser)]
#[command(
    name = "vipps-mock",
    version,
    after_long_help = exit::help(&["vipps-mock demo", "vipps-mock serve"], &Exit::ALL),
    subcommand_required = true,
    arg_required_else_help = true
)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Start the mock and keep it running
    ///
    /// Prints one line on standard output when it is ready, `listening on http://ADDR`, and stops on
    /// SIGTERM and SIGINT. State is kept in memory. Logs go to standard error; `RUST_LOG` selects them.
    Serve(serve::ServeArgs),

    /// Print the credentials of a sales unit as shell exports
    ///
    /// The names are those that the taxi, the features and most examples read: `VIPPS_BASE_URL`,
    /// `VIPPS_CLIENT_ID`, `VIPPS_CLIENT_SECRET`, `VIPPS_SUBSCRIPTION_KEY` and `VIPPS_MSN`.
    Env(env::EnvArgs),

    /// List payments, or show one with its events
    Payments(payments::PaymentsArgs),

    /// List receipts and links, or show one as the customer's app would
    ///
    /// Order Management takes receipts for orders that do not exist; a misspelt one shows here as an
    /// orphan.
    Receipts(receipts::ReceiptsArgs),

    /// Approve a payment, as the customer would in the app
    #[command(after_long_help = exit::help(&["vipps-mock approve ride-0001"], exit::CLIENT))]
    Approve(payments::MoveArgs),

    /// Reject a payment, as the customer would in the app
    #[command(after_long_help = exit::help(&["vipps-mock reject ride-0001"], exit::CLIENT))]
    Reject(payments::MoveArgs),

    /// Let a payment expire now, as if nobody had answered
    #[command(after_long_help = exit::help(&["vipps-mock expire ride-0001"], exit::CLIENT))]
    Expire(payments::MoveArgs),

    /// Let the customer try to pay in vain: the payment stays CREATED and waits on
    Fail(payments::FailArgs),

    /// Let the customer not answer: the payment leaves the inbox, and expires in its own time
    ///
    /// What the customer would have done by itself, it does not do either.
    #[command(after_long_help = exit::help(&["vipps-mock ignore ride-0001"], exit::CLIENT))]
    Ignore(payments::MoveArgs),

    /// Let the customer open the app and be about to confirm, so that a cancel is refused with 6250
    ///
    /// Until it approves, rejects, fails or ignores. By a link, it is asked by that: nobody has to open the
    /// landing page.
    #[command(after_long_help = exit::help(&["vipps-mock open-app ride-0001"], exit::CLIENT))]
    OpenApp(payments::MoveArgs),

    /// Let the customer's browser be closed: nobody comes back to the merchant's returnUrl
    ///
    /// In the app the customer may still answer, and the merchant has to find out by itself.
    #[command(after_long_help = exit::help(&["vipps-mock close-browser ride-0001"], exit::CLIENT))]
    CloseBrowser(payments::MoveArgs),

    /// List what waits in a customer's app, or in everybody's, until you say what they do
    ///
    /// Payments that a customer has been asked for and does nothing about by itself. What a test number
    /// will approve in a moment is not among them, nor what it is to ignore.
    Inbox(inbox::InboxArgs),

    /// List webhooks and their deliveries, explain a signature, send again, or listen
    Webhooks(webhooks::WebhooksArgs),

    /// List the API calls that came, or show one: both sides of it, and what came of it
    ///
    /// Secrets, tokens and phone numbers are masked unless --unmask is given.
    Requests(requests::RequestsArgs),

    /// Let a customer scan a code of the merchant's, who is told by webhook
    ///
    /// The webhook is `user.checked-in.v1`, and the token in it names the customer in a create request
    /// for fifteen minutes. Nothing is sent unless somebody has registered for it.
    CheckIn(check_in::CheckInArgs),

    /// List what customers do by themselves, or choose what one of them does
    Users(users::UsersArgs),

    /// Show or move the time of a sales unit
    ///
    /// Moving time does everything that is due on the way, each thing at its own moment: expiries,
    /// webhook attempts, slow customers. The command returns when all of it is done.
    Clock(clock::ClockArgs),

    /// Show or change the address that links begin with
    ///
    /// A tunnel has its name only once it is open; the mock can be told without a new start.
    PublicUrl(public_url::PublicUrlArgs),

    /// Let calls fail on purpose, or show what is to fail
    Faults(faults::FaultsArgs),

    /// List, create, show, save, load or drop sales units, each a world of its own with its keys
    SalesUnits(sales_units::SalesUnitsArgs),

    /// Run a named scenario: a payment that goes wrong, or just so, in a few steps
    Scenario(scenario::ScenarioArgs),

    /// Follow everything that happens, as it happens
    ///
    /// One line an event: payments, customers, webhooks, faults, the clock. When the connection breaks it
    /// is made again, and goes on after the last event that came. With --output json each line is one
    /// JSON object.
    Tail(tail::TailArgs),

    /// Watch payments arrive, and answer each in place of its customer with one key
    ///
    /// `a` approves the newest payment, `r` rejects it, `e` lets it expire; the arrow keys choose another
    /// one, `q` leaves. Without a terminal to read keys from, and with --output json, it only prints.
    Watch(watch::WatchArgs),

    /// Bring a sales unit back to its start: no payments, no registrations, real time
    Reset(health::ResetArgs),

    /// Ask whether a mock answers
    Health(health::HealthArgs),

    /// Show two taxi rides being paid, and keep the mock running
    ///
    /// Starts a mock, a taxi and passengers who approve by themselves, in one process. Prints each step,
    /// then how to go on with the running mock, until Ctrl-C.
    Demo(demo::DemoArgs),

    /// Be a taxi: the reference merchant, against any address
    #[command(after_long_help = exit::help(
        &["vipps-mock taxi ride --phone 4790000001 --fare 345.92"],
        exit::TAXI,
    ))]
    Taxi(taxi::TaxiArgs),

    /// Run the Gherkin features against a mock
    ///
    /// The features are part of the binary. Every scenario works in a sales unit of its own, so a mock
    /// that is used by others meanwhile is not disturbed. The taxi of the features lives by its sales
    /// unit's clock: start a mock for --target with `serve --webhook-dates unit`.
    Conformance(Box<conformance::ConformanceArgs>),

    /// Print what a shell completes these commands with
    Completion(shell::CompletionArgs),

    /// Print or write manual pages
    Man(shell::ManArgs),
}

/// Every command with its flags, for whoever wants to check or describe a command line.
#[must_use]
pub fn command() -> clap::Command {
    point_to_exit_codes(Cli::command())
}

/// Lets the help text of a command that is one of a group say where the group's exit codes are.
fn point_to_exit_codes(command: clap::Command) -> clap::Command {
    command.mut_subcommands(|group| {
        let codes = format!("Exit codes:\n  as in vipps-mock {} --help", group.get_name());
        group.mut_subcommands(|command| {
            let end = command.get_after_long_help().or(command.get_after_help());
            let end = end.map(ToString::to_string).unwrap_or_default();
            if end.contains("Exit codes:") {
                return command;
            }
            let gap = if end.is_empty() { "" } else { "\n\n" };
            command.after_long_help(format!("{end}{gap}{codes}"))
        })
    })
}

/// Runs the program with these arguments, the first being its name.
pub async fn main(arguments: impl IntoIterator<Item = OsString>) -> Exit {
    let matches = command().try_get_matches_from(arguments);
    let command = match matches.and_then(|it| Cli::from_arg_matches(&it)) {
        Ok(cli) => cli.command,
        Err(error) => return refuse(&error),
    };
    start_logs(&command);
    match run(command).await {
        Ok(exit) => exit,
        Err(failure) => report(&failure),
    }
}

async fn run(command: Command) -> Result<Exit, Failure> {
    match command {
        Command::Serve(args) => serve::run(args).await,
        Command::Env(args) => env::run(args).await,
        Command::Payments(args) => payments::run(args).await,
        Command::Receipts(args) => receipts::run(args).await,
        Command::Approve(args) => payments::make(Move::Approve, args).await,
        Command::Reject(args) => payments::make(Move::Reject, args).await,
        Command::Expire(args) => payments::make(Move::Expire, args).await,
        Command::Fail(args) => payments::fail(args).await,
        Command::Ignore(args) => payments::make(Move::Ignore, args).await,
        Command::OpenApp(args) => payments::make(Move::OpenApp, args).await,
        Command::CloseBrowser(args) => payments::make(Move::CloseBrowser, args).await,
        Command::Inbox(args) => inbox::run(args).await,
        Command::Webhooks(args) => webhooks::run(args).await,
        Command::Requests(args) => requests::run(args).await,
        Command::CheckIn(args) => check_in::run(args).await,
        Command::Users(args) => users::run(args).await,
        Command::Clock(args) => clock::run(args).await,
        Command::PublicUrl(args) => public_url::run(args).await,
        Command::Faults(args) => faults::run(args).await,
        Command::SalesUnits(args) => sales_units::run(args).await,
        Command::Scenario(args) => scenario::run(args).await,
        Command::Tail(args) => tail::run(args).await,
        Command::Watch(args) => watch::run(args).await,
        Command::Reset(args) => health::reset(args).await,
        Command::Health(args) => health::health(args).await,
        Command::Demo(args) => demo::run(args).await,
        Command::Taxi(args) => taxi::run(args).await,
        Command::Conformance(args) => conformance::run(*args).await,
        Command::Completion(args) => shell::completion(&args),
        Command::Man(args) => shell::man(args),
    }
}

/// Prints what the parser of flags has to say: a help text, a version, or what is wrong.
fn refuse(error: &clap::Error) -> Exit {
    // Printing fails when the reader has gone, and then there is nobody to tell.
    match error.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => {
            let _ = error.print();
            Exit::Done
        }
        ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
            let _ = error.print();
            Exit::Usage
        }
        _ => {
            let text = match output::Colour::of_stderr() {
                output::Colour::On => error.render().ansi().to_string(),
                output::Colour::Off => error.render().to_string(),
            };
            // Its last line, in the words that all errors end with.
            output::note(text.replace("For more information, try ", "hint: see ").trim_end());
            Exit::Usage
        }
    }
}

/// The hint where there is none in particular.
const SEE_HELP: &str = "the command's --help has examples, and what each exit code means";

fn report(failure: &Failure) -> Exit {
    let exit = failure.exit();
    if exit != Exit::Done {
        let error = failure.to_string();
        output::note(&format!("error: {error}"));
        // Some say in their own words what there is to do.
        let has_said = error.contains("\nhint: ");
        let hint = failure.hint().or((!has_said).then_some(SEE_HELP));
        if let Some(hint) = hint {
            output::note(&format!("hint: {hint}"));
        }
    }
    exit
}

/// Logs go to standard error: what happens in a mock that is served, elsewhere only warnings.
fn start_logs(command: &Command) {
    let default = match command {
        Command::Serve(_) => "warn,vipps_mock=info",
        // What a scenario makes go wrong is what it is about.
        Command::Conformance(_) => "off",
        _ => "warn",
    };
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new(default));
    let colour = output::Colour::of_stderr() == output::Colour::On;
    let logs = tracing_subscriber::fmt().with_env_filter(filter).with_ansi(colour);
    // A second start in one process finds the first one in place, which serves as well.
    let _ = logs.with_writer(std::io::stderr).try_init();
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn flags_fit_together() {
        command().debug_assert();
    }

    #[test]
    fn every_example_of_a_help_text_is_a_command() {
        let mut examples = Vec::new();
        collect_examples(&command(), &mut examples);
        assert!(examples.len() > 20, "{examples:?}");
        for example in examples {
            match command().try_get_matches_from(words(&example)) {
                Ok(_) => {}
                Err(error) if error.kind() == ErrorKind::DisplayHelp => {}
                Err(error) => panic!("{example}\n{error}"),
            }
        }
    }

    fn collect_examples(command: &clap::Command, examples: &mut Vec<String>) {
        let end = command.get_after_long_help().map(ToString::to_string).unwrap_or_default();
        examples.extend(commands_in(&end));
        for inner in command.get_subcommands() {
            collect_examples(inner, examples);
        }
    }

    /// The lines that call this program, without comments and what the shell does.
    fn commands_in(text: &str) -> impl Iterator<Item = String> {
        let lines = text.lines().map(str::trim).filter(|line| line.starts_with("vipps-mock "));
        lines.map(|line| {
            let command = line.split(" #").next().unwrap_or(line);
            command.trim_end_matches('&').trim().to_owned()
        })
    }

    /// Splits as a shell does, as far as the examples need: at spaces, except in single quotes.
    fn words(line: &str) -> Vec<String> {
        let parts = line.split('\'').enumerate();
        let words = parts.flat_map(|(number, part)| {
            let quoted = number % 2 == 1;
            let plain = part.split_whitespace().map(str::to_owned);
            if quoted { vec![part.to_owned()] } else { plain.collect() }
        });
        words.collect()
    }
}
