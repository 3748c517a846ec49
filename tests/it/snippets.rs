//! What README, docs, recipes and the Dockerfile show: commands and flags exist, files parse, names
//! and versions agree, and what can run without a container engine is run.

mod files;
mod shell;

use std::{collections::BTreeSet, path::Path, process::Command};

use clap::error::ErrorKind;
use files::{Code, all_text, dockerfile, markdown, read, recipe, recipes, shell_code, words_of};
use vipps_mock::{
    cli::command,
    cli::server::{Server, Settings},
    config::default_units,
    taxi::credentials::VARIABLES,
};
use yaml_rust2::Yaml;

/// Checks the arguments after the program's name, without running anything.
fn check_arguments(arguments: &[String], code: &Code) {
    let words = [String::from("vipps-mock")].into_iter().chain(arguments.iter().cloned());
    let Err(error) = command().try_get_matches_from(words) else { return };
    let lacks_something = matches!(
        error.kind(),
        ErrorKind::MissingRequiredArgument | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand
    );
    let is_help = matches!(error.kind(), ErrorKind::DisplayHelp | ErrorKind::DisplayVersion);
    let is_fine = is_help || (code.is_mention && lacks_something);
    assert!(is_fine, "{}: {arguments:?}\n{error}", code.place);
}

/// The arguments for the program in a simple command, if it is one of the ways to call it.
fn our_arguments(words: &[String]) -> Option<Vec<String>> {
    let texts: Vec<&str> = words.iter().map(String::as_str).collect();
    match texts.as_slice() {
        ["cargo", "run", ..] => {
            let end_of_cargo = words.iter().position(|word| word == "--")?;
            Some(words[end_of_cargo + 1..].to_vec())
        }
        ["docker", "run", ..] => {
            let arguments = after_program(words)?;
            Some(if arguments.is_empty() { words_of(&dockerfile("CMD")) } else { arguments })
        }
        // These name the image, or the file in it, and start nothing.
        ["sudo", ..]
        | ["docker", "build" | "compose" | "push" | "create" | "cp" | "rm" | "network", ..] => None,
        _ => after_program(words),
    }
}

fn after_program(words: &[String]) -> Option<Vec<String>> {
    let is_program = |word: &String| {
        let name = word.rsplit('/').next().unwrap_or(word);
        name == "$MOCK_IMAGE" || name.split(':').next() == Some("vipps-mock")
    };
    let program = words.iter().position(is_program)?;
    Some(words[program + 1..].to_vec())
}

#[test]
fn every_command_that_is_shown_is_understood() {
    let mut checked = 0;
    for code in shell_code() {
        for words in shell::commands(&code.text) {
            if let Some(arguments) = our_arguments(&words) {
                check_arguments(&arguments, &code);
                checked += 1;
            }
        }
    }
    assert!(40 < checked, "only {checked} commands were found");
}

#[test]
fn every_environment_variable_that_is_shown_exists() {
    let known = variables();
    for (path, text) in all_text() {
        let words = text.split(|sign: char| !sign.is_ascii_alphanumeric() && sign != '_');
        for word in words.filter(|word| word.starts_with("VIPPS_")) {
            // `VIPPS_MOCK_` and the like speak of all that begin so.
            let is_known = known.contains(word) || word.ends_with('_');
            assert!(is_known, "{path}: {word} is read by nobody");
        }
    }
}

#[test]
fn every_setting_of_the_mock_is_in_the_table_for_docker() {
    let docs = read("docs/docker.md");
    for name in variables().iter().filter(|name| name.starts_with("VIPPS_MOCK_")) {
        assert!(docs.contains(&format!("| `{name}` |")), "docs/docker.md does not tell {name}");
    }
}

/// The five variables of the merchant, those of all flags, and those that a command from the journal
/// leaves to whoever runs it.
fn variables() -> BTreeSet<String> {
    fn collect(command: &clap::Command, names: &mut BTreeSet<String>) {
        let variables = command.get_arguments().filter_map(clap::Arg::get_env);
        names.extend(variables.map(|name| name.to_str().unwrap().to_owned()));
        command.get_subcommands().for_each(|inner| collect(inner, names));
    }
    let mut names: BTreeSet<String> = VARIABLES.map(str::to_owned).into();
    collect(&command(), &mut names);
    names.extend(["VIPPS_TOKEN", "VIPPS_PHONE"].map(str::to_owned));
    names
}

#[test]
fn every_link_to_a_file_leads_somewhere() {
    for path in markdown() {
        let text = read(&path);
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(&path);
        for (start, opening) in text.match_indices("](") {
            let link = text[start + opening.len()..].split(')').next().unwrap();
            let file = link.split('#').next().unwrap();
            let is_elsewhere = link.contains("://") || file.is_empty();
            let target = folder.parent().unwrap().join(file);
            assert!(is_elsewhere || target.exists(), "{path}: {link} leads nowhere");
        }
    }
}

#[test]
fn versions_and_keys_agree_everywhere() {
    let version = env!("CARGO_PKG_VERSION");
    let toolchain = format!("FROM rust:{} AS build", env!("CARGO_PKG_RUST_VERSION"));
    let dockerfile = read("Dockerfile");
    assert!(dockerfile.contains(&toolchain), "{toolchain}");
    assert!(dockerfile.contains(&format!("image.version=\"{version}\"")), "{version}");
    for (path, text) in all_text() {
        for (start, name) in text.match_indices("/vipps-mock:") {
            let tag = &text[start + name.len()..];
            assert!(tag.starts_with(version), "{path}: another version than {version}");
        }
    }
    let unit = &default_units()[0];
    for path in recipes() {
        let text = read(&path);
        for key in [&*unit.client_id, &*unit.client_secret, &*unit.subscription_key] {
            assert!(text.contains(key), "{path}: {key} is not there");
        }
    }
}

#[test]
fn the_compose_file_checks_health_as_the_image_does() {
    let compose = recipe("docs/examples/compose.yaml");
    let of_image = dockerfile("HEALTHCHECK");
    let (_, of_image) = of_image.split_once("CMD ").unwrap();
    let check = strings(&compose["services"]["mock"]["healthcheck"]["test"]);
    assert_eq!(check[0], "CMD");
    assert_eq!(check[1..], words_of(of_image));
    let merchant = &compose["services"]["merchant"];
    assert_eq!(merchant["depends_on"]["mock"]["condition"].as_str(), Some("service_healthy"));
}

/// The stand-in merchant of the compose file pays for its ride, with the addresses of this machine.
#[tokio::test]
async fn the_merchant_of_the_compose_file_gets_its_money() {
    let compose = recipe("docs/examples/compose.yaml");
    let merchant = compose["services"]["merchant"].clone();
    let mock = Server::start(Settings::sandbox()).await.unwrap();
    let mut program = Command::new(env!("CARGO_BIN_EXE_vipps-mock"));
    for (name, value) in merchant["environment"].as_hash().unwrap() {
        let value = value.as_str().unwrap().replace("http://mock:8080", &mock.url());
        program.env(name.as_str().unwrap(), value);
    }
    for argument in strings(&merchant["command"]) {
        // The port is known only when the taxi has it, and its own default says it right.
        if !argument.starts_with("--webhook-url=http://merchant:9000/") {
            program.arg(argument.replace("0.0.0.0:9000", "127.0.0.1:0"));
        }
    }
    let ran = tokio::task::spawn_blocking(move || program.output().unwrap()).await.unwrap();
    let printed = String::from_utf8_lossy(&ran.stdout);
    assert!(ran.status.success(), "{printed}{}", String::from_utf8_lossy(&ran.stderr));
    assert!(printed.contains("NOK 345.92"), "{printed}");
    mock.stop().await;
}

/// What a container of the image has in its environment.
pub(crate) fn image_environment() -> Vec<(String, String)> {
    let pair = |word: &str| {
        let (name, value) = word.split_once('=').unwrap();
        (name.to_owned(), value.to_owned())
    };
    dockerfile("ENV").split_whitespace().map(pair).collect()
}

fn strings(list: &Yaml) -> Vec<String> {
    list.as_vec().unwrap().iter().map(|it| it.as_str().unwrap().to_owned()).collect()
}
