//! A spinner while a person waits.

use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::signals;

/// A line that shows what the program waits for, until it is dropped.
pub struct Spinner(Option<ProgressBar>);

impl Spinner {
    /// Starts a spinner on stderr, if it is visible.
    pub(super) fn start(visible: bool, text: &str) -> Self {
        let bar = visible.then(|| {
            // The line is removed whatever ends the program.
            signals::for_the_terminal();
            let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr());
            if let Ok(style) = ProgressStyle::with_template("{spinner} {msg} {elapsed}") {
                bar.set_style(style);
            }
            bar.set_message(text.to_owned());
            bar.enable_steady_tick(Duration::from_millis(100));
            bar
        });
        Spinner(bar)
    }

    /// Prints something above the line.
    pub fn aside(&self, print: impl FnOnce()) {
        match &self.0 {
            Some(bar) => bar.suspend(print),
            None => print(),
        }
    }

    /// Changes the text.
    pub fn say(&self, text: &str) {
        if let Some(bar) = &self.0 {
            bar.set_message(super::sanitise(text).into_owned());
        }
    }
}

impl Drop for Spinner {
    fn drop(&mut self) {
        if let Some(bar) = &self.0 {
            bar.finish_and_clear();
        }
    }
}
