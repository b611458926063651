//! The receivers that the pages name by invented addresses.

use crate::common::{
    Home,
    receiver::{Receiver, answer, status},
};

/// What stands in the pages for where Payroll and the chat bot listen.
const PAYROLL: &str = "http://127.0.0.1:8080/hooks";
const BOT: &str = "http://127.0.0.1:8081/bot";

/// Payroll takes everything; the chat bot takes `v1` alone, and refuses signatures of `v2`.
pub struct Receivers {
    payroll: Receiver,
    bot: Receiver,
}

impl Receivers {
    /// They need a while to answer, by the clock of `home`, where it stands still.
    pub fn of(home: &Home) -> Self {
        let (clock, other) = (home.clock(), home.clock());
        Receivers {
            payroll: Receiver::answering(move |_, _| {
                clock.go_on(9);
                undated(status(204))
            }),
            bot: Receiver::answering(move |_, received| {
                other.go_on(31);
                undated(match received.header("webhook-version").as_str() {
                    "v2" => answer(401, r#"{"ok":false,"code":"SIGNATURE_INVALID"}"#),
                    _ => status(204),
                })
            }),
        }
    }

    pub fn payroll(&self) -> String {
        self.payroll.url()
    }

    fn places(&self) -> [(String, &'static str); 2] {
        [(self.payroll.url(), PAYROLL), (self.bot.url().replace("/hooks", "/bot"), BOT)]
    }

    /// A command of a page with the addresses in use.
    pub fn real(&self, command: &str) -> String {
        self.places().iter().fold(command.to_owned(), |text, (real, documented)| text.replace(documented, real))
    }

    /// What was said with the addresses of the pages. Columns behind them stay where they are.
    pub fn documented(&self, screen: &str) -> String {
        self.places().iter().fold(screen.to_owned(), |text, (real, documented)| {
            let blanks = " ".repeat(real.len().saturating_sub(documented.len()));
            text.replace(&format!("{real}  "), &format!("{documented}  {blanks}")).replace(real, documented)
        })
    }
}

/// Without the machine's own time, which would be another one in each run.
fn undated(mut response: axum::response::Response) -> axum::response::Response {
    let date = axum::http::HeaderValue::from_static("Wed, 25 Nov 2026 16:55:00 GMT");
    response.headers_mut().insert("date", date);
    response
}
