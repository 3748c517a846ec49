//! What the code promises by absence: see the crate's documentation.

use std::{
    fs,
    path::{Path, PathBuf},
};

/// The lines of a folder's code that contain a word, tests and comments left out.
fn lines_with(folder: &str, words: &[&str], except: &[&str]) -> Vec<String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    collect(&root.join(folder), &mut files);
    assert!(!files.is_empty(), "no code in {folder}");
    let mut found = Vec::new();
    for file in files {
        let name = file.strip_prefix(&root).unwrap().display().to_string();
        if except.contains(&name.as_str()) {
            continue;
        }
        let text = fs::read_to_string(&file).unwrap();
        let code = text.split("#[cfg(test)]\nmod tests").next().unwrap();
        for (number, line) in (1..).zip(code.lines()) {
            let is_comment = line.trim_start().starts_with("//");
            if !is_comment && words.iter().any(|word| line.contains(word)) {
                found.push(format!("{name}:{number}: {}", line.trim()));
            }
        }
    }
    found
}

fn collect(path: &Path, files: &mut Vec<PathBuf>) {
    if path.is_file() {
        files.push(path.to_owned());
        return;
    }
    for entry in fs::read_dir(path).unwrap() {
        collect(&entry.unwrap().path(), files);
    }
}

#[track_caller]
fn assert_none(found: &[String]) {
    assert!(found.is_empty(), "\n{}", found.join("\n"));
}

#[test]
fn domain_is_pure_and_synchronous() {
    let words = ["tokio", "axum", "serde_json", "reqwest", "async ", ".await"];
    assert_none(&lines_with("domain", &words, &[]));
}

#[test]
fn app_knows_no_http() {
    assert_none(&lines_with("app", &["axum", "StatusCode", "reqwest"], &[]));
}

#[test]
fn only_the_clock_reads_the_time_and_only_entropy_makes_random_numbers() {
    let time = [
        "Timestamp::now",
        "Zoned::now",
        "SystemTime",
        "Instant::now",
        "tokio::time",
        "thread::sleep",
    ];
    // With what stands before it, for a brand is no crate.
    let chance = [" rand::", "(rand::", "Uuid::new_v4"];
    for folder in ["domain", "app", "http", "delivery"] {
        assert_none(&lines_with(folder, &time, &["app/clock.rs"]));
        assert_none(&lines_with(folder, &chance, &["app/entropy.rs"]));
    }
    assert_none(&lines_with("taxi", &time, &["taxi/clock.rs"]));
    assert_none(&lines_with("taxi", &chance, &["taxi/clock.rs"]));
}

#[test]
fn the_client_and_the_harness_cannot_share_the_mocks_mistakes() {
    // The only parts of the crate that they name are each other.
    for folder in ["taxi", "scenario", "conformance"] {
        let own = lines_with(folder, &["crate::"], &[]);
        let foreign = |line: &String| {
            let parts = line.split("crate::").skip(1);
            let own = ["taxi", "scenario", "conformance"];
            parts.into_iter().any(|it| !own.iter().any(|own| it.starts_with(own)))
        };
        assert_none(&own.into_iter().filter(foreign).collect::<Vec<_>>());
    }
}

#[test]
fn statuses_of_problems_stand_in_one_table_and_event_names_in_another() {
    let success_and_gateway = [
        "http/shapes.rs",
        "http/problem.rs",
        "http/gateway.rs",
        "http/access_token.rs",
        "http/control/answer.rs",
        "http/landing/answer.rs",
        "http/userinfo.rs",
    ];
    let refusals = [
        "StatusCode::BAD_REQUEST",
        "StatusCode::UNAUTHORIZED",
        "StatusCode::FORBIDDEN",
        "StatusCode::NOT_FOUND",
        "StatusCode::CONFLICT",
        "StatusCode::LOCKED",
    ];
    for folder in ["domain", "app", "http", "delivery"] {
        assert_none(&lines_with(folder, &refusals, &success_and_gateway));
        assert_none(&lines_with(folder, &["epayments.payment"], &["domain/event.rs"]));
        assert_none(&lines_with(
            folder,
            &["\"AUTHORIZED\"", "\"CAPTURED\""],
            &["domain/event.rs", "domain/payment.rs"],
        ));
    }
}

#[test]
fn control_routes_are_registered_with_their_description() {
    // In `http/control/mod.rs` they come as `routes!(handler)`, which has both.
    assert_none(&lines_with("http/control", &[".route(", ".route_service(", "routing::"], &[]));
}
