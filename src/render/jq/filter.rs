//! A compiled filter.

use std::{fmt, sync::Arc};

use jaq_core::Filter;

use super::{language, world::Language};
use crate::error::CliError;

/// A compiled filter.
#[derive(Clone)]
pub struct Jq {
    pub(super) filter: Arc<Filter<Language>>,
}

impl Jq {
    /// Compiles a filter.
    ///
    /// # Errors
    /// Fails with a usage error that gives the position and the reason if `code` is not a filter.
    pub fn new(code: &str) -> Result<Self, CliError> {
        Ok(Jq { filter: Arc::new(language::compile(code)?) })
    }
}

impl fmt::Debug for Jq {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Jq")
    }
}
