//! Checks who may read the files with keys and tokens that `serve` uses.

use std::path::{Path, PathBuf};

use super::{admin_token::AdminToken, arguments::Args};
use crate::{commands::Context, files::is_open_to_others};

/// Warns about files that others may read. It refuses none, as containers mount secrets like this.
pub fn warn_of_open_ones(args: &Args, token: &AdminToken, context: &Context) {
    let (key_file, previous) = (secret_key_file(args, context), previous_secret_key_file(args, context));
    let tls_key = args.tls_key.as_deref().map(|path| context.environment.expanded(path));
    let files = [
        ("admin token", token.file()),
        ("TLS key", tls_key.as_deref()),
        ("secret key", key_file.as_deref()),
        ("previous secret key", previous.as_deref()),
    ];
    for (what, path) in files {
        if let Some(path) = path {
            warn_if_open(what, path);
        }
    }
}

/// Warns if others may read the file that holds `what`.
pub fn warn_if_open(what: &str, path: &Path) {
    if is_open_to_others(path) == Some(true) {
        let path = path.display();
        tracing::warn!("others may read the {what} in {path}: chmod 600 {path}");
    }
}

/// Returns the file with the encryption key.
pub fn secret_key_file(args: &Args, context: &Context) -> Option<PathBuf> {
    let given = args.secret_key_file.as_deref().map(|file| context.environment.expanded(file));
    given.or_else(|| context.environment.path("TM_HOOKS_SECRET_KEY_FILE"))
}

/// Returns the file with the previous key.
pub fn previous_secret_key_file(args: &Args, context: &Context) -> Option<PathBuf> {
    args.previous_secret_key_file.as_deref().map(|file| context.environment.expanded(file))
}
