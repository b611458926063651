//! The width and the colours of output, decided once from flags, environment and streams.

use super::{Environment, Signs};

/// When to use colour: the values of `--color`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum ColorChoice {
    /// On a terminal, unless `NO_COLOR` is set.
    #[default]
    Auto,
    /// Always, whatever the environment says.
    Always,
    /// Never.
    Never,
}

/// The columns of a terminal of unknown width.
pub const DEFAULT_WIDTH: usize = 80;

/// Whether a stream gets colour. The flag comes first, then `NO_COLOR`, then `CLICOLOR_FORCE`, then `TERM`: without it,
/// or with `dumb`, there is no colour.
pub fn wants_color(choice: ColorChoice, is_terminal: bool, environment: &Environment) -> bool {
    match choice {
        ColorChoice::Always => true,
        ColorChoice::Never => false,
        ColorChoice::Auto if environment.get("NO_COLOR").is_some() => false,
        ColorChoice::Auto if environment.is_on("CLICOLOR_FORCE") => true,
        ColorChoice::Auto => is_terminal && environment.get("TERM").is_some_and(|term| term != "dumb"),
    }
}

/// Whether the terminal supports only text, without menus and escapes. Unix terminals have a name.
pub fn is_dumb(environment: &Environment) -> bool {
    match environment.get("TERM") {
        Some(name) => name == "dumb",
        None => cfg!(unix),
    }
}

/// What a terminal can show.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Means {
    /// Whether there is colour.
    pub color: bool,
    /// Whether it supports only text.
    pub dumb: bool,
    /// The characters of signs.
    pub signs: Signs,
}

/// Returns the columns: `COLUMNS`, or else what the terminal reports; 0 or nothing counts as 80.
pub fn width(reported: Option<usize>, environment: &Environment) -> usize {
    let positive = |width: &usize| *width > 0;
    let named = environment.get("COLUMNS").and_then(|columns| columns.parse().ok()).filter(positive);
    named.or(reported.filter(positive)).unwrap_or(DEFAULT_WIDTH)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn auto(is_terminal: bool, variables: &[(&str, &str)]) -> bool {
        wants_color(ColorChoice::Auto, is_terminal, &variables.iter().copied().collect())
    }

    #[test]
    fn colour_follows_the_flag_then_the_environment_then_the_stream() {
        assert!(auto(true, &[("TERM", "xterm")]));
        assert!(!auto(true, &[]));
        assert!(!auto(false, &[]));
        assert!(!auto(true, &[("NO_COLOR", "1")]));
        assert!(auto(true, &[("NO_COLOR", ""), ("TERM", "xterm")]));
        assert!(auto(false, &[("CLICOLOR_FORCE", "1")]));
        assert!(!auto(false, &[("CLICOLOR_FORCE", "0")]));
        assert!(!auto(true, &[("CLICOLOR_FORCE", "1"), ("NO_COLOR", "1")]));
        assert!(!auto(true, &[("TERM", "dumb")]));
        let no_color = Environment::from_iter([("NO_COLOR", "1")]);
        assert!(wants_color(ColorChoice::Always, false, &no_color));
        assert!(!wants_color(ColorChoice::Never, true, &Environment::default()));
    }

    #[test]
    fn a_terminal_without_a_name_is_dumb() {
        let dumb = |variables: &[(&str, &str)]| is_dumb(&variables.iter().copied().collect());
        assert!(dumb(&[("TERM", "dumb")]) && !dumb(&[("TERM", "xterm")]));
        assert_eq!((dumb(&[]), dumb(&[("TERM", "")])), (cfg!(unix), cfg!(unix)));
    }

    #[test]
    fn no_columns_are_eighty() {
        let none = Environment::default();
        assert_eq!(width(Some(132), &none), 132);
        assert_eq!(width(Some(0), &none), 80);
        assert_eq!(width(None, &none), 80);
        assert_eq!(width(Some(132), &[("COLUMNS", "100")].into_iter().collect()), 100);
        assert_eq!(width(Some(132), &[("COLUMNS", "0")].into_iter().collect()), 132);
        assert_eq!(width(Some(132), &[("COLUMNS", "wide")].into_iter().collect()), 132);
    }
}
