//! Finds features: those in the binary first, then those on disk.

use std::fs;
use std::path::Path;

use cucumber::feature::Ext as _;
use cucumber::gherkin::{Feature, GherkinEnv};
use include_dir::{Dir, include_dir};

use super::error::RunError;

static EMBEDDED: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/features");

/// A feature file: where it is from and what it says.
struct FeatureFile {
    path: String,
    text: String,
    embedded: bool,
}

/// A parsed feature, its outlines expanded to a scenario a row.
#[derive(Debug, Clone)]
pub struct LoadedFeature {
    /// The path it is reported under, `features/taxi/fare.feature`.
    pub path: String,
    /// Whether it is one of ours, part of the binary.
    pub embedded: bool,
    /// What it says.
    pub feature: Feature,
}

/// Loads the features that `paths` name, all embedded ones if there is none. With a directory, the
/// paths are looked up in it, and without paths all of it is loaded.
///
/// # Errors
///
/// When a path is neither among the embedded features nor on disk, or a feature does not parse.
pub fn load(paths: &[String], directory: Option<&Path>) -> Result<Vec<LoadedFeature>, RunError> {
    let mut files = Vec::new();
    if paths.is_empty() {
        files = match directory {
            Some(directory) => in_directory(directory)?,
            None => embedded(""),
        };
    }
    for path in paths {
        let found = match directory {
            Some(directory) => in_directory(&directory.join(path))?,
            None => embedded_or_on_disk(path)?,
        };
        if found.is_empty() {
            return Err(RunError::NoSuchFeature { path: path.clone() });
        }
        files.extend(found);
    }
    // A path may be named twice, or a directory beside a file in it.
    files.sort_by(|one, other| one.path.cmp(&other.path));
    files.dedup_by(|one, other| one.path == other.path);
    files.into_iter().map(parse).collect()
}

fn embedded_or_on_disk(path: &str) -> Result<Vec<FeatureFile>, RunError> {
    let found = embedded(path);
    if found.is_empty() { on_disk(Path::new(path)) } else { Ok(found) }
}

/// What is at a path that somebody has said is there.
fn in_directory(path: &Path) -> Result<Vec<FeatureFile>, RunError> {
    let with_ending = path.with_extension("feature");
    let found = on_disk(if path.exists() { path } else { &with_ending })?;
    if found.is_empty() {
        return Err(RunError::NoSuchFeature { path: path.display().to_string() });
    }
    Ok(found)
}

fn parse(file: FeatureFile) -> Result<LoadedFeature, RunError> {
    let problem = |message: String| RunError::BadFeature { path: file.path.clone(), message };
    // The parser wants the last line to end.
    let mut feature = Feature::parse(format!("{}\n", file.text), GherkinEnv::default())
        .map_err(|error| problem(error.to_string()))?;
    feature.path = Some(file.path.clone().into());
    let feature = feature.expand_examples().map_err(|error| problem(error.to_string()))?;
    Ok(LoadedFeature { path: file.path, embedded: file.embedded, feature })
}

/// The embedded features at or under `path`, which may leave out the leading `features/` and the
/// `.feature` at the end.
fn embedded(path: &str) -> Vec<FeatureFile> {
    let wanted = path.trim_start_matches("./").trim_end_matches('/');
    let wanted = match wanted.strip_prefix("features") {
        Some(rest) if rest.is_empty() || rest.starts_with('/') => rest.trim_start_matches('/'),
        _ => wanted,
    };
    let mut found = Vec::new();
    collect_embedded(&EMBEDDED, wanted, &mut found);
    found
}

fn collect_embedded(dir: &Dir<'_>, wanted: &str, found: &mut Vec<FeatureFile>) {
    for file in dir.files() {
        let Some(path) = file.path().to_str() else { continue };
        let Some(stem) = path.strip_suffix(".feature") else { continue };
        let under = path.strip_prefix(wanted).is_some_and(|rest| rest.starts_with('/'));
        if let Some(text) = file.contents_utf8()
            && (wanted.is_empty() || under || path == wanted || stem == wanted)
        {
            let path = format!("features/{path}");
            found.push(FeatureFile { path, text: text.to_owned(), embedded: true });
        }
    }
    for inner in dir.dirs() {
        collect_embedded(inner, wanted, found);
    }
}

fn on_disk(path: &Path) -> Result<Vec<FeatureFile>, RunError> {
    let unreadable = |source| RunError::Unreadable { path: path.display().to_string(), source };
    if path.is_dir() {
        let mut found = Vec::new();
        for entry in fs::read_dir(path).map_err(unreadable)? {
            let inner = entry.map_err(unreadable)?.path();
            if inner.is_dir() || inner.extension().is_some_and(|extension| extension == "feature") {
                found.extend(on_disk(&inner)?);
            }
        }
        return Ok(found);
    }
    if !path.is_file() {
        return Ok(Vec::new());
    }
    let text = fs::read_to_string(path).map_err(unreadable)?;
    Ok(vec![FeatureFile { path: path.display().to_string(), text, embedded: false }])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_looked_up_by_directory_file_and_stem() {
        let all = load(&[], None).unwrap();
        for path in ["taxi", "features/taxi", "./features/taxi/", "features"] {
            let found = load(&[path.to_owned()], None).unwrap();
            assert!(!found.is_empty(), "{path}");
            assert!(found.iter().all(|feature| feature.embedded), "{path}");
        }
        let first = all.first().unwrap();
        let stem = first.path.strip_suffix(".feature").unwrap();
        assert_eq!(load(&[stem.to_owned()], None).unwrap().len(), 1);
        assert_eq!(load(std::slice::from_ref(&first.path), None).unwrap()[0].path, first.path);
        assert_eq!(load(&["features".to_owned()], None).unwrap().len(), all.len());
    }

    #[test]
    fn a_path_that_is_nowhere_is_named() {
        let error = load(&["taxi/no-such".to_owned()], None).unwrap_err();
        assert!(error.to_string().contains("taxi/no-such"), "{error}");
    }

    #[test]
    fn naming_a_feature_twice_loads_it_once() {
        let once = load(&["taxi".to_owned()], None).unwrap();
        let twice = load(&["taxi".to_owned(), "features/taxi".to_owned()], None).unwrap();
        assert_eq!(once.len(), twice.len());
    }
}
