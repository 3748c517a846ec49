//! `vipps-mock watch`: in a pipe it prints, on a terminal it takes keys.

use std::{
    fs::{File, OpenOptions},
    io::{Read as _, Write as _},
    process::Child,
    sync::mpsc::{Receiver, channel},
    thread,
    time::Duration,
};

use rustix::{
    pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt},
    termios::{LocalModes, Winsize, tcgetattr, tcsetwinsize},
};
use serde_json::Value;

use crate::{
    merchant::Merchant,
    program::{Running, Serving, program, run},
};

/// Longer than anything here takes, and shorter than anybody waits.
const LONG: Duration = Duration::from_secs(30);

#[tokio::test]
async fn without_a_terminal_it_only_prints() {
    let mock = Serving::start(&[]);
    let merchant = Merchant::of(&mock.url);
    merchant.create("ride-0001").await;
    let watch = Running::start(&["watch"], &mock.url);
    assert_eq!(watch.until_noted("watching"), "watching sales unit 900001; Ctrl-C ends it");
    assert_eq!(watch.line(), "waiting: ride-0001 NOK 345.92, 4740000001, Taxi ride");
    merchant.create("ride-0002").await;
    let created = "payment ride-0002: CREATED NOK 345.92, 4740000001, Taxi ride";
    assert!(watch.line().ends_with(created));
    let ran = run(&["approve", "ride-0002", "--url", &mock.url], &[]);
    assert_eq!(ran.code, 0, "{ran:?}");
    assert!(watch.line().ends_with("payment ride-0002: AUTHORIZED NOK 345.92"));
    watch.interrupt();
    assert_eq!(watch.end().code, 130);
}

#[tokio::test]
async fn programs_get_the_events_of_payments() {
    let mock = Serving::start(&[]);
    let watch = Running::start(&["watch", "--output", "json"], &mock.url);
    watch.until_noted("watching");
    // Not about payments.
    assert_eq!(run(&["clock", "freeze", "--url", &mock.url], &[]).code, 0);
    Merchant::of(&mock.url).create("ride-0001").await;
    let event: Value = serde_json::from_str(&watch.line()).unwrap();
    assert_eq!((&event["reference"], &event["event"]), (&"ride-0001".into(), &"CREATED".into()));
}

#[tokio::test]
async fn on_a_terminal_one_key_answers_for_the_customer() {
    let mock = Serving::start(&[]);
    let merchant = Merchant::of(&mock.url);
    merchant.create("ride-0001").await;
    let mut terminal = Terminal::run(&["watch", "--url", &mock.url]);
    terminal.until("a approve");
    merchant.create("ride-0002").await;
    terminal.until("[2/2] ride-0002");
    // The newest, then the one that is left.
    terminal.press("a");
    terminal.until("payment ride-0002: AUTHORIZED NOK 345.92");
    terminal.until("ride-0001 NOK 345.92, 4740000001, Taxi ride | a approve");
    terminal.press("r");
    terminal.until("payment ride-0001: ABORTED NOK 345.92");
    terminal.until("no payment waits");
    assert_eq!(merchant.state("ride-0001").await, "ABORTED");
    assert_eq!(merchant.state("ride-0002").await, "AUTHORIZED");

    merchant.create("ride-0003").await;
    merchant.create("ride-0004").await;
    terminal.until("[2/2] ride-0004");
    // The arrow that points up.
    terminal.press("\u{1b}[A");
    terminal.until("[1/2] ride-0003");
    terminal.press("e");
    terminal.until("payment ride-0003: EXPIRED NOK 345.92");
    assert_eq!(terminal.end("q"), 0);
    assert_eq!(merchant.state("ride-0004").await, "CREATED");
}

#[tokio::test]
async fn what_is_refused_is_said_and_ctrl_c_gives_the_terminal_back() {
    let mock = Serving::start(&[]);
    let merchant = Merchant::of(&mock.url);
    let ran = run(&["users", "set", "4740000001", "insufficient funds", "--url", &mock.url], &[]);
    assert_eq!(ran.code, 0, "{ran:?}");
    let mut terminal = Terminal::run(&["watch", "--url", &mock.url]);
    terminal.until("no payment waits");
    merchant.create("ride-0001").await;
    terminal.until("the customer tried to pay");
    terminal.press("a");
    terminal.until("error: ");
    assert_eq!(terminal.end("\u{3}"), 130);
}

/// The program on a terminal of its own.
struct Terminal {
    process: Child,
    keys: File,
    /// The side of the program. Held, so that its settings can be looked at after the end.
    side: File,
    pieces: Receiver<Vec<u8>>,
    /// What was shown and not looked at yet.
    shown: String,
}

impl Terminal {
    fn run(arguments: &[&str]) -> Self {
        let ours = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).unwrap();
        grantpt(&ours).unwrap();
        unlockpt(&ours).unwrap();
        let name = ptsname(&ours, Vec::new()).unwrap();
        let side = OpenOptions::new().read(true).write(true).open(name.to_str().unwrap()).unwrap();
        let window = Winsize { ws_row: 24, ws_col: 200, ws_xpixel: 0, ws_ypixel: 0 };
        tcsetwinsize(&side, window).unwrap();
        let mut command = program(arguments);
        let end = || side.try_clone().unwrap();
        let process = command.stdin(end()).stdout(end()).stderr(end()).spawn().unwrap();
        let keys = File::from(ours);
        let mut screen = keys.try_clone().unwrap();
        let (sender, pieces) = channel();
        thread::spawn(move || {
            let mut piece = [0; 4096];
            while let Ok(length) = screen.read(&mut piece) {
                if sender.send(piece[..length].to_vec()).is_err() {
                    return;
                }
            }
        });
        Self { process, keys, side, pieces, shown: String::new() }
    }

    /// Reads the screen up to these words.
    #[track_caller]
    fn until(&mut self, words: &str) {
        while !self.shown.contains(words) {
            let Ok(piece) = self.pieces.recv_timeout(LONG) else {
                panic!("{words} does not come:\n{}", self.shown);
            };
            self.shown += &String::from_utf8_lossy(&piece);
        }
        let (_, rest) = self.shown.split_once(words).unwrap();
        self.shown = rest.to_owned();
    }

    fn press(&mut self, keys: &str) {
        self.keys.write_all(keys.as_bytes()).unwrap();
    }

    /// Presses a key that ends it: the exit code. The terminal is as it was before.
    fn end(mut self, key: &str) -> i32 {
        let modes = LocalModes::ICANON | LocalModes::ECHO | LocalModes::ISIG;
        assert!(!tcgetattr(&self.side).unwrap().local_modes.intersects(modes));
        self.press(key);
        let code = self.process.wait().unwrap().code().unwrap();
        assert!(tcgetattr(&self.side).unwrap().local_modes.contains(modes));
        code
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        // One that has ended cannot be killed, and need not be.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
