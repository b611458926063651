//! Forms in plain lines, for a terminal that supports only text: the items of a menu have numbers.

use crate::term::{desk::Desk, sanitise};

use super::{
    PromptError, ask,
    field::Text,
    form::Field,
    menu::{Choice, HowMany},
    question::{self, Question},
};

/// Asks for a line, and repeats until `check` accepts it.
///
/// # Errors
/// Fails if there is no answer.
pub fn text(
    desk: &Desk,
    field: &Field,
    Text { start, default, problem }: Text,
    check: impl Fn(&str) -> Result<(), String>,
) -> Result<String, PromptError> {
    let default = Some(start).filter(|start| !start.is_empty()).or(default);
    let question = Question::for_text(&field.label, default.as_deref());
    let question = match problem {
        Some(why) => question.again(&why),
        None => question,
    };
    ask::shown(desk, question, |answer| {
        let answer = if answer.is_empty() { default.as_deref().unwrap_or_default() } else { answer };
        check(answer).map(|()| answer.to_owned())
    })
}

/// Shows a numbered list and asks for the numbers.
///
/// # Errors
/// Fails if nothing is picked.
pub fn menu(desk: &Desk, field: &Field, how_many: HowMany, choices: &[Choice]) -> Result<Vec<usize>, PromptError> {
    let picked = (1..).zip(choices).filter(|(_, choice)| choice.picked).map(|(number, _)| number.to_string());
    let default = picked.collect::<Vec<_>>().join(",");
    let width = choices.iter().map(|choice| choice.name.chars().count()).max().unwrap_or(0);
    let item = |(number, Choice { name, id, about, picked: _ }): (usize, &Choice)| {
        let id = if id.is_empty() { String::new() } else { format!("{id}  ") };
        format!("{number:>4}  {}\n", sanitise(format!("{name:<width$}  {id}{about}").trim_end()))
    };
    let items: String = (1..).zip(choices).map(item).collect();
    let asked = Question::for_text("Number", Some(default.as_str()).filter(|default| !default.is_empty()));
    let list = format!("{}\n{items}", sanitise(&field.label));
    ask::shown(desk, asked.below(&list), |answer| {
        let chosen = question::numbers(if answer.is_empty() { &default } else { answer }, choices.len())?;
        if how_many == HowMany::One && chosen.len() != 1 { Err("choose one".to_owned()) } else { Ok(chosen) }
    })
}
