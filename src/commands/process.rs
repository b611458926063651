//! What a process is started with: the only place that asks the outside.

use std::{ffi::OsString, sync::Arc};

use crate::{
    domain::{
        random::{Random, SystemRandom},
        time::{Clock, SystemClock},
    },
    term::{Environment, Term},
};

/// What a process is started with. Tests make their own.
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
    /// This process.
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

/// The machine's clock. In a debug build, which is what tests start, the file that `TM_HOOKS_TEST_CLOCK` names.
///
/// What is shipped (`release`, `dist`, `client`) has no debug assertions and so not even the code that reads it: a clock
/// or a generator that somebody else sets would make secrets guessable.
fn clock(environment: &Environment) -> Arc<dyn Clock> {
    #[cfg(debug_assertions)]
    if let Some(path) = environment.path("TM_HOOKS_TEST_CLOCK") {
        return Arc::new(crate::domain::time::FileClock::new(path));
    }
    let _ = environment;
    Arc::new(SystemClock)
}

/// The system's randomness. In a debug build, what `TM_HOOKS_TEST_SEED` gives, as with [`clock`].
fn random(environment: &Environment) -> Arc<dyn Random> {
    #[cfg(debug_assertions)]
    if let Some(seed) = environment.get("TM_HOOKS_TEST_SEED") {
        return Arc::new(crate::domain::random::SeededRandom::new(seed));
    }
    let _ = environment;
    Arc::new(SystemRandom)
}
