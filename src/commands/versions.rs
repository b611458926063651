//! `tm-hooks versions` lists the wire formats and sets the global version.

use crate::{
    domain::{
        patch::Patch,
        settings::{Settings, SettingsUpdate},
        version::Version,
    },
    error::CliError,
    render,
};

use super::{Context, add};

/// List the versions of the wire format; show or set the global one
///
/// A webhook uses the version it is pinned to, else the global one, else the latest stable one.
#[derive(Debug, clap::Args)]
#[command(args_conflicts_with_subcommands = true)]
#[command(after_help = "Examples:
  tm-hooks versions
  tm-hooks versions default
  tm-hooks versions default v1
  tm-hooks versions default --latest")]
pub struct Args {
    #[command(subcommand)]
    action: Option<Action>,
}

#[derive(Debug, clap::Subcommand)]
enum Action {
    /// Show or set the global version
    #[command(after_help = "Examples:\n  tm-hooks versions default v1\n  tm-hooks versions default --latest")]
    Default(DefaultArgs),
}

#[derive(Debug, clap::Args)]
struct DefaultArgs {
    /// The version that webhooks without a pin use from now on
    #[arg(conflicts_with = "latest")]
    version: Option<Version>,
    /// Set none: webhooks without a pin use the latest stable version
    #[arg(long)]
    latest: bool,
}

impl Args {
    /// Whether the global version is set, instead of only shown.
    pub(super) fn changes(&self) -> bool {
        matches!(&self.action, Some(Action::Default(args)) if args.latest || args.version.is_some())
    }
}

pub(super) async fn run(args: &Args, context: &Context) -> Result<(), CliError> {
    let connection = context.connect()?;
    let client = &connection.client;
    let Some(Action::Default(args)) = &args.action else {
        return render::list(&context.term, &context.view, &client.versions().await?.data);
    };
    render::check::<Settings>(&context.view)?;
    let global_version = match (args.version, args.latest) {
        (None, false) => return render::one(&context.term, &context.view, &client.settings().await?),
        (Some(version), _) => Patch::Value(version),
        (None, true) => Patch::Null,
    };
    let settings = client.update_settings(&SettingsUpdate { global_version }).await?;
    say(&settings, context);
    context.give_one(&settings)
}

fn say(settings: &Settings, context: &Context) {
    let version = settings.version;
    context.term.success(&match settings.global_version {
        Some(_) => format!("Webhooks without a pin use {version} from now on"),
        None => format!("Webhooks without a pin use the latest stable version from now on: {version}"),
    });
    add::note_preview(version, context);
}
