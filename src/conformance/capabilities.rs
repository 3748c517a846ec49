//! What can be done at a target: found out, not configured.

use std::sync::Arc;

use http::Method;
use serde_json::json;

use super::error::RunError;
use super::exchange::Exchange;
use super::failure::Failure;
use super::http_call::Call;
use super::merchant::Merchant;
use super::opened::registrations;
use super::receiver::{Manner, Receiver};
use super::target::Target;
use crate::taxi::money::Amount;

/// How many quiet times a first webhook may take.
const PROBE_WAITS: usize = 10;

/// What can be done at a target.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Capabilities {
    /// Whether it has a control API: sales units for each scenario, time to move, customers.
    pub has_control: bool,
    /// The market of the only sales unit, where there is only one.
    pub market: &'static str,
    /// Why webhooks do not arrive, if they do not.
    pub no_webhooks: Option<String>,
    /// Whether webhooks come through something that adds headers of its own.
    pub has_tunnel: bool,
    /// Registrations that somebody else made in the sales unit that scenarios share.
    pub foreign_registrations: usize,
}

impl Capabilities {
    /// Of a mock that was started for the run: everything.
    #[must_use]
    pub fn all() -> Self {
        Self {
            has_control: true,
            market: "NO",
            no_webhooks: None,
            has_tunnel: false,
            foreign_registrations: 0,
        }
    }
}

/// Asks the target what it can do. One payment is made for it, and closed again.
pub(super) async fn discover(target: &Arc<Target>, is_own: bool) -> Result<Capabilities, RunError> {
    let all = Capabilities { has_tunnel: target.has_tunnel(), ..Capabilities::all() };
    if is_own {
        return Ok(all);
    }
    let market = target.given.as_ref().map_or("NO", super::given::GivenUnit::market);
    let refused = |failure: Failure| RunError::KeysRefused {
        url: target.base_url.clone(),
        message: failure.to_string(),
    };
    let mut merchant = Merchant::open(target, market, &json!({})).await.map_err(refused)?;
    let found = async {
        merchant.token().await?;
        let foreign = if merchant.control.is_there() {
            0
        } else {
            registrations(&mut merchant, |_| true).await?.len()
        };
        Ok((foreign, probe(target, &mut merchant).await?))
    };
    let found = found.await;
    forget(target, &mut merchant).await;
    let (foreign_registrations, no_webhooks) = found.map_err(refused)?;
    let has_control = target.given.is_none();
    Ok(Capabilities { has_control, market, no_webhooks, foreign_registrations, ..all })
}

/// Why no webhook arrives here, found by making a payment that has to cause one.
async fn probe(target: &Arc<Target>, merchant: &mut Merchant) -> Result<Option<String>, Failure> {
    let advice = "`--webhook-listen` and `--webhook-url` give it the address of a tunnel";
    if !target.may_reach_us() {
        return Ok(Some(format!("the target cannot reach this machine; {advice}")));
    }
    let mut receiver = Receiver::listen(target, "/hooks", Manner::Always(200)).await?;
    merchant.mark().clone_into(&mut receiver.only);
    let body = json!({ "url": receiver.url, "events": ["epayments.payment.created.v1"] });
    let registered = merchant.call(Call::post("/webhooks/v1/webhooks", &body)).await?;
    if registered.status != 201 {
        return Ok(Some(format!("the target refuses the address here: {}", detail(&registered))));
    }
    let reference = merchant.own("probe-0001");
    let currency = merchant.unit.currency.as_str();
    let amount: Amount = format!("{currency} 2.00")
        .parse()
        .map_err(|_| Failure::new(format!("{currency} is no currency of ours")))?;
    let request = merchant.request_for(&reference, amount);
    let call = Call::post("/epayment/v1/payments", &request).key(Some("probe-0001"));
    merchant.call(call).await?.expect_success()?;
    for _ in 0..PROBE_WAITS {
        merchant.clock.settle().await?;
        if !receiver.received().is_empty() {
            return Ok(None);
        }
    }
    Ok(Some(format!("none came to this machine; {advice}")))
}

fn detail(exchange: &Exchange) -> String {
    let details = exchange.details().unwrap_or_default();
    let reasons: Vec<String> = details.into_iter().map(|(_, reason)| reason).collect();
    if reasons.is_empty() { exchange.status.to_string() } else { reasons.join(", ") }
}

/// Leaves nothing behind. A failure here is met again at the end of the run.
async fn forget(target: &Arc<Target>, merchant: &mut Merchant) {
    if merchant.control.is_there() {
        let _ = merchant.control.try_unit(&merchant.unit.msn, Method::DELETE, "", None).await;
    } else {
        let mark = merchant.mark().to_owned();
        let _ = target.opened.close(Some(&mark), merchant).await;
    }
}
