//! A real terminal: a program runs on it, keys are typed, signals are sent, and assertions read the screen that a
//! person sees.

use std::{
    fmt,
    io::{Read, Write},
    num::NonZeroU16,
    sync::{Arc, Condvar, Mutex},
    thread::JoinHandle,
    time::Instant,
};

use portable_pty::{Child, CommandBuilder, MasterPty, PtySize, native_pty_system};

use super::{Home, PATIENCE, run::quoted, trace};

/// A terminal without a program yet: 100 columns, 50 rows, colours, UTF-8.
pub struct Terminal<'a> {
    home: &'a Home,
    columns: u16,
    rows: u16,
    environment: Vec<(String, String)>,
    traced: bool,
}

impl<'a> Terminal<'a> {
    pub fn of(home: &'a Home) -> Self {
        let variables = [("TERM", "xterm-256color"), ("LC_ALL", "C.UTF-8")];
        let environment = variables.map(|(name, value)| (name.to_owned(), value.to_owned())).to_vec();
        Terminal { home, columns: 100, rows: 50, environment, traced: true }
    }

    pub fn columns(mut self, columns: u16) -> Self {
        self.columns = columns;
        self
    }

    pub fn rows(mut self, rows: u16) -> Self {
        self.rows = rows;
        self
    }

    pub fn env(mut self, name: &str, value: &str) -> Self {
        self.environment.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Does not keep the output for the search for secrets, because the person asked to see one.
    pub fn shows_a_secret(mut self) -> Self {
        self.traced = false;
        self
    }

    /// Starts the program under test.
    pub fn start(self, arguments: &[&str]) -> Session {
        self.start_program(env!("CARGO_BIN_EXE_tm-hooks"), arguments)
    }

    /// Runs the program under test to its end.
    pub fn run(self, arguments: &[&str]) -> Seen {
        self.start(arguments).ended()
    }

    /// Starts a shell with this line; it finds the program under test and the machine's programs.
    pub fn shell(self, line: &str) -> Session {
        self.finding_programs().start_program("sh", &["-c", line])
    }

    /// Adds the program under test and the machine's programs to the path.
    pub fn finding_programs(self) -> Self {
        let programs = std::path::Path::new(env!("CARGO_BIN_EXE_tm-hooks")).parent().unwrap();
        let path = format!("{}:{}", programs.display(), std::env::var("PATH").unwrap());
        self.env("PATH", &path)
    }

    /// Starts any program.
    pub fn start_program(self, program: &str, arguments: &[&str]) -> Session {
        let size = PtySize { rows: self.rows, cols: self.columns, pixel_width: 0, pixel_height: 0 };
        let pair = native_pty_system().openpty(size).unwrap();
        let mut command = CommandBuilder::new(program);
        command.args(arguments);
        command.env_clear();
        command.cwd(self.home.path());
        for (name, value) in self.home.environment().into_iter().chain(self.environment) {
            command.env(name, value);
        }
        let before = settings(&*pair.master);
        let child = pair.slave.spawn_command(command).unwrap();
        drop(pair.slave);
        let parser = vt100::Parser::new(NonZeroU16::new(self.rows).unwrap(), NonZeroU16::new(self.columns).unwrap(), 0);
        let shown = Arc::new(Shown { state: Mutex::new(State { parser, raw: Vec::new() }), changed: Condvar::new() });
        let reader = read(pair.master.try_clone_reader().unwrap(), shown.clone());
        let words: Vec<String> = std::iter::once("tm-hooks").chain(arguments.iter().copied()).map(quoted).collect();
        Session {
            command: words.join(" "),
            child,
            writer: pair.master.take_writer().unwrap(),
            master: pair.master,
            before,
            shown,
            reader: Some(reader),
            traced: self.traced,
        }
    }
}

/// Reads what the program writes until it has ended.
fn read(mut reader: Box<dyn Read + Send>, shown: Arc<Shown>) -> JoinHandle<()> {
    std::thread::spawn(move || {
        let mut part = [0; 4096];
        // On Linux a terminal whose program has ended returns an error; what was read before counts.
        while let Ok(count @ 1..) = reader.read(&mut part) {
            let mut state = shown.state.lock().unwrap();
            state.raw.extend_from_slice(&part[..count]);
            state.parser.process(&part[..count]);
            shown.changed.notify_all();
        }
    })
}

/// The terminal's settings: echo, whole lines, signals.
fn settings(master: &dyn MasterPty) -> String {
    format!("{:?}", master.get_termios().unwrap())
}

struct Shown {
    state: Mutex<State>,
    changed: Condvar,
}

struct State {
    parser: vt100::Parser,
    raw: Vec<u8>,
}

impl State {
    fn screen(&self) -> String {
        let screen = self.parser.screen();
        let rows: Vec<String> = screen.rows(0, screen.size().1.get()).map(|row| row.trim_end().to_owned()).collect();
        rows.join("\n").trim_end().to_owned()
    }
}

/// A program on a terminal. It is killed if this is dropped before its end.
pub struct Session {
    command: String,
    child: Box<dyn Child + Send + Sync>,
    writer: Box<dyn Write + Send>,
    master: Box<dyn MasterPty + Send>,
    before: String,
    shown: Arc<Shown>,
    reader: Option<JoinHandle<()>>,
    traced: bool,
}

impl Session {
    /// The current screen, without blanks at the ends of lines.
    pub fn screen(&self) -> String {
        self.shown.state.lock().unwrap().screen()
    }

    /// Waits until `text` is on the screen.
    #[track_caller]
    pub fn wait_for(&mut self, text: &str) -> &mut Self {
        self.wait_until(&format!("{text:?}"), |screen| screen.contains(text))
    }

    /// Waits until the screen satisfies `enough`.
    #[track_caller]
    pub fn wait_until(&mut self, what: &str, enough: impl Fn(&str) -> bool) -> &mut Self {
        let deadline = Instant::now() + PATIENCE;
        let mut state = self.shown.state.lock().unwrap();
        while !enough(&state.screen()) {
            let left = deadline.saturating_duration_since(Instant::now());
            let ended = self.reader.as_ref().is_none_or(JoinHandle::is_finished);
            assert!(!left.is_zero() && !ended, "{}: waited in vain for {what} on\n{}", self.command, state.screen());
            let look_again = left.min(std::time::Duration::from_millis(100));
            state = self.shown.changed.wait_timeout(state, look_again).unwrap().0;
        }
        drop(state);
        self
    }

    /// Waits for this question and until the program reads single keys; the terminal echoes what is typed before.
    #[track_caller]
    pub fn asks(&mut self, question: &str) -> &mut Self {
        self.wait_for(question);
        super::until("keys to be taken one by one", || (!self.is_as_found()).then_some(()));
        self
    }

    /// Waits until the shell reports that its program is stopped and prompts with `ready>`; the terminal itself echoes
    /// what is typed before the prompt.
    #[track_caller]
    pub fn stopped(&mut self) -> &mut Self {
        self.wait_until("the program to be stopped", |screen| {
            ["Stopped", "suspended"].iter().any(|word| screen.contains(word)) && screen.ends_with("ready>")
        })
    }

    /// Types these keys: `\r` is enter, `\u{3}` is Ctrl-C, `\u{1b}` is Esc.
    pub fn types(&mut self, keys: &str) -> &mut Self {
        self.writer.write_all(keys.as_bytes()).unwrap();
        self.writer.flush().unwrap();
        self
    }

    /// Waits for this question, types the answer, and waits for the program's end.
    #[track_caller]
    pub fn answered(mut self, question: &str, keys: &str) -> Seen {
        self.asks(question).types(keys);
        self.ended()
    }

    /// The program's process.
    pub fn process(&self) -> u32 {
        self.child.process_id().unwrap()
    }

    /// Sends the program a signal: `TERM`, `HUP`, `INT`.
    pub fn signal(&self, name: &str) {
        super::run::signal(self.process(), name);
    }

    /// Changes the size of the terminal.
    pub fn resize(&self, columns: u16, rows: u16) {
        let size = PtySize { rows, cols: columns, pixel_width: 0, pixel_height: 0 };
        self.master.resize(size).unwrap();
        let mut state = self.shown.state.lock().unwrap();
        state.parser.screen_mut().set_size(NonZeroU16::new(rows).unwrap(), NonZeroU16::new(columns).unwrap());
    }

    /// Whether the terminal's settings are those from before the program: with echo, by the line, with signals.
    pub fn is_as_found(&self) -> bool {
        settings(&*self.master) == self.before
    }

    /// Waits for the program's end.
    #[track_caller]
    pub fn ended(mut self) -> Seen {
        let status = super::until("the program on the terminal to end", || self.child.try_wait().unwrap());
        let as_found = self.is_as_found();
        if let Some(reader) = self.reader.take() {
            reader.join().unwrap();
        }
        let state = self.shown.state.lock().unwrap();
        let raw = String::from_utf8_lossy(&state.raw).into_owned();
        if self.traced && !self.command.contains("--reveal") {
            trace::said(&raw);
        }
        let command = self.command.clone();
        let cursor_hidden = state.parser.screen().hide_cursor();
        let bracketed_paste = state.parser.screen().bracketed_paste();
        let (code, signal) = (status.exit_code() as i32, status.signal().map(str::to_owned));
        Seen { command, code, signal, screen: state.screen(), raw, cursor_hidden, bracketed_paste, as_found }
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// What a person saw at the end, and how the program ended. It is printed if an assertion fails while it exists.
#[must_use = "a run whose result nobody looks at proves nothing"]
#[derive(Debug)]
pub struct Seen {
    pub command: String,
    pub code: i32,
    /// The name of the signal that ended it.
    pub signal: Option<String>,
    /// The screen.
    pub screen: String,
    /// Everything that was written, with escape sequences.
    pub raw: String,
    pub cursor_hidden: bool,
    /// Whether the terminal marks pasted text.
    pub bracketed_paste: bool,
    /// Whether the terminal has its former settings.
    pub as_found: bool,
}

impl Seen {
    /// Expects this exit code.
    #[track_caller]
    pub fn exits(&self, code: i32) -> &Self {
        assert_eq!(self.code, code, "the exit code of {}", self.command);
        self
    }

    /// Expects the terminal to be as before: with its settings and its cursor, and without marking pasted text.
    #[track_caller]
    pub fn leaves_no_trace(&self) -> &Self {
        let left = (self.as_found, self.cursor_hidden, self.bracketed_paste);
        assert_eq!(left, (true, false, false), "{}: as found, cursor hidden, bracketed paste", self.command);
        self
    }

    /// Whether anything was coloured, bold or faint.
    pub fn has_color(&self) -> bool {
        self.raw.match_indices("\u{1b}[").any(|(at, _)| {
            let rest = &self.raw[at + 2..];
            let code: String = rest.chars().take_while(|c| c.is_ascii_digit() || *c == ';').collect();
            rest[code.len()..].starts_with('m')
                && code
                    .split(';')
                    .any(|part| matches!(part, "1" | "2") || (part.len() == 2 && part.starts_with(['3', '9'])))
        })
    }
}

impl fmt::Display for Seen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Seen { command, code, signal, screen, .. } = self;
        let signal = signal.as_deref().map(|signal| format!(", {signal}")).unwrap_or_default();
        write!(f, "$ {command}\n(exit code {code}{signal})\n--- screen\n{screen}\n---")
    }
}

impl Drop for Seen {
    fn drop(&mut self) {
        if std::thread::panicking() {
            let _ = writeln!(std::io::stderr(), "{self}");
        }
    }
}
