//! Tests questions on a real terminal: what counts as an answer, where a question is shown, and what it leaves behind
//! however it ends.

mod forms;
mod hidden;
mod lines;
mod picker;
mod plain;
mod shells;
mod signals;

use crate::common::Home;

/// A home with one webhook, `Payroll`.
fn with_a_webhook() -> Home {
    let home = Home::new();
    home.ok(["add", "http://127.0.0.1:9/hooks", "--name", "Payroll", "--events", "*"]);
    home
}

/// The names of the existing webhooks.
fn names(home: &Home) -> String {
    home.ok(["list", "--columns", "name"])
}
