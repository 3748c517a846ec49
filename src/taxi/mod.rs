//! The reference taxi merchant.
