//! The program itself, as a shell runs it.

use std::{
    io::{BufRead as _, BufReader},
    process::{Child, Command, Output, Stdio},
};

/// The program with these arguments, and with nothing of whoever runs the tests in its environment.
pub(crate) fn program(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_vipps-mock"));
    command.env_clear().args(arguments);
    command
}

/// What a run of the program left: its exit code, standard output and standard error.
pub(crate) fn run(arguments: &[&str], environment: &[(&str, &str)]) -> Ran {
    let ran = program(arguments).envs(environment.iter().copied()).output().unwrap();
    Ran::from(ran)
}

#[derive(Debug)]
pub(crate) struct Ran {
    pub(crate) code: i32,
    pub(crate) out: String,
    pub(crate) notes: String,
}

impl From<Output> for Ran {
    fn from(ran: Output) -> Self {
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        Self { code: ran.status.code().unwrap(), out: text(ran.stdout), notes: text(ran.stderr) }
    }
}

/// A mock in a process of its own, until it is dropped.
pub(crate) struct Serving {
    process: Child,
    pub(crate) url: String,
}

impl Serving {
    pub(crate) fn start(flags: &[&str]) -> Self {
        let mut command = program(&["serve", "--listen", "127.0.0.1:0"]);
        let command = command.args(flags).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut process = command.spawn().unwrap();
        let mut line = String::new();
        BufReader::new(process.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let url = line.trim().strip_prefix("listening on ").unwrap().to_owned();
        Self { process, url }
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
    }
}
