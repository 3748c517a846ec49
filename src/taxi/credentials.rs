//! The five values a merchant gets from Vipps MobilePay, and where they come from.

use std::fmt;

/// What the taxi company identifies itself with, and where the API is.
///
/// Keys belong to one sales unit in one environment; mixing two sets is the most common mistake.
#[derive(Clone, PartialEq, Eq)]
pub struct Credentials {
    /// Address of the API without a path, such as `https://apitest.vipps.no`.
    pub base_url: String,
    /// The user name of the token call.
    pub client_id: String,
    /// The password of the token call.
    pub client_secret: String,
    /// The key of the API subscription, sent on every call.
    pub subscription_key: String,
    /// The merchant serial number of the sales unit, as text because it may begin with a zero.
    pub msn: String,
}

/// The environment variables that are needed and not there.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("these environment variables are not set: {}", .missing.join(", "))]
pub struct MissingVariables {
    /// Their names, in the order of the documentation.
    pub missing: Vec<&'static str>,
}

/// The variables read by [`Credentials::from_env`].
pub const VARIABLES: [&str; 5] = [
    "VIPPS_BASE_URL",
    "VIPPS_CLIENT_ID",
    "VIPPS_CLIENT_SECRET",
    "VIPPS_SUBSCRIPTION_KEY",
    "VIPPS_MSN",
];

impl Credentials {
    /// Reads the five variables of the environment.
    ///
    /// # Errors
    ///
    /// [`MissingVariables`] with every name that is unset or empty, not only the first.
    pub fn from_env() -> Result<Self, MissingVariables> {
        Self::from_lookup(|name| std::env::var(name).ok())
    }

    /// Reads the five variables from wherever `lookup` finds them.
    ///
    /// # Errors
    ///
    /// [`MissingVariables`] with every name for which `lookup` has nothing.
    pub fn from_lookup(lookup: impl Fn(&str) -> Option<String>) -> Result<Self, MissingVariables> {
        let mut missing = Vec::new();
        let [base_url, client_id, client_secret, subscription_key, msn] = VARIABLES.map(|name| {
            let value = lookup(name).filter(|value| !value.is_empty());
            value.unwrap_or_else(|| {
                missing.push(name);
                String::new()
            })
        });
        if missing.is_empty() {
            Ok(Self { base_url, client_id, client_secret, subscription_key, msn })
        } else {
            Err(MissingVariables { missing })
        }
    }
}

/// Secrets do not belong in logs, so only what helps to tell two sets apart is printed.
impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Credentials")
            .field("base_url", &self.base_url)
            .field("msn", &self.msn)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_missing_variable_is_named_at_once() {
        let error = Credentials::from_lookup(|name| match name {
            "VIPPS_BASE_URL" | "VIPPS_CLIENT_ID" => Some("x".to_owned()),
            "VIPPS_MSN" => Some(String::new()),
            _ => None,
        })
        .unwrap_err();
        assert_eq!(
            error.to_string(),
            "these environment variables are not set: \
             VIPPS_CLIENT_SECRET, VIPPS_SUBSCRIPTION_KEY, VIPPS_MSN"
        );
    }

    #[test]
    fn each_variable_ends_in_its_own_field() {
        let credentials = Credentials::from_lookup(|name| Some(name.to_owned())).unwrap();
        assert_eq!(credentials.base_url, "VIPPS_BASE_URL");
        assert_eq!(credentials.client_id, "VIPPS_CLIENT_ID");
        assert_eq!(credentials.client_secret, "VIPPS_CLIENT_SECRET");
        assert_eq!(credentials.subscription_key, "VIPPS_SUBSCRIPTION_KEY");
        assert_eq!(credentials.msn, "VIPPS_MSN");
    }

    #[test]
    fn debug_hides_the_secrets() {
        let credentials =
            Credentials::from_lookup(|name| Some(format!("value of {name}"))).unwrap();
        let printed = format!("{credentials:?}");
        assert!(printed.contains("value of VIPPS_MSN"));
        for secret in ["CLIENT_ID", "SECRET", "SUBSCRIPTION"] {
            assert!(!printed.contains(secret), "{printed}");
        }
    }
}
