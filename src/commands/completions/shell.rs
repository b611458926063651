//! The shells, and the variable that names the asking one.

/// The variable that names the asking shell. It counts only if the first argument is `--`, with which no command
/// begins.
pub(super) const VARIABLE: &str = "TM_HOOKS_COMPLETE";

/// The shells with a script.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(super) enum Shell {
    Bash,
    Elvish,
    Fish,
    #[value(name = "powershell", alias = "pwsh")]
    Pwsh,
    Zsh,
}

impl Shell {
    /// Returns its script from `completions/`.
    pub(super) fn script(self) -> &'static str {
        match self {
            Shell::Bash => include_str!("../../../completions/tm-hooks.bash"),
            Shell::Elvish => include_str!("../../../completions/tm-hooks.elv"),
            Shell::Fish => include_str!("../../../completions/tm-hooks.fish"),
            Shell::Pwsh => include_str!("../../../completions/_tm-hooks.ps1"),
            Shell::Zsh => include_str!("../../../completions/_tm-hooks"),
        }
    }
}
