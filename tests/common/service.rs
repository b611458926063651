//! `tm-hooks serve` as a process of its own.

use std::{
    io::{BufRead, BufReader, Read},
    path::PathBuf,
    process::{Child, Command, Stdio},
    thread::JoinHandle,
};

use super::Home;

/// An invented token.
pub const TOKEN: &str = "an-invented-admin-token-for-tests";

/// A running service; killed when it is dropped.
pub struct Served {
    child: Child,
    pub url: String,
    log: Option<JoinHandle<String>>,
}

impl Served {
    /// A strict service on the given database that may deliver to loopback.
    pub fn on_database(home: &Home, database: &str) -> Self {
        let arguments = ["--database", database, "--allow-http", "--allow-cidr", "127.0.0.0/8"];
        Self::start(home.program(), &arguments)
    }

    /// A service started with these arguments.
    pub fn start(mut program: Command, arguments: &[&str]) -> Self {
        let mut child = program
            .args(["serve", "--listen", "127.0.0.1:0"])
            .args(arguments)
            .env("TM_HOOKS_ADMIN_TOKEN", TOKEN)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut stderr = child.stderr.take().unwrap();
        let log = std::thread::spawn(move || {
            let mut text = String::new();
            let _ = stderr.read_to_string(&mut text);
            text
        });
        let mut url = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut url).unwrap();
        let served = Served { child, url: url.trim().to_owned(), log: Some(log) };
        if served.url.is_empty() {
            panic!("the service did not start:\n{}", served.killed());
        }
        served
    }

    /// The program as a client of this service.
    pub fn client(&self, home: &Home) -> Command {
        let mut command = home.program();
        command.env("TM_HOOKS_URL", &self.url).env("TM_HOOKS_TOKEN", TOKEN);
        command
    }

    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Ends it as a crash does, and gives what it logged.
    pub fn killed(mut self) -> String {
        let _ = self.child.kill();
        let _ = self.child.wait();
        self.log.take().unwrap().join().unwrap()
    }

    /// Asks it to stop; gives its exit code and what it logged.
    pub fn stopped(mut self) -> (Option<i32>, String) {
        let stopped = Command::new("kill").args(["-TERM", &self.child.id().to_string()]).status().unwrap();
        assert!(stopped.success());
        let code = self.child.wait().unwrap().code();
        (code, self.log.take().unwrap().join().unwrap())
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A file's database URL.
pub fn sqlite(path: PathBuf) -> String {
    format!("sqlite:{}", path.display())
}
