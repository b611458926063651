//! Measures how lists and error rates slow down as history grows, over HTTP, beside an answer that reads nothing.

use std::{
    path::Path,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, ensure};
use serde_json::Value;
use tm_hooks::domain::time::Timestamp;

use crate::{
    client::Client,
    figures::Figures,
    fill::{self, MONTH},
    options::Options,
    report::{Report, count, milliseconds},
    service::Service,
};

/// The number of unmeasured requests per question.
const WARM_UP: usize = 20;

/// A question, and its path for a webhook.
struct Question {
    name: &'static str,
    path: fn(&Asked<'_>) -> String,
    wanted: &'static str,
}

/// The parts of a path.
struct Asked<'a> {
    webhook: &'a str,
    month_ago: &'a str,
}

const QUESTIONS: [Question; 9] = [
    Question { name: "nothing: /livez", path: |_| "/livez".to_owned(), wanted: "" },
    Question {
        name: "newest 50 attempts of a webhook",
        path: |asked| format!("/v1/webhooks/{}/attempts?limit=50", asked.webhook),
        wanted: "≤ 0.5 ms, ≤ 1.5×",
    },
    Question {
        name: "  with a code that nothing has",
        path: |asked| format!("/v1/webhooks/{}/attempts?limit=50&code=418", asked.webhook),
        wanted: "≤ 0.5 ms, ≤ 1.5×",
    },
    Question {
        name: "  that failed",
        path: |asked| format!("/v1/webhooks/{}/attempts?limit=50&status=failed", asked.webhook),
        wanted: "≤ 1.5×",
    },
    Question { name: "newest 50 attempts of all", path: |_| "/v1/attempts?limit=50".to_owned(), wanted: "≤ 1.5×" },
    Question {
        name: "a webhook's error rate over 24 h",
        path: |asked| format!("/v1/webhooks/{}/stats", asked.webhook),
        wanted: "≤ 1.5×",
    },
    Question {
        name: "  over 30 days",
        path: |asked| format!("/v1/webhooks/{}/stats?since={}", asked.webhook, asked.month_ago),
        wanted: "≤ 1.5×",
    },
    Question {
        name: "all error rates over 30 days",
        path: |asked| format!("/v1/stats?since={}", asked.month_ago),
        wanted: "",
    },
    Question { name: "list of webhooks", path: |_| "/v1/webhooks".to_owned(), wanted: "" },
];

/// A service on a database of one size.
struct Filled {
    service: Service,
    webhooks: Vec<String>,
}

/// Fills a database of each size and measures.
pub fn measure(options: &Options, folder: &Path, report: &mut Report) -> Result<()> {
    let sizes = options.sizes();
    let mut filled = Vec::new();
    for size in &sizes {
        let folder = folder.join(size.to_string());
        fill::fill(&folder, *size)?;
        let service = Service::start(&folder)?;
        let mut client = Client::connect(service.address())?;
        filled.push(Filled { webhooks: webhooks(&mut client)?, service });
    }
    let mut columns: Vec<String> = sizes.iter().map(|size| format!("p50 (p99) at {}", count(*size as f64))).collect();
    columns.extend(["last/first".to_owned(), "wanted".to_owned()]);
    let columns: Vec<_> = columns.iter().map(String::as_str).collect();
    report.columns("History: answers over HTTP on one connection, by attempts in the database", &columns);
    let now = Timestamp::from_seconds(Duration::as_secs(&std::time::UNIX_EPOCH.elapsed()?) as i64);
    let month_ago = now.minus(MONTH).to_jiff().to_string();
    for question in &QUESTIONS {
        let answers = ask(question, options.questions(), &filled, &month_ago)?;
        let show = |f: &Figures| format!("{} ({})", milliseconds(f.median()), milliseconds(f.quantile(0.99)));
        let mut cells: Vec<_> = answers.iter().map(show).collect();
        let ratio = answers[answers.len() - 1].median() / answers[0].median();
        cells.extend([format!("{ratio:.2}×"), question.wanted.to_owned()]);
        report.cells(question.name, cells);
    }
    filled.into_iter().try_for_each(|filled| filled.service.stop().map(drop))
}

/// How long a question takes on each of the databases, in seconds. They are asked in turn: what disturbs the machine
/// for a while disturbs them alike.
fn ask(question: &Question, times: usize, filled: &[Filled], month_ago: &str) -> Result<Vec<Figures>> {
    let mut seconds = vec![Vec::new(); filled.len()];
    // Made for this question: while the next database was filled, the service may have closed one that was idle.
    let connect = |filled: &Filled| Client::connect(filled.service.address());
    let mut clients = filled.iter().map(connect).collect::<Result<Vec<_>>>()?;
    for number in 0..WARM_UP + times {
        for ((Filled { webhooks, .. }, client), seconds) in filled.iter().zip(&mut clients).zip(&mut seconds) {
            let path = (question.path)(&Asked { webhook: &webhooks[number % webhooks.len()], month_ago });
            let began = Instant::now();
            let (status, answer) = client.get(&path)?;
            let took = began.elapsed().as_secs_f64();
            ensure!(status == 200, "{path} was answered with {status}: {answer}");
            if number >= WARM_UP {
                seconds.push(took);
            }
        }
    }
    Ok(seconds.into_iter().map(Figures::new).collect())
}

/// Returns the ids of all webhooks.
fn webhooks(client: &mut Client) -> Result<Vec<String>> {
    let (_, answer) = client.get("/v1/webhooks?limit=250")?;
    let page: Value = serde_json::from_str(&answer)?;
    let data = page["data"].as_array().context("a list of webhooks")?;
    Ok(data.iter().filter_map(|webhook| Some(webhook["id"].as_str()?.to_owned())).collect())
}
