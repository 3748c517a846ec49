//! A signature, step by step, computed anew by the reference merchant's own verification.

use super::wire::{Delivery, Request};
use crate::taxi::webhook::Secret;
use crate::taxi::webhook::verify::{AUTHORIZATION_START, body_hash, sign};

/// How one signs a delivery, with the values of this one; the secret is unknown once its
/// registration is gone.
pub(super) fn steps(delivery: &Delivery, request: &Request, secret: Option<&str>) -> Vec<String> {
    let body = request.body.as_ref().unwrap_or(&delivery.body);
    let mut lines = hash_step(body, request);
    lines.extend(string_step(request));
    lines.extend(key_step(request, secret));
    lines.extend(shell_step(request));
    lines
}

fn hash_step(body: &str, request: &Request) -> Vec<String> {
    let hash = body_hash(body.as_bytes());
    let sent = request.header("x-ms-content-sha256");
    let mut lines = vec![
        format!("1. Hash the body as it came, all {} bytes: base64(SHA-256(body)).", body.len()),
        format!("   {hash}"),
    ];
    if hash != sent {
        lines.push(format!("   x-ms-content-sha256 says otherwise: {sent}"));
        lines.push("   So this is not the body that was signed; refuse it.".to_owned());
    }
    lines
}

fn string_step(request: &Request) -> Vec<String> {
    let text = &request.string_to_sign;
    let mut lines = vec![format!(
        "2. Put the string together, {} bytes: three lines, two line feeds, none at the end.",
        text.len()
    )];
    let mut parts = text.split('\n').peekable();
    while let Some(part) = parts.next() {
        let end = if parts.peek().is_some() { "\\n" } else { "" };
        lines.push(format!("   {part}{end}"));
    }
    lines.push(
        "   Path, query and host are those of the registered address; the date is x-ms-date."
            .to_owned(),
    );
    lines
}

fn key_step(request: &Request, secret: Option<&str>) -> Vec<String> {
    let sent = request.header("Authorization");
    let title =
        "3. base64(HMAC-SHA256(key, string)). The key is the secret as it stands, not decoded.";
    let mut lines = vec![title.to_owned()];
    let Some(secret) = secret else {
        lines.push("   The registration is gone, and its secret with it.".to_owned());
        return lines;
    };
    let signature = sign(&Secret::new(secret), &request.string_to_sign);
    lines.push(format!("   key        {secret}"));
    lines.push(format!("   signature  {signature}"));
    lines.push(
        "4. Compare, in constant time, with what follows Signature= in Authorization.".to_owned(),
    );
    lines.push(match sent.strip_prefix(AUTHORIZATION_START) {
        Some(sent) if sent == signature => "   They are the same.".to_owned(),
        Some(sent) => format!("   They differ: {sent}"),
        None if sent.is_empty() => "   There is no Authorization header.".to_owned(),
        None => format!("   Authorization is of another kind: {sent}"),
    });
    lines
}

/// The same in a shell. No part holds a quote: an address would have it encoded.
fn shell_step(request: &Request) -> Vec<String> {
    let text = request.string_to_sign.replace('\\', "\\\\").replace('\n', "\\n").replace('%', "%%");
    vec![
        "The same in a shell:".to_owned(),
        format!("   printf '{text}' \\"),
        "     | openssl dgst -sha256 -hmac \"$SECRET\" -binary | openssl base64".to_owned(),
    ]
}

#[cfg(test)]
mod tests {
    use super::super::wire::examples::{SECRET, delivery};
    use super::*;

    #[test]
    fn what_a_fault_has_spoilt_is_seen() {
        let mut delivery = delivery();
        let Some(request) = delivery.attempts[0].request.as_mut() else { panic!("it was sent") };
        request.body = Some("{}".to_owned());
        request.headers["Authorization"] = format!("{AUTHORIZATION_START}AAAA").into();
        let request = delivery.attempts.remove(0).request.expect("it was sent");
        let lines = steps(&delivery, &request, Some(SECRET)).join("\n");
        assert!(lines.contains("x-ms-content-sha256 says otherwise"), "{lines}");
        assert!(lines.contains("They differ: AAAA"), "{lines}");
        let lines = steps(&delivery, &request, None).join("\n");
        assert!(lines.contains("its secret with it"), "{lines}");
    }
}
