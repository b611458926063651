//! `tm-hooks man`: the manual page.

use std::path::PathBuf;

use anyhow::Context as _;

use crate::error::CliError;

use super::{Context, command};

/// Print the manual page
///
/// With --dir, writes a page for every command into a folder, as packages want them.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  tm-hooks man | man -l -
  tm-hooks man --dir ~/.local/share/man/man1")]
pub struct Args {
    /// Write every page into this folder, which is made when absent
    #[arg(long, value_name = "FOLDER")]
    dir: Option<PathBuf>,
}

pub(super) fn run(args: &Args, context: &Context) -> Result<(), CliError> {
    let Some(dir) = &args.dir else {
        let mut page = Vec::new();
        clap_mangen::Man::new(command()).render(&mut page).context("could not make the page")?;
        context.term.write(&String::from_utf8_lossy(&page));
        return Ok(());
    };
    let written = || format!("could not write the pages into {}", dir.display());
    std::fs::create_dir_all(dir).with_context(written)?;
    clap_mangen::generate_to(command(), dir).with_context(written)?;
    context.term.success(&format!("Wrote the manual pages into {}", dir.display()));
    Ok(())
}
