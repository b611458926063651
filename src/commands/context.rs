//! What a command works with. Everything the outside decides comes from here, so that tests can set it.

use std::sync::Arc;

use jiff::tz::TimeZone;

use crate::{
    config::{Reading, Settings},
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
    /// The service inside this process, once a command has connected to it.
    #[cfg(feature = "service")]
    pub(super) embedded: std::sync::OnceLock<Arc<crate::embedded::Embedded>>,
}

impl Context {
    /// Puts flags, environment and configuration file together; the file as far as `reading` says.
    ///
    /// # Errors
    /// When a flag or a variable cannot be used.
    pub(super) fn new(
        mut term: Term,
        clock: Arc<dyn Clock>,
        random: Arc<dyn Random>,
        environment: Environment,
        globals: &Globals,
        reading: Reading,
    ) -> Result<Self, (Term, CliError)> {
        let resolved = Settings::resolve(globals.flags(), &environment, reading)
            .map_err(CliError::from)
            .and_then(|settings| Ok((globals.output(&settings.output)?, globals.filter()?, settings)));
        let ((format, fields), jq, settings) = match resolved {
            Ok(resolved) => resolved,
            Err(error) => return Err((term, error)),
        };
        term.configure(globals.manners(format), &environment);
        let base = View::new(&term, clock.now());
        let times = globals.time.unwrap_or(base.times);
        let zone = if times == TimeStyle::Local { local_zone(&environment) } else { TimeZone::UTC };
        let columns = globals.columns.clone();
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
            #[cfg(feature = "service")]
            embedded: Default::default(),
        })
    }

    /// The machine's time zone, by a name that others know too, or by the rule in `TZ`.
    pub fn zone(&self) -> Option<Zone> {
        match self.environment.get("TZ") {
            Some(name) => name.trim_start_matches(':').parse().ok(),
            None => local_zone(&self.environment).iana_name()?.parse().ok(),
        }
    }

    /// The time now.
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }
}

/// The machine's time zone: `TZ`, else what `/etc/localtime` points to, else UTC.
fn local_zone(environment: &Environment) -> TimeZone {
    let named = |name: &str| TimeZone::get(name.trim_start_matches(':')).ok();
    let linked = || {
        let target = std::fs::read_link("/etc/localtime").ok()?;
        let target = target.to_str()?;
        named(target.split_once("zoneinfo/")?.1)
    };
    match environment.get("TZ") {
        Some(name) => named(name).unwrap_or(TimeZone::UTC),
        None => linked().unwrap_or(TimeZone::UTC),
    }
}
