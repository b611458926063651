//! `tm-hooks profile` manages profiles, which are services with a name.

use serde::Serialize;
use url::Url;

use crate::{
    config::{ConfigError, ConfigFile, Editor, LOCAL, SettingPath, SettingSource, profile_name, service_url},
    error::{CliError, Kind},
    render::{self, Cell, Column, Importance, Record},
    term::Tone,
};

use super::{Context, kept_token};

/// List, choose, add and remove profiles: services with a name
///
/// "local", the service inside this program, always exists. A protected profile asks before every change.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  tm-hooks profile list
  tm-hooks profile add production https://hooks.example.com --protected
  tm-hooks profile use production
  tm-hooks profile remove production")]
pub struct Args {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, clap::Subcommand)]
enum Action {
    /// List the profiles
    #[command(after_help = "Examples:\n  tm-hooks profile list -o json")]
    List,
    /// Use a profile from now on
    #[command(after_help = "Examples:\n  tm-hooks profile use production\n  tm-hooks profile use local")]
    Use {
        /// Its name
        name: String,
    },
    /// Add a profile, or change the one of this name
    ///
    /// It needs a token too: `tm-hooks login --profile NAME`.
    #[command(after_help = "Examples:\n  tm-hooks profile add production https://hooks.example.com --protected")]
    Add(AddArgs),
    /// Remove a profile, and the token that login has kept for it
    #[command(after_help = "Examples:\n  tm-hooks profile remove production")]
    Remove {
        /// Its name
        name: String,
    },
}

#[derive(Debug, clap::Args)]
struct AddArgs {
    /// Its name
    name: String,
    /// Where the service is
    url: String,
    /// Ask before every change
    #[arg(long)]
    protected: bool,
    /// Use it from now on
    #[arg(long = "use")]
    in_use: bool,
}

/// A listed profile.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Profile {
    name: String,
    url: Option<String>,
    in_use: bool,
    protected: bool,
    output: Option<String>,
    token: Option<String>,
}

impl Profile {
    fn read(name: &str, in_use: Option<&str>, file: &ConfigFile) -> Self {
        let text = |key| file.in_profile(name, key).map(|entry| entry.text.clone());
        Profile {
            name: name.to_owned(),
            url: file.url_of(name).map(|url| url.to_string()),
            in_use: in_use == Some(name),
            protected: text("protected").as_deref() == Some("true"),
            output: text("output"),
            token: text("token"),
        }
    }
}

impl Record for Profile {
    fn id(&self) -> String {
        self.name.clone()
    }

    fn columns() -> Vec<Column<Self>> {
        use Importance::{High, Key, Middle};
        vec![
            Column::new("name", "PROFILE", Key, |profile, _| Cell::plain(&profile.name)),
            Column::new("inUse", "IN USE", High, |profile, _| match profile.in_use {
                true => Cell::plain("in use"),
                false => Cell::nothing(),
            }),
            Column::new("protected", "PROTECTED", High, |profile, _| match profile.protected {
                true => Cell::plain("protected"),
                false => Cell::nothing(),
            }),
            Column::new("token", "TOKEN IN", Middle, |profile, _| Cell::or_nothing(profile.token.as_ref())),
            Column::new("output", "OUTPUT", Middle, |profile, _| Cell::or_nothing(profile.output.as_ref())),
            Column::new("url", "URL", Key, |profile, _| match &profile.url {
                Some(url) => Cell::plain(url),
                None => Cell::toned("inside this program", Tone::Receding),
            }),
        ]
    }
}

pub(super) fn run(args: &Args, context: &Context) -> Result<(), CliError> {
    render::check::<Profile>(&context.view)?;
    match &args.action {
        Action::List => {
            let settings = &context.settings;
            let in_use = settings.profile.value.as_deref();
            let names = std::iter::once(LOCAL).chain(settings.file.profiles());
            let all: Vec<Profile> = names.map(|name| Profile::read(name, in_use, &settings.file)).collect();
            render::list(&context.term, &context.view, &all)
        }
        Action::Use { name } => choose(name, context),
        Action::Add(args) => add(args, context),
        Action::Remove { name } => remove(name, context),
    }
}

fn choose(name: &str, context: &Context) -> Result<(), CliError> {
    let mut editor = Editor::open(&context.settings.config_dir()?)?;
    if !editor.file().has_profile(name) {
        let error = ConfigError::UnknownProfile { name: name.to_owned(), from: SettingSource::Flag("NAME") };
        return Err(CliError::new(Kind::NotFound, format!("there is no profile \"{name}\"")).hint(error.hint()));
    }
    editor.set(&"profile".parse()?, name)?;
    editor.save()?;
    context.term.success(&format!("Profile {name} is used from now on"));
    for variable in ["TM_HOOKS_PROFILE", "TM_HOOKS_URL"] {
        if let Some(value) = context.environment.get(variable).filter(|value| *value != name) {
            context.term.alert("overridden", &format!("{variable} is set to {value}, and goes before it"));
        }
    }
    context.give_one(&Profile::read(name, Some(name), editor.file()))
}

fn add(args: &AddArgs, context: &Context) -> Result<(), CliError> {
    let AddArgs { name, url, protected, in_use } = args;
    let url: Url = service_url(url, SettingSource::Flag("URL"))?;
    let dir = context.settings.config_dir()?;
    let name = profile_name(name)?;
    let mut editor = Editor::open(&dir)?;
    let word = if editor.file().has_profile(&name) { "Changed" } else { "Added" };
    let moved = editor.point(&name, &url)?;
    if *protected {
        editor.set(&SettingPath::in_profile(&name, "protected")?, "true")?;
    }
    if *in_use {
        editor.set(&"profile".parse()?, &name)?;
    }
    if let Some(moved) = &moved {
        kept_token::forget_unused(&moved.before, &name, editor.file(), &dir)?;
    }
    editor.save()?;
    if let Some(moved) = &moved {
        kept_token::report_move(&name, moved, context);
    }
    context.term.success(&format!("{word} profile {name}: {url}\n  Log in:  tm-hooks login --profile {name}"));
    let now = ConfigFile::read(&dir)?;
    context.give_one(&Profile::read(&name, now.everywhere("profile").map(|entry| entry.text.as_str()), &now))
}

fn remove(name: &str, context: &Context) -> Result<(), CliError> {
    if name == LOCAL {
        return Err(CliError::usage("\"local\" is the service inside this program: it always exists"));
    }
    let dir = context.settings.config_dir()?;
    let mut editor = Editor::open(&dir)?;
    if !editor.remove_profile(name)? {
        return Err(CliError::new(Kind::NotFound, format!("there is no profile \"{name}\""))
            .hint("tm-hooks profile list shows them all"));
    }
    if let Some(url) = editor.file().url_of(name) {
        kept_token::forget_unused(&url, name, editor.file(), &dir)?;
    }
    editor.save()?;
    context.term.success(&format!("Removed profile {name}"));
    context.give_one(&Profile::read(name, None, editor.file()))
}
