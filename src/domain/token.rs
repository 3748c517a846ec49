//! How long an access token lives.

use jiff::SignedDuration;

/// How long a token is good for in the test environment (Access Token API guide).
pub const TOKEN_LIFETIME: SignedDuration = SignedDuration::from_secs(3600);

/// What `expires_in` says of it: a second less, as the answers of the test environment do.
pub const TOKEN_EXPIRES_IN: SignedDuration = SignedDuration::from_secs(3599);

/// A token is valid from this long before it was issued (its `not_before` and `nbf`).
pub const TOKEN_BACKDATED: SignedDuration = SignedDuration::from_secs(300);
