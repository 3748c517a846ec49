//! The scenarios that ship.

use include_dir::{Dir, include_dir};

use super::recipe::{Recipe, RecipeError};

static FILES: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/fixtures/scenarios");

/// All of them, by name.
///
/// # Errors
///
/// [`RecipeError`] if a file in the binary is none, which a test rules out.
pub(crate) fn shipped() -> Result<Vec<Recipe>, RecipeError> {
    let texts = FILES.files().filter_map(|file| file.contents_utf8());
    let mut recipes: Vec<Recipe> = texts.map(Recipe::read).collect::<Result<_, _>>()?;
    recipes.sort_by(|one, other| one.name.cmp(&other.name));
    Ok(recipes)
}

#[cfg(test)]
mod tests {
    use super::super::step::{KINDS, Step};
    use super::*;

    #[test]
    fn every_file_is_a_scenario_of_its_name_and_says_what_it_shows() {
        let recipes = shipped().unwrap();
        assert!(12 <= recipes.len(), "{}", recipes.len());
        for recipe in &recipes {
            assert!(FILES.contains(format!("{}.toml", recipe.name)), "{}", recipe.name);
            assert!(recipe.shows.ends_with('.'), "{}: {}", recipe.name, recipe.shows);
            assert!(recipe.watch.ends_with(['.', '?']), "{}: {}", recipe.name, recipe.watch);
        }
    }

    #[test]
    fn the_example_of_the_documentation_is_a_scenario() {
        let docs = include_str!("../../docs/scenarios.md");
        let (_, example) = docs.split_once("```toml\n").unwrap();
        let (example, _) = example.split_once("```").unwrap();
        Recipe::read(example).unwrap();
    }

    #[test]
    fn every_kind_of_step_is_documented() {
        let docs = include_str!("../../docs/scenarios.md");
        for kind in KINDS {
            assert!(docs.contains(&format!("`{kind}`")), "{kind}");
        }
    }

    #[test]
    fn whoever_is_spoken_of_before_there_is_a_payment_is_said() {
        for recipe in shipped().unwrap() {
            let before = recipe.steps.iter().map(|it| &it.step);
            let before = before.take_while(|it| !matches!(it, Step::Payment { .. }));
            let is_spoken_of = before.into_iter().any(Step::needs_phone);
            assert!(!is_spoken_of || recipe.phone.is_some(), "{}: which customer?", recipe.name);
        }
    }
}
