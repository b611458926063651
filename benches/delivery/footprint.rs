//! Measures how fast the service starts and stops, and its memory when idle and under load.

use std::{
    path::Path,
    thread,
    time::{Duration, Instant},
};

use anyhow::{Result, ensure};

use crate::{
    client::Client,
    figures::Figures,
    load,
    options::Options,
    post::Post,
    receiver::Receiver,
    report::{Report, bytes, count, milliseconds},
    service::Service,
};

/// The number of starts.
const STARTS: usize = 10;
/// The wait before it counts as idle.
const IDLE: Duration = Duration::from_secs(1);
/// The number of memory readings over all deliveries.
const LOTS: u64 = 10;
/// The longest time for the deliveries of one part.
const PATIENCE: Duration = Duration::from_secs(600);

/// Measures memory over many deliveries, then starts and stops on the resulting database.
pub fn measure(options: &Options, folder: &Path, report: &mut Report) -> Result<()> {
    std::fs::create_dir_all(folder)?;
    report.section("Memory, start and stop");
    let memory = memory_over_deliveries(options, folder)?;
    let deliveries = count((options.deliveries() / LOTS * LOTS) as f64);
    report.row(&format!("memory over {deliveries} deliveries"), &Figures::new(memory.clone()), bytes, "", "< 60 MB");
    let growth = memory[memory.len() - 1] - memory[0];
    report.row("  the last tenth against the first", &Figures::new(vec![growth]), bytes, "", "flat");
    let (mut alive, mut ready, mut idle, mut stop) = (vec![], vec![], vec![], vec![]);
    for _ in 0..STARTS {
        let began = Instant::now();
        let service = Service::start(folder)?;
        let mut client = Client::connect(service.address())?;
        ensure!(client.get("/livez")?.0 == 200, "the service does not live");
        alive.push(began.elapsed().as_secs_f64());
        ensure!(client.get("/readyz")?.0 == 200, "the service is not ready");
        ready.push(began.elapsed().as_secs_f64());
        drop(client);
        thread::sleep(IDLE);
        idle.push(service.usage()?.resident as f64);
        stop.push(service.stop()?.as_secs_f64());
    }
    report.row("idle memory", &Figures::new(idle), bytes, "", "< 20 MB");
    report.row("from start to /livez", &Figures::new(alive), milliseconds, "", "≤ 30 ms");
    report.row("from start to /readyz", &Figures::new(ready), milliseconds, "", "≤ 30 ms");
    report.row("from SIGTERM to its end, idle", &Figures::new(stop), milliseconds, "", "≤ 1 s");
    Ok(())
}

/// Returns the memory after each tenth of the deliveries, in bytes.
fn memory_over_deliveries(options: &Options, folder: &Path) -> Result<Vec<f64>> {
    let receiver = Receiver::start()?;
    let service = Service::start(folder)?;
    service.add_webhook("Receiver", &receiver.url(0))?;
    let mut post = Post::to_service(service.address());
    let lot = options.deliveries() / LOTS;
    let mut memory = Vec::new();
    for _ in 0..LOTS {
        load::closed_loop(&mut post, lot)?;
        receiver.take(lot as usize, PATIENCE)?;
        memory.push(service.usage()?.resident as f64);
    }
    service.stop()?;
    Ok(memory)
}
