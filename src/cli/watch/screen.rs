//! Where a watch is shown: plain lines, or a terminal with a prompt below them and keys.

use std::future::pending;
use std::io::{self, Write as _};
use std::thread;

use crossterm::event::{self, Event, KeyCode, KeyEvent, KeyEventKind, KeyModifiers};
use crossterm::terminal;
use tokio::sync::mpsc::{self, Receiver};

use super::state::{HELP, Key};
use crate::cli::failure::Failure;
use crate::cli::output;

/// To the beginning of the line, and away with what stands there.
const CLEAR: &str = "\r\u{1b}[K";

/// How many keys may wait for their turn.
const KEYS_MAX: usize = 16;

/// How wide a terminal is that does not say so, in characters.
const USUAL_WIDTH: u16 = 80;

/// Where lines go, and where keys come from.
pub(super) enum Screen {
    /// A pipe or a file, or nobody at the keyboard.
    Plain,
    Terminal(Terminal),
}

/// A terminal that hands over each key at once.
pub(super) struct Terminal {
    keys: Receiver<Key>,
    _raw: RawMode,
}

impl Screen {
    pub(super) fn terminal() -> Result<Self, Failure> {
        let raw = RawMode::enter().map_err(Failure::Output)?;
        Ok(Self::Terminal(Terminal { keys: keys(), _raw: raw }))
    }

    /// How whoever looks at it can answer.
    pub(super) const fn keys(&self) -> &'static str {
        match self {
            Self::Plain => "Ctrl-C ends it",
            Self::Terminal(_) => HELP,
        }
    }

    /// The next key. It never comes where there is no keyboard.
    pub(super) async fn key(&mut self) -> Key {
        match self {
            Self::Plain => pending().await,
            Self::Terminal(terminal) => terminal.keys.recv().await.unwrap_or(Key::End),
        }
    }

    /// Writes a line of data.
    pub(super) fn line(&self, text: &str) -> Result<(), Failure> {
        match self {
            Self::Plain => output::line(text),
            Self::Terminal(_) => write(&format!("{CLEAR}{text}\r\n")),
        }
    }

    /// Writes a line that is not data.
    pub(super) fn note(&self, text: &str) -> Result<(), Failure> {
        match self {
            Self::Plain => {
                output::note(text);
                Ok(())
            }
            Self::Terminal(_) => self.line(text),
        }
    }

    /// Writes what keys are about into the last line, in place of what stood there.
    pub(super) fn prompt(&self, text: &str) -> Result<(), Failure> {
        match self {
            Self::Plain => Ok(()),
            Self::Terminal(_) => {
                let width = terminal::size().map_or(USUAL_WIDTH, |(width, _)| width);
                write(&format!("{CLEAR}{}", clipped(text, width.into())))
            }
        }
    }
}

fn write(text: &str) -> Result<(), Failure> {
    let mut out = io::stdout().lock();
    out.write_all(text.as_bytes()).and_then(|()| out.flush()).map_err(Failure::Output)
}

/// As much as fits beside the cursor: a longer line would be two, and only one of them be cleared.
fn clipped(text: &str, width: usize) -> String {
    text.chars().take(width.saturating_sub(1)).collect()
}

/// A terminal that does not wait for Enter. Dropping it gives the terminal back as it was.
struct RawMode;

impl RawMode {
    fn enter() -> io::Result<Self> {
        terminal::enable_raw_mode()?;
        Ok(Self)
    }
}

impl Drop for RawMode {
    fn drop(&mut self) {
        // Where the terminal is gone, there is nothing to give back.
        let _ = write(CLEAR);
        let _ = terminal::disable_raw_mode();
    }
}

/// Reads keys in a thread of its own, which ends with the terminal or with the program.
fn keys() -> Receiver<Key> {
    let (sender, receiver) = mpsc::channel(KEYS_MAX);
    thread::spawn(move || {
        while let Ok(event) = event::read() {
            if sender.blocking_send(key(&event)).is_err() {
                return;
            }
        }
    });
    receiver
}

fn key(event: &Event) -> Key {
    match event {
        Event::Key(KeyEvent { code, modifiers, kind: KeyEventKind::Press, .. }) => {
            match (code, modifiers.contains(KeyModifiers::CONTROL)) {
                (KeyCode::Char('c'), true) => Key::Interrupt,
                (KeyCode::Char('d'), true) => Key::End,
                (KeyCode::Char(sign), false) => Key::Sign(*sign),
                (KeyCode::Up, false) => Key::Up,
                (KeyCode::Down, false) => Key::Down,
                _ => Key::Other,
            }
        }
        // Another size, for example: the prompt is written again.
        _ => Key::Other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_what_they_say() {
        let cases = [
            (KeyCode::Char('a'), KeyModifiers::NONE, Key::Sign('a')),
            (KeyCode::Char('A'), KeyModifiers::SHIFT, Key::Sign('A')),
            (KeyCode::Char('c'), KeyModifiers::CONTROL, Key::Interrupt),
            (KeyCode::Char('d'), KeyModifiers::CONTROL, Key::End),
            (KeyCode::Char('a'), KeyModifiers::CONTROL, Key::Other),
            (KeyCode::Up, KeyModifiers::NONE, Key::Up),
            (KeyCode::Down, KeyModifiers::NONE, Key::Down),
            (KeyCode::Enter, KeyModifiers::NONE, Key::Other),
        ];
        for (code, modifiers, expected) in cases {
            assert_eq!(key(&Event::Key(KeyEvent::new(code, modifiers))), expected, "{code:?}");
        }
        let released = KeyEvent::new(KeyCode::Char('a'), KeyModifiers::NONE);
        let released = KeyEvent { kind: KeyEventKind::Release, ..released };
        assert_eq!(key(&Event::Key(released)), Key::Other);
    }

    #[test]
    fn a_prompt_is_one_line_and_leaves_room_for_the_cursor() {
        assert_eq!(clipped("r\u{e5}d-0001", 4), "r\u{e5}d");
        assert_eq!(clipped("ride", 80), "ride");
        assert_eq!(clipped("ride", 0), "");
    }
}
