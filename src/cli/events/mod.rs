//! The live stream of what happens in a mock: read, gone on with after a break, printed.

mod follow;
mod line;
mod sse;

pub(crate) use follow::{Event, EventBody, Following, News, Stream};
pub(crate) use line::{Shown, harmless, line};
