//! Selects what to measure.

use std::time::Duration;

use clap::{Parser, ValueEnum};

/// Measures the service on this machine, each figure beside the raw limit of the same run.
#[derive(Debug, Parser)]
#[command(name = "delivery")]
pub struct Options {
    /// Measure only this (may be given several times)
    #[arg(long, value_enum)]
    only: Vec<Part>,
    /// A short run, to see that it works: its figures say little
    #[arg(long, conflicts_with = "full")]
    quick: bool,
    /// Also the long ones: a history of ten million attempts, memory over a million deliveries
    #[arg(long)]
    full: bool,
    /// Rounds of throughput; the median counts
    #[arg(long, default_value_t = 3)]
    rounds: u32,
    /// Events a round of throughput
    #[arg(long, default_value_t = 50_000)]
    events: u64,
    /// Sizes of history, in attempts, the smallest first [default: 10000,1000000]
    #[arg(long, value_delimiter = ',')]
    rows: Vec<u64>,
    /// Given by cargo
    #[arg(long, hide = true)]
    bench: bool,
}

/// A part of the benchmark.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Part {
    /// Events and deliveries a second, and what they cost
    Throughput,
    /// From request to arrival when little is going on
    Latency,
    /// Lists and error rates as history grows
    History,
    /// Memory, start and stop
    Memory,
}

impl Options {
    /// Parses the command line; ends the program if it is wrong.
    pub fn from_command_line() -> Self {
        Options::parse()
    }

    /// Whether a part is to be measured.
    pub fn wants(&self, part: Part) -> bool {
        self.only.is_empty() || self.only.contains(&part)
    }

    /// Returns the number of rounds of throughput.
    pub fn rounds(&self) -> u32 {
        if self.quick { 1 } else { self.rounds }
    }

    /// Returns the number of events in a round of throughput.
    pub fn events(&self) -> u64 {
        if self.quick { self.events.min(5_000) } else { self.events }
    }

    /// Returns how long latency is measured at each rate.
    pub fn latency_for(&self) -> Duration {
        Duration::from_secs(if self.quick { 2 } else { 10 })
    }

    /// Returns the sizes of history in attempts.
    pub fn sizes(&self) -> Vec<u64> {
        match (self.rows.as_slice(), self.quick, self.full) {
            ([], true, _) => vec![10_000, 50_000],
            ([], _, false) => vec![10_000, 1_000_000],
            ([], _, true) => vec![10_000, 1_000_000, 10_000_000],
            (rows, ..) => rows.to_vec(),
        }
    }

    /// Returns how often each question about history is asked.
    pub fn questions(&self) -> usize {
        if self.quick { 50 } else { 500 }
    }

    /// Returns the number of deliveries for the memory measurement.
    pub fn deliveries(&self) -> u64 {
        match (self.quick, self.full) {
            (true, _) => 5_000,
            (_, true) => 1_000_000,
            _ => 100_000,
        }
    }
}
