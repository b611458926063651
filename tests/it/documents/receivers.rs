//! The receivers for the invented addresses in the pages.

use crate::common::{
    Home,
    receiver::{Receiver, answer, status},
};

/// The addresses in the pages for Payroll and the chat bot.
const PAYROLL: &str = "http://127.0.0.1:8080/hooks";
const BOT: &str = "http://127.0.0.1:8081/bot";

/// Payroll accepts everything; the chat bot accepts `v1` only, and refuses signatures of `v2`.
pub struct Receivers {
    payroll: Receiver,
    bot: Receiver,
}

impl Receivers {
    /// Starts receivers whose answers take some time by the clock of `home`, if it stands still.
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

    /// A page's command with the real addresses.
    pub fn real(&self, command: &str) -> String {
        self.places().iter().fold(command.to_owned(), |text, (real, documented)| text.replace(documented, real))
    }

    /// The output with the addresses of the pages. The columns after them keep their places.
    pub fn documented(&self, screen: &str) -> String {
        self.places().iter().fold(screen.to_owned(), |text, (real, documented)| {
            let blanks = " ".repeat(real.len().saturating_sub(documented.len()));
            text.replace(&format!("{real}  "), &format!("{documented}  {blanks}")).replace(real, documented)
        })
    }
}

/// Replaces the machine's own time, which differs in each run.
fn undated(mut response: axum::response::Response) -> axum::response::Response {
    let date = axum::http::HeaderValue::from_static("Wed, 25 Nov 2026 16:55:00 GMT");
    response.headers_mut().insert("date", date);
    response
}
