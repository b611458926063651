//! `tm-hooks completions`: scripts that let a shell complete our commands.

use clap_complete::Shell;

use crate::error::CliError;

use super::{Context, command};

/// Print a completion script for a shell
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  tm-hooks completions bash > ~/.local/share/bash-completion/completions/tm-hooks
  tm-hooks completions zsh > \"${fpath[1]}/_tm-hooks\"
  tm-hooks completions fish > ~/.config/fish/completions/tm-hooks.fish")]
pub struct Args {
    /// Which shell
    #[arg(value_enum)]
    shell: Shell,
}

pub(super) fn run(args: &Args, context: &Context) -> Result<(), CliError> {
    context.term.write(&script(args.shell));
    Ok(())
}

/// The completion script for a shell.
pub fn script(shell: Shell) -> String {
    let mut bytes = Vec::new();
    clap_complete::generate(shell, &mut command(), "tm-hooks", &mut bytes);
    String::from_utf8_lossy(&bytes).into_owned()
}

/// The name under which the script of a shell lies in `completions/`.
pub fn file_name(shell: Shell) -> String {
    use clap_complete::Generator;
    shell.file_name("tm-hooks")
}

// Without the service there are fewer commands.
#[cfg(all(test, feature = "service"))]
mod tests {
    use std::path::Path;

    use clap::ValueEnum;

    use super::*;

    #[test]
    fn the_committed_scripts_are_what_the_program_makes() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("completions");
        for shell in Shell::value_variants() {
            let path = folder.join(file_name(*shell));
            let committed = std::fs::read_to_string(&path).unwrap_or_default();
            assert!(
                committed == script(*shell),
                "{} is out of date; make it with: cargo run -- completions {shell} > completions/{}",
                path.display(),
                file_name(*shell)
            );
        }
    }
}
