//! `tm-hooks man` prints the manual pages.

use std::{
    io::{self, Write},
    path::{Path, PathBuf},
};

use anyhow::Context as _;

use crate::error::CliError;

use super::{Context, help};

/// Print the manual page
///
/// With --dir it writes a page for every command into a folder, as packages need them.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  tm-hooks man | man -l -
  tm-hooks man --dir ~/.local/share/man/man1")]
pub struct Args {
    /// Write every page into this folder, which is made when absent
    #[arg(long, value_name = "FOLDER")]
    dir: Option<PathBuf>,
}

pub(super) fn run(args: &Args, program: clap::Command, context: &Context) -> Result<(), CliError> {
    let program = built(program);
    let Some(dir) = &args.dir else {
        context.term.write(&page(&program, true).context("could not make the page")?);
        return Ok(());
    };
    let written = || format!("could not write the pages into {}", dir.display());
    std::fs::create_dir_all(dir).with_context(written)?;
    write_pages(&program, dir, true).with_context(written)?;
    context.term.success(&format!("Wrote the manual pages into {}", dir.display()));
    Ok(())
}

fn built(program: clap::Command) -> clap::Command {
    let mut program = help::laid_out(program).disable_help_subcommand(true);
    program.build();
    program
}

fn write_pages(command: &clap::Command, dir: &Path, is_first: bool) -> io::Result<()> {
    for below in command.get_subcommands() {
        write_pages(below, dir, false)?;
    }
    std::fs::write(dir.join(clap_mangen::Man::new(command.clone()).get_filename()), page(command, is_first)?)
}

/// Writes a page of the manual. The first one has the global flags.
fn page(command: &clap::Command, is_first: bool) -> io::Result<String> {
    let shown = if is_first { command.clone().mut_args(|flag| flag.hide(false)) } else { command.clone() };
    let man = clap_mangen::Man::new(shown).source(concat!("tm-hooks ", env!("CARGO_PKG_VERSION")));
    let mut page = Vec::new();
    man.render_title(&mut page)?;
    // Ids, paths and commands are not hyphenated, and lines are not justified.
    page.write_all(b".nh\n.ad l\n")?;
    man.render_name_section(&mut page)?;
    page.write_all(synopsis(command).as_bytes())?;
    man.render_description_section(&mut page)?;
    man.render_options_section(&mut page)?;
    if command.has_subcommands() {
        man.render_subcommands_section(&mut page)?;
    }
    page.write_all(endings(command).as_bytes())?;
    if is_first {
        man.render_version_section(&mut page)?;
    }
    Ok(String::from_utf8_lossy(&page).into_owned())
}

/// Writes the usage line of `--help`.
fn synopsis(command: &clap::Command) -> String {
    let usage = command.clone().render_usage().to_string();
    let usage = usage.trim_start_matches("Usage: ").lines().map(|line| escaped(line.trim())).collect::<Vec<_>>();
    format!(".SH SYNOPSIS\n.nf\n{}\n.fi\n", usage.join("\n"))
}

/// Writes the end of the help: each paragraph becomes a section.
fn endings(command: &clap::Command) -> String {
    let end = command.get_after_help().map(ToString::to_string).unwrap_or_default();
    let section = |paragraph: &str| match paragraph.split_once(":\n") {
        Some((title, lines)) => {
            let lines: Vec<String> = lines.lines().map(|line| escaped(line.trim_start_matches("  "))).collect();
            format!(".SH \"{}\"\n.nf\n{}\n.fi\n", title.to_uppercase(), lines.join("\n"))
        }
        None => format!(".PP\n{}\n", escaped(paragraph)),
    };
    end.split("\n\n").filter(|paragraph| !paragraph.is_empty()).map(section).collect()
}

/// Escapes a line for manual pages.
fn escaped(line: &str) -> String {
    let line = line.replace('\\', "\\e").replace('-', "\\-").replace('\'', "\\(aq");
    if line.starts_with('.') { format!("\\&{line}") } else { line }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_shown_as_it_is() {
        assert_eq!(escaped(r"tm-hooks list 'a\b'"), r"tm\-hooks list \(aqa\eb\(aq");
        assert_eq!(escaped(".profile"), r"\&.profile");
    }

    #[test]
    fn examples_keep_their_lines() {
        let program = built(crate::commands::command());
        let list = page(program.find_subcommand("list").unwrap(), false).unwrap();
        assert!(list.contains(".nh\n.ad l\n") && list.contains("tm\\-hooks list [OPTIONS]"), "{list}");
        assert!(list.contains(".SH \"EXAMPLES\"\n.nf\ntm\\-hooks list\ntm\\-hooks list \\-\\-failing\n"), "{list}");
        assert!(!list.contains("allow"), "{list}");
        assert!(page(&program, true).unwrap().contains("allow\\-http"));
    }
}
