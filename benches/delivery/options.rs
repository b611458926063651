//! What to measure, and how much of it.

use clap::{Parser, ValueEnum};

/// Measures the service on this machine, each figure beside the raw limit of the same run.
#[derive(Debug, Parser)]
pub struct Options {
    /// Measure only this (may be given several times)
    #[arg(long, value_enum)]
    only: Vec<Part>,
    /// A short run, to see that it works: its figures say little
    #[arg(long)]
    quick: bool,
    /// Rounds of throughput; the median counts
    #[arg(long, default_value_t = 3)]
    pub rounds: u32,
    /// Events a round of throughput
    #[arg(long, default_value_t = 50_000)]
    pub events: u64,
    /// Given by cargo
    #[arg(long, hide = true)]
    bench: bool,
}

/// A part of the benchmark.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Part {
    /// Events and deliveries a second, and what they cost
    Throughput,
}

impl Options {
    /// From the command line; ends the program when it is wrong.
    pub fn from_command_line() -> Self {
        let mut options = Options::parse();
        if options.quick {
            options.rounds = 1;
            options.events = options.events.min(5_000);
        }
        options
    }

    /// Whether a part is to be measured.
    pub fn wants(&self, part: Part) -> bool {
        self.only.is_empty() || self.only.contains(&part)
    }
}
