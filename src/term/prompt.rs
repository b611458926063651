//! Questions to the person at the terminal. Each names the flag that answers it when nobody is there.
//!
//! A question takes a line, and what was typed before it stood there is no answer to it.

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
    /// Begins to ask the questions of a form. What is typed before the next one stands there belongs to that one.
    ///
    /// # Errors
    /// When there is nobody; `flag` names what would have answered the first question.
    pub fn form(&self, flag: &str) -> Result<Form, PromptError> {
        let desk = self.desk(flag)?;
        let held = if desk.means.dumb { None } else { Some(ask::hold_for_a_form(&desk)?) };
        Ok(Form { desk, held })
    }

    /// Asks for a line that is not shown while it is typed.
    ///
    /// # Errors
    /// When nobody answers; `flag` names what would have.
    pub async fn ask_secret(&self, question: &str, flag: &str) -> Result<SecretString, PromptError> {
        let desk = self.desk(flag)?;
        let question = Question::for_secret(question);
        blocking(move || Ok(SecretString::from(ask::hidden(&desk, &question)?.text().to_owned()))).await
    }

    /// Asks for a yes; the default is no.
    ///
    /// # Errors
    /// When nobody answers; a no is [`PromptError::Declined`].
    pub async fn confirm(&self, question: &str, flag: &str) -> Result<(), PromptError> {
        let question = self.signs.in_letters(question.to_owned());
        let (desk, question) = (self.desk(flag)?, Question::for_yes(&question, self.width));
        match blocking(move || ask::shown(&desk, question, question::is_yes)).await? {
            true => Ok(()),
            false => Err(PromptError::Declined),
        }
    }

    /// Whether a question stands on the terminal: what is not worth an interruption is not said then.
    pub fn is_asking(&self) -> bool {
        ask::is_held()
    }

    /// The terminal to ask at. What was written so far is shown before anything is asked.
    fn desk(&self, flag: &str) -> Result<Desk, PromptError> {
        let nobody = || PromptError::NobodyToAsk(flag.to_owned());
        if !self.may_ask {
            return Err(nobody());
        }
        // Whoever cannot see it will not be asked either.
        self.flush();
        let means = Means { color: self.err_color, dumb: self.dumb, signs: self.signs };
        Desk::of_process(self.terminals.stderr, means).map_err(|_| nobody())
    }
}

/// A form that is being filled in. The terminal is held for it until this is dropped.
pub struct Form {
    desk: Desk,
    /// None on a terminal that understands nothing but text.
    held: Option<ask::Held>,
}

impl Form {
    /// Asks for a line of text, again until `check` has nothing against it. `check` may take its time.
    ///
    /// # Errors
    /// When nobody answers.
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
                // Whoever would judge it has gone: nobody waits for the answer either.
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

    /// Asks to pick any number of things, at least one. Gives their places.
    ///
    /// # Errors
    /// When nobody answers.
    pub async fn several(&self, field: &Field, choices: Vec<Choice>) -> Result<Vec<usize>, PromptError> {
        self.pick(field, HowMany::Some, choices).await
    }

    /// Asks to pick one thing. Gives its place.
    ///
    /// # Errors
    /// When nobody answers.
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
}
