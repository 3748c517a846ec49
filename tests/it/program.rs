//! The program itself, as a shell runs it.

use std::{
    io::{BufRead as _, BufReader, Read},
    process::{Child, Command, Output, Stdio},
    sync::mpsc::{Receiver, channel},
    thread,
    time::Duration,
};

/// Longer than anything here takes, and shorter than anybody waits.
const LONG: Duration = Duration::from_secs(30);

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

/// A run of the program that goes on, until it is dropped: its lines can be read as they come.
pub(crate) struct Running {
    process: Child,
    out: Receiver<String>,
    notes: Receiver<String>,
}

impl Running {
    /// Runs the program against this mock, without anything to read.
    pub(crate) fn start(arguments: &[&str], url: &str) -> Self {
        let mut command = program(arguments);
        let command = command.env("VIPPS_MOCK_URL", url).stdin(Stdio::null());
        let mut process = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let (out, notes) = (process.stdout.take().unwrap(), process.stderr.take().unwrap());
        Self { process, out: lines(out), notes: lines(notes) }
    }

    /// The next line of standard output.
    #[track_caller]
    pub(crate) fn line(&self) -> String {
        self.out.recv_timeout(LONG).unwrap()
    }

    /// Reads standard error up to a line that has these words.
    #[track_caller]
    pub(crate) fn until_noted(&self, words: &str) -> String {
        loop {
            let note = self.notes.recv_timeout(LONG).unwrap_or_else(|_| panic!("no note: {words}"));
            if note.contains(words) {
                return note;
            }
        }
    }

    /// What a Ctrl-C does.
    pub(crate) fn interrupt(&self) {
        let id = self.process.id().to_string();
        assert!(Command::new("kill").args(["-INT", &id]).status().unwrap().success());
    }

    /// Waits for the end: the exit code, and what has not been read of both outputs.
    pub(crate) fn end(mut self) -> Ran {
        // Both come to their end with the program.
        let rest = |lines: &Receiver<String>| {
            let lines = std::iter::from_fn(|| lines.recv_timeout(LONG).ok());
            lines.map(|line| line + "\n").collect::<String>()
        };
        let (out, notes) = (rest(&self.out), rest(&self.notes));
        Ran { code: self.process.wait().unwrap().code().unwrap(), out, notes }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // One that has ended cannot be killed, and need not be.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// The lines of a pipe, as they come.
fn lines(pipe: impl Read + Send + 'static) -> Receiver<String> {
    let (sender, receiver) = channel();
    thread::spawn(move || {
        for line in BufReader::new(pipe).lines().map_while(Result::ok) {
            if sender.send(line).is_err() {
                return;
            }
        }
    });
    receiver
}
