//! The service inside this program: its folder and its database.

use crate::{commands::Context, files::is_open_to_others};

use super::Check;

pub(super) async fn checks(context: &Context) -> Vec<Check> {
    let data_dir = match context.settings.data_dir() {
        Ok(data_dir) => data_dir,
        Err(error) => return vec![Check::failed("data folder", error)],
    };
    let (path, database) = (data_dir.path(), data_dir.database());
    let mut checks = vec![match is_open_to_others(path) {
        None => Check::ok("data folder", format!("{} is made by the first command", path.display())),
        Some(false) => Check::ok("data folder", format!("{}, for you alone", path.display())),
        Some(true) => Check::warning(
            "data folder",
            format!("others may look into {}", path.display()),
            format!("chmod 700 {}", path.display()),
        ),
    }];
    if !database.exists() {
        checks.push(Check::ok("database", format!("{} is made by the first command", database.display())));
        return checks;
    }
    if is_open_to_others(&database) == Some(true) {
        let message = format!("others may read {}, secrets too", database.display());
        checks.push(Check::failure("database", message, format!("chmod 600 {}", database.display())));
    }
    checks.push(open(context).await);
    checks
}

/// Whether the database opens and answers.
async fn open(context: &Context) -> Check {
    let connection = match context.connect() {
        Ok(connection) => connection,
        Err(error) => return Check::failed("database", error),
    };
    match connection.client.versions().await {
        Ok(_) => Check::ok("database", "it opens and answers"),
        Err(error) => Check::failed("database", error),
    }
}
