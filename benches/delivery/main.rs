//! Measures the service as it is run: the real program in a process of its own, SQLite on disk at
//! `synchronous=FULL`, a receiver and a load of our own beside it on the same machine. Every figure stands beside the
//! raw limit of the same run: the same body, posted by the same load to the same receiver with no service between.
//!
//! ```sh
//! cargo bench --bench delivery                          # all of it, some minutes
//! cargo bench --bench delivery -- --quick               # does it work?
//! cargo bench --bench delivery -- --full                # ten million attempts, a million deliveries
//! cargo bench --bench delivery -- --only throughput --rounds 5 --events 100000
//! cargo bench --bench delivery -- --only history --rows 10000,10000000
//! ```
//!
//! It is built like what is shipped, which takes minutes; `cargo bench --profile release …` builds sooner. Databases
//! lie in the target folder and are gone in the end; ten million attempts take some 5 GB. Other work on the machine
//! disturbs figures: medians count, and a figure against the raw limit beside it.

mod client;
mod commits;
mod figures;
mod fill;
mod footprint;
mod history;
#[path = "../../tests/common/invented.rs"]
mod invented;
mod latency;
mod load;
mod options;
mod post;
mod receiver;
mod report;
mod service;
mod throughput;
mod wire;

use std::path::Path;

use anyhow::{Context, Result};

use options::{Options, Part};
use report::Report;

type Measure = fn(&Options, &Path, &mut Report) -> Result<()>;

fn main() -> Result<()> {
    let options = Options::from_command_line();
    // Not where temporary files are: those may lie in memory.
    let folder = tempfile::Builder::new().prefix("bench").tempdir_in(env!("CARGO_TARGET_TMPDIR"));
    let folder = folder.context("making a folder for databases")?;
    let mut report = Report::default();
    let parts: [(Part, Measure); 4] = [
        (Part::Throughput, throughput::measure),
        (Part::Latency, latency::measure),
        (Part::Memory, footprint::measure),
        (Part::History, history::measure),
    ];
    for (number, (part, measure)) in parts.into_iter().enumerate() {
        if options.wants(part) {
            measure(&options, &folder.path().join(number.to_string()), &mut report)?;
            report.print();
        }
    }
    Ok(())
}
