//! Asks on the console of a system other than Unix, which edits lines itself. Menus are dialoguer's.

use std::io;

use dialoguer::{MultiSelect, Select, console, theme::ColorfulTheme};

use crate::term::desk::Desk;

use super::{
    PromptError,
    field::Text,
    form::Field,
    keys::Key,
    line::Line,
    menu::{Choice, HowMany},
    plain,
    question::Question,
};

impl From<dialoguer::Error> for PromptError {
    fn from(dialoguer::Error::IO(error): dialoguer::Error) -> Self {
        match error.kind() {
            io::ErrorKind::Interrupted => PromptError::Interrupted,
            _ => PromptError::Failed(error),
        }
    }
}

/// A console needs no lock.
#[derive(Clone)]
pub struct FormTerminal;

/// Other output appears below a question.
pub fn is_held() -> bool {
    false
}

/// Takes the console for a form.
///
/// # Errors
/// Never fails.
pub fn hold_for_a_form(_desk: &Desk) -> io::Result<FormTerminal> {
    Ok(FormTerminal)
}

/// Asks for a line of a form, and repeats until `check` accepts it.
///
/// # Errors
/// Fails if there is no answer.
pub fn text(
    desk: &Desk,
    _held: &FormTerminal,
    field: &Field,
    text: Text,
    check: impl Fn(&str) -> Result<(), String>,
) -> Result<String, PromptError> {
    plain::text(desk, field, text, check)
}

/// Asks to pick from a menu.
///
/// # Errors
/// Fails if nothing is picked.
pub fn menu(
    desk: &Desk,
    _held: &FormTerminal,
    field: &Field,
    how_many: HowMany,
    choices: Vec<Choice>,
) -> Result<Vec<usize>, PromptError> {
    console::set_colors_enabled_stderr(desk.means.color);
    let (theme, screen) = (ColorfulTheme::default(), desk.for_dialoguer());
    let name = |Choice { name, id, about, picked: _ }: &Choice| format!("{name}  {id}  {about}");
    if how_many == HowMany::One {
        let at = choices.iter().position(|choice| choice.picked).unwrap_or(0);
        let menu = Select::with_theme(&theme).with_prompt(&field.label).items(choices.iter().map(name)).default(at);
        return Ok(vec![menu.interact_on_opt(&screen)?.ok_or(PromptError::Declined)?]);
    }
    loop {
        let items = choices.iter().map(|choice| (name(choice), choice.picked));
        let menu = MultiSelect::with_theme(&theme).with_prompt(&field.label).items_checked(items);
        let picked = menu.interact_on_opt(&screen)?.ok_or(PromptError::Declined)?;
        if !picked.is_empty() {
            return Ok(picked);
        }
    }
}

/// Asks and reads a visible line, and repeats until `understand` accepts it.
///
/// # Errors
/// Fails if there is no answer.
pub fn shown<T>(
    desk: &Desk,
    mut question: Question,
    understand: impl Fn(&str) -> Result<T, String>,
) -> Result<T, PromptError> {
    loop {
        desk.write(&format!("{}{}", question.above(), question.asked(desk.means.color).painted))?;
        match understand(desk.for_dialoguer().read_line()?.trim()) {
            Ok(answer) => return Ok(answer),
            Err(why) => question = question.again(&why),
        }
    }
}

/// Asks and reads a hidden line.
///
/// # Errors
/// Fails if there is no answer.
pub fn hidden(desk: &Desk, question: &Question) -> Result<Line, PromptError> {
    desk.write(&format!("{}{}", question.above(), question.asked(desk.means.color).painted))?;
    let secret = zeroize::Zeroizing::new(desk.for_dialoguer().read_secure_line()?);
    let mut line = Line::for_a_secret();
    for character in secret.chars() {
        line.press(Key::Text(character));
    }
    Ok(line)
}
