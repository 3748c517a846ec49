//! The pages that a customer meets.

mod links;

pub(super) use links::redirect_url;
