//! Connections that wait a moment for the next webhook to the same receiver.
//!
//! Thousands of events in a row would use up the ports of a machine if each had a connection of
//! its own. A connection that nobody has used for a short while is closed, so that a receiver
//! that is told to stop need not wait for us.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use jiff::SignedDuration;
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite};

use crate::app::clock::within;

/// A connection, with or without TLS.
pub(super) type Connection = Box<dyn Stream>;

/// What a connection can do.
pub(super) trait Stream: AsyncRead + AsyncWrite + Send + Unpin {}

impl<T: AsyncRead + AsyncWrite + Send + Unpin> Stream for T {}

/// A connection unused for this long, in real time, is closed within as much again.
const KEPT_FOR: SignedDuration = SignedDuration::from_millis(100);

/// How many unused connections are kept towards one receiver.
const KEPT_MAX: usize = 32;

#[derive(Default)]
pub(super) struct Pool(Mutex<Contents>);

#[derive(Default)]
struct Contents {
    idle: HashMap<String, Vec<Idle>>,
    is_swept: bool,
}

struct Idle {
    connection: Connection,
    /// Whether the last sweep has seen it.
    is_old: bool,
}

impl Pool {
    /// A connection to this receiver that is still open.
    pub(super) async fn take(&self, origin: &str) -> Option<Connection> {
        loop {
            let mut connection = self.lock().idle.get_mut(origin)?.pop()?.connection;
            if is_quiet(&mut connection).await {
                return Some(connection);
            }
        }
    }

    /// Keeps a connection for whatever comes next.
    pub(super) fn give(self: &Arc<Self>, origin: String, connection: Connection) {
        let mut contents = self.lock();
        let idle = contents.idle.entry(origin).or_default();
        if idle.len() < KEPT_MAX {
            idle.push(Idle { connection, is_old: false });
        }
        if !std::mem::replace(&mut contents.is_swept, true) {
            tokio::spawn(Self::sweep(self.clone()));
        }
    }

    /// Closes what has been unused from one round to the next, and ends when nothing is left.
    async fn sweep(self: Arc<Self>) {
        loop {
            let _ = within(KEPT_FOR, std::future::pending::<()>()).await;
            let mut contents = self.lock();
            contents.idle.retain(|_, idle| {
                idle.retain_mut(|it| !std::mem::replace(&mut it.is_old, true));
                !idle.is_empty()
            });
            if contents.idle.is_empty() {
                contents.is_swept = false;
                return;
            }
        }
    }

    // The contents are whole between any two statements.
    fn lock(&self) -> MutexGuard<'_, Contents> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Whether the other side has neither hung up nor said anything that nobody asked for.
async fn is_quiet(connection: &mut Connection) -> bool {
    let mut unasked = [0];
    tokio::select! {
        biased;
        _ = connection.read(&mut unasked) => false,
        () = std::future::ready(()) => true,
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::duplex;

    use super::*;

    #[tokio::test]
    async fn a_connection_that_was_closed_meanwhile_is_not_used_again() {
        let pool = Arc::new(Pool::default());
        let (closed, other_end) = duplex(64);
        let (open, _held) = duplex(64);
        pool.give("one".to_owned(), Box::new(open));
        pool.give("one".to_owned(), Box::new(closed));
        drop(other_end);
        assert!(pool.take("two").await.is_none());
        assert!(pool.take("one").await.is_some());
        assert!(pool.take("one").await.is_none());
    }

    #[tokio::test]
    async fn a_connection_that_nobody_uses_is_closed() {
        let pool = Arc::new(Pool::default());
        let (unused, mut other_end) = duplex(64);
        pool.give("one".to_owned(), Box::new(unused));
        assert_eq!(other_end.read(&mut [0]).await.unwrap(), 0);
        assert!(pool.take("one").await.is_none());
    }
}
