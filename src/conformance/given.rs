//! The one sales unit that a run gets where it cannot make its own: keys and a customer's phone.

use std::fmt;

use super::control::SalesUnit;

/// A sales unit's keys and the phone of a test user in its market, given by whoever runs the
/// features against an API without the control API.
#[derive(Clone, PartialEq, Eq)]
pub struct GivenUnit {
    /// The merchant serial number.
    pub msn: String,
    /// The user name of the token call.
    pub client_id: String,
    /// The password of the token call.
    pub client_secret: String,
    /// The key that every call carries.
    pub subscription_key: String,
    /// The test user's number with its country code, `4791234567`.
    pub phone: String,
}

impl GivenUnit {
    /// The variables a given unit is read from, beside the address.
    pub const VARIABLES: [&str; 5] = [
        "VIPPS_CLIENT_ID",
        "VIPPS_CLIENT_SECRET",
        "VIPPS_SUBSCRIPTION_KEY",
        "VIPPS_MSN",
        "VIPPS_PHONE",
    ];

    /// Reads the unit from wherever `lookup` finds the variables.
    ///
    /// # Errors
    ///
    /// The names for which `lookup` has nothing, all of them.
    pub fn from_lookup(lookup: impl Fn(&str) -> Option<String>) -> Result<Self, Vec<&'static str>> {
        let mut missing = Vec::new();
        let [client_id, client_secret, subscription_key, msn, phone] =
            Self::VARIABLES.map(|name| {
                lookup(name).filter(|value| !value.is_empty()).unwrap_or_else(|| {
                    missing.push(name);
                    String::new()
                })
            });
        if missing.is_empty() {
            Ok(Self { msn, client_id, client_secret, subscription_key, phone })
        } else {
            Err(missing)
        }
    }

    /// The market of the unit: a test user and a sales unit are of one market, so the phone tells.
    pub(super) fn market(&self) -> &'static str {
        match self.phone.as_str() {
            phone if phone.starts_with("45") => "DK",
            phone if phone.starts_with("358") => "FI",
            _ => "NO",
        }
    }

    /// The unit as a mock would show it.
    pub(super) fn sales_unit(&self) -> SalesUnit {
        let currency = match self.market() {
            "DK" => "DKK",
            "FI" => "EUR",
            _ => "NOK",
        };
        SalesUnit {
            msn: self.msn.clone(),
            currency: currency.to_owned(),
            client_id: self.client_id.clone(),
            client_secret: self.client_secret.clone(),
            subscription_key: self.subscription_key.clone(),
        }
    }
}

/// Secrets do not belong in logs.
impl fmt::Debug for GivenUnit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("GivenUnit").field("msn", &self.msn).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_variable_that_is_missing_is_named() {
        let unset = GivenUnit::from_lookup(|_| None).unwrap_err();
        assert_eq!(unset, GivenUnit::VARIABLES);
        let only_phone = |name: &str| Some(if name == "VIPPS_PHONE" { "" } else { "x" }.to_owned());
        assert_eq!(GivenUnit::from_lookup(only_phone).unwrap_err(), ["VIPPS_PHONE"]);
    }

    #[test]
    fn the_phone_tells_the_market() {
        let cases = [("4791234567", "NOK"), ("4512345678", "DKK"), ("358401234567", "EUR")];
        for (phone, currency) in cases {
            let lookup =
                |name: &str| Some(if name == "VIPPS_PHONE" { phone } else { "value" }.to_owned());
            let unit = GivenUnit::from_lookup(lookup).unwrap().sales_unit();
            assert_eq!(unit.currency, currency, "{phone}");
        }
    }
}
