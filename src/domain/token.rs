//! How long an access token lives.

use jiff::SignedDuration;

/// What `expires_in` says in the test environment: an hour less a second
/// (Access Token API guide; the answers of the test environment say 3599).
pub const TOKEN_LIFETIME: SignedDuration = SignedDuration::from_secs(3599);

/// A token is valid from this long before it was issued (its `not_before` and `nbf`).
pub const TOKEN_BACKDATED: SignedDuration = SignedDuration::from_secs(300);
