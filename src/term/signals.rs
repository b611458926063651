//! Signals that end or stop the program. They are heard by a thread of their own, so that Ctrl-C works while the program
//! waits for something else than the runtime: a line from a pipe, a keyring, a reader that does not read.
//!
//! The first one ends what the command is doing, which may then put its things in order; a second one, or a command that
//! does not listen, ends the program at once. The terminal is put back before anything else.

use std::{
    io::{self, IsTerminal, Write},
    sync::{
        Once, OnceLock,
        atomic::{AtomicBool, AtomicI32, Ordering},
        mpsc,
    },
    time::Duration,
};

use signal_hook::{
    consts::{
        SIGABRT, SIGALRM, SIGBUS, SIGCONT, SIGHUP, SIGINT, SIGPROF, SIGQUIT, SIGSTOP, SIGSYS, SIGTERM, SIGTRAP,
        SIGTSTP, SIGUSR1, SIGUSR2, SIGVTALRM, SIGXCPU, SIGXFSZ,
    },
    iterator::{Handle, Signals},
    low_level,
};
use tokio::sync::watch;

use super::held::TERMINAL;

/// How long the command may take to notice that it shall end, on a busy machine too.
const NOTICES: Duration = Duration::from_secs(1);

/// How long it may put its things in order then.
const LONGEST_END: Duration = Duration::from_secs(5);

/// How long after one signal another that came with it is waited for: `kill` continues what is stopped, so that it ends.
const SETTLES: Duration = Duration::from_millis(100);

/// A signal that ends the program.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ending {
    signal: i32,
    /// Whether somebody was being asked, and the line of the question was ended.
    pub while_asking: bool,
}

impl Ending {
    /// Whether it is Ctrl-C.
    pub fn is_interrupt(self) -> bool {
        self.signal == SIGINT
    }
}

/// The first signal that ends the program, 0 when there was none. It is known before a question ends for it: whoever was
/// asked may be back, and the program at its end, before anybody else is told.
static FIRST: AtomicI32 = AtomicI32::new(0);

/// The signals that end a program which does not hear them, besides Ctrl-C and a closed pipe. The three that tell of a
/// broken program (`SIGILL`, `SIGFPE`, `SIGSEGV`) are not heard by a thread: the broken one would not wait for it.
const ENDING: [i32; 14] = [
    SIGTERM, SIGHUP, SIGQUIT, SIGUSR1, SIGUSR2, SIGALRM, SIGVTALRM, SIGPROF, SIGXCPU, SIGXFSZ, SIGABRT, SIGBUS,
    SIGTRAP, SIGSYS,
];

/// Those that Linux has besides, as it numbers them on nearly all processors: a broken coprocessor, I/O, power, and the
/// real-time ones that the C library leaves to programs.
#[cfg(target_os = "linux")]
const LINUX_ENDING: [i32; 34] = {
    let mut all = [0; 34];
    let (mut at, mut real_time) = (3, 34);
    (all[0], all[1], all[2]) = (16, 29, 30);
    while at < all.len() {
        all[at] = real_time;
        (at, real_time) = (at + 1, real_time + 1);
    }
    all
};
#[cfg(not(target_os = "linux"))]
const LINUX_ENDING: [i32; 0] = [];

struct Watch {
    handle: Handle,
    first: watch::Sender<Option<Ending>>,
    noticed: mpsc::Sender<()>,
}

/// Begins to listen: to Ctrl-C, and with [`for_the_terminal`] to more.
pub fn listen() {
    let _ = watching();
}

/// None where no thread can be started, and everything is as the system has it.
fn watching() -> Option<&'static Watch> {
    static WATCH: OnceLock<Option<Watch>> = OnceLock::new();
    WATCH.get_or_init(|| start().ok()).as_ref()
}

fn start() -> io::Result<Watch> {
    let mut signals = Signals::new([SIGINT])?;
    let handle = signals.handle();
    let (first, _) = watch::channel(None);
    let (noticed, notices) = mpsc::channel();
    let mut heard = Heard { tell: first.clone(), notices: Some(notices) };
    std::thread::Builder::new().name("signals".to_owned()).spawn(move || {
        loop {
            signals.wait().for_each(|signal| heard.act(signal));
            // Continued in the background it can do nothing but be stopped again, as whoever reads from its terminal is.
            while TERMINAL.is_out_of_reach() {
                std::thread::sleep(SETTLES);
                signals.pending().for_each(|signal| heard.act(signal));
                if TERMINAL.is_out_of_reach() {
                    let _ = low_level::raise(SIGSTOP);
                }
            }
        }
    })?;
    Ok(Watch { handle, first, noticed })
}

/// Waits for the first signal that ends the program.
pub async fn ending() -> Ending {
    if let Some(watch) = watching()
        && let Ok(ending) = watch.first.subscribe().wait_for(Option::is_some).await
        && let Some(ending) = *ending
    {
        return ending;
    }
    std::future::pending().await
}

/// Says that the command has ended and that its things are being put in order.
pub fn noticed() {
    if let Some(watch) = watching() {
        let _ = watch.noticed.send(());
    }
}

/// Ends the program by the signal that it has got, if there was one: whoever started it sees how it came to its end.
/// Ctrl-C has an exit code instead, which scripts know.
pub fn end_by_signal() {
    let first = FIRST.load(Ordering::SeqCst);
    if first != 0 && first != SIGINT {
        end_at_once(first);
    }
}

/// Listens to all signals that would leave the terminal as it is: there is something on it now that must be taken away.
/// Those that whoever started us lets us ignore stay ignored.
pub fn for_the_terminal() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let Some(watch) = watching() else { return };
        let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
        let all = ENDING.iter().copied().chain(LINUX_ENDING).chain([SIGTSTP, SIGCONT]);
        // One that cannot be had does what it always does.
        all.filter(|signal| !ignores(&status, *signal)).for_each(|signal| drop(watch.handle.add_signal(signal)));
    });
}

/// Whether the command reads something that a person may have to type, and has nothing to put in order.
static READS: AtomicBool = AtomicBool::new(false);

/// Does this, which waits for input: a signal ends the program at once meanwhile.
pub fn while_reading<T>(read: impl FnOnce() -> T) -> T {
    READS.store(true, Ordering::SeqCst);
    let result = read();
    READS.store(false, Ordering::SeqCst);
    result
}

/// Whether whoever started the program has it ignore that its terminal is gone, as `nohup` does.
pub fn ignores_hang_up() -> bool {
    ignores(&std::fs::read_to_string("/proc/self/status").unwrap_or_default(), SIGHUP)
}

/// Whether the terminal that the program ran on is gone: its window was closed, or its connection ended.
pub fn terminal_is_gone() -> bool {
    use rustix::{io::Errno, stdio, termios::tcgetattr};
    [stdio::stdin(), stdio::stdout(), stdio::stderr()].into_iter().any(|it| tcgetattr(it).err() == Some(Errno::IO))
}

/// Whether a process with this `/proc/…/status` ignores a signal.
fn ignores(status: &str, signal: i32) -> bool {
    let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    let mask = mask.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok()).unwrap_or_default();
    mask >> (signal - 1) & 1 == 1
}

/// What was heard so far.
struct Heard {
    tell: watch::Sender<Option<Ending>>,
    /// None when a signal that ends the program was heard.
    notices: Option<mpsc::Receiver<()>>,
}

impl Heard {
    fn act(&mut self, signal: i32) {
        match signal {
            SIGTSTP => stop(),
            SIGCONT => TERMINAL.come_back(),
            _ => match self.notices.take() {
                Some(notices) => self.end(signal, notices),
                None => end_at_once(signal),
            },
        }
    }

    fn end(&self, signal: i32, notices: mpsc::Receiver<()>) {
        if READS.load(Ordering::SeqCst) {
            if signal == SIGINT && io::stderr().is_terminal() {
                // The terminal has shown `^C`.
                let _ = io::stderr().write_all(b"\n");
            }
            end_at_once(signal);
        }
        let bounded = std::thread::Builder::new().spawn(move || {
            if notices.recv_timeout(NOTICES).is_ok() {
                std::thread::sleep(LONGEST_END);
            }
            end_at_once(signal);
        });
        FIRST.store(signal, Ordering::SeqCst);
        let while_asking = TERMINAL.put_back();
        self.tell.send_replace(Some(Ending { signal, while_asking }));
        if bounded.is_err() {
            end_at_once(signal);
        }
    }
}

/// Ends the program as the signal would have. The first process of a container cannot be ended so.
fn end_at_once(signal: i32) -> ! {
    if signal != SIGINT && std::process::id() != 1 {
        let _ = low_level::emulate_default_handler(signal);
    }
    low_level::exit(128 + signal)
}

/// Stops the program, unless nobody could continue it: then the system has Ctrl-Z do nothing either.
fn stop() {
    let in_front_of_no_shell = rustix::process::getsid(None).is_ok_and(|session| session == rustix::process::getpgrp());
    if !in_front_of_no_shell {
        TERMINAL.step_aside();
        let _ = low_level::raise(SIGSTOP);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_ignored_is_read_from_the_mask() {
        let status =
            "Name:\ttm-hooks\nSigBlk:\t0000000000000000\nSigIgn:\t0000000000001001\nSigCgt:\tffffffffffffffff\n";
        assert!(ignores(status, SIGHUP));
        assert!(!ignores(status, SIGTERM) && !ignores(status, SIGINT));
        assert!(!ignores("", SIGHUP) && !ignores("SigIgn:\tnonsense", SIGHUP));
    }
}
