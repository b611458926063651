//! The reason why a question has no answer.

use std::io;

/// The reason why a question has no answer.
#[derive(Debug, thiserror::Error)]
pub enum PromptError {
    /// Nobody can be asked, or asking is forbidden. The text is the flag that answers.
    #[error("an answer is needed and there is nobody to ask")]
    NobodyToAsk(String),
    /// The person pressed Ctrl-C.
    #[error("interrupted")]
    Interrupted,
    /// The person declined or left without an answer.
    #[error("nothing was chosen")]
    Declined,
    /// The terminal did not work.
    #[error("could not read the answer")]
    Failed(#[from] io::Error),
}
