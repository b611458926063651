//! `tm-hooks source delete` deletes sources.

use crate::{
    api::Client,
    commands::{
        Context,
        outcome::{self, Failures},
        reference::repeated,
    },
    domain::source::Source,
    error::CliError,
    render,
};

use super::find;

/// Delete sources with their URLs and secrets; their events stay
///
/// It shows what is deleted and asks first; --yes answers. Events keep the source's name. To take nothing in for a
/// while, disable the source instead.
#[derive(Debug, clap::Args)]
#[command(
    visible_alias = "rm",
    after_help = "Examples:
  tm-hooks source delete TimeMoto
  tm-hooks source delete src_k3v9m2x7qd --yes
  tm-hooks source delete TimeMoto --if-exists --yes"
)]
pub(super) struct Args {
    /// Sources: names, ids, or unique beginnings of ids
    #[arg(required = true, value_name = "SOURCE")]
    sources: Vec<String>,
    /// Succeed when there is no such source
    #[arg(long)]
    if_exists: bool,
}

pub(super) async fn run(args: &Args, context: &Context) -> Result<(), CliError> {
    render::check::<Source>(&context.view)?;
    let client = &context.connect()?.client;
    let found = find(client, args, context).await?;
    if found.is_empty() {
        return context.give::<Source>(&[], true);
    }
    context.agree(&question(&found)).await?;
    let (mut gone, mut failures) = (Vec::new(), Failures::default());
    for source in &found {
        match client.delete_source(source.id, None).await {
            Err(error) if !(args.if_exists && error.is_not_found()) => failures.add(&source.name, error.into()),
            _ => {
                context.term.success(&format!("Deleted {} ({})", source.name, source.id));
                gone.push(source.clone());
            }
        }
    }
    let shown = context.give(&gone, args.sources.len() > 1);
    outcome::both(failures.summary(found.len(), "deleted"), shown)
}

async fn find(client: &Client, args: &Args, context: &Context) -> Result<Vec<Source>, CliError> {
    if !args.if_exists {
        return find::all(client, &args.sources).await;
    }
    let mut found: Vec<Source> = Vec::new();
    for text in &args.sources {
        match find::look_up(client, text).await? {
            Some(source) if found.iter().any(|other| other.id == source.id) => {}
            Some(source) => found.push(source),
            None => context.term.note(&format!("There is no source \"{}\"", repeated(text))),
        }
    }
    Ok(found)
}

/// Asks whether to delete the sources, and names what goes and what stays.
fn question(found: &[Source]) -> String {
    let line = |Source { id, name, kept, .. }: &Source| {
        let kept = if *kept > 0 { format!(", {kept} kept and not delivered yet") } else { String::new() };
        format!("{name} ({id}{kept})")
    };
    match found {
        [one] => format!(
            "Delete {} with its URL, its secret and what it received? Its events stay under its name.",
            line(one)
        ),
        several => {
            let lines: Vec<String> = several.iter().map(|source| format!("  {}", line(source))).collect();
            format!(
                "{}\nDelete these {} sources with their URLs, their secrets and what they received? Their events stay \
                 under their names.",
                lines.join("\n"),
                several.len()
            )
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::sample_source;

    #[test]
    fn the_question_shows_what_goes_and_what_stays() {
        let source = Source { kept: 1, ..sample_source("src_k3v9m2x7qd", "TimeMoto") };
        assert_eq!(
            question(std::slice::from_ref(&source)),
            "Delete TimeMoto (src_k3v9m2x7qd, 1 kept and not delivered yet) with its URL, its secret and what it received? \
             Its events stay under its name."
        );
        assert!(question(&[source.clone(), source]).contains("Delete these 2 sources"));
    }
}
