//! A command is looked at: in a pipe and on a terminal, each time in a copy of the same home.

use std::fmt::Write;

use crate::common::{
    Home, Run,
    service::{Served, TOKEN},
    terminal::Terminal,
};

/// More than anything says that is shown whole.
const ROWS: u16 = 120;

/// What a command says in a pipe and on a terminal, each in a home as `home` is now.
#[track_caller]
pub fn face(home: &Home, arguments: &[&str]) -> String {
    Look::at(home).run(arguments)
}

/// Where the home's service is.
#[derive(Clone, Copy, PartialEq)]
enum Service {
    /// Inside the program.
    Inside,
    /// The profile `production`, in use; the admin token is in the environment.
    Served,
    /// The same, and there is no token.
    ServedToStrangers,
    /// The same, and `login` was done.
    LoggedIn,
}

/// How a command is looked at.
pub struct Look<'a> {
    home: &'a Home,
    service: Service,
    keys: Vec<(&'a str, &'a str)>,
    stopped_at: Option<&'a str>,
    lines: Option<usize>,
}

/// What a terminal showed in the end, and how it ended.
pub struct Shown {
    pub command: String,
    /// What stands on the screen.
    pub screen: String,
    /// All that was written, with its escapes.
    pub raw: String,
    pub code: i32,
}

impl<'a> Look<'a> {
    pub fn at(home: &'a Home) -> Self {
        Look { home, service: Service::Inside, keys: Vec::new(), stopped_at: None, lines: None }
    }

    /// The home's data are served by a service on this machine, which is the profile `production` and in use; the admin
    /// token is in the environment. Among the arguments `URL` stands for where the service is.
    pub fn served(mut self) -> Self {
        self.service = Service::Served;
        self
    }

    /// As [`Look::served`], and there is no token.
    pub fn served_to_strangers(mut self) -> Self {
        self.service = Service::ServedToStrangers;
        self
    }

    /// As [`Look::served`], and the token is where `login` has put it.
    pub fn logged_in(mut self) -> Self {
        self.service = Service::LoggedIn;
        self
    }

    /// On the terminal, types these keys when it asks this.
    pub fn typing(mut self, question: &'a str, keys: &'a str) -> Self {
        self.keys.push((question, keys));
        self
    }

    /// On the terminal, is told to stop when this stands there.
    pub fn stopped_at(mut self, text: &'a str) -> Self {
        self.stopped_at = Some(text);
        self
    }

    /// Shows so many lines only, as they were written, of what says more than anybody compares by eye.
    pub fn first(mut self, lines: usize) -> Self {
        self.lines = Some(lines);
        self
    }

    #[track_caller]
    pub fn run(self, arguments: &[&str]) -> String {
        [self.piped(arguments), self.shown(arguments)].join("\n\n")
    }

    #[track_caller]
    fn piped(&self, arguments: &[&str]) -> String {
        let (home, served) = self.home();
        let mut program = home.program();
        program.args(self.arguments(arguments, served.as_ref())).envs(self.variables());
        let said = program.said();
        let mut text = format!("$ {} | cat\n{}", said.command, self.cut(&said.out));
        for line in self.cut(&said.err).lines() {
            let _ = writeln!(text, "2> {line}");
        }
        let _ = write!(text, "exit {}", said.code);
        constant(text, &home)
    }

    #[track_caller]
    pub fn shown(&self, arguments: &[&str]) -> String {
        let Shown { command, screen, raw, code } = self.on_terminal(100, &[("NO_COLOR", "1")], arguments);
        // What is cut has scrolled out of the screen.
        let screen = if self.lines.is_some() { raw.replace('\r', "") } else { screen };
        format!("$ {command}\n{}\nexit {code}", self.cut(&screen).trim_end())
    }

    /// What a terminal of so many columns shows, with these variables.
    #[track_caller]
    pub fn on_terminal(&self, columns: u16, variables: &[(&str, &str)], arguments: &[&str]) -> Shown {
        let (home, served) = self.home();
        let arguments = self.arguments(arguments, served.as_ref());
        let mut terminal = Terminal::of(&home).columns(columns).rows(ROWS);
        for (name, value) in variables.iter().copied().chain(self.variables()) {
            terminal = terminal.env(name, value);
        }
        let dumb = variables.contains(&("TERM", "dumb"));
        let mut session = terminal.start(&arguments.iter().map(String::as_str).collect::<Vec<_>>());
        for (question, keys) in &self.keys {
            // A dumb terminal gets plain questions: lines, and not keys one by one.
            let asked = if dumb { session.wait_for(question) } else { session.asks(question) };
            asked.types(keys);
        }
        if let Some(text) = self.stopped_at {
            session.wait_for(text).signal("TERM");
        }
        let seen = session.ended();
        let constant = |text: &str| constant(text.to_owned(), &home);
        let (command, screen, raw) = (constant(&seen.command), constant(&seen.screen), constant(&seen.raw));
        Shown { command, screen, raw, code: seen.code }
    }

    /// A copy of the home, and what serves it.
    #[track_caller]
    fn home(&self) -> (Home, Option<Served>) {
        let home = self.home.copy();
        if self.service == Service::Inside {
            return (home, None);
        }
        let served = Served::start(home.program(), &[]);
        if self.service == Service::LoggedIn {
            let login = ["login", &served.url, "--profile", "production", "--token-stdin", "--insecure-storage"];
            home.run_with_input(login, TOKEN).exits(0);
        } else {
            home.ok(["profile", "add", "production", &served.url]);
            home.ok(["profile", "use", "production"]);
        }
        (home, Some(served))
    }

    fn arguments(&self, arguments: &[&str], served: Option<&Served>) -> Vec<String> {
        let url = served.map_or("URL", |served| &served.url);
        arguments.iter().map(|argument| if *argument == "URL" { url } else { argument }.to_owned()).collect()
    }

    fn variables(&self) -> Option<(&str, &str)> {
        (self.service == Service::Served).then_some(("TM_HOOKS_TOKEN", TOKEN))
    }

    fn cut(&self, text: &str) -> String {
        match self.lines {
            Some(most) if text.lines().count() > most => {
                text.lines().take(most).chain(["…"]).map(|line| format!("{line}\n")).collect()
            }
            _ => text.to_owned(),
        }
    }
}

/// The text without what differs from run to run, each by something of the same length: where the home is, and on which
/// ports somebody listens. Secrets are the same in every run, and still nothing to keep.
pub fn constant(text: String, home: &Home) -> String {
    let mut text = text.replace(home.path().to_str().unwrap(), "/home/mara");
    text = each_after(&text, "127.0.0.1:", |c| c.is_ascii_digit(), "38080");
    for (secret, letters) in [("tmkey_", 32), ("tmadmin_", 32), ("tmtoken_", 43)] {
        text = each_after(&text, secret, |c| c.is_ascii_alphanumeric(), &"*".repeat(letters));
    }
    text.lines().map(str::trim_end).collect::<Vec<_>>().join("\n")
}

/// Puts `other` for as many characters of a kind that stand behind `before`, on the next line too where a narrow terminal
/// has broken them in their middle.
pub fn each_after(text: &str, before: &str, kind: impl Fn(char) -> bool, other: &str) -> String {
    let mut parts = text.split(before);
    let mut replaced = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        replaced += before;
        let (mut put, mut rest) = (String::new(), part.chars());
        let mut others = other.chars().peekable();
        for c in part.chars().take_while(|c| kind(*c) || *c == '\n') {
            match others.peek() {
                None => break,
                Some(_) if c == '\n' => put.push(c),
                Some(_) => put.extend(others.next()),
            }
            rest.next();
        }
        let whole = others.peek().is_none();
        replaced += if whole { &put } else { &part[..part.len() - rest.as_str().len()] };
        replaced += rest.as_str();
    }
    replaced
}
