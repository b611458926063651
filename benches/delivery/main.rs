//! Measures the service as it is run: the real program in a process of its own, SQLite on disk at
//! `synchronous=FULL`, a receiver and a load of our own beside it on the same machine. Every figure stands beside the
//! raw limit of the same run: the same body, posted by the same load to the same receiver with no service between.
//!
//! ```sh
//! cargo bench --bench delivery                          # all of it, a few minutes
//! cargo bench --bench delivery -- --quick               # does it work?
//! cargo bench --bench delivery -- --only throughput --rounds 5 --events 100000
//! ```

mod client;
mod figures;
mod load;
mod options;
mod post;
mod receiver;
mod report;
mod service;
mod throughput;
mod wire;

use anyhow::{Context, Result};

use options::{Options, Part};
use report::Report;

fn main() -> Result<()> {
    let options = Options::from_command_line();
    // Not where temporary files are: those may lie in memory.
    let folder = tempfile::Builder::new().prefix("bench").tempdir_in(env!("CARGO_TARGET_TMPDIR"));
    let folder = folder.context("making a folder for databases")?;
    let mut report = Report::default();
    if options.wants(Part::Throughput) {
        throughput::measure(&options, folder.path(), &mut report)?;
    }
    report.print();
    Ok(())
}
