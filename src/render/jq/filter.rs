//! A filter that is ready to run.

use std::{fmt, sync::Arc};

use jaq_core::Filter;

use super::{language, world::Language};
use crate::error::CliError;

/// A filter that is ready to run.
#[derive(Clone)]
pub struct Jq {
    pub(super) filter: Arc<Filter<Language>>,
}

impl Jq {
    /// Makes a filter ready.
    ///
    /// # Errors
    /// When `code` is no filter: a usage error with the place and the reason.
    pub fn new(code: &str) -> Result<Self, CliError> {
        Ok(Jq { filter: Arc::new(language::compile(code)?) })
    }
}

impl fmt::Debug for Jq {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Jq")
    }
}
