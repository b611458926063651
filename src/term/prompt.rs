//! Questions to the person at the terminal. Each names the flag that answers it when nobody is there.
//!
//! A question takes a line, and what was typed before it stood there is no answer to it.

#![cfg_attr(not(unix), allow(dead_code, reason = "consoles elsewhere put a line together themselves"))]

#[cfg_attr(not(unix), path = "elsewhere/ask.rs")]
mod ask;
#[cfg(unix)]
mod keyboard;
mod keys;
mod line;
mod menu;
mod picture;
mod question;

use std::io;

use secrecy::SecretString;

use self::question::Question;
use super::{Term, desk::Desk};

/// Why a question has no answer.
#[derive(Debug, thiserror::Error)]
pub enum PromptError {
    /// Nobody is there to be asked, or asking was forbidden. The text is the flag that answers.
    #[error("an answer is needed and there is nobody to ask")]
    NobodyToAsk(String),
    /// The person pressed Ctrl-C.
    #[error("interrupted")]
    Interrupted,
    /// The person said no, or left without an answer.
    #[error("nothing was chosen")]
    Declined,
    /// The terminal did not work.
    #[error("could not read the answer")]
    Failed(#[from] io::Error),
}

impl From<dialoguer::Error> for PromptError {
    fn from(dialoguer::Error::IO(error): dialoguer::Error) -> Self {
        match error.kind() {
            io::ErrorKind::Interrupted => PromptError::Interrupted,
            // The terminal has gone.
            io::ErrorKind::UnexpectedEof => PromptError::Declined,
            _ => PromptError::Failed(error),
        }
    }
}

/// One of several things to choose from.
#[derive(Debug, Clone)]
pub struct Choice {
    /// What is shown.
    pub label: String,
    /// Whether it is chosen from the start.
    pub chosen: bool,
}

/// Says what is wrong with an answer, if anything.
type Check = fn(&str) -> Result<(), String>;

impl Term {
    /// Asks for a line of text, again until `check` accepts it; an empty one is `default`.
    ///
    /// # Errors
    /// When nobody answers; `flag` names what would have.
    pub async fn ask_text(
        &self,
        question: &str,
        default: Option<&str>,
        check: Check,
        flag: &str,
    ) -> Result<String, PromptError> {
        let desk = self.desk(flag)?;
        let (question, default) = (Question::for_text(question, default), default.unwrap_or_default().to_owned());
        blocking(move || {
            ask::shown(&desk, question, |answer| {
                let answer = if answer.is_empty() { &default } else { answer };
                check(answer).map(|()| answer.to_owned())
            })
        })
        .await
    }

    /// Asks for a line that is not shown while it is typed.
    ///
    /// # Errors
    /// As [`Term::ask_text`].
    pub async fn ask_secret(&self, question: &str, flag: &str) -> Result<SecretString, PromptError> {
        let desk = self.desk(flag)?;
        let question = Question::for_secret(question);
        blocking(move || Ok(SecretString::from(ask::hidden(&desk, &question)?.text().to_owned()))).await
    }

    /// Asks to choose any number of things, at least one.
    ///
    /// # Errors
    /// As [`Term::ask_text`].
    pub async fn ask_several(
        &self,
        question: &str,
        choices: Vec<Choice>,
        flag: &str,
    ) -> Result<Vec<usize>, PromptError> {
        let (desk, question) = (self.desk(flag)?, question.to_owned());
        blocking(move || menu::several(&desk, &question, &choices)).await
    }

    /// Asks to choose one thing.
    ///
    /// # Errors
    /// As [`Term::ask_text`].
    pub async fn ask_one(&self, question: &str, choices: Vec<String>, flag: &str) -> Result<usize, PromptError> {
        let (desk, question) = (self.desk(flag)?, question.to_owned());
        blocking(move || menu::one(&desk, &question, &choices)).await
    }

    /// Asks for a yes; the default is no.
    ///
    /// # Errors
    /// As [`Term::ask_text`]; a no is [`PromptError::Declined`].
    pub async fn confirm(&self, question: &str, flag: &str) -> Result<(), PromptError> {
        let (desk, question) = (self.desk(flag)?, Question::for_yes(question));
        match blocking(move || ask::shown(&desk, question, question::is_yes)).await? {
            true => Ok(()),
            false => Err(PromptError::Declined),
        }
    }

    /// The terminal to ask at. What was written so far is shown before anything is asked.
    fn desk(&self, flag: &str) -> Result<Desk, PromptError> {
        let nobody = || PromptError::NobodyToAsk(flag.to_owned());
        if !self.may_ask {
            return Err(nobody());
        }
        // Whoever cannot see it will not be asked either.
        self.flush();
        Desk::of_process(self.terminals.stderr, self.err_color, self.dumb).map_err(|_| nobody())
    }
}

/// Asks on a thread of its own: signals must be heard meanwhile.
async fn blocking<T: Send + 'static>(
    ask: impl FnOnce() -> Result<T, PromptError> + Send + 'static,
) -> Result<T, PromptError> {
    let failed = |error: tokio::task::JoinError| PromptError::Failed(io::Error::other(error));
    tokio::task::spawn_blocking(ask).await.map_err(failed)?
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::term::Terminals;

    #[test]
    fn names_the_flag_when_nobody_is_there() {
        let (term, _) = Term::captured("", Terminals::default(), 80);
        let asked =
            tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(term.confirm("Sure?", "--yes"));
        assert!(matches!(asked, Err(PromptError::NobodyToAsk(flag)) if flag == "--yes"));
    }

    #[test]
    fn ctrl_c_and_a_terminal_that_has_gone_are_told_from_a_broken_one() {
        let told = |kind: io::ErrorKind| PromptError::from(dialoguer::Error::IO(kind.into()));
        assert!(matches!(told(io::ErrorKind::Interrupted), PromptError::Interrupted));
        assert!(matches!(told(io::ErrorKind::UnexpectedEof), PromptError::Declined));
        assert!(matches!(told(io::ErrorKind::PermissionDenied), PromptError::Failed(_)));
    }
}
