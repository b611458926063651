//! `tm-hooks serve` as a separate process.

use std::{
    io::{BufRead, BufReader},
    net::SocketAddr,
    path::PathBuf,
    process::{Child, Command, ExitStatus, Stdio},
    sync::{Arc, OnceLock},
    thread::JoinHandle,
};

use super::{Home, trace, until};

/// An invented token.
pub const TOKEN: &str = "an-invented-admin-token-for-tests";

/// A running service, which is killed when it is dropped.
pub struct Served {
    child: Child,
    pub url: String,
    log: Option<JoinHandle<String>>,
    senders: Arc<OnceLock<SocketAddr>>,
}

impl Served {
    /// Starts a strict service on this database that may deliver to loopback.
    pub fn on_database(home: &Home, database: &str) -> Self {
        let arguments = ["--database", database, "--allow-http", "--allow-cidr", "127.0.0.0/8"];
        Self::start(home.program(), &arguments)
    }

    /// Starts a service with these arguments.
    pub fn start(program: Command, arguments: &[&str]) -> Self {
        Self::listening_on(program, "127.0.0.1:0", arguments)
    }

    /// Starts a service with another `--listen`.
    pub fn listening_on(mut program: Command, listen: &str, arguments: &[&str]) -> Self {
        let mut child = program
            .args(["serve", "--listen", listen])
            .args(arguments)
            .env("TM_HOOKS_ADMIN_TOKEN", trace::secret(TOKEN))
            .env("RUST_LOG", "trace")
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let stderr = BufReader::new(child.stderr.take().unwrap());
        let senders = Arc::<OnceLock<SocketAddr>>::default();
        let told = senders.clone();
        let log = std::thread::spawn(move || {
            let mut text = String::new();
            for line in stderr.split(b'\n').map_while(Result::ok) {
                let line = String::from_utf8_lossy(&line);
                let address = line.strip_prefix("  senders   http://").and_then(|rest| rest.strip_suffix("/in/…"));
                if let Some(address) = address.and_then(|address| address.parse().ok()) {
                    let _ = told.set(address);
                }
                text.push_str(&line);
                text.push('\n');
            }
            trace::said(&text);
            text
        });
        let mut url = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut url).unwrap();
        let served = Served { child, url: url.trim().to_owned(), log: Some(log), senders };
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

    /// Waits for the address of `--ingress`.
    pub fn senders(&self) -> SocketAddr {
        until("the address for senders", || self.senders.get().copied())
    }

    /// Kills it, and returns what it logged.
    pub fn killed(mut self) -> String {
        let _ = self.child.kill();
        let _ = self.child.wait();
        self.log.take().unwrap().join().unwrap()
    }

    /// Sends it a signal: `TERM`, `STOP`, `CONT`.
    pub fn signal(&self, name: &str) {
        super::run::signal(self.child.id(), name);
    }

    /// Asks it to stop; returns its exit code and what it logged.
    pub fn stopped(self) -> (Option<i32>, String) {
        self.signal("TERM");
        self.ended()
    }

    /// Waits for its end by a signal; returns its status.
    pub fn crashed(mut self) -> ExitStatus {
        self.child.wait().unwrap()
    }

    /// Waits for its end; returns its exit code and what it logged.
    pub fn ended(mut self) -> (Option<i32>, String) {
        let status = until("the service to end", || self.child.try_wait().unwrap());
        (status.code(), self.log.take().unwrap().join().unwrap())
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The database URL of a file.
pub fn sqlite(path: PathBuf) -> String {
    format!("sqlite:{}", path.display())
}
