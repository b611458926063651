//! Handles signals that end or stop the program on a thread of its own, so that Ctrl-C works while the program blocks:
//! on a pipe, a keyring, or a slow reader.
//!
//! The first signal interrupts the command, which may then clean up. A second one, or a command that does not listen,
//! ends the program at once. The terminal is restored first.

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

/// The longest time for the command to notice the signal, also on a busy machine.
const NOTICES: Duration = Duration::from_secs(1);

/// The longest time for its cleanup after that.
const LONGEST_END: Duration = Duration::from_secs(5);

/// The wait for another signal that belongs to the first: `kill` continues a stopped process so that it ends.
const SETTLES: Duration = Duration::from_millis(100);

/// A signal that ends the program.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ending {
    signal: i32,
    /// Whether a question was open, and its line was ended.
    pub while_asking: bool,
}

impl Ending {
    /// Whether it is Ctrl-C.
    pub fn is_interrupt(self) -> bool {
        self.signal == SIGINT
    }
}

/// The first signal that ends the program, or 0. It is set before a question ends: the asking code may continue, and
/// the program end, before anybody else is notified.
static FIRST: AtomicI32 = AtomicI32::new(0);

/// The signals that end a program by default, besides Ctrl-C and a closed pipe. The three for a broken program
/// (`SIGILL`, `SIGFPE`, `SIGSEGV`) are not handled, as the broken thread would not wait for the handler.
const ENDING: [i32; 14] = [
    SIGTERM, SIGHUP, SIGQUIT, SIGUSR1, SIGUSR2, SIGALRM, SIGVTALRM, SIGPROF, SIGXCPU, SIGXFSZ, SIGABRT, SIGBUS,
    SIGTRAP, SIGSYS,
];

/// Further signals of Linux, by their numbers on nearly all processors: a broken coprocessor, I/O, power, and the
/// real-time signals that the C library leaves to programs.
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

/// Starts listening to Ctrl-C, and with [`for_the_terminal`] to more.
pub fn listen() {
    let _ = watching();
}

/// Returns `None` if no thread can be started; signals then keep their default effect.
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
            // A question in the background can only be stopped again, like any process that reads from its terminal.
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

/// Reports that the command has noticed the signal and cleans up.
pub fn noticed() {
    if let Some(watch) = watching() {
        let _ = watch.noticed.send(());
    }
}

/// Ends the program by the received signal, if any, so that the parent process sees it. Ctrl-C has an exit code
/// instead, which scripts know.
pub fn end_by_signal() {
    let first = FIRST.load(Ordering::SeqCst);
    if first != 0 && first != SIGINT {
        end_at_once(first);
    }
}

/// Listens to all signals that would end the program without restoring the terminal. Signals that the parent process
/// ignores stay ignored.
pub fn for_the_terminal() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let Some(watch) = watching() else { return };
        let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
        let all = ENDING.iter().copied().chain(LINUX_ENDING).chain([SIGTSTP, SIGCONT]);
        // A signal that cannot be handled keeps its default effect.
        all.filter(|signal| !ignores(&status, *signal)).for_each(|signal| drop(watch.handle.add_signal(signal)));
    });
}

/// Whether the command reads input that a person may have to type, and needs no cleanup.
static READS: AtomicBool = AtomicBool::new(false);

/// Runs `read`, which waits for input: a signal ends the program at once meanwhile.
pub fn while_reading<T>(read: impl FnOnce() -> T) -> T {
    READS.store(true, Ordering::SeqCst);
    let result = read();
    READS.store(false, Ordering::SeqCst);
    result
}

/// Whether the parent process made the program ignore a hang-up, as `nohup` does.
pub fn ignores_hang_up() -> bool {
    ignores(&std::fs::read_to_string("/proc/self/status").unwrap_or_default(), SIGHUP)
}

/// Whether the program's terminal is gone: its window was closed, or its connection ended.
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

/// The state of the signal handler.
struct Heard {
    tell: watch::Sender<Option<Ending>>,
    /// `None` after a signal that ends the program.
    notices: Option<mpsc::Receiver<()>>,
}

impl Heard {
    fn act(&mut self, signal: i32) {
        match signal {
            SIGTSTP => stop(),
            SIGCONT => TERMINAL.resume(),
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

/// Ends the program as the signal would have. The first process of a container cannot end this way.
fn end_at_once(signal: i32) -> ! {
    if signal != SIGINT && std::process::id() != 1 {
        let _ = low_level::emulate_default_handler(signal);
    }
    low_level::exit(128 + signal)
}

/// Stops the program, unless nobody could continue it; the system ignores Ctrl-Z then too.
fn stop() {
    let in_front_of_no_shell = rustix::process::getsid(None).is_ok_and(|session| session == rustix::process::getpgrp());
    if !in_front_of_no_shell {
        TERMINAL.suspend();
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
