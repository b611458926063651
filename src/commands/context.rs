//! What a command works with. Everything the outside decides comes from here, so that tests can set it.

use std::sync::Arc;

use jiff::tz::TimeZone;

use crate::{
    config::{LocalZone, Reading, Settings},
    domain::{
        calendar::Zone,
        random::Random,
        time::{Clock, Timestamp},
    },
    error::CliError,
    render::{TimeStyle, View},
    term::{Environment, Term},
};

use super::globals::Globals;

/// What a verb needs of the settings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Needs {
    /// The configuration file.
    pub reading: Reading,
    /// An output, as it prints data.
    pub data: bool,
}

/// What a command works with.
pub struct Context {
    /// The only way to write.
    pub term: Arc<Term>,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Randomness.
    pub random: Arc<dyn Random>,
    /// The environment variables.
    pub environment: Environment,
    /// Whom to talk to, and how.
    pub settings: Settings,
    /// How to show data.
    pub view: View,
    /// `--yes`.
    pub yes: bool,
    /// How often `--verbose` was given.
    pub verbose: u8,
    /// Whether the verb writes at the service.
    pub writes: bool,
    /// The service inside this process, once a command has connected to it.
    #[cfg(feature = "service")]
    pub(super) embedded: std::sync::OnceLock<Arc<crate::embedded::Embedded>>,
}

impl Context {
    /// Puts flags, environment and configuration file together, as far as the verb needs them.
    ///
    /// # Errors
    /// When a flag or a variable cannot be used.
    pub(super) fn new(
        mut term: Term,
        clock: Arc<dyn Clock>,
        random: Arc<dyn Random>,
        environment: Environment,
        globals: &Globals,
        needs: Needs,
    ) -> Result<Self, (Term, CliError)> {
        let resolved = Settings::resolve(globals.flags(), &environment, needs.reading)
            .map_err(CliError::from)
            .and_then(|settings| Ok((globals.output(&settings.output, needs.data)?, globals.filter()?, settings)));
        let ((format, fields), jq, settings) = match resolved {
            Ok(resolved) => resolved,
            Err(error) => return Err((term, error)),
        };
        term.configure(globals.manners(format, settings.signs.value), &environment);
        let base = View::new(&term, clock.now());
        let times = globals.time.unwrap_or(base.times);
        let zone = match times {
            TimeStyle::Local => LocalZone::find(&environment),
            _ => LocalZone { zone: TimeZone::UTC, warning: None },
        };
        if let Some(warning) = &zone.warning {
            term.warning(warning);
        }
        let zone = zone.zone;
        let columns = globals.columns();
        let view = View { format, fields, jq, columns, header: globals.table_header, times, zone, ..base };
        let Globals { yes, verbose, .. } = *globals;
        Ok(Context {
            term: Arc::new(term),
            clock,
            random,
            environment,
            settings,
            view,
            yes,
            verbose,
            writes: false,
            #[cfg(feature = "service")]
            embedded: Default::default(),
        })
    }

    /// The machine's time zone.
    pub(super) fn time_zone(&self) -> TimeZone {
        LocalZone::find(&self.environment).zone
    }

    /// The machine's time zone, by a name that others know too, or by the rule in `TZ`.
    pub fn zone(&self) -> Option<Zone> {
        let stated = self.environment.get("TZ").and_then(|text| text.trim_start_matches(':').parse().ok());
        let found = || {
            let LocalZone { zone, warning } = LocalZone::find(&self.environment);
            zone.iana_name().filter(|_| warning.is_none())?.parse().ok()
        };
        stated.or_else(found)
    }

    /// The time now.
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }
}
