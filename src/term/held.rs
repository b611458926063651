//! Changes the terminal for a question and restores it: after the answer, by a signal, or by a panic. The state is
//! global to the process, as any of these may have to restore it.

use std::{
    io,
    sync::{Arc, Mutex, MutexGuard, Once, PoisonError},
    time::Duration,
};

use rustix::{
    io::ioctl_fionread,
    termios::{InputModes, LocalModes, OptionalActions, SpecialCodeIndex, Termios, tcgetattr, tcsetattr},
};

use super::desk::Desk;

/// The changes of this process to its terminal.
pub static TERMINAL: TerminalKeeper = TerminalKeeper(Mutex::new(None));

/// How the terminal is used during a question.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HoldMode {
    /// Each key is read at once and not shown.
    Keys,
    /// Like [`HoldMode::Keys`]; input after the answer is discarded, as it may be more of a secret.
    Hidden,
    /// Like [`HoldMode::Keys`]; the cursor may be hidden, and text below it is removed with the question.
    Form,
}

/// Keeps what must be restored. Every change of the terminal holds the lock, so that none happens after the
/// restoration.
pub struct TerminalKeeper(Mutex<Option<SavedTerminal>>);

struct SavedTerminal {
    terms: Arc<Terms>,
    /// The text that draws the question and the input so far.
    shown: String,
    /// The mode of the keys when the process was suspended.
    away: Option<Termios>,
}

/// The constant part of the state.
struct Terms {
    desk: Desk,
    mode: HoldMode,
    /// The original mode of the keys.
    found: Termios,
    /// The mode of the keys during the question.
    ours: Termios,
}

impl Terms {
    /// Returns the sequence that begins a question. In a bracketed paste, a line break is not Enter, so that neither
    /// half a secret nor a `y` from the clipboard is an answer.
    fn begin(&self) -> &'static str {
        if self.desk.means.dumb { "" } else { "\u{1b}[?2004h" }
    }

    /// Returns the sequence that ends a question.
    fn end(&self) -> &'static str {
        match self.mode {
            _ if self.desk.means.dumb => "",
            HoldMode::Form => "\u{1b}[?25h\u{1b}[?2004l",
            HoldMode::Keys | HoldMode::Hidden => "\u{1b}[?2004l",
        }
    }

    /// Restores the terminal and ends an open line. A terminal that is gone needs nothing.
    fn put_back(&self, ends_line: bool) {
        if !self.desk.is_in_front() {
            return;
        }
        if self.mode == HoldMode::Hidden {
            self.desk.forget_typed();
        }
        let _ = tcsetattr(&*self.desk.keys, OptionalActions::Now, &self.found);
        let line_end = match self.mode {
            _ if !ends_line => "",
            HoldMode::Form => "\n\u{1b}[J",
            HoldMode::Keys | HoldMode::Hidden => "\n",
        };
        let _ = self.desk.write(&format!("{}{line_end}", self.end()));
    }

    /// Takes the terminal again after others have used it, and shows the question again.
    fn take_again(&self, modes: &Termios, shown: &str) {
        let _ = tcsetattr(&*self.desk.keys, OptionalActions::Now, modes);
        let new_line = if self.desk.means.dumb { "\n" } else { "\r\u{1b}[J" };
        let _ = self.desk.write(&format!("{}{new_line}{shown}", self.begin()));
    }
}

/// Waits until this process is in the foreground. The system stops a background process that changes the terminal, even
/// if nothing changes. Signals still have their default effect here.
pub fn wait_for_the_front(desk: &Desk) {
    let found = tcgetattr(&*desk.keys);
    // An error is reported when the terminal is taken.
    let _ = found.and_then(|found| tcsetattr(&*desk.keys, OptionalActions::Now, &found));
}

impl TerminalKeeper {
    /// Takes the terminal and discards earlier input. Dropping the guard restores it, if nothing else did before.
    ///
    /// # Errors
    /// Fails if the terminal cannot be changed.
    pub fn hold(&'static self, desk: &Desk, mode: HoldMode) -> io::Result<Guard> {
        put_back_in_a_panic();
        let mut held = self.lock();
        if held.is_some() {
            return Err(io::ErrorKind::ResourceBusy.into());
        }
        let found = tcgetattr(&*desk.keys)?;
        let ours = by_the_key(&found);
        tcsetattr(&*desk.keys, OptionalActions::Now, &ours)?;
        let terms = Arc::new(Terms { desk: desk.clone(), mode, found, ours });
        desk.forget_typed();
        let begun = desk.write(terms.begin());
        *held = Some(SavedTerminal { terms, shown: String::new(), away: None });
        drop(held);
        let guard = Guard(self);
        begun.map(|()| guard)
    }

    /// Restores the terminal during a question; returns whether there was anything to do.
    pub fn put_back(&self) -> bool {
        self.end(true)
    }

    fn end(&self, ends_line: bool) -> bool {
        let mut slot = self.lock();
        let Some(held) = slot.take() else { return false };
        // Otherwise it is already restored while this process is stopped.
        if held.away.is_none() {
            held.terms.put_back(ends_line);
        }
        true
    }

    /// Restores the terminal before the process is stopped.
    pub fn suspend(&self) {
        self.wait_until_all_is_read();
        if let Some(SavedTerminal { terms, away: away @ None, .. }) = &mut *self.lock()
            && terms.desk.is_in_front()
        {
            *away = tcgetattr(&*terms.desk.keys).ok();
            terms.put_back(true);
        }
    }

    /// Takes the terminal again when the process continues. It may have been stopped without notice.
    pub fn resume(&self) {
        if let Some(SavedTerminal { terms, away, shown }) = &mut *self.lock()
            && terms.desk.is_in_front()
        {
            let modes = away.take().unwrap_or_else(|| terms.ours.clone());
            terms.take_again(&modes, shown);
        }
    }

    /// Whether a question is open.
    pub fn is_held(&self) -> bool {
        self.lock().is_some()
    }

    /// Whether a question is open while this process is in the background.
    pub fn is_out_of_reach(&self) -> bool {
        let held = self.lock().as_ref().map(|held| Arc::clone(&held.terms));
        held.is_some_and(|terms| !terms.desk.is_in_front())
    }

    /// Waits a moment until input from before Ctrl-Z is read, as it belongs to the answer.
    fn wait_until_all_is_read(&self) {
        let keys = self.lock().as_ref().map(|held| Arc::clone(&held.terms.desk.keys));
        let unread = || keys.as_ref().and_then(|keys| ioctl_fionread(&**keys).ok()).is_some_and(|count| count > 0);
        for _ in 0..100 {
            if !unread() {
                break;
            }
            std::thread::sleep(Duration::from_millis(1));
        }
    }

    fn lock(&self) -> MutexGuard<'_, Option<SavedTerminal>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The terminal during a question. Dropping it restores the terminal.
pub struct Guard(&'static TerminalKeeper);

impl Guard {
    /// Draws the question and the input so far, unless the terminal was restored. `back` moves the cursor to where it
    /// begins, and is not repeated if others have written meanwhile. The lock is not held while a slow terminal draws.
    ///
    /// # Errors
    /// Fails if the terminal is gone.
    pub fn show(&self, back: &str, drawn: &str) -> io::Result<()> {
        let terms = match &mut *self.0.lock() {
            Some(held) => {
                drawn.clone_into(&mut held.shown);
                Arc::clone(&held.terms)
            }
            None => return Ok(()),
        };
        terms.desk.write(&format!("{back}{drawn}"))
    }

    /// Whether the question is still open; a signal may have ended it.
    pub fn is_held(&self) -> bool {
        self.0.lock().is_some()
    }
}

impl Drop for Guard {
    fn drop(&mut self) {
        self.0.end(std::thread::panicking());
    }
}

/// Returns a mode in which keys are read at once and not shown. Ctrl-C, Ctrl-Z and Ctrl-\ stay signals to the
/// foreground processes of this terminal. They do not discard the input: Ctrl-Z has no effect if nobody can continue a
/// stopped program.
fn by_the_key(found: &Termios) -> Termios {
    let mut modes = found.clone();
    modes.local_modes -= LocalModes::ICANON | LocalModes::ECHO | LocalModes::ECHONL | LocalModes::IEXTEN;
    modes.local_modes |= LocalModes::NOFLSH;
    // Ctrl-S would stop the output, even that of a signal handler.
    modes.input_modes -= InputModes::IXON | InputModes::ISTRIP | InputModes::INLCR | InputModes::IGNCR;
    modes.special_codes[SpecialCodeIndex::VMIN] = 1;
    modes.special_codes[SpecialCodeIndex::VTIME] = 0;
    modes
}

/// Restores the terminal in a panic, before its message: if a panic aborts the process, no guard is dropped.
fn put_back_in_a_panic() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let tell = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |panic| {
            TERMINAL.put_back();
            tell(panic);
        }));
    });
}

#[cfg(test)]
mod tests {
    use std::{fs::File, io::Read, sync::mpsc};

    use portable_pty::{MasterPty, PtySize, native_pty_system};
    use rustix::fs::{Mode, OFlags};

    use super::*;
    use crate::term::look::Means;

    /// A pseudo terminal and its output.
    struct Pty {
        desk: Desk,
        written: mpsc::Receiver<Vec<u8>>,
        _master: Box<dyn MasterPty + Send>,
    }

    impl Pty {
        fn new(dumb: bool) -> Self {
            let pair = native_pty_system().openpty(PtySize::default()).unwrap();
            let path = pair.master.tty_name().unwrap();
            let slave = rustix::fs::open(path, OFlags::RDWR | OFlags::NOCTTY, Mode::empty()).unwrap();
            let file = Arc::new(File::from(slave));
            let means = Means { dumb, ..Means::default() };
            let desk = Desk { keys: Arc::clone(&file), screen: file, means };
            let (write, written) = mpsc::channel();
            let mut reader = pair.master.try_clone_reader().unwrap();
            std::thread::spawn(move || {
                let mut part = [0; 1024];
                while let Ok(count @ 1..) = reader.read(&mut part) {
                    let _ = write.send(part[..count].to_vec());
                }
            });
            Pty { desk, written, _master: pair.master }
        }

        fn modes(&self) -> String {
            format!("{:?}", tcgetattr(&*self.desk.keys).unwrap())
        }

        /// Returns the output up to and including `end`.
        fn written_to(&self, end: &str) -> String {
            let mut text = String::new();
            while !text.ends_with(end) {
                let part = self.written.recv_timeout(std::time::Duration::from_secs(20));
                text += &String::from_utf8(part.unwrap_or_else(|_| panic!("{text:?}"))).unwrap();
            }
            text
        }
    }

    fn holder() -> &'static TerminalKeeper {
        Box::leak(Box::new(TerminalKeeper(Mutex::new(None))))
    }

    #[test]
    fn keys_are_read_by_the_key_until_all_is_put_back() {
        let (pty, holder) = (Pty::new(false), holder());
        let found = pty.modes();
        let guard = holder.hold(&pty.desk, HoldMode::Keys).unwrap();
        let held = tcgetattr(&*pty.desk.keys).unwrap();
        assert!(!held.local_modes.intersects(LocalModes::ICANON | LocalModes::ECHO));
        assert!(held.local_modes.contains(LocalModes::ISIG));
        guard.show("", "? Name: ").unwrap();
        drop(guard);
        assert_eq!(pty.modes(), found);
        assert_eq!(pty.written_to("2004l"), "\u{1b}[?2004h? Name: \u{1b}[?2004l");
    }

    #[test]
    fn whoever_comes_first_puts_it_back_and_nobody_else_touches_it_then() {
        let (pty, holder) = (Pty::new(false), holder());
        let found = pty.modes();
        let guard = holder.hold(&pty.desk, HoldMode::Hidden).unwrap();
        assert!(holder.put_back());
        assert_eq!(pty.modes(), found);
        assert!(!guard.is_held() && !holder.put_back());
        guard.show("", "never shown").unwrap();
        drop(guard);
        pty.desk.write("end").unwrap();
        assert_eq!(pty.written_to("end"), "\u{1b}[?2004h\u{1b}[?2004l\r\nend");
    }

    #[test]
    fn a_panic_puts_it_back() {
        let (pty, holder) = (Pty::new(true), holder());
        let found = pty.modes();
        let desk = pty.desk.clone();
        let panicked = std::thread::spawn(move || {
            let _guard = holder.hold(&desk, HoldMode::Keys).unwrap();
            panic!("on purpose");
        });
        assert!(panicked.join().is_err());
        assert_eq!(pty.modes(), found);
    }

    #[test]
    fn who_is_stopped_steps_aside_and_comes_back_with_the_question() {
        let (pty, holder) = (Pty::new(false), holder());
        let found = pty.modes();
        let guard = holder.hold(&pty.desk, HoldMode::Keys).unwrap();
        let held = pty.modes();
        guard.show("", "? Name: Pay").unwrap();
        holder.suspend();
        holder.suspend();
        assert_eq!(pty.modes(), found);
        holder.resume();
        assert_eq!(pty.modes(), held);
        drop(guard);
        assert_eq!(pty.modes(), found);
        let (first, again) =
            ("\u{1b}[?2004h? Name: Pay\u{1b}[?2004l\r\n", "\u{1b}[?2004h\r\u{1b}[J? Name: Pay\u{1b}[?2004l");
        assert_eq!(pty.written_to(again), format!("{first}{again}"));
    }

    #[test]
    fn who_ends_while_stopped_has_nothing_left_to_put_back() {
        let (pty, holder) = (Pty::new(false), holder());
        let guard = holder.hold(&pty.desk, HoldMode::Keys).unwrap();
        holder.suspend();
        let aside = pty.written_to("2004l\r\n");
        assert!(holder.put_back());
        drop(guard);
        pty.desk.write("end").unwrap();
        assert_eq!(pty.written_to("end"), "end", "after {aside:?}");
    }

    #[test]
    fn a_form_gets_its_cursor_back_and_a_dumb_terminal_no_escape() {
        let (pty, holder) = (Pty::new(false), holder());
        let guard = holder.hold(&pty.desk, HoldMode::Form).unwrap();
        guard.show("\u{1b}[2A", "rows").unwrap();
        holder.suspend();
        holder.resume();
        drop(guard);
        pty.desk.write("end").unwrap();
        let (begin, end) = ("\u{1b}[?2004h", "\u{1b}[?25h\u{1b}[?2004l");
        let aside = format!("{begin}\u{1b}[2Arows{end}\r\n\u{1b}[J");
        let again = format!("{begin}\r\u{1b}[Jrows{end}end");
        assert_eq!(pty.written_to("end"), format!("{aside}{again}"), "nothing leads back to where it stood before");
        let dumb = Pty::new(true);
        let guard = holder.hold(&dumb.desk, HoldMode::Hidden).unwrap();
        guard.show("", "? Token: ").unwrap();
        holder.suspend();
        holder.resume();
        drop(guard);
        dumb.desk.write("end").unwrap();
        assert_eq!(dumb.written_to("end"), "? Token: \r\n\r\n? Token: end");
    }
}
