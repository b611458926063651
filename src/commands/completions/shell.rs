//! The shells, and how each says that it asks.

/// Names the shell that asks. It counts only when the first argument is `--`, with which no command begins.
pub(super) const VARIABLE: &str = "TM_HOOKS_COMPLETE";

/// The shells that there are scripts for.
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
    /// Its script, as it lies in `completions/`.
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
