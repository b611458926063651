//! Runs the real program as a service in its own process and measures its resources.

use std::{
    fs::{self, File},
    io::{BufRead, BufReader},
    net::SocketAddr,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};

use crate::client::Client;

/// An invented token.
pub const TOKEN: &str = "an-invented-admin-token-for-benchmarks";
/// Ticks of `/proc/PID/stat` a second: USER_HZ, which is 100 wherever this runs.
const TICKS: u32 = 100;

/// A running service, which is killed when dropped.
pub struct Service {
    child: Child,
    address: SocketAddr,
}

/// The resources that a process has used.
#[derive(Debug, Clone, Copy)]
pub struct Usage {
    /// The processor time in user and kernel mode, in steps of 10 ms.
    pub cpu: Duration,
    /// The current memory in bytes.
    pub resident: u64,
    /// The peak memory in bytes.
    pub peak: u64,
}

impl Service {
    /// Starts a service on the database in this folder, which is created if it is absent.
    pub fn start(folder: &Path) -> Result<Self> {
        let mut child = Command::new(env!("CARGO_BIN_EXE_tm-hooks"))
            .args(["serve", "--listen", "127.0.0.1:0", "--allow-http", "--allow-cidr", "127.0.0.0/8", "--database"])
            .arg(format!("sqlite:{}", database(folder).display()))
            .env_clear()
            .env("HOME", folder)
            .env("RUST_LOG", "error")
            .env("TM_HOOKS_ADMIN_TOKEN", TOKEN)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(File::create(folder.join("log"))?)
            .spawn()
            .context("starting the service")?;
        let mut line = String::new();
        let stdout = child.stdout.take().context("the service's standard output")?;
        BufReader::new(stdout).read_line(&mut line)?;
        let address = line.trim().strip_prefix("http://").and_then(|address| address.parse().ok());
        let said = || fs::read_to_string(folder.join("log")).unwrap_or_default();
        let address = address.with_context(|| format!("the service did not start: {}", said()))?;
        Ok(Service { child, address })
    }

    /// Returns its address.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Adds a webhook for every event and returns its id.
    pub fn add_webhook(&self, name: &str, url: &str) -> Result<String> {
        let body = json!({"name": name, "url": url, "events": ["attendance.*", "user.*"]}).to_string();
        let (status, answer) = Client::connect(self.address)?.post("/v1/webhooks", &body)?;
        ensure!(status == 201, "adding a webhook was answered with {status}: {answer}");
        let added: Value = serde_json::from_str(&answer)?;
        Ok(added["id"].as_str().context("a webhook has an id")?.to_owned())
    }

    /// Returns its resources so far.
    pub fn usage(&self) -> Result<Usage> {
        let process = PathBuf::from(format!("/proc/{}", self.child.id()));
        let stat = fs::read_to_string(process.join("stat"))?;
        // The name, in brackets, may hold anything; utime and stime are the 12th and 13th field after it.
        let fields = stat.rsplit(')').next().unwrap_or_default().split_whitespace();
        let ticks = fields.skip(11).take(2).map(str::parse::<u32>).sum::<Result<u32, _>>()?;
        let status = fs::read_to_string(process.join("status"))?;
        let kibibytes = |name: &str| -> Result<u64> {
            let line = status.lines().find_map(|line| line.strip_prefix(name)).context("a line of memory")?;
            Ok(line.trim().trim_end_matches("kB").trim().parse()?)
        };
        Ok(Usage {
            cpu: Duration::from_secs(1) * ticks / TICKS,
            resident: kibibytes("VmRSS:")? * 1024,
            peak: kibibytes("VmHWM:")? * 1024,
        })
    }

    /// Stops it and returns how long that took.
    pub fn stop(mut self) -> Result<Duration> {
        let began = Instant::now();
        let told = Command::new("kill").args(["-TERM", &self.child.id().to_string()]).status()?;
        ensure!(told.success(), "the service could not be told to stop");
        let ended = self.child.wait()?;
        ensure!(ended.success(), "the service ended with {ended}");
        Ok(began.elapsed())
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Returns the database in a folder.
pub fn database(folder: &Path) -> PathBuf {
    folder.join("hooks.db")
}
