//! What a caller may have meant whose call got nowhere.
//!
//! It is for the journal, where the developer of the caller looks. The caller itself is told no more
//! than the platform would tell it.

mod keys;
mod paths;
mod token;

use axum::http::StatusCode;

use super::routes::Route;
use crate::app::{Mock, journal::Call};

/// What may have been meant by a call that has been answered, if it was refused for its keys or its
/// path and there is something that it resembles.
pub(super) fn near_miss(mock: &Mock, call: &Call) -> Option<String> {
    let is_refused = StatusCode::from_u16(call.status).is_ok_and(|it| it.is_client_error());
    if !is_refused {
        return None;
    }
    let path = call.target().split('?').next().unwrap_or_default();
    let route = Route::of(call.method(), path);
    // As the gateway does: keys first, and only then whether there is such a route.
    keys::near_miss(mock, call, route).or_else(|| match route {
        Some(route) => paths::elsewhere(mock, call, route.reference(path)?),
        None => paths::near_miss(call.method(), path),
    })
}

/// How many signs have to be changed, added or left out to get from one text to the other, each of
/// which is of interest only if it is short.
fn distance(one: &str, other: &str) -> usize {
    let one: Vec<char> = one.chars().collect();
    let mut row: Vec<usize> = (0..=one.len()).collect();
    for (number, sign) in other.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = number + 1;
        for (place, own) in one.iter().enumerate() {
            let changed = diagonal + usize::from(*own != sign);
            diagonal = row[place + 1];
            row[place + 1] = changed.min(diagonal + 1).min(row[place] + 1);
        }
    }
    row[one.len()]
}

#[cfg(test)]
mod tests {
    use super::distance;

    #[test]
    fn distance_counts_the_signs_that_differ() {
        let cases = [
            ("", "", 0),
            ("abc", "abc", 0),
            ("abc", "abd", 1),
            ("abc", "ab", 1),
            ("ab", "abc", 1),
            ("payment", "payments", 1),
            ("kitten", "sitting", 3),
            ("", "abc", 3),
        ];
        for (one, other, expected) in cases {
            assert_eq!(distance(one, other), expected, "{one} {other}");
        }
    }
}
