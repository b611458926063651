//! Questions to the person at the terminal. Each names the flag that answers it when nobody is there.

use std::io;

use dialoguer::{Confirm, Input, MultiSelect, Select, console, theme::ColorfulTheme};

use super::Term;

/// Why a question has no answer.
#[derive(Debug, thiserror::Error)]
pub enum PromptError {
    /// Nobody is there to be asked, or asking was forbidden. The text is the flag that answers.
    #[error("an answer is needed and there is nobody to ask")]
    NobodyToAsk(String),
    /// The person pressed Ctrl-C.
    #[error("interrupted")]
    Interrupted,
    /// The person left without an answer.
    #[error("nothing was chosen")]
    Declined,
    /// The terminal did not work.
    #[error("could not read the answer")]
    Failed(#[source] io::Error),
}

impl From<dialoguer::Error> for PromptError {
    fn from(dialoguer::Error::IO(error): dialoguer::Error) -> Self {
        match error.kind() {
            io::ErrorKind::Interrupted => PromptError::Interrupted,
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
    /// Asks for a line of text, again until `check` accepts it.
    ///
    /// # Errors
    /// When nobody answers; `flag` names what would have.
    pub async fn ask_text(
        &self,
        question: &str,
        initial: Option<&str>,
        check: Check,
        flag: &str,
    ) -> Result<String, PromptError> {
        let theme = self.theme(flag)?;
        let (question, initial) = (question.to_owned(), initial.map(str::to_owned));
        blocking(move || {
            let mut input = Input::<String>::with_theme(&theme).with_prompt(question);
            if let Some(initial) = initial {
                input = input.default(initial);
            }
            Ok(input.validate_with(|answer: &String| check(answer.trim())).interact_text()?.trim().to_owned())
        })
        .await
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
        let theme = self.theme(flag)?;
        let question = format!("{question} (space chooses, enter confirms)");
        blocking(move || {
            loop {
                let items = choices.iter().map(|choice| (choice.label.as_str(), choice.chosen));
                let prompt = MultiSelect::with_theme(&theme).with_prompt(&question).items_checked(items);
                let chosen = prompt.report(false).interact_opt()?.ok_or(PromptError::Declined)?;
                if !chosen.is_empty() {
                    return Ok(chosen);
                }
            }
        })
        .await
    }

    /// Asks to choose one thing.
    ///
    /// # Errors
    /// As [`Term::ask_text`].
    pub async fn ask_one(&self, question: &str, choices: Vec<String>, flag: &str) -> Result<usize, PromptError> {
        let theme = self.theme(flag)?;
        let question = question.to_owned();
        blocking(move || {
            let prompt = Select::with_theme(&theme).with_prompt(question).items(&choices).default(0);
            prompt.interact_opt()?.ok_or(PromptError::Declined)
        })
        .await
    }

    /// Asks for a yes; the default is no.
    ///
    /// # Errors
    /// As [`Term::ask_text`]; a no is [`PromptError::Declined`].
    pub async fn confirm(&self, question: &str, flag: &str) -> Result<(), PromptError> {
        let theme = self.theme(flag)?;
        let question = super::sanitise_lines(question).into_owned();
        let yes = blocking(move || {
            Ok(Confirm::with_theme(&theme).with_prompt(question).default(false).interact_opt()?.unwrap_or(false))
        })
        .await?;
        if yes { Ok(()) } else { Err(PromptError::Declined) }
    }

    pub(super) fn theme(&self, flag: &str) -> Result<ColorfulTheme, PromptError> {
        if !self.may_ask {
            return Err(PromptError::NobodyToAsk(flag.to_owned()));
        }
        console::set_colors_enabled_stderr(self.err_color);
        Ok(ColorfulTheme::default())
    }
}

/// Asks on a thread of its own: Ctrl-C must be noticed meanwhile.
pub(super) async fn blocking<T: Send + 'static>(
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
    fn ctrl_c_is_told_from_a_broken_terminal() {
        let interrupted = dialoguer::Error::IO(io::ErrorKind::Interrupted.into());
        assert!(matches!(PromptError::from(interrupted), PromptError::Interrupted));
    }
}
