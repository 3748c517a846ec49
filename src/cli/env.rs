//! `vipps-mock env`: the credentials of a sales unit, ready for a shell.

use std::path::PathBuf;

use clap::Args;
use serde_json::{Map, Value};

use super::control::{Control, first};
use super::exit::{self, Exit};
use super::failure::Failure;
use super::output::{self, Format};
use super::target::{MockArgs, OutputArgs, UnitArgs};
use super::wire::SalesUnit;
use crate::app::SalesUnitSeed;
use crate::config;

/// Flags of `vipps-mock env`.
#[derive(Debug, Args)]
#[command(after_long_help = exit::help(
    &["eval \"$(vipps-mock env)\"", "vipps-mock env --msn 900002", "vipps-mock env --output json"],
    &[Exit::Done, Exit::Usage, Exit::Unreachable, Exit::Refused, Exit::Config],
))]
pub(crate) struct EnvArgs {
    #[command(flatten)]
    mock: MockArgs,
    #[command(flatten)]
    unit: UnitArgs,
    /// File the mock was started with, for a mock without control API [default: the built-in sandbox]
    #[arg(long, value_name = "FILE", env = "VIPPS_MOCK_CONFIG")]
    config: Option<PathBuf>,
    #[command(flatten)]
    output: OutputArgs,
}

/// Prints the five variables.
pub(crate) async fn run(args: EnvArgs) -> Result<Exit, Failure> {
    let control = Control::of(&args.mock)?;
    let units = match control.sales_units().await {
        Ok(reply) => reply.body,
        Err(Failure::NoControl { .. }) => from_config(&args)?,
        Err(failure) => return Err(failure),
    };
    let unit = choose(units, args.unit.msn.as_deref())?;
    let variables = variables(&args.mock.url.to_string(), &unit);
    match args.output.output {
        Format::Table => output::line(&exports(&variables))?,
        Format::Json => output::json(&object(variables))?,
    }
    Ok(Exit::Done)
}

fn from_config(args: &EnvArgs) -> Result<Vec<SalesUnit>, Failure> {
    let units = config::sales_units(args.config.as_deref())?;
    Ok(units.iter().map(SalesUnit::from).collect())
}

fn choose(units: Vec<SalesUnit>, msn: Option<&str>) -> Result<SalesUnit, Failure> {
    let Some(msn) = msn else { return first(units) };
    let known: Vec<String> = units.iter().map(|unit| unit.msn.clone()).collect();
    units.into_iter().find(|unit| unit.msn == msn).ok_or_else(|| Failure::Refused {
        detail: format!("no sales unit has the number {msn}"),
        hint: Some(format!("there are {}", known.join(", "))),
    })
}

impl From<&SalesUnitSeed> for SalesUnit {
    fn from(seed: &SalesUnitSeed) -> Self {
        Self {
            msn: seed.msn.to_string(),
            client_id: seed.client_id.as_ref().to_owned(),
            client_secret: seed.client_secret.as_ref().to_owned(),
            subscription_key: seed.subscription_key.as_ref().to_owned(),
        }
    }
}

/// The five variables that every integration reads, in the order they are printed.
pub(crate) fn variables(url: &str, unit: &SalesUnit) -> [(&'static str, String); 5] {
    [
        ("VIPPS_BASE_URL", url.to_owned()),
        ("VIPPS_CLIENT_ID", unit.client_id.clone()),
        ("VIPPS_CLIENT_SECRET", unit.client_secret.clone()),
        ("VIPPS_SUBSCRIPTION_KEY", unit.subscription_key.clone()),
        ("VIPPS_MSN", unit.msn.clone()),
    ]
}

/// The variables as lines a shell can evaluate.
pub(crate) fn exports(variables: &[(&'static str, String)]) -> String {
    let lines: Vec<String> =
        variables.iter().map(|(name, value)| format!("export {name}={}", quoted(value))).collect();
    lines.join("\n")
}

fn object(variables: [(&'static str, String); 5]) -> Value {
    let members = variables.into_iter().map(|(name, value)| (name.to_owned(), value.into()));
    Value::Object(members.collect::<Map<_, _>>())
}

/// In single quotes a shell leaves everything alone but the single quote itself.
pub(crate) fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn unit(msn: &str) -> SalesUnit {
        SalesUnit {
            msn: msn.to_owned(),
            client_id: "id".to_owned(),
            client_secret: "it's $HOME; `x` \"y\"".to_owned(),
            subscription_key: "key".to_owned(),
        }
    }

    #[test]
    fn a_shell_reads_back_what_was_written() {
        let lines = exports(&variables("http://127.0.0.1:8080", &unit("900001")));
        insta::assert_snapshot!(lines, @r#"
        export VIPPS_BASE_URL='http://127.0.0.1:8080'
        export VIPPS_CLIENT_ID='id'
        export VIPPS_CLIENT_SECRET='it'\''s $HOME; `x` "y"'
        export VIPPS_SUBSCRIPTION_KEY='key'
        export VIPPS_MSN='900001'
        "#);
    }

    #[test]
    fn json_has_the_same_names() {
        let object = object(variables("http://127.0.0.1:8080", &unit("900001")));
        assert_eq!(object["VIPPS_MSN"], "900001");
        assert_eq!(object.as_object().map(Map::len), Some(5));
    }

    #[test]
    fn the_first_unit_is_meant_unless_another_is_named() {
        let units = || vec![unit("900001"), unit("900002")];
        assert_eq!(choose(units(), None).expect("first").msn, "900001");
        assert_eq!(choose(units(), Some("900002")).expect("second").msn, "900002");
        let failure = choose(units(), Some("1")).expect_err("unknown");
        assert_eq!(failure.to_string(), "no sales unit has the number 1");
        assert_eq!(failure.hint(), Some("there are 900001, 900002"));
    }
}
