//! Who is calling: the four `Vipps-System-*` headers.

/// The names of the calling system, which support at Vipps MobilePay sees for each call.
///
/// Partners must send them on every call; a single merchant should.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SystemName {
    values: [String; 4],
}

/// Why a text cannot name a system.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` cannot name a system: use at most {SYSTEM_NAME_LENGTH_MAX} visible characters")]
pub struct SystemNameError(String);

/// The most characters the ePayment API takes in one of the headers.
pub(super) const SYSTEM_NAME_LENGTH_MAX: usize = 30;

const HEADERS: [&str; 4] = [
    "Vipps-System-Name",
    "Vipps-System-Version",
    "Vipps-System-Plugin-Name",
    "Vipps-System-Plugin-Version",
];

impl SystemName {
    /// A system with these names and versions.
    ///
    /// # Errors
    ///
    /// [`SystemNameError`] when one of them is too long, or no plain text.
    pub fn new(
        name: &str,
        version: &str,
        plugin_name: &str,
        plugin_version: &str,
    ) -> Result<Self, SystemNameError> {
        let values = [name, version, plugin_name, plugin_version];
        let plain = |text: &str| text.bytes().all(|b| b.is_ascii_graphic() || b == b' ');
        match values.iter().find(|text| text.len() > SYSTEM_NAME_LENGTH_MAX || !plain(text)) {
            Some(text) => Err(SystemNameError((*text).to_owned())),
            None => Ok(Self { values: values.map(str::to_owned) }),
        }
    }

    /// The name of this reference client.
    #[must_use]
    pub fn reference_taxi() -> Self {
        let version = env!("CARGO_PKG_VERSION");
        let values = ["reference-taxi", version, "vipps-mock-taxi", version];
        Self { values: values.map(str::to_owned) }
    }

    /// Each header with its value.
    pub(super) fn headers(&self) -> impl Iterator<Item = (&'static str, &str)> {
        HEADERS.into_iter().zip(self.values.iter().map(String::as_str))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_short_and_plain() {
        assert!(SystemName::new("meter", "1.0", "", "").is_ok());
        assert!(SystemName::new(&"m".repeat(30), "1.0", "p", "2").is_ok());
        assert!(SystemName::new(&"m".repeat(31), "1.0", "p", "2").is_err());
        assert!(SystemName::new("meter\r\n", "1.0", "p", "2").is_err());
    }

    #[test]
    fn the_reference_taxi_has_a_name_the_api_takes() {
        let taxi = SystemName::reference_taxi();
        let [name, version, plugin_name, plugin_version] =
            taxi.values.each_ref().map(String::as_str);
        assert_eq!(SystemName::new(name, version, plugin_name, plugin_version), Ok(taxi.clone()));
    }
}
