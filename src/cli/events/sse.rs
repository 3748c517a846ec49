//! From bytes to messages: the event stream format (HTML standard, section 9.2.6).

/// The most that a message may hold, in bytes. The mock's have a few hundred.
const MESSAGE_BYTES_MAX: usize = 1024 * 1024;

/// A message that is whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Message {
    /// Where it stands in the stream.
    pub(super) id: String,
    /// Its data, lines joined.
    pub(super) data: String,
}

/// A message went on beyond [`MESSAGE_BYTES_MAX`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("an event has more than {MESSAGE_BYTES_MAX} bytes")]
pub(super) struct TooLong;

/// Takes bytes as they come, in pieces of any length.
#[derive(Debug, Default)]
pub(super) struct Parser {
    /// What has come of a line that is not whole yet.
    rest: Vec<u8>,
    id: String,
    data: Vec<String>,
}

impl Parser {
    /// One that has seen nothing but this id, which holds until another comes.
    pub(super) fn after(id: &str) -> Self {
        Self { id: id.to_owned(), ..Self::default() }
    }

    /// The id seen last. An id without data is no message, and yet a place to go on from.
    pub(super) fn last_id(&self) -> &str {
        &self.id
    }

    /// The messages that these bytes complete.
    ///
    /// # Errors
    ///
    /// [`TooLong`] when a message does not come to its end.
    pub(super) fn feed(&mut self, bytes: &[u8]) -> Result<Vec<Message>, TooLong> {
        self.rest.extend_from_slice(bytes);
        let whole = self.rest.iter().rposition(|it| *it == b'\n').map_or(0, |end| end + 1);
        let rest = self.rest.split_off(whole);
        let lines = std::mem::replace(&mut self.rest, rest);
        let lines = String::from_utf8_lossy(&lines);
        let messages = lines.lines().filter_map(|line| self.take(line)).collect();
        let held = self.rest.len() + self.data.iter().map(String::len).sum::<usize>();
        if MESSAGE_BYTES_MAX < held { Err(TooLong) } else { Ok(messages) }
    }

    /// Takes a line, without its end. An empty one ends a message.
    fn take(&mut self, line: &str) -> Option<Message> {
        if line.is_empty() {
            let data = std::mem::take(&mut self.data);
            let is_one = !data.is_empty();
            return is_one.then(|| Message { id: self.id.clone(), data: data.join("\n") });
        }
        let (name, value) = line.split_once(':').unwrap_or((line, ""));
        let value = value.strip_prefix(' ').unwrap_or(value);
        match name {
            "data" => self.data.push(value.to_owned()),
            "id" => value.clone_into(&mut self.id),
            // A comment, the event's name, which its data repeats, or what is not known here.
            _ => {}
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(pieces: &[&[u8]]) -> Vec<(String, String)> {
        let mut parser = Parser::default();
        let messages = pieces.iter().flat_map(|piece| parser.feed(piece).unwrap());
        messages.map(|it| (it.id, it.data)).collect()
    }

    const TWO: &str =
        "id: a-1\nevent: clock\ndata: {\"text\":\"r\u{e5}\"}\n\n: alive\n\nid: a-2\ndata:x\n\n";

    #[test]
    fn messages_are_the_same_wherever_the_bytes_are_cut() {
        let whole = read(&[TWO.as_bytes()]);
        let expected = [("a-1", "{\"text\":\"r\u{e5}\"}"), ("a-2", "x")];
        assert_eq!(whole, expected.map(|(id, data)| (id.to_owned(), data.to_owned())));
        for at in 0..TWO.len() {
            let (head, tail) = TWO.as_bytes().split_at(at);
            assert_eq!(read(&[head, tail]), whole, "cut at {at}");
        }
    }

    #[test]
    fn data_of_several_lines_is_joined_and_line_ends_may_be_those_of_windows() {
        assert_eq!(read(&[b"data: a\r\ndata\r\ndata:  b\r\n\r\n"])[0].1, "a\n\n b");
    }

    #[test]
    fn what_the_end_cuts_off_is_no_message() {
        assert!(read(&[b"id: a-1\ndata: {}\n"]).is_empty());
    }

    #[test]
    fn an_id_alone_is_remembered_and_is_no_message() {
        let mut parser = Parser::after("a-1");
        assert_eq!(parser.last_id(), "a-1");
        assert!(parser.feed(b"id: a-7\n\n").unwrap().is_empty());
        assert_eq!(parser.last_id(), "a-7");
        // It holds for what has none of its own.
        assert_eq!(parser.feed(b"data: x\n\n").unwrap()[0].id, "a-7");
    }

    #[test]
    fn a_message_without_an_end_is_given_up() {
        let mut parser = Parser::default();
        let piece = vec![b'x'; MESSAGE_BYTES_MAX];
        assert_eq!(parser.feed(&piece), Ok(Vec::new()));
        assert_eq!(parser.feed(b"x"), Err(TooLong));
    }
}
