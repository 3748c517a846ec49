//! Paths that lead nowhere: those that nearly lead somewhere.

use super::{distance, keys::KEY};
use crate::{
    app::{Mock, SalesUnit, journal::Call},
    http::routes::{ROUTES, Route},
};

/// What may have been meant by a method and a path that no API has.
pub(super) fn near_miss(method: &str, path: &str) -> Option<String> {
    let methods: Vec<_> =
        ROUTES.iter().filter(|it| it.leads_to(path)).map(|it| it.method).collect();
    if !methods.is_empty() {
        return Some(format!("the path exists with {}, not {method}", methods.join(" and ")));
    }
    let costs = ROUTES.iter().map(|route| (cost(route, method, path), route));
    let (cost, route) = costs.min_by_key(|(cost, _)| *cost)?;
    (cost <= TOO_FAR).then(|| format!("did you mean {} {}", route.method, route.path))
}

/// What a segment costs that is missing, is too many, or has nothing in common with another.
const SEGMENT: usize = 100;

/// What another method costs: two routes of one path are told apart by it.
const METHOD: usize = 20;

/// What costs more resembles too little.
const TOO_FAR: usize = 170;

/// How far a call is from a route, segment by segment.
fn cost(route: &Route, method: &str, path: &str) -> usize {
    let sent: Vec<&str> = path.split('/').filter(|it| !it.is_empty()).collect();
    let ours: Vec<&str> = route.path.split('/').filter(|it| !it.is_empty()).collect();
    let mut row: Vec<usize> = (0..=ours.len()).map(|it| it * SEGMENT).collect();
    for (number, segment) in sent.iter().enumerate() {
        let mut diagonal = row[0];
        row[0] = (number + 1) * SEGMENT;
        for (place, our) in ours.iter().enumerate() {
            let changed = diagonal + difference(our, segment);
            diagonal = row[place + 1];
            row[place + 1] = changed.min(diagonal + SEGMENT).min(row[place] + SEGMENT);
        }
    }
    row[ours.len()] + if route.method == method { 0 } else { METHOD }
}

/// How much two segments differ. What varies in a route can be anything, but not for nothing: a
/// segment that is named there fits better.
fn difference(our: &str, sent: &str) -> usize {
    if our.starts_with('{') {
        return SEGMENT / 20;
    }
    let (our, sent) = (our.to_ascii_lowercase(), sent.to_ascii_lowercase());
    let longest = our.chars().count().max(sent.chars().count()).max(1);
    if 4 * our.len() < sent.len() { SEGMENT } else { SEGMENT * distance(&our, &sent) / longest }
}

/// Where else there is a payment that the sales unit of a call does not have.
pub(super) fn elsewhere(mock: &Mock, call: &Call, reference: &str) -> Option<String> {
    let reference = reference.parse().ok()?;
    let has_it = |it: &SalesUnit| it.inspect(&reference, |_| ()).is_ok();
    let key = call.request().header(KEY)?;
    if has_it(&*mock.unit_by_subscription_key(key)?) {
        return None;
    }
    let owner = mock.units().into_iter().find(|it| has_it(it))?;
    Some(format!("there is a payment {reference}, but it belongs to MSN {}", owner.msn()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_that_leads_nowhere_is_told_the_nearest_that_leads_somewhere() {
        let cases = [
            ("POST", "/epayment/v1/payments/ride-0001", "the path exists with GET, not POST"),
            ("GET", "/epayment/v1/payments", "the path exists with POST, not GET"),
            ("PUT", "/webhooks/v1/webhooks", "the path exists with POST and GET, not PUT"),
            ("HEAD", "/epayment/v1/payments/ride-0001", "the path exists with GET, not HEAD"),
            ("POST", "/v1/payments", "did you mean POST /epayment/v1/payments"),
            ("POST", "/epayment/v1/payment", "did you mean POST /epayment/v1/payments"),
            ("POST", "/epayment/v1/payments/", "did you mean POST /epayment/v1/payments"),
            ("POST", "/ePayment/v1/Payments", "did you mean POST /epayment/v1/payments"),
            ("POST", "/epayment//v1/payments", "did you mean POST /epayment/v1/payments"),
            ("POST", "/epayment/v2/payments", "did you mean POST /epayment/v1/payments"),
            (
                "GET",
                "/epayment/payments/ride-0001",
                "did you mean GET /epayment/v1/payments/{reference}",
            ),
            (
                "POST",
                "/epayment/v1/payments/ride-0001/captures",
                "did you mean POST /epayment/v1/payments/{reference}/capture",
            ),
            ("POST", "/accesstoken", "did you mean POST /accesstoken/get"),
            ("POST", "/access-token/get", "did you mean POST /accesstoken/get"),
            ("GET", "/webhooks/v1/webhook", "did you mean GET /webhooks/v1/webhooks"),
            ("GET", "/favicon.ico", ""),
            ("GET", "/a/b/c/d/e/f/g", ""),
        ];
        for (method, path, expected) in cases {
            let told = near_miss(method, path).unwrap_or_default();
            assert_eq!(told, expected, "{method} {path}");
        }
    }
}
