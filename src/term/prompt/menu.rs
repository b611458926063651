//! Menus to choose from: dialoguer's on a terminal that can draw them, a list with numbers on one that cannot.

use dialoguer::{MultiSelect, Select, console, theme::ColorfulTheme};

use crate::term::{desk::Desk, sanitise};

use super::{
    Choice, PromptError, ask,
    question::{self, Question},
};

/// Lets choose any number of things, at least one.
///
/// # Errors
/// When nothing is chosen.
pub fn several(desk: &Desk, question: &str, choices: &[Choice]) -> Result<Vec<usize>, PromptError> {
    if desk.dumb {
        let chosen = (1..).zip(choices).filter(|(_, choice)| choice.chosen).map(|(number, _)| number.to_string());
        let (labels, default) =
            (choices.iter().map(|choice| choice.label.as_str()), chosen.collect::<Vec<_>>().join(","));
        return numbered(desk, question, labels.collect(), &default, |answer| question::numbers(answer, choices.len()));
    }
    let _guard = ask::hold_for_a_menu(desk)?;
    let (theme, screen) = (theme(desk), desk.for_dialoguer()?);
    let question = format!("{question} (space chooses, enter confirms)");
    loop {
        let items = choices.iter().map(|choice| (choice.label.as_str(), choice.chosen));
        let menu = MultiSelect::with_theme(&theme).with_prompt(&question).items_checked(items).report(false);
        let chosen = menu.interact_on_opt(&screen)?.ok_or(PromptError::Declined)?;
        if !chosen.is_empty() {
            return Ok(chosen);
        }
    }
}

/// Lets choose one thing; the first one unless somebody chooses another.
///
/// # Errors
/// When nothing is chosen.
pub fn one(desk: &Desk, question: &str, choices: &[String]) -> Result<usize, PromptError> {
    if desk.dumb {
        let labels = choices.iter().map(String::as_str).collect();
        return numbered(desk, question, labels, "1", |answer| match question::numbers(answer, choices.len())?[..] {
            [one] => Ok(one),
            _ => Err("choose one".to_owned()),
        });
    }
    let _guard = ask::hold_for_a_menu(desk)?;
    let (theme, screen) = (theme(desk), desk.for_dialoguer()?);
    let menu = Select::with_theme(&theme).with_prompt(question).items(choices).default(0);
    menu.interact_on_opt(&screen)?.ok_or(PromptError::Declined)
}

fn theme(desk: &Desk) -> ColorfulTheme {
    console::set_colors_enabled_stderr(desk.color);
    ColorfulTheme::default()
}

/// A list with numbers, and a line for those that are meant.
fn numbered<T>(
    desk: &Desk,
    question: &str,
    labels: Vec<&str>,
    default: &str,
    understood: impl Fn(&str) -> Result<T, String>,
) -> Result<T, PromptError> {
    let item = |(number, label): (usize, &str)| format!("{number:>4}  {}\n", sanitise(label));
    let items: String = (1..).zip(labels).map(item).collect();
    let asked = Question::for_text("Number", Some(default).filter(|default| !default.is_empty()));
    let list = format!("{}\n{items}", sanitise(question));
    ask::shown(desk, asked.below(&list), |answer| understood(if answer.is_empty() { default } else { answer }))
}
