//! The command line as a whole: every command is explained, listed to shells, and ends with a hint.

use std::{collections::BTreeSet, fs, net::TcpListener};

use clap::Command;
use vipps_mock::cli::command;

use crate::program::run;

/// Every command with its path, those that have others beneath them too.
fn commands() -> Vec<(Vec<String>, Command)> {
    fn collect(command: &Command, path: &[String], into: &mut Vec<(Vec<String>, Command)>) {
        for inner in command.get_subcommands().filter(|it| it.get_name() != "help") {
            let path = [path, &[inner.get_name().to_owned()]].concat();
            into.push((path.clone(), inner.clone()));
            collect(inner, &path, into);
        }
    }
    let (mut top, mut all) = (command(), Vec::new());
    // Hands flags down to the commands beneath.
    top.build();
    collect(&top, &[], &mut all);
    all
}

fn has_flag(command: &Command, name: &str) -> bool {
    command.get_arguments().any(|it| it.get_long() == Some(name))
}

#[test]
fn every_command_says_what_it_does_and_how_it_ends() {
    let all = commands();
    assert!(all.len() > 50, "{}", all.len());
    for (path, mut command) in all {
        let about = command.get_about().map(ToString::to_string).unwrap_or_default();
        assert!(!about.is_empty() && !about.ends_with('.'), "{path:?}: {about:?}");
        let help = command.render_long_help().to_string();
        assert!(help.contains("Exit codes:"), "{path:?}\n{help}");
        assert!(path.len() > 1 || help.contains("Examples:"), "{path:?}\n{help}");
        for argument in command.get_arguments().filter(|it| !it.is_hide_set()) {
            assert!(argument.get_help().is_some(), "{path:?} {}", argument.get_id());
        }
    }
}

#[test]
fn every_listing_can_be_read_by_programs() {
    let listings = commands().into_iter().filter(|(path, command)| {
        let about = command.get_about().map(ToString::to_string).unwrap_or_default();
        about.starts_with("List ") || path.last().is_some_and(|it| it == "list")
    });
    let listings: Vec<_> = listings.collect();
    assert!(listings.len() > 8, "{listings:?}");
    for (path, command) in listings {
        assert!(has_flag(&command, "output"), "{path:?} takes no --output json");
    }
}

/// What an argument might want to hear, the most particular things first.
const WORDS: [&str; 9] = [
    "bash",
    "ride-0001",
    "4790000001",
    "10m",
    "6280",
    "approve",
    "1",
    "CAPTURED",
    "https://a.example",
];

/// Words for what a command cannot do without, so that the mock is asked at all.
fn filled(path: &[String], command: &Command, file: &str) -> Option<Vec<String>> {
    let is_wanted = |it: &&clap::Arg| it.is_positional() && it.is_required_set();
    let mut words = path.to_vec();
    for argument in command.get_arguments().filter(is_wanted) {
        let known = argument.get_possible_values();
        let is_file = argument.get_value_names().is_some_and(|it| it[0].ends_with("FILE"));
        let candidates: Vec<String> = if is_file {
            vec![file.to_owned()]
        } else if known.is_empty() {
            WORDS.map(str::to_owned).to_vec()
        } else {
            known.iter().map(|it| it.get_name().to_owned()).collect()
        };
        words.push(candidates.into_iter().find(|word| {
            let alone = Command::new("alone").arg(argument.clone().index(1));
            alone.try_get_matches_from(["alone", word]).is_ok()
        })?);
    }
    Some(words)
}

#[test]
fn without_a_mock_every_command_that_needs_one_says_what_to_do() {
    // Bound and closed again: nobody answers there.
    let closed = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let url = format!("http://{closed}");
    let file = std::env::temp_dir().join(format!("vipps-mock-{}.json", std::process::id()));
    fs::write(&file, r#"{"msn":"900001"}"#).unwrap();
    let (mut asked, mut unasked) = (0, Vec::new());
    for (path, command) in commands() {
        if !has_flag(&command, "url") || command.is_subcommand_required_set() {
            continue;
        }
        // What ships is listed and shown without a mock; to run it is tried below, by a name.
        if path[0] == "scenario" {
            continue;
        }
        let Some(words) = filled(&path, &command, file.to_str().unwrap()) else {
            unasked.push(path);
            continue;
        };
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        let ran = run(&words, &[("VIPPS_MOCK_URL", &url)]);
        assert_eq!(ran.code, 3, "{words:?}: {ran:?}");
        assert_eq!(ran.out, "", "{words:?}");
        let last = ran.notes.lines().last().unwrap_or_default();
        assert!(last.starts_with("hint: "), "{words:?}: {ran:?}");
        asked += 1;
    }
    fs::remove_file(&file).unwrap();
    let ran = run(&["scenario", "run", "customer-rejects"], &[("VIPPS_MOCK_URL", &url)]);
    assert!(ran.code == 3 && ran.notes.contains("\nhint: "), "{ran:?}");
    assert!(asked > 30 && unasked.len() < 4, "{asked} commands asked, but not {unasked:?}");
}

#[test]
fn what_is_mistyped_ends_with_a_hint_too() {
    for words in [
        &["paymnets"][..],
        &["payments", "--outptu", "json"],
        &["approve"],
        &["clock", "advance", "soon"],
    ] {
        let ran = run(words, &[]);
        let last = ran.notes.lines().last().unwrap_or_default();
        assert_eq!(ran.code, 2, "{words:?}");
        assert!(last.starts_with("hint: "), "{words:?}: {}", ran.notes);
    }
}

#[test]
fn every_shell_is_told_every_command() {
    let names: BTreeSet<String> =
        commands().into_iter().filter_map(|(path, _)| path.last().cloned()).collect();
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let ran = run(&["completion", shell], &[]);
        assert_eq!((ran.code, ran.notes.as_str()), (0, ""), "{shell}");
        let missing: Vec<_> = names.iter().filter(|it| !ran.out.contains(it.as_str())).collect();
        assert!(missing.is_empty(), "{shell} is not told of {missing:?}");
    }
    assert_eq!(run(&["completion", "tcsh"], &[]).code, 2);
}

#[test]
fn every_command_has_a_manual_page() {
    let dir = std::env::temp_dir().join(format!("vipps-mock-man-{}", std::process::id()));
    let ran = run(&["man", "--dir", dir.to_str().unwrap()], &[]);
    assert_eq!((ran.code, ran.out.as_str()), (0, ""), "{ran:?}");
    for (path, _) in commands() {
        let page =
            fs::read_to_string(dir.join(format!("vipps-mock-{}.1", path.join("-")))).unwrap();
        assert!(page.contains("Exit codes:"), "{path:?}\n{page}");
    }
    let first = fs::read_to_string(dir.join("vipps-mock.1")).unwrap();
    fs::remove_dir_all(&dir).unwrap();
    assert_eq!(run(&["man"], &[]).out.trim_end(), first.trim_end());
    let nowhere = run(&["man", "--dir", "/dev/null/man"], &[]);
    assert_eq!(nowhere.code, 1, "{nowhere:?}");
    assert!(nowhere.notes.contains("hint: "), "{nowhere:?}");
}
