//! Takes shell code apart into simple commands, as far as our snippets need it.

use std::{iter::Peekable, str::Chars};

/// What variables stand for where a flag checks its value.
const VALUES: [(&str, &str); 2] =
    [("$VIPPS_PHONE", "4790000001"), ("$VIPPS_BASE_URL", "http://127.0.0.1:8080")];

/// What a command in `$(..)` stands for.
const SUBSTITUTED: &str = "172.17.0.2";

/// The simple commands of some code, each as its words; those within `$(..)` come as well.
pub(super) fn commands(code: &str) -> Vec<Vec<String>> {
    let mut shell = Shell { signs: code.chars().peekable(), commands: Vec::new() };
    shell.read_until(None);
    shell.commands
}

struct Shell<'a> {
    signs: Peekable<Chars<'a>>,
    commands: Vec<Vec<String>>,
}

/// A command that is being read.
#[derive(Default)]
struct Command {
    words: Vec<String>,
    word: Option<String>,
    /// The next word is the file of a redirection.
    is_file_next: bool,
}

impl Command {
    fn add(&mut self, text: &str) {
        self.word.get_or_insert_default().push_str(text);
    }

    fn end_word(&mut self) {
        let Some(mut word) = self.word.take() else { return };
        for (name, value) in VALUES {
            word = word.replace(name, value);
        }
        if !std::mem::take(&mut self.is_file_next) {
            self.words.push(word);
        }
    }

    /// At `>` or `<`: what stands before it is at most the number of a stream.
    fn redirect(&mut self) {
        self.word.take_if(|word| word.chars().all(|sign| sign.is_ascii_digit()));
        self.end_word();
        self.is_file_next = true;
    }
}

impl Shell<'_> {
    fn read_until(&mut self, end: Option<char>) {
        let mut command = Command::default();
        while let Some(sign) = self.signs.next() {
            if Some(sign) == end {
                break;
            }
            match sign {
                '\\' => self.escaped(&mut command),
                '\'' => command.add(&self.text_until('\'')),
                '"' => self.double_quoted(&mut command),
                '$' if self.signs.next_if_eq(&'(').is_some() => self.substitute(&mut command),
                '#' if command.word.is_none() => {
                    self.text_until('\n');
                    self.end_command(&mut command);
                }
                '<' if self.signs.next_if_eq(&'<').is_some() => {
                    self.skip_document();
                    self.end_command(&mut command);
                }
                '>' | '<' => {
                    while self.signs.next_if(|next| matches!(next, '>' | '&')).is_some() {}
                    command.redirect();
                }
                '\n' | ';' | '&' | '|' | '(' | ')' => self.end_command(&mut command),
                sign if sign.is_whitespace() => command.end_word(),
                sign => command.add(sign.encode_utf8(&mut [0; 4])),
            }
        }
        self.end_command(&mut command);
    }

    fn end_command(&mut self, command: &mut Command) {
        command.end_word();
        let words = std::mem::take(command).words;
        if !words.is_empty() {
            self.commands.push(words);
        }
    }

    /// A line goes on after a backslash at its end.
    fn escaped(&mut self, command: &mut Command) {
        match self.signs.next() {
            None | Some('\n') => {}
            Some(sign) => command.add(sign.encode_utf8(&mut [0; 4])),
        }
    }

    fn double_quoted(&mut self, command: &mut Command) {
        command.add("");
        while let Some(sign) = self.signs.next() {
            match sign {
                '"' => break,
                '\\' => self.escaped(command),
                '$' if self.signs.next_if_eq(&'(').is_some() => self.substitute(command),
                sign => command.add(sign.encode_utf8(&mut [0; 4])),
            }
        }
    }

    fn substitute(&mut self, command: &mut Command) {
        self.read_until(Some(')'));
        command.add(SUBSTITUTED);
    }

    fn text_until(&mut self, end: char) -> String {
        self.signs.by_ref().take_while(|sign| *sign != end).collect()
    }

    /// A document in place of a file, `<<'END'`, is no code. Ours end the command they belong to.
    fn skip_document(&mut self) {
        let rest_of_line = self.text_until('\n');
        let end = rest_of_line.split_whitespace().next().unwrap_or_default().trim_matches('\'');
        while self.signs.peek().is_some() && self.text_until('\n').trim() != end {}
    }
}

#[test]
fn code_is_taken_apart_as_a_shell_does() {
    let cases: [(&str, &[&[&str]]); 10] = [
        ("a b 'c d' \"e f\"  # g", &[&["a", "b", "c d", "e f"]]),
        ("a # b\nc", &[&["a"], &["c"]]),
        ("a \\\n  b\nc", &[&["a", "b"], &["c"]]),
        ("a & b; c | d && e", &[&["a"], &["b"], &["c"], &["d"], &["e"]]),
        ("a \"$(b c)\" d", &[&["b", "c"], &["a", SUBSTITUTED, "d"]]),
        ("A=$(b) c", &[&["b"], &["A=172.17.0.2", "c"]]),
        ("a >file 2>&1 b", &[&["a", "b"]]),
        ("a <<'END' &\nvipps-mock nonsense\nEND\nb", &[&["a"], &["b"]]),
        ("until a; do b 1; done", &[&["until", "a"], &["do", "b", "1"], &["done"]]),
        ("--phone \"$VIPPS_PHONE\" ''", &[&["--phone", "4790000001", ""]]),
    ];
    for (code, expected) in cases {
        assert_eq!(commands(code), expected, "{code}");
    }
}
