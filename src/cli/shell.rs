//! `vipps-mock completion` and `vipps-mock man`: the command line as shells and `man` want it told.

use std::path::{Path, PathBuf};

use clap::Args;
use clap_complete::Shell;
use clap_mangen::Man;

use super::exit::{self, Exit};
use super::failure::Failure;
use super::output;
use super::program::command;

/// Flags of `vipps-mock completion`.
#[derive(Debug, Args)]
#[command(after_long_help = exit::help(
    &[
        "source <(vipps-mock completion bash)",
        "vipps-mock completion zsh     # into a file called _vipps-mock in a folder of $fpath",
        "vipps-mock completion fish    # into ~/.config/fish/completions/vipps-mock.fish",
    ],
    &[Exit::Done, Exit::Usage],
))]
pub(crate) struct CompletionArgs {
    /// Which shell
    #[arg(value_name = "SHELL")]
    shell: Shell,
}

/// Flags of `vipps-mock man`.
#[derive(Debug, Args)]
#[command(after_long_help = exit::help(
    &["vipps-mock man    # into a file called vipps-mock.1", "vipps-mock man --dir man1"],
    &[Exit::Done, Exit::NotMet, Exit::Usage],
))]
pub(crate) struct ManArgs {
    /// Write a page for each command into this directory [default: print the first one]
    #[arg(long, value_name = "DIR")]
    dir: Option<PathBuf>,
}

/// Prints what a shell completes the commands with.
pub(crate) fn completion(args: &CompletionArgs) -> Result<Exit, Failure> {
    let (mut command, mut script) = (command(), Vec::new());
    let name = command.get_name().to_owned();
    clap_complete::generate(args.shell, &mut command, name, &mut script);
    print(&script)
}

/// Prints the manual page of the program, or writes those of all commands.
pub(crate) fn man(args: ManArgs) -> Result<Exit, Failure> {
    let Some(dir) = args.dir else {
        let mut page = Vec::new();
        let command = command().disable_help_subcommand(true);
        Man::new(command).render(&mut page).map_err(Failure::Output)?;
        return print(&page);
    };
    write_pages(&dir).map_err(|error| Failure::NotMet {
        message: format!("cannot write manual pages into {}: {error}", dir.display()),
        hint: Some("without --dir the first page is printed".to_owned()),
    })?;
    output::note(&format!("manual pages are in {}; man -l shows one", dir.display()));
    Ok(Exit::Done)
}

fn write_pages(dir: &Path) -> Result<(), std::io::Error> {
    std::fs::create_dir_all(dir)?;
    clap_mangen::generate_to(command(), dir)
}

fn print(text: &[u8]) -> Result<Exit, Failure> {
    output::line(String::from_utf8_lossy(text).trim_end())?;
    Ok(Exit::Done)
}
