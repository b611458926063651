//! Lays out the pages of `-h` and `--help`: the commands in groups, and the global flags on a page of their own, so
//! that each verb's page fits on a screen.

use clap::{
    Arg, Command,
    builder::styling::{Style, Styles},
};

use super::super::globals;

/// The name of the page of global flags.
pub(super) const OPTIONS: &str = "options";

/// The commands, in groups.
const GROUPS: [(&str, &[&str]); 7] = [
    ("Webhooks", &["list", "show", "add", "edit", "enable", "disable", "pin", "unpin", "versions", "delete"]),
    ("History", &["attempts", "events", "stats", "audit"]),
    ("Sending", &["test", "send", "retry", "types"]),
    ("Sources", &["source"]),
    ("Receivers", &["secret", "verify", "sign"]),
    ("Access", &["login", "logout", "whoami", "profile", "token"]),
    ("Service", &["serve", "demo", "doctor", "config", "api", "completions", "man", "help"]),
];

/// The style of headings: faint, as in tables.
const HEADING: Style = Style::new().dimmed();

/// Lays out the pages of the program, without changing what is parsed.
pub(in crate::commands) fn laid_out(program: Command) -> Command {
    let groups = groups(&program);
    let template =
        format!("{{about-with-newline}}\n{{usage-heading}} {{usage}}\n\n{groups}\n{{options}}{{after-help}}");
    let program = program.mut_args(|flag| if is_of_every_command(&flag) { flag.hide(true) } else { flag });
    let styles = Styles::plain().header(HEADING).usage(HEADING);
    program.mut_subcommands(pointing_there).help_template(template).styles(styles)
}

/// Whether it is a global flag.
fn is_of_every_command(flag: &Arg) -> bool {
    flag.get_help_heading() == Some(globals::HEADING)
}

/// Adds a reference to the page of global flags to a command and its subcommands.
fn pointing_there(page: Command) -> Command {
    let there = format!("Options of every command: tm-hooks help {OPTIONS}");
    let end = page.get_after_help().map(|end| format!("{end}\n\n{there}"));
    page.after_help(end.unwrap_or(there)).mut_subcommands(pointing_there)
}

fn groups(program: &Command) -> String {
    let about = |name: &str| {
        let command = program.find_subcommand(name)?;
        let alias = command.get_visible_aliases().next().map(|alias| format!(" [alias: {alias}]"));
        Some(format!("{}{}", command.get_about()?, alias.unwrap_or_default()))
    };
    let line = |name: &&str| Some(format!("  {name:<11}  {}\n", about(name)?));
    let group = |(title, names): (&str, &[&str])| {
        let lines: String = names.iter().filter_map(line).collect();
        format!("{HEADING}{title}:{HEADING:#}\n{lines}")
    };
    GROUPS.map(group).join("\n")
}

/// Writes the page of global flags.
pub(super) fn options(program: Command, width: usize) -> String {
    let flags = program.get_arguments().filter(|flag| is_of_every_command(flag)).cloned().collect::<Vec<_>>();
    let page = Command::new("options")
        .disable_help_flag(true)
        .help_template("{options}")
        .term_width(width)
        .args(flags.into_iter().map(|flag| flag.help_heading(None).global(false)));
    let text = page.clone().render_long_help().to_string();
    format!("These stand before or behind a command: tm-hooks -p production list\n\n{}\n", text.trim_end())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::commands::command;

    #[test]
    fn each_command_is_in_one_group() {
        let mut grouped: Vec<&str> = GROUPS.iter().flat_map(|(_, names)| names.iter().copied()).collect();
        let program = command();
        let service = ["serve", "demo"];
        grouped.retain(|name| cfg!(feature = "service") || !service.contains(name));
        let commands: BTreeSet<&str> = program.get_subcommands().map(Command::get_name).collect();
        assert_eq!(grouped.len(), commands.len());
        assert_eq!(grouped.into_iter().collect::<BTreeSet<_>>(), commands);
    }

    #[test]
    fn the_first_page_fits_eighty_columns() {
        let mut program = laid_out(command()).term_width(80);
        let page = program.render_help().to_string();
        assert!(page.lines().all(|line| line.chars().count() <= 80), "{page}");
    }

    #[test]
    fn the_flags_of_every_command_stand_on_their_own_page_alone() {
        let page = options(command(), 80);
        let mut program = laid_out(command());
        program.build();
        let list = program.find_subcommand_mut("list").unwrap().render_long_help().to_string();
        for flag in ["--output <FORMAT>", "--jq <EXPRESSION>", "--allow-http", "--retries <N>"] {
            assert!(page.contains(flag) && !list.contains(flag), "{flag}");
        }
        assert!(list.ends_with("Options of every command: tm-hooks help options\n"), "{list}");
    }
}
