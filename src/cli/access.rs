//! The flags that say who may use a mock's control API, for commands that start one.

use std::net::SocketAddr;

use clap::Args;
use clap::builder::FalseyValueParser;

use super::failure::Failure;
use super::server::ControlApi;
use crate::http::ControlToken;

/// Who may use the control API.
#[derive(Debug, Clone, Args)]
pub(crate) struct AccessArgs {
    /// What callers of the control API have to send, as `Authorization: Bearer TOKEN`
    #[arg(long, value_name = "TOKEN", env = "VIPPS_MOCK_CONTROL_TOKEN", hide_env_values = true)]
    control_token: Option<ControlToken>,

    /// Let everybody who reaches the mock use its control API, also from other machines
    #[arg(long, env = "VIPPS_MOCK_CONTROL_OPEN", value_parser = FalseyValueParser::new())]
    control_open: bool,
}

impl AccessArgs {
    /// The control API of a mock that listens there.
    ///
    /// # Errors
    ///
    /// [`Failure::Usage`] when other machines could reach it, and nobody has said who may use it.
    pub(crate) fn control(&self, listen: SocketAddr) -> Result<ControlApi, Failure> {
        match &self.control_token {
            Some(token) => Ok(ControlApi::With(token.clone())),
            // Of IPv6 there is a form that holds an address of IPv4.
            None if self.control_open || listen.ip().to_canonical().is_loopback() => {
                Ok(ControlApi::Open)
            }
            None => Err(Failure::Usage {
                message: format!(
                    "whoever reaches {listen} could steer this mock and read its keys"
                ),
                hint: Some(
                    "give --control-token TOKEN for those who shall, --control-open for \
                     everybody, --no-control for nobody, or listen on 127.0.0.1"
                        .to_owned(),
                ),
            }),
        }
    }

    /// The token that commands for this mock need.
    pub(crate) fn token(&self) -> Option<&ControlToken> {
        self.control_token.as_ref()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(listen: &str, token: Option<&str>, open: bool) -> &'static str {
        let control_token = token.map(|it| it.parse().unwrap());
        let args = AccessArgs { control_token, control_open: open };
        match args.control(listen.parse().unwrap()) {
            Ok(ControlApi::Open) => "open",
            Ok(ControlApi::With(_)) => "token",
            Ok(ControlApi::Off) => "off",
            Err(_) => "refused",
        }
    }

    #[test]
    fn only_loopback_is_open_by_itself() {
        let cases = [
            ("127.0.0.1:8080", "open"),
            ("127.9.9.9:0", "open"),
            ("[::1]:8080", "open"),
            ("[::ffff:127.0.0.1]:8080", "open"),
            ("0.0.0.0:8080", "refused"),
            ("[::]:8080", "refused"),
            ("192.168.1.7:8080", "refused"),
            ("[::ffff:192.168.1.7]:8080", "refused"),
        ];
        for (listen, expected) in cases {
            assert_eq!(answer(listen, None, false), expected, "{listen}");
            assert_eq!(answer(listen, None, true), "open", "{listen}");
            assert_eq!(answer(listen, Some("t"), false), "token", "{listen}");
            assert_eq!(answer(listen, Some("t"), true), "token", "the image sets --control-open");
        }
    }
}
