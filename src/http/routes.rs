//! Every route of the APIs with a name for what it does: how the journal tells calls apart.
//!
//! The routers themselves are made beside their handlers. A test holds this table against them.

use serde_json::Value;

/// What can be asked of the APIs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Route {
    pub(super) method: &'static str,
    /// With what varies in braces.
    pub(super) path: &'static str,
    /// What the control API and the command line call it.
    pub(super) operation: &'static str,
}

const fn route(method: &'static str, path: &'static str, operation: &'static str) -> Route {
    Route { method, path, operation }
}

pub(super) const ROUTES: [Route; 26] = [
    route("POST", "/accesstoken/get", "token"),
    route("POST", "/epayment/v1/payments", "create"),
    route("GET", "/epayment/v1/payments/{reference}", "get"),
    route("GET", "/epayment/v1/payments/{reference}/events", "events"),
    route("POST", "/epayment/v1/payments/{reference}/capture", "capture"),
    route("POST", "/epayment/v1/payments/{reference}/refund", "refund"),
    route("POST", "/epayment/v1/payments/{reference}/cancel", "cancel"),
    route("POST", "/epayment/v1/test/payments/{reference}/approve", "approve"),
    route("POST", "/webhooks/v1/webhooks", "register-webhook"),
    route("GET", "/webhooks/v1/webhooks", "list-webhooks"),
    route("DELETE", "/webhooks/v1/webhooks/{id}", "delete-webhook"),
    route("POST", "/order-management/v2/{paymentType}/receipts/{orderId}", "receipt"),
    route("GET", "/order-management/v2/{paymentType}/{orderId}", "order"),
    route("PUT", "/order-management/v2/{paymentType}/categories/{orderId}", "link"),
    route("POST", "/order-management/v3/categories", "add-category"),
    route("GET", "/order-management/v3/categories", "list-categories"),
    route("GET", "/order-management/v3/categories/{categoryId}", "get-category"),
    route("DELETE", "/order-management/v3/categories/{categoryId}", "delete-category"),
    route("POST", "/order-management/v1/images", "image"),
    route("POST", "/order-management/v1/images/", "image"),
    route("PUT", "/order-management/v1/orders/{transactionId}", "link"),
    route("GET", "/order-management/v1/orders/{transactionId}", "order"),
    route("POST", "/order-management/v1/receipts/{transactionId}", "receipt"),
    route("GET", "/order-management/v1/receipts/{transactionId}", "order"),
    route("POST", "/qr/v1/exchange", "exchange-qr"),
    route("GET", "/vipps-userinfo-api/userinfo/{sub}", "userinfo"),
];

/// What names a payment or order in a path.
const REFERENCES: [&str; 3] = ["{reference}", "{orderId}", "{transactionId}"];

impl Route {
    /// The route of this method and path.
    pub(super) fn of(method: &str, path: &str) -> Option<Self> {
        ROUTES.into_iter().find(|it| it.method == method && it.leads_to(path))
    }

    /// Whether this is its path; nothing is said about the method.
    pub(super) fn leads_to(self, path: &str) -> bool {
        // Plugins write this one in several casings (see `access_token`).
        let is_token = self.operation == "token" && self.path.eq_ignore_ascii_case(path);
        is_token || self.places(path).is_some()
    }

    /// The payment or order that the path names.
    pub(super) fn reference(self, path: &str) -> Option<&str> {
        let (_, reference) = self.places(path)?.find(|(place, _)| REFERENCES.contains(place))?;
        Some(reference)
    }

    /// The payment or order that a call is about: it stands in the path, or in the body.
    pub(super) fn reference_of_call(self, path: &str, body: &[u8]) -> Option<String> {
        if let Some(reference) = self.reference(path) {
            return Some(reference.to_owned());
        }
        if self.operation != "create" {
            return None;
        }
        match serde_json::from_slice::<Value>(body).ok()?.get("reference")? {
            Value::String(text) => Some(text.clone()),
            Value::Number(number) => Some(number.to_string()),
            _ => None,
        }
    }

    /// What varies in the path, with what stands there.
    fn places(self, path: &str) -> Option<impl Iterator<Item = (&'static str, &str)>> {
        let pairs = || self.path.split('/').zip(path.split('/'));
        let is_place = |it: &str| it.starts_with('{');
        let fits =
            |(ours, theirs): (&str, &str)| ours == theirs || (is_place(ours) && !theirs.is_empty());
        let is_it = self.path.split('/').count() == path.split('/').count() && pairs().all(fits);
        is_it.then(|| pairs().filter(move |(ours, _)| is_place(ours)))
    }
}

#[cfg(test)]
mod tests {
    use std::{collections::BTreeSet, fs, path::Path};

    use axum::{
        body::Body,
        http::{Method, Request},
    };
    use tower::ServiceExt as _;

    use super::*;
    use crate::{
        app::{Mock, RateLimits},
        config::default_units,
        http::{Edge, error::REASON, router},
    };

    /// Whether the router knows this method at this path.
    async fn is_known(mock: &Mock, method: Method, path: &str) -> bool {
        let unit = mock.units()[0].clone();
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header("Authorization", format!("Bearer {}", unit.issue_token().jwt))
            .header("Ocp-Apim-Subscription-Key", unit.subscription_key());
        let edge = Edge::new(mock.clone(), "http://mock.test".to_owned());
        let request = request.body(Body::empty()).unwrap();
        let response = router(edge, false).oneshot(request).await.unwrap();
        let reason = response.headers().get(&REASON).map_or("", |it| it.to_str().unwrap());
        !reason.starts_with("No API of the mock has this method")
    }

    #[tokio::test]
    async fn table_and_routers_know_the_same() {
        let (mock, _newcomers) = Mock::new(1, default_units(), RateLimits::Off);
        for path in ROUTES.map(|it| it.path) {
            let path = path.replace("{paymentType}", "ecom").replace(['{', '}'], "");
            for method in [Method::GET, Method::POST, Method::PUT, Method::DELETE] {
                let is_listed = Route::of(method.as_str(), &path).is_some();
                let is_known = is_known(&mock, method.clone(), &path).await;
                assert_eq!(is_listed, is_known, "{method} {path}");
            }
        }
    }

    #[test]
    fn every_path_of_a_router_is_in_the_table() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/http");
        let mut paths = BTreeSet::from(["/accesstoken/get".to_owned()]);
        collect_paths(&folder, &mut paths);
        assert_eq!(paths, ROUTES.iter().map(|it| it.path.to_owned()).collect());
    }

    fn collect_paths(folder: &Path, paths: &mut BTreeSet<String>) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                if !path.ends_with("landing") && !path.ends_with("control") {
                    collect_paths(&path, paths);
                }
                continue;
            }
            let text = fs::read_to_string(&path).unwrap();
            let code = text.split("#[cfg(test)]").next().unwrap_or_default();
            let routes = code.split(".route(").skip(1);
            let quoted = routes.filter_map(|it| it.trim_start().strip_prefix('"'));
            paths.extend(quoted.filter_map(|it| it.split('"').next().map(str::to_owned)));
        }
    }

    #[test]
    fn calls_are_told_apart() {
        let cases = [
            ("POST", "/epayment/v1/payments", Some(("create", None))),
            ("GET", "/epayment/v1/payments/ride-0001", Some(("get", Some("ride-0001")))),
            (
                "POST",
                "/epayment/v1/payments/ride-0001/capture",
                Some(("capture", Some("ride-0001"))),
            ),
            ("POST", "/accessToken/get", Some(("token", None))),
            ("GET", "/order-management/v2/ecom/ride-0001", Some(("order", Some("ride-0001")))),
            ("DELETE", "/webhooks/v1/webhooks/1", Some(("delete-webhook", None))),
            ("POST", "/epayment/v1/payments/ride-0001", None),
            ("GET", "/epayment/v1/payments/", None),
            ("POST", "/epayment/v1", None),
        ];
        for (method, path, expected) in cases {
            let found = Route::of(method, path).map(|it| (it.operation, it.reference(path)));
            assert_eq!(found, expected, "{method} {path}");
        }
    }
}
