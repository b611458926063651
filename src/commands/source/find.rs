//! Finds what a text means: a source by its id, its exact name, or a unique beginning of its id.

use crate::{
    api::Client,
    commands::{Context, paging, reference::repeated, shell_word},
    domain::{
        ids::SourceId,
        source::{Source, SourceQuery},
        text::nearest,
    },
    error::{CliError, Kind},
    term::{Choice, Field},
};

/// The least number of letters after `src_` that select a source.
const LEAST: usize = 4;

/// Writes a source as a word of a command that can be pasted: its name, or its id if the name looks like a flag.
pub(super) fn word(Source { id, name, .. }: &Source) -> String {
    if name.starts_with('-') { id.to_string() } else { shell_word::word(name) }
}

/// Fetches all sources, newest first.
pub(super) async fn every(client: &Client) -> Result<Vec<Source>, CliError> {
    of(client, None).await
}

async fn of(client: &Client, name: Option<&str>) -> Result<Vec<Source>, CliError> {
    paging::whole("source", async |limit, cursor| {
        client.sources(&SourceQuery { name: name.map(str::to_owned), limit: Some(limit), cursor }).await
    })
    .await
}

/// Finds the source that `text` means.
///
/// # Errors
/// Fails if there is none, or several.
pub(super) async fn one(client: &Client, text: &str) -> Result<Source, CliError> {
    match look_up(client, text).await? {
        Some(source) => Ok(source),
        None => Err(unknown(text, &every(client).await.unwrap_or_default())),
    }
}

/// Like [`one`], but none is no error.
///
/// # Errors
/// Fails if there are several.
pub(super) async fn look_up(client: &Client, text: &str) -> Result<Option<Source>, CliError> {
    if let Ok(id) = text.parse::<SourceId>() {
        return match client.source(id).await {
            Ok(source) => Ok(Some(source)),
            Err(error) if error.is_not_found() => Ok(None),
            Err(error) => Err(error.into()),
        };
    }
    if !text.starts_with(SourceId::PREFIX) {
        return Ok(of(client, Some(text)).await?.pop());
    }
    // No name begins as ids do.
    if text.len() < SourceId::PREFIX.len() + LEAST {
        return Ok(None);
    }
    let mut found = every(client).await?;
    found.retain(|source| source.id.to_string().starts_with(text));
    only(text, found)
}

/// Like [`one`]; if none is named, the person picks one.
///
/// # Errors
/// Fails like [`one`], and if the person leaves or nobody can be asked.
pub(super) async fn one_or_ask(client: &Client, text: Option<&str>, context: &Context) -> Result<Source, CliError> {
    let Some(text) = text else { return pick(client, context).await };
    one(client, text).await
}

/// Finds all sources before any is changed; duplicates are removed.
///
/// # Errors
/// Fails like [`one`].
pub(super) async fn all(client: &Client, texts: &[String]) -> Result<Vec<Source>, CliError> {
    let mut found: Vec<Source> = Vec::with_capacity(texts.len());
    for text in texts {
        let source = one(client, text).await?;
        if !found.iter().any(|other| other.id == source.id) {
            found.push(source);
        }
    }
    Ok(found)
}

/// Returns the names of the sources that the texts mean.
///
/// # Errors
/// Fails like [`one`].
pub(in crate::commands) async fn named(client: &Client, texts: &[String]) -> Result<Vec<String>, CliError> {
    Ok(all(client, texts).await?.into_iter().map(|source| source.name).collect())
}

async fn pick(client: &Client, context: &Context) -> Result<Source, CliError> {
    let mut sources = every(client).await?;
    if sources.is_empty() {
        return Err(CliError::new(Kind::NotFound, "there is no source yet").hint("tm-hooks source add"));
    }
    sources.sort_by_cached_key(|source| source.name.to_lowercase());
    let choice = |Source { id, name, enabled, state, .. }: &Source| Choice {
        name: name.clone(),
        id: id.to_string(),
        about: if *enabled { state.to_string() } else { "disabled".to_owned() },
        picked: false,
    };
    let choices = sources.iter().map(choice).collect();
    let picked = context.term.form("SOURCE")?.one(&Field::alone("Source"), choices).await?;
    Ok(sources.swap_remove(picked))
}

/// Returns the only candidate, if there is one.
fn only(text: &str, mut candidates: Vec<Source>) -> Result<Option<Source>, CliError> {
    if candidates.len() < 2 {
        return Ok(candidates.pop());
    }
    let lines: Vec<String> = candidates.iter().map(|source| format!("{}  {}", source.id, source.name)).collect();
    Err(CliError::new(Kind::Ambiguous, format!("\"{text}\" is the beginning of {} ids", candidates.len()))
        .hint(format!("type more of it:\n{}", lines.join("\n"))))
}

fn unknown(text: &str, known: &[Source]) -> CliError {
    let error = CliError::new(Kind::NotFound, format!("there is no source \"{}\"", repeated(text)));
    if text.strip_prefix(SourceId::PREFIX).is_some_and(|rest| rest.len() < LEAST) {
        return error.hint(format!("the beginning of an id needs at least {LEAST} letters after {}", SourceId::PREFIX));
    }
    match nearest(text, known.iter().map(|source| source.name.as_str())) {
        Some(name) => error.hint(format!("did you mean \"{name}\"?")),
        None if known.is_empty() => error.hint("there is none yet: tm-hooks source add"),
        None => error.hint("tm-hooks source list shows them all"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::sample_source as source;

    #[test]
    fn an_unknown_one_names_the_nearest() {
        let known = [source("src_k3v9m2x7qd", "TimeMoto")];
        assert_eq!(unknown("Timemoto", &known).hint_text(), Some("did you mean \"TimeMoto\"?"));
        assert_eq!(unknown("Payroll", &known).hint_text(), Some("tm-hooks source list shows them all"));
        assert!(unknown("src_k3v", &known).hint_text().unwrap().contains("at least 4 letters"));
        assert!(unknown("TimeMoto", &[]).hint_text().unwrap().contains("source add"));
    }

    #[test]
    fn a_name_is_a_word_of_a_command() {
        let word = |name: &str| word(&source("src_k3v9m2x7qd", name));
        assert_eq!([word("TimeMoto"), word("Door system")], ["TimeMoto", "'Door system'"]);
        assert_eq!(word("--all"), "src_k3v9m2x7qd");
    }

    #[test]
    fn several_candidates_are_listed() {
        let two = || vec![source("src_k3v9m2x7qd", "TimeMoto"), source("src_k3v9aaaaaa", "Branch")];
        assert_eq!(only("src_k3v9m", two().split_off(1)).unwrap().unwrap().name, "Branch");
        let error = only("src_k3v9", two()).unwrap_err();
        assert_eq!(error.kind(), Kind::Ambiguous);
        assert!(error.hint_text().unwrap().ends_with("src_k3v9m2x7qd  TimeMoto\nsrc_k3v9aaaaaa  Branch"));
    }
}
