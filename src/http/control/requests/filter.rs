//! Which calls are wanted.

use std::{ops::RangeInclusive, sync::Arc};

use jiff::Timestamp;
use serde::Deserialize;
use utoipa::IntoParams;

use super::view::{operation, reference};
use crate::{
    app::{durations::duration, journal::Call},
    http::{
        control::{answer::Refusal, clock::DURATION_HINT},
        routes::ROUTES,
    },
};

/// Which calls are wanted.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(in crate::http::control) struct Wanted {
    /// Only those about this payment or order.
    reference: Option<String>,
    /// Only those that ask for this, such as `create`, `capture` or `token`.
    operation: Option<String>,
    /// Only those answered so: `400`, or `4xx` for all that begin with a 4.
    status: Option<String>,
    /// Only those since then: a time with its offset, or how long ago, such as `10m`.
    since: Option<String>,
    /// Only those until then, in the same words.
    until: Option<String>,
    /// How many of the latest; 1,000 if nobody says.
    limit: Option<usize>,
    /// Whether secrets, tokens and phone numbers are shown whole.
    #[serde(default)]
    unmasked: bool,
}

/// How many calls are listed when nothing else is asked for.
const LISTED: usize = 1_000;

impl Wanted {
    pub(super) fn unmasked(&self) -> bool {
        self.unmasked
    }

    /// The latest of these that are wanted, in the same order. `now` is what lengths of time count
    /// back from.
    pub(super) fn choose(
        &self,
        calls: Vec<Arc<Call>>,
        now: Timestamp,
    ) -> Result<Vec<Arc<Call>>, Refusal> {
        let statuses = self.statuses()?;
        let since = moment("since", self.since.as_deref(), now)?;
        let until = moment("until", self.until.as_deref(), now)?;
        self.check_operation()?;
        let is_wanted = |call: &Arc<Call>| {
            statuses.as_ref().is_none_or(|it| it.contains(&call.status))
                && since.is_none_or(|it| it <= call.at)
                && until.is_none_or(|it| call.at <= it)
                && self.operation.as_deref().is_none_or(|it| operation(call) == Some(it))
                && self.reference.as_ref().is_none_or(|it| reference(call).as_ref() == Some(it))
        };
        let latest_first = calls.into_iter().rev().filter(is_wanted);
        let mut chosen: Vec<_> = latest_first.take(self.limit.unwrap_or(LISTED)).collect();
        chosen.reverse();
        Ok(chosen)
    }

    fn check_operation(&self) -> Result<(), Refusal> {
        match &self.operation {
            Some(name) if ROUTES.iter().all(|it| it.operation != name) => {
                let mut names: Vec<_> = ROUTES.iter().map(|it| it.operation).collect();
                names.dedup();
                let detail = format!("operation: {name} is none of {}", names.join(", "));
                Err(Refusal::bad_request(detail, None))
            }
            Some(_) | None => Ok(()),
        }
    }

    fn statuses(&self) -> Result<Option<RangeInclusive<u16>>, Refusal> {
        let Some(text) = &self.status else { return Ok(None) };
        let hundred = text.strip_suffix("xx").filter(|it| it.len() == 1);
        let hundred = hundred.and_then(|it| it.parse::<u16>().ok()).map(|it| 100 * it);
        let class = hundred.map(|it| it..=it + 99);
        let one = text.parse().ok().map(|it: u16| it..=it);
        class.or(one).map(Some).ok_or_else(|| {
            let hint = "write 400, or 4xx for all that begin with a 4";
            Refusal::bad_request(format!("status: {text} is no status"), Some(hint))
        })
    }
}

/// A time, or how long before now it was.
fn moment(name: &str, text: Option<&str>, now: Timestamp) -> Result<Option<Timestamp>, Refusal> {
    let Some(text) = text else { return Ok(None) };
    let ago = || duration(text).and_then(|it| now.checked_sub(it).ok());
    text.parse().ok().or_else(ago).map(Some).ok_or_else(|| {
        let detail = format!("{name}: {text} is no time and no duration");
        Refusal::bad_request(detail, Some(DURATION_HINT))
    })
}
