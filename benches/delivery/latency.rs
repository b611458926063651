//! Measures how long an event takes from request to receiver under light load, beside the same way without a service.

use std::{collections::HashMap, path::Path, time::Duration};

use anyhow::{Context, Result, ensure};

use crate::{
    figures::Figures,
    load,
    options::Options,
    post::Post,
    receiver::Receiver,
    report::{Report, milliseconds},
    service::Service,
};

/// Events per second, and the wanted median and 99th percentile.
const RATES: [(u32, &str, &str); 2] = [(100, "≤ 1.5 ms", "≤ 5 ms"), (1000, "", "≤ 20 ms")];
/// The longest wait for the last deliveries.
const PATIENCE: Duration = Duration::from_secs(60);
/// The time before the measurement.
const WARM_UP: Duration = Duration::from_secs(1);

/// Measures at each of the rates.
pub fn measure(options: &Options, folder: &Path, report: &mut Report) -> Result<()> {
    std::fs::create_dir_all(folder)?;
    let receiver = Receiver::start()?;
    let service = Service::start(folder)?;
    service.add_webhook("Receiver", &receiver.url(0))?;
    let raw = Post::to_receiver(receiver.address());
    let post = Post::to_service(service.address());
    report.columns(
        &format!("Latency: from request to arrival, at a steady rate for {:?}", options.latency_for()),
        &["service", "raw limit", "wanted"],
    );
    for (rate, median, most) in RATES {
        let direct = latencies(&receiver, &raw, rate, options.latency_for())?;
        let through = latencies(&receiver, &post, rate, options.latency_for())?;
        for (name, part, wanted) in [("p50", 0.5, median), ("p99", 0.99, most), ("most", 1.0, "")] {
            let show = |figures: &Figures| milliseconds(figures.quantile(part));
            let name = format!("{rate} events a second, {name}");
            report.cells(&name, vec![show(&through), show(&direct), wanted.to_owned()]);
        }
    }
    service.stop().map(drop)
}

fn latencies(receiver: &Receiver, post: &Post, rate: u32, duration: Duration) -> Result<Figures> {
    let warm_up = load::steady(post, rate, WARM_UP)?;
    receiver.take(warm_up.len(), PATIENCE)?;
    let posted = load::steady(post, rate, duration)?;
    let ledger = receiver.take(posted.len(), PATIENCE)?;
    ensure!(ledger.len() == posted.len(), "{} requests came for {} events", ledger.len(), posted.len());
    let arrived: HashMap<_, _> = ledger.iter().map(|arrival| (arrival.event, arrival.at)).collect();
    let latency = |posted: &load::Posted| {
        let arrived = arrived.get(&posted.event).context("an event was accepted and did not come")?;
        Ok(arrived.duration_since(posted.at).as_secs_f64())
    };
    Ok(Figures::new(posted.iter().map(latency).collect::<Result<_>>()?))
}
