//! Questions to the person at the terminal. Each names the flag that answers it if nobody is there.
//!
//! A question reads one line. Input from before the question is never its answer.

#![cfg_attr(not(unix), allow(dead_code, reason = "consoles elsewhere put a line together themselves"))]

#[cfg_attr(not(unix), path = "elsewhere/ask.rs")]
mod ask;
mod error;
mod field;
mod form;
#[cfg(unix)]
mod keyboard;
mod keys;
mod line;
mod menu;
mod picture;
mod plain;
mod question;
mod sheet;
#[cfg(unix)]
mod stage;
mod widget;

use std::{io, sync::mpsc as reply};

use secrecy::SecretString;
use tokio::sync::mpsc;

pub use error::PromptError;
pub use field::Text;
pub use form::Field;
pub use menu::Choice;

use self::{menu::HowMany, question::Question};
use super::{Term, desk::Desk, look::Means};

impl Term {
    /// Begins a form of several questions. Input typed before the next question belongs to that question.
    ///
    /// # Errors
    /// Fails if nobody can be asked; `flag` names the flag that answers the first question.
    pub fn form(&self, flag: &str) -> Result<Form, PromptError> {
        let desk = self.desk(flag)?;
        let held = if desk.means.dumb { None } else { Some(ask::hold_for_a_form(&desk)?) };
        Ok(Form { desk, held })
    }

    /// Asks for a hidden line.
    ///
    /// # Errors
    /// Fails if nobody answers; `flag` names the flag that does.
    pub async fn ask_secret(&self, question: &str, flag: &str) -> Result<SecretString, PromptError> {
        let desk = self.desk(flag)?;
        let question = Question::for_secret(question);
        blocking(move || Ok(SecretString::from(ask::hidden(&desk, &question)?.text().to_owned()))).await
    }

    /// Asks for a confirmation; the default is no.
    ///
    /// # Errors
    /// Fails if nobody answers; a no is [`PromptError::Declined`].
    pub async fn confirm(&self, question: &str, flag: &str) -> Result<(), PromptError> {
        let question = self.signs.in_letters(question.to_owned());
        let (desk, question) = (self.desk(flag)?, Question::for_yes(&question, self.width));
        match blocking(move || ask::shown(&desk, question, question::is_yes)).await? {
            true => Ok(()),
            false => Err(PromptError::Declined),
        }
    }

    /// Whether a question is open, so that unimportant messages are not printed.
    pub fn is_asking(&self) -> bool {
        ask::is_held()
    }

    /// Opens the terminal for a question. Earlier output is flushed first.
    fn desk(&self, flag: &str) -> Result<Desk, PromptError> {
        let nobody = || PromptError::NobodyToAsk(flag.to_owned());
        if !self.may_ask {
            return Err(nobody());
        }
        // If the question would not be visible, nobody is asked.
        self.flush();
        let means = Means { color: self.err_color, dumb: self.dumb, signs: self.signs };
        Desk::of_process(self.terminals.stderr, means).map_err(|_| nobody())
    }
}

/// An open form. It holds the terminal until it is dropped.
pub struct Form {
    desk: Desk,
    /// `None` on a terminal that supports only text.
    held: Option<ask::FormTerminal>,
}

impl Form {
    /// Asks for a line of text, and repeats until `check` accepts it. `check` may be slow.
    ///
    /// # Errors
    /// Fails if nobody answers.
    pub async fn text(
        &self,
        field: &Field,
        text: Text,
        check: impl AsyncFn(&str) -> Result<(), String>,
    ) -> Result<String, PromptError> {
        let (desk, held, field) = (self.desk.clone(), self.held.clone(), field.clone());
        let (send, mut answers) = mpsc::channel::<(String, reply::Sender<Result<(), String>>)>(1);
        let asked = blocking(move || {
            let checked = |answer: &str| {
                let (tell, told) = reply::channel();
                // If the receiver is gone, nobody waits for the answer.
                let _ = send.blocking_send((answer.to_owned(), tell));
                told.recv().unwrap_or(Ok(()))
            };
            match &held {
                None => plain::text(&desk, &field, text, checked),
                Some(held) => ask::text(&desk, held, &field, text, checked),
            }
        });
        tokio::pin!(asked);
        loop {
            tokio::select! {
                answer = &mut asked => return answer,
                Some((answer, tell)) = answers.recv() => drop(tell.send(check(&answer).await)),
            }
        }
    }

    /// Asks to pick at least one item, and returns their positions.
    ///
    /// # Errors
    /// Fails if nobody answers.
    pub async fn several(&self, field: &Field, choices: Vec<Choice>) -> Result<Vec<usize>, PromptError> {
        self.pick(field, HowMany::Some, choices).await
    }

    /// Asks to pick one item, and returns its position.
    ///
    /// # Errors
    /// Fails if nobody answers.
    pub async fn one(&self, field: &Field, choices: Vec<Choice>) -> Result<usize, PromptError> {
        let picked = self.pick(field, HowMany::One, choices).await?;
        picked.first().copied().ok_or(PromptError::Declined)
    }

    async fn pick(&self, field: &Field, how_many: HowMany, choices: Vec<Choice>) -> Result<Vec<usize>, PromptError> {
        let (desk, held, field) = (self.desk.clone(), self.held.clone(), field.clone());
        blocking(move || match &held {
            None => plain::menu(&desk, &field, how_many, &choices),
            Some(held) => ask::menu(&desk, held, &field, how_many, choices),
        })
        .await
    }
}

/// Asks on a separate thread, so that signals are handled meanwhile.
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
}
