//! The shared code of `tm-hooks source enable` and `tm-hooks source disable`.

use crate::{
    api::Client,
    commands::{
        Context,
        outcome::{self, Failures},
    },
    domain::{
        patch::Patch,
        source::{Source, SourcePatch},
    },
    error::CliError,
    render,
};

use super::find;

/// Which sources to switch.
#[derive(Debug, clap::Args)]
#[group(id = "WhichSources", required = true, multiple = false)]
pub(super) struct Which {
    /// Sources: names, ids, or unique beginnings of ids
    #[arg(value_name = "SOURCE")]
    sources: Vec<String>,
    /// All sources
    #[arg(long)]
    all: bool,
}

/// Enables or disables sources. Those in the wanted state are left unchanged.
pub(super) async fn run(which: &Which, enabled: bool, context: &Context) -> Result<(), CliError> {
    render::check::<Source>(&context.view)?;
    let word = if enabled { "enabled" } else { "disabled" };
    let client = &context.connect()?.client;
    let found = match which.all {
        true => find::every(client).await?.into_iter().filter(|source| source.enabled != enabled).collect(),
        false => find::all(client, &which.sources).await?,
    };
    if found.is_empty() {
        context.term.note(&format!("No source is to be {word}"));
    }
    let (mut done, mut failures) = (Vec::new(), Failures::default());
    for source in &found {
        match switch(client, source, enabled).await {
            Ok(changed) => {
                say(&changed, source.enabled != enabled, context);
                done.push(changed);
            }
            Err(error) => failures.add(&source.name, error),
        }
    }
    let shown = context.give(&done, which.all || which.sources.len() > 1);
    outcome::both(failures.summary(found.len(), word), shown)
}

async fn switch(client: &Client, source: &Source, enabled: bool) -> Result<Source, CliError> {
    if source.enabled == enabled {
        return Ok(source.clone());
    }
    let patch = SourcePatch { enabled: Patch::Value(enabled), ..SourcePatch::default() };
    Ok(client.update_source(source.id, &patch, None).await?)
}

fn say(source: &Source, was_changed: bool, context: &Context) {
    let Source { id, name, enabled, .. } = source;
    match (was_changed, enabled) {
        (false, true) => context.term.note(&format!("{name} ({id}) is enabled already")),
        (false, false) => context.term.note(&format!("{name} ({id}) is disabled already")),
        (true, true) => context.term.success(&format!("Enabled {name} ({id})")),
        (true, false) => {
            context
                .term
                .success(&format!("Disabled {name} ({id}). Its URL answers 404: what comes now is not taken in"));
        }
    }
}
