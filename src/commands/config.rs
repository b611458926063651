//! `tm-hooks config` shows the settings in force and changes the configuration file.

use std::borrow::Cow;

use serde::Serialize;

use crate::{
    config::{
        ConfigDir, ConfigError, ConfigFile, Editor, InForce, Moved, SettingPath, SettingSource, Settings, ValueType,
        service_url, without_login,
    },
    error::{CliError, Kind},
    render::{self, Cell, Column, Flex, Format, Importance, Record},
};

use super::{Context, kept_token};

/// List, get and set settings; show where the configuration file is
///
/// A flag comes before a variable, a variable before the file, the file before the default. In the file a profile's
/// own value comes before one that holds everywhere. `tm-hooks help configuration` names every setting.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  tm-hooks config list
  tm-hooks config get output
  tm-hooks config set profiles.production.protected true
  tm-hooks config path")]
pub struct Args {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, clap::Subcommand)]
enum Action {
    /// List the settings in force, and where each came from
    #[command(after_help = "Examples:\n  tm-hooks config list\n  tm-hooks -p production config list -o json")]
    List,
    /// Print a setting in force, or a profile's value in the file
    #[command(after_help = "Examples:\n  tm-hooks config get retries\n  tm-hooks config get profiles.production.url")]
    Get {
        /// Its name, as `config list` has it, or profiles.NAME.SETTING
        name: String,
    },
    /// Set a value in the file; comments in it survive
    #[command(after_help = "Examples:\n  tm-hooks config set output json\n  tm-hooks config set retries --unset")]
    Set {
        /// Its name: output, or profiles.NAME.SETTING for one profile
        name: SettingPath,
        /// The value
        #[arg(required_unless_present = "unset")]
        value: Option<String>,
        /// Remove it from the file instead
        #[arg(long, conflicts_with = "value")]
        unset: bool,
    },
    /// Print where the file is, or would be
    #[command(after_help = "Examples:\n  $EDITOR \"$(tm-hooks config path)\"")]
    Path,
}

impl Args {
    /// Whether it prints settings, instead of a path or a message.
    pub(super) fn prints_data(&self) -> bool {
        matches!(self.action, Action::List | Action::Get { .. })
    }

    /// Whether only the file's path matters.
    pub(super) fn only_wants_the_path(&self) -> bool {
        matches!(self.action, Action::Path)
    }
}

/// A listed setting.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Row {
    name: String,
    value: String,
    source: String,
}

impl From<InForce> for Row {
    fn from((name, value, source): InForce) -> Self {
        Row { name: name.to_owned(), value, source: source.to_string() }
    }
}

/// How far values and sources are cut.
const VALUE: Flex = Flex { least: 12, ease: 24, most: 60, wraps: false };

impl Record for Row {
    fn id(&self) -> String {
        self.name.clone()
    }

    fn columns() -> Vec<Column<Self>> {
        use Importance::Key;
        vec![
            Column::new("name", "SETTING", Key, |row, _| Cell::plain(&row.name)),
            Column::new("value", "VALUE", Key, |row: &Row, _| {
                Cell::or_nothing(Some(&row.value).filter(|value| !value.is_empty()))
            })
            .flexible(VALUE),
            Column::new("source", "FROM", Key, |row: &Row, _| Cell::plain(&row.source)).flexible(VALUE),
        ]
    }
}

pub(super) fn run(args: &Args, context: &Context) -> Result<(), CliError> {
    match &args.action {
        Action::List => {
            let mut rows: Vec<Row> = context.settings.in_force().into_iter().map(Row::from).collect();
            if context.view.is_for_people() {
                let texts = rows.iter_mut().flat_map(|row| [&mut row.value, &mut row.source]);
                texts.for_each(|text| *text = context.environment.shortened(text));
            }
            render::list(&context.term, &context.view, &rows)
        }
        Action::Get { name } => {
            let row = get(name, &context.settings)?;
            if !matches!(context.view.format, Format::Table | Format::Id) {
                return render::one(&context.term, &context.view, &row);
            }
            context.term.line(&row.value);
            Ok(())
        }
        Action::Set { name, value, .. } => set(name, value.as_deref(), context),
        Action::Path => {
            let path = ConfigDir::find(&context.environment)?.file();
            context.term.line(&path.display().to_string());
            Ok(())
        }
    }
}

fn get(name: &str, settings: &Settings) -> Result<Row, CliError> {
    if let Some(found) = settings.in_force().into_iter().find(|(known, ..)| *known == name) {
        return Ok(found.into());
    }
    let place: SettingPath = name.parse()?;
    let entry = match &place.profile {
        Some(profile) => settings.file.in_profile(profile, place.key.name),
        None => settings.file.everywhere(place.key.name),
    };
    let entry = entry.ok_or_else(|| {
        CliError::new(Kind::NotFound, format!("{place} is not set in {}", settings.file.path().display()))
            .hint(format!("tm-hooks config set {place} VALUE"))
    })?;
    Ok(Row { name: place.to_string(), value: entry.text.clone(), source: settings.file.source(entry).to_string() })
}

fn set(place: &SettingPath, value: Option<&str>, context: &Context) -> Result<(), CliError> {
    if value.is_none() && place.key.name == "url" {
        return Err(CliError::usage("a profile needs its url").hint("tm-hooks profile remove NAME removes both"));
    }
    let mut editor = Editor::open(&context.settings.config_dir()?)?;
    known(place, value, editor.file())?;
    let Some(value) = value else {
        if !editor.unset(place) {
            context.term.note(&format!("{place} was not set"));
            return Ok(());
        }
        return save(&editor, place, None, &format!("Took {place} out"), context);
    };
    let value = &*where_one_stands(place, value)?;
    let moved = match &place.profile {
        Some(profile) if place.key.name == "url" => point(&mut editor, profile, value)?,
        _ => None,
    };
    editor.set(place, value).map_err(|error| bad_value(place, error))?;
    if let (Some(moved), Some(profile)) = (&moved, &place.profile) {
        kept_token::forget_unused(&moved.before, profile, editor.file(), &context.settings.config_dir()?)?;
    }
    save(&editor, place, Some(value), &format!("Set {place} to {}", without_login(value)), context)?;
    if let (Some(moved), Some(profile)) = (&moved, &place.profile) {
        kept_token::report_move(profile, moved, context);
    }
    Ok(())
}

/// Checks that the named profiles exist. Setting its URL creates one.
fn known(place: &SettingPath, value: Option<&str>, file: &ConfigFile) -> Result<(), ConfigError> {
    let unknown =
        |name: &str, flag| Err(ConfigError::UnknownProfile { name: name.to_owned(), from: SettingSource::Flag(flag) });
    match (&place.profile, place.key.name, value) {
        (Some(profile), key, _) if key != "url" && !file.has_profile(profile) => unknown(profile, "NAME"),
        (None, "profile", Some(name)) if !file.has_profile(name) => unknown(name, "VALUE"),
        _ => Ok(()),
    }
}

/// Makes the error for a wrong value, with an example of a correct one.
fn bad_value(place: &SettingPath, error: ConfigError) -> CliError {
    let is_bad = matches!(error, ConfigError::BadValue { .. });
    let error = CliError::from(error);
    if is_bad { error.hint(format!("tm-hooks config set {place} {}", place.key.example())) } else { error }
}

/// Sets the profile's service; the setting itself refuses a value that is not a URL.
fn point(editor: &mut Editor, profile: &str, value: &str) -> Result<Option<Moved>, ConfigError> {
    service_url(value, SettingSource::Flag("VALUE")).map_or(Ok(None), |url| editor.point(profile, &url))
}

fn save(
    editor: &Editor,
    place: &SettingPath,
    value: Option<&str>,
    done: &str,
    context: &Context,
) -> Result<(), CliError> {
    editor.save()?;
    context.term.success(done);
    let before = place.profile.as_deref().filter(|_| place.key.name == "token");
    let before = before.and_then(|profile| editor.file().in_profile(profile, "token"));
    if let Some(before) = before.map(|entry| &*entry.text).filter(|before| Some(*before) != value) {
        let what =
            format!("the token itself is still in the {before}; tm-hooks logout would have removed it from there");
        context.term.alert("token_left_behind", &what);
    }
    Ok(())
}

/// Makes a typed path absolute: in the file, a relative one would start at the file's folder.
fn where_one_stands<'a>(place: &SettingPath, value: &'a str) -> Result<Cow<'a, str>, CliError> {
    if place.key.form != ValueType::Path || value.is_empty() || value == "~" || value.starts_with("~/") {
        return Ok(Cow::Borrowed(value));
    }
    let failed = |error| CliError::usage(format!("\"{value}\" is no path that could be found again")).source(error);
    Ok(std::path::absolute(value).map_err(failed)?.to_string_lossy().into_owned().into())
}
