//! `vipps-mock sales-units`: worlds of their own, each with its keys.

mod files;

use std::collections::BTreeMap;
use std::path::PathBuf;

use clap::builder::{NonEmptyStringValueParser, PossibleValuesParser};
use clap::{Args, Subcommand};
use serde::Deserialize;
use serde_json::{Value, json};

use super::control::{Control, Reply, UnitControl};
use super::exit::{self, Exit};
use super::failure::Failure;
use super::output::{self, Align, Format, Table};
use super::target::{ClientArgs, MockArgs, OutputArgs, UnitArgs};
use super::wire::SalesUnit;
use crate::domain::{Market, Permissions, Profile};

/// Flags of `vipps-mock sales-units`.
#[derive(Debug, Args)]
#[command(after_long_help = exit::help(
    &[
        "vipps-mock sales-units",
        "vipps-mock sales-units create",
        "vipps-mock sales-units create --market DK --name 'Havn Taxi' --without refund,partial-capture",
        "vipps-mock sales-units show 900002 --output json",
        "vipps-mock sales-units save bug.json",
        "vipps-mock sales-units load bug.json --url http://127.0.0.1:8081",
        "vipps-mock sales-units drop 900002",
    ],
    exit::CLIENT,
))]
pub(crate) struct SalesUnitsArgs {
    #[command(flatten)]
    mock: MockArgs,
    #[command(flatten)]
    output: OutputArgs,
    #[command(subcommand)]
    command: Option<SalesUnitsCommand>,
}

#[derive(Debug, Subcommand)]
enum SalesUnitsCommand {
    /// List the sales units, those of the sandbox first (the default)
    List,
    /// Open a sales unit and print its keys
    ///
    /// Whatever happens in it concerns no other: a test that opens one for itself can run beside any.
    Create(CreateArgs),
    /// Show a sales unit with its keys and permissions
    Show {
        /// Its merchant serial number [default: the first one]
        #[arg(value_name = "MSN", value_parser = NonEmptyStringValueParser::new())]
        msn: Option<String>,
    },
    /// Save a sales unit with all that is in it, so that it can be loaded elsewhere
    ///
    /// A bug travels this way: whoever loads the file has the same payments, webhooks, faults and
    /// remembered answers, at the same time by the sales unit's clock. The journal is not in it. The
    /// secrets are, so treat the file as what it is.
    Save {
        /// Where to; without it, or with `-`, to standard output
        #[arg(value_name = "FILE")]
        file: Option<PathBuf>,
        #[command(flatten)]
        unit: UnitArgs,
    },
    /// Load a sales unit that was saved, in place of the one of its number if there is one
    ///
    /// It goes on from where it stood: what was due in five minutes is due in five minutes.
    Load {
        /// What `save` wrote; `-` reads standard input
        #[arg(value_name = "FILE")]
        file: PathBuf,
    },
    /// Drop a sales unit with all that is in it
    ///
    /// Its keys open nothing from then on. One of the sandbox comes back with `reset --all`.
    Drop {
        /// Its merchant serial number
        #[arg(value_name = "MSN", value_parser = NonEmptyStringValueParser::new())]
        msn: String,
    },
}

#[derive(Debug, Args)]
struct CreateArgs {
    /// Where it sells [default: NO]
    #[arg(long, value_name = "MARKET", value_parser = Market::ALL.map(Market::code))]
    market: Option<String>,
    /// What it is paid in: that of its market, or the mock refuses [default: that of its market]
    #[arg(long, value_name = "CURRENCY")]
    currency: Option<String>,
    /// What customers know it as [default: a plain one]
    #[arg(long, value_name = "NAME", value_parser = NonEmptyStringValueParser::new())]
    name: Option<String>,
    /// Permissions to take away, separated by commas
    #[arg(long, value_name = "PERMISSION", value_delimiter = ',', value_parser = PossibleValuesParser::new(permissions()))]
    without: Vec<String>,
    /// Permissions to give on top: late-capture and nin are the ones that are usually missing
    #[arg(long, value_name = "PERMISSION", value_delimiter = ',', value_parser = PossibleValuesParser::new(permissions()))]
    with: Vec<String>,
    /// Let it refuse what the API descriptions do not allow [default: as `serve` says]
    #[arg(long)]
    strict: bool,
    /// Which environment it is in [default: as `serve` says]
    #[arg(long, value_name = "PROFILE", value_parser = Profile::ALL.map(Profile::name))]
    profile: Option<String>,
}

/// A sales unit as the control API shows it.
#[derive(Debug, Deserialize)]
pub(crate) struct Unit {
    name: String,
    market: String,
    currency: String,
    strict: bool,
    profile: String,
    permissions: BTreeMap<String, bool>,
    #[serde(flatten)]
    keys: SalesUnit,
}

/// Lists, creates, shows or drops.
pub(crate) async fn run(args: SalesUnitsArgs) -> Result<Exit, Failure> {
    let SalesUnitsArgs { mock, output, command } = args;
    let format = output.output;
    match command.unwrap_or(SalesUnitsCommand::List) {
        SalesUnitsCommand::List => list(&Control::of(&mock)?.sales_units().await?, format),
        SalesUnitsCommand::Create(wanted) => {
            let unit = Control::of(&mock)?.create_unit(wanted.body()).await?;
            print_one(&unit, format)?;
            let msn = &unit.body.keys.msn;
            if format == Format::Table {
                output::note(&format!("for a shell: eval \"$(vipps-mock env --msn {msn})\""));
            }
            Ok(Exit::Done)
        }
        SalesUnitsCommand::Show { msn } => {
            let client = ClientArgs { mock, output, unit: UnitArgs { msn } };
            let unit = UnitControl::open(&client).await?;
            print_one(&unit.sales_unit().await?, format)?;
            Ok(Exit::Done)
        }
        SalesUnitsCommand::Save { file, unit } => {
            let client = ClientArgs { mock, unit, output };
            let unit = UnitControl::open(&client).await?;
            files::save(&unit.snapshot().await?, unit.msn(), file.as_deref(), format)
        }
        SalesUnitsCommand::Load { file } => {
            let (msn, snapshot) = files::read(&file)?;
            let unit = Control::of(&mock)?.load_unit(&msn, snapshot).await?;
            print_one(&unit, format)?;
            if format == Format::Table {
                output::note(&format!("sales unit {msn} is as it was saved"));
            }
            Ok(Exit::Done)
        }
        SalesUnitsCommand::Drop { msn } => {
            Control::of(&mock)?.drop_unit(&msn).await?;
            match format {
                Format::Json => output::json(&json!({ "dropped": msn }))?,
                Format::Table => output::note(&format!("sales unit {msn} is dropped")),
            }
            Ok(Exit::Done)
        }
    }
}

impl CreateArgs {
    fn body(self) -> Value {
        let mut body = json!({});
        let texts = [
            ("market", self.market),
            ("currency", self.currency),
            ("name", self.name),
            ("profile", self.profile),
        ];
        for (name, text) in texts {
            if let Some(text) = text {
                body[name] = text.into();
            }
        }
        if self.strict {
            body["strict"] = true.into();
        }
        let taken = self.without.into_iter().map(|name| (name, false));
        for (name, granted) in taken.chain(self.with.into_iter().map(|name| (name, true))) {
            body["permissions"][camel_case(&name)] = granted.into();
        }
        body
    }
}

/// The permissions as flags name them: `push-message`.
fn permissions() -> Vec<String> {
    Permissions::NAMES.iter().map(|name| name.replace('_', "-")).collect()
}

/// `push-message` as JSON has it: `pushMessage`.
fn camel_case(name: &str) -> String {
    let mut parts = name.split('-');
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |text, part| text + &part[..1].to_ascii_uppercase() + &part[1..])
}

/// `pushMessage` as flags have it: `push-message`.
fn kebab_case(name: &str) -> String {
    name.chars().fold(String::new(), |mut text, letter| {
        if letter.is_ascii_uppercase() {
            text.push('-');
        }
        text.push(letter.to_ascii_lowercase());
        text
    })
}

fn list(reply: &Reply<Vec<Unit>>, format: Format) -> Result<Exit, Failure> {
    match format {
        Format::Json => output::json(&reply.json)?,
        Format::Table => output::table(&table(&reply.body), "there is no sales unit")?,
    }
    Ok(Exit::Done)
}

fn print_one(reply: &Reply<Unit>, format: Format) -> Result<(), Failure> {
    match format {
        Format::Json => output::json(&reply.json),
        Format::Table => output::line(&lines(&reply.body).join("\n")),
    }
}

fn table(units: &[Unit]) -> Table {
    let columns = ["MSN", "NAME", "MARKET", "CURRENCY", "PROFILE", "SUBSCRIPTION KEY"];
    let mut table = Table::new(&columns.map(|it| (it, Align::Left)));
    for unit in units {
        table.row([
            unit.keys.msn.clone(),
            unit.name.clone(),
            unit.market.clone(),
            unit.currency.clone(),
            unit.manner(),
            unit.keys.subscription_key.clone(),
        ]);
    }
    table
}

fn lines(unit: &Unit) -> Vec<String> {
    let keys = &unit.keys;
    let names = |granted: bool| {
        let names = unit.permissions.iter().filter(|it| *it.1 == granted);
        let names: Vec<_> = names.map(|it| kebab_case(it.0)).collect();
        if names.is_empty() { "none".to_owned() } else { names.join(", ") }
    };
    output::pairs(&[
        ("msn", keys.msn.clone()),
        ("name", unit.name.clone()),
        ("market", format!("{}, paid in {}", unit.market, unit.currency)),
        ("profile", unit.manner()),
        ("client id", keys.client_id.clone()),
        ("client secret", keys.client_secret.clone()),
        ("subscription key", keys.subscription_key.clone()),
        ("permitted", names(true)),
        ("not permitted", names(false)),
    ])
}

impl Unit {
    /// Which environment it is in, and whether it is strict.
    fn manner(&self) -> String {
        if self.strict { format!("{}, strict", self.profile) } else { self.profile.clone() }
    }
}

#[cfg(test)]
mod tests {
    use super::super::output::Colour;
    use super::*;

    const UNIT: &str = r#"{"msn": "900002", "name": "Havn Taxi", "market": "DK", "currency": "DKK",
        "clientId": "id", "clientSecret": "secret", "subscriptionKey": "key", "strict": true,
        "profile": "test", "permissions": {"refund": false, "pushMessage": true, "nin": false}}"#;

    #[test]
    fn all_keys_are_shown_at_once() {
        let unit: Unit = serde_json::from_str(UNIT).expect("valid");
        insta::assert_snapshot!(lines(&unit).join("\n"), @"
        msn               900002
        name              Havn Taxi
        market            DK, paid in DKK
        profile           test, strict
        client id         id
        client secret     secret
        subscription key  key
        permitted         push-message
        not permitted     nin, refund
        ");
        insta::assert_snapshot!(table(&[unit]).lines(Colour::Off).join("\n"), @"
        MSN     NAME       MARKET  CURRENCY  PROFILE       SUBSCRIPTION KEY
        900002  Havn Taxi  DK      DKK       test, strict  key
        ");
    }

    #[test]
    fn every_permission_is_a_flag_and_comes_back_from_json() {
        for name in permissions() {
            assert_eq!(kebab_case(&camel_case(&name)), name);
        }
        let wanted = CreateArgs {
            market: Some("DK".to_owned()),
            currency: None,
            name: None,
            without: vec!["push-message".to_owned(), "refund".to_owned()],
            with: vec!["nin".to_owned()],
            strict: false,
            profile: None,
        };
        let permissions = json!({ "pushMessage": false, "refund": false, "nin": true });
        assert_eq!(wanted.body(), json!({ "market": "DK", "permissions": permissions }));
    }
}
