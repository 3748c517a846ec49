//! `vipps-mock webhooks show`: one delivery, whole.

use std::io::Read as _;
use std::path::{Path, PathBuf};

use clap::Args;
use clap::builder::NonEmptyStringValueParser;

use super::difference::{Given, compare};
use super::signature::steps;
use super::wire::{Attempt, Delivery, Request, Response};
use super::{attempts_table, print_list};
use crate::cli::control::UnitControl;
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::output::{self, Colour, Format};

/// Flags of `vipps-mock webhooks show`.
#[derive(Debug, Args)]
pub(crate) struct ShowArgs {
    /// The delivery's number, as `deliveries` lists it
    #[arg(value_name = "ID", value_parser = NonEmptyStringValueParser::new())]
    id: String,

    /// Which attempt to explain [default: the last one]
    #[arg(long, value_name = "N")]
    attempt: Option<usize>,

    /// File with the string that the receiver put together for this attempt, byte by byte; - reads
    /// standard input
    #[arg(long, value_name = "FILE")]
    string_to_sign: Option<PathBuf>,
}

/// Shows a delivery, and compares the receiver's string with what was signed if there is one.
pub(crate) async fn run(
    unit: &UnitControl,
    args: &ShowArgs,
    format: Format,
) -> Result<Exit, Failure> {
    let reply = unit.delivery(&args.id).await?;
    let delivery = &reply.body;
    if let Some(file) = &args.string_to_sign {
        let theirs = read(file)?;
        let (attempt, request) = explained(delivery, args.attempt)?;
        let given = Given { delivery, attempt, request, theirs: &theirs };
        let verdict = compare(&given);
        output::line(&verdict.lines.join("\n"))?;
        return Ok(if verdict.is_same { Exit::Done } else { Exit::NotMet });
    }
    if format == Format::Json {
        return print_list(&reply, format, &attempts_table(delivery), "");
    }
    let secret = secret(unit, &delivery.registration_id).await?;
    let mut lines = facts(delivery);
    if !delivery.attempts.is_empty() {
        let colour = Colour::of_stdout();
        lines.push(String::new());
        lines.extend(attempts_table(delivery).lines(colour));
        let (attempt, request) = explained(delivery, args.attempt)?;
        lines.extend(explanation(delivery, attempt, request, secret.as_deref(), colour));
    }
    output::line(&lines.join("\n"))?;
    Ok(Exit::Done)
}

/// The secret of a registration, unless it is gone.
async fn secret(unit: &UnitControl, id: &str) -> Result<Option<String>, Failure> {
    let registrations = unit.registrations().await?.body;
    Ok(registrations.into_iter().find(|it| it.id == id).map(|it| it.secret))
}

/// The attempt that is asked for, or the last one, with what was sent.
fn explained(delivery: &Delivery, number: Option<usize>) -> Result<(&Attempt, &Request), Failure> {
    let refused =
        |detail: String, hint: &str| Failure::Refused { detail, hint: Some(hint.to_owned()) };
    let attempt = match number {
        Some(number) => delivery.attempts.iter().find(|it| it.number == number),
        None => delivery.attempts.last(),
    };
    let Some(attempt) = attempt else {
        let count = delivery.attempts.len();
        let detail = format!("delivery {} has had {count} attempts", delivery.id);
        return Err(refused(detail, "vipps-mock webhooks resend makes one more"));
    };
    match &attempt.request {
        Some(request) => Ok((attempt, request)),
        None => Err(refused(
            format!("what attempt {} sent is not kept any more", attempt.number),
            "vipps-mock webhooks resend makes one more",
        )),
    }
}

fn read(file: &Path) -> Result<Vec<u8>, Failure> {
    let bytes = if file == Path::new("-") {
        let mut bytes = Vec::new();
        std::io::stdin().lock().read_to_end(&mut bytes).map(|_| bytes)
    } else {
        std::fs::read(file)
    };
    bytes.map_err(|error| Failure::Usage {
        message: format!("cannot read {}: {error}", file.display()),
        hint: Some("--string-to-sign takes a file, or - for standard input".to_owned()),
    })
}

fn facts(delivery: &Delivery) -> Vec<String> {
    let optional = [
        ("payment", delivery.reference.clone()),
        ("next attempt", delivery.next_attempt_at.clone()),
    ];
    let mut facts = vec![
        ("delivery", delivery.id.clone()),
        ("event", delivery.event.clone()),
        ("to", delivery.url.clone()),
        ("registration", delivery.registration_id.clone()),
        ("status", delivery.status.clone()),
    ];
    facts.extend(optional.into_iter().filter_map(|(name, value)| Some((name, value?))));
    facts.push(("body", format!("{} bytes", delivery.body.len())));
    let mut lines = output::pairs(&facts);
    lines.push(delivery.body.clone());
    lines
}

fn explanation(
    delivery: &Delivery,
    attempt: &Attempt,
    request: &Request,
    secret: Option<&str>,
    colour: Colour,
) -> Vec<String> {
    let number = attempt.number;
    let mut lines = vec![String::new(), colour.bold(&format!("ATTEMPT {number}: WHAT WAS SENT"))];
    lines.push(format!("POST {} HTTP/1.1", request.target));
    let text = |value: &serde_json::Value| value.as_str().unwrap_or_default().to_owned();
    lines.extend(request.headers.iter().map(|(name, value)| format!("{name}: {}", text(value))));
    if let Some(body) = &request.body {
        lines.extend([String::new(), body.clone()]);
    }
    lines.push(String::new());
    lines.push(colour.bold(&format!("ATTEMPT {number}: HOW IT WAS SIGNED")));
    lines.extend(steps(delivery, request, secret));
    lines.push(String::new());
    lines.push(colour.bold(&format!("ATTEMPT {number}: WHAT CAME BACK")));
    match &attempt.response {
        Some(response) => lines.extend(answer(response)),
        None => lines.push(format!("nothing: {}", attempt.outcome())),
    }
    lines
}

fn answer(response: &Response) -> Vec<String> {
    let mut lines = vec![response.status.to_string()];
    lines.extend(response.headers.iter().map(|(name, value)| format!("{name}: {value}")));
    if !response.body.is_empty() {
        lines.extend([String::new(), response.body.clone()]);
    }
    if response.is_cut {
        lines.push("(and so on)".to_owned());
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::super::wire::examples::{SECRET, delivery};
    use super::*;

    #[test]
    fn an_attempt_is_explained_from_request_to_answer() {
        let delivery = delivery();
        let (attempt, request) = explained(&delivery, None).expect("there are two");
        let lines = explanation(&delivery, attempt, request, Some(SECRET), Colour::Off);
        insta::assert_snapshot!(lines.join("\n"), @r#"
        ATTEMPT 2: WHAT WAS SENT
        POST /hook?shop=1 HTTP/1.1
        Host: localhost:3000
        x-ms-date: Thu, 01 Jan 2026 00:00:02 GMT
        x-ms-content-sha256: LLT+BFJuhxrshe0YoV2fTVOLz8mr9hQHVsdNf3u31Sc=
        Authorization: HMAC-SHA256 SignedHeaders=x-ms-date;host;x-ms-content-sha256&Signature=MNFP3xKOATgPbBUKrI6CQU1fLUAYPr+WvrWda/pVxwM=
        Webhook-Id: 497f6eca

        ATTEMPT 2: HOW IT WAS SIGNED
        1. Hash the body as it came, all 72 bytes: base64(SHA-256(body)).
           LLT+BFJuhxrshe0YoV2fTVOLz8mr9hQHVsdNf3u31Sc=
        2. Put the string together, 107 bytes: three lines, two line feeds, none at the end.
           POST\n
           /hook?shop=1\n
           Thu, 01 Jan 2026 00:00:02 GMT;localhost:3000;LLT+BFJuhxrshe0YoV2fTVOLz8mr9hQHVsdNf3u31Sc=
           Path, query and host are those of the registered address; the date is x-ms-date.
        3. base64(HMAC-SHA256(key, string)). The key is the secret as it stands, not decoded.
           key        not-a-real-secret
           signature  MNFP3xKOATgPbBUKrI6CQU1fLUAYPr+WvrWda/pVxwM=
        4. Compare, in constant time, with what follows Signature= in Authorization.
           They are the same.
        The same in a shell:
           printf 'POST\n/hook?shop=1\nThu, 01 Jan 2026 00:00:02 GMT;localhost:3000;LLT+BFJuhxrshe0YoV2fTVOLz8mr9hQHVsdNf3u31Sc=' \
             | openssl dgst -sha256 -hmac "$SECRET" -binary | openssl base64

        ATTEMPT 2: WHAT CAME BACK
        200
        content-length: 2

        ok
        "#);
        insta::assert_snapshot!(facts(&delivery).join("\n"), @r#"
        delivery      3
        event         epayments.payment.created.v1
        to            http://localhost:3000/hook?shop=1
        registration  497f6eca
        status        delivered
        payment       ride-0001
        body          72 bytes
        {"msn":"900001","reference":"ride-0001","name":"CREATED","success":true}
        "#);
    }

    #[test]
    fn an_attempt_that_was_not_made_is_not_explained() {
        let refused = explained(&delivery(), Some(3)).expect_err("there are two");
        assert_eq!(refused.to_string(), "delivery 3 has had 2 attempts");
    }
}
