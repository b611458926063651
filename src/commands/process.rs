//! The inputs of the process. Only this module reads them from the system.

use std::{ffi::OsString, sync::Arc};

use crate::{
    domain::{
        random::{Random, SystemRandom},
        time::{Clock, SystemClock},
    },
    term::{Environment, Term},
};

/// The inputs of a process. Tests make their own.
pub struct Process {
    /// The program's name and its arguments.
    pub arguments: Vec<OsString>,
    /// The environment variables.
    pub environment: Environment,
    /// The standard streams.
    pub term: Term,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Randomness.
    pub random: Arc<dyn Random>,
}

impl Process {
    /// Reads the inputs of this process.
    pub fn real() -> Self {
        let environment = Environment::from_process();
        Process {
            arguments: std::env::args_os().collect(),
            term: Term::from_process(&environment),
            clock: clock(&environment),
            random: random(&environment),
            environment,
        }
    }
}

/// Returns the machine's clock. In a debug build, which tests start, `TM_HOOKS_TEST_CLOCK` may name a file instead.
///
/// Release builds (`release`, `dist`, `client`) do not contain this code: a clock or a generator that somebody else
/// sets would make secrets guessable.
fn clock(environment: &Environment) -> Arc<dyn Clock> {
    #[cfg(debug_assertions)]
    if let Some(path) = environment.path("TM_HOOKS_TEST_CLOCK") {
        return Arc::new(crate::domain::time::FileClock::new(path));
    }
    let _ = environment;
    Arc::new(SystemClock)
}

/// Returns the system's randomness. In a debug build, `TM_HOOKS_TEST_SEED` may give a seed instead, as with [`clock`].
fn random(environment: &Environment) -> Arc<dyn Random> {
    #[cfg(debug_assertions)]
    if let Some(seed) = environment.get("TM_HOOKS_TEST_SEED") {
        return Arc::new(crate::domain::random::SeededRandom::new(seed));
    }
    let _ = environment;
    Arc::new(SystemRandom)
}
