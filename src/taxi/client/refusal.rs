//! From a refusal's body to an [`Error`]: one function for all the forms there are.

use serde_json::{Map, Value};

use crate::taxi::error::{Error, Problem};

/// How much of an unknown body goes into an error.
const EXCERPT_CHARS_MAX: usize = 200;

/// Reads a refusal. `path` tells which API was called: order management has its own form.
pub(super) fn read(status: u16, path: &[String], body: &[u8]) -> Error {
    let Ok(Value::Object(body_members)) = serde_json::from_slice(body) else {
        return unexpected(status, body);
    };
    let members = &body_members;
    let from_order_management = path.first().is_some_and(|api| api == "order-management");
    if let Some(message) = gateway_message(members) {
        Error::Gateway { status, message }
    } else if let Some(error) = text(members, "error") {
        token_refusal(status, error, members)
    } else if members.contains_key("title") && from_order_management {
        Error::OrderManagement {
            status,
            title: text(members, "title").unwrap_or_default(),
            detail: text(members, "detail").unwrap_or_default(),
            fields: named_reasons(members, "invalidParams"),
        }
    } else if members.contains_key("title") {
        Error::Problem(Box::new(problem(status, members)))
    } else {
        unexpected(status, body)
    }
}

/// `{"statusCode":401,"message":".."}`, or `{"responseInfo":{"responseMessage":".."}}` with or
/// without capitals.
fn gateway_message(members: &Map<String, Value>) -> Option<String> {
    if members.contains_key("statusCode") {
        return text(members, "message");
    }
    let small = members.get("responseInfo").and_then(|info| info.get("responseMessage"));
    let capital = members.get("ResponseInfo").and_then(|info| info.get("ResponseMessage"));
    small.or(capital).map(plain)
}

/// The identity service puts trace ids on further lines of its description; the first says it all.
fn token_refusal(status: u16, error: String, members: &Map<String, Value>) -> Error {
    let description = text(members, "error_description").unwrap_or_default();
    let description = description.lines().next().unwrap_or_default().to_owned();
    Error::Token { status, error, description }
}

fn problem(status: u16, members: &Map<String, Value>) -> Problem {
    let mut fields = named_reasons(members, "extraDetails");
    let code = fields.iter().position(|(name, _)| name == "ErrorCode");
    let code = code.and_then(|position| fields.remove(position).1.parse().ok());
    Problem {
        status,
        code,
        title: text(members, "title").unwrap_or_default(),
        detail: text(members, "detail"),
        instance: text(members, "instance"),
        trace_id: text(members, "traceId"),
        fields,
    }
}

/// Reads `[{"name":"..","reason":".."}]`; what has another form is left out.
fn named_reasons(members: &Map<String, Value>, list: &str) -> Vec<(String, String)> {
    let entries = members.get(list).and_then(Value::as_array);
    let pair = |entry: &Value| Some((plain(entry.get("name")?), plain(entry.get("reason")?)));
    entries.into_iter().flatten().filter_map(pair).collect()
}

fn text(members: &Map<String, Value>, name: &str) -> Option<String> {
    members.get(name).filter(|value| !value.is_null()).map(plain)
}

fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

fn unexpected(status: u16, body: &[u8]) -> Error {
    let message = match String::from_utf8_lossy(body).trim() {
        "" => "an empty body".to_owned(),
        text => text.chars().take(EXCERPT_CHARS_MAX).collect(),
    };
    Error::Unexpected { status, message }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_from(path: &str, status: u16, body: &str) -> String {
        read(status, &[path.to_owned()], body.as_bytes()).to_string()
    }

    #[test]
    fn a_coded_problem_keeps_its_number_and_trace() {
        let body =
            br#"{"type":"https://httpstatuses.io/400","title":"Cannot capture before reservation",
            "detail":"no","instance":"/v1/payments/x/capture","status":400,
            "extraDetails":[{"name":"ErrorCode","reason":"6080"}],"traceId":"00-81-70-01"}"#;
        let Error::Problem(problem) = read(400, &["epayment".to_owned()], body) else {
            panic!("not a problem");
        };
        assert_eq!(problem.code, Some(6080));
        assert_eq!(problem.trace_id.as_deref(), Some("00-81-70-01"));
        assert_eq!(problem.fields, []);
    }

    #[test]
    fn each_form_of_refusal_is_understood() {
        let cases = [
            (
                "epayment",
                400,
                r#"{"title":"Bad Request","status":"400","extraDetails":[{"name":"reference","reason":"too short"},{"name":"amount.value","reason":7}]}"#,
                "400 Bad Request; reference: too short; amount.value: 7",
            ),
            (
                "epayment",
                401,
                r#"{ "statusCode": 401, "message": "Access denied due to missing subscription key." }"#,
                "the gateway answered 401: Access denied due to missing subscription key.",
            ),
            (
                "epayment",
                401,
                r#"{"responseInfo":{"responseCode":401,"responseMessage":"Something went wrong"},"result":{"message":"x"}}"#,
                "the gateway answered 401: Something went wrong",
            ),
            (
                "epayment",
                404,
                r#"{"ResponseInfo":{"ResponseMessage":"Nothing here"}}"#,
                "the gateway answered 404: Nothing here",
            ),
            (
                "accesstoken",
                400,
                r#"{"error":"unauthorized_client","error_description":"AADSTS700016: not found\r\nTrace ID: 0","error_codes":[700016]}"#,
                "no access token, 400 unauthorized_client: AADSTS700016: not found",
            ),
            (
                "order-management",
                400,
                r#"{"title":"One or more validation errors occurred.","detail":"BadRequest","instance":"00","invalidParams":[{"name":"OrderLines[0].TotalAmount","reason":"no"}]}"#,
                "order management answered 400 One or more validation errors occurred.: BadRequest; OrderLines[0].TotalAmount: no",
            ),
            (
                "order-management",
                409,
                r#"{"title":"Conflict","detail":"Receipt already exists","instance":"00"}"#,
                "order management answered 409 Conflict: Receipt already exists",
            ),
            (
                "epayment",
                502,
                "<html>Bad Gateway</html>",
                "an answer nobody can read, 502: <html>Bad Gateway</html>",
            ),
            ("epayment", 400, r#"["wrong"]"#, r#"an answer nobody can read, 400: ["wrong"]"#),
            ("epayment", 500, "", "an answer nobody can read, 500: an empty body"),
        ];
        for (path, status, body, expected) in cases {
            assert_eq!(read_from(path, status, body), expected);
        }
    }
}
