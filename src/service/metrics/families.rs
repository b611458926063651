//! Creates and registers families of metrics whose names begin with the program's.

use prometheus::{
    Histogram, HistogramOpts, HistogramVec, IntCounter, IntCounterVec, IntGauge, IntGaugeVec, Opts, Registry,
    core::Collector,
};

const NAMESPACE: &str = "tm_hooks";

/// Upper bounds in seconds, from a millisecond to an attempt's longest duration, 20 s.
pub(super) const FAST: &[f64] = &[0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 20.0];
/// Upper bounds in seconds for how late an attempt starts, up to a quarter of an hour.
pub(super) const LAGS: &[f64] = &[0.001, 0.0025, 0.005, 0.01, 0.025, 0.1, 0.5, 1.0, 5.0, 30.0, 60.0, 300.0, 900.0];
/// Upper bounds for the number of writes in a commit.
pub(super) const BATCHES: &[f64] = &[1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0, 128.0, 256.0];

/// Registers a family. The tests show that the names in `metrics.rs` are valid and unique.
pub(super) fn register<C: Collector + Clone + 'static>(registry: &Registry, family: &C) {
    if let Err(error) = registry.register(Box::new(family.clone())) {
        tracing::error!(%error, "a metric cannot be registered");
    }
}

/// Makes a family and registers it.
fn made<C: Collector + Clone + 'static>(registry: &Registry, family: prometheus::Result<C>) -> C {
    let family = family.expect("a metric's name is well formed");
    register(registry, &family);
    family
}

fn opts(name: &str, help: &str) -> Opts {
    Opts::new(name, help).namespace(NAMESPACE)
}

fn histogram_opts(name: &str, help: &str, bounds: &[f64]) -> HistogramOpts {
    HistogramOpts::new(name, help).namespace(NAMESPACE).buckets(bounds.to_vec())
}

pub(super) fn counter(registry: &Registry, name: &str, help: &str) -> IntCounter {
    made(registry, IntCounter::with_opts(opts(name, help)))
}

pub(super) fn counters(registry: &Registry, name: &str, help: &str, labels: &[&str]) -> IntCounterVec {
    made(registry, IntCounterVec::new(opts(name, help), labels))
}

pub(super) fn gauge(registry: &Registry, name: &str, help: &str) -> IntGauge {
    made(registry, IntGauge::with_opts(opts(name, help)))
}

pub(super) fn gauges(registry: &Registry, name: &str, help: &str, label: &str) -> IntGaugeVec {
    made(registry, IntGaugeVec::new(opts(name, help), &[label]))
}

pub(super) fn histogram(registry: &Registry, name: &str, help: &str, bounds: &[f64]) -> Histogram {
    made(registry, Histogram::with_opts(histogram_opts(name, help, bounds)))
}

pub(super) fn histograms(registry: &Registry, name: &str, help: &str, bounds: &[f64], labels: &[&str]) -> HistogramVec {
    made(registry, HistogramVec::new(histogram_opts(name, help, bounds), labels))
}
