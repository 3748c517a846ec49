//! What stands in the path of a call.

use axum::{
    extract::{FromRequestParts, Path, path::ErrorKind, rejection::PathRejection},
    http::request::Parts,
};
use serde::de::DeserializeOwned;

use super::{
    error::ApiError,
    schema::{Failure, Rule},
};

/// The variable parts of a path, as text. What is no text is refused like any other wrong field.
pub(super) struct PathText<T>(pub(super) T);

impl<T: DeserializeOwned + Send, S: Send + Sync> FromRequestParts<S> for PathText<T> {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        let path = Path::<T>::from_request_parts(parts, state).await;
        path.map(|Path(text)| Self(text)).map_err(|rejection| {
            let path = match rejection {
                PathRejection::FailedToDeserializePathParams(error) => match error.into_kind() {
                    ErrorKind::InvalidUtf8InPathParam { key } => key,
                    _ => "path".to_owned(),
                },
                _ => "path".to_owned(),
            };
            let rule = Rule::Said("It is not UTF-8 text.".to_owned());
            ApiError::Invalid(vec![Failure { path, rule }])
        })
    }
}
