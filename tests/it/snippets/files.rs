//! The files that show how the program is used, and the shell code in them.

use std::{fs, path::Path};

use yaml_rust2::{Yaml, YamlLoader};

/// Shell code, and where it stands.
pub(super) struct Code {
    pub(super) place: String,
    pub(super) text: String,
    /// Within a sentence, which need not give every argument.
    pub(super) is_mention: bool,
}

pub(super) fn read(path: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(path))
        .unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// README and the documents.
pub(super) fn markdown() -> Vec<String> {
    let mut paths = with_ending("docs", "md");
    paths.push("README.md".to_owned());
    paths
}

/// The recipes.
pub(super) fn recipes() -> Vec<String> {
    [with_ending("docs/examples", "yaml"), with_ending("docs/examples", "yml")].concat()
}

/// Every file that shows how the program is used, with its text.
pub(super) fn all_text() -> Vec<(String, String)> {
    let dockerfiles = [with_ending("docs/examples", "Dockerfile"), vec!["Dockerfile".to_owned()]];
    let paths = [markdown(), recipes(), dockerfiles.concat()].concat();
    paths.into_iter().map(|path| (path.clone(), read(&path))).collect()
}

fn with_ending(folder: &str, ending: &str) -> Vec<String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let names = fs::read_dir(root).unwrap().map(|entry| entry.unwrap().file_name());
    let paths = names.map(|name| format!("{folder}/{}", name.to_str().unwrap()));
    let mut paths: Vec<_> = paths.filter(|it| it.ends_with(&format!(".{ending}"))).collect();
    paths.sort();
    assert!(!paths.is_empty(), "no .{ending} in {folder}");
    paths
}

/// A recipe, which has to be YAML.
pub(super) fn recipe(path: &str) -> Yaml {
    let mut documents =
        YamlLoader::load_from_str(&read(path)).unwrap_or_else(|error| panic!("{path}: {error}"));
    assert_eq!(documents.len(), 1, "{path}");
    documents.remove(0)
}

/// The rest of the last line of the Dockerfile that begins with this instruction.
pub(super) fn dockerfile(instruction: &str) -> String {
    let text = read("Dockerfile");
    let mut lines =
        text.lines().rev().filter_map(|line| line.strip_prefix(instruction)?.strip_prefix(' '));
    lines.next().unwrap_or_else(|| panic!("no {instruction}")).to_owned()
}

/// The words of a command in JSON.
pub(super) fn words_of(json: &str) -> Vec<String> {
    serde_json::from_str(json).unwrap_or_else(|error| panic!("{json}: {error}"))
}

/// The shell code of all documents and recipes.
pub(super) fn shell_code() -> Vec<Code> {
    let mut found = Vec::new();
    for path in markdown() {
        in_markdown(&path, &read(&path), &mut found);
    }
    for path in [recipes(), with_ending(".github/workflows", "yml")].concat() {
        in_yaml(&path, &recipe(&path), &mut found);
    }
    let dockerfile = ["ENTRYPOINT", "CMD"].map(|name| words_of(&dockerfile(name)).join(" "));
    let text = dockerfile.join(" ");
    found.push(Code { place: "Dockerfile".to_owned(), text, is_mention: false });
    found
}

/// Fenced shell code, and code within sentences. Fences of lists are indented.
fn in_markdown(path: &str, text: &str, found: &mut Vec<Code>) {
    let mut fence: Option<Code> = None;
    let mut sentences = String::new();
    for (number, line) in (1..).zip(text.lines()) {
        match (line.trim_start().strip_prefix("```"), &mut fence) {
            (Some(language), None) => {
                let place = format!("{path}:{number}: {language}");
                fence = Some(Code { place, text: String::new(), is_mention: false });
            }
            (Some(_), Some(_)) => {
                found.extend(fence.take().filter(|it| it.place.ends_with(": sh")));
            }
            (None, Some(code)) => code.text.extend([line, "\n"]),
            (None, None) => sentences.extend([line, "\n"]),
        }
    }
    assert!(fence.is_none(), "{path}: a fence is open");
    let place = format!("{path}, within a sentence");
    let spans = sentences.split('`').skip(1).step_by(2);
    found.extend(spans.map(|span| Code {
        place: place.clone(),
        text: span.to_owned(),
        is_mention: true,
    }));
}

/// What runners hand to a shell, and the commands of services that have the image's entry point.
fn in_yaml(path: &str, yaml: &Yaml, found: &mut Vec<Code>) {
    let place = |key: &str| format!("{path}: {key}");
    match yaml {
        Yaml::Hash(members) => {
            for (key, value) in members {
                match (key.as_str().unwrap_or_default(), value) {
                    ("run", Yaml::String(text)) => {
                        let text = text.clone();
                        found.push(Code { place: place("run"), text, is_mention: false });
                    }
                    ("script", Yaml::Array(lines)) => found.extend(lines.iter().map(|line| {
                        let text = line.as_str().unwrap().to_owned();
                        Code { place: place("script"), text, is_mention: false }
                    })),
                    ("command", Yaml::Array(words)) => {
                        let words = words.iter().map(|word| word.as_str().unwrap());
                        let text =
                            words.fold("vipps-mock".to_owned(), |all, word| all + " " + word);
                        found.push(Code { place: place("command"), text, is_mention: false });
                    }
                    _ => in_yaml(path, value, found),
                }
            }
        }
        Yaml::Array(items) => items.iter().for_each(|item| in_yaml(path, item, found)),
        _ => {}
    }
}
