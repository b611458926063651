//! The admin token of a service: given, or made at the first start and stored in a file.

use std::{
    io::Write,
    path::{Path, PathBuf},
};

use secrecy::{ExposeSecret, SecretString};

use super::arguments::Args;
use crate::{
    commands::Context,
    domain::secret::random_text,
    error::{CliError, Kind},
    files::{self, Unreadable},
    service::store::Location,
    term::Term,
};

const VARIABLE: &str = "TM_HOOKS_ADMIN_TOKEN";
/// The shortest token that cannot be guessed.
const SHORTEST: usize = 16;
/// The longest file that is read as a token, in bytes.
const LONGEST: u64 = 4096;

/// The token and its source.
pub struct AdminToken {
    secret: SecretString,
    source: AdminTokenSource,
}

enum AdminTokenSource {
    Variable,
    File(PathBuf),
    Kept { file: PathBuf, new: bool },
}

impl AdminToken {
    /// Returns the given token, or else the stored one, or else a new one.
    pub fn find(args: &Args, database: Option<&Location>, context: &Context) -> Result<Self, CliError> {
        if let Some(file) = &args.admin_token_file {
            let file = context.environment.expanded(file);
            let text = read(&file).map_err(|error| cannot_read(&file, error))?;
            let place = file.display().to_string();
            return Self::given(text, AdminTokenSource::File(file), &place);
        }
        if let Some(text) = context.environment.get(VARIABLE) {
            return Self::given(text.to_owned().into(), AdminTokenSource::Variable, VARIABLE);
        }
        Self::kept(place(database, context)?, context)
    }

    fn given(secret: SecretString, source: AdminTokenSource, place: &str) -> Result<Self, CliError> {
        let text = secret.expose_secret();
        let usable = text.len() >= SHORTEST && text.bytes().all(|b| b.is_ascii_graphic());
        if usable {
            return Ok(AdminToken { secret, source });
        }
        Err(CliError::usage(format!("the admin token in {place} cannot be used")).hint(format!(
            "it needs at least {SHORTEST} visible ASCII characters, such as `openssl rand -hex 32` makes"
        )))
    }

    fn kept(file: PathBuf, context: &Context) -> Result<Self, CliError> {
        match read(&file) {
            Ok(text) => {
                let place = file.display().to_string();
                Self::given(text, AdminTokenSource::Kept { file, new: false }, &place)
            }
            Err(error) if error.is_absent() => {
                let secret = random_text("tmadmin_", 32, &*context.random);
                write_private(&file, &secret).map_err(|error| {
                    CliError::new(Kind::Unexpected, format!("cannot keep the admin token in {}", file.display()))
                        .source(error)
                        .hint(format!("set {VARIABLE}, or give --admin-token-file FILE"))
                })?;
                Ok(AdminToken { secret, source: AdminTokenSource::Kept { file, new: true } })
            }
            Err(error) => Err(cannot_read(&file, error)),
        }
    }

    /// Returns the token itself.
    pub fn secret(&self) -> &SecretString {
        &self.secret
    }

    /// Whether a person gave it.
    pub fn was_given(&self) -> bool {
        !matches!(self.source, AdminTokenSource::Kept { .. })
    }

    /// Returns its file, if it came from one.
    pub fn file(&self) -> Option<&Path> {
        match &self.source {
            AdminTokenSource::Variable => None,
            AdminTokenSource::File(file) | AdminTokenSource::Kept { file, .. } => Some(file),
        }
    }

    /// Returns a command line that connects to the service.
    pub fn how_to_connect(&self, url: &str) -> String {
        match &self.source {
            AdminTokenSource::Variable => format!("TM_HOOKS_URL={url} TM_HOOKS_TOKEN=${VARIABLE} tm-hooks list"),
            AdminTokenSource::File(file) | AdminTokenSource::Kept { file, .. } => {
                format!("TM_HOOKS_URL={url} TM_HOOKS_TOKEN_FILE={} tm-hooks list", file.display())
            }
        }
    }

    /// Shows a new token on a terminal, once. Logs and pipes never get it.
    pub fn show_on_terminal(&self, term: &Term) {
        if let AdminTokenSource::Kept { new: true, .. } = self.source
            && term.terminals().stderr
        {
            term.terminal_note(&format!(
                "token     {} (shown once; kept in the file above)",
                self.secret.expose_secret()
            ));
        }
    }
}

/// Returns the file of a new token: beside the database, or in the data folder.
fn place(database: Option<&Location>, context: &Context) -> Result<PathBuf, CliError> {
    match database {
        Some(Location::File(database)) => {
            let mut name = database.as_os_str().to_owned();
            name.push(".admin-token");
            Ok(name.into())
        }
        Some(Location::Memory) | None => Ok(context.settings.data_dir()?.admin_token()),
    }
}

fn read(file: &Path) -> Result<SecretString, Unreadable> {
    Ok(files::read_text(file, LONGEST)?.trim().to_owned().into())
}

/// Writes the token to a new file that only its owner can read.
fn write_private(file: &Path, secret: &SecretString) -> std::io::Result<()> {
    files::make_folder(files::folder_of(file))?;
    let mut opened = files::create_new(file)?;
    writeln!(opened, "{}", secret.expose_secret())?;
    opened.sync_all()
}

fn cannot_read(file: &Path, error: Unreadable) -> CliError {
    let hint = error.hint();
    let failure = CliError::usage(format!("cannot read the admin token from {}", file.display())).source(error);
    hint.into_iter().fold(failure, CliError::hint)
}
