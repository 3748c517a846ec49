//! How long an access token lives.

use jiff::SignedDuration;

use super::Profile;

/// How long a token is good for: an hour in the test environment, a day in production (Access
/// Token API guide).
#[must_use]
pub const fn token_lifetime(profile: Profile) -> SignedDuration {
    SignedDuration::from_hours(match profile {
        Profile::Test => 1,
        Profile::Production => 24,
    })
}

/// What `expires_in` says of it, in seconds: one less, as the platform's answers do.
#[must_use]
pub const fn token_expires_in_s(profile: Profile) -> i64 {
    token_lifetime(profile).as_secs() - 1
}

/// A token is valid from this long before it was issued (its `not_before` and `nbf`).
pub const TOKEN_BACKDATED: SignedDuration = SignedDuration::from_secs(300);
