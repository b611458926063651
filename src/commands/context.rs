//! The context of a command: all of its inputs, so that tests can set them.

use std::sync::{Arc, atomic::AtomicBool};

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

/// The settings that a verb needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Needs {
    /// The configuration file.
    pub reading: Reading,
    /// Whether it prints data and needs a valid output.
    pub data: bool,
}

/// The context of a command: all of its inputs, so that tests can set them.
pub struct Context {
    /// The only way to write.
    pub term: Arc<Term>,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Randomness.
    pub random: Arc<dyn Random>,
    /// The environment variables.
    pub environment: Environment,
    /// The settings in force.
    pub settings: Settings,
    /// How to show data.
    pub view: View,
    /// `--yes`.
    pub yes: bool,
    /// The number of `--verbose` flags.
    pub verbose: u8,
    /// Whether the verb changes something at the service.
    pub writes: bool,
    /// Whether the verb hears signals itself now, and ends soon after one: it has to say how far it came.
    pub(super) ends_itself: AtomicBool,
    /// The service inside this process, once a command has connected to it.
    #[cfg(feature = "service")]
    pub(super) embedded: std::sync::OnceLock<Arc<crate::embedded::Embedded>>,
}

impl Context {
    /// Combines flags, environment and configuration file, as far as the verb needs them.
    ///
    /// # Errors
    /// Fails if a flag or a variable cannot be used.
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
        term.configure(globals.output_flags(format, settings.signs.value), &environment);
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
            ends_itself: AtomicBool::new(false),
            #[cfg(feature = "service")]
            embedded: Default::default(),
        })
    }

    /// Returns the machine's time zone.
    pub(super) fn time_zone(&self) -> TimeZone {
        LocalZone::find(&self.environment).zone
    }

    /// Returns the machine's time zone with a name that services know, or with the rule in `TZ`.
    pub fn zone(&self) -> Option<Zone> {
        let stated = self.environment.get("TZ").and_then(|text| text.trim_start_matches(':').parse().ok());
        let found = || {
            let LocalZone { zone, warning } = LocalZone::find(&self.environment);
            zone.iana_name().filter(|_| warning.is_none())?.parse().ok()
        };
        stated.or_else(found)
    }

    /// Returns the current time.
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }
}
