//! The flags that commands share: which mock, which sales unit, which output.

use std::fmt;
use std::str::FromStr;

use clap::Args;
use clap::builder::NonEmptyStringValueParser;
use reqwest::Url;

use super::output::Format;
use crate::http::{ControlToken, base_url};

/// Where `vipps-mock serve` listens, and so where the other commands look.
pub(crate) const DEFAULT_URL: &str = "http://127.0.0.1:8080";

/// Which mock to talk to.
#[derive(Debug, Clone, Args)]
pub(crate) struct MockArgs {
    /// Address of the running mock
    #[arg(long, global = true, value_name = "URL", env = "VIPPS_MOCK_URL", default_value = DEFAULT_URL)]
    pub(crate) url: BaseUrl,

    /// What the mock's control API is used with, if `serve` was given a --control-token
    #[arg(
        long,
        global = true,
        value_name = "TOKEN",
        env = "VIPPS_MOCK_CONTROL_TOKEN",
        hide_env_values = true
    )]
    pub(crate) control_token: Option<ControlToken>,
}

/// Which sales unit of the mock is meant.
#[derive(Debug, Clone, Args)]
pub(crate) struct UnitArgs {
    /// Merchant serial number of the sales unit [default: the first one]
    #[arg(long, global = true, value_name = "MSN", value_parser = NonEmptyStringValueParser::new())]
    pub(crate) msn: Option<String>,
}

/// What to print.
#[derive(Debug, Clone, Copy, Args)]
pub(crate) struct OutputArgs {
    /// Who reads the output: people or programs
    #[arg(long, global = true, value_name = "FORMAT", default_value = "table")]
    pub(crate) output: Format,
}

/// All three, for a command about one sales unit.
#[derive(Debug, Clone, Args)]
pub(crate) struct ClientArgs {
    #[command(flatten)]
    pub(crate) mock: MockArgs,
    #[command(flatten)]
    pub(crate) unit: UnitArgs,
    #[command(flatten)]
    pub(crate) output: OutputArgs,
}

/// An http or https address to which paths can be added.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct BaseUrl(Url);

impl BaseUrl {
    /// The address of a path, given as segments that need not be encoded.
    pub(crate) fn join<'a>(&self, segments: impl IntoIterator<Item = &'a str>) -> Url {
        let mut url = self.0.clone();
        // Only an address without a host has no path, and `from_str` takes none of those.
        if let Ok(mut path) = url.path_segments_mut() {
            path.pop_if_empty().extend(segments);
        }
        url
    }
}

impl FromStr for BaseUrl {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        base_url(text).map(Self)
    }
}

impl fmt::Display for BaseUrl {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.0.as_str().trim_end_matches('/'))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_http_and_may_have_a_path() {
        let cases = [
            ("http://127.0.0.1:8080", Some("http://127.0.0.1:8080")),
            ("http://127.0.0.1:8080/", Some("http://127.0.0.1:8080")),
            ("https://mock.example/base/", Some("https://mock.example/base")),
            ("127.0.0.1:8080", None),
            ("localhost:8080", None),
            ("ftp://mock.example", None),
            ("http://mock.example?x=1", None),
            ("", None),
        ];
        for (text, expected) in cases {
            let printed = text.parse::<BaseUrl>().ok().map(|url| url.to_string());
            assert_eq!(printed.as_deref(), expected, "{text}");
        }
    }

    #[test]
    fn segments_are_encoded() {
        let url: BaseUrl = "http://mock.example/base/".parse().expect("valid");
        let joined = url.join(["control", "a/b c"]);
        assert_eq!(joined.as_str(), "http://mock.example/base/control/a%2Fb%20c");
    }
}
