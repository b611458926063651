//! How many writes each commit of a service holds.

use anyhow::{Result, ensure};

use crate::{client::Client, report::percent, service::Service};

/// What the service's histogram of writes a commit is called.
const BUCKET: &str = "tm_hooks_commit_jobs_bucket{le=\"";

/// How many commits there were of at most so many writes, the largest last: all of them.
#[derive(Debug, Clone)]
pub struct Commits(Vec<(String, f64)>);

impl Commits {
    /// Those of a service until now.
    pub fn of(service: &Service) -> Result<Self> {
        let (status, metrics) = Client::connect(service.address())?.get("/metrics")?;
        ensure!(status == 200, "the metrics were answered with {status}");
        let buckets = metrics.lines().filter_map(|line| line.strip_prefix(BUCKET)?.split_once("\"} "));
        Ok(Commits(buckets.map(|(most, count)| Ok((most.to_owned(), count.parse()?))).collect::<Result<_>>()?))
    }

    /// Those since then.
    pub fn since(&self, before: &Commits) -> Commits {
        let parts = self.0.iter().zip(&before.0);
        Commits(parts.map(|((most, now), (_, before))| (most.clone(), now - before)).collect())
    }

    /// The columns of [`Commits::shares`].
    pub fn columns(&self) -> Vec<String> {
        self.0.iter().map(|(most, _)| if most == "+Inf" { "more".to_owned() } else { format!("≤ {most}") }).collect()
    }

    /// How many of a hundred commits have at most so many writes, and more than in the column before.
    pub fn shares(&self) -> Vec<String> {
        let all = self.0.last().map_or(0.0, |(_, all)| *all).max(1.0);
        let before = std::iter::once(0.0).chain(self.0.iter().map(|(_, count)| *count));
        self.0.iter().zip(before).map(|((_, count), before)| percent((count - before) / all)).collect()
    }
}
