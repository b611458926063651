//! Reports what `--detect` has found.

use serde_json::{Map, Value, json};

use crate::{
    commands::Context,
    error::{CliError, Kind},
    render::{self, Format, words::thousands},
    signing::{
        Scheme,
        detect::{FoundScheme, Lacking, detect},
        scheme::in_words,
        snippet::{Language, code},
    },
    term::Tone,
};

use super::given::Given;

/// The largest number of other fitting schemes that are listed.
const NAMED: usize = 5;

/// Tries every plausible construction and prints the one that fits.
///
/// # Errors
/// Fails if none fits or `--jq` fails.
pub(super) fn tell(given: &Given, context: &Context) -> Result<(), CliError> {
    let Some(secret) = given.secrets.first() else { return Ok(()) };
    let found = detect(&given.requests, secret);
    match found.schemes.split_first() {
        Some((scheme, rest)) => {
            let (others, elsewhere): (Vec<_>, Vec<_>) = rest.iter().partition(|other| other.header == scheme.header);
            show(scheme, &others, &elsewhere, &found, context)
        }
        None => nothing(&found, given, context),
    }
}

fn show(
    scheme: &Scheme,
    others: &[&Scheme],
    elsewhere: &[&Scheme],
    found: &FoundScheme,
    context: &Context,
) -> Result<(), CliError> {
    let sentence = in_words(scheme);
    let said = format!("Found, of {} that were tried: {sentence}", thousands(found.tried as u64));
    if context.view.format == Format::Table {
        // What was found stands last, where a person looks: the code above may be longer than the screen.
        if context.view.is_for_people() {
            show_code(scheme, context);
        }
        tell_others(others, elsewhere, context);
        context.term.success(&said);
        context.term.line(&scheme.to_string());
        return Ok(());
    }
    context.term.success(&said);
    tell_others(others, elsewhere, context);
    let snippets: Map<String, Value> = Language::ALL
        .iter()
        .map(|language| (language.as_str().to_owned(), code(scheme, *language).map_or(Value::Null, Value::from)))
        .collect();
    let whole = json!({
        "genuine": true, "code": "found", "scheme": scheme, "message": sentence, "tried": found.tried, "others": others,
        "elsewhere": elsewhere, "snippets": snippets,
    });
    render::value(&context.term, &context.view, &whole)
}

fn tell_others(others: &[&Scheme], elsewhere: &[&Scheme], context: &Context) {
    let listed = |schemes: &[&Scheme]| {
        let lines = schemes.iter().take(NAMED).map(|scheme| format!("\n  {scheme}")).collect::<String>();
        let more = schemes.len().saturating_sub(NAMED);
        if more > 0 { format!("{lines}\n  and {more} more") } else { lines }
    };
    if !others.is_empty() {
        context.term.note(&format!(
            "note: these fit too and are not told apart yet; another request, with other characters and blanks, narrows \
             them:{}",
            listed(others)
        ));
    }
    if !elsewhere.is_empty() {
        context.term.note(&format!("note: another header is signed too:{}", listed(elsewhere)));
    }
}

fn show_code(scheme: &Scheme, context: &Context) {
    for language in Language::ALL {
        let title = context.term.paint(Tone::Subject, language.title());
        let text = code(scheme, *language).unwrap_or_else(|| {
            "  not in this language: the sender signs JSON that it writes again, in a way that is another language's\n"
                .to_owned()
        });
        context.term.line(&format!("{title}\n\n{}\n", text.trim_end()));
    }
    context.term.flush();
}

fn nothing(found: &FoundScheme, given: &Given, context: &Context) -> Result<(), CliError> {
    let (Some(first), Some(secret)) = (given.requests.first(), given.secrets.first()) else { return Ok(()) };
    let lacking = Lacking::of(first, secret, found);
    let message = match &lacking {
        Lacking::NoneFits { tried, .. } if given.requests.len() > 1 => {
            format!("none of {} constructions fits all requests", thousands(*tried as u64))
        }
        lacking => lacking.to_string(),
    };
    let mut next = lacking.next();
    if given.requests.iter().any(|request| request.url.is_none()) {
        next.push("the URL that the sender knows, with what stands behind its ?: --url".to_owned());
    }
    if context.view.format == Format::Table {
        let lines: String = next.iter().map(|line| format!("\n  - {line}")).collect();
        context.term.failure(&format!("Not found: {message}. What to capture next:{lines}"));
    } else {
        let whole = json!({
            "genuine": false, "code": lacking.code(), "scheme": null, "message": message, "tried": found.tried,
            "next": next,
        });
        render::value(&context.term, &context.view, &whole)?;
    }
    Err(CliError::told(Kind::CheckFailed, message).code(lacking.code()))
}
