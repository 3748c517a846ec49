//! The sandbox file: which sales units a mock starts with, read and checked once.

use std::collections::{BTreeMap, HashMap};
use std::fmt::Display;
use std::ops::Range;
use std::path::Path;
use std::str::FromStr;
use std::sync::Arc;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use serde::Deserialize;
use toml::Spanned;

use crate::app::addresses::may_receive;
use crate::app::{RegistrationSeed, SalesUnitSeed, WebhookSeed};
use crate::domain::{EventName, EventType, Market, Msn, Permissions, Profile, Strictness};

/// The sandbox a mock starts with when no file is named.
const DEFAULT_SANDBOX: &str = include_str!("../fixtures/sandbox.toml");

/// How many sales units a file may hold.
const MAX_SALES_UNITS: usize = 1_000;

/// How many bytes a webhook secret stands for.
const SECRET_BYTES: usize = 64;

/// Why a sandbox file was not taken.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The file could not be read at all.
    #[error("cannot read the config file {path}: {cause}")]
    Unreadable {
        /// The file as it was named.
        path: String,
        /// What the system said.
        cause: std::io::Error,
    },
    /// The file was read, and says something it may not say.
    #[error("{path}:{line}: {message}")]
    Invalid {
        /// The file as it was named.
        path: String,
        /// The line, counted from one.
        line: usize,
        /// What is wrong there.
        message: String,
    },
}

/// The sales units of a sandbox file, or of the default sandbox when none is named.
///
/// # Errors
///
/// When the file cannot be read, or does not describe sales units that can live side by side.
pub fn sales_units(path: Option<&Path>) -> Result<Vec<SalesUnitSeed>, ConfigError> {
    let Some(path) = path else { return Ok(default_units()) };
    let name = path.display().to_string();
    let text = std::fs::read_to_string(path)
        .map_err(|cause| ConfigError::Unreadable { path: name.clone(), cause })?;
    parse(&text).map_err(|problem| problem.at(name, &text))
}

/// The sales units of the default sandbox: Norway, Denmark, Finland.
///
/// # Panics
///
/// Never: the file is part of the binary, and a test reads it.
#[must_use]
#[expect(clippy::expect_used, reason = "the file is part of the binary, and a test reads it")]
pub fn default_units() -> Vec<SalesUnitSeed> {
    parse(DEFAULT_SANDBOX).expect("the default sandbox is valid")
}

/// What is wrong with a text, and where in it.
#[derive(Debug)]
struct Problem {
    span: Range<usize>,
    message: String,
}

impl Problem {
    fn new(span: Range<usize>, message: impl Into<String>) -> Self {
        Self { span, message: message.into() }
    }

    fn at(self, path: String, text: &str) -> ConfigError {
        ConfigError::Invalid { path, line: line_of(text, self.span.start), message: self.message }
    }
}

fn line_of(text: &str, offset: usize) -> usize {
    text.bytes().take(offset).filter(|byte| *byte == b'\n').count() + 1
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SandboxFile {
    #[serde(default)]
    sales_unit: Vec<SalesUnitEntry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SalesUnitEntry {
    msn: Spanned<String>,
    name: Spanned<String>,
    market: Spanned<String>,
    client_id: Spanned<String>,
    client_secret: Spanned<String>,
    subscription_key: Spanned<String>,
    #[serde(default)]
    permissions: BTreeMap<Spanned<String>, bool>,
    webhook_secret: Option<Spanned<String>>,
    #[serde(default)]
    webhook: Vec<Spanned<WebhookEntry>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WebhookEntry {
    url: Spanned<String>,
    events: Option<Vec<Spanned<String>>>,
    secret: Option<Spanned<String>>,
}

fn parse(text: &str) -> Result<Vec<SalesUnitSeed>, Problem> {
    let file: SandboxFile = toml::from_str(text)
        .map_err(|error| Problem::new(error.span().unwrap_or(0..0), one_line(error.message())))?;
    if file.sales_unit.is_empty() {
        return Err(Problem::new(0..0, "no [[sales_unit]]: a mock needs at least one"));
    }
    if file.sales_unit.len() > MAX_SALES_UNITS {
        let message = format!("more than {MAX_SALES_UNITS} sales units");
        return Err(Problem::new(0..0, message));
    }
    check_unique(text, &file.sales_unit)?;
    file.sales_unit.iter().map(seed).collect()
}

fn one_line(message: &str) -> String {
    message.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Two units that share one of these could not be told apart by a call.
fn check_unique(text: &str, entries: &[SalesUnitEntry]) -> Result<(), Problem> {
    let mut seen = HashMap::new();
    for entry in entries {
        let identities = [
            ("msn", &entry.msn),
            ("client_id", &entry.client_id),
            ("subscription_key", &entry.subscription_key),
        ];
        for (key, value) in identities {
            if let Some(first) = seen.insert((key, value.get_ref()), value.span()) {
                let line = line_of(text, first.start);
                let message =
                    format!("{key}: {:?} is already used on line {line}", value.get_ref());
                return Err(Problem::new(value.span(), message));
            }
        }
    }
    Ok(())
}

fn seed(entry: &SalesUnitEntry) -> Result<SalesUnitSeed, Problem> {
    Ok(SalesUnitSeed {
        msn: parsed::<Msn>("msn", &entry.msn)?,
        name: name(&entry.name)?,
        market: parsed::<Market>("market", &entry.market)?,
        client_id: header_value("client_id", &entry.client_id)?,
        client_secret: header_value("client_secret", &entry.client_secret)?,
        subscription_key: header_value("subscription_key", &entry.subscription_key)?,
        permissions: permissions(&entry.permissions)?,
        strictness: Strictness::default(),
        profile: Profile::default(),
        webhooks: WebhookSeed {
            secret: secret("webhook_secret", entry.webhook_secret.as_ref())?,
            registered: registered(&entry.webhook)?,
        },
    })
}

fn registered(entries: &[Spanned<WebhookEntry>]) -> Result<Vec<RegistrationSeed>, Problem> {
    let mut seeds: Vec<RegistrationSeed> = Vec::new();
    for entry in entries {
        let WebhookEntry { url, events, secret: own } = entry.get_ref();
        if !may_receive(url.get_ref(), Strictness::Lenient) {
            let message = format!("url: {:?} is no http or https address", url.get_ref());
            return Err(Problem::new(url.span(), message));
        }
        let events = match events {
            Some(names) => names.iter().map(|it| parsed("events", it)).collect::<Result<_, _>>()?,
            None => EventName::ALL.into_iter().map(EventType::Payment).collect(),
        };
        seeds.push(RegistrationSeed {
            url: url.get_ref().as_str().into(),
            events,
            secret: secret("secret", own.as_ref())?,
        });
        if let Some(event) = EventType::all().find(|it| has_too_many(&seeds, *it)) {
            let max = event.registrations_max();
            let message = format!("more than {max} webhooks for {}", event.name());
            return Err(Problem::new(entry.span(), message));
        }
    }
    Ok(seeds)
}

fn has_too_many(seeds: &[RegistrationSeed], event: EventType) -> bool {
    event.registrations_max() < seeds.iter().filter(|it| it.events.contains(&event)).count()
}

/// A secret as the platform draws them, so that one from here fits wherever one of those does.
fn secret(key: &str, value: Option<&Spanned<String>>) -> Result<Option<Arc<str>>, Problem> {
    let Some(value) = value else { return Ok(None) };
    let bytes = BASE64_STANDARD.decode(value.get_ref());
    if bytes.is_ok_and(|it| it.len() == SECRET_BYTES) {
        return Ok(Some(value.get_ref().as_str().into()));
    }
    let message = format!(
        "{key}: a webhook secret is {SECRET_BYTES} bytes in base64, 88 characters: \
         openssl rand -base64 64 | tr -d '\\n'"
    );
    Err(Problem::new(value.span(), message))
}

/// The usual ones, but for those that the file names.
fn permissions(entries: &BTreeMap<Spanned<String>, bool>) -> Result<Permissions, Problem> {
    let mut permissions = Permissions::all();
    for (name, granted) in entries {
        let Some(permission) = permissions.named(name.get_ref()) else {
            let known = Permissions::NAMES.join(", ");
            let message = format!("no permission {:?}: they are {known}", name.get_ref());
            return Err(Problem::new(name.span(), message));
        };
        *permission = *granted;
    }
    Ok(permissions)
}

/// The domain says what a valid value is; here it gets its place in the file.
fn parsed<T: FromStr<Err: Display>>(key: &str, value: &Spanned<String>) -> Result<T, Problem> {
    let text = value.get_ref();
    text.parse()
        .map_err(|rule| Problem::new(value.span(), format!("{key}: {text:?} is refused: {rule}")))
}

fn name(value: &Spanned<String>) -> Result<Arc<str>, Problem> {
    if value.get_ref().trim().is_empty() {
        return Err(Problem::new(value.span(), "name: must not be empty"));
    }
    Ok(value.get_ref().as_str().into())
}

/// Credentials travel as header values, where a space at the end would be lost silently.
fn header_value(key: &str, value: &Spanned<String>) -> Result<Arc<str>, Problem> {
    let text = value.get_ref();
    if text.is_empty() || !text.bytes().all(|byte| byte.is_ascii_graphic()) {
        let message = format!("{key}: must be printable ASCII without spaces, and not empty");
        return Err(Problem::new(value.span(), message));
    }
    Ok(text.as_str().into())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn unit(msn: &str, id: &str) -> String {
        format!(
            "[[sales_unit]]\nmsn = \"{msn}\"\nname = \"Fjord Taxi\"\nmarket = \"NO\"\n\
             client_id = \"{id}\"\nclient_secret = \"secret\"\nsubscription_key = \"key-{id}\"\n"
        )
    }

    fn refusal(text: &str) -> String {
        let problem = parse(text).expect_err("the file is wrong");
        problem.at("sandbox.toml".to_owned(), text).to_string()
    }

    #[test]
    fn default_sandbox_has_one_unit_a_market_norway_first() {
        let units = default_units();
        let found: Vec<_> = units.iter().map(|unit| (unit.msn.as_str(), unit.market)).collect();
        assert_eq!(
            found,
            [("900001", Market::Norway), ("900002", Market::Denmark), ("900003", Market::Finland)]
        );
    }

    #[test]
    fn the_readme_prints_the_credentials_of_the_default_sandbox() {
        let readme = include_str!("../README.md");
        for unit in default_units() {
            let SalesUnitSeed { msn, client_id, client_secret, subscription_key, .. } = &unit;
            for value in [msn.as_str(), client_id, client_secret, subscription_key] {
                assert!(readme.contains(&format!("| `{value}` |")), "{value}");
            }
        }
    }

    #[test]
    fn permissions_are_on_except_late_capture_and_the_identity_number() {
        let units = parse(&unit("1234", "one")).expect("valid");
        let refused: Vec<_> = units[0].permissions.each().filter(|(_, granted)| !granted).collect();
        assert_eq!(refused, [("late_capture", false), ("nin", false)]);
    }

    #[test]
    fn one_permission_can_be_taken_away() {
        let text = unit("1234", "one") + "[sales_unit.permissions]\npartial_capture = false\n";
        let units = parse(&text).expect("valid");
        assert!(!units[0].permissions.partial_capture);
        assert!(units[0].permissions.push_message);
    }

    #[test]
    fn a_wrong_file_is_refused_with_its_line_and_key() {
        let one = unit("1234", "one");
        let cases = [
            (String::new(), "sandbox.toml:1: no [[sales_unit]]: a mock needs at least one"),
            (
                unit("12", "one"),
                "sandbox.toml:2: msn: \"12\" is refused: a merchant serial number is 4 to 10 digits",
            ),
            (
                unit("12345678901", "one"),
                "sandbox.toml:2: msn: \"12345678901\" is refused: a merchant serial number is 4 to 10 digits",
            ),
            (
                one.replace("\"NO\"", "\"SE\""),
                "sandbox.toml:4: market: \"SE\" is refused: a market is one of NO, DK and FI",
            ),
            (
                one.clone() + &unit("1234", "two"),
                "sandbox.toml:9: msn: \"1234\" is already used on line 2",
            ),
            (
                one.clone() + &unit("5678", "one"),
                "sandbox.toml:12: client_id: \"one\" is already used on line 5",
            ),
            (
                one.clone() + &unit("5678", "two").replace("key-two", "key-one"),
                "sandbox.toml:14: subscription_key: \"key-one\" is already used on line 7",
            ),
            (one.replace("Fjord Taxi", " "), "sandbox.toml:3: name: must not be empty"),
            (
                one.replace("\"secret\"", "\"sec ret\""),
                "sandbox.toml:6: client_secret: must be printable ASCII without spaces, and not empty",
            ),
            (
                one.replace("name =", "nmae ="),
                "sandbox.toml:3: unknown field `nmae`, expected one of `msn`, `name`, `market`, \
                 `client_id`, `client_secret`, `subscription_key`, `permissions`, \
                 `webhook_secret`, `webhook`",
            ),
            (
                one.clone() + "[sales_unit.permissions]\nlate_captures = true\n",
                "sandbox.toml:9: no permission \"late_captures\": they are push_message, long_living, \
                 partial_capture, late_capture, express, profile_sharing, nin, \
                 bank_account_verified, refund",
            ),
            (
                "[[unit]]\n".to_owned(),
                "sandbox.toml:1: unknown field `unit`, expected `sales_unit`",
            ),
            (
                one.replace("\"1234\"", "1234"),
                "sandbox.toml:2: invalid type: integer `1234`, expected a string",
            ),
            (one.replace("name = \"Fjord Taxi\"\n", ""), "sandbox.toml:1: missing field `name`"),
            ("msn = = 1".to_owned(), "sandbox.toml:1: extra `=`, expected nothing"),
        ];
        for (text, expected) in cases {
            assert_eq!(refusal(&text), expected, "{text}");
        }
    }

    #[test]
    fn webhooks_may_be_there_from_the_start_with_secrets_of_ones_own() {
        let one = unit("1234", "one");
        let secret = format!("{}==", "A".repeat(86));
        let hook = "[[sales_unit.webhook]]\nurl = \"http://localhost:3000/hooks\"\n";
        let text = format!("{one}webhook_secret = \"{secret}\"\n{hook}");
        let webhooks = parse(&text).expect("valid").remove(0).webhooks;
        assert_eq!(webhooks.secret.as_deref(), Some(secret.as_str()));
        assert_eq!(webhooks.registered[0].events.len(), 8, "all payment events by default");
        assert_eq!(webhooks.registered[0].secret, None);

        let text = format!("{one}{hook}events = [\"user.checked-in.v1\"]\nsecret = \"{secret}\"\n");
        let webhooks = parse(&text).expect("valid").remove(0).webhooks;
        assert_eq!(webhooks.registered[0].events, [EventType::CheckedIn]);
        assert_eq!(webhooks.registered[0].secret.as_deref(), Some(secret.as_str()));

        let cases = [
            (
                "webhook_secret = \"short\"\n".to_owned(),
                "sandbox.toml:8: webhook_secret: a webhook secret is 64 bytes in base64, 88 \
                 characters: openssl rand -base64 64 | tr -d '\\n'",
            ),
            (
                hook.replace("http:", "ftp:"),
                "sandbox.toml:9: url: \"ftp://localhost:3000/hooks\" is no http or https address",
            ),
            (
                format!("{hook}events = [\"epayment.payment.created.v1\"]\n"),
                "sandbox.toml:10: events: \"epayment.payment.created.v1\" is refused: \
                 epayment.payment.created.v1 is no event type",
            ),
            (
                format!("{hook}events = [\"user.checked-in.v1\"]\n").repeat(2),
                "sandbox.toml:11: more than 1 webhooks for user.checked-in.v1",
            ),
        ];
        for (text, expected) in cases {
            assert_eq!(refusal(&format!("{one}{text}")), expected, "{text}");
        }
    }

    #[test]
    fn a_missing_file_is_named() {
        let error = sales_units(Some(Path::new("/nowhere/sandbox.toml"))).expect_err("missing");
        let text = error.to_string();
        assert!(text.starts_with("cannot read the config file /nowhere/sandbox.toml: "), "{text}");
    }
}
